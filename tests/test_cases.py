"""The life of a case: opened and closed by the job, its figures true, its owner known."""

from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import Command, fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class CaseCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without the notice before the due date: one level on the due date, the next three days later
        cls.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()

    def one_minute_later(self, when=MONDAY):
        """Let the one-minute job run, as it does on a day."""
        self.env.flush_all()
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=float("inf")):
            self.env_on(when)["recobro.run"].sudo()._cron_refresh()
        self.env.invalidate_all()

    def marks_of(self, customer):
        """How many marks wait for a customer or its contacts."""
        self.env.flush_all()
        people = self.env["res.partner"].search([("commercial_partner_id", "=", customer.id)])
        return self.env["recobro.mark"].sudo().search_count([("partner_id", "in", people.ids)])

    def receivable(self, move):
        """The receivable journal item of an entry."""
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def opening_balance(self, customer, amount, due):
        """A posted opening balance in a general journal, as an import makes it."""
        account = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": due,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "partner_id": customer.id, "debit": amount, "date_maturity": due}
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry


class TestLife(CaseCase):
    def test_the_job_opens_a_case_for_a_customer_with_something_to_chase_and_for_no_other(self):
        late, later = self.create_customer("Late"), self.create_customer("Later")
        self.create_invoice(late, 100, MONDAY)
        self.create_invoice(later, 100, day(60))
        self.run_day(MONDAY)
        case = self.case_of(late)
        self.assertEqual((case.opened_on, case.state, case.is_manual), (MONDAY, "open", False))
        self.assertFalse(self.case_of(later))

    def test_the_case_closes_as_paid_when_all_that_was_chased_is_settled(self):
        customer = self.create_customer()
        first, second = (self.create_invoice(customer, amount, MONDAY) for amount in (100, 50))
        self.run_day(MONDAY)
        case = self.case_of(customer)
        self.pay_invoice(first, day=day(1))
        self.one_minute_later(day(1))
        self.assertEqual((case.state, case.amount_open), ("open", 50))
        self.pay_invoice(second, day=day(1))
        self.one_minute_later(day(1))
        self.assertEqual((case.state, case.outcome, case.stage), ("closed", "paid", "closed"))
        self.assertEqual(case.closed_on, day(1))
        self.assertFalse(case.next_level_id or case.next_action_date)

    def test_what_was_never_chased_does_not_hold_the_case_open(self):
        customer = self.create_customer()
        chased = self.create_invoice(customer, 100, MONDAY)
        self.create_invoice(customer, 70, day(60))
        self.opening_balance(customer, 900, day(-100))
        self.run_day(MONDAY)
        case = self.case_of(customer)
        self.pay_invoice(chased, day=MONDAY)
        self.one_minute_later()
        self.assertEqual((case.state, case.outcome), ("closed", "paid"))

    def test_a_customer_who_is_late_again_gets_a_new_case(self):
        customer = self.create_customer()
        first = self.create_invoice(customer, 100, MONDAY)
        self.create_invoice(customer, 70, day(28))
        self.run_day(MONDAY)
        old = self.case_of(customer)
        self.pay_invoice(first, day=day(1))
        self.run_day(day(1))
        self.assertEqual(old.state, "closed")
        self.run_day(day(28))
        new = self.case_of(customer)
        self.assertTrue(new)
        self.assertNotEqual(new, old)
        self.assertEqual((new.opened_on, new.amount_open, old.closed_on), (day(28), 70, day(1)))

    def test_a_payment_that_bounces_brings_the_customer_back(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        payment = self.pay_invoice(invoice, day=MONDAY)
        self.one_minute_later()
        self.assertFalse(self.case_of(customer))
        self.receivable(invoice).remove_move_reconcile()
        payment.action_draft()
        payment.action_cancel()
        self.run_day(day(3))
        self.assertEqual(self.case_of(customer).amount_open, 100)
        self.assertEqual(self.levels_of(invoice), [0, 3])

    def test_a_planned_call_goes_with_the_case(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_days(MONDAY, day(7))
        [call] = self.tasks_of(customer)
        case = self.case_of(customer)
        self.pay_invoice(invoice, day=day(7))
        self.one_minute_later(day(7))
        self.assertEqual((case.state, call.state), ("closed", "skipped"))
        self.assertFalse(case.activity_ids)

    def test_a_customer_has_one_open_case_at_most_whatever_writes(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        with self.assertRaises(psycopg2.errors.UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute(
                "INSERT INTO recobro_case (partner_id, company_id, state, stage, opened_on) "
                "VALUES (%s, %s, 'open', 'internal', %s)",
                [customer.id, self.company.id, MONDAY],
            )
        self.assertEqual(len(self.case_of(customer)), 1)


class TestFigures(CaseCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.create_invoice(self.customer, 30, day(5))
        self.run_day(MONDAY)
        self.case = self.case_of(self.customer)
        self.one_minute_later()

    def live(self, when):
        """The case as its form shows it on a day."""
        self.env.invalidate_all()
        return self.case.with_context(recobro_as_of=lived(when))

    def test_the_form_shows_the_account_as_it_is_now_and_lists_follow_within_a_minute(self):
        self.assertEqual((self.case.amount_open, self.live(MONDAY).live_open), (130, 130))
        self.pay_invoice(self.invoice, 60, day=MONDAY)
        self.assertEqual((self.case.amount_open, self.live(MONDAY).live_open), (130, 70))
        self.one_minute_later()
        self.assertEqual((self.case.amount_open, self.case.amount_net), (70, 70))

    def test_buckets_and_what_is_due_soon_move_with_the_day(self):
        case = self.live(day(1))
        self.assertEqual((case.live_overdue, case.live_1_30, case.live_due_soon, case.live_not_due), (100, 100, 30, 30))
        case = self.live(day(40))
        self.assertEqual((case.live_overdue, case.live_1_30, case.live_31_60), (130, 0, 130))
        self.run_day(day(40))
        self.assertEqual((self.case.amount_31_60, self.case.amount_overdue), (130, 130))
        self.assertEqual(self.case.oldest_due_date, MONDAY)
        self.assertEqual(self.live(day(40)).days_past_due, 40)

    def test_money_not_matched_yet_is_shown_apart_and_taken_off_the_net(self):
        self.receive_in_bank(self.customer, 45, MONDAY)
        case = self.live(MONDAY)
        self.assertEqual((case.live_open, case.live_credit, case.live_net), (130, 45, 85))

    def test_what_is_held_is_shown_as_held(self):
        self.env["recobro.hold"].create(
            {
                "name": "Wrong price",
                "reason": "dispute",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "item_id": self.items_of(self.invoice).id,
                "amount": 20,
                "date_from": MONDAY,
            }
        )
        self.assertEqual(self.live(MONDAY).live_held, 20)

    def test_everything_that_changes_an_account_leaves_a_mark(self):
        changes = {
            "a posted invoice": lambda: self.create_invoice(self.customer, 5, day(9)),
            "a credit note": lambda: self.create_credit_note(self.customer, 5, MONDAY),
            "a payment": lambda: self.pay_invoice(self.invoice, 10, day=MONDAY),
            "a bank line": lambda: self.receive_in_bank(self.customer, 5, MONDAY),
            "a new due date": lambda: self.receivable(self.invoice).write({"date_maturity": day(3)}),
            "left out of follow-up": lambda: self.receivable(self.invoice).write({"no_followup": True}),
            "matching undone": lambda: self.receivable(self.invoice).remove_move_reconcile(),
            "back to draft": self.invoice.button_draft,
        }
        for what, change in changes.items():
            self.one_minute_later()
            self.assertFalse(self.marks_of(self.customer), f"before {what}")
            change()
            self.assertTrue(self.marks_of(self.customer), what)

    def test_an_opening_balance_or_a_write_off_in_a_general_journal_leaves_a_mark(self):
        self.opening_balance(self.customer, 10, MONDAY)
        self.assertTrue(self.marks_of(self.customer))

    def test_an_invoice_of_a_contact_marks_the_company(self):
        anna = self.create_contact(self.customer, "Anna")
        self.create_invoice(anna, 11, MONDAY)
        self.one_minute_later()
        self.assertEqual(self.case.amount_open, 141)

    def test_a_draft_changes_nothing(self):
        self.create_invoice(self.customer, 5, MONDAY, post=False)
        self.assertFalse(self.marks_of(self.customer))
        self.assertEqual(self.live(MONDAY).live_open, 130)

    def test_the_level_stage_and_last_message_follow_what_was_sent_within_a_minute(self):
        self.assertEqual((self.case.level_id.delay_days, self.case.stage), (0, "internal"))
        self.assertEqual((self.case.last_message_date, self.case.message_count), (MONDAY, 1))
        self.run_day(day(3))
        self.one_minute_later(day(3))
        self.assertEqual((self.case.level_id.delay_days, self.case.message_count), (3, 2))
        self.assertEqual(self.invoice.recobro_level_id.delay_days, 3)

    def test_the_next_action_said_is_the_one_that_comes(self):
        self.assertEqual((self.case.next_level_id.delay_days, self.case.next_action_date), (3, day(3)))
        self.run_days(day(1), day(3))
        self.assertEqual(self.levels_of(self.invoice), [0, 3])
        self.one_minute_later(day(3))
        # The other invoice falls due on Saturday, day 5: its message goes out on the next working day
        self.assertEqual(self.case.next_level_id.delay_days, 0)
        self.assertGreaterEqual(self.case.next_action_date, day(5))


class TestOwner(CaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carla, cls.dario = (
            new_test_user(cls.env, name, "recobro_module.group_recobro_user", company_id=cls.company.id)
            for name in ("carla", "dario")
        )

    def test_the_customers_collector_owns_the_case_else_the_default_of_the_policy(self):
        with_own, without = self.create_customer("With"), self.create_customer("Without")
        with_own.with_company(self.company).recobro_user_id = self.carla
        self.policy.user_id = self.dario
        for customer in (with_own, without):
            self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.case_of(with_own).user_id, self.carla)
        self.assertEqual(self.case_of(without).user_id, self.dario)

    def test_moving_cases_takes_their_tasks_and_activities_along(self):
        customer = self.create_customer()
        customer.with_company(self.company).recobro_user_id = self.carla
        self.create_invoice(customer, 100, MONDAY)
        self.run_days(MONDAY, day(7))
        case = self.case_of(customer)
        [call] = self.tasks_of(customer)
        mine = case.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.user.id)
        self.env["recobro.case.reassign"].create(
            {"from_user_id": self.carla.id, "to_user_id": self.dario.id, "with_customers": True}
        ).action_reassign()
        self.env.invalidate_all()
        self.assertEqual((case.user_id, call.user_id, call.activity_id.user_id), (self.dario,) * 3)
        self.assertEqual(mine.user_id, self.env.user, "what a third person has to do stays theirs")
        self.assertEqual(customer.with_company(self.company).recobro_user_id, self.dario)

    def test_moving_cases_for_a_while_leaves_the_customers_their_collector(self):
        customer = self.create_customer()
        customer.with_company(self.company).recobro_user_id = self.carla
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        dialog = self.env["recobro.case.reassign"].with_context(
            active_model="recobro.case", active_ids=self.case_of(customer).ids
        )
        dialog.create({"to_user_id": self.dario.id}).action_reassign()
        self.assertEqual(self.case_of(customer).user_id, self.dario)
        self.assertEqual(customer.with_company(self.company).recobro_user_id, self.carla)


class TestOpenItems(CaseCase):
    """The report counts its days from the user's own date, so these tests live today."""

    def setUp(self):
        super().setUp()
        self.today = fields.Date.context_today(self.env["recobro.open.item"])
        self.customer = self.create_customer()
        self.items = self.env["recobro.open.item"]

    def ago(self, number):
        """The day so many days ago."""
        return self.today - timedelta(days=number)

    def groups(self, by, measure="amount_open_company:sum"):
        """The sums of the customer's items by a field."""
        self.env.flush_all()
        rows = self.items._read_group([("partner_id", "=", self.customer.id)], [by], [measure])
        return dict(rows)

    def test_items_are_grouped_by_bucket(self):
        for amount, late in ((1, -5), (2, 0), (4, 1), (8, 30), (16, 31), (32, 61), (64, 91)):
            self.create_invoice(self.customer, amount, self.ago(late))
        self.assertEqual(self.groups("bucket"), {"not_due": 3, "d1_30": 12, "d31_60": 16, "d61_90": 32, "d90_plus": 64})

    def test_items_are_grouped_by_level_and_state_and_filtered_by_both(self):
        chased = self.create_invoice(self.customer, 100, self.ago(10))
        self.create_invoice(self.customer, 30, self.ago(-20))
        self.opening_balance(self.customer, 7, self.ago(50))
        item = self.env["recobro.item"]
        self.run_day(self.working_day())
        item = self.items_of(chased)
        self.assertTrue(item.level_id)
        self.assertEqual(self.groups("level_id"), {item.level_id: 100, self.env["recobro.level"]: 37})
        self.assertEqual(self.groups("state"), {"chased": 100, "not_yet": 30, "left_out": 7})
        found = self.items.search([("partner_id", "=", self.customer.id), ("state", "=", "chased")])
        self.assertEqual((found.move_id, found.case_id), (chased, self.case_of(self.customer)))
        self.assertEqual((found.days_past_due, found.bucket), (10, "d1_30"))
        self.assertFalse(self.items.search([("level_id", "=", item.level_id.id), ("state", "=", "not_yet")]))

    def working_day(self):
        """Today, or the Friday before it."""
        return self.ago(max(0, self.today.weekday() - 4))

    def test_an_opening_balance_that_nobody_chases_is_shown_with_its_reason_and_can_be_taken_in(self):
        entry = self.opening_balance(self.customer, 250, self.ago(50))
        self.env.flush_all()
        [item] = self.items.search([("partner_id", "=", self.customer.id)])
        self.assertEqual((item.reason, item.state, item.amount_open_company), ("opening", "left_out", 250))
        self.run_day(self.working_day())
        self.assertFalse(self.messages_to(self.customer))
        item.action_include()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((item.reason, item.state), (False, "not_yet"))
        self.run_day(self.working_day())
        self.assertEqual(self.messages_to(self.customer).line_ids.item_id.move_id, entry)

    def test_an_invoice_left_out_by_hand_says_so_and_is_not_chased(self):
        self.create_invoice(self.customer, 100, self.ago(10))
        self.env.flush_all()
        self.items.search([("partner_id", "=", self.customer.id)]).action_leave_out()
        self.assertEqual(self.groups("reason"), {"no_followup": 100})
        self.run_day(self.working_day())
        self.assertFalse(self.messages_to(self.customer))

    def test_a_customer_on_pause_is_shown_as_held(self):
        self.create_invoice(self.customer, 100, self.ago(10))
        self.env["recobro.hold"].create(
            {
                "name": "Holidays",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": self.today,
                "date_until": self.ago(-7),
            }
        )
        self.assertEqual(self.groups("reason"), {"pause": 100})

    def test_what_nothing_holds_shows_nothing_as_held(self):
        self.create_invoice(self.customer, 100, self.ago(10))
        self.env.flush_all()
        self.assertEqual(self.items.search([("partner_id", "=", self.customer.id)]).amount_held, 0)

    def test_a_promise_and_a_dispute_together_hold_an_item(self):
        self.create_invoice(self.customer, 100, self.ago(10))
        self.run_day(self.working_day())
        item = self.env["recobro.item"].search([("partner_id", "=", self.customer.id)])
        for reason, amount, shown in (("dispute", 40, {False: 100}), ("promise", 60, {"dispute": 100})):
            self.env["recobro.hold"].create(
                {
                    "name": reason,
                    "reason": reason,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "item_id": item.id,
                    "amount": amount,
                    "date_from": self.today,
                }
            )
            self.env.flush_all()
            self.assertEqual(self.groups("reason"), shown)
        self.assertEqual(self.items.search([("partner_id", "=", self.customer.id)]).amount_held, 100)

    def test_a_pause_in_another_company_is_not_shown_here(self):
        self.create_invoice(self.customer, 100, self.ago(10))
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["recobro.hold"].create(
            {
                "name": "Holidays",
                "partner_id": self.customer.id,
                "company_id": elsewhere.id,
                "date_from": self.today,
                "date_until": self.ago(-7),
            }
        )
        self.assertEqual(self.groups("reason"), {False: 100})
