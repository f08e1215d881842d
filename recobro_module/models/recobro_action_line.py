from odoo import fields, models

from ..const import ACTION_STATES
from ..tools.loose_fields import LooseMany2one


class RecobroActionLine(models.Model):
    """One item that climbs to a level by an action.

    The partial unique indexes keep an item from getting a level twice and from waiting in two actions, whatever runs at
    once. A run writes these by the
    ten thousand, and nothing of what they name is ever deleted (a level that was used is kept by its own model), so
    there are no foreign keys, each of which costs as much as the row, and only the indexes that are read.
    """

    _name = "recobro.action.line"
    _description = "Item in a collections action"
    _order = "action_id, id"
    _log_access = False

    action_id = LooseMany2one("recobro.action", required=True, readonly=True, index=True)
    company_id = LooseMany2one(related="action_id.company_id", store=True, precompute=True)
    item_id = LooseMany2one("recobro.item", required=True, readonly=True)
    level_id = LooseMany2one("recobro.level", readonly=True)
    state = fields.Selection(ACTION_STATES, required=True, readonly=True, default="planned")
    days_past_due = fields.Integer("Days past due", readonly=True, aggregator="max")
    currency_id = fields.Many2one(related="item_id.currency_id")
    amount = fields.Monetary("Chased", readonly=True, help="What was still to be asked for, in the item's currency.")
    from_delay_days = fields.Integer(readonly=True, help="Position before this action, to go back to if it bounces.")
    from_level_sequence = fields.Integer(readonly=True)
    from_level_id = LooseMany2one("recobro.level", readonly=True)
    name = fields.Char(related="item_id.name")
    due_date = fields.Date("Due date", related="item_id.due_date")

    _waits_once = models.UniqueIndex(
        "(item_id) WHERE state IN ('planned', 'to_approve', 'sending')", "This item waits in another action already."
    )
    _level_once = models.UniqueIndex(
        "(item_id, level_id) WHERE state IN ('planned', 'to_approve', 'sending', 'done')",
        "This item already has this level.",
    )
