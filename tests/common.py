"""What the tests share: one company with its books, and short ways to invoice and to pay."""

from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


@tagged("post_install", "-at_install", "standard")
class RecobroCase(AccountTestInvoicingCommon):
    """A company of its own with the generic chart of accounts, in US dollars.

    A test class outside ``odoo.addons`` must carry tags or it can't be collected: it gets them by inheriting from here.
    """

    chart_template = "generic_coa"
    country_code = "US"

    @classmethod
    def create_customer(cls, name="Customer", **values):
        """A company to sell to, with an address to write to."""
        email = f"{name.lower().replace(' ', '.')}@customer.example"
        return cls.env["res.partner"].create({"name": name, "is_company": True, "email": email, **values})

    @classmethod
    def create_invoice(cls, customer, amount, due, invoiced=None, post=True, **values):
        """One posted invoice without tax, due on the day ``due`` and dated ``invoiced`` (the due day unless given)."""
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": []})
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": invoiced or due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [line],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def pay_invoice(cls, invoice, amount=None, day=None):
        """Register a payment on the invoice: all that is open unless ``amount`` is given."""
        values = {"amount": amount or invoice.amount_residual, "payment_date": day or invoice.invoice_date}
        wizard = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        return wizard.create(values)._create_payments()


@tagged("post_install", "-at_install", "standard")
class RecobroBrowserCase(RecobroCase, HttpCase):
    """The same company, with a web server and a browser for tours."""
