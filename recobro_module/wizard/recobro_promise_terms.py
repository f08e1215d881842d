from odoo import api, fields, models

from ..engine import clock, earlier_promises, promising


class RecobroPromiseTerms(models.AbstractModel):
    """What a promise says, as every dialog that takes one asks for it: amount, day, items; proposed, then editable."""

    _name = "recobro.promise.terms"
    _description = "Terms of a promise to pay"

    promise_currency_id = fields.Many2one(
        "res.currency", "Currency", compute="_compute_promise_currency_id", store=True, precompute=True, readonly=False
    )
    promise_item_ids = fields.Many2many(
        "recobro.item", string="For", compute="_compute_promise_item_ids", store=True, precompute=True, readonly=False
    )
    promise_amount = fields.Monetary(
        "Amount",
        currency_field="promise_currency_id",
        compute="_compute_promise_amount",
        store=True,
        precompute=True,
        readonly=False,
    )
    promise_date = fields.Date("Pays on", compute="_compute_promise_date", store=True, precompute=True, readonly=False)
    promise_in_addition = fields.Boolean(
        "In addition to that one", help="Both promises stand, instead of this one taking the place of the earlier."
    )
    promise_owed = fields.Monetary(
        "Most that can be promised", currency_field="promise_currency_id", compute="_compute_promise_owed"
    )
    promise_replaces = fields.Char("Earlier promises", compute="_compute_promise_replaces")
    promise_stands = fields.Char("Earlier promises that stand", compute="_compute_promise_replaces")
    promise_refusal = fields.Char("Why the manager must take it", compute="_compute_promise_replaces")

    # -------------------------------------------------------------------------
    # WHO PROMISES: hooks of each dialog
    # -------------------------------------------------------------------------

    def _promise_depends(self):
        """Return the fields that say who promises, and whether anything is promised."""
        return ("case_id",)

    def _promise_customer(self):
        """Return (main company, customer) that the promise is of; both empty when nothing is promised."""
        return self.case_id.company_id, self.case_id.partner_id

    def _promise_moves(self):
        """Return the ids of the only invoices that items are proposed of; None for all."""
        return

    def _promise_context(self):
        """Return (env in sudo, main company, customer, today) for the engine, None when there is nothing to propose."""
        # sudo: amounts and policy of a customer that the person may act on, in a company that is theirs
        env = self.sudo().env
        company, partner = (record.with_env(env) for record in self._promise_customer())
        if not partner or company not in env.user.company_ids.root_id:
            return None
        return env, company, partner, clock.today(env, company)

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    def _propose_items(self, currency=None):
        context = self._promise_context()
        if not context:
            return self.env["recobro.item"]
        env, company, partner, today = context
        return promising.propose_items(env, company, partner, today, currency, self._promise_moves()).sudo(False)

    @api.depends(lambda self: self._promise_depends())
    def _compute_promise_currency_id(self):
        for wizard in self:
            items = wizard._propose_items()
            # sudo: the currency of a company is no secret of it
            wizard.promise_currency_id = items.currency_id or wizard._promise_customer()[0].sudo().currency_id

    @api.depends("promise_currency_id")
    def _compute_promise_item_ids(self):
        for wizard in self:
            wizard.promise_item_ids = wizard._propose_items(wizard.promise_currency_id)

    @api.depends(lambda self: (*self._promise_depends(), "promise_item_ids", "promise_in_addition"))
    def _compute_promise_owed(self):
        for wizard in self:
            context = wizard._promise_context()
            items = wizard.promise_item_ids._origin
            wizard.promise_owed = 0
            if context and items:
                _env, company, _partner, today = context
                in_addition = wizard.promise_in_addition
                wizard.promise_owed = promising.owed(
                    items.sudo().env, company, today, items.sudo(), in_addition=in_addition
                )

    @api.depends("promise_owed")
    def _compute_promise_amount(self):
        for wizard in self:
            wizard.promise_amount = wizard.promise_owed

    @api.depends(lambda self: self._promise_depends())
    def _compute_promise_date(self):
        for wizard in self:
            context = wizard._promise_context()
            if context and not wizard.promise_date:
                wizard.promise_date = promising.propose_day(*context)

    @api.depends(lambda self: (*self._promise_depends(), "promise_item_ids"))
    def _compute_promise_replaces(self):
        for wizard in self:
            context = wizard._promise_context()
            items = wizard.promise_item_ids._origin
            wizard.promise_replaces = wizard.promise_stands = wizard.promise_refusal = False
            if context and items:
                env, company, partner, _today = context
                replaced = earlier_promises.replaced_by(items)
                wizard.promise_replaces = earlier_promises.in_words(self.env, replaced)
                wizard.promise_stands = earlier_promises.in_words(self.env, earlier_promises.rivals(items) - replaced)
                rules = promising.rules_of(env, company, partner)
                if earlier_promises.is_past_limit(self.env, rules, items):
                    wizard.promise_refusal = promising.past_limit_words(self.env, rules)

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _take_promise(self, case, **values):
        """Take the promise for `case` and return it."""
        case.check_access("write")
        self.env["recobro.promise"].check_access("create")
        return self.env["recobro.promise"]._take(
            case,
            self.promise_item_ids,
            self.promise_amount,
            self.promise_date,
            in_addition=self.promise_in_addition,
            **values,
        )

    def _ask_manager(self, case):
        """Leave the promise to the manager, as an activity on `case`."""
        case.check_access("write")
        promising.ask_manager(case, self.promise_currency_id, self.promise_amount, self.promise_date)
