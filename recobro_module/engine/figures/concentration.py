"""Who owes the most, and how much of the ledger is theirs."""

from odoo.tools import SQL

from . import balances
from . import scope as scopes

#: Customers that are shown by name.
TOP = 10


def read(env, look, is_kept):
    """Return `total`, `number` of debtors, `top_share` (of the first ten), `customers`: what each owes net of credits.

    Each customer has `id`, `name`, `case_id` (of its open case, if any), `amount`, `overdue` (None of a past day) and
    `share`. A customer of several companies is one. One statement.

    :param is_kept: whether what the daily job found last is of the day; else the books are asked.
    """
    scopes.flush(env, "res.partner")
    rows = env.execute_query_dict(_top(_kept(look) if is_kept else _from_books(env, look), look))
    total = rows[0]["total"] if rows else 0.0
    shown = [
        {
            "id": row["id"],
            "name": row["name"],
            "case_id": row["case_id"],
            "amount": row["amount"],
            "overdue": row["overdue"] if look.is_today else None,
            "share": row["amount"] / total,
        }
        for row in rows
    ]
    return {
        "total": total,
        "number": rows[0]["number"] if rows else 0,
        "top_share": sum(row["share"] for row in shown) if rows else None,
        "customers": shown,
    }


def _top(owing, look):
    """SELECT the first customers of a relation (partner_id, amount), with the total of all."""
    return SQL(
        """
        WITH owing AS (%(owing)s),
        debtor AS (SELECT partner_id, SUM(amount)::float AS amount FROM owing GROUP BY 1 HAVING SUM(amount) > 0),
        top AS (
            SELECT partner_id AS id, amount, SUM(amount) OVER () AS total, COUNT(*) OVER () AS number
              FROM debtor ORDER BY amount DESC, partner_id LIMIT %(top)s
        )
        SELECT top.*, partner.complete_name AS name, open.case_id, open.overdue
          FROM top
          LEFT JOIN res_partner partner ON partner.id = top.id
          LEFT JOIN LATERAL (
               SELECT MIN(collection.id) AS case_id, SUM(collection.amount_overdue * scope.rate)::float AS overdue
                 FROM recobro_case collection JOIN %(scope)s ON scope.company_id = collection.company_id
                WHERE collection.partner_id = top.id AND collection.state = 'open'
               ) open ON TRUE
         ORDER BY top.amount DESC, top.id
        """,
        owing=owing,
        top=TOP,
        scope=look.rows,
    )


def _kept(look):
    """SELECT (partner_id, amount) as the daily job found it last."""
    return SQL(
        """
        SELECT figure.partner_id, figure.exposure * scope.rate AS amount
          FROM recobro_customer_figure figure JOIN %s ON scope.company_id = figure.company_id
         WHERE figure.exposure > 0 AND %s
        """,
        look.rows,
        look.customers(SQL("figure.partner_id")),
    )


def _from_books(env, look):
    """SELECT (partner_id, amount) as the books tell of a past day."""
    balances.flush(env)
    parts = [
        SQL(
            """
            SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id, open.amount * scope.rate AS amount
              FROM (%(open)s) open
              JOIN res_partner partner ON partner.id = open.partner_id
              JOIN %(scope)s ON scope.company_id = %(company)s
             WHERE %(customers)s
            """,
            open=balances.open_on(env, company, look.as_of),
            scope=look.rows,
            company=company.id,
            customers=look.customers(SQL("COALESCE(partner.commercial_partner_id, partner.id)")),
        )
        for company in look.companies
    ]
    return SQL(" UNION ALL ").join(parts)
