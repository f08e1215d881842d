"""The discount of a settlement that was kept is forgiven: by its credit notes, and whatever becomes of their drafts."""

from odoo.exceptions import AccessError, UserError

from odoo.addons.recobro_module.engine import open_items
from odoo.addons.recobro_module.engine.portal import portal_access, portal_paying

from .common import MONDAY
from .test_plan_settlement import SettlementCase
from .test_promises import day


class TestDiscount(SettlementCase):
    def settled(self):
        plan = self.settlement()
        self.pay(800, day(2))
        self.judge(day(2))
        return plan

    def test_a_draft_that_an_accountant_deletes_is_not_made_again_and_what_is_forgiven_is_not_chased(self):
        plan = self.settled()
        self.credit_notes(plan).unlink()
        self.judge(day(3))
        self.assertFalse(self.credit_notes(plan).exists())
        self.assertEqual((plan.state, self.held(self.overdue)), ("finished", 200))
        self.assertEqual(self.chased(self.customer, day(30)), 300)

    def test_a_draft_that_an_accountant_cancels_leaves_the_discount_forgiven(self):
        plan = self.settled()
        self.credit_notes(plan).button_cancel()
        self.judge(day(3))
        self.assertEqual((plan.state, self.chased(self.customer, day(30))), ("finished", 300))

    def test_what_is_forgiven_can_not_be_paid_in_the_portal(self):
        self.settled()
        company, customer = (record.with_env(self.env_on(day(3))) for record in (self.company, self.customer))
        access = portal_access.Access(company, customer, customer, "token")
        with self.assertRaisesRegex(portal_paying.Refused, "nothing to pay"):
            portal_paying.bill_of(access, [str(self.receivable(self.overdue).id)])

    def test_of_an_invoice_on_two_terms_nothing_is_chased_whichever_credit_note_is_booked_first(self):
        invoice = self.create_instalments(self.customer, 1000, day(-40), [10, 20])
        open_items.meet(self.env, self.company, MONDAY, self.customer.ids)
        plan = self.plan(invoice, count=1, discount=300)
        for line, amount in zip(self.receivable(invoice).sorted("date_maturity"), (400, 300), strict=True):
            (line | self.receivable(self.receive(amount, day(2)).move_id)).reconcile()
        self.judge(day(2))
        first, second = self.credit_notes(plan).sorted("amount_total")
        self.assertEqual((first.amount_total, second.amount_total), (100, 200))
        for note, left in ((second, 100), (first, 0)):
            note.action_post()
            self.judge(day(3))
            self.assertEqual((plan.state, plan.paid_amount), ("finished", 700))
            self.assertEqual(plan.installment_ids.mapped("amount_reduced"), [0])
            self.assertEqual((self.held(invoice), self.chased(self.customer, day(30))), (left, 1300))

    def test_a_manager_may_take_the_discount_back_as_long_as_it_is_not_booked(self):
        plan = self.settled()
        note = self.credit_notes(plan)
        with self.assertRaises(AccessError):
            plan.with_env(self.as_user(self.collector)).action_break()
        plan.with_env(self.env_on(day(3))).action_break()
        self.assertEqual((plan.state, note.exists(), self.held(self.overdue)), ("broken", note.browse(), 0))
        self.assertIn("took the discount back", plan.end_reason)
        self.assertFalse(self.told(plan, "credit_note"))
        self.judge(day(3))
        self.assertEqual(self.chased(self.customer, day(3)), 200 + 300)
        plan.with_env(self.env_on(day(4))).action_resume()
        self.assertEqual((plan.state, self.credit_notes(plan).amount_total), ("finished", 200))

    def test_a_discount_that_is_booked_is_not_taken_back(self):
        plan = self.settled()
        self.credit_notes(plan).action_post()
        self.judge(day(3))
        with self.assertRaisesRegex(UserError, "Only a plan in force"):
            plan.with_env(self.env_on(day(3))).action_break()
