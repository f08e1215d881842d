from odoo import fields, models


class RecobroSuspensionLift(models.TransientModel):
    """Dialog: lift a suspension, or call off what was announced, and say why."""

    _name = "recobro.suspension.lift"
    _description = "Lift a suspension"

    suspension_ids = fields.Many2many("recobro.suspension", string="Suspensions", required=True, readonly=True)
    reason = fields.Char("Why", required=True, help="It is kept in the log.")

    def action_lift(self):
        """Lift them now."""
        self.ensure_one()
        self.suspension_ids._lift(self.reason)
        return {"type": "ir.actions.act_window_close"}
