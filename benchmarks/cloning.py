"""Rows that Odoo wrote, cloned by SQL as often as a large ledger needs."""

from odoo.tools import SQL

#: Copies made by one statement: more of them would fill the server's memory with what is to be checked at its end.
CHUNK = 20_000


class Pattern:
    """Records that belong together, as Odoo wrote them; cloned as one, their references to each other kept.

    In what replaces a value, `n` is the number of the copy, from 0 on.
    """

    def __init__(self, env, *recordsets):
        self.env = env
        env.flush_all()
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
        inserts = [self._insert(*source, texts or {}, columns, days) for source in self.sources]
        names = [SQL.identifier(f"row_{number}") for number in range(len(inserts))]
        # In one statement, for the rows may refer to each other in a circle: they are checked at its end.
        rows = SQL(", ").join(SQL("%s AS (%s)", name, insert) for name, insert in zip(names, inserts, strict=True))
        for start in range(0, count, CHUNK):
            numbers = SQL("SELECT generate_series(%s, %s) AS n", start, min(count, start + CHUNK) - 1)
            self.env.cr.execute(SQL("WITH copies AS MATERIALIZED (%s), %s SELECT", numbers, rows))
        for table in {table for table, _source in self.sources}:
            last = SQL("(SELECT MAX(id) FROM %s)", _name(table))
            self.env.cr.execute(SQL("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", table, last))

    def _first_id(self, table):
        [[last]] = self.env.execute_query(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", _name(table)))
        return last + 1

    def _insert(self, table, source, texts, columns, days):
        """The INSERT of the copies of one row."""
        [row] = self.env.execute_query_dict(SQL("SELECT * FROM %s WHERE id = %s", _name(table), source))
        refers = _foreign_keys(self.env, table)
        dates = _dates(self.env, table)
        values = {}
        for column, value in row.items():
            kept = SQL("source.%s", _name(column))
            target = (table if column == "id" else refers.get(column), value)
            if (table, source, column) in columns:
                kept = columns[table, source, column]
            elif target in self.references:
                kept = self.references[target]
            elif days is not None and column in dates:
                kept = SQL("%s + (%s)::int", kept, days)
            elif isinstance(value, str) and value in texts:
                kept = texts[value]
            values[column] = kept
        return SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s source, copies WHERE source.id = %s",
            _name(table),
            SQL(", ").join(map(_name, values)),
            SQL(", ").join(values.values()),
            _name(table),
            source,
        )


def _name(word):
    return SQL.identifier(word)


def _foreign_keys(env, table):
    """Return {column: table} of what the rows of a table refer to."""
    return dict(
        env.execute_query(
            SQL(
                """
                SELECT attname, confrelid::regclass::text FROM pg_constraint
                  JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
                 WHERE contype = 'f' AND conrelid = %s::regclass
                """,
                table,
            )
        )
    )


def _dates(env, table):
    """Return the columns of a table that hold a day."""
    rows = env.execute_query(
        SQL("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND atttypid = 'date'::regtype", table)
    )
    return {column for (column,) in rows}
