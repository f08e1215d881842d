"""What is kept of each day: the company's balances, states and key figures, and the balances of each customer.

Kept once and never changed (`recobro.snapshot`): a second run of a day changes nothing. Amounts come from the books
(`balances`), so that a day that is rebuilt later is told from one that was lived by its source only; states come from
the holds in force, which nobody can tell of a past day.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from . import balances, control, series

#: Days for which the balances of each customer are kept daily.
DAYS_OF_CUSTOMERS = 90

#: States of a run whose day is not over.
_AT_WORK = ("deciding", "waiting", "delivering")

_BUCKETS = [key for key, *_rest in AGEING_BUCKETS]

#: The states of what is held, in the order in which they claim an amount that several answers hold.
_CLAIMS = ("legal", "with_agency", "disputed", "in_plan", "payment_in_hand", "promised", "paused")
_STATE_OF_REASON = {
    "dispute": "disputed",
    "plan": "in_plan",
    "payment_in_hand": "payment_in_hand",
    "promise": "promised",
    "placement": "with_agency",
}


def keep(env, company, as_of, step):
    """Keep the day `as_of` of `company` (a main company), which was just lived; nothing when it is kept already.

    The end of the month before is rebuilt where no run took place on it, so that the months have no gaps; while its run
    is still at work or waits for a person it is left to that run.

    :param step: SQL name of the relation of the day's verdicts (`planning.STEP`).
    """
    end_before = series.end_before(as_of)
    kept = kept_days(env, company, end_before, as_of)
    if as_of in kept:
        return
    if end_before not in kept | lived_days(env, company, end_before, end_before):
        rebuild(env, company, end_before)
    balances.flush(env)
    _insert(env, company, as_of, "run", _states(env, company, as_of, step))
    _insert_customers(env, company, as_of, _held_by_customer(step))
    _sweep(env, company, as_of)


def rebuild(env, company, day):
    """Keep a past day as the books tell it now; what is kept already stays."""
    balances.flush(env)
    _insert(env, company, day, "rebuilt", {})
    _insert_customers(env, company, day, SQL("SELECT NULL::int AS partner_id, NULL::numeric AS held WHERE FALSE"))


def kept_days(env, company, since, until):
    """Return the days from `since` to `until` that are kept of `company`."""
    env["recobro.snapshot"].flush_model()
    rows = env.execute_query(
        SQL(
            "SELECT day FROM recobro_snapshot WHERE company_id = %s AND day BETWEEN %s AND %s", company.id, since, until
        )
    )
    return {day for (day,) in rows}


def lived_days(env, company, since, until):
    """Return the days from `since` to `until` whose run is not over: it keeps them itself, with what was held."""
    env["recobro.run"].flush_model()
    rows = env.execute_query(
        SQL(
            "SELECT day FROM recobro_run WHERE company_id = %s AND day BETWEEN %s AND %s AND state IN %s",
            company.id,
            since,
            until,
            _AT_WORK,
        )
    )
    return {day for (day,) in rows}


def _insert(env, company, day, source, states):
    """Keep the company's row of a day.

    :param states: {column: amount} of what only the day itself can tell; what is not in it is not known.
    """
    found = control.figures(env, company, day)
    values = {
        **dict(zip(_BUCKETS, found.now.buckets, strict=True)),
        "credit": found.now.credits,
        "receivables": found.now.receivables,
        "in_credit": found.now.in_credit,
        "sales": found.sales,
        "written_off": found.written_off,
        "amount_judged": found.amount_judged,
    }
    values = {name: company.currency_id.round(amount) for name, amount in values.items()} | _key_figures(found) | states
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_snapshot (company_id, day, source, %(columns)s)
            VALUES (%(company)s, %(day)s, %(source)s, %(values)s)
                ON CONFLICT DO NOTHING
            """,
            company=company.id,
            day=day,
            source=source,
            columns=SQL(", ").join(map(SQL.identifier, values)),
            values=SQL(", ").join(SQL("%s", value) for value in values.values()),
        )
    )


def _key_figures(found):
    """Return {column: value} of a `control.Control`, with two digits; None where there is nothing to divide by."""
    values = {
        "dso": found.countback and found.countback.days,
        "best_possible": found.best_possible and found.best_possible.days,
        "days_delinquent": found.days_delinquent,
        "effectiveness": found.effectiveness,
        "days_late": found.days_late,
    }
    rounded = {name: None if value is None else round(value, 2) for name, value in values.items()}
    return {**rounded, "dso_is_truncated": bool(found.countback and found.countback.is_truncated)}


def _insert_customers(env, company, day, held):
    """Keep the balances of each customer who has something open at the end of a day.

    :param held: SELECT (partner_id, held) of what is held of some of them; of the others nothing is.
    """
    columns = [*_BUCKETS, "credit"]
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_customer_snapshot (company_id, day, partner_id, %(columns)s, held)
            SELECT %(company)s, %(day)s, owing.partner_id, %(owing)s, held.held
              FROM (%(by_customer)s) owing LEFT JOIN (%(held)s) held ON held.partner_id = owing.partner_id
                ON CONFLICT DO NOTHING
            """,
            company=company.id,
            day=day,
            columns=SQL(", ").join(map(SQL.identifier, columns)),
            owing=SQL(", ").join(SQL("owing.%s", SQL.identifier(column)) for column in columns),
            by_customer=balances.by_customer(env, company, day),
            held=held,
        )
    )


def _held_by_customer(step):
    """SELECT (partner_id, held): of all customers under collection, those of whom nothing is held with a zero."""
    return SQL(
        """
        SELECT partner_id, SUM(open_company - free_company) AS held
          FROM %s step WHERE NOT excluded AND line_id > 0 GROUP BY partner_id
        """,
        step,
    )


def _states(env, company, as_of, step):
    """Return {column: amount} of what is held, in all and by state, with the numbers of items and cases; one statement.

    What several answers hold of an item counts once: each claims what it holds of what those before it in `_CLAIMS`
    left, and the last of an item takes the rest, a cent of rounding with it. So the states add up to what is held.
    """
    env["recobro.placement"].flush_model()
    env["recobro.hold"].flush_model()
    sums = SQL(", ").join(
        SQL("COALESCE(SUM(amount) FILTER (WHERE state = %s), 0) AS %s", name, SQL.identifier(name)) for name in _CLAIMS
    )
    [row] = env.execute_query_dict(
        SQL(
            """
            WITH held AS MATERIALIZED (
                SELECT line_id, item_id, partner_id, open_company - free_company AS amount, open_company
                  FROM %(step)s step WHERE NOT excluded AND line_id > 0 AND open_company > free_company
            ),
            claim AS (%(claims)s),
            ranked AS (
                SELECT claim.*, array_position(%(order)s::text[], state) AS place,
                       COALESCE(SUM(claimed) OVER earlier, 0) AS before, LEAD(id) OVER earlier_too IS NULL AS is_last
                  FROM claim
                WINDOW earlier_too AS (PARTITION BY line_id ORDER BY array_position(%(order)s::text[], state), id),
                       earlier AS (earlier_too ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
            ),
            part AS (
                SELECT state, GREATEST(0, CASE WHEN is_last THEN amount - before
                                               ELSE LEAST(claimed, amount - before) END) AS amount
                  FROM ranked
            )
            SELECT %(sums)s, (SELECT COALESCE(SUM(amount), 0) FROM held) AS held,
                   (SELECT COUNT(*) FROM %(step)s WHERE NOT excluded AND line_id > 0) AS open_items,
                   (SELECT COUNT(*) FROM recobro_case WHERE company_id = %(company)s AND state = 'open') AS open_cases
              FROM part
            """,
            step=step,
            claims=_claims(company, as_of),
            order=list(_CLAIMS),
            sums=sums,
            company=company.id,
        )
    )
    return row


def _claims(company, as_of):
    """SELECT: what each hold in force claims of each item of the relation `held`, in the company's currency."""
    state = SQL(
        "CASE WHEN placement.kind = 'lawyer' THEN 'legal' %s ELSE 'paused' END",
        SQL(" ").join(SQL("WHEN answer.reason = %s THEN %s", *pair) for pair in _STATE_OF_REASON.items()),
    )

    def claims(join, claimed):
        return SQL(
            """
            SELECT held.line_id, held.amount, answer.id, %(state)s AS state, %(claimed)s AS claimed
              FROM held
              JOIN recobro_hold answer ON %(join)s
              LEFT JOIN recobro_item item ON item.id = answer.item_id
              LEFT JOIN recobro_placement placement
                ON answer.source_model = 'recobro.placement' AND placement.id = answer.source_id
             WHERE answer.active AND answer.company_id = %(company)s AND answer.date_from <= %(as_of)s
               AND (answer.date_until IS NULL OR answer.date_until >= %(as_of)s)
            """,
            state=state,
            claimed=claimed,
            join=join,
            company=company.id,
            as_of=as_of,
        )

    of_item = SQL(
        """
        CASE WHEN COALESCE(answer.amount, 0) = 0 THEN held.amount
             ELSE LEAST(held.amount, answer.amount * held.open_company / NULLIF(item.amount_open, 0)) END
        """
    )
    return SQL(
        "%s UNION ALL %s",
        claims(SQL("answer.item_id = held.item_id"), of_item),
        claims(SQL("answer.item_id IS NULL AND answer.partner_id = held.partner_id"), SQL("held.amount")),
    )


def _sweep(env, company, as_of):
    """Drop the days of customers that are past their time; of each month its end stays."""
    env.cr.execute("SET LOCAL recobro.door = 'sweep'")
    env.cr.execute(
        SQL(
            """
            DELETE FROM recobro_customer_snapshot
             WHERE company_id = %s AND day < %s AND EXTRACT(DAY FROM day + 1) != 1
            """,
            company.id,
            as_of - timedelta(days=DAYS_OF_CUSTOMERS),
        )
    )
    env.cr.execute("SET LOCAL recobro.door = ''")
