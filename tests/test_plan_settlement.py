"""Settlements: a discount granted if, and only if, the plan is kept to the day."""

from odoo.addons.recobro_module.engine import open_items

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class SettlementCase(PlanCase):
    def settlement(self, *invoices, **terms):
        """800 of 1 000 in two weekly payments, the rest forgiven."""
        return self.plan(*invoices, **{"count": 2, "discount": 200, **terms})

    def credit_notes(self, plan):
        return plan.line_ids.credit_note_id


class TestKept(SettlementCase):
    def test_kept_to_the_last_day_its_discount_is_drafted_and_an_accountant_told(self):
        plan = self.settlement()
        self.assertEqual(plan.installment_ids.mapped("amount"), [400, 400])
        self.assertEqual(plan.installment_ids.mapped("deadline"), [day(7), day(14)])
        self.pay(400, day(7))
        self.judge(day(8))
        self.pay(400, day(14))
        self.judge(day(15))
        self.assertEqual((plan.state, plan.paid_amount), ("finished", 800))
        note = self.credit_notes(plan)
        self.assertEqual((note.state, note.move_type, note.amount_total), ("draft", "out_refund", 200))
        self.assertEqual(note.reversed_entry_id, self.overdue)
        self.assertIn(plan.name, note.ref)
        self.assertIn("200.00 is forgiven", self.told(plan, "credit_note").note)

    def test_the_discount_is_not_chased_while_its_credit_note_waits_nor_after_it_is_posted(self):
        plan = self.settlement()
        self.pay(800, day(2))
        self.judge(day(2))
        self.assertEqual(self.held(self.overdue), 200)
        self.assertEqual(self.chased(self.customer, day(20)), 300)
        self.credit_notes(plan).action_post()
        self.judge(day(20))
        self.assertEqual((self.held(self.overdue), self.overdue.amount_residual), (0, 0))
        self.assertEqual((plan.state, self.chased(self.customer, day(20))), ("finished", 300))

    def test_its_own_credit_note_takes_nothing_off_the_plan(self):
        plan = self.settlement()
        self.pay(800, day(2))
        self.judge(day(2))
        self.credit_notes(plan).action_post()
        self.judge(day(3))
        self.assertEqual(plan.installment_ids.mapped("amount_reduced"), [0, 0])
        self.assertEqual(plan.paid_amount, 800)

    def test_each_invoice_gets_the_part_of_the_discount_that_is_open_of_it(self):
        plan = self.settlement(self.overdue, self.coming)
        self.pay(1000, day(2))
        self.pay(100, day(2), self.coming)
        self.judge(day(2))
        self.assertEqual(plan.state, "finished")
        [note] = self.credit_notes(plan)
        self.assertEqual((note.reversed_entry_id, note.amount_total), (self.coming, 200))

    def test_with_tax_the_credit_note_is_the_exact_discount(self):
        self.policy.settlement_approval_amount = 0
        tax = self.company_data["default_tax_sale"].copy({"name": "21%", "amount": 21})
        self.overdue.button_draft()
        self.overdue.invoice_line_ids.tax_ids = tax
        self.overdue.action_post()
        plan = self.settlement(discount=99.99)
        self.assertEqual(plan.amount, 1210)
        self.pay(1110.01, day(2))
        self.judge(day(2))
        self.assertEqual(self.credit_notes(plan).amount_total, 99.99)

    def test_all_paid_all_the_same_there_is_nothing_to_forgive_and_nobody_is_told(self):
        plan = self.settlement()
        self.pay(1000, day(2))
        self.judge(day(2))
        self.assertEqual((plan.state, plan.end_reason), ("finished", "Everything was paid."))
        self.assertFalse(self.credit_notes(plan))
        self.assertFalse(self.told(plan, "credit_note"))

    def test_who_pays_more_than_agreed_is_forgiven_what_is_left(self):
        plan = self.settlement()
        self.pay(900, day(2))
        self.judge(day(2))
        self.assertEqual(self.credit_notes(plan).amount_total, 100)
        self.assertIn("100.00 is forgiven", self.told(plan, "credit_note").note)

    def test_an_invoice_that_is_cancelled_was_neither_paid_nor_forgiven(self):
        plan = self.settlement()
        self.overdue.button_draft()
        self.overdue.button_cancel()
        self.judge(day(1))
        self.assertEqual((plan.state, plan.end_reason), ("finished", "Nothing is left to pay."))
        self.assertFalse(self.told(plan, "credit_note"))

    def test_a_broken_one_that_was_paid_in_full_and_is_resumed_forgives_nothing(self):
        plan = self.settlement()
        self.judge(day(10))
        self.pay(1000, day(11))
        self.judge(day(11))
        plan.with_env(self.env_on(day(12))).action_resume()
        self.assertFalse(self.told(plan, "credit_note"))

    def test_a_case_that_was_paid_in_full_was_not_settled_with_a_discount(self):
        self.coming.button_draft()
        self.case.sudo().is_manual = False
        plan = self.settlement()
        self.pay(1000, day(2))
        self.judge(day(2))
        self.assertEqual((plan.state, self.case.state, self.case.outcome), ("finished", "closed", "paid"))

    def test_an_early_partial_payment_is_a_settlement_with_one_instalment(self):
        plan = self.settlement(count=1, first_day=day(4))
        self.assertEqual(plan.installment_ids.mapped("amount"), [800])
        self.pay(800, day(4))
        self.judge(day(4))
        self.assertEqual((plan.state, self.credit_notes(plan).amount_total), ("finished", 200))

    def test_a_case_that_a_settlement_ends_was_settled_with_a_discount(self):
        self.coming.button_draft()
        self.case.sudo().is_manual = False
        plan = self.settlement()
        self.run_day(day(4))
        self.pay(800, day(5))
        self.judge(day(5))
        self.assertEqual(self.case.state, "open")
        self.credit_notes(plan).action_post()
        self.judge(day(6))
        self.assertEqual((self.case.state, self.case.outcome), ("closed", "settled"))

    def test_the_notice_of_an_instalment_says_what_is_forgiven_when_it_is_kept(self):
        plan = self.settlement()
        self.run_day(day(4))
        message = self.messages_to(self.customer)[-1]
        text = self.env["mail.mail"].sudo().browse(message.mail_id.id).body_html
        words = f"When every payment of {plan.name} has come in by its day, we forgive the remaining"
        self.assertIn(f"{words} $\N{NO-BREAK SPACE}200.00", text)

    def test_what_is_no_invoice_is_left_to_an_accountant_to_write_off_and_not_chased_until_then(self):
        plan, entry = self.settled_entry()
        self.assertEqual(plan.state, "finished")
        self.assertFalse(self.credit_notes(plan))
        self.assertIn("100.00 is forgiven. Write it off", self.told(plan, "credit_note").note)
        self.assertEqual((self.held(entry), self.chased(self.customer, day(30))), (100, 1300))
        write_off = self.create_entry(day(3), -100)
        self.match(write_off, entry)
        self.judge(day(3))
        self.assertEqual((plan.state, plan.paid_amount, self.held(entry)), ("finished", 400, 0))
        self.assertEqual(self.chased(self.customer, day(30)), 1300)

    def test_of_invoices_and_other_entries_together_an_accountant_is_told_what_to_post_and_what_to_write_off(self):
        entry = self.create_entry(day(-5), 500)
        open_items.meet(self.env, self.company, MONDAY, self.customer.ids)
        plan = self.settlement(self.overdue, entry)
        self.assertIn(f"a credit note for what of it is of {self.overdue.name}, and", plan.agreement)
        self.pay(900, day(2))
        self.match(self.receive(400, day(2)).move_id, entry)
        self.judge(day(2))
        self.assertEqual((plan.state, self.credit_notes(plan).amount_total), ("finished", 100))
        note = str(self.told(plan, "credit_note").note).replace("&nbsp;", " ")
        self.assertIn("$ 200.00 is forgiven. Check its draft credit notes and post them.", note)
        self.assertIn(f"The other $ 100.00 is of what is no invoice ({entry.name}): write it off.", note)

    def test_the_agreement_speaks_of_a_credit_note_where_there_will_be_one(self):
        words = "We send you a credit note for it."
        self.assertIn(words, self.settlement().agreement)
        entry = self.create_entry(day(-5), 500)
        open_items.meet(self.env, self.company, MONDAY, self.customer.ids)
        self.assertNotIn("credit note", self.settlement(entry, discount=100).agreement)

    def test_a_case_whose_discount_was_written_off_by_hand_was_settled_with_a_discount(self):
        self.overdue.button_draft()
        self.coming.button_draft()
        self.case.sudo().is_manual = False
        plan, entry = self.settled_entry()
        self.match(self.create_entry(day(3), -100), entry)
        self.judge(day(3))
        self.assertEqual((plan.state, self.case.state, self.case.outcome), ("finished", "closed", "settled"))

    def settled_entry(self):
        """A settlement of 500 that are no invoice, kept with 400, and the entry."""
        entry = self.create_entry(day(-5), 500)
        open_items.meet(self.env, self.company, MONDAY, self.customer.ids)
        plan = self.settlement(entry, discount=100)
        self.match(self.receive(400, day(2)).move_id, entry)
        self.judge(day(2))
        return plan, entry

    def create_entry(self, due, amount):
        """What the customer owes by an entry that is no invoice; below zero, a write-off."""
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": min(due, day(3)),
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": self.company_data["default_account_receivable"].id,
                            "balance": amount,
                            "partner_id": self.customer.id,
                            "date_maturity": due,
                            "name": "Opening",
                        },
                    ),
                    (0, 0, {"account_id": self.company_data["default_account_revenue"].id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        self.receivable(entry).no_followup = False
        return entry


class TestNotKept(SettlementCase):
    def test_missed_by_a_day_nothing_is_forgiven_and_all_that_is_left_is_chased(self):
        plan = self.settlement()
        self.pay(400, day(7))
        self.judge(day(7))
        self.pay(400, day(15))
        self.judge(day(15))
        self.assertEqual((plan.state, plan.paid_amount), ("broken", 800))
        self.assertFalse(self.credit_notes(plan))
        self.assertEqual(self.held(self.overdue), 0)
        self.assertEqual(self.chased(self.customer, day(15)), 200 + 300)
        self.assertIn("nothing is forgiven", self.told(plan, "missed").note)

    def test_it_has_no_tolerance_and_breaks_at_the_first_one_whatever_the_policy_says_of_plans(self):
        self.policy.plan_missed_limit = 3
        plan = self.settlement()
        self.judge(day(7))
        self.assertEqual(plan.state, "active")
        self.judge(day(8))
        self.assertEqual(plan.state, "broken")

    def test_money_of_the_day_that_is_matched_later_keeps_it_after_all(self):
        plan = self.settlement(count=1)
        money = self.receive(800, day(7))
        self.judge(day(10))
        self.assertEqual(plan.state, "active")
        self.match(money.move_id, self.overdue)
        self.judge(day(11))
        self.assertEqual((plan.state, self.credit_notes(plan).amount_total), ("finished", 200))

    def test_an_undone_payment_takes_the_draft_credit_note_back(self):
        plan = self.settlement()
        payment = self.pay(800, day(2))
        self.judge(day(2))
        note = self.credit_notes(plan)
        self.undo(payment)
        self.judge(day(3))
        self.assertEqual(plan.state, "active")
        self.assertFalse(note.exists())
        self.assertFalse(self.told(plan, "credit_note"))
        self.pay(800, day(4))
        self.judge(day(4))
        self.assertEqual((plan.state, self.credit_notes(plan).amount_total), ("finished", 200))

    def test_an_undone_payment_of_a_booked_discount_is_told_to_an_accountant(self):
        plan = self.settlement()
        payment = self.pay(800, day(2))
        self.judge(day(2))
        self.credit_notes(plan).action_post()
        self.undo(payment)
        self.judge(day(3))
        self.assertEqual(plan.state, "active")
        self.assertIn("reverse the credit note", self.told(plan, "credit_note").note)
        self.assertEqual(self.open_items(plan), [400, 400])

    def test_a_draft_credit_note_that_was_booked_before_is_left_to_an_accountant(self):
        plan = self.settlement()
        payment = self.pay(800, day(2))
        self.judge(day(2))
        note = self.credit_notes(plan)
        note.action_post()
        self.receivable(note).remove_move_reconcile()
        note.button_draft()
        self.undo(payment)
        self.judge(day(3))
        self.assertEqual((plan.state, note.exists()), ("active", note))
        self.assertIn("reverse the credit note", self.told(plan, "credit_note").note)

    def test_a_discount_above_the_policy_s_waits_for_the_manager(self):
        plan = self.draft(user=self.collector, count=2, discount=500.01)
        plan.with_env(self.as_user(self.collector, MONDAY)).action_propose()
        self.assertEqual(plan.state, "to_approve")
