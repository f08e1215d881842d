from odoo import fields, models

from ..const import ACTION_STATES


class RecobroActionLine(models.Model):
    """One item that climbs to a level by an action.

    The partial unique index keeps an item from getting a level twice, whatever runs at once.
    """

    _name = "recobro.action.line"
    _description = "Item in a collections action"
    _order = "action_id, id"

    action_id = fields.Many2one("recobro.action", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="action_id.company_id", store=True, precompute=True)
    item_id = fields.Many2one("recobro.item", required=True, readonly=True, ondelete="cascade", index=True)
    level_id = fields.Many2one("recobro.level", readonly=True, ondelete="restrict", index=True)
    state = fields.Selection(ACTION_STATES, required=True, readonly=True, default="planned")
    days_past_due = fields.Integer("Days past due", readonly=True, aggregator="max")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary("Chased", readonly=True, help="What was still to be asked for, in the item's currency.")
    from_delay_days = fields.Integer(readonly=True, help="Position before this action, to go back to if it bounces.")
    from_level_sequence = fields.Integer(readonly=True)
    from_level_id = fields.Many2one("recobro.level", readonly=True, ondelete="set null", index="btree_not_null")
    name = fields.Char(related="item_id.name")
    due_date = fields.Date("Due date", related="item_id.due_date")

    _busy_idx = models.Index("(item_id) WHERE state IN ('planned', 'to_approve', 'sending')")
    _level_once = models.UniqueIndex(
        "(item_id, level_id) WHERE state IN ('planned', 'to_approve', 'sending', 'done')",
        "This item already has this level.",
    )
