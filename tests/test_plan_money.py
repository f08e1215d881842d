"""Which money fills the instalments of a plan, what was missed, and how a plan breaks, mends and is resumed."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError

from odoo.addons.recobro_module.engine.plans import payment_plans, plan_making

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day

#: The instalments of the tests fall due on the Mondays of the next three weeks.
FIRST, SECOND, THIRD = day(7), day(14), day(21)


class TestFilling(PlanCase):
    def test_payments_fill_the_first_instalment_first_by_their_day_whatever_the_order_they_are_matched_in(self):
        plan = self.plan(self.overdue, self.coming, count=2)  # 650 and 650 of 1000 and 300
        late = self.receive(300, day(12))
        early = self.receive(650, day(3))
        self.match(late.move_id, self.coming)
        self.judge(day(12))
        self.assertEqual(self.instalments(plan), [("open", 300, 350), ("open", 0, 650)])
        self.match(early.move_id, self.overdue)
        self.judge(day(12))
        self.assertEqual(self.instalments(plan), [("paid", 650, 0), ("open", 300, 350)])
        self.assertEqual(plan.installment_ids.mapped("paid_on"), [day(3), False])
        self.assertEqual((plan.paid_amount, plan.next_date, plan.missed_count), (950, SECOND, 0))

    def test_a_payment_that_is_undone_gives_back_what_it_filled(self):
        plan = self.plan()
        payment = self.pay(500, day(2))
        self.judge(day(2))
        self.assertEqual(self.open_items(plan), [166.66, 333.34])
        self.undo(payment)
        self.judge(day(3))
        self.assertEqual(self.instalments(plan), [("open", 0, 333.33), ("open", 0, 333.33), ("open", 0, 333.34)])
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 333.34])
        self.assertEqual(self.held(self.overdue), 1000)

    def test_a_finished_plan_whose_payment_is_undone_is_in_force_again(self):
        plan = self.plan()
        payment = self.pay(1000, day(2))
        self.judge(day(2))
        self.assertEqual((plan.state, plan.ended_on, plan.next_date), ("finished", day(2), False))
        self.assertEqual(self.open_items(plan), [])
        self.undo(payment)
        self.judge(day(3))
        self.assertEqual((plan.state, plan.ended_on, plan.next_date), ("active", False, FIRST))
        self.assertEqual(self.held(self.overdue), 1000)

    def test_money_matched_before_the_plan_is_none_of_it(self):
        self.pay(200, day(-2))
        plan = self.plan(count=2)
        self.assertEqual(plan.installment_ids.mapped("amount"), [400, 400])
        self.pay(400, day(2))
        self.judge(day(2))
        self.assertEqual(plan.paid_amount, 400)

    def test_a_credit_note_shortens_the_plan_from_its_end(self):
        plan = self.plan()
        self.match(self.create_credit_note(self.customer, 400, day(1)), self.overdue)
        self.judge(day(1))
        self.assertEqual(self.open_items(plan), [333.33, 266.67])
        self.assertEqual(plan.installment_ids.mapped("amount_reduced"), [0, 66.66, 333.34])
        self.pay(600, day(2))
        self.judge(day(2))
        self.assertEqual((plan.state, plan.paid_amount), ("finished", 600))

    def test_a_credit_note_first_takes_what_of_the_invoice_is_not_in_the_plan(self):
        self.env_on(MONDAY)["recobro.dispute"]._open_ticket(self.customer, self.company, {self.overdue: 400})
        plan = self.plan(count=2)
        self.match(self.create_credit_note(self.customer, 450, day(1)), self.overdue)
        self.judge(day(1))
        self.assertEqual(self.open_items(plan), [300, 250])

    def test_what_is_paid_beyond_the_plan_s_part_of_an_invoice_fills_nothing_else(self):
        self.env_on(MONDAY)["recobro.dispute"]._open_ticket(self.customer, self.company, {self.overdue: 600})
        plan = self.plan(self.overdue, self.coming, count=1)  # 400 of 1000, and 300
        self.pay(1000, day(1))
        self.judge(day(1))
        self.assertEqual(self.open_items(plan), [300])

    def test_an_invoice_that_is_a_draft_for_a_while_shortens_nothing(self):
        plan = self.plan()
        self.overdue.button_draft()
        self.judge(day(1))
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 333.34])
        self.overdue.action_post()
        self.judge(day(1))
        self.assertEqual(self.held(self.overdue), 1000)

    def test_a_plan_in_another_currency_is_kept_in_it_and_asked_for_in_the_company_s(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 0.5)])
        invoice = self.create_invoice(self.customer, 900, day(-1), currency_id=euro.id)
        plan = self.plan(invoice)
        items = plan.installment_ids.item_id
        self.assertEqual((items.mapped("amount_open"), items.currency_id), ([300, 300, 300], euro))
        self.assertEqual(items.mapped("amount_open_company"), [600, 600, 600])
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        wizard.create({"amount": 450, "currency_id": euro.id, "payment_date": day(1)})._create_payments()
        self.judge(day(1))
        self.assertEqual(self.open_items(plan), [150, 300])
        self.assertEqual(self.chased(self.customer, day(1)), 1000 + 300 + 900)

    def test_a_plan_in_whole_units_adds_up(self):
        yen = self.setup_other_currency("JPY", rounding=1, rates=[("2020-01-01", 100)])
        invoice = self.create_invoice(self.customer, 1000, day(-1), currency_id=yen.id)
        plan = self.plan(invoice)
        self.assertEqual(self.open_items(plan), [333, 333, 334])


class TestMissed(PlanCase):
    def test_an_instalment_is_missed_after_its_tolerance_and_the_plan_is_broken(self):
        plan = self.plan()
        self.judge(day(9))  # Wednesday: two working days later
        self.assertEqual((plan.state, plan.installment_ids[0].deadline), ("active", day(9)))
        self.judge(day(10))
        self.assertEqual((plan.state, plan.ended_on, plan.missed_count), ("broken", day(10), 1))
        self.assertEqual([state for state, _p, _l in self.instalments(plan)], ["missed", "over", "over"])
        self.assertEqual((self.open_items(plan), self.held(self.overdue)), ([], 0))
        self.assertEqual(self.chased(self.customer, day(10)), 1300)
        self.assertIn("broken", self.told(plan, "missed").note)
        self.assertTrue(
            self.env["recobro.interaction"].search(
                [("case_id", "=", self.case.id), ("summary", "like", f"{plan.name} is broken")]
            )
        )

    def test_a_plan_that_may_miss_two_goes_on_after_the_first(self):
        self.policy.plan_missed_limit = 2
        plan = self.plan()
        self.judge(day(10))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 333.34])
        self.assertIn("missed", self.told(plan, "missed").note)
        self.pay(333.33, day(11))  # too late: missed once and for all
        self.judge(day(11))
        self.assertEqual((plan.installment_ids[0].state, plan.missed_count), ("paid", 1))
        self.judge(day(17))
        self.assertEqual((plan.state, plan.missed_count), ("broken", 2))

    def test_it_is_told_once(self):
        self.policy.plan_missed_limit = 2
        plan = self.plan()
        for number in (10, 11, 12):
            self.judge(day(number))
        self.assertEqual(len(self.told(plan, "missed")), 1)
        self.assertEqual(self.told(plan, "missed").note.count("was missed"), 1)

    def test_nothing_is_missed_while_money_that_was_received_is_not_matched(self):
        plan = self.plan()
        money = self.receive(333.33, day(8))
        self.judge(day(12))
        self.assertEqual(plan.state, "active")
        self.match(money.move_id, self.overdue)
        self.judge(day(13))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))

    def test_a_transfer_that_nobody_has_reconciled_covers_it_too(self):
        plan = self.plan()
        self.receive_in_bank(self.customer, 333.33, day(8))
        self.judge(day(12))
        self.assertEqual(plan.state, "active")

    def test_nothing_is_missed_while_a_person_has_paused_the_customer(self):
        plan = self.plan()
        self.env["recobro.hold"].create(
            {
                "name": "August",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": day(8),
                "date_until": day(14),
            }
        )
        self.judge(day(14))
        self.assertEqual(plan.state, "active")
        self.judge(day(15))
        self.assertEqual(plan.state, "broken")

    def test_money_that_does_not_cover_the_instalment_saves_nothing(self):
        plan = self.plan()
        self.receive(100, day(8))
        self.judge(day(12))
        self.assertEqual(plan.state, "broken")

    def test_the_verdict_waits_for_the_bank_as_long_as_the_policy_says(self):
        self.policy.promise_bank_wait_days = 3
        plan = self.plan()
        self.judge(day(12))
        self.assertEqual(plan.state, "active")
        self.judge(day(13))
        self.assertEqual(plan.state, "broken")

    def test_a_bank_that_is_read_up_to_the_deadline_needs_no_waiting(self):
        self.policy.promise_bank_wait_days = 3
        plan = self.plan()
        self.receive_in_bank(self.create_customer("Somebody"), 10, day(9))
        self.judge(day(10))
        self.assertEqual(plan.state, "broken")

    def test_money_that_turns_out_to_have_been_in_time_makes_a_broken_plan_whole_again(self):
        plan = self.plan()
        self.judge(day(10))
        self.assertEqual(plan.state, "broken")
        self.match(self.receive(333.33, day(9)).move_id, self.overdue)
        self.judge(day(11))
        self.assertEqual((plan.state, plan.missed_count, plan.ended_on), ("active", 0, False))
        self.assertEqual(self.open_items(plan), [333.33, 333.34])
        self.assertFalse(self.told(plan, "missed"))

    def test_a_broken_plan_does_not_come_back_while_its_invoice_is_in_another(self):
        plan = self.plan()
        self.judge(day(10))
        other = self.plan(on=day(10), first_day=day(17))
        self.match(self.receive(333.33, day(9)).move_id, self.overdue)
        self.judge(day(11))
        self.assertEqual((plan.state, other.state), ("broken", "active"))
        self.assertEqual(other.paid_amount, 333.33)
        self.assertEqual(self.held(self.overdue), 666.67)


class TestByHand(PlanCase):
    def test_a_manager_resumes_a_broken_plan_and_what_was_missed_has_a_new_last_day(self):
        plan = self.plan()
        self.judge(day(10))
        with self.assertRaises(AccessError):
            plan.with_env(self.as_user(self.collector, day(11))).action_resume()
        plan.with_env(self.env_on(day(11))).action_resume()
        self.assertEqual((plan.state, plan.resumed_on, plan.missed_count), ("active", day(11), 0))
        self.assertEqual(plan.installment_ids.mapped("deadline"), [day(15), day(16), day(23)])
        self.assertEqual(plan.installment_ids.mapped("due_date"), [FIRST, SECOND, THIRD])
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 333.34])
        self.judge(day(15))
        self.assertEqual(plan.state, "active")
        self.judge(day(16))
        self.assertEqual(plan.state, "broken")

    def test_a_resumed_instalment_keeps_its_item_and_its_place_on_the_ladder(self):
        plan = self.plan()
        item = plan.installment_ids[0].item_id
        self.judge(day(10))
        plan.with_env(self.env_on(day(11))).action_resume()
        self.assertEqual((plan.installment_ids[0].item_id, item.state), (item, "open"))

    def test_only_a_manager_ends_a_plan_in_force_and_no_money_revives_it(self):
        plan = self.plan()
        for button in ("action_break", "action_cancel"):
            with self.assertRaises(AccessError):
                getattr(plan.with_env(self.as_user(self.collector)), button)()
        plan.with_env(self.env_on(day(1))).action_break()
        self.assertEqual((plan.state, self.held(self.overdue), self.open_items(plan)), ("broken", 0, []))
        self.pay(333.33, day(1))
        self.judge(day(2))
        self.assertEqual(plan.state, "broken")
        plan.with_env(self.env_on(day(2))).action_resume()
        self.assertEqual((plan.state, plan.paid_amount), ("active", 333.33))

    def test_only_what_is_broken_can_be_resumed(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "Only a broken plan"):
            plan.with_env(self.env_on(day(1))).action_resume()

    def test_a_plan_is_not_resumed_while_its_invoice_is_in_another(self):
        plan = self.plan()
        self.judge(day(10))
        other = self.plan(on=day(10), first_day=day(17))
        with self.assertRaisesRegex(UserError, other.name):
            plan.with_env(self.env_on(day(11))).action_resume()


class TestAnswersTogether(PlanCase):
    def test_a_dispute_opened_on_an_invoice_of_a_plan_and_won_shortens_the_plan(self):
        plan = self.plan()
        ticket = self.env_on(day(1))["recobro.dispute"]._open_ticket(self.customer, self.company, {self.overdue: 200})
        self.judge(day(1))
        self.assertEqual(self.chased(self.customer, day(1)), 1100)
        self.assertTrue(ticket.line_ids)
        self.match(self.create_credit_note(self.customer, 200, day(2)), self.overdue)
        self.judge(day(2))
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 133.34])

    def test_nothing_of_a_plan_can_be_promised_again(self):
        self.plan()
        with self.assertRaisesRegex(UserError, "more than"):
            self.promise(100, day(5))

    def test_a_second_look_on_the_same_day_changes_nothing_and_leaves_no_mark(self):
        plan = self.plan()
        self.pay(400, day(1))
        self.judge(day(1))
        self.env["recobro.mark"].sudo().search([]).unlink()
        before = self.instalments(plan)
        payment_plans.settle(self.env_on(day(1)), self.company, day(1), self.customer.ids)
        self.env.invalidate_all()
        self.assertEqual(self.instalments(plan), before)
        self.assertFalse(self.env["recobro.mark"].search_count([]))

    def test_a_new_plan_is_possible_for_what_a_broken_one_left(self):
        self.plan()
        self.pay(100, day(2))
        self.judge(day(10))
        terms = self.terms(first_day=day(17))
        self.assertEqual(plan_making.owed(self.env_on(day(10)), self.company, day(10), terms.items), 900)
        self.assertEqual(MONDAY + timedelta(days=17), day(17))
