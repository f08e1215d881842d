"""What entered each cohort of late amounts and was paid in time: what the chance of recovery is worked out of.

A cohort is a bucket of ageing, a segment (the grade of the customer) and the cause of its trouble: the root cause of
what was closed last of it, a case or a dispute, "" when there was none. Its parents leave out the cause, then the
segment, then the bucket. Into each bucket an item enters on a day, with what is open of it at the end of that day; what
of it was paid in money within `HORIZON_DAYS`, with no credit note and no write-off, was recovered.
"""

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from .. import open_items
from . import customer_figures, grading, paying

#: Days within which what entered a bucket has to be paid.
HORIZON_DAYS = 90


def query(env, company, since, last, customers):
    """SELECT (bucket, segment, cause, entries, amount, paid, squares): what entered each cohort, with the parents.

    A parent has NULL for what it leaves out. `squares` is Σ paid² / amount, of which errors are made.

    :param since: entries after this day, until the day `last`.
    :param customers: SELECT (partner_id, segment, cause); who is not in it has neither.
    """
    return SQL(
        """
        WITH customer AS MATERIALIZED (%(customers)s),
        item AS MATERIALIZED (%(items)s),
        part AS MATERIALIZED (
            SELECT matched.debit_move_id, matched.amount, matched.max_date,
                   money.journal_id = ANY(%(banks)s) AS is_money
              FROM account_partial_reconcile matched
              JOIN account_move_line money ON money.id = matched.credit_move_id
             WHERE matched.debit_move_id IN (SELECT id FROM item)
        ),
        %(judged)s
        SELECT bucket, segment, cause, COUNT(*), SUM(entered)::float, SUM(LEAST(paid, entered))::float,
               SUM(LEAST(paid, entered)^2 / entered)::float
          FROM judged WHERE entered > 0
         GROUP BY GROUPING SETS ((bucket, segment, cause), (bucket, segment), (bucket), ())
        HAVING COUNT(*) > 0
        """,
        customers=customers,
        items=_items(env, company, since, last),
        banks=paying.money_journals(env),
        judged=_judged(since, last),
    )


def _judged(since, last):
    """Return the SQL of the relations `entry` and `judged`: what entered a bucket on a day, and was paid in time."""
    return SQL(
        """
        entry AS (
            SELECT item.id, item.amount, item.segment, item.cause, bucket.key AS bucket,
                   GREATEST(item.due + bucket.first, item.date) AS day
              FROM item
              JOIN (VALUES %(buckets)s) AS bucket(key, first, last)
                ON bucket.last IS NULL OR GREATEST(item.due + bucket.first, item.date) <= item.due + bucket.last
        ),
        judged AS (
            SELECT entry.bucket, entry.segment, entry.cause,
                   entry.amount - COALESCE(SUM(part.amount) FILTER (WHERE part.max_date <= entry.day), 0) AS entered,
                   COALESCE(SUM(part.amount) FILTER (
                       WHERE part.is_money AND part.max_date > entry.day AND part.max_date <= entry.day + %(horizon)s
                   ), 0) AS paid
              FROM entry LEFT JOIN part ON part.debit_move_id = entry.id
             WHERE entry.day > %(since)s AND entry.day <= %(last)s
             GROUP BY entry.id, entry.bucket, entry.segment, entry.cause, entry.day, entry.amount
        )
        """,
        buckets=SQL(", ").join(
            SQL("(%s, %s::int, %s::int)", key, first, last) for key, _label, first, last in AGEING_BUCKETS
        ),
        horizon=HORIZON_DAYS,
        since=since,
        last=last,
    )


def _items(env, company, since, last):
    """SELECT (id, date, due, amount, segment, cause): what customers were asked to pay and may have become late."""
    return SQL(
        """
        SELECT line.id, line.date, COALESCE(line.date_maturity, line.date) AS due, line.balance AS amount,
               COALESCE(customer.segment, '') AS segment, COALESCE(customer.cause, '') AS cause
          FROM account_move_line line
          JOIN res_partner partner ON partner.id = line.partner_id
          LEFT JOIN customer ON customer.partner_id = COALESCE(partner.commercial_partner_id, partner.id)
         WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted' AND line.balance > 0
           AND line.journal_id != ALL(%(banks)s) AND line.company_id IN %(branches)s
           AND line.date <= %(last)s
           AND GREATEST(COALESCE(line.date_maturity, line.date) + %(oldest)s, line.date) > %(since)s
        """,
        accounts=open_items.receivable_accounts(env),
        banks=paying.money_journals(env),
        branches=open_items.branches(company),
        oldest=AGEING_BUCKETS[-1][2],
        since=since,
        last=last,
    )


def customers(company, as_of):
    """SELECT (partner_id, segment, cause) of the customers as they are known now, with their causes until `as_of`."""
    return SQL(
        """
        SELECT partner_id, COALESCE(graded.segment, '') AS segment, COALESCE(troubled.cause, '') AS cause
          FROM (
               SELECT figure.partner_id, grade.name AS segment
                 FROM recobro_customer_figure figure
                 JOIN recobro_grade grade ON grade.id = figure.grade_id
                WHERE figure.company_id = %s
               ) graded
          FULL JOIN (%s) troubled USING (partner_id)
        """,
        company.id,
        causes(company, as_of),
    )


def customers_then(env, company, as_of):
    """SELECT (partner_id, segment, cause) of the customers as they were known on a past day, worked out of the books.

    Who is a customer since when is not told: a grade that asks for months takes anybody.
    """
    grades = env["recobro.grade"]._in_force(company)
    return SQL(
        """
        SELECT partner_id, COALESCE(grade.name, '') AS segment, COALESCE(troubled.cause, '') AS cause
          FROM (SELECT figure.partner_id, %(grade)s AS grade_id
                  FROM (SELECT known.*, NULL::int AS months FROM (%(known)s) known) figure) graded
          LEFT JOIN recobro_grade grade ON grade.id = graded.grade_id
          FULL JOIN (%(causes)s) troubled USING (partner_id)
        """,
        grade=grading.expression(grades, SQL("figure")),
        known=customer_figures.known_of_each(env, company, as_of),
        causes=causes(company, as_of),
    )


def causes(company, as_of, only=None):
    """SELECT (partner_id, cause): the root cause of what was closed last of each customer, a case or a dispute.

    :param only: SQL condition on `partner_id`, of the customers that are asked for; all when None.
    """
    return SQL(
        """
        SELECT DISTINCT ON (partner_id) partner_id, root_cause AS cause
          FROM (
               SELECT partner_id, root_cause, closed_on, id FROM recobro_case
                WHERE company_id = %(company)s AND state = 'closed' AND root_cause IS NOT NULL
                  AND closed_on <= %(as_of)s
                UNION ALL
               SELECT partner_id, root_cause, closed_on::date, id FROM recobro_dispute
                WHERE company_id = %(company)s AND closed_on IS NOT NULL AND root_cause IS NOT NULL
                  AND closed_on::date <= %(as_of)s
               ) closed
         WHERE partner_id IS NOT NULL AND %(only)s
         ORDER BY partner_id, closed_on DESC, id DESC
        """,
        only=only or SQL("TRUE"),
        company=company.id,
        as_of=as_of,
    )
