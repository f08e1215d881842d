"""A case in the hands of an agency or a lawyer: what goes there, what pauses, what comes back, what it costs."""

from datetime import timedelta

from odoo.exceptions import UserError

from odoo.addons.recobro_module.engine.placements import placements, placing

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day


class TestHandedOver(PlacementCase):
    def test_each_item_has_the_fee_of_its_age_on_that_day(self):
        placement = self.place()
        self.assertEqual(
            {line.item_id.name: (line.amount, line.days_past_due, line.rate) for line in placement.line_ids},
            {self.overdue.name: (1000, 10, 0.1), self.old.name: (500, 70, 0.2)},
        )
        self.assertEqual((placement.amount, placement.fixed_cost, placement.amount_net), (1500, 50, -50))
        self.assertEqual((placement.placed_on, placement.until), (MONDAY, day(90)))

    def test_a_fee_may_depend_on_the_stage_the_case_comes_from(self):
        self.case.sudo().stage = "pre_legal"
        self.assertEqual(set(self.place(agency=self.lawyer).line_ids.mapped("rate")), {0.4})

    def test_our_own_messages_pause_for_all_of_the_customer(self):
        self.place(self.old)
        self.assertEqual(self.chased(self.customer, MONDAY), 0)
        self.create_invoice(self.customer, 70, day(1))
        self.run_days(day(1), day(12))
        self.assertFalse(self.messages_to(self.customer))
        self.assertFalse(self.tasks_of(self.customer))

    def test_the_policy_may_go_on_reminding_of_what_was_not_handed_over(self):
        self.policy.placement_holds_all = False
        placement = self.place(self.old)
        self.assertFalse(placement.holds_all)
        self.assertEqual(self.chased(self.customer, MONDAY), 1300)
        self.run_day(day(1))
        self.assertTrue(self.messages_to(self.customer))
        self.assertFalse(self.levels_of(self.old))

    def test_a_mail_in_the_queue_does_not_go_out_once_the_case_is_handed_over(self):
        self.run_day(MONDAY, send=False)
        waiting = self.messages_to(self.customer, "sending")
        self.assertTrue(waiting)
        self.place()
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.assertEqual((waiting.state, waiting.reason), ("skipped", "held"))

    def test_what_is_disputed_stays_with_us(self):
        self.dispute(self.overdue, 400)
        placement = self.place()
        self.assertEqual(
            {line.item_id.name: line.amount for line in placement.line_ids},
            {self.overdue.name: 600, self.old.name: 500},
        )

    def test_a_promise_that_is_not_due_keeps_the_case_here(self):
        self.promise(200, day(5))
        with self.assertRaisesRegex(UserError, "has promised"):
            self.place()
        case = self.case.with_env(self.as_user(self.manager, MONDAY))
        self.assertIn("has promised", case.placement_refusal, "the button is not offered")
        later = self.case.with_env(self.as_user(self.manager, day(30)))
        later.invalidate_recordset()
        self.assertFalse(later.placement_refusal)

    def test_a_case_is_with_one_of_them_at_a_time(self):
        self.place(self.old)
        with self.assertRaisesRegex(UserError, "Cobros del Norte already"):
            self.place(self.overdue, agency=self.lawyer)

    def test_nothing_is_handed_over_when_all_of_it_is_paid(self):
        self.pay(500, MONDAY, self.old)
        with self.assertRaisesRegex(UserError, "Nothing of this"):
            self.place(self.old)

    def test_what_is_not_due_yet_is_not_handed_over(self):
        self.assertEqual(self.place(self.overdue, self.coming).line_ids.item_id, self.item(self.overdue))

    def test_the_case_stands_in_the_stage_of_who_has_it(self):
        placement = self.place()
        self.assertEqual((self.case.stage, self.stage(day(1))), ("agency", "agency"))
        self.end(placement, "They shouted", day(2))
        self.assertEqual(self.stage(day(2)), "preventive")
        self.place(agency=self.lawyer, on=day(3))
        self.assertEqual(self.stage(day(3)), "legal")

    def end(self, placement, reason, when):
        """A manager recalls it."""
        env = self.as_user(self.manager, when)
        env["recobro.placement.end"].create({"placement_id": placement.id, "reason": reason}).action_end()

    def test_the_log_says_who_has_the_case(self):
        placement = self.place()
        [line] = self.case.interaction_ids.filtered(lambda one: one.result == "handed_over")
        self.assertIn("Cobros del Norte", line.summary)
        self.assertIn(placement.name, line.summary)


class TestMoney(PlacementCase):
    def test_what_is_paid_while_it_is_placed_is_attributed_with_its_fee(self):
        placement = self.place()
        self.pay(300, day(3), self.overdue)
        self.pay(500, day(4), self.old)
        self.assertEqual(self.result(placement, day(5)), (800, 130, 620))
        self.assertAlmostEqual(placement.recovery_rate, 800 / 1500)

    def test_what_was_paid_before_is_not_theirs_whenever_it_is_matched(self):
        payment = self.receive(400, day(-1))
        placement = self.place()
        self.match(self.old, payment.move_id)
        self.assertEqual(self.result(placement, day(5)), (0, 0, -50))

    def test_a_payment_that_is_undone_gives_back(self):
        placement = self.place()
        payment = self.pay(300, day(3), self.overdue)
        self.assertEqual(self.result(placement, day(3))[:2], (300, 30))
        self.undo(payment)
        self.assertEqual(self.result(placement, day(6)), (0, 0, -50))

    def test_all_is_paid_and_it_is_finished(self):
        placement = self.place()
        self.pay(1000, day(3), self.overdue)
        last = self.pay(500, day(4), self.old)
        self.judge(day(5))
        self.assertEqual((placement.state, placement.ended_on), ("finished", day(5)))
        self.assertFalse(placement.hold_ids)
        self.assertEqual(self.chased(self.customer, day(5)), 300)
        # Its payment comes back
        self.undo(last)
        self.judge(day(8))
        self.assertEqual((placement.state, placement.amount_collected), ("placed", 1000))
        self.assertEqual(self.chased(self.customer, day(8)), 0)

    def test_a_credit_note_brings_nothing_in_and_ends_it_all_the_same(self):
        placement = self.place(self.old)
        self.match(self.old, self.create_credit_note(self.customer, 500, day(2)))
        self.assertEqual(self.result(placement, day(3))[:2], (0, 0))
        self.assertEqual(placement.state, "finished")

    def test_it_is_recalled_and_later_money_is_not_theirs(self):
        placement = self.place()
        self.pay(100, day(3), self.overdue)
        env = self.as_user(self.manager, day(5))
        env["recobro.placement.end"].create({"placement_id": placement.id, "reason": "They shouted"}).action_end()
        self.env.invalidate_all()
        self.assertEqual((placement.state, placement.ended_on), ("recalled", day(5)))
        self.assertEqual(self.chased(self.customer, day(5)), 1700)
        self.pay(200, day(5), self.overdue)
        self.pay(400, day(6), self.overdue)
        self.assertEqual(self.result(placement, day(7))[:2], (300, 30))
        said = self.case.interaction_ids.filtered(lambda one: one.result == "taken_back").summary
        self.assertIn("They shouted", said)

    def test_its_days_are_over_and_its_owner_is_told(self):
        placement = self.place()
        placement.sudo().until = day(10)
        self.judge(day(10))
        self.assertEqual(placement.state, "placed")
        self.judge(day(11))
        self.assertEqual((placement.state, placement.ended_on), ("returned", day(10)))
        [told] = placement.sudo().activity_ids
        self.assertEqual(told.user_id, self.manager)
        self.assertGreater(self.chased(self.customer, day(11)), 0)
        self.judge(day(12))
        self.assertEqual(len(placement.sudo().activity_ids), 1)

    def test_the_next_one_gets_what_comes_after(self):
        first = self.place(self.overdue)
        self.pay(100, day(5), self.overdue)
        self.judge(day(5))
        env = self.as_user(self.manager, day(5))
        env["recobro.placement.end"].create({"placement_id": first.id, "reason": "Too slow"}).action_end()
        second = self.place(self.overdue, agency=self.lawyer, on=day(5))
        self.pay(60, day(5), self.overdue)
        self.pay(40, day(8), self.overdue)
        self.judge(day(9))
        self.assertEqual((first.amount_collected, second.amount_collected), (160, 40))

    def test_another_currency_is_reckoned_in_the_companys(self):
        other = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        invoice = self.create_invoice(self.customer, 100, day(-5), currency_id=other.id)
        placement = self.place(invoice)
        self.assertEqual((placement.line_ids.amount, placement.amount), (100, 200))
        self.pay_invoice(invoice, day=day(2))
        self.judge(day(3))
        self.assertEqual((placement.line_ids.collected, placement.amount_collected, placement.fee), (100, 200, 20))

    def test_a_case_that_a_person_closes_ends_it(self):
        placement = self.place()
        self.case.sudo()._set_closed("uncollectible", day(3))
        self.env.invalidate_all()
        self.assertEqual((placement.state, placement.end_reason), ("finished", "Uncollectible"))
        self.assertEqual(self.case.closed_stage, "agency")
        self.refresh(self.customer, day(4))
        self.assertEqual(placement.state, "finished")

    def test_a_case_that_was_paid_at_the_agency_ended_there(self):
        placement = self.place()
        for invoice in (self.overdue, self.old, self.coming):
            self.pay_invoice(invoice, day=day(3))
        self.judge(day(4))
        self.assertEqual(placement.state, "finished")
        self.assertEqual((self.case.state, self.case.closed_stage, self.case.outcome), ("closed", "agency", "paid"))


class TestCost(PlacementCase):
    def placed_customers(self, number):
        """So many customers with a placement that has received money; their ids."""
        found = self.env["res.partner"]
        for _each in range(number):
            customer = self.create_customer(f"Placed {len(found)} of {number}")
            invoice = self.create_invoice(customer, 100, day(-10))
            case = self.env_on(MONDAY)["recobro.case"]._open_for(customer, self.company)
            placing.place(case, self.agency, self.item(invoice), MONDAY)
            self.pay_invoice(invoice, 40, day(2))
            found |= customer
        return found

    def test_settling_takes_as_many_statements_for_twenty_customers_as_for_five(self):
        counts = []
        for number in (5, 20):
            customers = self.placed_customers(number)
            env = self.env_on(day(3))
            env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            placements.settle(env, self.company.with_env(env), day(3), customers.ids)
            env.flush_all()
            counts.append(env.cr.sql_log_count - before)
            self.assertEqual(
                sum(self.env["recobro.placement"].search([("partner_id", "in", customers.ids)]).mapped("fee")),
                4 * number,
            )
        self.assertEqual(*counts)

    def test_who_has_nothing_placed_pays_one_statement(self):
        env = self.env_on(MONDAY)
        env.flush_all()
        with self.assertQueryCount(1):
            placements.settle(env, self.company.with_env(env), MONDAY + timedelta(days=1))
