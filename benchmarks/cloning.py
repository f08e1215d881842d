"""Rows that Odoo wrote, cloned by SQL as often as a large ledger needs."""

import contextlib

from odoo.tools import SQL


@contextlib.contextmanager
def unchecked(env, tables):
    """Let the rows of some tables in without looking at what they refer to; all is checked at once at the end.

    It takes a third of the time. Gives {table: {column: the table it refers to}}.
    """
    env.flush_all()
    keys = env.execute_query(
        SQL(
            """
            SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid), attname,
                   confrelid::regclass::text
              FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
             WHERE contype = 'f' AND conrelid::regclass::text IN %s
            """,
            tuple(tables),
        )
    )
    references = {table: {} for table in tables}
    for table, name, _definition, column, target in keys:
        references[table][column] = target
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", _name(table), _name(name)))
    yield references
    for table, name, definition, _column, _target in keys:
        env.cr.execute(SQL("ALTER TABLE %s ADD CONSTRAINT %s %s", _name(table), _name(name), SQL(definition)))


class Pattern:
    """Records that belong together, as Odoo wrote them; cloned as one, their references to each other kept.

    In what replaces a value, `n` is the number of the copy, from 0 on.
    """

    def __init__(self, env, keys, *recordsets):
        """:param keys: what `unchecked` gives."""
        self.env, self.keys = env, keys
        self.references = {}
        self.sources = []
        for records in recordsets:
            first = self._first_id(records._table)
            for position, record in enumerate(records):
                source = (record._table, record.id)
                self.sources.append(source)
                self.references[source] = SQL("(%s + n * %s)", first + position, len(records))

    def new_id(self, record):
        """The SQL of the id that each copy of a record gets."""
        return self.references[record._table, record.id]

    def clone(self, count, references=None, texts=None, columns=None, days=None):
        """Insert `count` copies of the rows.

        :param references: {record: SQL} for records outside the pattern that each copy has others of.
        :param texts: {text: SQL}: a text column with this text gets another one.
        :param columns: {(record, column): SQL}
        :param days: SQL of a number of days by which all dates of a copy are moved.
        """
        for record, value in (references or {}).items():
            self.references[record._table, record.id] = value
        columns = {(record._table, record.id, column): value for (record, column), value in (columns or {}).items()}
        for table, source in self.sources:
            self._insert(table, source, count, texts or {}, columns, days)
        for table in {table for table, _source in self.sources}:
            last = SQL("(SELECT MAX(id) FROM %s)", _name(table))
            self.env.cr.execute(SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", table, last))

    def _first_id(self, table):
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", _name(table)))
        return last + 1

    def _insert(self, table, source, count, texts, columns, days):
        """Insert the copies of one row."""
        [row] = self.env.execute_query_dict(SQL("SELECT * FROM %s WHERE id = %s", _name(table), source))
        dates = _dates(self.env, table)
        values = {}
        for column, value in row.items():
            kept = SQL("source.%s", _name(column))
            target = (table if column == "id" else self.keys[table].get(column), value)
            if (table, source, column) in columns:
                kept = columns[table, source, column]
            elif target in self.references:
                kept = self.references[target]
            elif days is not None and column in dates:
                kept = SQL("%s + (%s)::int", kept, days)
            elif isinstance(value, str) and value in texts:
                kept = texts[value]
            values[column] = kept
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM %s source, generate_series(0, %s) n WHERE source.id = %s",
                _name(table),
                SQL(", ").join(map(_name, values)),
                SQL(", ").join(values.values()),
                _name(table),
                count - 1,
                source,
            )
        )


def _name(word):
    return SQL.identifier(word)


def _dates(env, table):
    """Return the columns of a table that hold a day."""
    rows = env.execute_query(
        SQL("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'date'::regtype", table)
    )
    return {column for (column,) in rows}
