from odoo import api, models


class AccountBankStatementLine(models.Model):
    """Money seen in the bank leaves a mark for the customer's case, before anybody matches it."""

    _inherit = "account.bank.statement.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._recobro_mark_customers()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if "partner_id" in vals or "amount" in vals:
            self._recobro_mark_customers()
        return result

    def _recobro_mark_customers(self):
        """Mark the customers of these transactions as changed."""
        self.env["recobro.mark"]._add((line.partner_id.id, line.company_id.id) for line in self)
