from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import HAND_OVER_CHANNELS, STAGES_APPROVED
from ..engine import clock
from ..engine.placements import decision, handover, rises, selection_words
from ..tools.loose_fields import LooseMany2one


class RecobroActionRise(models.AbstractModel):
    """An action that leads above our own collecting: a person decides, and sees what they decide.

    Refused, the level waits before it is proposed again, and the ladder does not climb.
    """

    _name = "recobro.action.rise"
    _description = "Rise above our own collecting"

    is_rise = fields.Boolean("Above our own collecting", compute="_compute_rise")
    hands_over = fields.Boolean(compute="_compute_rise")
    chosen_agency_id = LooseMany2one("recobro.agency", "Chosen", readonly=True, help="By who approved it.")
    agency_id = fields.Many2one("recobro.agency", "Handed over to", compute="_compute_agency_id")
    selection_facts = fields.Json(readonly=True, copy=False)
    selection = fields.Text(
        "Why it was selected",
        compute="_compute_selection",
        help="How the customer stood to the rule of its level then.",
    )
    decided_by_id = LooseMany2one("res.users", "Decided by", readonly=True)
    refusal = fields.Text("Why it was refused", readonly=True)
    refused_until = fields.Date("Proposed again on", readonly=True)
    placement_ids = fields.One2many("recobro.placement", "action_id", readonly=True)
    decision = fields.Html("What you decide", compute="_compute_decision", sanitize=False)

    @api.depends("stage", "channel")
    def _compute_rise(self):
        for action in self:
            action.is_rise = action.stage in STAGES_APPROVED
            action.hands_over = action.channel in HAND_OVER_CHANNELS

    @api.depends("chosen_agency_id", "level_id")
    def _compute_agency_id(self):
        for action in self:
            action.agency_id = action.hands_over and (action.chosen_agency_id or action.level_id.agency_id)

    @api.depends("selection_facts", "company_id")
    @api.depends_context("lang")
    def _compute_selection(self):
        for action in self:
            facts = action.selection_facts
            action.selection = facts and selection_words.standing(self.env, facts, action.currency_id)

    @api.depends("state", "chosen_agency_id")
    def _compute_decision(self):
        """Show why it is proposed, what was tried, what was answered and what it costs, while it waits."""
        self.decision = False
        waiting = self.filtered(lambda action: action.state == "to_approve" and action.is_rise)
        for company, actions in waiting.grouped("company_id").items():
            for one in decision.decisions(actions, clock.today(self.env, company)):
                # sudo: who may read the action may read what is decided with it
                one.action.with_env(self.env).decision = self._render_decision(one)

    def _render_decision(self, one):
        return self.env["ir.qweb"].sudo()._render("recobro_module.rise_decision", {"one": one, "env": self.env})

    # -------------------------------------------------------------------------
    # DECIDED
    # -------------------------------------------------------------------------

    def _checked_rises(self):
        """Return those of some actions that wait which may be approved now, with who decides written on them.

        :raise UserError: with the reasons, when none may.
        """
        words = {}
        for company, actions in self.grouped("company_id").items():
            words.update(rises.blocked(actions, clock.today(self.env, company)))
        allowed = self.filtered(lambda action: action not in words)
        if not allowed:
            raise UserError("\n".join(words.values()))
        # sudo: only the engine writes actions; the right to approve was checked by the button
        allowed.sudo().decided_by_id = self.env.uid
        return allowed

    def _set_refused(self, reason, as_of):
        """A person refused it: the level waits so many days, and nothing goes out."""
        for action in self:
            refused = action._update_state(
                ("to_approve",),
                "skipped",
                reason="refused",
                refusal=reason,
                decided_by_id=self.env.uid,
                refused_until=fields.Date.add(as_of, days=action.policy_id.refusal_days or 30),
            )
            refused._finish_activity()
            if refused:
                self.env["recobro.interaction"]._log([action._refused_line(reason)])

    def _refused_line(self, reason):
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "case_id": self.case_id.id,
            "action_id": self.id,
            "channel": "note",
            "direction": "out",
            "result": "noted",
            "summary": self.env._("“%(level)s” refused: %(why)s", level=self.level_id.name, why=reason),
        }

    def action_decide(self):
        """Open the dialog that shows what waits, each with what would go out, and approves or refuses it."""
        self._check_may_act(
            "group_recobro_manager", self.env._("Only a collections manager may approve what waits for a person.")
        )
        waiting = self.filtered(lambda action: action.state == "to_approve")
        if not waiting:
            raise UserError(self.env._("Nothing here waits for an approval."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What you decide"),
            "res_model": "recobro.action.decide",
            "view_mode": "form",
            "target": "new",
            "context": {"default_action_ids": waiting.ids, "dialog_size": "extra-large"},
        }

    # -------------------------------------------------------------------------
    # CARRIED OUT
    # -------------------------------------------------------------------------

    def _deliver_placement(self, as_of):
        """Hand the cases of `self` over to their agencies."""
        handover.deliver(self, as_of)

    def _deliver_legal(self, as_of):
        """Hand the cases of `self` over to their lawyers."""
        handover.deliver(self, as_of)
