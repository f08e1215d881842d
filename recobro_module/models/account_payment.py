from odoo import models


class AccountPayment(models.Model):
    """A customer's payment that starts, ends or is undone leaves a mark for the customer's case."""

    _inherit = "account.payment"

    def write(self, vals):
        result = super().write(vals)
        if "state" in vals:
            self.env["recobro.mark"]._add(
                (payment.partner_id.id, payment.company_id.id) for payment in self if payment.partner_type == "customer"
            )
        return result
