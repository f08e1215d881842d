"""Recovery by bucket (METRICS.md): of what became so late in a period, the money that came within 90 days.

The period ends 90 days before the day, so that all of it had its time to be paid; beside it the period before that.
"""

from dataclasses import replace
from datetime import timedelta

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from .. import open_items
from . import balances, paying
from . import scope as scopes
from .recovery import HORIZON_DAYS

#: What is looked at: what is late. What is not due has entered nothing.
_LATE = AGEING_BUCKETS[1:]


def read(env, look):
    """Return the last day of the window and, for each bucket of what is late, its recovery now and before.

    `until`, `since`, and `buckets`: {key: {"now", "before"}}, each (entered, paid, share or None), in the currency of
    the first company.
    """
    scopes.flush(env)
    balances.flush(env)
    window = replace(look, as_of=look.as_of - timedelta(days=HORIZON_DAYS))
    found = {(key, name): [0.0, 0.0] for key, *_rest in _LATE for name in ("now", "before")}
    for company in window.companies:
        rate = window.rates.get(company.id, 1.0)
        for key, is_now, entered, paid in env.execute_query(_entries(env, company, window)):
            sums = found[key, "now" if is_now else "before"]
            sums[0] += entered * rate
            sums[1] += paid * rate
    return {
        "since": window.since,
        "until": window.as_of,
        "buckets": {key: {name: _with_share(*found[key, name]) for name in ("now", "before")} for key, *_rest in _LATE},
    }


def _with_share(entered, paid):
    return (entered, paid, paid / entered if entered else None)


def _entries(env, company, window):
    """SELECT (bucket, whether in the period, amount that entered, amount of it paid in time)."""
    banks = paying.money_journals(env)
    return SQL(
        """
        WITH entry AS MATERIALIZED (
            SELECT line.id, line.balance AS amount, bucket.key AS bucket,
                   GREATEST(%(due)s + bucket.first, line.date) AS day
              FROM account_move_line line
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN %(scope)s ON scope.company_id = %(company)s
              JOIN (VALUES %(buckets)s) AS bucket(key, first, last)
                ON bucket.last IS NULL OR GREATEST(%(due)s + bucket.first, line.date) <= %(due)s + bucket.last
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted' AND line.balance > 0
               AND line.journal_id != ALL(%(banks)s) AND line.company_id IN %(branches)s AND line.date <= %(last)s
               AND GREATEST(%(due)s + bucket.first, line.date) BETWEEN %(before)s + 1 AND %(last)s AND %(customers)s
        ),
        judged AS (
            SELECT entry.bucket, entry.day,
                   entry.amount - COALESCE(SUM(part.amount) FILTER (WHERE part.max_date <= entry.day), 0) AS entered,
                   COALESCE(SUM(part.amount) FILTER (
                       WHERE money.journal_id = ANY(%(banks)s)
                         AND part.max_date > entry.day AND part.max_date <= entry.day + %(horizon)s
                   ), 0) AS paid
              FROM entry
              LEFT JOIN account_partial_reconcile part ON part.debit_move_id = entry.id
              LEFT JOIN account_move_line money ON money.id = part.credit_move_id
             GROUP BY entry.id, entry.bucket, entry.day, entry.amount
        )
        SELECT bucket, day > %(since)s, SUM(entered)::float, SUM(LEAST(paid, entered))::float
          FROM judged WHERE entered > 0 GROUP BY 1, 2
        """,
        due=SQL("COALESCE(line.date_maturity, line.date)"),
        scope=window.rows,
        company=company.id,
        buckets=SQL(", ").join(SQL("(%s, %s::int, %s::int)", key, first, last) for key, _label, first, last in _LATE),
        accounts=open_items.receivable_accounts(env),
        banks=banks,
        branches=open_items.branches(company),
        before=window.before,
        since=window.since,
        last=window.as_of,
        horizon=HORIZON_DAYS,
        customers=window.customers(SQL("COALESCE(partner.commercial_partner_id, partner.id)")),
    )
