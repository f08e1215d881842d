from odoo import fields, models

from ..tools.loose_fields import LooseMany2one


class RecobroDisputeLine(models.Model):
    """The disputed amount of one invoice."""

    _name = "recobro.dispute.line"
    _description = "Invoice of a dispute"
    _order = "dispute_id, id"

    dispute_id = fields.Many2one("recobro.dispute", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    move_id = LooseMany2one("account.move", "Invoice", required=True, index=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    amount = fields.Monetary("Disputed", required=True)
    credit_note_id = LooseMany2one("account.move", "Credit note", readonly=True, index="btree_not_null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A disputed amount must be above zero.")
