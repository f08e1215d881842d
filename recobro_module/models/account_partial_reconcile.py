from odoo import api, models


class AccountPartialReconcile(models.Model):
    """Matching money with an invoice, and undoing it, leaves a mark for the customer's case."""

    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        partials = super().create(vals_list)
        partials._recobro_mark()
        return partials

    def unlink(self):
        self._recobro_mark()
        return super().unlink()

    def _recobro_mark(self):
        """Mark the customers on both sides as changed."""
        lines = (self.debit_move_id | self.credit_move_id).filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        self.env["recobro.mark"]._add((line.partner_id.id, line.company_id.id) for line in lines)
