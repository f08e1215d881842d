from odoo import fields, models


class RecobroSnapshot(models.Model):
    """What was owed to a company at the end of a day, by ageing bucket. Written by the run, never changed."""

    _name = "recobro.snapshot"
    _description = "Daily balances"
    _order = "day desc, id desc"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True)
    not_due = fields.Monetary(readonly=True)
    d1_30 = fields.Monetary("1-30", readonly=True)
    d31_60 = fields.Monetary("31-60", readonly=True)
    d61_90 = fields.Monetary("61-90", readonly=True)
    d90_plus = fields.Monetary("Over 90", readonly=True)
    held = fields.Monetary(readonly=True)
    credit = fields.Monetary("Unallocated credit", readonly=True)
    open_items = fields.Integer(readonly=True)
    open_cases = fields.Integer(readonly=True)

    _day_unique = models.UniqueIndex("(company_id, day)", "This day already has its balances.")
