from odoo import fields, models

from ..const import PROMISE_STATES


class RecobroPromise(models.Model):
    """A promise to pay: an amount, by a day, for some items. Its verdict is given from reconciliations.

    While open its items are not chased, up to what is still missing of the promised amount.
    """

    _name = "recobro.promise"
    _description = "Promise to pay"
    _inherit = ["recobro.answer"]
    _order = "date desc, id desc"

    _hold_reason = "promise"

    state = fields.Selection(PROMISE_STATES, required=True, readonly=True, default="open", index=True, tracking=True)
    made_on = fields.Date("Made on", required=True, readonly=True, default=fields.Date.context_today)
    date = fields.Date("Pays on", required=True, readonly=True)
    deadline = fields.Date(readonly=True, help="The last day on which money keeps it: the day and the tolerance.")
    amount = fields.Monetary(required=True, readonly=True)
    received_amount = fields.Monetary("Received", readonly=True)
    verdict_date = fields.Date("Verdict on", readonly=True)
    is_renegotiated = fields.Boolean("Renegotiated", readonly=True, help="It took the place of an earlier promise.")
    superseded_by_id = fields.Many2one("recobro.promise", "Superseded by", readonly=True, index="btree_not_null")
    line_ids = fields.One2many("recobro.promise.line", "promise_id", "Items", readonly=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise of nothing is no promise: give its amount.")
    _judged_idx = models.Index("(company_id, partner_id, state)")
