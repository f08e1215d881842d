"""The money that came in, week by week: what was matched with what customers owed, by the day of the match."""

from datetime import timedelta

from odoo.tools import SQL

from .. import open_items
from . import balances, paying


def weeks(env, company, as_of, number):
    """Return what came to `company` (a main company) in each of so many weeks, the last of which ends on `as_of`.

    A list of {"start", "end" (dates), "amount"}, the oldest first, in its currency; one statement.
    """
    balances.flush(env)
    first = as_of - timedelta(days=7 * number - 1)
    found = [
        {"start": first + timedelta(days=7 * week), "end": first + timedelta(days=7 * week + 6), "amount": 0.0}
        for week in range(number)
    ]
    for week, amount in env.execute_query(_came(env, company, first, as_of)):
        found[week]["amount"] = amount
    return found


def _came(env, company, first, as_of):
    """SELECT (week, amount): money matched between two days, by the number of weeks after the first of them."""
    return SQL(
        """
        SELECT (part.max_date - %(first)s) / 7, SUM(part.amount)::float
          FROM account_partial_reconcile part
          JOIN account_move_line item ON item.id = part.debit_move_id
          JOIN account_move_line money ON money.id = part.credit_move_id
         WHERE part.max_date BETWEEN %(first)s AND %(as_of)s AND part.company_id IN %(branches)s
           AND item.account_id = ANY(%(accounts)s)
           AND item.journal_id != ALL(%(banks)s) AND money.journal_id = ANY(%(banks)s)
         GROUP BY 1
        """,
        first=first,
        as_of=as_of,
        branches=open_items.branches(company),
        accounts=open_items.receivable_accounts(env),
        banks=paying.money_journals(env),
    )
