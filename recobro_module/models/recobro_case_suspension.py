from odoo import api, fields, models

from ..const import SUSPENSION_STATES
from ..engine import clock, suspension_proposals, suspensions


class RecobroCaseSuspension(models.AbstractModel):
    """The suspension of service of a case's customer: shown over the case, proposed and lifted from it."""

    _name = "recobro.case.suspension"
    _description = "Suspension of service of a case"

    suspension_id = fields.Many2one("recobro.suspension", compute="_compute_suspension")
    suspension_state = fields.Selection(
        SUSPENSION_STATES, string="State of the suspension", compute="_compute_suspension"
    )
    suspension_day = fields.Date("Suspended from", compute="_compute_suspension")
    suspension_since = fields.Date("Suspended since", compute="_compute_suspension")

    @api.depends("partner_id", "company_id")
    def _compute_suspension(self):
        """The one that is in force, else announced, else proposed."""
        for company, cases in self.grouped("company_id").items():
            live = suspensions.live_of(self.env, company, cases.partner_id.ids)
            found = live.sorted("state").grouped("partner_id")  # in_force, noticed, proposed
            for case in cases:
                suspension = found.get(case.partner_id, live.browse())[:1]
                case.suspension_id = suspension.sudo(self.env.su)
                case.suspension_state = suspension.state
                case.suspension_day = suspension.day
                case.suspension_since = suspension.in_force_on

    def action_propose_suspension(self):
        """Open the dialog that proposes to suspend the customer's service."""
        return self._open_wizard(self.env._("Propose to suspend the service"), "recobro.suspension.propose")

    def action_lift_suspension(self):
        """Open the dialog that lifts the suspension."""
        return self.suspension_id.action_lift()

    def action_open_suspension(self):
        """Open the suspension."""
        return self.suspension_id._get_records_action()

    def _propose_suspension(self, items, notice_days, note):
        """Propose to suspend the service of the customer for some of its items, and return the suspension."""
        self.ensure_one()
        self.check_access("write")
        # sudo: items, actions and suspensions are the engine's; the right to act on the case was checked above
        return suspension_proposals.propose_by_hand(self.sudo(), items.sudo(), notice_days, note)

    def _suspension_items(self):
        """Return the items of the customer that are overdue, to choose from."""
        self.ensure_one()
        today = clock.today(self.env, self.company_id)
        return self.env["recobro.item"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "open"),
                ("due_date", "<", today),
            ],
            order="due_date, id",
        )
