from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.placements import placing


class RecobroPlacementEnd(models.TransientModel):
    """Dialog: recall a case from whom it is with, or refuse what a collector proposed, with the reason."""

    _name = "recobro.placement.end"
    _description = "Recall a case, or refuse a hand-over"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True)
    state = fields.Selection(related="placement_id.state")
    currency_id = fields.Many2one(related="placement_id.currency_id")
    amount_collected = fields.Monetary(related="placement_id.amount_collected")
    fee = fields.Monetary(related="placement_id.fee")
    reason = fields.Text("Why", required=True)

    def action_end(self):
        """Recall or refuse it, and keep the reason."""
        self.ensure_one()
        record = self.placement_id._to_decide()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write down why, such as “They called our customer at night”."))
        end = placing.refuse if record.state == "proposed" else placing.recall
        end(record, self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
