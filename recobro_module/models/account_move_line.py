from odoo import models


class AccountMoveLine(models.Model):
    """A new due date, or being left out of follow-up, leaves a mark for the customer's case."""

    _inherit = "account.move.line"

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals or "no_followup" in vals:
            self.env["recobro.mark"]._add(
                (line.partner_id.id, line.company_id.id)
                for line in self
                if line.account_type == "asset_receivable" and line.parent_state == "posted"
            )
        return result
