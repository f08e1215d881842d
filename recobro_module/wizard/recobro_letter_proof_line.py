from odoo import fields, models


class RecobroLetterProofLine(models.TransientModel):
    """One letter of the dialog: whose it is, and the number by which the post follows it."""

    _name = "recobro.letter.proof.line"
    _description = "Letter to be recorded as sent"

    proof_id = fields.Many2one("recobro.letter.proof", required=True, ondelete="cascade", index=True)
    action_id = fields.Many2one("recobro.action", required=True, readonly=True)
    partner_id = fields.Many2one(related="action_id.partner_id", related_sudo=False)
    contact_id = fields.Many2one(related="action_id.contact_id", related_sudo=False)
    currency_id = fields.Many2one(related="action_id.currency_id", related_sudo=False)
    amount = fields.Monetary(related="action_id.amount", related_sudo=False)
    printed_on = fields.Date(related="action_id.printed_on", related_sudo=False)
    tracking_number = fields.Char("Tracking number")
