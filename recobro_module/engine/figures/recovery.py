"""The probability of recovery: what was paid in time of what became so late before, by customers of the same grade.

A cohort is a bucket of ageing, a segment, which is the grade of the customer today, and the cause of its trouble
(METRICS.md; `cohorts` says what enters it). The rates are kept each night in `recobro.recovery.rate`, one row a cohort.

`rate_sql` tells how likely it is that an amount is paid, `expected_loss` what is not.
"""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ...tools import receivables
from ...tools import recovery as formula
from ..ageing import bucket_sql
from . import cohorts
from .cohorts import HORIZON_DAYS

#: Over how many months entries are looked at.
MONTHS = 24

#: What is read, and may be kept back by the ORM.
READ = (
    *("account.move.line", "account.partial.reconcile", "account.account", "account.journal", "res.partner"),
    *("recobro.customer.figure", "recobro.grade", "recobro.case", "recobro.dispute"),
)

#: What stands in a row for everything the company has, and for customers without a grade or a cause, which is "".
_ALL, NO_GRADE, NO_CAUSE = "all", "–", "none"

#: How near the cohort is that a chance was taken from: of the customer's cause, of its grade alone.
OF_CAUSE, OF_GRADE = 1, 2
_LIKENESS = SQL("array_position(ARRAY['cause', 'segment', 'bucket', 'company'], kept.cohort::text)")


# -----------------------------------------------------------------------------
# READ
# -----------------------------------------------------------------------------


def rate_sql(company, days, segment, cause=None):
    """Return the SQL expression of the rate of a row: of its cohort, else of its parents; NULL where none is known.

    :param days: SQL of its days past due.
    :param segment: SQL of the name of its customer's grade, '' for none.
    :param cause: SQL of the root cause of its customer (`cohorts.causes`), '' for none; not looked at unless given.
    """
    return rate_of_bucket_sql(company, bucket_sql(days), segment, cause)


def likeness_sql(company, days, segment, cause=None):
    """Return the SQL expression of how near the cohort is that `rate_sql` takes the rate of a row from.

    `OF_CAUSE`, `OF_GRADE`, or more for one that looks at neither; NULL where no rate is known.
    """
    return _kept_sql(company, bucket_sql(days), segment, cause, _LIKENESS)


def nearest_sql(company, days, segment, cause):
    """Return the SQL of a relation (rate, likeness) of at most one row: both of the nearest cohort, looked up once."""
    return _kept_sql(company, bucket_sql(days), segment, cause, SQL("kept.rate, %s AS likeness", _LIKENESS))


def rate_of_bucket_sql(company, bucket, segment, cause=None):
    """Return what `rate_sql` does for a row whose bucket is known, as SQL."""
    return _kept_sql(company, bucket, segment, cause, SQL("kept.rate"))


def _kept_sql(company, bucket, segment, cause, columns):
    """Return the SQL of what is asked of the nearest cohort that has a rate."""
    wanted = SQL("kept.cohort != 'cause'")
    if cause is not None:
        wanted = SQL("(kept.cohort != 'cause' OR kept.cause = COALESCE(NULLIF(%s, ''), %s))", cause, NO_CAUSE)
    return SQL(
        """
        (SELECT %(columns)s FROM recobro_recovery_rate kept
          WHERE kept.company_id = %(company)s AND kept.rate IS NOT NULL
            AND (kept.cohort = 'company' OR kept.bucket = %(bucket)s
                 AND (kept.cohort = 'bucket' OR kept.segment = COALESCE(NULLIF(%(segment)s, ''), %(no_grade)s)))
            AND %(wanted)s
          ORDER BY %(likeness)s LIMIT 1)
        """,
        columns=columns,
        likeness=_LIKENESS,
        company=company.id,
        bucket=bucket,
        wanted=wanted,
        segment=segment,
        no_grade=NO_GRADE,
    )


# -----------------------------------------------------------------------------
# KEPT
# -----------------------------------------------------------------------------


def make_ready(env, company, as_of, policies, partner_ids=None):
    """Bring the rates up to the day `as_of` when some level of these policies selects by them; else ask nothing.

    The day's own are kept at its end (`keep_day`): a level that selects goes by them before anything is decided.

    :param partner_ids: for a few customers those of the last day will do.
    """
    if not any(level.select_probability for level in policies.level_ids._selects()):
        return
    kept_on = _kept_on(env, company)
    if kept_on is None or (partner_ids is None and kept_on != as_of):
        keep(env, company, as_of)


def keep_day(env, company, as_of):
    """Keep the rates of the day when it ends, unless they were asked for when it was decided."""
    if _kept_on(env, company) != as_of:
        keep(env, company, as_of)


def _kept_on(env, company):
    known = SQL("SELECT MAX(as_of) FROM recobro_recovery_rate WHERE company_id = %s", company.id)
    return env.execute_query(known)[0][0]


def keep(env, company, as_of):
    """Work out the rates of all cohorts of `company` (a main company) on the day `as_of`, and keep them."""
    for model in (*READ, "recobro.recovery.rate"):
        env[model].flush_model()
    select = cohorts.query(env, company, since(as_of), last(as_of), cohorts.customers(company, as_of))
    # The company has a row of its own even where nothing has entered yet: it tells that this was looked at
    rows = {(None, None, None): None, **formula.rates(numbers(env, select))}
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_recovery_rate (
                company_id, cohort, bucket, segment, cause, rate, sample, amount, amount_paid, as_of
            ) VALUES %s
                ON CONFLICT (company_id, cohort, bucket, segment, COALESCE(cause, '')) DO UPDATE
               SET (rate, sample, amount, amount_paid, as_of)
                   = ROW(excluded.rate, excluded.sample, excluded.amount, excluded.amount_paid, excluded.as_of)
            """,
            SQL(", ").join(_row(company, as_of, key, rate) for key, rate in rows.items()),
        )
    )
    kept = SQL(", ").join(SQL("(%s, %s, %s, %s)", *_key(*key)) for key in rows)
    env.cr.execute(
        SQL(
            """
            DELETE FROM recobro_recovery_rate
             WHERE company_id = %s AND (cohort, bucket, segment, COALESCE(cause, '')) NOT IN (%s)
            """,
            company.id,
            kept,
        )
    )
    env["recobro.recovery.rate"].invalidate_model()


def numbers(env, select):
    """Return {(bucket, segment, cause): (entries, amount, paid)} of a `cohorts.query`."""
    return {tuple(row[:3]): tuple(row[3:6]) for row in env.execute_query(select)}


def _key(bucket, segment, cause):
    """Return (cohort, bucket, segment, cause) as they stand in the table, "" for a cause that is not looked at."""
    cohort = "company" if bucket is None else "bucket" if segment is None else "segment" if cause is None else "cause"
    return (
        cohort,
        bucket or _ALL,
        "" if segment is None else segment or NO_GRADE,
        "" if cause is None else cause or NO_CAUSE,
    )


def _row(company, as_of, key, rate):
    """Return the SQL of one row of the table."""
    values = (rate.rate, rate.sample, rate.amount, rate.paid) if rate else (None, 0, 0.0, 0.0)
    *name, cause = _key(*key)
    return SQL("(%s, %s, %s, %s, %s, %s::numeric, %s, %s, %s, %s)", company.id, *name, cause or None, *values, as_of)


def expected_loss(env, companies, as_of, customers=None):
    """Return Σ open × (1 − chance of recovery) of the open cases of main companies, with what it was worked out of.

    {"amount", "judged", "unknown"}: the loss, the open amount that has a chance, and that which has none; in the
    currency of the first company at the rates of the day `as_of`. One statement a company.

    :param customers: SQL condition on `collection`, the cases, and `scope`, their company (`Scope.customers`).
    """
    found = {"amount": 0.0, "judged": 0.0, "unknown": 0.0}
    for model in ("recobro.case", "recobro.recovery.rate", "recobro.customer.figure", "recobro.grade"):
        env[model].flush_model()
    for company in companies:
        rows = env.execute_query(_open_parts(company, as_of, customers or SQL("TRUE")))
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, companies[0].currency_id, companies[0], as_of
        )
        parts = [(amount * rate, chance) for amount, chance in rows if chance is not None]
        found["amount"] += receivables.expected_loss(parts)
        found["judged"] += sum(amount for amount, _chance in parts)
        found["unknown"] += sum(amount * rate for amount, chance in rows if chance is None)
    return found


def _open_parts(company, as_of, customers):
    """SELECT (amount, chance): what is open on the cases of a company by cohort."""
    columns = [("not_due", "amount_not_due"), ("d1_30", "amount_1_30"), ("d31_60", "amount_31_60")]
    columns += [("d61_90", "amount_61_90"), ("d90_plus", "amount_90_plus")]
    return SQL(
        """
        WITH part AS (
            SELECT bucket.key AS bucket, COALESCE(grade.name, '') AS segment, COALESCE(troubled.cause, '') AS cause,
                   SUM(bucket.amount) AS amount
              FROM recobro_case collection
              JOIN (VALUES (%(company)s)) AS scope (company_id) ON scope.company_id = collection.company_id
              LEFT JOIN recobro_grade grade ON grade.id = collection.grade_id
              LEFT JOIN (%(causes)s) troubled ON troubled.partner_id = collection.partner_id
             CROSS JOIN LATERAL (VALUES %(buckets)s) AS bucket(key, amount)
             WHERE collection.state = 'open' AND bucket.amount > 0 AND %(customers)s
             GROUP BY 1, 2, 3
        )
        SELECT amount::float, (%(rate)s)::float FROM part
        """,
        causes=cohorts.causes(company, as_of),
        buckets=SQL(", ").join(SQL("(%s, collection.%s)", key, SQL.identifier(column)) for key, column in columns),
        company=company.id,
        customers=customers,
        rate=rate_of_bucket_sql(company, SQL("part.bucket"), SQL("part.segment"), SQL("part.cause")),
    )


def since(as_of):
    """Return the day after which entries are looked at on a day."""
    return as_of - relativedelta(months=MONTHS)


def last(as_of):
    """Return the last day whose entries have had their time to be paid."""
    return as_of - relativedelta(days=HORIZON_DAYS)
