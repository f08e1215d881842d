from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import LEGAL_OUTCOMES, LEGAL_PROCEDURES
from ..engine import clock
from ..engine.placements import legal_file

#: What a manager writes of a legal file; its outcome has a dialog of its own.
OF_LEGAL_FILE = (
    "legal_number",
    "court",
    "procedure",
    "claimed_amount",
    "opponent_lawyer_id",
    "milestone_ids",
    "legal_cost_ids",
)


class RecobroPlacementLegal(models.AbstractModel):
    """The legal file of a case that is with a lawyer: where it is led, what is to be done by when, costs, outcome.

    The lawyer's firm is the placement's `agency_id`. Deadlines are activities (`engine/placements/legal_file.py`).
    """

    _name = "recobro.placement.legal"
    _description = "Legal file of a placement"
    _inherit = ["recobro.answer"]

    legal_number = fields.Char("File number", tracking=True, help="Under which the court leads it.")
    court = fields.Char(tracking=True)
    procedure = fields.Selection(LEGAL_PROCEDURES, tracking=True)
    claimed_amount = fields.Monetary(
        "Claimed", tracking=True, help="What is claimed from the court: with interest it may be more than is open."
    )
    opponent_lawyer_id = fields.Many2one(
        "res.partner", "Opponent's lawyer", index="btree_not_null", ondelete="set null", tracking=True
    )
    milestone_ids = fields.One2many("recobro.legal.milestone", "placement_id", "Milestones")
    legal_deadline = fields.Date("Next deadline", compute="_compute_legal_deadline", store=True)
    legal_cost_ids = fields.One2many("recobro.legal.cost", "placement_id", "Costs of the legal file")
    legal_cost = fields.Monetary(
        "Legal costs", compute="_compute_legal_cost", store=True, help="Fees of the court, experts, solicitors…"
    )
    legal_outcome = fields.Selection(LEGAL_OUTCOMES, "Outcome", readonly=True, tracking=True)
    legal_outcome_on = fields.Date("Outcome on", readonly=True)
    legal_outcome_note = fields.Text("What was decided", readonly=True)

    @api.depends("milestone_ids.deadline", "milestone_ids.done_on")
    def _compute_legal_deadline(self):
        for placement in self:
            waiting = placement.milestone_ids.filtered(lambda one: one.deadline and not one.done_on)
            placement.legal_deadline = min(waiting.mapped("deadline"), default=False)

    @api.depends("legal_cost_ids.amount")
    def _compute_legal_cost(self):
        for placement in self:
            placement.legal_cost = sum(placement.legal_cost_ids.mapped("amount"))

    def _update_state(self, allowed, target, **values):
        """Keep the deadlines on somebody's list while they count: what is settled needs none any more."""
        moved = super()._update_state(allowed, target, **values)
        legal_file.follow_state(moved)
        return moved

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _check_works_it(self):
        """Check that the user is a collector: they keep milestones and costs, and a manager the rest."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("recobro_module.group_recobro_user")):
            raise AccessError(self.env._("Only a collector keeps the milestones of a legal file."))

    def action_plan_milestones(self):
        """Add the usual milestones of the procedure, with deadlines to correct; those that are there already stay."""
        self.ensure_one()
        self._check_works_it()
        if self.kind != "lawyer":
            raise UserError(self.env._("Only a case that is with a lawyer has a legal file."))
        if not self.procedure:
            raise UserError(self.env._("Choose the procedure first: its usual milestones follow from it."))
        # sudo: what is claimed is a proposal from what was handed over; the right to plan was checked above
        if not self.claimed_amount:
            self.sudo().claimed_amount = self.amount
        if not legal_file.plan(self, clock.today(self.env, self.company_id)):
            raise UserError(self.env._("All the usual milestones of this procedure are in the file already."))

    def action_milestones(self):
        """Show the milestones of the file, where a collector may change them too."""
        return self._of_file("recobro_module.action_recobro_legal_milestone")

    def action_legal_costs(self):
        """Show the costs of the file, where a collector may add to them too."""
        return self._of_file("recobro_module.action_recobro_legal_cost")

    def _of_file(self, xml_id):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xml_id)
        return {
            **action,
            "domain": [("placement_id", "=", self.id)],
            "context": {"default_placement_id": self.id, "of_one_file": True},
        }

    def action_legal_outcome(self):
        """Open the dialog that records what came of it."""
        self.ensure_one()
        self._to_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Outcome of the legal file"),
            "res_model": "recobro.legal.outcome",
            "view_mode": "form",
            "target": "new",
            "context": {"default_placement_id": self.id},
        }
