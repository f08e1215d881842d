"""Promises kept, by count and by amount (METRICS.md): of those whose verdict was given in a period."""

from odoo.tools import SQL

from ...const import PROMISE_VERDICTS
from ...tools import kpi
from . import scope as scopes


def shares(env, companies, as_of, since=None):
    """Return {"count", "amount"} of the promises judged until a day, after `since` or ever."""
    look = scopes.of(env, companies, as_of)
    return kpi.promises_kept([row[2:5] for row in _rows(env, look, since)])


def read(env, look):
    """Return how promises were kept in the period of a `Scope` and in the one before, and what is open; two statements.

    `now` and `before` have `count`, `amount` (shares), `number` of verdicts, `superseded` (share of those that
    ended) and `states` ({state: (number, amount promised)}).
    """
    rows = _rows(env, look, look.before)
    periods = {
        name: _period([row for row in rows if (row[0] > look.since) == (name == "now")]) for name in ("now", "before")
    }
    return {**periods, "open": _open(env, look) if look.is_today else None}


def _period(rows):
    judged = [row for row in rows if row[2] in PROMISE_VERDICTS]
    states = {
        state: [sum(row[2] == state for row in rows), sum(row[3] for row in rows if row[2] == state)]
        for state in PROMISE_VERDICTS
    }
    return {
        **kpi.promises_kept([row[2:5] for row in judged]),
        "number": len(judged),
        "superseded": (len(rows) - len(judged)) / len(rows) if rows else None,
        "states": states,
    }


def _rows(env, look, since):
    """Return [(day, company id, state, promised, received)] of what was judged or superseded, in one currency."""
    scopes.flush(env, "recobro.promise")
    rows = env.execute_query(
        SQL(
            """
            SELECT COALESCE(promise.verdict_date, later.made_on, promise.deadline) AS day, promise.company_id,
                   promise.state, promise.currency_id, promise.amount::float, promise.received_amount::float
              FROM recobro_promise promise
              JOIN %(scope)s ON scope.company_id = promise.company_id
              LEFT JOIN recobro_promise later ON later.id = promise.superseded_by_id
             WHERE promise.state IN %(states)s AND %(customers)s
               AND COALESCE(promise.verdict_date, later.made_on, promise.deadline) <= %(as_of)s AND %(since)s
            """,
            scope=look.rows,
            states=(*PROMISE_VERDICTS, "superseded"),
            customers=look.customers(SQL("promise.partner_id")),
            as_of=look.as_of,
            since=SQL("COALESCE(promise.verdict_date, later.made_on, promise.deadline) > %s", since)
            if since
            else SQL("TRUE"),
        )
    )
    return [
        (
            day,
            company,
            state,
            *(scopes.in_currency(env, look, amount or 0.0, currency, company) for amount in (promised, received)),
        )
        for day, company, state, currency, promised, received in rows
    ]


def _open(env, look):
    """Return {"number", "amount"} of what is promised and not there yet, in one currency."""
    rows = env.execute_query(
        SQL(
            """
            SELECT promise.company_id, promise.currency_id, COUNT(*),
                   SUM(GREATEST(promise.amount - COALESCE(promise.received_amount, 0), 0))::float
              FROM recobro_promise promise JOIN %s ON scope.company_id = promise.company_id
             WHERE promise.state = 'open' AND %s
             GROUP BY 1, 2
            """,
            look.rows,
            look.customers(SQL("promise.partner_id")),
        )
    )
    return {
        "number": sum(row[2] for row in rows),
        "amount": sum(scopes.in_currency(env, look, row[3], row[1], row[0]) for row in rows),
    }
