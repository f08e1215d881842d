"""The grade of each customer: the first, in their order, whose limits its figures all keep.

A grade is given in SQL to all customers at once, and told in words to who looks at one (`grade_words`); both by the
rule of `tools/grades.py`.
"""

from odoo.tools import SQL

from ...const import GRADE_AT_LEAST, GRADE_MINIMUM_INVOICES


def expression(grades, figure):
    """Return the SQL of the id of a customer's grade, NULL while there is too little to judge by.

    :param grades: `recobro.grade` records in their order.
    :param figure: SQL name of a relation with the columns of `recobro_customer_figure`.
    """
    cases = [SQL("WHEN %s THEN %s::int", _keeps_all(grade, figure), grade.id) for grade in grades]
    if not cases:
        return SQL("NULL::int")
    return SQL(
        "CASE WHEN %s.paid_count < %s THEN NULL::int %s END", figure, GRADE_MINIMUM_INVOICES, SQL(" ").join(cases)
    )


def _keeps_all(grade, figure):
    """Return the SQL condition that a row of `figure` keeps all limits of a grade; what has no value breaks none."""
    limits = [
        SQL(
            "(%s.%s %s %s) IS NOT FALSE",
            figure,
            SQL.identifier(limit.figure),
            SQL(">=" if limit.figure in GRADE_AT_LEAST else "<="),
            limit.value,
        )
        for limit in grade.limit_ids
    ]
    return SQL(" AND ").join(limits) if limits else SQL("TRUE")


def regrade(env):
    """Give every customer its grade anew from the figures that are kept: somebody changed the grades."""
    env["recobro.grade"].flush_model()
    env["recobro.grade.limit"].flush_model()
    companies = env.execute_query(SQL("SELECT DISTINCT company_id FROM recobro_customer_figure"))
    for [company_id] in companies:
        company = env["res.company"].sudo().browse(company_id)  # sudo: whoever changes the grades changes them for all
        grades = env["recobro.grade"]._in_force(company)
        env.cr.execute(
            SQL(
                """
                UPDATE recobro_customer_figure figure SET grade_id = %(grade)s
                 WHERE figure.company_id = %(company)s AND figure.grade_id IS DISTINCT FROM %(grade)s
                """,
                grade=expression(grades, SQL("figure")),
                company=company_id,
            )
        )
        to_cases(env, company)
    env["recobro.customer.figure"].invalidate_model(["grade_id"])


def to_cases(env, company):
    """Write each customer's grade on its open case, where lists group and filter by it."""
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_case collection SET grade_id = now.grade_id
              FROM (
                   SELECT known.id, figure.grade_id
                     FROM recobro_case known
                     LEFT JOIN recobro_customer_figure figure
                       ON figure.partner_id = known.partner_id AND figure.company_id = known.company_id
                    WHERE known.company_id = %(company)s AND known.state = 'open'
                   ) now
             WHERE now.id = collection.id AND collection.grade_id IS DISTINCT FROM now.grade_id
            """,
            company=company.id,
        )
    )
    env["recobro.case"].invalidate_model(["grade_id"])
