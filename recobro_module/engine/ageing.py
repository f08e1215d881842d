"""The buckets of ageing in SQL; in Python they are `tools.ageing.bucket`."""

from odoo.tools import SQL

from ..const import AGEING_BUCKETS


def bucket_sql(days):
    """Return the SQL of the key of the ageing bucket of something `days` (SQL) past due; due today is not overdue."""
    cases = [
        SQL("WHEN %s <= %s THEN %s", days, last, key)
        for key, _label, _first, last in AGEING_BUCKETS
        if last is not None
    ]
    return SQL("CASE %s ELSE %s END", SQL(" ").join(cases), AGEING_BUCKETS[-1][0])
