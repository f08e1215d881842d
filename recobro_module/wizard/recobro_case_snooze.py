from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import clock


class RecobroCaseSnooze(models.TransientModel):
    """Dialog: take a case out of one's day until another, and say why. Messages go on: it is no pause."""

    _name = "recobro.case.snooze"
    _description = "Set a case aside"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    date_until = fields.Date(
        "Back on",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=2),
        help="On this day it is in the worklist again, by itself. Before it, when the customer answers.",
    )
    reason = fields.Char("Why", required=True, help="It is kept in the log.")

    def action_snooze(self):
        """Set it aside."""
        self.ensure_one()
        today = clock.today(self.env, self.case_id.company_id)
        if self.date_until <= today:
            raise UserError(self.env._("It is in your day today: choose a later day on which it comes back."))
        self.case_id._snooze(self.date_until, self.reason)
        return {"type": "ir.actions.act_window_close"}
