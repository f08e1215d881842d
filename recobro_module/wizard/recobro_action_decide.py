from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import clock
from ..engine.placements import decision


class RecobroActionDecide(models.TransientModel):
    """Dialog: decide on what waits for an approval, one or many, each with what would go out in view."""

    _name = "recobro.action.decide"
    _description = "Decide on what waits for an approval"

    action_ids = fields.Many2many("recobro.action", readonly=True)
    action_count = fields.Integer("How many", compute="_compute_needs")
    company_id = fields.Many2one("res.company", compute="_compute_needs")
    agency_kind = fields.Char(compute="_compute_needs")
    agency_id = fields.Many2one(
        "recobro.agency",
        "Hand over to",
        domain="[('company_id', '=', company_id), ('kind', '=', agency_kind)]",
        help="For the hand-overs whose level names nobody.",
    )
    cards = fields.Html(compute="_compute_cards", sanitize=False)
    reason = fields.Text("Why not", help="Needed to refuse; it is kept in the log.")

    @api.depends("action_ids")
    def _compute_needs(self):
        for dialog in self:
            open_ones = dialog._without_agency()
            dialog.action_count = len(dialog.action_ids)
            dialog.company_id = dialog.action_ids.company_id[:1]
            kinds = {"placement": "agency", "legal": "lawyer"}
            dialog.agency_kind = kinds.get(open_ones[:1].channel)

    @api.depends("action_ids", "agency_id")
    def _compute_cards(self):
        for dialog in self:
            cards = []
            # In a dialog that is just opening the actions are new records: what goes out is made of those it is about
            waiting = dialog.action_ids._origin
            chosen = dialog._without_agency() if dialog.agency_id else waiting.browse()
            for company, actions in waiting.grouped("company_id").items():
                as_of = clock.today(self.env, company)
                for one in decision.decisions(actions, as_of):
                    if one.action in chosen:
                        # sudo: its terms and what it recovered, shown to who may approve
                        one = decision.with_agency(one, dialog.agency_id._origin.sudo(), as_of)
                    cards.append(actions._render_decision(one))
            dialog.cards = Markup("").join(cards)

    def _without_agency(self):
        """Return the hand-overs for which somebody has to be chosen: of one kind and one company at a time."""
        found = self.action_ids._origin.filtered(lambda action: action.hands_over and not action.level_id.agency_id)
        return found.filtered(lambda one: (one.channel, one.company_id) == (found[0].channel, found[0].company_id))

    def action_approve(self):
        """Approve what is in view; what was decided by a colleague meanwhile stays as it is."""
        self.ensure_one()
        actions = self._actions()
        if self.agency_id:
            # sudo: only the engine writes actions; who may approve them was checked
            self._without_agency().sudo().chosen_agency_id = self.agency_id
        actions.action_approve()
        return {"type": "ir.actions.act_window_close"}

    def action_refuse(self):
        """Refuse what is in view, with a reason: a level above our own collecting waits before it is proposed again."""
        self.ensure_one()
        actions = self._actions()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Write down why not, such as “We are talking to their new owner”."))
        for company, found in actions.grouped("company_id").items():
            # sudo: lines and activities are the engine's; who may decide was checked
            found.sudo()._set_refused(self.reason.strip(), clock.today(self.env, company))
        return {"type": "ir.actions.act_window_close"}

    def _actions(self):
        """Return what still waits, once the right to decide on it was checked."""
        self.action_ids._check_may_act(
            "group_recobro_manager", self.env._("Only a collections manager may approve what waits for a person.")
        )
        waiting = self.action_ids.filtered(lambda action: action.state == "to_approve")
        if not waiting:
            raise UserError(self.env._("A colleague was faster: this is decided already. Reload the page."))
        return waiting
