from odoo import models


class AccountMoveLine(models.Model):
    """A new due date, or being left out of follow-up, leaves a mark for the customer's case."""

    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals or "no_followup" in vals:
            # Of payables only those of bills are told apart: to ask for the account would take a statement of its own,
            # and a mark too many is harmless
            self.env["recobro.mark"]._add(
                (line.partner_id.id, line.company_id.id)
                for line in self
                if line.parent_state == "posted" and not line.move_id.is_purchase_document(include_receipts=True)
            )
        return result
