"""What the portal asks to quote in a bank transfer when instalments are paid side by side."""

from odoo.addons.recobro_module.engine import open_items
from odoo.addons.recobro_module.engine.portal import portal_access, portal_paying

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestReferenceToQuote(PlanCase):
    def bill(self, *line_ids):
        """The bill of some lines, as the customer sees it on Monday."""
        self.env.flush_all()
        company, customer = (record.with_env(self.env_on(MONDAY)) for record in (self.company, self.customer))
        access = portal_access.Access(company, customer, customer, "token")
        return portal_paying.bill_of(access, [str(line_id) for line_id in line_ids])

    def terms_of_an_invoice(self):
        """An invoice on two terms that asks for a reference of its own, and its lines, earlier first."""
        invoice = self.create_instalments(self.customer, 1000, day(-40), [10, 20])
        invoice.payment_reference = "RF18 5390 0754 7034"
        open_items.meet(self.env, self.company, MONDAY, self.customer.ids)
        return invoice, self.receivable(invoice).sorted("date_maturity")

    def test_of_two_instalments_of_one_invoice_what_the_invoice_asks_for_is_quoted_once(self):
        invoice, lines = self.terms_of_an_invoice()
        bill = self.bill(*lines.ids)
        self.assertEqual((len(bill.entries), bill.amount, bill.moves), (2, 1000, invoice))
        self.assertEqual((bill.reference, bill.to_quote), (invoice.name, "RF18 5390 0754 7034"))

    def test_one_instalment_of_an_invoice_quotes_what_the_invoice_asks_for(self):
        _invoice, lines = self.terms_of_an_invoice()
        self.assertEqual(self.bill(lines[1].id).to_quote, "RF18 5390 0754 7034")

    def test_instalments_of_an_invoice_beside_another_invoice_quote_each_invoice_once(self):
        invoice, lines = self.terms_of_an_invoice()
        bill = self.bill(*lines.ids, self.receivable(self.overdue).id)
        self.assertEqual(sorted(bill.to_quote.split(", ")), sorted([invoice.name, self.overdue.name]))

    def test_of_two_instalments_of_a_plan_the_plan_is_quoted_once(self):
        plan = self.plan()
        self.judge(MONDAY)
        first, second, _third = plan.installment_ids
        bill = self.bill(-first.id, -second.id)
        self.assertEqual((bill.plan, bill.to_quote), (plan, plan.name))

    def test_an_instalment_of_a_plan_beside_one_of_an_invoice_quotes_both(self):
        invoice, lines = self.terms_of_an_invoice()
        plan = self.plan()
        self.judge(MONDAY)
        bill = self.bill(-plan.installment_ids[0].id, lines[0].id)
        self.assertIn(plan.name, bill.to_quote)
        self.assertIn(invoice.name, bill.to_quote)
