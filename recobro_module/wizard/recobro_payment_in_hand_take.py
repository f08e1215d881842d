from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS, PAYMENT_IN_HAND_KINDS
from ..engine import clock, open_items, payments_in_hand


class RecobroPaymentInHandTake(models.TransientModel):
    """Dialog: record a payment that the customer has handed over, from an invoice or from the case.

    The invoices it is opened from come as ids in the context (`default_move_ids`), not as a field: a collector records
    payments and need not see journal entries.
    """

    _name = "recobro.payment.in.hand.take"
    _description = "Record a payment in hand"

    case_id = fields.Many2one("recobro.case", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", default=lambda self: self._default_case().partner_id)
    company_id = fields.Many2one(
        "res.company", default=lambda self: (self._default_case().company_id or self.env.company).root_id
    )
    kind = fields.Selection(PAYMENT_IN_HAND_KINDS, "Type", required=True, default="direct_debit")
    item_ids = fields.Many2many("recobro.item", string="Invoices")
    free_item_ids = fields.Many2many("recobro.item", compute="_compute_free_item_ids")
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    free_amount = fields.Monetary("Can be paid", compute="_compute_free_amount")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    maturity = fields.Date(required=True, help="The day on which the bank pays it out.")
    held_until = fields.Date("Not chased until", compute="_compute_held_until")
    reference = fields.Char(help="The number of the note or cheque, or the batch of the direct debit.")
    contact_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', partner_id)]", help="Who handed it over."
    )
    channel = fields.Selection(LOG_CHANNELS, "How", default="call")
    note = fields.Text()

    def _default_case(self):
        return self.env["recobro.case"].browse(self.env.context.get("default_case_id") or [])

    @api.model
    def default_get(self, fields):
        """Start from what is free of the invoices, or of the whole account, in one currency."""
        values = super().default_get(fields)
        if "item_ids" in fields and values.get("partner_id"):
            dialog = self.new({"partner_id": values["partner_id"], "company_id": values["company_id"]})
            values["item_ids"] = [Command.set(dialog._proposed_items().ids)]
        return values

    def _proposed_items(self):
        """Return the items of the invoices asked for; else what is overdue: to hold all of an account is a choice."""
        moves = self.env.context.get("default_move_ids")
        items = self.free_item_ids._origin.filtered(lambda item: not moves or item.move_id.id in moves)
        if not moves:
            today = clock.today(self.env, self.company_id.root_id)
            # Instalments that are to come are chosen: who hands over a cheque for one says which
            others = items.filtered("move_id") or items[:1]
            items = items.filtered(lambda item: item.due_date < today) or others
        by_currency = items.grouped("currency_id")
        return by_currency.get(self.company_id.currency_id) or next(iter(by_currency.values()), items)

    @api.depends("partner_id", "company_id")
    def _compute_free_item_ids(self):
        for wizard in self:
            wizard.free_item_ids = wizard.env["recobro.item"].browse([item.id for item in wizard._free()])

    @api.depends("item_ids")
    def _compute_free_amount(self):
        for wizard in self:
            free = wizard._free()
            chosen = wizard.item_ids._origin
            wizard.free_amount = sum(amount for item, amount in free.items() if item in chosen)

    @api.depends("item_ids", "company_id")
    def _compute_currency_id(self):
        for wizard in self:
            wizard.currency_id = wizard.item_ids.currency_id[:1] or wizard.company_id.currency_id

    @api.depends("item_ids")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.free_amount

    @api.depends("maturity", "partner_id", "company_id")
    def _compute_held_until(self):
        for wizard in self:
            wizard.held_until = wizard.maturity and payments_in_hand.last_day(wizard, wizard.maturity)

    def _free(self):
        """Return {`recobro.item` in sudo: amount} that a payment can still be for."""
        if not (self.partner_id and self.company_id):
            return {}
        company, customer = self.company_id.root_id, self.partner_id.commercial_partner_id
        as_of = clock.today(self.env, company)
        items = open_items.meet(self.env, company, as_of, customer.ids)
        items |= open_items.of_kind(self.env, company, customer.ids, open_items.INSTALMENT)
        return payments_in_hand.payable(items, as_of)

    def action_record(self):
        """Record it: what it is for is not chased until the bank has had its days."""
        self.ensure_one()
        if not self.item_ids:
            raise UserError(self.env._("Choose at least one invoice that the payment is for."))
        self.env["recobro.payment.in.hand"].create(self._prepare_payment_vals())
        return {"type": "ir.actions.act_window_close"}

    def _prepare_payment_vals(self):
        """Return the values of the payment. Hook for who adds fields to the dialog."""
        return {
            "kind": self.kind,
            "partner_id": self.partner_id.commercial_partner_id.id,
            "company_id": self.company_id.root_id.id,
            "currency_id": self.currency_id.id,
            "amount": self.amount,
            "maturity": self.maturity,
            "reference": self.reference,
            "item_ids": self.item_ids.ids,
            "contact_id": self.contact_id.id,
            "channel": self.channel,
            "note": self.note,
        }
