from odoo import fields, models


class RecobroActionChannel(models.AbstractModel):
    """By which channel an action reaches somebody, and when."""

    _name = "recobro.action.channel"
    _description = "Channel of collections actions"

    not_before_hour = fields.Datetime(
        "Waits until", readonly=True, help="The recipient's hours: the message is made when they have come."
    )
