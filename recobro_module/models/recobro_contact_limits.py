from odoo import fields, models


class RecobroContactLimits(models.AbstractModel):
    """How often a policy lets a customer be contacted, whatever the channel."""

    _name = "recobro.contact.limits"
    _description = "Limits of contacts with customers"

    contact_limit = fields.Integer(
        "Contacts a week",
        default=4,
        help="Most contacts with the same customer in any seven days, over all channels: messages that went out or are "
        "about to, and calls, letters and WhatsApp that a person did. 0: no limit.",
    )

    _check_contact_limit = models.Constraint(
        "CHECK (contact_limit >= 0)", "The contacts a week can't be negative: use 0 for no limit."
    )
