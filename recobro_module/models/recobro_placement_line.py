from odoo import fields, models

from ..tools.loose_fields import LooseMany2one


class RecobroPlacementLine(models.Model):
    """An item in the hands of an agency or a lawyer: how much of it, how late it was then, and what came of it."""

    _name = "recobro.placement.line"
    _description = "Item of a placement"
    _order = "placement_id, id"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    item_id = fields.Many2one("recobro.item", required=True, readonly=True, index=True, ondelete="restrict")
    due_date = fields.Date(related="item_id.due_date")
    currency_id = LooseMany2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount = fields.Monetary("Handed over", required=True, readonly=True)
    amount_company = fields.Monetary(
        "Handed over (company currency)", required=True, readonly=True, currency_field="company_currency_id"
    )
    amount_open = fields.Monetary("Open now", related="item_id.amount_open", currency_field="currency_id")
    days_past_due = fields.Integer("Days late then", readonly=True, aggregator="max")
    rate = fields.Float("Fee agreed", readonly=True, aggregator="avg", help="Share of what is collected.")
    collected = fields.Monetary(readonly=True)
    collected_company = fields.Monetary(
        "Collected (company currency)", readonly=True, currency_field="company_currency_id"
    )
    fee = fields.Monetary(readonly=True, currency_field="company_currency_id")
    matched_before = fields.Json(
        "Matched before",
        readonly=True,
        help="What was matched with the item when it was handed over: {id of the entry of the money: amount}.",
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An item that is handed over has an amount above zero.")
    _item_once = models.UniqueIndex("(placement_id, item_id)", "This item is in the placement already.")
