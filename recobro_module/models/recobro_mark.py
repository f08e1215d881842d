from odoo import api, fields, models
from odoo.tools import SQL

#: Where a transaction gathers its marks: rows of (partner id, company id, id of an entry or None).
_GATHERED = "recobro.mark"


class RecobroMark(models.Model):
    """A note that something of a customer's account changed, so that its case is refreshed within a minute.

    Plain rows without key or constraint: they can neither wait nor fail (DESIGN.md, rule 12). Those of a transaction
    are gathered and written in one statement just before it is committed, however many changes it makes. One that was
    taken up is kept for a minute more: until then it tells the mail queue that a verdict asked before is out of date.
    """

    _name = "recobro.mark"
    _description = "Customer account changed"
    _log_access = False
    _allow_sudo_commands = False

    active = fields.Boolean("To be taken up", default=True, readonly=True)
    taken_at = fields.Datetime("Taken up at", readonly=True)
    partner_id = fields.Integer(required=True, readonly=True)
    company_id = fields.Integer(required=True, readonly=True)
    move_id = fields.Integer(
        readonly=True, index="btree_not_null", help="The entry whose journal items were made anew."
    )

    @api.model
    def _add(self, pairs):
        """Mark customers as changed; the marks are there once they are committed or looked for.

        :param pairs: iterable of (partner id, company id); contacts and branches are resolved when read.
        """
        self._add_moves((partner, company, None) for partner, company in pairs)

    @api.model
    def _add_moves(self, triples):
        """Mark customers as changed, each with the entry (id or None) whose journal items are made anew."""
        rows = {row for row in triples if row[0] and row[1]}
        if not rows:
            return
        precommit = self.env.cr.precommit
        if _GATHERED not in precommit.data:
            # Run before a savepoint too: undone to there, only the marks of what was undone are forgotten
            precommit.add(self._write_gathered)
        precommit.data.setdefault(_GATHERED, set()).update(rows)

    @api.model
    def _write_gathered(self):
        """Write the marks that this transaction has gathered; whoever reads marks in it calls this first."""
        rows = self.env.cr.precommit.data.pop(_GATHERED, None)
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO recobro_mark (active, partner_id, company_id, move_id)"
                " SELECT TRUE, * FROM unnest(%s::int[], %s::int[], %s::int[])",
                *[list(column) for column in zip(*rows, strict=True)],
            )
        )

    def _search(self, domain, offset=0, limit=None, order=None, **options):
        self._write_gathered()
        return super()._search(domain, offset, limit, order, **options)
