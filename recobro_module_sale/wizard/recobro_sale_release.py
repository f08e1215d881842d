from odoo import fields, models


class RecobroSaleRelease(models.TransientModel):
    """Dialog: confirm orders of a customer on hold, for a reason that is kept in the log."""

    _name = "recobro.sale.release"
    _description = "Confirm orders of a customer on hold"

    order_ids = fields.Many2many("sale.order", string="Orders", required=True, readonly=True)
    reason = fields.Char("Why", required=True)

    def action_confirm(self):
        """Confirm the orders; who may is asked by the orders themselves."""
        self.ensure_one()
        self.order_ids.with_context(recobro_release_reason=self.reason).action_confirm()
        return {"type": "ir.actions.act_window_close"}
