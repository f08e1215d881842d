from odoo import api, fields, models
from odoo.tools import SQL


class RecobroMark(models.Model):
    """A note that something of a customer's account changed, so that its case is refreshed within a minute.

    Plain rows without key or constraint: writing one costs one statement and can neither wait nor
    fail (DESIGN.md, rule 12).
    """

    _name = "recobro.mark"
    _description = "Customer account changed"
    _log_access = False
    _allow_sudo_commands = False

    partner_id = fields.Integer(required=True, readonly=True)
    company_id = fields.Integer(required=True, readonly=True)

    @api.model
    def _add(self, pairs):
        """Mark customers as changed: one INSERT, whatever the number.

        :param pairs: iterable of (partner id, company id); contacts and branches are resolved when read.
        """
        rows = sorted({(partner, company) for partner, company in pairs if partner and company})
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO recobro_mark (partner_id, company_id) SELECT * FROM unnest(%s, %s)",
                [partner for partner, _company in rows],
                [company for _partner, company in rows],
            )
        )
