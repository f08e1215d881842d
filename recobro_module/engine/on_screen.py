"""Where invoices and customers are in collections, for Odoo's own screens: read in one statement, nothing written.

These screens are opened all day by people who do other work: what they show of collections must cost them next to
nothing, so no record is loaded for it (DESIGN.md, rule 12).
"""

from collections import defaultdict

from odoo.tools import SQL

from . import standing
from .open_items import IN_PAYMENT

#: The fields that are read here.
_READ = {
    "account.move": ("commercial_partner_id", "company_id", "state", "payment_state", "move_type", "amount_residual"),
    "account.move.line": (
        *("partner_id", "company_id", "account_id", "parent_state", "reconciled"),
        *("amount_residual", "date_maturity", "date", "no_followup"),
    ),
    "res.partner": ("commercial_partner_id",),
    "recobro.item": ("move_id", "state", "level_id", "level_date", "delay_days", "level_sequence"),
    "recobro.case": ("partner_id", "company_id", "state", "level_id", "next_level_id", "next_action_date"),
    "recobro.hold": ("active", "partner_id", "company_id", "item_id", "reason", "date_from", "date_until"),
    "recobro.dispute.line": ("move_id",),
}
#: What a customer owes and is chased for, by the terms of `open_items.query`.
_OVERDUE = SQL(
    """
    SELECT SUM(line.amount_residual)
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN account_move move ON move.id = line.move_id
      JOIN res_company company ON company.id = line.company_id
      JOIN res_partner contact ON contact.id = line.partner_id
     WHERE contact.commercial_partner_id = partner.commercial_partner_id
       AND split_part(company.parent_path, '/', 1)::int = asked.company_id
       AND company.active
       AND account.account_type = 'asset_receivable'
       AND line.reconciled IS NOT TRUE
       AND line.parent_state = 'posted'
       AND line.amount_residual > 0
       AND COALESCE(line.date_maturity, line.date) < asked.as_of
       AND line.no_followup IS NOT TRUE
       AND (move.payment_state IN ('blocked', %s)) IS NOT TRUE
    """,
    SQL(", ").join(SQL("%s", state) for state in IN_PAYMENT),
)


#: Which invoices, rows of `move`, are told what is of their customer: those still to be paid.
_IS_OPEN = SQL(
    "move.state = 'posted' AND move.amount_residual != 0 AND move.move_type IN ('out_invoice', 'out_refund')"
)


def of_invoices(env, move_ids):
    """Return {invoice id: {level_id, level_date, case_id, next_level_id, next_action_date, badge}}.

    The level is the highest among the instalments that are open, of a paid invoice the highest it got. The case and
    what comes next are the customer's, told of what is still to be paid.
    """
    if not move_ids:
        return {}
    _flush(env, "account.move", "recobro.item", "recobro.case")
    standing.flush(env)
    main = SQL("split_part(company.parent_path, '/', 1)::int")
    rows = _by_id(
        env,
        SQL(
            """
            SELECT move.id, item.level_id, item.level_date, collection.id AS case_id, collection.next_level_id,
                   CASE WHEN collection.id IS NOT NULL THEN collection.next_action_date END AS next_action_date,
                   CASE WHEN %(is_open)s THEN %(badge)s END AS badge
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
              LEFT JOIN LATERAL (
                   SELECT known.level_id, known.level_date FROM recobro_item known
                    WHERE known.move_id = move.id AND known.level_id IS NOT NULL
                    ORDER BY known.state DESC, known.delay_days DESC, known.level_sequence DESC
                    LIMIT 1
                   ) item ON TRUE
              LEFT JOIN recobro_case collection
                ON collection.partner_id = move.commercial_partner_id AND collection.state = 'open'
               AND collection.company_id = %(main)s AND %(is_open)s
             WHERE move.id = ANY(%(moves)s)
            """,
            main=main,
            is_open=_IS_OPEN,
            badge=standing.of_invoice("move", main),
            moves=list(move_ids),
        ),
    )
    for row in rows.values():
        row["badge"] = standing.name_of(row["badge"])
    return rows


def of_customers(env, company, as_of, partner_ids):
    """Return {contact id: {case_id, level_id, paused_until, overdue}} of the customers that the contacts belong to."""
    if not partner_ids:
        return {}
    _flush(env, "res.partner", "account.move", "account.move.line", "recobro.case", "recobro.hold")
    return _by_id(
        env,
        SQL(
            """
            WITH asked AS (SELECT %(company)s AS company_id, %(as_of)s::date AS as_of)
            SELECT partner.id, collection.id AS case_id, collection.level_id, (%(overdue)s) AS overdue,
                   (SELECT MAX(hold.date_until) FROM recobro_hold hold
                     WHERE hold.active AND hold.partner_id = partner.commercial_partner_id
                       AND hold.company_id = asked.company_id AND hold.item_id IS NULL AND hold.reason = 'pause'
                       AND asked.as_of BETWEEN hold.date_from AND hold.date_until) AS paused_until
              FROM asked
              JOIN res_partner partner ON partner.id = ANY(%(partners)s)
              LEFT JOIN recobro_case collection
                ON collection.partner_id = partner.commercial_partner_id AND collection.state = 'open'
               AND collection.company_id = asked.company_id
            """,
            company=company.id,
            as_of=as_of,
            overdue=_OVERDUE,
            partners=list(partner_ids),
        ),
    )


def figures_of(env, company, partner_ids):
    """Return {contact id: row of `recobro_customer_figure`} of the customers that the contacts belong to."""
    if not partner_ids:
        return {}
    env["res.partner"].flush_model(_READ["res.partner"])
    env["recobro.customer.figure"].flush_model()
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT partner.id AS contact_id, figure.*
              FROM res_partner partner
              JOIN recobro_customer_figure figure
                ON figure.partner_id = partner.commercial_partner_id AND figure.company_id = %s
             WHERE partner.id = ANY(%s)
            """,
            company.id,
            list(partner_ids),
        )
    )
    return {row["contact_id"]: row for row in rows}


def disputed(env, move_ids):
    """Return the ids of those of the posted invoices that have a ticket, open or closed."""
    if not move_ids:
        return []
    _flush(env, "account.move", "recobro.dispute.line")
    rows = env.execute_query(
        SQL(
            """
            SELECT move.id FROM account_move move
             WHERE move.id = ANY(%s) AND move.state = 'posted'
               AND EXISTS (SELECT FROM recobro_dispute_line line WHERE line.move_id = move.id)
            """,
            list(move_ids),
        )
    )
    return [move for (move,) in rows]


def show(records, names, places):
    """Set computed fields from {record id: row}; those alike are set together, for one by one is what takes long.

    :param names: {name of the field: name of the column}
    """
    rows = [(id_, places.get(getattr(id_, "origin", id_), {})) for id_ in records._ids]
    for name, column in names.items():
        alike = defaultdict(list)
        for id_, row in rows:
            alike[row.get(column) or False].append(id_)
        for value, ids in alike.items():
            records.browse(ids)[name] = value


def _flush(env, *models):
    """Write what the ORM still keeps back of the fields that are read here: named, for to look at all takes longer."""
    for model in models:
        env[model].flush_model(_READ[model])


def _by_id(env, select):
    return {row["id"]: row for row in env.execute_query_dict(select)}
