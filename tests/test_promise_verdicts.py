"""The verdict on a promise: which money keeps it, when it is given, and what follows from one that was broken."""

from datetime import timedelta

from odoo import Command

from odoo.addons.recobro_module.engine import promises

from .common import MONDAY, RecobroCase
from .test_promises import PromiseCase, day


class VerdictCase(PromiseCase):
    """A promise with two working days of tolerance, and a bank that is read every day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.promise_bank_wait_days = 0

    def judge(self, when, customer=None):
        """Look at the promises of the customer as the daily job and the one-minute job do."""
        self.refresh(customer or self.customer, when)
        self.env.invalidate_all()

    def states(self, records, when):
        self.judge(when)
        return records.mapped("state")

    def pay(self, amount, when, invoice=None):
        """A payment matched with the invoice at once."""
        return self.pay_invoice(invoice or self.overdue, amount, when)

    def receive(self, amount, when):
        """Money of a day in the bank's books, matched with nothing."""
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": amount,
                "date": when,
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = self.company_data["default_journal_bank"].default_account_id
        payment.action_post()
        return payment

    def undo(self, payment):
        """Set a payment back to draft, and take it off its invoices."""
        self.receivable(payment.move_id).remove_move_reconcile()
        payment.action_draft()

    def receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def match(self, *moves):
        """Reconcile the receivables of some entries with each other."""
        lines = self.env["account.move.line"].union(*[self.receivable(move) for move in moves])
        lines.reconcile()


class TestVerdict(VerdictCase):
    def test_the_deadline_is_so_many_working_days_after_the_day(self):
        # Friday the 6th and two working days: Tuesday
        self.assertEqual(self.promise(100, day(4)).deadline, day(8))
        self.policy.promise_tolerance_days = 0
        self.assertEqual(self.promise(100, day(4)).deadline, day(4))

    def test_a_holiday_of_the_company_moves_the_deadline(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "date_from": f"{day(7)} 00:00:00",
                "date_to": f"{day(7)} 23:59:59",
            }
        )
        self.assertEqual(self.promise(100, day(4)).deadline, day(9))

    def test_one_that_is_paid_is_kept_at_once_and_holds_nothing_any_more(self):
        promise = self.promise(600, day(5))
        self.pay(600, day(2))
        self.judge(day(2))
        self.assertEqual((promise.state, promise.received_amount, promise.verdict_date), ("kept", 600, day(2)))
        self.assertEqual(self.held(self.overdue), 0)
        self.assertEqual(self.chased(self.customer, day(2)), 700)

    def test_one_that_is_due_today_is_not_broken_before_tomorrow(self):
        self.policy.promise_tolerance_days = 0
        promise = self.promise(600, day(3))
        self.assertEqual(self.states(promise, day(3)), ["open"])
        self.assertEqual(self.states(promise, day(4)), ["broken"])
        self.assertEqual(promise.verdict_date, day(4))

    def test_half_paid_before_the_deadline_and_the_rest_after_is_partly_kept(self):
        promise = self.promise(600, day(2))  # until Friday the 6th
        self.pay(300, day(4))
        self.pay(300, day(5))
        self.assertEqual(self.states(promise, day(4)), ["open"])
        self.assertEqual(self.states(promise, day(5)), ["partly_kept"])
        self.assertEqual(promise.received_amount, 300)

    def test_paid_and_kept_and_then_undone_is_broken(self):
        promise = self.promise(600, day(2))
        payment = self.pay(600, day(2))
        self.assertEqual(self.states(promise, day(2)), ["kept"])
        payment.action_draft()
        self.assertEqual(self.states(promise, day(5)), ["broken"])
        self.assertEqual(promise.received_amount, 0)

    def test_a_payment_that_is_undone_before_the_deadline_leaves_the_promise_open_and_holding(self):
        promise = self.promise(600, day(2))
        payment = self.pay(600, MONDAY)
        self.assertEqual(self.states(promise, MONDAY), ["kept"])
        self.undo(payment)
        self.assertEqual(self.states(promise, day(1)), ["open"])
        self.assertFalse(promise.verdict_date)
        self.assertEqual(self.held(self.overdue), 600)

    def test_a_payment_undone_in_part_leaves_it_partly_kept(self):
        promise = self.promise(600, day(2))
        self.pay(400, day(1))
        payment = self.pay(200, day(1))
        self.assertEqual(self.states(promise, day(1)), ["kept"])
        self.undo(payment)
        self.assertEqual(self.states(promise, day(5)), ["partly_kept"])

    def test_money_in_time_that_is_matched_late_turns_broken_into_kept(self):
        promise = self.promise(600, day(2))
        payment = self.receive(600, day(3))
        self.assertEqual(self.states(promise, day(7)), ["broken"])
        self.match(payment.move_id, self.overdue)
        self.assertEqual(self.states(promise, day(8)), ["kept"])
        self.assertEqual(promise.verdict_date, day(8))

    def test_money_after_the_deadline_keeps_nothing_whenever_it_is_matched(self):
        promise = self.promise(600, day(2))
        self.pay(600, day(5))
        self.assertEqual(self.states(promise, day(6)), ["broken"])

    def test_a_credit_note_does_not_keep_a_promise(self):
        promise = self.promise(600, day(2))
        self.match(self.create_credit_note(self.customer, 600, MONDAY), self.overdue)
        self.assertEqual(self.states(promise, MONDAY), ["open"])
        self.assertEqual(self.states(promise, day(5)), ["broken"])

    def test_an_invoice_that_a_credit_note_settles_holds_nothing_and_keeps_nothing(self):
        promise = self.promise(600, day(2))
        self.match(self.create_credit_note(self.customer, 1000, MONDAY), self.overdue)
        self.judge(day(1))
        self.assertEqual(self.held(self.overdue), 0)
        self.assertEqual(self.states(promise, day(5)), ["broken"])

    def test_a_write_off_does_not_keep_a_promise(self):
        promise = self.promise(600, day(2))
        receivable = self.receivable(self.overdue)
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": MONDAY,
                "line_ids": [
                    Command.create(
                        {"account_id": receivable.account_id.id, "partner_id": self.customer.id, "credit": 600}
                    ),
                    Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": 600}),
                ],
            }
        )
        entry.action_post()
        self.match(entry, self.overdue)
        self.assertEqual(self.states(promise, day(5)), ["broken"])

    def test_what_was_matched_before_it_was_made_keeps_nothing(self):
        self.pay(400, MONDAY)
        promise = self.promise(300, day(2))
        self.assertEqual(self.states(promise, day(1)), ["open"])
        self.assertEqual(promise.received_amount, 0)
        self.pay(300, day(1))
        self.assertEqual(self.states(promise, day(1)), ["kept"])

    def test_a_bank_transaction_that_is_reconciled_keeps_a_promise(self):
        promise = self.promise(600, day(2))
        self.match_in_bank(self.receive_in_bank(self.customer, 600, day(1)), self.overdue)
        self.assertEqual(self.states(promise, day(1)), ["kept"])

    def test_money_matched_before_it_was_made_keeps_nothing_when_the_bank_line_is_matched_again(self):
        line = self.receive_in_bank(self.customer, 400, MONDAY)
        self.match_in_bank(line, self.overdue)
        promise = self.promise(300, day(2))
        line.action_undo_reconciliation()
        self.match_in_bank(line, self.overdue)
        self.assertEqual(self.states(promise, day(1)), ["open"])
        self.assertEqual(promise.received_amount, 0)

    def match_in_bank(self, line, invoice):
        """Match a bank transaction with an invoice, as the bank's screen does."""
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.write({"account_id": self.receivable(invoice).account_id.id, "partner_id": self.customer.id})
        self.match(line.move_id, invoice)


class TestOverlap(VerdictCase):
    def test_two_promises_on_one_payment_are_served_first_promise_first(self):
        first = self.promise(600, day(2))
        second = self.promise(400, day(9), in_addition=True)
        self.pay(800, day(3))
        self.judge(day(3))
        self.assertEqual((first.state, second.state), ("kept", "open"))
        self.assertEqual((first.received_amount, second.received_amount), (600, 200))
        self.assertEqual(self.held(self.overdue), 200)
        self.assertEqual(self.states(second, day(14)), ["partly_kept"])

    def test_a_payment_too_late_for_the_first_is_the_second_s(self):
        first = self.promise(600, day(2))
        second = self.promise(400, day(9), in_addition=True)
        self.pay(400, day(5))
        self.judge(day(5))
        self.assertEqual((first.state, second.state), ("broken", "kept"))

    def test_a_superseded_or_withdrawn_promise_takes_nothing(self):
        first = self.promise(600, day(2))
        second = self.promise(600, day(3))
        self.promise(400, day(3), in_addition=True).action_withdraw()
        self.pay(600, day(1))
        self.judge(day(1))
        self.assertEqual((first.state, first.received_amount, second.state), ("superseded", 0, "kept"))

    def test_an_instalment_is_promised_and_judged_by_itself(self):
        invoice = self.create_instalments(self.customer, 900, day(-40), [10, 20, 60])
        self.judge(MONDAY)
        first, second, _third = self.item(invoice)
        env = self.env_on(MONDAY)
        case = self.case.with_env(env)
        one = env["recobro.promise"]._take(case, first.with_env(env), 299, day(2))
        two = env["recobro.promise"]._take(case, second.with_env(env), 299, day(2))
        payment = self.receive(299, day(1))
        line = self.env["account.move.line"].browse(second.res_id)
        (self.receivable(payment.move_id) | line).reconcile()
        self.judge(day(5))
        self.assertEqual((one.state, two.state), ("broken", "kept"))

    def test_a_promise_in_another_currency_is_kept_by_its_own_amount(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        invoice = self.create_invoice(self.customer, 800, day(-5), currency_id=euro.id)
        in_euro = self.promise(500, day(2), invoice)
        in_dollars = self.promise(500, day(2))
        self.assertEqual((in_euro.currency_id, in_dollars.currency_id), (euro, self.company.currency_id))
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = self.company_data["default_journal_bank"].default_account_id
        wizard.create(
            {"amount": 500, "currency_id": euro.id, "payment_date": day(1), "payment_method_line_id": method.id}
        )._create_payments()
        self.judge(day(1))
        self.assertEqual((in_euro.state, in_euro.received_amount, in_dollars.state), ("kept", 500, "open"))

    def test_an_invoice_drafted_and_posted_again_keeps_its_promise_and_what_was_matched(self):
        self.pay(400, MONDAY)
        promise = self.promise(600, day(2))
        self.overdue.button_draft()
        self.judge(MONDAY)
        self.overdue.action_post()
        self.judge(MONDAY)
        self.assertEqual(promise.state, "open")
        self.assertEqual(self.held(self.overdue), 600)


class TestBank(VerdictCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.promise_bank_wait_days = 3

    def test_while_the_bank_is_not_read_up_to_the_deadline_the_verdict_waits(self):
        promise = self.promise(600, day(2))  # until day 4
        self.receive_in_bank(self.create_customer("Other"), 5, day(3))
        self.assertEqual(self.states(promise, day(5)), ["open"])
        self.assertEqual(self.held(self.overdue), 600)
        self.receive_in_bank(self.create_customer("Another"), 5, day(4))
        self.assertEqual(self.states(promise, day(5)), ["broken"])

    def test_it_waits_no_longer_than_the_policy_s_days(self):
        promise = self.promise(600, day(2))
        self.assertEqual(self.states(promise, day(7)), ["open"])
        self.assertEqual(self.states(promise, day(8)), ["broken"])

    def test_one_that_is_paid_does_not_wait_for_the_bank(self):
        promise = self.promise(600, day(2))
        self.pay(600, day(1))
        self.assertEqual(self.states(promise, day(1)), ["kept"])


class TestBroken(VerdictCase):
    def alerts(self):
        kind = self.env.ref("recobro_module.activity_type_promise")
        return self.env["mail.activity"].search(
            [("res_model", "=", "recobro.case"), ("res_id", "=", self.case.id), ("activity_type_id", "=", kind.id)]
        )

    def test_the_owner_is_told_once_and_the_case_counts_it(self):
        self.case.sudo().user_id = self.collector
        self.promise(600, day(2))
        self.pay(100, day(1))
        self.judge(day(5))
        self.judge(day(6))
        alert = self.alerts()
        self.assertEqual((len(alert), alert.user_id), (1, self.collector))
        self.assertIn("600.00", alert.note)
        self.assertIn("100.00", alert.note)
        self.assertEqual(self.case.broken_promise_count, 0)  # partly kept

    def test_a_broken_promise_is_counted_on_the_case_and_no_more_once_it_is_kept(self):
        self.promise(600, day(2))
        payment = self.receive(600, day(3))
        self.judge(day(5))
        self.assertEqual(self.case.broken_promise_count, 1)
        self.assertIn("600.00 of the customer", self.alerts().note)
        self.match(payment.move_id, self.overdue)
        self.judge(day(6))
        self.assertEqual(self.case.broken_promise_count, 0)
        self.assertFalse(self.alerts())

    def test_when_one_of_two_is_kept_after_all_the_alert_is_of_the_other_alone(self):
        self.promise(600, day(2))
        self.promise(250, day(2), self.coming)
        self.judge(day(5))
        self.assertIn("250.00", self.alerts().note)
        self.assertIn("600.00", self.alerts().note)
        self.match(self.receive(600, day(3)).move_id, self.overdue)
        self.judge(day(6))
        self.assertIn("250.00", self.alerts().note)
        self.assertNotIn("600.00", self.alerts().note)

    def test_the_owner_learns_of_a_promise_that_is_broken_while_the_first_alert_waits(self):
        self.promise(600, day(2))
        self.promise(250, day(7), self.coming)
        self.judge(day(5))
        self.assertNotIn("250.00", self.alerts().note)
        self.judge(day(12))
        self.judge(day(13))
        [alert] = self.alerts()
        self.assertEqual((alert.note.count("600.00"), alert.note.count("250.00")), (1, 1))

    def test_a_case_that_opens_later_shows_what_was_broken_before(self):
        self.promise(600, day(2))
        self.judge(day(5))
        self.case.sudo()._set_closed("withdrawn", day(5))
        self.run_day(day(7))
        self.assertEqual(self.case_of(self.customer).broken_promise_count, 1)

    def test_the_ladder_goes_on_at_the_next_level_after_a_promise_is_broken(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        customer = self.create_customer("Climber")
        invoice = self.create_invoice(customer, 1000, MONDAY)
        self.run_day(MONDAY)
        before = self.levels_of(invoice)
        self.assertEqual(before, [0])
        promise = self.promise(1000, day(9), invoice, case=self.case_of(customer))
        last = promise.deadline
        self.run_days(day(1), last)
        self.assertEqual(self.levels_of(invoice), before)
        self.run_days(last + timedelta(days=1), last + timedelta(days=1))
        self.assertEqual(promise.state, "broken")
        self.run_days(last + timedelta(days=2), last + timedelta(days=7))
        delays = sorted(level.delay_days for level in self.policy.level_ids)
        following = delays[delays.index(0) + 1]
        self.assertEqual(self.levels_of(invoice)[:2], [0, following])
        self.assertEqual(len(self.levels_of(invoice)), len(set(self.levels_of(invoice))))

    def test_the_daily_job_gives_the_verdict_before_it_decides_whom_to_write_to(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        promise = self.promise(1000, day(2))
        self.run_day(day(4))
        self.assertFalse(self.messages_to(self.customer))
        self.run_day(day(7))
        self.assertEqual(promise.state, "broken")
        self.assertTrue(self.messages_to(self.customer))

    def test_the_daily_job_judges_again_one_of_long_ago_when_the_customer_has_a_mark(self):
        promise = self.promise(600, day(2))
        payment = self.receive(600, day(3))
        self.judge(day(5))
        self.env["recobro.mark"].sudo().search([]).unlink()
        self.match(payment.move_id, self.overdue)
        promises.settle(self.env_on(day(200)), self.company, day(200))
        self.env.invalidate_all()
        self.assertEqual(promise.state, "kept")


class TestQueryCount(RecobroCase):
    def test_judging_a_day_needs_as_many_queries_for_forty_broken_promises_as_for_ten(self):
        self.policy.promise_bank_wait_days = 0
        self.make_promises(2, MONDAY)
        self.count_queries(day(5))  # what is read once in a process is read here
        self.make_promises(10, day(7))
        few = self.count_queries(day(12))
        self.make_promises(40, day(14))
        self.assertEqual(self.count_queries(day(19)), few)
        self.assertEqual(self.env["recobro.promise"].search_count([("state", "=", "broken")]), 52)

    def make_promises(self, number, when):
        """Customers with two overdue invoices, a promise for both, and a part of it paid."""
        env = self.env_on(when)
        for index in range(number):
            customer = self.create_customer(f"Promiser {when} {index}")
            invoices = [self.create_invoice(customer, 100, when - timedelta(days=late)) for late in (20, 1)]
            case = env["recobro.case"]._open_for(customer, self.company)
            self.refresh(customer, when)
            wizard = env["recobro.promise.take"].create({"case_id": case.id})
            self.assertEqual(wizard.promise_item_ids.move_id, invoices[0] + invoices[1])
            wizard.promise_date = when + timedelta(days=1)
            wizard.action_take()
        self.env["recobro.policy"].search([("is_on", "=", True), ("id", "!=", self.policy.id)]).sudo().is_on = False
        self.env.flush_all()

    def count_queries(self, when):
        """How many statements it takes to judge the promises of a day, from a cold cache, and to write it all."""
        self.env.invalidate_all()
        env = self.env_on(when)
        before = env.cr.sql_log_count
        promises.settle(env, self.company, when)
        env.flush_all()
        return env.cr.sql_log_count - before
