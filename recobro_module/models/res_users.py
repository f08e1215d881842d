from odoo import api, fields, models
from odoo.exceptions import UserError


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

    @api.ondelete(at_uninstall=False)
    def _unlink_except_named_in_the_log(self):
        """The log of contacts says who wrote it for ever: such a user is archived, not deleted."""
        # sudo: whoever may delete users need not read the log
        log = self.env["recobro.interaction"].sudo()
        named = log.search(["|", ("user_id", "in", self.ids), ("agency_user_id", "in", self.ids)], limit=1)
        if named:
            user = (named.user_id & self) or named.agency_user_id
            raise UserError(
                self.env._(
                    "%(user)s is named in the log of contacts, which is never changed: archive the user instead of "
                    "deleting it.",
                    user=user.name,
                )
            )
