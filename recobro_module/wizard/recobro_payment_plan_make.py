from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS, PLAN_RHYTHMS, PLAN_SPLITS
from ..engine import clock
from ..engine.plans import plan_approval, plan_making, plan_of_agency, plan_preview


class RecobroPaymentPlanMake(models.TransientModel):
    """Dialog: propose a payment plan, from the case, the invoice or the customer; or change one that is still a draft.

    Context: `default_move_ids` (ids) names the invoices, else it is about what is overdue. With `default_plan_id` it
    starts from that draft. What becomes of the terms is shown while they are typed.
    """

    _name = "recobro.payment.plan.make"
    _description = "Propose a payment plan"

    # About whom and what
    case_id = fields.Many2one("recobro.case", readonly=True)
    plan_id = fields.Many2one("recobro.payment.plan", "Draft", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_partner_id", store=True, precompute=True, readonly=False
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_company_id", store=True, precompute=True, readonly=False
    )
    # No relation: a collector may have no right to read invoices
    move_ids = fields.Json("Invoices", help="Ids of the invoices from which the dialog was opened.")
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True, precompute=True, readonly=False
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    item_ids = fields.Many2many(
        "recobro.item", string="For", compute="_compute_terms", store=True, precompute=True, readonly=False
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Sent to",
        domain="[('commercial_partner_id', '=', partner_id)]",
        compute="_compute_contact_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Gets the plan by mail, with a link to accept it.",
    )
    channel = fields.Selection(LOG_CHANNELS, "Agreed by", required=True, default="call")
    note = fields.Text(compute="_compute_contact_id", store=True, precompute=True, readonly=False)
    proposal_id = fields.Many2one(
        "recobro.placement.proposal", "Proposal of an agency", readonly=True, help="Accepted once the plan is proposed."
    )

    # What is offered
    split = fields.Selection(
        PLAN_SPLITS, "Instalments", required=True, compute="_compute_terms", store=True, precompute=True, readonly=False
    )
    instalment_count = fields.Integer(
        "How many",
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
        help="The down payment is not counted.",
    )
    instalment_amount = fields.Monetary(
        "Amount of each", compute="_compute_terms", store=True, precompute=True, readonly=False
    )
    down_payment = fields.Monetary(
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
        help="Paid on the first day; the instalments begin one period later.",
    )
    discount = fields.Monetary(
        compute="_compute_terms",
        store=True,
        precompute=True,
        readonly=False,
        help="Makes it a settlement: forgiven if, and only if, each payment comes by its day.",
    )
    first_date = fields.Date("First payment on", compute="_compute_terms", store=True, precompute=True, readonly=False)
    rhythm = fields.Selection(
        PLAN_RHYTHMS, required=True, compute="_compute_terms", store=True, precompute=True, readonly=False
    )

    # What becomes of it
    debt = fields.Monetary(compute="_compute_debt")
    capacity = fields.Monetary("Paid a month", currency_field="company_currency_id", compute="_compute_capacity")
    refusal = fields.Char("Why it can't be", compute="_compute_preview")
    approval_reason = fields.Text("Why the manager decides", compute="_compute_preview")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    is_manager = fields.Boolean(compute="_compute_is_manager")

    # -------------------------------------------------------------------------
    # WHAT IS PROPOSED
    # -------------------------------------------------------------------------

    @api.depends("case_id", "plan_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = (wizard.plan_id or wizard.case_id).partner_id or wizard.partner_id

    @api.depends("case_id", "plan_id")
    def _compute_company_id(self):
        for wizard in self:
            known = (wizard.plan_id or wizard.case_id).company_id or wizard.company_id
            wizard.company_id = known or self.env.company.root_id

    def _customer(self):
        """Return (env in sudo, main company, customer, today) for the engine, None when there is nobody yet."""
        # sudo: amounts and policy of a customer that the person may act on, in a company that is theirs
        env = self.sudo().env
        company = self.company_id.with_env(env).root_id
        partner = self.partner_id.with_env(env).commercial_partner_id
        if not partner or company not in env.user.company_ids.root_id:
            return None
        return env, company, partner, clock.today(env, company)

    def _propose(self, currency=None):
        """Return the terms of the draft, else those the engine proposes; None while there is no customer."""
        if self.plan_id:
            return plan_making.terms_of(self.plan_id)
        customer = self._customer()
        return customer and plan_making.propose_terms(*customer, currency=currency, move_ids=self.move_ids or None)

    @api.depends("partner_id", "company_id", "plan_id")
    def _compute_currency_id(self):
        for wizard in self:
            terms = wizard._propose()
            # sudo: the currency of a company is no secret of it
            wizard.currency_id = (terms and terms.items.currency_id) or wizard.company_id.sudo().currency_id

    @api.depends("partner_id", "company_id", "plan_id", "currency_id")
    def _compute_terms(self):
        """Start from the terms that are likely; those of another currency are other terms."""
        for wizard in self:
            terms = wizard._propose(wizard.currency_id)
            wizard.item_ids = terms and terms.items.sudo(False).with_env(self.env)
            wizard.split = "each" if terms and terms.each else "count"
            wizard.instalment_count = terms.count if terms else 3
            wizard.instalment_amount = terms and terms.each
            wizard.down_payment = terms and terms.down_payment
            wizard.discount = terms and terms.discount
            wizard.first_date = terms and terms.first_day
            wizard.rhythm = terms.rhythm if terms else "monthly"

    @api.depends("partner_id", "plan_id")
    def _compute_contact_id(self):
        """Propose who may accept a plan for the customer."""
        for wizard in self:
            wizard.note = wizard.note or wizard.plan_id.note
            wizard.contact_id = wizard.plan_id.contact_id or self.env["res.partner"].search(
                [
                    ("commercial_partner_id", "=", wizard.partner_id.commercial_partner_id.id),
                    ("recobro_role_ids.may_accept_plan", "=", True),
                    ("email", "!=", False),
                ],
                limit=1,
            )

    # -------------------------------------------------------------------------
    # WHAT BECOMES OF IT
    # -------------------------------------------------------------------------

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self.env.user.has_group("recobro_module.group_recobro_manager")

    def _items(self):
        """Return the chosen items in sudo, those of the customer alone: nothing is told of another's."""
        return self.item_ids._origin.sudo().filtered(
            lambda item: item.partner_id == self.partner_id and item.company_id == self.company_id
        )

    def _terms(self):
        """Return what was typed, as the engine takes it."""
        return plan_making.Terms(
            items=self._items(),
            first_day=self.first_date,
            rhythm=self.rhythm,
            count=self.instalment_count,
            each=self.instalment_amount if self.split == "each" else 0.0,
            down_payment=self.down_payment,
            discount=self.discount,
        )

    def _missing(self):
        """Return what has yet to be typed before anything can be said of the plan; "" when nothing has."""
        if not self.item_ids:
            return self.env._("Choose at least one open invoice.")
        if not self.first_date:
            return self.env._("Choose the day of the first payment.")
        if self.split == "each" and not self.instalment_amount:
            return self.env._("Say how much each instalment is.")
        return ""

    @api.depends("item_ids", "partner_id", "company_id")
    def _compute_debt(self):
        for wizard in self:
            customer, items = wizard._customer(), wizard._items()
            wizard.debt = 0
            if customer and items:
                env, company, _partner, today = customer
                wizard.debt = plan_making.owed(env, company, today, items.with_env(env))

    @api.depends("partner_id", "company_id")
    def _compute_capacity(self):
        for wizard in self:
            customer = wizard._customer()
            wizard.capacity = customer and plan_making.capacity(*customer)

    @api.depends(
        *("item_ids", "first_date", "rhythm", "split", "instalment_count", "instalment_amount"),
        *("down_payment", "discount", "debt", "capacity"),
    )
    def _compute_preview(self):
        """Say at once what the terms make: the payments, why they can't be, why the manager decides."""
        for wizard in self:
            customer, missing = wizard._customer(), wizard._missing()
            instalments, reasons = [], []
            wizard.refusal = missing
            if customer and not missing:
                terms = wizard._terms()
                wizard.refusal = plan_making.refusal(*customer, terms)
                instalments = plan_making.preview(*customer, terms)
                if not wizard.refusal:
                    reasons = plan_approval.approval_reasons(*customer, terms)
            wizard.approval_reason = "\n".join(reasons)
            wizard.preview = customer and plan_preview.render(wizard, instalments, reasons, customer[-1])

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_propose(self):
        """Keep the terms and propose the plan: to the customer, or to the manager where the manager decides."""
        self.ensure_one()
        plan = self._keep()
        plan.action_propose()
        return self._done(plan)

    def action_keep(self):
        """Keep the terms as a draft: nobody is told, and nothing is held."""
        self.ensure_one()
        return self._done(self._keep())

    def _keep(self):
        """Return the draft with the terms that were typed, as the user."""
        if missing := self._missing():
            raise UserError(missing)
        if self.plan_id:
            self.plan_id.check_access("write")
            plan_making.change(self.plan_id, self._terms())
            self.plan_id.write({"contact_id": self.contact_id.id, "note": self.note})
            return self.plan_id
        case = self.case_id or self.env["recobro.case"]._open_for(
            self.partner_id.commercial_partner_id, self.company_id.root_id
        )
        case.check_access("write")
        self.env["recobro.payment.plan"].check_access("create")
        # Who may agree on plans need not be who decides on what an agency proposes
        proposal = self.proposal_id and self.proposal_id._to_decide()
        plan = plan_making.make(
            case, self._terms(), contact_id=self.contact_id.id, channel=self.channel, note=self.note
        )
        if proposal:
            plan_of_agency.link(proposal, plan)
        return plan.with_env(self.env)

    def _done(self, plan):
        """Show the plan that was made; one that was changed is on the screen behind the dialog."""
        return {"type": "ir.actions.act_window_close"} if self.plan_id else plan._get_records_action()
