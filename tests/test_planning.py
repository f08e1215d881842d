"""From open items to actions: who gets what on a day (DESIGN.md, rules 4 and 5)."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import known_items, open_items, planning, saving

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestLadder(RecobroCase):
    def test_an_invoice_climbs_the_whole_ladder_one_level_at_a_time(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(14))
        self.run_days(MONDAY, day(21))
        self.assertEqual(self.levels_of(invoice), [-5, 0, 3])
        [call] = self.tasks_of(customer)
        self.assertEqual((call.channel, call.day), ("call", day(21)))

    def test_an_item_waits_for_its_call_and_goes_on_when_the_call_is_done(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-7), invoiced=day(-30))
        self.put_on_ladder(invoice, 3)
        self.run_day(MONDAY)
        [call] = self.tasks_of(customer)
        self.assertEqual(call.day, MONDAY)
        self.run_day(day(1))
        self.assertEqual(self.levels_of(invoice), [])
        call.sudo()._set_done(day(1))
        self.run_days(day(2), day(8))
        self.assertEqual(self.levels_of(invoice), [7, 15])

    def test_a_call_nobody_made_is_missed_after_three_working_days_and_the_ladder_goes_on(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-7))
        self.put_on_ladder(invoice, 3)
        self.run_day(day(3))
        [call] = self.tasks_of(customer)
        # Thursday + 3 working days = Tuesday
        self.assertEqual(call.deadline, day(8))
        self.run_days(day(4), day(8))
        self.assertEqual(call.state, "planned")
        self.run_day(day(9))
        self.assertEqual(call.state, "missed")
        self.assertEqual(self.levels_of(invoice), [7, 15])

    def test_the_next_message_sent_now_holds_only_the_items_of_that_message(self):
        customer = self.create_customer()
        late = self.create_invoice(customer, 100, day(-14))
        self.put_on_ladder(late, 7)
        early = self.create_invoice(customer, 50, day(30))
        self.run_day(MONDAY)
        self.assertFalse(self.messages_to(customer))
        case = self.env["recobro.case"]._open_for(customer, self.company)
        wizard = self.env_on(MONDAY)["recobro.action.send"].create({"case_id": case.id})
        self.assertEqual(wizard.level_id.delay_days, 15)
        wizard.action_send()
        self.assertEqual(self.messages_to(customer, "sending", "done").line_ids.item_id.move_id, late)
        self.assertEqual(self.levels_of(early), [])

    def test_old_debt_met_for_the_first_time_starts_at_the_first_level_after_the_due_date(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-200))
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(invoice), [3])

    def test_old_debt_that_an_answer_made_known_before_any_run_is_old_debt_all_the_same(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-10))
        open_items.meet(self.env, self.company, day(-20), customer.ids)
        self.run_day(MONDAY)
        self.assertEqual(self.items_of(invoice).first_seen, MONDAY)
        self.assertEqual(self.levels_of(invoice), [3])

    def test_old_debt_starts_at_the_entry_level_that_the_policy_names(self):
        self.policy.entry_level_id = self.policy.level_ids.filtered(lambda level: level.delay_days == 0)
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-200))
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(invoice), [0])

    def test_levels_before_the_due_date_are_left_out_once_it_has_passed(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(5))
        self.pause(customer, MONDAY, day(6))
        self.run_days(MONDAY, day(7))
        self.assertEqual(self.levels_of(invoice), [0])

    def test_after_a_pause_the_ladder_goes_on_where_it_was(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_day(MONDAY)
        self.pause(customer, day(1), day(29))
        self.run_days(day(1), day(29))
        self.assertEqual(self.levels_of(invoice), [0])
        self.run_days(day(30), day(31))
        self.assertEqual(self.levels_of(invoice), [0, 3])

    def test_a_customer_who_pays_part_is_not_sent_back_to_the_first_reminder(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_days(MONDAY, day(3))
        self.pay_invoice(invoice, 60, day(4))
        self.run_days(day(4), day(7))
        self.assertEqual(self.levels_of(invoice), [0, 3])
        [call] = self.tasks_of(customer)
        self.assertEqual(call.line_ids.amount, 40)

    def test_a_changed_policy_goes_on_above_the_position_of_each_item(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_days(MONDAY, day(3))
        other = self.policy.copy({"name": "Other"})
        other.level_ids.filtered(lambda level: level.channel == "call").unlink()
        other.level_ids.filtered(lambda level: level.delay_days == 15).delay_days = 5
        other.sudo().is_on = True
        customer.with_company(self.company).recobro_policy_id = other
        self.run_days(day(4), day(7))
        self.assertEqual(self.levels_of(invoice), [0, 3, 5])

    def test_an_invoice_paid_while_its_message_was_under_way_and_open_again_gets_the_next_level_not_the_same(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_day(MONDAY, send=False)
        [message] = self.messages_to(customer, "sending")
        payment = self.pay_invoice(invoice, day=MONDAY)
        self.refresh(customer, MONDAY)
        self.assertEqual(self.items_of(invoice).state, "closed")
        message.sudo()._set_done()  # it had left just before the payment came
        self.assertEqual(self.items_of(invoice).delay_days, -5, "a paid item climbs no more")
        invoice.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.run_days(day(1), day(4))
        self.assertEqual(self.levels_of(invoice), [0, 3])
        self.assertEqual(len(self.messages_to(customer)), 2)

    def test_a_level_moved_to_a_later_day_is_not_given_twice_and_the_ladder_goes_on(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.policy.level_ids.filtered(lambda level: level.delay_days == -5).delay_days = 1
        self.run_days(day(1), day(7))
        got = self.env["recobro.action.line"].search([("item_id", "=", self.items_of(invoice).id)]).level_id
        self.assertEqual(sorted(got.mapped("delay_days")), [0, 1, 3])
        self.assertEqual(len(self.messages_to(customer)), 3)

    def test_a_grace_period_holds_the_next_level_back(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days == 0).grace_days = 10
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_days(MONDAY, day(9))
        self.assertEqual(self.levels_of(invoice), [0])
        self.run_day(day(10))
        self.assertEqual(self.levels_of(invoice), [0, 3])

    def pause(self, customer, first, last):
        """Pause the customer from one day to another."""
        return self.env["recobro.hold"].create(
            {
                "name": "On holiday",
                "company_id": self.company.id,
                "partner_id": customer.id,
                "date_from": first,
                "date_until": last,
            }
        )


class TestMessageOfTheDay(RecobroCase):
    def test_one_message_holds_all_items_and_the_highest_level_sets_the_tone(self):
        customer = self.create_customer()
        older = self.create_invoice(customer, 100, day(-3))
        newer = self.create_invoice(customer, 50, day(5))
        self.run_day(MONDAY)
        [message] = self.messages_to(customer)
        self.assertEqual(message.level_id.delay_days, 3)
        self.assertEqual((self.levels_of(older), self.levels_of(newer)), ([3], [-5]))

    def test_a_customer_may_get_a_message_and_a_call_on_one_day(self):
        customer = self.create_customer()
        self.policy.entry_level_id = self.policy.level_ids.filtered(lambda level: level.channel == "call")
        self.create_invoice(customer, 100, day(-10))
        self.create_invoice(customer, 100, day(5))
        self.run_day(MONDAY)
        self.assertEqual((len(self.messages_to(customer)), len(self.tasks_of(customer))), (1, 1))

    def test_what_somebody_approves_and_what_somebody_calls_about_are_two_tasks_on_two_days(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days == 15).needs_approval = True
        customer = self.create_customer()
        to_call, to_approve = self.create_invoice(customer, 100, day(-7)), self.create_invoice(customer, 100, day(-15))
        self.put_on_ladder(to_call, 3)
        self.put_on_ladder(to_approve, 7)
        self.run_day(MONDAY)
        [approval] = self.tasks_of(customer, "to_approve")
        self.assertEqual(approval.line_ids.item_id, self.items_of(to_approve))
        self.run_day(day(1))
        [call] = self.tasks_of(customer)
        self.assertEqual(call.line_ids.item_id, self.items_of(to_call))
        approval.with_context(recobro_as_of=lived(day(1))).action_approve()
        self.run_day(day(1))
        self.assertEqual(self.levels_of(to_approve), [15])

    def test_two_messages_are_at_least_the_quiet_days_apart(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, day(5))
        second = self.create_invoice(customer, 100, day(6))
        self.run_days(MONDAY, day(1))
        self.assertEqual(self.levels_of(second), [])
        self.assertIn("quiet_days", self.reasons_of(customer))
        self.run_day(day(2))
        self.assertEqual(self.levels_of(second), [-5])

    def test_a_customer_gets_at_most_two_messages_in_seven_days(self):
        customer = self.create_customer()
        for number in range(5, 10):
            self.create_invoice(customer, 100, day(number))
        self.run_days(MONDAY, day(6))
        self.assertEqual(self.messages_to(customer).mapped("day"), [MONDAY, day(2)])
        self.assertIn("week_limit", self.reasons_of(customer))
        self.run_day(day(7))
        self.assertEqual(len(self.messages_to(customer)), 3)

    def test_nothing_goes_out_on_a_weekend_or_a_public_holiday(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, day(5))
        calendar = self.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": f"{day(0)} 00:00:00",
                "date_to": f"{day(0)} 23:59:59",
            }
        )
        self.run_days(day(-2), MONDAY)
        self.assertFalse(self.messages_to(customer))
        self.run_day(day(1))
        self.assertEqual(len(self.messages_to(customer)), 1)

    def test_running_twice_on_one_day_does_nothing_more(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        before = self.env["recobro.action"].search_count([])
        self.run_day(MONDAY)
        self.assertEqual(self.env["recobro.action"].search_count([]), before)
        self.assertEqual(len(self.messages_to(customer)), 1)

    def test_days_without_a_run_are_not_made_up_for(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(4))
        self.run_day(day(-1))
        self.run_day(day(9))
        self.assertEqual(self.levels_of(invoice), [0])

    def test_an_invoice_may_name_its_own_policy_for_its_levels(self):
        special = self.policy.copy({"name": "Special"})
        special.level_ids.filtered(lambda level: level.delay_days == 0).delay_days = 1
        special.sudo().is_on = True
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY, recobro_policy_id=special.id)
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(invoice), [-5])
        self.run_day(day(2))
        self.assertEqual(self.levels_of(invoice), [-5, 1])


class TestWhoIsChased(RecobroCase):
    def test_a_policy_that_is_not_switched_on_sends_nothing(self):
        self.policy.sudo().is_on = False
        customer = self.create_customer()
        self.create_invoice(customer, 100, day(-10))
        self.run_day(MONDAY)
        self.assertFalse(self.case_of(customer))

    def test_a_customer_gets_the_first_policy_whose_customers_include_it(self):
        first = self.policy.copy({"name": "First", "sequence": 0, "domain": "[('ref', '=', 'VIP')]"})
        first.sudo().is_on = True
        vip, other = self.create_customer("Vip", ref="VIP"), self.create_customer("Other")
        for customer in (vip, other):
            self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(vip).policy_id, first)
        self.assertEqual(self.messages_to(other).policy_id, self.policy)

    def test_a_customer_who_names_a_policy_that_is_off_is_not_chased(self):
        customer = self.create_customer()
        customer.with_company(self.company).recobro_policy_id = self.policy.copy({"name": "Off"})
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertFalse(self.case_of(customer))

    def test_an_old_bank_stops_messages_where_the_policy_asks_for_it(self):
        self.policy.bank_freshness_days = 3
        customer, other = self.create_customer(), self.create_customer("Other")
        self.create_invoice(customer, 100, MONDAY)
        self.receive_in_bank(other, 1, day(-4))
        self.run_day(MONDAY)
        self.assertEqual(self.reasons_of(customer), ["bank_stale"])
        self.receive_in_bank(other, 1, day(0))
        self.run_day(day(1))
        self.assertEqual(len(self.messages_to(customer)), 1)


class TestRecipients(RecobroCase):
    def test_a_message_goes_to_the_contact_with_the_first_role(self):
        customer = self.create_customer()
        self.create_contact(customer, "Decider", self.decision_maker)
        treasurer = self.create_contact(customer, "Treasurer", self.treasury)
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).contact_id, treasurer)

    def test_all_contacts_with_the_first_role_are_written_to_in_one_message(self):
        customer = self.create_customer()
        self.create_contact(customer, "One", self.treasury)
        self.create_contact(customer, "Two", self.treasury)
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        [message] = self.messages_to(customer)
        self.assertIn("one@customer.example", message.email_to)
        self.assertIn("two@customer.example", message.email_to)

    def test_without_roles_the_invoice_address_comes_before_the_company(self):
        customer = self.create_customer()
        billing = self.create_contact(customer, "Billing", type="invoice")
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).contact_id, billing)

    def test_an_address_that_is_only_on_a_contact_is_found(self):
        customer = self.create_customer(email=False)
        contact = self.create_contact(customer, "Somebody")
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).contact_id, contact)

    def test_of_several_contacts_without_a_role_none_is_guessed(self):
        customer = self.create_customer(email=False)
        self.create_contact(customer, "Somebody")
        self.create_contact(customer, "Another")
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.reasons_of(customer), ["no_address"])

    def test_a_customer_nobody_can_be_reached_at_gives_the_owner_one_activity(self):
        customer = self.create_customer(email=False)
        self.create_invoice(customer, 100, MONDAY)
        self.run_days(MONDAY, day(1))
        case = self.case_of(customer)
        self.assertEqual(len(case.activity_ids), 1)
        self.assertEqual(case.activity_ids.activity_type_id, self.env.ref("recobro_module.activity_type_address"))
        self.assertEqual(self.reasons_of(customer), ["no_address"])

    def test_a_blacklisted_address_gets_no_mail(self):
        customer = self.create_customer()
        contact = self.create_contact(customer, "Treasurer", self.treasury)
        self.env["mail.blacklist"]._add(contact.email)
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).contact_id, customer)


class TestSecondRun(RecobroCase):
    def test_old_debt_that_was_written_to_today_gets_its_call_tomorrow_not_by_a_second_run(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-60), invoiced=day(-90))
        self.run_day(MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(invoice), [3])
        self.assertFalse(self.tasks_of(customer))
        self.run_day(day(1))
        self.assertTrue(self.tasks_of(customer))


class TestFasterColleague(RecobroCase):
    def test_an_item_that_an_answer_made_known_meanwhile_has_the_run_begin_anew(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        insert_new = known_items.insert_new

        def insert_after_a_colleague(env, company, as_of, source, *options):
            insert_new(env, company, None, source)
            insert_new(env, company, as_of, source, *options)

        with (
            patch.object(known_items, "insert_new", insert_after_a_colleague),
            mute_logger("odoo.sql_db"),
            self.assertRaises(saving.Busy),
            self.env.cr.savepoint(),
        ):
            self.run_day(MONDAY)
        self.env.invalidate_all()
        self.run_day(MONDAY)
        self.assertEqual(len(self.messages_to(customer)), 1)


class TestUnusualRun(RecobroCase):
    def test_a_run_far_above_the_usual_waits_for_a_person(self):
        self.policy.write({"surge_minimum": 2, "surge_factor": 2})
        first = self.create_customer("First")
        self.create_invoice(first, 100, MONDAY)
        self.run_day(MONDAY)
        customers = [self.create_customer(f"Customer {number}") for number in range(4)]
        for customer in customers:
            self.create_invoice(customer, 100, day(1))
        waiting = self.run_day(day(1))
        self.assertEqual(waiting.state, "waiting")
        self.assertFalse(self.messages_to(customers[0]))
        with self.mock_mail_gateway():
            waiting.action_release()
            self.env["recobro.action"].with_context(recobro_as_of=lived(day(1)))._deliver_now(
                self.company, [customer.id for customer in customers]
            )
            self.send_queue(day(1))
        self.assertEqual(len(self.messages_to(customers[0])), 1)

    def test_a_waiting_run_that_is_cancelled_sends_nothing_and_leaves_the_ladder(self):
        self.policy.write({"surge_minimum": 0, "surge_factor": 1})
        first, second = self.create_customer("First"), self.create_customer("Second")
        self.create_invoice(first, 100, MONDAY)
        self.run_day(MONDAY)
        for customer in (second, self.create_customer("Third")):
            invoice = self.create_invoice(customer, 100, day(1))
        waiting = self.run_day(day(1))
        waiting.action_cancel()
        self.run_day(day(1), send=False)
        self.assertEqual((waiting.state, self.levels_of(invoice)), ("cancelled", []))


class TestSimulation(RecobroCase):
    def test_the_simulation_shows_what_the_run_then_does_and_writes_nothing(self):
        policy = self.policy
        policy.sudo().is_on = False
        planned, quiet = self.create_customer("Planned"), self.create_customer("Quiet", email=False)
        for customer in (planned, quiet):
            self.create_invoice(customer, 100, MONDAY)
        before = self.rows_of_collections()
        wizard = self.env["recobro.policy.simulate"].new(
            {"policy_id": policy.id, "company_id": self.company.id, "day": MONDAY}
        )
        self.assertEqual((wizard.message_count, wizard.left_out_count), (1, 1))
        self.assertIn("Planned", wizard.result)
        self.assertIn("Nobody can be reached", wizard.result)
        self.assertEqual(self.rows_of_collections(), before)
        wizard.action_switch_on()
        run = self.run_day(MONDAY)
        self.assertEqual((run.planned_messages, run.left_out), (1, {"no_address": 1}))

    def rows_of_collections(self):
        """How many rows each table of the engine has."""
        models = ("item", "case", "action", "action.line", "interaction", "run", "snapshot", "mark")
        return {name: self.env[f"recobro.{name}"].sudo().search_count([]) for name in models}


class TestQueryCount(RecobroCase):
    def test_deciding_a_day_needs_as_many_queries_for_forty_customers_as_for_ten(self):
        self.make_customers(10)
        few = self.count_queries()
        self.make_customers(30)
        self.assertEqual(self.count_queries(), few)

    def make_customers(self, number):
        """Customers with a contact, two overdue invoices and one to come, and a hold."""
        for index in range(number):
            customer = self.create_customer(f"Customer {number} {index}")
            self.create_contact(customer, f"Contact {number} {index}", self.treasury)
            for due in (day(-20), day(-1), day(5)):
                self.create_invoice(customer, 100, due)
            self.env["recobro.hold"].create(
                {
                    "name": "Wait",
                    "company_id": self.company.id,
                    "partner_id": customer.id,
                    "date_from": day(40),
                    "date_until": day(41),
                }
            )
        self.env["recobro.policy"].search([("is_on", "=", True), ("id", "!=", self.policy.id)]).sudo().is_on = False
        self.env.flush_all()

    def count_queries(self):
        """How many statements one planning takes, from a cold cache."""
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        planning.plan(self.env_on(MONDAY), self.company, MONDAY)
        return self.env.cr.sql_log_count - before
