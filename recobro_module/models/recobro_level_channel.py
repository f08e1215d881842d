from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecobroLevelChannel(models.AbstractModel):
    """What a level says by a channel other than its own, and whether it may."""

    _name = "recobro.level.channel"
    _description = "Channels of a follow-up level"

    sms_template_id = fields.Many2one(
        "sms.template",
        "SMS",
        domain=[("model", "=", "recobro.action")],
        ondelete="restrict",
        help="What its SMS says. An e-mail level with it goes as an SMS to contacts who prefer that, or whom no e-mail "
        "reaches. SMS cost money: without a text none is sent.",
    )
    keeps_channel = fields.Boolean(
        "This channel only",
        help="Neither what a contact prefers nor a failed delivery changes the channel.",
    )

    @api.constrains("channel", "sms_template_id")
    def _check_sms_template(self):
        for level in self:
            if level.channel == "sms" and not level.sms_template_id:
                raise ValidationError(
                    self.env._("The level “%(level)s” is an SMS: choose the text it sends.", level=level.name)
                )
            if level.sms_template_id and level.sms_template_id.model != "recobro.action":
                raise ValidationError(
                    self.env._(
                        "The SMS of the level “%(level)s” must be a template of collections actions.", level=level.name
                    )
                )
