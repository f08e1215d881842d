from odoo import fields


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key in the database.

    The engine writes rows that name journal entries, partners and messages. A foreign key would
    take a lock on the named row, so a run could make an accountant's transaction wait or fail
    (DESIGN.md, rule 12). Without it a name may outlive what it names: it then reads as empty.
    """

    def update_db_foreign_key(self, model, column):
        """Create no constraint: that is the point of the class."""
