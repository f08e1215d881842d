from odoo import api, fields, models

from ..tools.loose_fields import LooseMany2one


class RecobroActionChannel(models.AbstractModel):
    """By which channel an action reaches somebody, when, and what was tried before it."""

    _name = "recobro.action.channel"
    _description = "Channel of collections actions"

    not_before_hour = fields.Datetime(
        "Waits until", readonly=True, help="The message is made at this moment: when its recipient can be reached."
    )
    instead_of_id = LooseMany2one(
        "recobro.action", "Instead of", readonly=True, help="What could not be delivered by another channel."
    )
    sms_uuid = fields.Char("SMS", readonly=True, help="The name by which Odoo and the provider know the SMS.")
    preview = fields.Html("What it says", compute="_compute_preview", sanitize=False)

    @api.depends("state", "level_id", "mail_id", "message_id", "channel")
    def _compute_preview(self):
        """Show the message as it went out, or as it would today; whoever approves sees what they approve."""
        for action in self:
            # sudo: the mail's text, and the customer's account in a preview; the right to read the action was checked
            sent = action.sudo()
            if mail := sent.mail_id.exists():
                action.preview = mail.body_html
            elif sent.sms_uuid and sent.state != "planned":
                action.preview = sent.message_id.exists().body
            else:
                action.preview = sent._preview()
