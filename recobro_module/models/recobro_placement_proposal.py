from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import PLAN_RHYTHMS, PROPOSAL_KINDS, PROPOSAL_STATES
from ..engine.placements import proposals
from ..tools.loose_fields import LooseMany2one


class RecobroPlacementProposal(models.Model):
    """What an agency proposes for a case that is with it: a promise, a payment plan, a settlement. It binds nobody.

    proposed → accepted, refused with a reason, or withdrawn: by who proposed it, or because the case came back. What
    the dialog made of it is named here. A promise accepts it at once; a plan once it is proposed to the customer: until
    then the proposal waits with it. Written by the engine alone (`engine/placements/proposals.py`).
    """

    _name = "recobro.placement.proposal"
    _description = "Proposal of an agency"
    _order = "id desc"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    agency_id = fields.Many2one(related="placement_id.agency_id", store=True)
    partner_id = fields.Many2one(related="placement_id.partner_id", string="Customer")
    kind = fields.Selection(PROPOSAL_KINDS, "What", required=True, readonly=True)
    state = fields.Selection(PROPOSAL_STATES, required=True, readonly=True, default="proposed")
    currency_id = LooseMany2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary("They would pay", required=True, readonly=True)
    open_then = fields.Monetary("Open then", readonly=True, help="What was open of it when it was proposed.")
    first_date = fields.Date("First payment on", required=True, readonly=True)
    instalment_count = fields.Integer("Payments", readonly=True, default=1)
    rhythm = fields.Selection(PLAN_RHYTHMS, readonly=True, default="monthly")
    contact_id = LooseMany2one("res.partner", "Agreed with", readonly=True)
    note = fields.Text("What they say", readonly=True)
    proposed_by_id = fields.Many2one("res.users", "Proposed by", readonly=True, ondelete="set null")
    proposed_on = fields.Datetime("Proposed on", readonly=True)
    decided_by_id = fields.Many2one("res.users", "Decided by", readonly=True, ondelete="set null")
    decided_on = fields.Datetime("Decided on", readonly=True)
    reason = fields.Text("Why not", readonly=True)
    promise_id = fields.Many2one("recobro.promise", readonly=True, ondelete="set null", index="btree_not_null")
    plan_id = fields.Many2one(
        "recobro.payment.plan", "Payment plan", readonly=True, ondelete="set null", index="btree_not_null"
    )
    plan_state = fields.Selection(related="plan_id.state", string="State of the plan")
    may_decide = fields.Boolean(compute="_compute_may_decide", help="Screens show its buttons to who may use them.")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A proposal is about an amount above zero.")
    _one_waits = models.UniqueIndex(
        "(placement_id) WHERE state = 'proposed'", "Only one proposal at a time waits for an answer."
    )

    @api.depends("kind", "amount", "agency_id")
    def _compute_display_name(self):
        for proposal in self:
            proposal.display_name = proposals.words(self.env, proposal) if proposal.kind else ""

    @api.depends_context("uid")
    @api.depends("placement_id.user_id")
    def _compute_may_decide(self):
        for proposal in self:
            proposal.may_decide = proposals.may_decide(self.env.user, proposal.sudo())

    def action_accept(self):
        """Open the dialog of the promise or the plan with what was proposed: only what is kept there binds."""
        return proposals.dialog(self._to_decide())

    def action_refuse(self):
        """Open the dialog that refuses it with a reason."""
        proposal = self._to_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse"),
            "res_model": "recobro.placement.refuse",
            "view_mode": "form",
            "target": "new",
            "context": {"default_proposal_id": proposal.id},
        }

    def action_open_plan(self):
        """Open the plan that was made of it."""
        self.ensure_one()
        return self.plan_id._get_records_action()

    def _to_decide(self):
        """Return it in sudo, once the right to decide was checked: what it says is the agency's, its state ours."""
        self.ensure_one()
        self.check_access("read")
        if not self.may_decide:
            raise AccessError(
                self.env._("Who answers for the placement decides on it, or a collections manager: ask one of them.")
            )
        return self.sudo()
