from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import clock
from ..engine.placements import decision, formal_letter, placing, selection


class RecobroPlacementPlace(models.TransientModel):
    """Dialog: hand a case over to an agency or a lawyer. A manager does it; a collector proposes it to them."""

    _name = "recobro.placement.place"
    _description = "Hand a case over"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    company_id = fields.Many2one(related="case_id.company_id")
    currency_id = fields.Many2one(related="case_id.currency_id")
    agency_id = fields.Many2one(
        "recobro.agency", "Hand over to", required=True, domain="[('company_id', '=', company_id)]"
    )
    item_ids = fields.Many2many(
        "recobro.item",
        string="Items",
        compute="_compute_item_ids",
        store=True,
        readonly=False,
        domain="[('id', 'in', possible_item_ids)]",
    )
    possible_item_ids = fields.Many2many("recobro.item", compute="_compute_possible", string="What can be handed over")
    blocked = fields.Text(compute="_compute_possible")
    selection = fields.Char("The rule", compute="_compute_selection", help="It is shown, and decides nothing here.")
    formal_letter = fields.Char("Formal letter", compute="_compute_formal_letter")
    may_decide = fields.Boolean(compute="_compute_possible")
    note = fields.Text("Instructions for this case")

    # What it would cost
    amount = fields.Monetary("Handed over", compute="_compute_cost")
    fee = fields.Monetary("Fee if all is paid", compute="_compute_cost")
    fixed_cost = fields.Monetary("Fixed cost", compute="_compute_cost")
    amount_net = fields.Monetary("Net back if all is paid", compute="_compute_cost")
    usual_rate = fields.Float("Usually recovers", compute="_compute_cost")
    usual_net = fields.Monetary("Net back as usual", compute="_compute_cost")

    @api.depends("case_id", "agency_id")
    @api.depends_context("uid")
    def _compute_possible(self):
        for dialog in self:
            # sudo: what is open is shown to who may work the case
            case = dialog.case_id.sudo()
            as_of = clock.today(self.env, case.company_id)
            dialog.possible_item_ids = (
                self.env["recobro.item"].concat(*placing.placeable(case, as_of)) if case else False
            )
            dialog.blocked = placing.refusal(case, dialog.agency_id.sudo(), as_of) if case else False
            dialog.may_decide = self.env.user.has_group("recobro_module.group_recobro_manager")

    @api.depends("case_id")
    def _compute_item_ids(self):
        """Start with all that can be handed over."""
        for dialog in self:
            dialog.item_ids = dialog.possible_item_ids

    @api.depends("agency_id", "item_ids")
    def _compute_selection(self):
        """Say how the customer stands to the rule by which the policy selects; whoever decides may set it aside."""
        for dialog in self:
            # sudo: as for what can be handed over
            dialog.selection = selection.by_hand(
                dialog.case_id.sudo(),
                dialog.agency_id.sudo(),
                dialog._chosen(),
                clock.today(self.env, dialog.company_id),
            )

    @api.depends("agency_id", "item_ids")
    def _compute_formal_letter(self):
        """Say of a hand-over to a lawyer what the formal letter would still wait for."""
        for dialog in self:
            dialog.formal_letter = False
            if dialog.agency_id.kind == "lawyer":
                company, items = dialog.company_id.sudo(), dialog.item_ids._origin.ids
                # sudo: as for what can be handed over
                letters = formal_letter.of_items(self.sudo().env, company, clock.today(self.env, company), items)
                waiting = [letter for letter in letters.values() if letter.wait]
                if waiting:
                    dialog.formal_letter = formal_letter.why(self.env, dialog.case_id.partner_id, waiting[0])

    @api.depends("agency_id", "item_ids")
    def _compute_cost(self):
        for dialog in self:
            case = dialog.case_id.sudo()
            as_of = clock.today(self.env, case.company_id or self.env.company)
            parts = dialog._chosen()
            agency = dialog.agency_id.sudo()
            cost = decision.cost_of(agency, case.stage, parts, decision.usual(agency, as_of).get(agency.id))
            dialog.amount = sum(amount for _days, amount in parts)
            dialog.fee = cost and cost.fee
            dialog.fixed_cost = cost and cost.fixed
            dialog.amount_net = cost and cost.net
            dialog.usual_rate = cost and cost.usual
            dialog.usual_net = cost and cost.usual is not None and cost.usual_net

    def _chosen(self):
        """Return [(days past due, amount in company currency)] of the items that are chosen."""
        # sudo: what is open is shown to who may work the case
        case, chosen = self.case_id.sudo(), self.item_ids._origin.ids
        found = placing.placeable(case, clock.today(self.env, case.company_id)) if case else {}
        return [
            (row["days_past_due"], float(row["chased_company"])) for item, row in found.items() if item.id in chosen
        ]

    def action_place(self):
        """Hand it over; only for a manager."""
        self.ensure_one()
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(self.env._("Only a collections manager hands a case over: propose it to them."))
        record = placing.place(*self._what(), approved_by_id=self.env.uid, note=self.note)
        return record.with_env(self.env)._get_records_action()

    def action_propose(self):
        """Propose it to who answers for the agency."""
        self.ensure_one()
        placing.propose(*self._what(), note=self.note)
        return {"type": "ir.actions.act_window_close"}

    def _what(self):
        """Return the case, the agency, the items and the day, once the right to work the case was checked."""
        self.case_id.check_access("write")
        if not self.item_ids:
            raise UserError(self.env._("Choose the invoices that are handed over."))
        return self.case_id, self.agency_id, self.item_ids, clock.today(self.env, self.company_id)
