from odoo import fields, models


class RecobroLetterProofLine(models.TransientModel):
    """One letter of the dialog: whose it is, and the number by which the post follows it."""

    _name = "recobro.letter.proof.line"
    _description = "Letter to be recorded as sent"

    proof_id = fields.Many2one("recobro.letter.proof", required=True, ondelete="cascade", index=True)
    action_id = fields.Many2one("recobro.action", required=True, readonly=True)
    partner_id = fields.Many2one(related="action_id.partner_id", related_sudo=False)
    subject = fields.Char(related="action_id.subject", related_sudo=False)
    printed_on = fields.Date(related="action_id.printed_on", related_sudo=False)
    tracking_number = fields.Char("Tracking number")
