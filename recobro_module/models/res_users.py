from odoo import fields, models


class ResUsers(models.Model):
    """How many cases a collector can work in a day."""

    _inherit = "res.users"

    recobro_day_capacity = fields.Integer(
        "Cases a day",
        help="How many cases of collections this person can work in a day. 0: as many as the company says.",
    )

    _check_recobro_day_capacity = models.Constraint(
        "CHECK (recobro_day_capacity >= 0)", "The number of cases a day can't be below zero."
    )
