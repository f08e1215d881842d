from odoo import fields, models

from ..tools.loose_fields import LooseMany2one


class RecobroPaymentPlanLine(models.Model):
    """An item of a payment plan: how much of it is in the plan, and what was matched with it before."""

    _name = "recobro.payment.plan.line"
    _description = "Item of a payment plan"
    _order = "plan_id, id"

    plan_id = fields.Many2one("recobro.payment.plan", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    item_id = fields.Many2one("recobro.item", required=True, readonly=True, index=True, ondelete="restrict")
    due_date = fields.Date(related="item_id.due_date")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    amount = fields.Monetary("In the plan", required=True, readonly=True)
    amount_then = fields.Monetary(
        "Open then", required=True, readonly=True, help="What was open of the item when the plan was made."
    )
    amount_open = fields.Monetary("Open now", related="item_id.amount_open", currency_field="currency_id")
    matched_before = fields.Json(
        "Matched before",
        readonly=True,
        help="What was matched with the item when the plan was made: {id of the entry of the money: amount}.",
    )
    credit_note_id = LooseMany2one(
        "account.move", "Credit note of the discount", readonly=True, index="btree_not_null", copy=False
    )

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An item of a plan has an amount above zero.")
    _item_once = models.UniqueIndex("(plan_id, item_id)", "This item is in the plan already.")
