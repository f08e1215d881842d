"""What changes between planning and sending: dates, approvals, calls; and one bad row among many."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import delivery, queue, refresh, run, verdicts

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestSecondVerdict(RecobroCase):
    def deliver(self, as_of):
        """Deliver what is planned and let the mail queue send."""
        with self.mock_mail_gateway():
            delivery.deliver_all(self.env_on(as_of), self.company)
            self.send_queue(as_of)
        self.env.invalidate_all()

    def level(self, delay):
        """The level of the test's policy with this delay."""
        return self.policy.level_ids.filtered(lambda level: level.delay_days == delay)

    def test_a_due_date_moved_behind_the_next_instalment_leaves_each_where_it_was(self):
        customer = self.create_customer()
        invoice = self.create_instalments(customer, 200, day(-33), (30, 60))
        self.run_day(MONDAY)
        first, second = self.items_of(invoice)
        reached = first.level_id
        line = invoice.line_ids.filtered(lambda line: line.id == first.res_id)
        line.date_maturity = day(60)
        self.run_day(day(1))
        self.assertEqual((first.level_id, first.due_date), (reached, day(60)))
        self.assertFalse(second.level_id)

    def test_a_stale_mail_is_not_made_anew_on_a_weekend(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, day(4))
        self.run_day(day(4), send=False)
        with self.mock_mail_gateway():
            self.send_queue(day(5))
        self.env.invalidate_all()
        self.deliver(day(5))
        self.assertFalse(self.messages_to(customer, "planned", "sending", "done"))
        self.run_day(day(7))
        self.assertEqual(len(self.messages_to(customer)), 1)

    def test_an_approved_message_waits_when_the_customer_was_written_to_that_day(self):
        self.level(15).needs_approval = True
        customer = self.create_customer()
        old, new = self.create_invoice(customer, 100, day(-15)), self.create_invoice(customer, 100, day(5))
        self.put_on_ladder(old, 7)
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(new), [-5])
        self.tasks_of(customer, "to_approve").sudo()._set_approved(MONDAY)
        self.deliver(MONDAY)
        self.assertEqual(len(self.messages_to(customer)), 1, "one message a day")
        self.deliver(day(1))
        self.assertEqual(len(self.messages_to(customer)), 1, "and the quiet days")
        self.deliver(day(2))
        self.assertEqual(self.levels_of(old), [15])

    def test_a_call_that_was_approved_is_somebodys_task_and_can_be_missed(self):
        self.level(7).needs_approval = True
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-7))
        self.put_on_ladder(invoice, 3)
        self.run_day(MONDAY)
        call = self.tasks_of(customer, "to_approve")
        call.sudo()._set_approved(day(1))
        self.deliver(day(1))
        self.assertEqual((call.kind, call.state, call.deadline), ("task", "planned", day(4)))
        self.assertTrue(call.activity_id.exists())
        self.run_day(day(7))
        self.assertEqual(call.state, "missed")

    def test_a_call_about_a_paid_invoice_is_taken_off_the_list(self):
        customer = self.create_customer()
        paid, other = self.create_invoice(customer, 100, day(-7)), self.create_invoice(customer, 100, day(-1))
        self.put_on_ladder(paid, 3)
        self.run_day(MONDAY)
        [call] = self.tasks_of(customer)
        self.pay_invoice(paid, day=MONDAY)
        self.refresh(customer, MONDAY)
        self.assertEqual((call.state, call.reason), ("skipped", "settled"))
        self.assertFalse(call.activity_id.exists())
        self.assertEqual(self.items_of(paid).level_id.delay_days, 3)
        self.assertEqual(self.items_of(other).state, "open")

    def test_an_error_in_the_last_verdict_on_one_mail_stops_no_other(self):
        customers = [self.create_customer(name) for name in ("Bad", "Good")]
        for customer in customers:
            self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        bad = self.messages_to(customers[0], "sending").mail_id
        judge = verdicts.judge

        def fail(env, company, as_of, partner_ids):
            if customers[0].id in partner_ids:
                raise TypeError("broken")
            return judge(env, company, as_of, partner_ids)

        with (
            self.mock_mail_gateway(),
            patch("odoo.addons.recobro_module.engine.verdicts.judge", fail),
            mute_logger("odoo.addons.recobro_module.models.mail_mail"),
        ):
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual(len(self.messages_to(customers[1])), 1)
        self.assertEqual(bad.state, "outgoing")

    def test_an_error_with_one_customer_lets_the_cases_of_the_others_be_refreshed(self):
        bad, good = self.create_customer("Bad"), self.create_customer("Good")
        for customer in (bad, good):
            self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        for customer in (bad, good):
            self.create_invoice(customer, 50, day(20))
        take = refresh.snapshot.take

        def fail(env, company, as_of, partner_ids=None):
            if bad.id in partner_ids:
                raise ValueError("broken")
            return take(env, company, as_of, partner_ids)

        with (
            patch("odoo.addons.recobro_module.engine.snapshot.take", fail),
            mute_logger("odoo.addons.recobro_module.engine.refresh"),
        ):
            refresh.refresh(self.env_on(MONDAY))
        self.env.invalidate_all()
        self.assertEqual((self.case_of(bad).amount_open, self.case_of(good).amount_open), (100, 150))
        self.assertFalse(self.env["recobro.mark"].sudo().search([("partner_id", "in", (bad | good).ids)]))

    def test_an_exchange_difference_without_an_amount_in_its_currency_is_no_riddle(self):
        currency = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY, currency_id=currency.id)
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day(-1),
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "debit": 5,
                            "amount_currency": 0,
                            "currency_id": currency.id,
                            "no_followup": False,
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_revenue"].id, "credit": 5}),
                ],
            }
        )
        entry.action_post()
        entry.line_ids.no_followup = False
        self.run_day(MONDAY)
        self.assertEqual(len(self.messages_to(customer)), 1)

    def test_a_run_waits_for_another_one_of_the_same_company(self):
        runs = self.env_on(MONDAY)["recobro.run"].sudo()
        record = runs._start(self.company, MONDAY, "manual")
        with (
            patch("odoo.addons.recobro_module.engine.saving.try_alone", lambda env, company: False),
            self.assertRaisesRegex(UserError, "at work just now"),
            self.env.cr.savepoint(),
        ):
            run.decide(self.env_on(MONDAY), self.company, MONDAY, record)

    def test_what_waits_for_an_approval_is_an_activity_until_it_is_decided(self):
        self.level(15).needs_approval = True
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-15))
        self.put_on_ladder(invoice, 7)
        self.run_day(MONDAY)
        activity = self.case_of(customer).activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref("recobro_module.activity_type_approve"))
        self.assertEqual(activity.user_id, self.policy.user_id)
        approval = self.tasks_of(customer, "to_approve").with_context(recobro_as_of=lived(MONDAY))
        self.assertIn(invoice.name, approval.preview, "who approves sees what would go out")
        self.assertIn("15 days", approval.preview)
        self.tasks_of(customer, "to_approve").action_approve()
        self.assertFalse(activity.exists())

    def test_why_all_items_of_a_customer_are_left_out_is_kept_once(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-3))
        self.run_day(MONDAY)
        self.create_credit_note(customer, 100, MONDAY)
        self.put_on_ladder(self.create_invoice(customer, 10, day(20)), -5)
        self.run_days(day(4), day(6))
        self.assertEqual(self.reasons_of(customer), ["covered"])
        self.assertEqual(self.levels_of(invoice), [3])

    def test_a_mail_that_no_server_takes_for_two_days_fails_and_no_address_is_blamed(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        mail = self.messages_to(customer, "sending").mail_id
        for _attempt in range(15):
            queue.try_again(mail, "Connection refused")
        [failed] = self.messages_to(customer, "failed")
        self.assertEqual(failed.interaction_ids.sorted("id")[-1].email, False)
        self.assertTrue(self.case_of(customer).activity_ids)
