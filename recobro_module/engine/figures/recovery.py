"""The probability of recovery: what was paid in time of what became so late before, by customers of the same grade.

A cohort is a bucket of ageing and a segment, the grade of the customer today (METRICS.md). Into each bucket an item
enters on a day, with what is open of it at the end of that day; what of it was paid in money within 90 days, with no
credit note and no write-off, was recovered. The rates are kept in `recobro.recovery.rate`, one row a cohort.

`rates` reads them; `chance` and `rate_sql` tell how likely it is that amounts are paid.
"""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from ...tools import recovery as formula
from ...tools.ageing import bucket as bucket_of
from .. import open_items
from ..ageing import bucket_sql
from . import customer_figures

#: Days within which what entered a bucket has to be paid, and over how many months entries are looked at.
HORIZON_DAYS, MONTHS = 90, 24

#: What is read, and may be kept back by the ORM.
_READ = ("account.move.line", "account.partial.reconcile", "account.account", "account.journal", "res.partner")

#: What stands in a row for everything the company has, and for customers without a grade, whose segment is "".
_ALL, NO_GRADE = "all", "–"


# -----------------------------------------------------------------------------
# READ
# -----------------------------------------------------------------------------


def rates(env, company):
    """Return {(bucket, segment): `tools.recovery.Rate`} as it is kept for `company` (a main company).

    `segment` is the name of a grade, "" for customers without one and None for a whole bucket; (None, None) is all that
    the company has. What is not in it has the rate of its parent: see `tools.recovery.rate_of`.
    """
    env["recobro.recovery.rate"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT CASE WHEN cohort != 'company' THEN bucket END,
                   CASE WHEN cohort = 'segment' THEN CASE WHEN segment = %s THEN '' ELSE segment END END,
                   rate, sample, amount, amount_paid
              FROM recobro_recovery_rate WHERE company_id = %s AND rate IS NOT NULL
            """,
            NO_GRADE,
            company.id,
        )
    )
    return {
        (bucket, segment): formula.Rate(float(rate), sample, float(amount), float(paid))
        for bucket, segment, rate, sample, amount, paid in rows
    }


def chance(found, segment, parts):
    """Return how likely some amounts of one customer are paid, weighted by amount; None where nothing is known.

    :param found: what `rates` returned.
    :param segment: the name of the customer's grade, "" when it has none.
    :param parts: iterable of (days past due, amount).
    """
    return formula.chance(found, [(bucket_of(days), segment, amount) for days, amount in parts])


def rate_sql(company, days, segment):
    """Return the SQL expression of the rate of a row: of its cohort, else of its parents; NULL where none is known.

    :param days: SQL of its days past due.
    :param segment: SQL of the name of its customer's grade, '' for none.
    """
    return SQL(
        """
        (SELECT kept.rate FROM recobro_recovery_rate kept
          WHERE kept.company_id = %(company)s AND kept.rate IS NOT NULL
            AND (kept.cohort = 'company' OR kept.bucket = %(bucket)s
                 AND (kept.cohort = 'bucket' OR kept.segment = COALESCE(NULLIF(%(segment)s, ''), %(no_grade)s)))
          ORDER BY array_position(ARRAY['segment', 'bucket', 'company'], kept.cohort::text) LIMIT 1)
        """,
        company=company.id,
        bucket=bucket_sql(days),
        segment=segment,
        no_grade=NO_GRADE,
    )


# -----------------------------------------------------------------------------
# KEPT
# -----------------------------------------------------------------------------


def make_ready(env, company, as_of, policies, partner_ids=None):
    """Bring the rates up to the day `as_of` when some level of these policies selects by them; else ask nothing.

    :param partner_ids: for a few customers those of the last day will do.
    """
    if not any(level.select_probability for level in policies.level_ids._selects()):
        return
    known = SQL("SELECT MAX(as_of) FROM recobro_recovery_rate WHERE company_id = %s", company.id)
    [(kept_on,)] = env.execute_query(known)
    if kept_on is None or (partner_ids is None and kept_on != as_of):
        keep(env, company, as_of)


def keep(env, company, as_of):
    """Work out the rates of all cohorts of `company` (a main company) on the day `as_of`, and keep them."""
    for model in (*_READ, "recobro.customer.figure", "recobro.grade", "recobro.recovery.rate"):
        env[model].flush_model()
    entered = {
        (bucket, segment): tuple(numbers)
        for bucket, segment, *numbers in env.execute_query(_cohorts(env, company, as_of))
    }
    # The company has a row of its own even where nothing has entered yet: it tells that this was looked at
    rows = {(None, None): None, **formula.rates(entered)}
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_recovery_rate (
                company_id, cohort, bucket, segment, rate, sample, amount, amount_paid, as_of
            ) VALUES %s
                ON CONFLICT (company_id, cohort, bucket, segment) DO UPDATE
               SET (rate, sample, amount, amount_paid, as_of)
                   = ROW(excluded.rate, excluded.sample, excluded.amount, excluded.amount_paid, excluded.as_of)
            """,
            SQL(", ").join(_row(company, as_of, *key, rate) for key, rate in rows.items()),
        )
    )
    kept = SQL(", ").join(SQL("(%s, %s, %s)", *_key(*key)) for key in rows)
    env.cr.execute(
        SQL(
            "DELETE FROM recobro_recovery_rate WHERE company_id = %s AND (cohort, bucket, segment) NOT IN (%s)",
            company.id,
            kept,
        )
    )
    env["recobro.recovery.rate"].invalidate_model()


def _key(bucket, segment):
    """Return (cohort, bucket, segment) as they stand in the table."""
    cohort = "company" if bucket is None else "bucket" if segment is None else "segment"
    return cohort, bucket or _ALL, "" if segment is None else segment or NO_GRADE


def _row(company, as_of, bucket, segment, rate):
    """Return the SQL of one row of the table."""
    values = (rate.rate, rate.sample, rate.amount, rate.paid) if rate else (None, 0, 0.0, 0.0)
    return SQL("(%s, %s, %s, %s, %s::numeric, %s, %s, %s, %s)", company.id, *_key(bucket, segment), *values, as_of)


def _cohorts(env, company, as_of):
    """SELECT (bucket, segment, entries, amount, paid): what entered each cohort and was paid in time, with the parents.

    Only what entered so long ago that the days to be paid in have passed.
    """
    return SQL(
        """
        WITH item AS MATERIALIZED (%(items)s),
        part AS MATERIALIZED (
            SELECT matched.debit_move_id, matched.amount, matched.max_date,
                   money.journal_id = ANY(%(banks)s) AS is_money
              FROM account_partial_reconcile matched
              JOIN account_move_line money ON money.id = matched.credit_move_id
             WHERE matched.debit_move_id IN (SELECT id FROM item)
        ),
        entry AS (
            SELECT item.id, item.amount, item.segment, bucket.key AS bucket,
                   GREATEST(item.due + bucket.first, item.date) AS day
              FROM item
              JOIN (VALUES %(buckets)s) AS bucket(key, first, last)
                ON bucket.last IS NULL OR GREATEST(item.due + bucket.first, item.date) <= item.due + bucket.last
        ),
        judged AS (
            SELECT entry.bucket, entry.segment,
                   entry.amount - COALESCE(SUM(part.amount) FILTER (WHERE part.max_date <= entry.day), 0) AS entered,
                   COALESCE(SUM(part.amount) FILTER (
                       WHERE part.is_money AND part.max_date > entry.day AND part.max_date <= entry.day + %(horizon)s
                   ), 0) AS paid
              FROM entry LEFT JOIN part ON part.debit_move_id = entry.id
             WHERE entry.day > %(since)s AND entry.day <= %(last)s
             GROUP BY entry.id, entry.bucket, entry.segment, entry.day, entry.amount
        )
        SELECT bucket, segment, COUNT(*), SUM(entered)::float, SUM(LEAST(paid, entered))::float
          FROM judged WHERE entered > 0
         GROUP BY GROUPING SETS ((bucket, segment), (bucket), ())
        HAVING COUNT(*) > 0
        """,
        items=_items(env, company, as_of),
        banks=customer_figures.money_journals(env),
        buckets=SQL(", ").join(
            SQL("(%s, %s::int, %s::int)", key, first, last) for key, _label, first, last in AGEING_BUCKETS
        ),
        horizon=HORIZON_DAYS,
        since=_since(as_of),
        last=_last(as_of),
    )


def _items(env, company, as_of):
    """SELECT (id, date, due, amount, segment): what customers were asked to pay and may have entered some bucket."""
    return SQL(
        """
        SELECT line.id, line.date, COALESCE(line.date_maturity, line.date) AS due, line.balance AS amount,
               COALESCE(grade.name, '') AS segment
          FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
          LEFT JOIN recobro_customer_figure figure
            ON figure.company_id = %(company)s
           AND figure.partner_id = COALESCE(partner.commercial_partner_id, partner.id)
          LEFT JOIN recobro_grade grade ON grade.id = figure.grade_id
         WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted' AND line.balance > 0
           AND line.journal_id != ALL(%(banks)s) AND line.company_id IN %(branches)s
           AND line.date <= %(last)s
           AND GREATEST(COALESCE(line.date_maturity, line.date) + %(oldest)s, line.date) > %(since)s
        """,
        company=company.id,
        accounts=open_items.receivable_accounts(env),
        banks=customer_figures.money_journals(env),
        branches=open_items.branches(company),
        oldest=AGEING_BUCKETS[-1][2],
        since=_since(as_of),
        last=_last(as_of),
    )


def _since(as_of):
    return as_of - relativedelta(months=MONTHS)


def _last(as_of):
    return as_of - relativedelta(days=HORIZON_DAYS)
