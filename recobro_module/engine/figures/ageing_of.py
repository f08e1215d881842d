"""What some of the customers owe on a day, by age: of a grade, or of who answers for their cases."""

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from ..ageing import bucket_sql
from . import balances
from . import scope as scopes


def read(env, look):
    """Return (amounts in the order of `AGEING_BUCKETS`, credits) of the customers of a `Scope`, from the books.

    One statement, in the currency of the first company.
    """
    scopes.flush(env)
    balances.flush(env)
    parts = [
        SQL(
            """
            SELECT CASE WHEN open.amount < 0 THEN 'credit' ELSE %(bucket)s END AS key,
                   open.amount * scope.rate AS amount
              FROM (%(open)s) open
              JOIN res_partner partner ON partner.id = open.partner_id
              JOIN %(scope)s ON scope.company_id = %(company)s
             WHERE %(customers)s
            """,
            bucket=bucket_sql(SQL("open.days")),
            open=balances.open_on(env, company, look.as_of),
            scope=look.rows,
            company=company.id,
            customers=look.customers(SQL("COALESCE(partner.commercial_partner_id, partner.id)")),
        )
        for company in look.companies
    ]
    found = dict(
        env.execute_query(
            SQL("SELECT key, SUM(amount)::float FROM (%s) item GROUP BY 1", SQL(" UNION ALL ").join(parts))
        )
    )
    return [found.get(key, 0.0) for key, *_rest in AGEING_BUCKETS], -found.get("credit", 0.0)
