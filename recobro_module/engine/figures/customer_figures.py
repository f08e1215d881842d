"""The figures of each customer, one row a customer and main company, kept by the daily job in a few statements.

How a customer pays is judged by its last twelve months (METRICS.md): what it paid, part by part, on the day its money
was matched, and what it has left overdue. Only money counts: a credit note or a write-off says nothing of how somebody
pays. Amounts are in the company's currency; a figure without a denominator has no value, which is not zero.
"""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .. import clock, open_items
from . import grading, paying

_NEW = SQL.identifier("recobro_tmp_figure")

#: Columns of the table that are worked out here, besides company, customer and grade.
COLUMNS = (
    *("paid_count", "amount_judged", "days_late", "on_time", "broken_promises", "exposure", "credit_limit"),
    *("exposure_ratio", "customer_since", "months", "concentration"),
)
#: What is read, and may be kept back by the ORM.
_READ = (
    *("account.move.line", "account.partial.reconcile", "account.account", "account.journal", "res.partner"),
    *("res.company", "recobro.promise", "recobro.case", "recobro.grade", "recobro.grade.limit"),
)

#: What each customer paid and what it has overdue, together; of the relations `paid` and `owing`.
_JUDGED = SQL(
    """
    SELECT partner_id, COALESCE(paid.number, 0)::int AS paid_count,
           COALESCE(paid.amount, 0) + COALESCE(owing.overdue, 0) AS amount,
           COALESCE(paid.late, 0) + COALESCE(owing.late, 0) AS late,
           COALESCE(paid.in_time, 0) AS in_time,
           GREATEST(COALESCE(owing.amount, 0), 0) AS exposure, owing.first_day
      FROM paid FULL JOIN owing USING (partner_id)
    """
)


def keep(env, company, as_of):
    """Bring the figures and grades of all customers of `company` (a main company) up to the day `as_of`."""
    for model in _READ:
        env[model].flush_model()
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", _NEW))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", _NEW, known_of_each(env, company, as_of)))
    env.cr.execute(SQL("ANALYZE %s", _NEW))
    _find_the_first_day(env, company)
    _save(env, company, as_of)
    grading.to_cases(env, company)
    env["recobro.customer.figure"].invalidate_model()


def keep_all(env):
    """Bring the figures of every main company up to its present day."""
    for company in env["res.company"].sudo().search([("parent_id", "=", False)]):
        keep(env, company, clock.today(env, company))


def make_ready(env, company, as_of, policies, is_asked=False):
    """See to it that the figures are there when a policy asks for them: before the first run has kept any.

    Nothing is asked of the database when no policy chooses its customers by them.

    :param is_asked: whether something else goes by them: a level that selects by grade.
    """
    names = env["res.partner"]._recobro_figure_names()
    if not is_asked and not any(name in (policy.domain or "") for policy in policies for name in names):
        return
    known = SQL("SELECT FROM recobro_customer_figure WHERE company_id = %s LIMIT 1", company.id)
    if not env.execute_query(known):
        keep(env, company, as_of)


def known_of_each(env, company, as_of):
    """SELECT: one row for each customer that paid or owes something, with all but the first day.

    `on_time` and the ratios are percentages. `first_day` is the earliest among what is open.
    """
    return SQL(
        """
        WITH matched AS MATERIALIZED (%(matched)s),
        paid AS (%(paid)s),
        owing AS (%(owing)s),
        broken AS (
            SELECT partner_id, COUNT(*) AS number
              FROM recobro_promise
             WHERE company_id = %(company)s AND state = 'broken' AND verdict_date > %(since)s
             GROUP BY partner_id
        )
        SELECT judged.partner_id, paid_count, judged.amount AS amount_judged,
               ROUND(late / NULLIF(judged.amount, 0), 1) AS days_late,
               ROUND(100 * in_time / NULLIF(judged.amount, 0), 1) AS on_time,
               COALESCE(broken.number, 0)::int AS broken_promises,
               exposure, limits.amount AS credit_limit,
               ROUND(100 * exposure / NULLIF(limits.amount, 0), 1) AS exposure_ratio,
               ROUND(100 * exposure / NULLIF(SUM(exposure) OVER (), 0), 2) AS concentration,
               first_day
          FROM (%(judged)s) judged
          JOIN res_partner partner ON partner.id = judged.partner_id
          CROSS JOIN LATERAL (SELECT %(credit_limit)s AS amount) limits
          LEFT JOIN broken ON broken.partner_id = judged.partner_id
        """,
        since=as_of - relativedelta(years=1),
        matched=paying.matched(company, as_of),
        company=company.id,
        paid=paying.paid(env, as_of),
        owing=paying.owing(env, company, as_of),
        judged=_JUDGED,
        credit_limit=_credit_limit(env, company),
    )


def _credit_limit(env, company):
    """Return the SQL of the credit limit of `partner`, 0 when it has none or the company works without them."""
    if not company.account_use_credit_limit:
        return SQL("0::numeric")
    # sudo: the field is for accountants; the daily job is everybody's
    partners = env["res.partner"].sudo().with_company(company)
    return SQL("COALESCE(%s, 0)::numeric", partners._field_to_sql("partner", "credit_limit"))


def _find_the_first_day(env, company):
    """Put the day of its first invoice on each new row: known of most, looked up of those that are new."""
    env.cr.execute(SQL("ALTER TABLE %s ADD COLUMN customer_since date", _NEW))
    env.cr.execute(
        SQL(
            """
            UPDATE %(new)s figure SET customer_since = LEAST(known.customer_since, figure.first_day)
              FROM recobro_customer_figure known
             WHERE known.company_id = %(company)s AND known.partner_id = figure.partner_id
            """,
            new=_NEW,
            company=company.id,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE %(new)s figure SET customer_since = first.day
              FROM (
                   SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id, MIN(item.date) AS day
                     FROM account_move_line item
                     JOIN res_partner partner ON partner.id = item.partner_id
                    WHERE item.account_id = ANY(%(accounts)s) AND item.parent_state = 'posted'
                      AND item.company_id IN %(branches)s
                      AND partner.commercial_partner_id IN (
                          SELECT partner_id FROM %(new)s WHERE customer_since IS NULL)
                    GROUP BY 1
                   ) first
             WHERE first.partner_id = figure.partner_id AND figure.customer_since IS NULL
            """,
            new=_NEW,
            accounts=open_items.receivable_accounts(env),
            branches=open_items.branches(company),
        )
    )


def _save(env, company, as_of):
    """Write the rows that are new or have changed, and take away those of who neither paid nor owes any more."""
    columns = [SQL.identifier(name) for name in (*COLUMNS, "grade_id")]
    own = SQL(", ").join(SQL("known.%s", column) for column in columns)
    excluded = SQL(", ").join(SQL("excluded.%s", column) for column in columns)
    age = SQL("age(%s, customer_since)", as_of)
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_customer_figure AS known (company_id, partner_id, %(columns)s)
            SELECT %(company)s, partner_id, %(values)s, %(grade)s
              FROM (
                   SELECT *, GREATEST(EXTRACT(YEAR FROM %(age)s) * 12 + EXTRACT(MONTH FROM %(age)s), 0)::int AS months
                     FROM %(new)s
                   ) figure
                ON CONFLICT (company_id, partner_id) DO UPDATE SET (%(columns)s) = ROW(%(excluded)s)
             WHERE (%(own)s) IS DISTINCT FROM (%(excluded)s)
            """,
            columns=SQL(", ").join(columns),
            company=company.id,
            values=SQL(", ").join(map(SQL.identifier, COLUMNS)),
            grade=grading.expression(env["recobro.grade"]._in_force(company), SQL("figure")),
            age=age,
            new=_NEW,
            own=own,
            excluded=excluded,
        )
    )
    env.cr.execute(
        SQL(
            """
            DELETE FROM recobro_customer_figure known
             WHERE known.company_id = %(company)s
               AND NOT EXISTS (SELECT FROM %(new)s figure WHERE figure.partner_id = known.partner_id)
            """,
            company=company.id,
            new=_NEW,
        )
    )
