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
    move_id = fields.Integer(
        readonly=True, index="btree_not_null", help="The entry whose journal items were made anew."
    )

    @api.model
    def _add(self, pairs):
        """Mark customers as changed: one INSERT, whatever the number.

        :param pairs: iterable of (partner id, company id); contacts and branches are resolved when read.
        """
        self._add_moves((partner, company, None) for partner, company in pairs)

    @api.model
    def _add_moves(self, triples):
        """Mark customers as changed, each with the entry (id or None) whose journal items are made anew."""
        rows = list({row for row in triples if row[0] and row[1]})
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO recobro_mark (partner_id, company_id, move_id)"
                " SELECT * FROM unnest(%s::int[], %s::int[], %s::int[])",
                *[list(column) for column in zip(*rows, strict=True)],
            )
        )
