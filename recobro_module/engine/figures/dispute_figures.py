"""Disputes of a period: what is open and why, how long they took, and whether in time (METRICS.md)."""

from odoo.tools import SQL

from ...tools import kpi
from .. import clock
from . import exposure
from . import scope as scopes


def read(env, look, at):
    """Return the disputes of a `Scope`: open ones at its day, and those closed in its period and in the one before.

    `open`: `number`, `amount`, `late` (past their SLA at the moment `at`; None of a past day) and `reasons`, a list of
    `id`, `name`, `number`, `amount`, `late`, the greatest first. `now` and `before`: `number`, `attainment` (share
    resolved in time), `hours` on the SLA's calendar, `raw_hours`. `causes`: {root cause: number} of those closed in the
    period. Two statements.
    """
    scopes.flush(env, "recobro.dispute", "recobro.dispute.reason")
    opened = _open(env, look, at)
    closed = _closed(env, look)
    late = opened["late"] or 0
    causes = {}
    for row in closed:
        if row["closed_on"] > look.since and row["root_cause"]:
            causes[row["root_cause"]] = causes.get(row["root_cause"], 0) + 1
    return {
        "open": opened,
        "now": _period([row for row in closed if row["closed_on"] > look.since], late),
        "before": _period([row for row in closed if row["closed_on"] <= look.since]),
        "causes": causes,
    }


def _period(rows, late=0):
    hours = kpi.dispute_cycle_hours((row["cycle_hours"] or 0, row["raw_hours"] or 0) for row in rows)
    return {
        "number": len(rows),
        "attainment": kpi.sla_attainment([(row["cycle_hours"] or 0, row["sla_hours"] or 0) for row in rows], late),
        "hours": hours and hours[0],
        "raw_hours": hours and hours[1],
    }


def _open(env, look, at):
    """Return what was open at the end of the day of `look`, with what is late of it when that is today."""
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT reason.id, COALESCE(reason.name ->> %(lang)s, reason.name ->> 'en_US') AS name, COUNT(*) AS number,
                   COALESCE(SUM(dispute.amount_company * scope.rate), 0)::float AS amount,
                   COUNT(*) FILTER (WHERE %(late)s) AS late
              FROM recobro_dispute dispute JOIN %(scope)s ON scope.company_id = dispute.company_id
              LEFT JOIN recobro_dispute_reason reason ON reason.id = dispute.reason_id
             WHERE %(open)s AND %(customers)s
             GROUP BY reason.id ORDER BY amount DESC, reason.id
            """,
            lang=env.lang or "en_US",
            late=exposure.past_sla(SQL("dispute"), at),
            scope=look.rows,
            open=_was_open(look),
            customers=look.customers(SQL("dispute.partner_id")),
        )
    )
    for row in rows:
        row["late"] = row["late"] if look.is_today else None
    return {
        "number": sum(row["number"] for row in rows),
        "amount": sum(row["amount"] for row in rows),
        "late": sum(row["late"] for row in rows) if look.is_today else None,
        "reasons": rows,
    }


def _was_open(look):
    if look.is_today:
        return SQL("dispute.kind != 'final'")
    return SQL(
        "dispute.opened_at < %s AND (dispute.closed_on IS NULL OR dispute.closed_on > %s)",
        clock.begin_of(look.companies[:1], look.as_of, later=1),
        look.as_of,
    )


def _closed(env, look):
    """Return what was closed in the period and in the one before."""
    return env.execute_query_dict(
        SQL(
            """
            SELECT dispute.closed_on, dispute.cycle_hours, dispute.raw_hours, dispute.sla_hours, dispute.root_cause
              FROM recobro_dispute dispute JOIN %s ON scope.company_id = dispute.company_id
             WHERE dispute.kind = 'final' AND dispute.closed_on > %s AND dispute.closed_on <= %s AND %s
            """,
            look.rows,
            look.before,
            look.as_of,
            look.customers(SQL("dispute.partner_id")),
        )
    )
