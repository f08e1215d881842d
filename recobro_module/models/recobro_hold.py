from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import HOLD_REASONS
from ..tools.loose_fields import LooseMany2one


class RecobroHold(models.Model):
    """What keeps an item, or all of a customer, from being chased: an amount or everything, until a day.

    Every answer of a customer writes its hold here and nowhere else, so the engine obeys
    answers that it does not know (DESIGN.md, rule 2).
    """

    _name = "recobro.hold"
    _description = "Hold on collections"
    _order = "date_from desc, id desc"

    name = fields.Char("Why", required=True)
    reason = fields.Selection(HOLD_REASONS, required=True, default="pause")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company.root_id
    )
    partner_id = LooseMany2one("res.partner", "Customer", required=True, index=True)
    item_id = fields.Many2one(
        "recobro.item", ondelete="cascade", index="btree_not_null", help="Empty: everything of the customer is held."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(help="How much of the item is held, in its currency. 0: all of it.")
    date_from = fields.Date("From", required=True, default=fields.Date.context_today)
    date_until = fields.Date("Until", help="The last day it holds.")
    user_id = fields.Many2one("res.users", "Responsible", default=lambda self: self.env.user, required=True)
    reference = fields.Char(
        readonly=True, help="How the answer is called when the customer is told of it, such as the number of a dispute."
    )
    expected_date = fields.Date(
        "Payment expected on", readonly=True, help="The day the customer is to pay: of a promise, or the maturity."
    )
    source_model = fields.Char(readonly=True)
    source_id = fields.Many2oneReference(model_field="source_model", readonly=True)

    _check_amount = models.Constraint("CHECK (amount >= 0)", "A hold can't hold a negative amount.")
    _check_dates = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)", "A hold must end on or after the day it starts."
    )
    _pause_ends = models.Constraint(
        "CHECK (reason != 'pause' OR date_until IS NOT NULL)",
        "A pause needs an end date: without one a customer would be forgotten.",
    )
    _customer_idx = models.Index("(company_id, partner_id) WHERE active")
    _source_idx = models.Index("(source_model, source_id) WHERE source_id IS NOT NULL")

    @api.depends("item_id")
    def _compute_currency_id(self):
        for hold in self:
            hold.currency_id = hold.item_id.currency_id or hold.company_id.currency_id

    @api.constrains("item_id", "amount", "partner_id", "company_id")
    def _check_scope(self):
        for hold in self:
            if hold.partner_id.commercial_partner_id != hold.partner_id:
                raise ValidationError(
                    self.env._(
                        "A hold is on a company, not on one of its contacts: choose %(customer)s.",
                        customer=hold.partner_id.commercial_partner_id.display_name,
                    )
                )
            if hold.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches are chased as one with their main company: set the hold in %(company)s.",
                        company=hold.company_id.root_id.name,
                    )
                )
            if hold.item_id and hold.item_id.partner_id != hold.partner_id:
                raise ValidationError(self.env._("The held item belongs to another customer."))
            if hold.amount and not hold.item_id:
                raise ValidationError(self.env._("An amount can only be held on an item: choose the invoice."))

    # -------------------------------------------------------------------------
    # WHAT BELONGS TO AN ANSWER
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_of_answer(vals.get("source_model", self.env.context.get("default_source_model")))
        holds = super().create(vals_list)
        holds._mark_customers()
        return holds

    def write(self, vals):
        for source_model in {vals.get("source_model"), *self.mapped("source_model")}:
            self._check_not_of_answer(source_model)
        result = super().write(vals)
        self._mark_customers()
        return result

    def _mark_customers(self):
        """What the cases show of these customers is out of date, and so is what a message in the queue says."""
        self.env["recobro.mark"]._add((hold.partner_id.id, hold.company_id.id) for hold in self)

    def _check_not_of_answer(self, source_model):
        """Refuse to a person what follows from an answer: by RPC too, it begins, changes and ends with it."""
        if not self.env.su and self._is_answer(source_model):
            raise AccessError(self.env._("What an answer holds is kept by collections: change the answer itself."))

    def _is_answer(self, model):
        return model in self.env and isinstance(self.env[model], self.env.registry["recobro.answer"])

    def action_end(self):
        """End the hold now; it stays in the history. What an answer holds ends with the answer."""
        for hold in self:
            if self._is_answer(hold.source_model):
                source = self.env[hold.source_model].browse(hold.source_id)
                raise UserError(
                    self.env._(
                        "This hold belongs to %(answer)s and ends with it: open that and close it there.",
                        answer=source.display_name,
                    )
                )
        self.active = False
