from odoo import fields


class LooseMany2one(fields.Many2one):
    """A Many2one without a foreign key in the database.

    The engine writes rows that name journal entries, partners and messages. A foreign key would
    take a lock on the named row, so a run could make an accountant's transaction wait or fail
    (DESIGN.md, rule 12), and checking it costs as much as writing the row. Without it a name may outlive what it
    names: the field then reads as empty, and what is asked of it raises MissingError, so what may be named must be kept
    by its own model, or looked at with `exists()`.
    """

    def update_db_foreign_key(self, model, column):
        """Create no constraint: that is the point of the class."""
