from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import SUSPENSION_STATES
from ..engine import clock, suspensions
from ..tools.loose_fields import LooseMany2one


class RecobroSuspension(models.Model):
    """A suspension of service, or credit hold: nothing more is supplied to a customer until some items are paid.

    proposed → announced → in force → lifted, or cancelled before it is in force; see `engine/suspensions.py`, which
    alone writes it. Its proposal waits for a manager as an action (`recobro.action`), whose message is the notice.
    """

    _name = "recobro.suspension"
    _description = "Suspension of service"
    _order = "id desc"

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True, index=True)
    case_id = fields.Many2one("recobro.case", readonly=True, index=True, ondelete="restrict")
    action_id = fields.Many2one("recobro.action", "Notice", readonly=True, index=True, ondelete="restrict")
    action_state = fields.Selection(related="action_id.state", string="State of the notice")
    preview = fields.Html(related="action_id.preview")
    state = fields.Selection(SUSPENSION_STATES, required=True, readonly=True, default="proposed")
    item_ids = fields.Many2many("recobro.item", string="Items it is about", readonly=True)
    amount = fields.Monetary("Overdue", readonly=True, help="What is left of the items it is about.")
    note = fields.Text("Why", readonly=True)
    notice_days = fields.Integer("Days' notice", readonly=True)
    proposed_on = fields.Date("Proposed on", readonly=True)
    noticed_on = fields.Date("Announced on", readonly=True)
    day = fields.Date("From", readonly=True, help="The day from which nothing more is supplied, as it was announced.")
    in_force_on = fields.Date("In force since", readonly=True)
    ended_on = fields.Date("Ended on", readonly=True)
    end_reason = fields.Char("Why it ended", readonly=True)
    ended_by_id = fields.Many2one("res.users", "Ended by", readonly=True, index="btree_not_null")
    user_id = fields.Many2one("res.users", "Proposed by", readonly=True, index="btree_not_null")

    _live_idx = models.Index("(company_id, partner_id) WHERE state IN ('proposed', 'noticed', 'in_force')")

    @api.depends("partner_id", "state")
    def _compute_display_name(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for suspension in self:
            name = suspension.partner_id.sudo().exists().display_name or self.env._("Customer removed")
            suspension.display_name = f"{name}: {labels[suspension.state]}" if suspension.state else name

    def _update_state(self, allowed, target, **values):
        """Move the suspensions of `self` that are in an `allowed` state to `target`, and return them."""
        moving = self.filtered(lambda suspension: suspension.state in allowed)
        if moving:
            moving.write({"state": target, **values})
        return moving

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _check_manager(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("recobro_module.group_recobro_manager")):
            raise AccessError(self.env._("Only a collections manager may lift a suspension or call it off."))

    def action_approve(self):
        """Approve what is proposed: the customer gets its notice, and the days of it begin to count."""
        return self.action_id.action_approve()

    def action_refuse(self):
        """Leave the proposal out: the customer hears nothing of it."""
        self.action_id.action_cancel()
        for company, refused in self.grouped("company_id").items():
            # sudo: suspensions are the engine's; who may leave an action out was checked by its button
            suspensions.settle(self.sudo().env, company, clock.today(self.env, company), refused.partner_id.ids)

    def action_lift(self):
        """Open the dialog that lifts suspensions, or calls off what is announced, with a reason."""
        self._check_manager()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Lift the suspension"),
            "res_model": "recobro.suspension.lift",
            "view_mode": "form",
            "target": "new",
            "context": {"default_suspension_ids": self.ids},
        }

    def _lift(self, reason):
        """Lift what is in force, and call off what is proposed or announced. The way in for a person.

        :raise AccessError: when the user is no manager of collections.
        :raise UserError: when no reason is given, or nothing is left to lift.
        """
        self._check_manager()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the reason is kept in the log."))
        lifted = self.browse()
        for company, batch in self.grouped("company_id").items():
            # sudo: suspensions are the engine's; the right to lift them was checked above
            lifted |= suspensions.lift(batch.sudo(), clock.today(self.env, company), reason.strip())
        if not lifted:
            raise UserError(self.env._("A colleague was faster: this suspension is over already."))

    def action_open_case(self):
        """Open the case of the customer."""
        self.ensure_one()
        return self.case_id._get_records_action()
