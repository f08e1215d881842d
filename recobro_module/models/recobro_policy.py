import ast

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain


class RecobroPolicy(models.Model):
    """How a group of customers is chased: whom it applies to, its levels and its limits.

    Customers are tried against the policies that are switched on, in sequence; the first whose
    domain they match is theirs, unless the customer or the invoice names one. A policy does
    nothing until a person switches it on (DESIGN.md, rule 7).
    """

    _name = "recobro.policy"
    _description = "Collections policy"
    _inherit = [
        "mail.thread",
        "recobro.policy.leaflets",
        "recobro.policy.playbook",
        "recobro.answer.limits",
        "recobro.contact.limits",
    ]
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        index=True,
        help="Empty: the policy applies to all companies. Branches follow their main company.",
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    is_on = fields.Boolean(
        "Switched on",
        copy=False,
        readonly=True,
        tracking=True,
        help="Only a policy that is switched on plans and sends. Simulate it first: you see what it would send.",
    )
    domain = fields.Char(
        "Customers",
        default="[]",
        required=True,
        help="The customers this policy applies to. Empty: everyone no earlier policy took.",
    )
    level_ids = fields.One2many("recobro.level", "policy_id", string="Levels", copy=True)
    # The two ladders apart, for the screen
    invoice_level_ids = fields.One2many(
        "recobro.level", "policy_id", "Levels of invoices", domain=[("subject", "=", "invoice")]
    )
    instalment_level_ids = fields.One2many(
        "recobro.level", "policy_id", "Levels of instalments", domain=[("subject", "=", "instalment")]
    )
    level_count = fields.Integer(compute="_compute_level_count")
    entry_level_id = fields.Many2one(
        "recobro.level",
        "Entry level for old debt",
        copy=False,
        domain="[('policy_id', '=', id), ('subject', '=', 'invoice')]",
        help="Where an item starts that was already overdue when it was met for the first time. "
        "Empty: the first level after the due date.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Default responsible",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        help="Owns the cases of customers who have no collector of their own.",
    )

    # Limits
    minimum_amount = fields.Monetary(
        "Minimum balance", help="A customer whose net balance is lower is not chased. In the company's currency."
    )
    quiet_days = fields.Integer("Quiet days", default=2, help="Days between two messages to the same customer.")
    week_limit = fields.Integer(
        "Messages a week", default=2, help="Most messages to the same customer in any seven days."
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        "Working calendar",
        check_company=True,
        help="Messages go out and tasks are planned on its working days. Empty: the company's working hours.",
    )
    bank_freshness_days = fields.Integer(
        "Age of the bank",
        help="Nothing is sent when the last bank transaction is older than this many days. 0: not checked.",
    )
    surge_factor = fields.Float(
        "Surge factor",
        default=3.0,
        help="A run that would send more than this many times its average waits for a person.",
    )
    surge_minimum = fields.Integer("Surge minimum", default=50, help="A run of at most this many messages never waits.")

    _check_minimum = models.Constraint(
        "CHECK (minimum_amount >= 0)", "The minimum balance can't be negative: use 0 to chase any amount."
    )
    _check_quiet_days = models.Constraint(
        "CHECK (quiet_days >= 0)", "The quiet days can't be negative: use 0 for no pause between messages."
    )
    _check_week_limit = models.Constraint(
        "CHECK (week_limit > 0)", "At least one message a week must be allowed: to send nothing, switch the policy off."
    )
    _check_bank_freshness = models.Constraint(
        "CHECK (bank_freshness_days >= 0)", "The age of the bank can't be negative: use 0 to leave it unchecked."
    )

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for policy in self:
            policy.currency_id = (policy.company_id or self.env.company).currency_id

    @api.depends("level_ids")
    def _compute_level_count(self):
        for policy in self:
            policy.level_count = len(policy.level_ids)

    # -------------------------------------------------------------------------
    # CONSTRAINTS
    # -------------------------------------------------------------------------

    @api.constrains("domain")
    def _check_domain(self):
        for policy in self:
            try:
                self.env["res.partner"].sudo()._search(policy._customer_domain())
            except Exception as error:
                raise ValidationError(
                    self.env._(
                        "The customers of the policy “%(policy)s” can't be read: %(error)s. "
                        "Choose them again with the domain editor.",
                        policy=policy.name,
                        error=error,
                    )
                ) from error

    @api.constrains("company_id")
    def _check_main_company(self):
        for policy in self:
            if policy.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches follow the policies of their main company: choose %(company)s.",
                        company=policy.company_id.root_id.name,
                    )
                )

    @api.constrains("level_ids", "is_on")
    def _check_levels(self):
        for policy in self:
            if policy.is_on and not policy.level_ids:
                raise ValidationError(
                    self.env._("The policy “%(policy)s” has no levels. Add at least one.", policy=policy.name)
                )

    @api.constrains("entry_level_id")
    def _check_entry_level(self):
        for policy in self:
            level = policy.entry_level_id
            if level and (level.policy_id != policy or level.subject != "invoice"):
                raise ValidationError(self.env._("The entry level must be a level of the same policy, about invoices."))

    @api.model_create_multi
    def create(self, vals_list):
        self._check_switch(any(vals.get("is_on") for vals in vals_list))
        policies = super().create(vals_list)
        policies._require_levels()
        return policies

    def write(self, vals):
        self._check_switch("is_on" in vals and any(policy.is_on != bool(vals["is_on"]) for policy in self))
        return super().write(vals)

    def _check_switch(self, is_switched):
        """Refuse to a person what only the buttons do: by RPC or import nobody goes round the simulation."""
        if is_switched and not self.env.su:
            raise AccessError(self.env._("A policy is switched on from its simulation, and off with its button."))

    def _require_levels(self):
        """Refuse a policy made without levels, except while data files build it level by level."""
        if self.env.context.get("install_mode"):
            return
        for policy in self:
            if not policy.level_ids:
                raise ValidationError(
                    self.env._(
                        "The policy “%(policy)s” has no levels, so it would never write to anybody. "
                        "Add at least one level.",
                        policy=policy.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        # sudo: whoever deletes a policy may not see what was sent by it
        used = self.env["recobro.action"].sudo().search_count([("policy_id", "in", self.ids)], limit=1)
        # Its levels go with it by the database's own cascade; an invoice may have named it instead of its customer
        if used or self.with_context(active_test=False).level_ids._is_used():
            raise ValidationError(
                self.env._("This policy was already used: archive it instead, so that the log keeps its meaning.")
            )

    # -------------------------------------------------------------------------
    # BUSINESS METHODS
    # -------------------------------------------------------------------------

    def _customer_domain(self):
        """Return the Domain of the customers; raise ValueError or SyntaxError when it does not parse."""
        self.ensure_one()
        return Domain(ast.literal_eval((self.domain or "[]").strip() or "[]"))

    def _in_force(self, company, simulated=None):
        """Return the policies that decide for `company` (a main company), in sequence.

        :param simulated: policies taken as switched on although they are not, for a simulation.
        """
        domain = Domain("company_id", "in", [False, company.id])
        simulated = simulated or self.browse()
        domain &= Domain("is_on", "=", True) | Domain("id", "in", simulated.ids)
        # Of two playbooks for the same customers one is switched off when the other is switched on
        return self.sudo().search(domain) - simulated._rivals()

    def action_add_instalment_levels(self):
        """Give the policy the usual levels for instalments, to be changed from there."""
        self.check_access("write")
        if not self._usual_instalment_levels():
            raise UserError(self.env._("There are no usual levels to take any more: add levels of your own."))
        self._add_instalment_levels()

    def _add_instalment_levels(self):
        """Give the policies without levels for instalments the usual ones: before, on and after the day."""
        usual = self._usual_instalment_levels()
        for policy in self:
            known = policy.with_context(active_test=False).level_ids
            if not known.filtered(lambda level: level.subject == "instalment"):
                usual.copy({"policy_id": policy.id})

    @api.model
    def _usual_instalment_levels(self):
        """Return the levels that chase instalments where nobody has thought of others: those of the shipped policy."""
        # sudo: the shipped policy may have become another company's; only its levels are copied
        shipped = self.env.ref("recobro_module.policy_default", raise_if_not_found=False)
        return (shipped or self).sudo().instalment_level_ids

    def action_simulate(self):
        """Open the simulation: who would get what today, and why others would not."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Simulate: %(policy)s", policy=self.name),
            "res_model": "recobro.policy.simulate",
            "view_mode": "form",
            "target": "new",
            "context": {"default_policy_id": self.id, "dialog_size": "extra-large"},
        }

    def action_switch_on(self):
        """Switch the policy on. Called from its simulation, so that nobody does it unseen."""
        for policy in self:
            if not policy.level_ids:
                raise UserError(
                    self.env._(
                        "The policy “%(policy)s” has no levels. Add at least one before switching it on.",
                        policy=policy.name,
                    )
                )
            policy._require_sender()
        self._switch(True)

    def _switch(self, is_on):
        self.check_access("write")
        # sudo: nobody writes the switch but these buttons; the right to write the policy was just checked
        self.sudo().is_on = is_on

    def _require_sender(self):
        """Refuse to switch on a policy whose messages would have no sender's address: all of them would fail."""
        company = self.company_id or self.env.company
        if not (self.user_id.email or company.email):
            raise UserError(
                self.env._(
                    "Messages need a sender: give %(company)s, or the default responsible of the policy, "
                    "an e-mail address.",
                    company=company.name,
                )
            )

    def action_switch_off(self):
        """Stop the policy. Positions on the ladder are kept: switched on again, it goes on there."""
        self._switch(False)
