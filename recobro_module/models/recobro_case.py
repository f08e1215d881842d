from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..const import RISE_WAITS, STAGES
from ..engine import clock, snapshot
from ..tools.loose_fields import LooseMany2one

#: Live figures of the form, with the stored figure each of them is the present value of.
_LIVE = {name.replace("amount_", "live_"): name for name in snapshot.FIGURES if name.startswith("amount_")}


class RecobroCase(models.Model):
    """The collection file of one customer (commercial entity) in one legal entity (main company).

    Opened by the daily job for each customer with something to chase, closed by it when what was
    chased is settled; at most one is open. Its stored figures are for lists and follow the
    account within a minute; the form shows the live ones.
    """

    _name = "recobro.case"
    _description = "Collections case"
    _inherit = [
        "recobro.case.mail",
        "recobro.case.figures",
        "recobro.case.closing",
        "recobro.case.placement",
        "recobro.case.suspension",
        "recobro.case.day",
        "recobro.case.cost",
        "mail.activity.mixin",
    ]
    _order = "amount_overdue desc, id desc"

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    partner_id = LooseMany2one("res.partner", "Customer", required=True, index=True)
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = LooseMany2one("recobro.policy", readonly=True, index="btree_not_null")
    user_id = fields.Many2one("res.users", "Responsible", domain=[("share", "=", False)], index="btree_not_null")
    state = fields.Selection([("open", "Open"), ("closed", "Closed")], default="open", required=True, readonly=True)
    stage = fields.Selection([*STAGES, ("closed", "Closed")], default="preventive", required=True, readonly=True)
    level_id = fields.Many2one("recobro.level", "Level reached", readonly=True, index="btree_not_null")
    is_manual = fields.Boolean("Opened by a person", default=True, readonly=True)
    opened_on = fields.Date("Opened on", default=fields.Date.context_today, required=True, readonly=True)

    # What comes next, and what was done
    next_level_id = fields.Many2one("recobro.level", "Next action", readonly=True, index="btree_not_null")
    next_action_date = fields.Date("Next action on", readonly=True)
    not_selected_level_id = LooseMany2one(
        "recobro.level", "Not selected by", readonly=True, copy=False, help="The level of which its owner was told so."
    )
    next_wait = fields.Selection(RISE_WAITS, "Why it waits", readonly=True)
    last_message_date = fields.Date("Last message", readonly=True)
    message_count = fields.Integer("Messages sent", readonly=True)
    silence_alert_date = fields.Date(
        "Told of no answer on", readonly=True, copy=False, help="When its responsible was told that nobody answers."
    )
    silence_alert_contacts = fields.Integer("Contacts at that alert", readonly=True, copy=False)
    role_alert_date = fields.Date("Told of a missing role on", readonly=True, copy=False)

    # Figures as of the last refresh, in the company's currency
    item_count = fields.Integer("Number of open items", readonly=True)
    oldest_due_date = fields.Date("Oldest due date", readonly=True)
    days_past_due = fields.Integer("Days past due", compute="_compute_days_past_due", help="Of the oldest open item.")
    amount_open = fields.Monetary("Open", readonly=True)
    amount_overdue = fields.Monetary("Overdue", readonly=True)
    amount_due_soon = fields.Monetary("Due soon", readonly=True, help="Due within seven days.")
    amount_not_due = fields.Monetary("Not due", readonly=True)
    amount_1_30 = fields.Monetary("1-30", readonly=True)
    amount_31_60 = fields.Monetary("31-60", readonly=True)
    amount_61_90 = fields.Monetary("61-90", readonly=True)
    amount_90_plus = fields.Monetary("Over 90", readonly=True)
    amount_held = fields.Monetary("Held", readonly=True, help="Paused, promised, disputed or in a plan: not chased.")
    amount_credit = fields.Monetary("Unallocated credit", readonly=True)
    amount_net = fields.Monetary("Net", readonly=True, help="Open less what was received and is not matched yet.")

    # The same, live, for the form
    live_open = fields.Monetary("Open now", compute="_compute_live")
    live_overdue = fields.Monetary("Overdue now", compute="_compute_live")
    live_due_soon = fields.Monetary("Due soon now", compute="_compute_live")
    live_not_due = fields.Monetary("Not due now", compute="_compute_live")
    live_1_30 = fields.Monetary("1-30 now", compute="_compute_live")
    live_31_60 = fields.Monetary("31-60 now", compute="_compute_live")
    live_61_90 = fields.Monetary("61-90 now", compute="_compute_live")
    live_90_plus = fields.Monetary("Over 90 now", compute="_compute_live")
    live_held = fields.Monetary("Held now", compute="_compute_live")
    live_credit = fields.Monetary("Unallocated credit now", compute="_compute_live")
    live_net = fields.Monetary("Net now", compute="_compute_live")

    # What belongs to it
    item_ids = fields.One2many("recobro.item", "case_id", "Items chased", readonly=True)
    open_item_ids = fields.One2many("recobro.open.item", "case_id", "Open items", readonly=True)
    action_ids = fields.One2many("recobro.action", "case_id", "Actions", readonly=True)
    interaction_ids = fields.One2many("recobro.interaction", "case_id", "Log", readonly=True)
    hold_ids = fields.Many2many("recobro.hold", compute="_compute_hold_ids", string="Holds")
    paused_until = fields.Date("Paused until", compute="_compute_hold_ids")
    promise_ids = fields.Many2many("recobro.promise", compute="_compute_promise_ids", string="Promises")
    broken_promise_count = fields.Integer("Broken promises", readonly=True, help="Of the customer, as of today.")
    payment_in_hand_ids = fields.Many2many(
        "recobro.payment.in.hand", compute="_compute_payment_in_hand_ids", string="Payments in hand"
    )
    payment_plan_ids = fields.Many2many(
        "recobro.payment.plan", compute="_compute_payment_plan_ids", string="Payment plans"
    )
    dispute_ids = fields.One2many("recobro.dispute", "case_id", "Disputes", readonly=True)
    insolvency_id = fields.Many2one("recobro.insolvency", compute="_compute_insolvency_id")
    open_dispute_count = fields.Integer("Open disputes", compute="_compute_open_dispute_count")
    is_stopped = fields.Boolean("Collections stopped", related="company_id.recobro_stopped")
    contact_ids = fields.Many2many("res.partner", compute="_compute_contact_ids", string="Contacts")

    _open_once = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'open'", "This customer already has an open case in this company."
    )
    _next_idx = models.Index("(company_id, next_action_date) WHERE state = 'open'")

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.partner_id.sudo().display_name or self.env._("Customer removed")

    @api.depends("oldest_due_date")
    def _compute_days_past_due(self):
        for case in self:
            today = clock.today(self.env, case.company_id or self.env.company)
            late = (today - case.oldest_due_date).days if case.oldest_due_date else 0
            case.days_past_due = max(late, 0)

    @api.depends("partner_id", "company_id")
    def _compute_live(self):
        for company, cases in self.grouped("company_id").items():
            rows = {}
            if company:
                # sudo: whoever may read the case may read its sums; no journal item is shown
                rows = snapshot.live_figures(
                    self.sudo().env, company, clock.today(self.env, company), cases.partner_id.ids
                )
            for case in cases:
                row = rows.get(case.partner_id.id, {})
                for live, figure in _LIVE.items():
                    case[live] = row.get(figure) or 0

    @api.depends("partner_id", "company_id")
    def _compute_hold_ids(self):
        for case in self:
            case.hold_ids = self.env["recobro.hold"].search(
                [("partner_id", "=", case.partner_id.id), ("company_id", "=", case.company_id.id)]
            )
            today = clock.today(self.env, case.company_id)
            case.paused_until = max(
                (
                    hold.date_until
                    for hold in case.hold_ids
                    if hold.reason == "pause" and not hold.item_id and hold.date_from <= today <= hold.date_until
                ),
                default=False,
            )

    @api.depends("partner_id", "company_id")
    def _compute_payment_in_hand_ids(self):
        known = self._answers("recobro.payment.in.hand")
        for case in self:
            case.payment_in_hand_ids = known.get((case.partner_id, case.company_id))

    @api.depends("partner_id", "company_id")
    def _compute_promise_ids(self):
        known = self._answers("recobro.promise")
        for case in self:
            case.promise_ids = known.get((case.partner_id, case.company_id))

    @api.depends("partner_id", "company_id")
    def _compute_payment_plan_ids(self):
        known = self._answers("recobro.payment.plan")
        for case in self:
            case.payment_plan_ids = known.get((case.partner_id, case.company_id))

    def _answers(self, model):
        """Return what the customers of these cases answered: {(customer, company): records of `model`}, asked once."""
        found = self.env[model].search(
            [("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)]
        )
        return found.grouped(lambda answer: (answer.partner_id, answer.company_id))

    @api.depends("partner_id", "company_id")
    def _compute_insolvency_id(self):
        known = self._answers("recobro.insolvency")
        for case in self:
            found = known.get((case.partner_id, case.company_id), self.env["recobro.insolvency"])
            case.insolvency_id = found.filtered(lambda one: one.state == "declared")

    @api.depends("dispute_ids.kind")
    def _compute_open_dispute_count(self):
        for case in self:
            case.open_dispute_count = len(case.dispute_ids.filtered(lambda dispute: dispute.kind != "final"))

    @api.depends("partner_id")
    def _compute_contact_ids(self):
        for case in self:
            case.contact_ids = self.env["res.partner"].search([("commercial_partner_id", "=", case.partner_id.id)])

    @api.constrains("partner_id")
    def _check_partner(self):
        for case in self:
            if case.partner_id.commercial_partner_id != case.partner_id:
                raise ValidationError(
                    self.env._(
                        "A case belongs to a company, not to one of its contacts: choose %(customer)s.",
                        customer=case.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("company_id")
    def _check_main_company(self):
        for case in self:
            if case.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Cases belong to the main company, which chases for its branches too: choose %(company)s.",
                        company=case.company_id.root_id.name,
                    )
                )

    # -------------------------------------------------------------------------
    # WHAT ONLY THE ENGINE WRITES
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_engine_fields(vals, allowed=("company_id",))
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine_fields(vals, also=("partner_id",))
        return super().write(vals)

    def _check_engine_fields(self, vals, allowed=(), also=()):
        """Refuse to a person what the screens show read-only: by RPC too, only the engine writes it."""
        if self.env.su:
            return
        for name in vals:
            field = self._fields.get(name)
            if name in also or (field and field.store and field.readonly and name not in allowed):
                raise AccessError(
                    self.env._("“%(field)s” of a case is kept by collections itself.", field=field.string)
                )

    # -------------------------------------------------------------------------
    # STATES
    # -------------------------------------------------------------------------

    @api.model
    def _open_for(self, partner, company, **values):
        """Return the open case of a customer in a main company, opening one with `values` when there is none."""
        found = self.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id), ("state", "=", "open")], limit=1
        )
        return found or self.create(
            {
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": partner.with_company(company).recobro_user_id.id,
                **values,
            }
        )

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _open_wizard(self, name, model, **context):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                **{k: v for k, v in self.env.context.items() if k.startswith("default_")},
                "default_case_id": self.id,
                **context,
            },
        }

    def action_log_call(self):
        """Open the dialog “Log a call”."""
        return self._open_wizard(self.env._("Log a call"), "recobro.interaction.log")

    def action_note(self):
        """Open the dialog “Add to the log”, of who sees the case and does not work on it."""
        return self._open_wizard(self.env._("Add to the log"), "recobro.interaction.note")

    def action_pause(self):
        """Open the dialog that pauses all chasing of the customer until a day."""
        return self._open_wizard(
            self.env._("Pause"),
            "recobro.hold.pause",
            default_partner_id=self.partner_id.id,
            default_company_id=self.company_id.id,
        )

    def action_payment_in_hand(self):
        """Open the dialog that records a payment the bank has yet to pay out."""
        return self._open_wizard(self.env._("Payment in hand"), "recobro.payment.in.hand.take")

    def action_promise(self):
        """Open the dialog that takes a promise to pay."""
        return self._open_wizard(self.env._("Promise to pay"), "recobro.promise.take")

    def action_payment_plan(self):
        """Open the dialog that proposes a payment plan."""
        return self._open_wizard(self.env._("Payment plan"), "recobro.payment.plan.make", dialog_size="extra-large")

    def action_dispute(self):
        """Open the dialog that opens a dispute on some of the customer's invoices."""
        return self._open_wizard(self.env._("Open a dispute"), "recobro.dispute.open")

    def action_insolvency(self):
        """Open the insolvency of the customer, or the dialog that records it."""
        self.ensure_one()
        if self.insolvency_id:
            return self.insolvency_id._get_records_action()
        return self._open_wizard(
            self.env._("Insolvency"),
            "recobro.insolvency",
            default_partner_id=self.partner_id.id,
            default_company_id=self.company_id.id,
            default_claim_amount=self.live_open,
        )

    def action_send_now(self):
        """Open the dialog that sends the next message now."""
        return self._open_wizard(self.env._("Send the next message now"), "recobro.action.send")

    def action_open_items(self):
        """Show the open items of the customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_open_item")
        return {**action, "domain": [("partner_id", "=", self.partner_id.id)], "context": {}}
