"""What became of what was open: the migration matrix between two days, from the books (METRICS.md)."""

from odoo.tools import SQL

from ...const import PLAN_JUDGED
from ...tools import migration as formula
from .. import open_items
from ..ageing import bucket_sql
from . import balances, control


def matrix(env, companies, as_of, since=None):
    """Return `tools.migration.matrix` of what was open at the end of `since` and what became of it until `as_of`.

    :param companies: main companies; amounts of several are in the currency of the first at the rates of `as_of`.
    :param since: a month before `as_of` unless given.

    What was matched since then with an entry that is neither money nor a credit note is written off; all else that was
    matched is paid, a credit note too, for it is asked of nobody any more. Due dates are those of now, the books keep
    no earlier ones: an item whose due date was moved is judged by the new one on both days. So "back" is always nothing
    here, the other shares add up to one without it, and no screen shows it as a figure.
    One statement a company.
    """
    balances.flush(env)
    for model in ("recobro.payment.plan", "recobro.payment.plan.line", "recobro.item"):
        env[model].flush_model()
    since = since or control.month_before(as_of)
    rows = []
    for company in companies:
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, companies[0].currency_id, companies[0], as_of
        )
        found = env.execute_query(_rows(env, company, since, as_of))
        rows += [(before, became, float(amount) * rate) for before, became, amount in found]
    return formula.matrix(rows)


def _rows(env, company, since, as_of):
    """SELECT (bucket before, what became of it, amount): what was asked for at the end of `since`, part by part."""
    return SQL(
        """
        WITH matched AS MATERIALIZED (%(matched)s),
        item AS (
            SELECT line.id, %(since)s - COALESCE(line.date_maturity, line.date) AS before,
                   %(as_of)s - COALESCE(line.date_maturity, line.date) AS now,
                   line.amount_residual + COALESCE(matched.amount, 0) AS amount,
                   COALESCE(matched.paid, 0) AS paid, COALESCE(matched.lost, 0) AS lost
              FROM account_move_line line
              LEFT JOIN matched ON matched.line_id = line.id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.company_id IN %(branches)s AND line.date <= %(since)s AND line.balance > 0
               AND (line.reconciled IS NOT TRUE OR matched.line_id IS NOT NULL)
        ),
        judged AS (
            SELECT item.*, item.amount - item.paid - item.lost AS left_over,
                   EXISTS (
                       SELECT FROM recobro_item known
                         JOIN recobro_payment_plan_line planned ON planned.item_id = known.id
                         JOIN recobro_payment_plan plan ON plan.id = planned.plan_id
                        WHERE known.res_model = 'account.move.line' AND known.res_id = item.id
                          AND plan.state IN %(in_force)s AND plan.started_on <= %(as_of)s
                          AND (plan.ended_on IS NULL OR plan.ended_on > %(as_of)s)
                   ) AS in_plan
              FROM item
        )
        SELECT %(before)s, became.key, SUM(became.amount)
          FROM judged
         CROSS JOIN LATERAL (VALUES
               ('paid', paid), ('written_off', lost),
               (CASE WHEN in_plan THEN 'in_plan' ELSE %(now)s END, left_over)
               ) AS became(key, amount)
         WHERE became.amount > 0
         GROUP BY 1, 2
        """,
        matched=_matched(company, since, as_of),
        since=since,
        as_of=as_of,
        branches=open_items.branches(company),
        accounts=open_items.receivable_accounts(env),
        in_force=PLAN_JUDGED,
        before=bucket_sql(SQL("before")),
        now=bucket_sql(SQL("now")),
    )


def _matched(company, since, as_of):
    """SELECT (line_id, amount, lost, paid): what was matched with items after `since`, and what of it until a day."""
    return SQL(
        """
        SELECT part.debit_move_id AS line_id, SUM(part.amount) AS amount,
               SUM(part.amount) FILTER (WHERE part.max_date <= %(as_of)s AND (%(is_written_off)s)) AS lost,
               SUM(part.amount) FILTER (WHERE part.max_date <= %(as_of)s AND NOT (%(is_written_off)s)) AS paid
          FROM account_partial_reconcile part
          JOIN account_move_line other ON other.id = part.credit_move_id
          JOIN account_move entry ON entry.id = other.move_id
          JOIN account_journal journal ON journal.id = other.journal_id
         WHERE part.max_date > %(since)s AND part.company_id IN %(branches)s
         GROUP BY part.debit_move_id
        """,
        is_written_off=balances.is_written_off(company),
        since=since,
        as_of=as_of,
        branches=open_items.branches(company),
    )
