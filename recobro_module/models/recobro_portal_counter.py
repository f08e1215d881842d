from odoo import api, fields, models


class RecobroPortalCounter(models.Model):
    """How often one address, or one contact, has asked for something in the portal within a stretch of time.

    Written by `engine/portal/portal_limits.py`, named by a hash: whose address it was can't be read from it. And by
    `engine/portal/portal_begun.py`, for whom a row is the turn of a customer to begin a payment. What is over is swept
    every day.
    """

    _name = "recobro.portal.counter"
    _description = "Requests in the portal"
    _log_access = False

    name = fields.Char(required=True, readonly=True)
    number = fields.Integer("Stretch of time", required=True, readonly=True)
    asked = fields.Integer("Requests", required=True, readonly=True)
    until = fields.Datetime(required=True, readonly=True)

    _name_once = models.UniqueIndex("(name, number)")

    @api.autovacuum
    def _gc_over(self):
        """Forget the counters whose time is over."""
        # sudo: nobody may delete them by hand; what is over says nothing any more
        self.sudo().search([("until", "<", fields.Datetime.now())], limit=10_000).unlink()
