from odoo import fields, models


class RecobroPromiseLine(models.Model):
    """An item of a promise, with what was matched with it when the promise was made."""

    _name = "recobro.promise.line"
    _description = "Item of a promise"
    _order = "promise_id, id"

    promise_id = fields.Many2one("recobro.promise", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="promise_id.company_id", store=True, index=True)
    item_id = fields.Many2one("recobro.item", required=True, index=True, ondelete="restrict")
    due_date = fields.Date(related="item_id.due_date")
    currency_id = fields.Many2one(related="promise_id.currency_id")
    amount_open = fields.Monetary("Open now", related="item_id.amount_open", currency_field="currency_id")
    matched_before = fields.Json(
        "Matched before",
        help="What was matched with the item when the promise was made: {id of the entry of the money: amount}.",
    )
