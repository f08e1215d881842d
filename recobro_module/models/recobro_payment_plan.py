from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..const import PLAN_REMAINDERS, PLAN_RHYTHMS, PLAN_SOURCES, PLAN_STATES
from ..engine import clock
from ..engine.plans import payment_plans, plan_agreement, plan_decisions, plan_of_agency, plan_proposal

#: What a person may write of a plan; the rest was agreed, or follows from the money.
_OF_PEOPLE = ("user_id", "note", "contact_id", "channel")


class RecobroPaymentPlan(models.Model):
    """A payment plan: instalments over items, agreed with the customer; with a discount it is a settlement.

    draft → (to approve →) proposed → active → finished / broken; cancelled from any of the first four. While it is
    active its items are held and its instalments are chased in their place; due dates of invoices are never rewritten.
    A settlement forgives its discount if, and only if, it is kept to the day.
    """

    _name = "recobro.payment.plan"
    _description = "Payment plan"
    _inherit = ["recobro.answer", "recobro.plan.agreement"]
    _order = "id desc"

    _hold_reason = "plan"

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    company_id = fields.Many2one(index=False)  # the first of the index below
    state = fields.Selection(PLAN_STATES, required=True, readonly=True, default="draft", tracking=True)
    source = fields.Selection(PLAN_SOURCES, required=True, readonly=True, default="person")
    line_ids = fields.One2many("recobro.payment.plan.line", "plan_id", "Items", readonly=True)
    installment_ids = fields.One2many("recobro.payment.plan.installment", "plan_id", "Instalments", readonly=True)
    proposal_ids = fields.One2many("recobro.placement.proposal", "plan_id", "Proposals of an agency", readonly=True)

    # What is agreed
    amount = fields.Monetary("Debt", required=True, readonly=True, help="What the plan is about, discount included.")
    discount = fields.Monetary(readonly=True, help="Forgiven if, and only if, each instalment is paid by its day.")
    total = fields.Monetary("To pay", compute="_compute_total", store=True)
    is_settlement = fields.Boolean("Settlement", compute="_compute_total", store=True)
    down_payment = fields.Monetary("Down payment", readonly=True)
    instalment_count = fields.Integer("Number of instalments", readonly=True, help="The down payment is not counted.")
    instalment_amount = fields.Monetary("Amount of each", readonly=True, help="0: by number of instalments.")
    first_date = fields.Date("First payment on", readonly=True)
    rhythm = fields.Selection(PLAN_RHYTHMS, required=True, readonly=True, default="monthly")
    remainder = fields.Selection(PLAN_REMAINDERS, required=True, readonly=True, default="last")
    last_date = fields.Date("Last payment on", compute="_compute_last_date", store=True)

    # Its way
    approval_reason = fields.Text("Why the manager decides", readonly=True)
    approved_by_id = fields.Many2one("res.users", "Approved by", readonly=True)
    proposed_on = fields.Date("Proposed on", readonly=True)
    is_on_paper = fields.Boolean(
        "Proposed on paper", readonly=True, copy=False, help="Nothing is mailed: the customer gets it printed."
    )
    is_unreachable = fields.Boolean(
        "Nobody can be written to", compute="_compute_is_unreachable", help="Such a plan is proposed on paper."
    )
    tolerance_days = fields.Integer(
        "Tolerance",
        readonly=True,
        copy=False,
        help="Working days after its due date before an instalment is missed, as agreed: the policy may change since.",
    )
    missed_limit = fields.Integer(
        "Broken after",
        readonly=True,
        copy=False,
        help="After so many missed instalments it is broken, as agreed: the policy may change since.",
    )
    valid_until = fields.Date("Stands until", readonly=True, help="The last day on which it can be accepted.")
    started_on = fields.Date("In force since", readonly=True)
    resumed_on = fields.Date("Resumed on", readonly=True, help="What was missed before counts no more.")
    ended_on = fields.Date("Ended on", readonly=True)
    end_reason = fields.Char("Why it ended", readonly=True)
    is_stopped = fields.Boolean("Ended by a person", readonly=True, help="Money that comes later does not revive it.")
    paid_amount = fields.Monetary("Paid", readonly=True)
    missed_count = fields.Integer("Missed instalments", readonly=True)
    next_date = fields.Date("Next payment on", readonly=True)

    _amounts = models.Constraint(
        "CHECK (amount > 0 AND discount >= 0 AND discount < amount AND down_payment >= 0)",
        "A plan is about an amount above zero, and its discount is smaller than that.",
    )
    _judged_idx = models.Index("(company_id, partner_id, state)")

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("amount", "discount")
    def _compute_total(self):
        for plan in self:
            plan.total = plan.amount - (plan.discount or 0)
            plan.is_settlement = bool(plan.discount)

    @api.depends("installment_ids.due_date")
    def _compute_last_date(self):
        for plan in self:
            plan.last_date = max(plan.installment_ids.mapped("due_date"), default=False)

    @api.depends("state", "partner_id", "contact_id")
    def _compute_is_unreachable(self):
        """Say of plans that are still to be proposed whether no contact has an address to send them to."""
        for plan in self:
            # sudo: whoever sees the plan may know that nobody can be written to
            plan.is_unreachable = plan.state in ("draft", "to_approve") and not plan_proposal.recipient(plan.sudo())

    # -------------------------------------------------------------------------
    # WHO WRITES WHAT
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A payment plan is made with the dialog of the case, invoice or customer."))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to a person what was agreed: by RPC and import too, it changes by the dialog and the buttons alone."""
        fields_of_it = ((name, self._fields[name]) for name in vals if name in self._fields)
        kept = [
            field
            for name, field in fields_of_it
            if field.store and name not in _OF_PEOPLE and (field.readonly or name in ("partner_id", "currency_id"))
        ]
        if kept and not self.env.su:
            raise AccessError(
                self.env._("“%(field)s” of a payment plan is changed by its buttons alone.", field=kept[0].string)
            )
        return super().write(vals)

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for plan in self:
            # sudo: only whose contact it is, to refuse another customer's
            contact = plan.sudo().contact_id
            if contact and contact.commercial_partner_id != plan.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s: choose one of its contacts.",
                        contact=contact.display_name,
                        customer=plan.sudo().partner_id.display_name,
                    )
                )

    def _update_state(self, allowed, target, **values):
        """Decide with the plan on the proposal of an agency that it was made of, however the plan is decided on."""
        moved = super()._update_state(allowed, target, **values)
        plan_of_agency.follow(moved)
        return moved

    def _prepare_hold_vals(self):
        """What it holds is named to the customer only once they have accepted it."""
        values = super()._prepare_hold_vals()
        values["date_from"] = self.proposed_on
        if self.state != "proposed":
            values["reference"] = self.name
        return values

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_propose(self):
        """Send the plan to the customer; where the policy wants that, it goes to the manager first."""
        plan_decisions.propose(self._to_decide(), self._is_manager())

    def action_propose_on_paper(self):
        """Propose the plan without a mail, and print it; where the policy wants that, it goes to the manager first."""
        plan_decisions.propose(self._to_decide(), self._is_manager(), on_paper=True)
        return self._print_proposed()

    def action_approve(self):
        """Approve a plan that waits for it, and send it to the customer; not when its figures are others by now."""
        self._require_manager()
        return self._print_proposed() if plan_decisions.approve(self._to_decide()) else self._look_again()

    def action_approve_on_paper(self):
        """Approve a plan that waits for it, and print it, since nobody can be written to."""
        self._require_manager()
        approved = plan_decisions.approve(self._to_decide(), on_paper=True)
        return self._print_proposed() if approved else self._look_again()

    def _print_proposed(self):
        """Print a plan that was proposed on paper; nothing for one that was sent, or waits for the manager."""
        if self.state != "proposed" or not self.is_on_paper:
            return None
        # No question about Odoo's layout of documents first: the sheet has its own
        return self.env.ref(plan_agreement.REPORT).report_action(self, config=False)

    def _look_again(self):
        """Tell the manager that the figures are others than those they have seen, and show these."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "What is owed has changed since you were asked: look at the figures of today and decide again."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_refuse(self):
        """Give a plan that waits for an approval back to who asked for it."""
        self._require_manager()
        plan_decisions.refuse(self._to_decide())

    def action_cancel(self):
        """End the plan; one in force only a manager ends."""
        if self.state == "active":
            self._require_manager()
        plan_decisions.cancel(self._to_decide())

    def action_break(self):
        """Break a plan in force off, or take the discount of a kept settlement back: it is chased again."""
        self._require_manager()
        plan_decisions.break_off(self._to_decide())

    def action_resume(self):
        """Put a broken plan in force again: what was missed counts no more, and has a new last day."""
        self._require_manager()
        plan = self._to_decide()
        payment_plans.resume(plan, clock.today(plan.env, plan.company_id))

    def action_open_case(self):
        """Open the case of the customer."""
        self.ensure_one()
        return self.case_id._get_records_action()

    def _decline(self, contact, reason):
        """Let the customer decline a proposed plan. The right to is the caller's to check.

        :param contact: `res.partner` who declines; may be empty.
        """
        # sudo: who is at work may be a visitor with a signed link
        plan_decisions.decline(self.sudo(), contact, reason)

    def _to_decide(self):
        """Return the plan in sudo, once the right to write it was checked: state and terms are the engine's."""
        self.ensure_one()
        self.check_access("write")
        return self.sudo()

    def _is_manager(self):
        return self.env.user._is_superuser() or self.env.user.has_group("recobro_module.group_recobro_manager")

    def _require_manager(self):
        if not self._is_manager():
            raise AccessError(self.env._("Only a collections manager may decide this: ask one."))
