from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import clock


class RecobroHoldPause(models.TransientModel):
    """Dialog: pause all chasing of a customer, with a reason, an owner and an end."""

    _name = "recobro.hold.pause"
    _description = "Pause collections for a customer"

    partner_id = fields.Many2one("res.partner", "Customer", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company.root_id)
    case_id = fields.Many2one("recobro.case", readonly=True)
    reason = fields.Char("Why", required=True, compute="_compute_current_pause", store=True, readonly=False)
    date_until = fields.Date(
        "Until",
        required=True,
        compute="_compute_current_pause",
        store=True,
        readonly=False,
        help="The last day of the pause; the ladder goes on after it.",
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", required=True, default=lambda self: self.env.user, domain=[("share", "=", False)]
    )
    current_hold_ids = fields.Many2many("recobro.hold", compute="_compute_current_hold_ids")

    @api.depends("partner_id", "company_id")
    def _compute_current_hold_ids(self):
        for wizard in self:
            wizard.current_hold_ids = wizard._current_holds()

    @api.depends("partner_id", "company_id")
    def _compute_current_pause(self):
        """Start from the pause in force, if there is one: the dialog then changes or ends it."""
        for wizard in self:
            pause = wizard._current_holds()[:1]
            wizard.reason = wizard.reason or pause.name
            wizard.date_until = wizard.date_until or pause.date_until

    def _current_holds(self):
        today = clock.today(self.env, self.company_id)
        return self.env["recobro.hold"].search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.root_id.id),
                ("reason", "=", "pause"),
                ("date_until", ">=", today),
            ]
        )

    def action_pause(self):
        """Write the hold; an earlier pause is ended so that only one is in force."""
        self.ensure_one()
        company = self.company_id.root_id
        today = clock.today(self.env, company)
        if self.date_until < today:
            raise UserError(self.env._("A pause must end today or later: choose another day."))
        self._current_holds().action_end()
        hold = self.env["recobro.hold"].create(
            {
                "name": self.reason,
                "reason": "pause",
                "company_id": company.id,
                "partner_id": self.partner_id.commercial_partner_id.id,
                "date_from": today,
                "date_until": self.date_until,
                "user_id": self.user_id.id,
                "source_model": "recobro.case" if self.case_id else False,
                "source_id": self.case_id.id,
            }
        )
        self.env["recobro.mark"]._add([(hold.partner_id.id, company.id)])
        return {"type": "ir.actions.act_window_close"}

    def action_resume(self):
        """End the pause now; the ladder goes on where it was."""
        self.ensure_one()
        self._current_holds().action_end()
        self.env["recobro.mark"]._add([(self.partner_id.commercial_partner_id.id, self.company_id.root_id.id)])
        return {"type": "ir.actions.act_window_close"}
