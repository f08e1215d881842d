"""The triggers with which the database itself keeps a table from being changed.

Without `CREATE OR REPLACE TRIGGER`, which PostgreSQL 13 does not know.
"""

from odoo.tools import SQL


def install(cr, table, function):
    """Let the trigger function `function` guard a table: its rows, and against being emptied at once."""
    lift(cr, table, function)
    cr.execute(
        SQL(
            "CREATE TRIGGER %s BEFORE UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION %s()",
            SQL.identifier(function),
            SQL.identifier(table),
            SQL.identifier(function),
        )
    )
    cr.execute(
        SQL(
            "CREATE TRIGGER %s BEFORE TRUNCATE ON %s FOR EACH STATEMENT EXECUTE FUNCTION %s()",
            SQL.identifier(f"{function}_truncate"),
            SQL.identifier(table),
            SQL.identifier(function),
        )
    )


def lift(cr, table, function):
    """Take the guard of a table away, until `install`: Odoo fills a new column of it with its default by an UPDATE."""
    for trigger in (function, f"{function}_truncate"):
        cr.execute(SQL("DROP TRIGGER IF EXISTS %s ON %s", SQL.identifier(trigger), SQL.identifier(table)))
