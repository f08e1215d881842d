from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..const import LEGAL_OUTCOMES, LEGAL_OUTCOMES_LOST
from ..engine import clock
from ..engine.placements import legal_file


class RecobroLegalOutcome(models.TransientModel):
    """Dialog: what came of a legal file, on which day, and what was decided."""

    _name = "recobro.legal.outcome"
    _description = "Outcome of a legal file"

    placement_id = fields.Many2one("recobro.placement", "Legal file", required=True, readonly=True)
    outcome = fields.Selection(LEGAL_OUTCOMES, required=True)
    day = fields.Date(required=True, default=lambda self: clock.today(self.env, self.env.company.root_id))
    note = fields.Text("What was decided")
    is_lost = fields.Boolean(compute="_compute_is_lost")

    @api.depends("outcome")
    def _compute_is_lost(self):
        for dialog in self:
            dialog.is_lost = dialog.outcome in LEGAL_OUTCOMES_LOST

    def action_record(self):
        """Record it on the placement and in the log; who owns a case that is lost decides how it ends."""
        self.ensure_one()
        placement = self.placement_id._to_decide()
        legal_file.check_kind(placement)
        if placement.state in ("proposed", "refused"):
            raise UserError(self.env._("This case was never handed over: nothing has come of it."))
        if self.day > clock.today(self.env, placement.company_id):
            raise UserError(
                self.env._(
                    "%(day)s is still to come: record the outcome when it is there.",
                    day=format_date(self.env, self.day),
                )
            )
        legal_file.decide(placement, self.outcome, self.day, (self.note or "").strip())
        return {"type": "ir.actions.act_window_close"}
