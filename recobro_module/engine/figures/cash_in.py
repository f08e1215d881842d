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
        "SELECT (day - %s) / 7, SUM(amount)::float FROM (%s) came GROUP BY 1",
        first,
        matched(env, company, first, as_of),
    )


def matched(env, company, first, last, open_on=None):
    """SELECT (day, amount): money matched with what customers of a main company owed, from one day until another.

    :param open_on: only what was open at the end of that day, by money that came after it.
    """
    condition = SQL("TRUE")
    if open_on:
        condition = SQL("item.date <= %(day)s AND money.date > %(day)s", day=open_on)
    return SQL(
        """
        SELECT part.max_date AS day, part.amount
          FROM account_partial_reconcile part
          JOIN account_move_line item ON item.id = part.debit_move_id
          JOIN account_move_line money ON money.id = part.credit_move_id
         WHERE part.max_date BETWEEN %(first)s AND %(last)s AND part.company_id IN %(branches)s
           AND item.account_id = ANY(%(accounts)s)
           AND item.journal_id != ALL(%(banks)s) AND money.journal_id = ANY(%(banks)s) AND %(condition)s
        """,
        first=first,
        last=last,
        branches=open_items.branches(company),
        accounts=open_items.receivable_accounts(env),
        banks=paying.money_journals(env),
        condition=condition,
    )
