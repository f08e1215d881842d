from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import PLACEMENT_STATES, STAGES
from ..engine import clock
from ..engine.placements import agency_disputes, billing, instructions, pack, placing, proposals
from .recobro_placement_legal import OF_LEGAL_FILE

#: What a manager may write of a placement; the rest was agreed, or follows from the money.
_OF_PEOPLE = ("user_id", "note", "until", *OF_LEGAL_FILE)


class RecobroPlacement(models.Model):
    """A case in the hands of an agency or a lawyer: the items and amounts, on which terms, what came back.

    (proposed →) placed → finished (all was collected), returned (its days are over) or recalled by a person, with a
    reason. While it is placed our own messages to the customer pause. What is paid meanwhile is attributed to it from
    the reconciliations, as often as they change; the fee follows, by the age each debt had when it was handed over.
    """

    _name = "recobro.placement"
    _description = "Placement with an agency or a lawyer"
    _inherit = ["recobro.placement.legal"]
    _order = "id desc"

    _hold_reason = "placement"

    company_id = fields.Many2one(index=False)  # the first of the index below
    agency_id = fields.Many2one("recobro.agency", "With", required=True, readonly=True, index=True, ondelete="restrict")
    kind = fields.Selection(related="agency_id.kind", store=True)
    state = fields.Selection(PLACEMENT_STATES, required=True, readonly=True, default="placed", tracking=True)
    stage_before = fields.Selection(STAGES, "Coming from stage", readonly=True, help="Where the case stood before.")
    action_id = fields.Many2one(
        "recobro.action", "Proposed by", readonly=True, ondelete="set null", index="btree_not_null"
    )
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    placed_on = fields.Date("Handed over on", readonly=True)
    until = fields.Date(tracking=True, help="The last day it has; what is left then comes back.")
    ended_on = fields.Date("Ended on", readonly=True)
    end_reason = fields.Text("Why it ended", readonly=True)
    holds_all = fields.Boolean(
        "Everything pauses", readonly=True, default=True, help="Our own messages about what was not handed over too."
    )
    line_ids = fields.One2many("recobro.placement.line", "placement_id", "Items", readonly=True)
    bill_ids = fields.One2many("recobro.placement.bill", "placement_id", "Bills", readonly=True)
    # What its people ask and propose, and all they wrote
    question_ids = fields.One2many(
        "recobro.placement.question", "placement_id", "Instructions asked for", readonly=True
    )
    proposal_ids = fields.One2many("recobro.placement.proposal", "placement_id", "Proposals", readonly=True)
    agency_log_ids = fields.One2many("recobro.interaction", "placement_id", "What it wrote", readonly=True)
    has_question = fields.Boolean("Asks for instructions", compute="_compute_has_question")
    is_dispute_heard = fields.Boolean(
        "Says that something is disputed",
        compute="_compute_is_dispute_heard",
        help="The agency writes so, and nobody has opened a dispute or set the request aside.",
    )
    document_ids = fields.One2many(
        "ir.attachment", "res_id", "Documents", domain=[("res_model", "=", "recobro.placement")], readonly=True
    )

    # What came of it, in the company's currency
    amount = fields.Monetary("Handed over", compute="_compute_amounts", store=True)
    amount_collected = fields.Monetary("Collected", compute="_compute_amounts", store=True)
    fee = fields.Monetary("Fee by success", compute="_compute_amounts", store=True)
    fixed_cost = fields.Monetary("Fixed cost", readonly=True)
    cost = fields.Monetary(
        "Costs", compute="_compute_amounts", store=True, help="The fixed cost, and what a legal file cost beside it."
    )
    amount_net = fields.Monetary(
        "Net back", compute="_compute_amounts", store=True, help="What was collected, less the fee and the costs."
    )
    recovery_rate = fields.Float(
        "Recovered", compute="_compute_amounts", store=True, aggregator="avg", help="Share of what was handed over."
    )
    to_bill = fields.Monetary("Not billed yet", compute="_compute_to_bill", help="Of the fee and the fixed cost.")
    bill_count = fields.Integer("Number of bills", compute="_compute_to_bill")

    _judged_idx = models.Index("(company_id, partner_id, state)")

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends(
        "line_ids.amount_company", "line_ids.collected_company", "line_ids.fee", "fixed_cost", "state", "legal_cost"
    )
    def _compute_amounts(self):
        for placement in self:
            lines = placement.line_ids
            placement.amount = sum(lines.mapped("amount_company"))
            placement.amount_collected = sum(lines.mapped("collected_company"))
            placement.fee = sum(lines.mapped("fee"))
            placement.cost = (placement.fixed_cost if placement.placed_on else 0) + placement.legal_cost
            placement.amount_net = placement.amount_collected - placement.fee - placement.cost
            placement.recovery_rate = placement.amount_collected / placement.amount if placement.amount else 0

    @api.depends("fee", "fixed_cost", "bill_ids.fee", "bill_ids.fixed_cost", "bill_ids.is_valid")
    def _compute_to_bill(self):
        for placement in self:
            placement.to_bill = sum(billing.unbilled(placement))
            placement.bill_count = len(placement.bill_ids.filtered("is_valid"))

    @api.depends("question_ids.state")
    def _compute_has_question(self):
        for placement in self:
            placement.has_question = "open" in placement.question_ids.mapped("state")

    @api.depends("activity_ids.activity_type_id")
    def _compute_is_dispute_heard(self):
        # sudo: who may read the placement may see that its owner was asked
        heard = agency_disputes.waiting(self.sudo()._origin).ids
        for placement in self:
            placement.is_dispute_heard = placement._origin.id in heard

    @api.depends("name", "agency_id")
    def _compute_display_name(self):
        for placement in self:
            placement.display_name = f"{placement.name or ''} · {placement.agency_id.name or ''}"

    # -------------------------------------------------------------------------
    # WHO WRITES WHAT
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A case is handed over with the dialog of the case."))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to a person what was agreed: by RPC and import too, it changes by the buttons alone."""
        kept = [
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and name not in _OF_PEOPLE
            and not self._is_chatter(name)
        ]
        if kept and not self.env.su:
            raise AccessError(
                self.env._(
                    "“%(field)s” of a placement is changed by its buttons alone.",
                    field=self._fields[kept[0]]._description_string(self.env),
                )
            )
        return super().write(vals)

    def _is_chatter(self, name):
        return self._fields[name]._module != "recobro_module"

    def _update_state(self, allowed, target, **values):
        """Let go what the agency asked and proposed when the case leaves it, however that is."""
        moved = super()._update_state(allowed, target, **values)
        if target != "placed":
            proposals.lapse(moved)
            instructions.lapse(moved)
        return moved

    def _prepare_hold_vals(self):
        return {**super()._prepare_hold_vals(), "date_from": self.placed_on, "reference": self.agency_id.name}

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_place(self):
        """Approve what a collector proposed: with the amounts of today, which may be others by now."""
        self.ensure_one()
        placing.approve(self._to_decide())

    def action_end(self):
        """Open the dialog that recalls the case, or refuses the proposal, with a reason."""
        self.ensure_one()
        self._to_decide()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Refuse") if self.state == "proposed" else self.env._("Recall"),
            "res_model": "recobro.placement.end",
            "view_mode": "form",
            "target": "new",
            "context": {"default_placement_id": self.id},
        }

    def action_answer(self):
        """Open the dialog that answers what the agency asked."""
        self.ensure_one()
        return self._open_answer(self.question_ids.filtered(lambda one: one.state == "open").sorted("id")[:1])

    def _open_answer(self, question):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Answer the agency"),
            "res_model": "recobro.placement.answer",
            "view_mode": "form",
            "target": "new",
            "context": {"default_placement_id": self.id, "default_question_id": question.id},
        }

    def action_dispute(self):
        """Open the dialog that makes a ticket of what the agency has heard, filled in with its words."""
        self.ensure_one()
        self.check_access("read")
        line = agency_disputes.last_line(self.sudo())  # sudo: what the agency wrote is the placement's
        case = self.case_id.with_context(
            default_note=line.note, default_contact_id=line.contact_id.id, default_channel=line.channel or "call"
        )
        return case.action_dispute()

    def action_bill(self):
        """Draft a vendor bill of each agency for what is due to it and not billed yet."""
        bills = billing.draft(self._to_decide())
        if not bills.with_user(self.env.user).has_access("read"):
            words = self.env._("The draft bill waits for accounting, who look at it and post it.")
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": words,
                    "next": {"type": "ir.actions.client", "tag": "soft_reload"},
                },
            }
        return bills.with_user(self.env.user)._get_records_action(name=self.env._("Bills"))

    def action_documents(self):
        """Make the documents that go with the case as one file, keep it here, and download it."""
        self.ensure_one()
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("recobro_module.group_recobro_user")):
            raise AccessError(self.env._("Only a collector makes the documents of a placement."))
        # sudo: invoices and agreements belong to it, whoever works the case; the right to it was checked above
        attachment = pack.make(self.sudo(), clock.today(self.env, self.company_id))
        return {"type": "ir.actions.act_url", "url": f"/web/content/{attachment.id}?download=true", "target": "self"}

    def action_open_case(self):
        """Open the case of the customer."""
        self.ensure_one()
        return self.case_id._get_records_action()

    def action_bills(self):
        """Show its bills."""
        moves = self.bill_ids.filtered("is_valid").move_id
        return moves._get_records_action(name=self.env._("Bills"))

    def _to_decide(self):
        """Return the placements in sudo, once the right to decide was checked: state and money are the engine's."""
        if not (self.env.su or self.env.user.has_group("recobro_module.group_recobro_manager")):
            raise AccessError(self.env._("Only a collections manager may decide this: ask one."))
        self.check_access("write")
        return self.sudo()
