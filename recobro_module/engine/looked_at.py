"""Whose answers are looked at again: those of the customers asked for, or that can change, or that left a mark."""

from odoo.tools import SQL

#: Days after its verdict during which the daily job looks at an answer by itself; later a mark asks for it.
LOOKED_AT_DAYS = 90

#: SELECT: the customers whose account was changed since the last minute.
_MARKED = SQL(
    """
    SELECT COALESCE(partner.commercial_partner_id, partner.id)
      FROM recobro_mark mark JOIN res_partner partner ON partner.id = mark.partner_id
     WHERE mark.active IS NOT FALSE
    """
)


def customers(env, company, table, judged, changing, partner_ids=None):
    """Return the ids of the customers of `company` whose answers are looked at, in order.

    :param table: name of the answers' table.
    :param judged: SQL condition of the answers that money can change at all.
    :param changing: SQL condition of those that the daily job looks at by itself.
    :param partner_ids: commercial entities to look at; when None those with a changing answer or a mark.
    """
    if partner_ids is not None:
        asked = SQL("partner_id = ANY(%s)", list(partner_ids))
    else:
        asked = SQL("(%s OR partner_id IN (%s))", changing, _MARKED)
    rows = env.execute_query(
        SQL(
            """
            SELECT DISTINCT partner_id FROM %(table)s
             WHERE company_id = %(company)s AND %(judged)s AND %(asked)s
             ORDER BY partner_id
            """,
            table=SQL.identifier(table),
            company=company.id,
            judged=judged,
            asked=asked,
        )
    )
    return [partner for (partner,) in rows]
