from odoo import fields, models
from odoo.exceptions import UserError

from ..engine.placements import proposals


class RecobroPlacementRefuse(models.TransientModel):
    """Dialog: refuse what an agency proposes, with a reason that it reads."""

    _name = "recobro.placement.refuse"
    _description = "Refuse a proposal of an agency"

    proposal_id = fields.Many2one("recobro.placement.proposal", required=True, readonly=True)
    reason = fields.Text("Why not", required=True)

    def action_refuse(self):
        """Refuse it; the agency reads why."""
        self.ensure_one()
        proposal = self.proposal_id._to_decide()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write down why, such as “Three payments are too many: ask for two”."))
        proposals.refuse(proposal, self.reason.strip())
        return {"type": "ir.actions.act_window_close"}
