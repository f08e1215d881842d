"""The one verdict: how much of an account may be asked for (DESIGN.md, rule 2)."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestMoneyReceived(RecobroCase):
    def test_a_partial_payment_leaves_the_rest_to_be_asked_for(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.pay_invoice(invoice, 30)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).line_ids.amount, 70)

    def test_an_open_credit_note_larger_than_the_debt_leaves_nothing_to_ask_for(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.create_credit_note(customer, 150, day(-3))
        run = self.run_day(MONDAY)
        self.assertEqual(self.chased(customer, MONDAY), 0)
        self.assertFalse(self.messages_to(customer, "planned", "sending", "done"))
        self.assertEqual(run.left_out, {"covered": 1})

    def test_a_credit_note_pays_the_oldest_item_first(self):
        customer = self.create_customer()
        older = self.create_invoice(customer, 100, day(-3))
        newer = self.create_invoice(customer, 100, MONDAY)
        self.create_credit_note(customer, 120, day(-3))
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(older), [])
        self.assertEqual(self.messages_to(customer).line_ids.item_id, self.items_of(newer))
        self.assertEqual(self.messages_to(customer).line_ids.amount, 80)

    def test_a_bank_line_that_nobody_reconciled_yet_covers_the_debt(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.receive_in_bank(customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.chased(customer, MONDAY), 0)
        self.assertFalse(self.messages_to(customer))

    def test_a_payment_and_its_bank_line_are_the_same_money(self):
        customer = self.create_customer()
        paid, other = self.create_invoice(customer, 100, MONDAY), self.create_invoice(customer, 100, MONDAY)
        self.pay_in_process(paid)
        self.receive_in_bank(customer, 100, MONDAY)
        self.assertEqual(self.chased(customer, MONDAY), other.amount_residual)

    def test_a_payment_without_a_journal_entry_counts_as_paid(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = False
        journal = self.company_data["default_journal_bank"]
        with self.with_bank_reconciliation():
            payment = wizard.create({"journal_id": journal.id, "payment_method_line_id": method.id})._create_payments()
        self.assertFalse(payment.move_id)
        self.assertEqual(invoice.amount_residual, 100)
        self.run_day(MONDAY)
        self.assertFalse(self.messages_to(customer))

    def test_an_unallocated_payment_without_a_journal_entry_covers_the_oldest_item(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = False
        with self.with_bank_reconciliation():
            payment = self.env["account.payment"].create(
                {"partner_id": customer.id, "amount": 40, "payment_method_line_id": method.id, "date": MONDAY}
            )
            payment.action_post()
        self.assertFalse(payment.move_id)
        self.assertEqual(self.chased(customer, MONDAY), 60)

    def test_an_unallocated_payment_with_a_journal_entry_covers_the_oldest_item(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.pay_on_account(customer, 40)
        self.assertEqual(self.chased(customer, MONDAY), 60)

    def with_bank_reconciliation(self):
        """As where an app reconciles the bank: only there a payment may do without a journal entry."""
        return patch.object(
            type(self.env["account.move"]), "_get_invoice_in_payment_state", lambda _moves: "in_payment"
        )

    def pay_on_account(self, customer, amount):
        """A payment of the customer that is not allocated to any invoice, with its journal entry."""
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = self.outstanding_account()
        payment = self.env["account.payment"].create(
            {"partner_id": customer.id, "amount": amount, "payment_method_line_id": method.id, "date": MONDAY}
        )
        payment.action_post()
        return payment

    def pay_in_process(self, invoice):
        """Pay an invoice by a payment whose money the bank has not shown yet."""
        method = self.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = self.outstanding_account()
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        journal = self.company_data["default_journal_bank"]
        payment = wizard.create({"journal_id": journal.id, "payment_method_line_id": method.id})._create_payments()
        self.assertEqual((payment.is_matched, invoice.amount_residual), (False, 0))
        return payment

    def outstanding_account(self):
        """An account for money on its way to the bank."""
        return self.env["account.account"].create(
            {"name": "Outstanding receipts", "code": "OUTREC", "account_type": "asset_current", "reconcile": True}
        )


class TestWhatIsLeftOut(RecobroCase):
    def test_an_invoice_left_out_by_its_switch_is_not_chased(self):
        customer = self.create_customer()
        left_out, other = self.create_invoice(customer, 100, MONDAY), self.create_invoice(customer, 50, MONDAY)
        left_out.no_followup = True
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).line_ids.item_id, self.items_of(other))

    def test_a_blocked_invoice_is_not_chased(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY).payment_state = "blocked"
        run = self.run_day(MONDAY)
        self.assertFalse(self.messages_to(customer))
        self.assertEqual(run.left_out, {"blocked": 1})

    def test_an_opening_balance_is_left_out_until_somebody_includes_it(self):
        customer = self.create_customer()
        receivable = self.company_data["default_account_receivable"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day(-60),
                "line_ids": [
                    Command.create(
                        {
                            "name": "Old invoice",
                            "account_id": receivable.id,
                            "partner_id": customer.id,
                            "debit": 100,
                            "date_maturity": day(-30),
                        }
                    ),
                    Command.create(
                        {
                            "name": "Opening",
                            "credit": 100,
                            "account_id": self.company_data["default_account_revenue"].id,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self.run_day(MONDAY)
        self.assertFalse(self.case_of(customer))
        [line] = entry.line_ids.filtered(lambda line: line.account_id == receivable)
        report = self.env["recobro.open.item"].browse(line.id)
        self.assertEqual((report.state, report.reason), ("left_out", "opening"))
        report.action_include()
        self.run_day(day(1))
        self.assertEqual(self.messages_to(customer).line_ids.item_id.res_id, line.id)

    def test_a_held_amount_is_not_asked_for_and_the_rest_is(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.hold(customer, "dispute", item=self.items_of(invoice), amount=35)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).line_ids.amount, 65)

    def test_a_hold_on_the_customer_stops_everything_and_its_end_lets_it_go_on(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.hold(customer, "pause", date_until=day(1))
        self.run_days(MONDAY, day(1))
        self.assertFalse(self.messages_to(customer))
        self.run_day(day(2))
        self.assertEqual(len(self.messages_to(customer)), 1)

    def test_money_covers_what_is_asked_for_before_what_is_disputed(self):
        customer = self.create_customer()
        disputed, other = self.create_invoice(customer, 100, day(-9)), self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(disputed, 0)
        self.hold(customer, "dispute", item=self.items_of(disputed))
        self.create_credit_note(customer, 40, day(-1))
        self.assertEqual(self.chased(customer, MONDAY), other.amount_residual - 40)

    def test_a_vendor_who_is_also_a_customer_owes_only_what_he_bought(self):
        partner = self.create_customer()
        self.create_invoice(partner, 100, MONDAY)
        self.create_invoice(partner, 70, MONDAY, MONDAY, move_type="in_invoice")
        self.assertEqual(self.chased(partner, MONDAY), 100)

    def test_a_draft_invoice_is_not_chased(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY, post=False)
        self.run_day(MONDAY)
        self.assertFalse(self.case_of(customer))

    def hold(self, customer, reason, item=None, amount=0, **values):
        """Hold an item, or all of the customer."""
        return self.env["recobro.hold"].create(
            {
                "name": "Because",
                "reason": reason,
                "company_id": self.company.id,
                "partner_id": customer.id,
                "item_id": item.id if item else False,
                "amount": amount,
                "date_from": day(-1),
                **values,
            }
        )


class TestMinimum(RecobroCase):
    def test_a_customer_under_the_minimum_is_not_chased(self):
        self.policy.minimum_amount = 100
        small, large = self.create_customer("Small"), self.create_customer("Large")
        self.create_invoice(small, 99.99, MONDAY)
        self.create_invoice(large, 100, MONDAY)
        run = self.run_day(MONDAY)
        self.assertFalse(self.case_of(small))
        self.assertEqual(len(self.messages_to(large)), 1)
        self.assertEqual(run.left_out, {"under_minimum": 1})

    def test_the_minimum_is_compared_after_converting_a_weak_and_a_strong_currency(self):
        weak = self.setup_other_currency("JPY", rates=[("2016-01-01", 150.0)])
        strong = self.setup_other_currency("KWD", rates=[("2016-01-01", 0.3)])
        self.policy.minimum_amount = 100
        in_weak, in_strong = self.create_customer("Weak"), self.create_customer("Strong")
        # 1,500 units of the weak one are 10 dollars; 45 of the strong one are 150.
        self.create_invoice(in_weak, 1500, MONDAY, currency_id=weak.id)
        self.create_invoice(in_strong, 45, MONDAY, currency_id=strong.id)
        self.run_day(MONDAY)
        self.assertFalse(self.messages_to(in_weak))
        [message] = self.messages_to(in_strong)
        self.assertEqual((message.line_ids.amount, message.line_ids.currency_id), (45, strong))
        self.assertEqual(message.amount, 150)

    def test_amounts_of_a_currency_without_decimals_stay_whole_when_partly_covered(self):
        weak = self.setup_other_currency("JPY", rates=[("2016-01-01", 150.0)])
        customer = self.create_customer()
        self.create_invoice(customer, 1000, MONDAY, currency_id=weak.id)
        self.create_credit_note(customer, 1, day(-1))
        self.run_day(MONDAY)
        amount = self.messages_to(customer).line_ids.amount
        self.assertEqual(amount, round(amount))
        self.assertAlmostEqual(amount, 850, delta=1)


class TestInstalments(RecobroCase):
    def test_each_instalment_is_chased_at_its_own_due_date(self):
        customer = self.create_customer()
        invoice = self.create_instalments(customer, 300, day(-30), (30, 60, 90))
        self.run_day(MONDAY)
        [message] = self.messages_to(customer)
        [line] = message.line_ids
        self.assertEqual((line.amount, line.item_id.instalment, line.item_id.instalment_count), (99.99, 1, 3))
        self.run_days(day(25), day(27))
        self.assertEqual(self.levels_of(invoice)[-1], -5)

    def test_instalments_edited_after_the_first_message_keep_their_positions(self):
        customer = self.create_customer()
        invoice = self.create_instalments(customer, 300, day(-30), (30, 60))
        self.run_day(MONDAY)
        before = self.items_of(invoice)
        invoice.button_draft()
        term = self.env["account.payment.term"].create(
            {
                "name": "Edited",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": number})
                    for share, number in ((40, 31), (40, 61), (20, 91))
                ],
            }
        )
        invoice.invoice_payment_term_id = term
        invoice.action_post()
        self.run_day(day(1))
        after = self.items_of(invoice).filtered(lambda item: item.state == "open")
        self.assertEqual(after[0], before[0])
        self.assertEqual(after.mapped("instalment"), [1, 2, 3])
        self.assertEqual(after[0].level_id, before[0].level_id)
        self.assertEqual(after[0].due_date, day(1))
        self.assertTrue(set(after.mapped("res_id")) <= set(invoice.line_ids.ids))

    def test_an_item_whose_invoice_is_gone_is_closed(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        item = self.items_of(invoice)
        invoice.button_draft()
        self.run_day(day(1))
        self.assertEqual(item.state, "closed")
        self.assertFalse(self.case_of(customer))
