"""How customers stand, for who sells to them or looks at their invoices: one word each, the gravest that is true.

Read from collections' own tables, in one statement for a whole list and without a day: what is held ends when its
answer does, and what is overdue is what the cases show.
"""

from odoo.tools import SQL

from ..const import STANDINGS

#: The place of each standing, the gravest first.
_RANK = {name: rank for rank, (name, _label) in enumerate(STANDINGS, 1)}
_NAMES = {rank: name for name, rank in _RANK.items()}
#: Which standing a state of a suspension, or the reason of a hold, is.
_SUSPENDED = {"in_force": "on_hold", "noticed": "announced"}
_HELD = {"insolvency": "insolvent", "dispute": "disputed", "plan": "plan", "promise": "promised"}
#: The fields that are read here.
_READ = {
    "recobro.suspension": ("state", "company_id", "partner_id"),
    "recobro.hold": ("active", "partner_id", "company_id", "item_id", "reason"),
    "recobro.case": ("partner_id", "company_id", "state", "amount_overdue"),
    "recobro.item": ("move_id",),
}


def flush(env):
    """Write what the ORM still keeps back of the fields that are read here."""
    for model, names in _READ.items():
        env[model].flush_model(names)


def names_of(env, company, partner_ids):
    """Return {customer id: how it stands} of some commercial entities in a main company; nothing to say: no key."""
    if not partner_ids:
        return {}
    flush(env)
    rows = env.execute_query(
        SQL(
            "SELECT partner_id, MIN(rank) FROM (%s) sign WHERE partner_id = ANY(%s) GROUP BY partner_id",
            _signs(company.id),
            list(partner_ids),
        )
    )
    return {partner: _NAMES[rank] for partner, rank in rows}


def customers(env, company, names):
    """Return the SQL of the ids of all customers of a main company that stand as one of `names` says."""
    flush(env)
    return SQL(
        "(SELECT partner_id FROM (%s) sign GROUP BY partner_id HAVING MIN(rank) = ANY(%s))",
        _signs(company.id),
        [_RANK[name] for name in names if name in _RANK],
    )


def of_invoice(move, company):
    """Return the SQL of how an invoice stands, as a rank: of its customer what is grave, else what holds itself.

    :param move: name of the row of account_move in the query.
    :param company: SQL of the id of its main company.
    """
    grave = [_RANK[name] for name in ("insolvent", "on_hold", "announced")]
    return SQL(
        """
        (SELECT MIN(rank) FROM (%(signs)s) sign
          WHERE sign.partner_id = %(move)s.commercial_partner_id
            AND (rank = ANY(%(grave)s) OR item_id IN (
                SELECT id FROM recobro_item known WHERE known.move_id = %(move)s.id
            )))
        """,
        signs=_signs(company),
        move=SQL.identifier(move),
        grave=grave,
    )


def invoices(env, names):
    """Return the SQL of the ids of the open invoices that stand as one of `names` says, in whatever company."""
    flush(env)
    main = SQL("split_part(company.parent_path, '/', 1)::int")
    return SQL(
        """
        (SELECT id FROM (
            SELECT move.id, %(badge)s AS rank
              FROM account_move move
              JOIN res_company company ON company.id = move.company_id
             WHERE move.state = 'posted' AND move.amount_residual != 0
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.commercial_partner_id IN (%(concerned)s)
            ) known WHERE rank = ANY(%(ranks)s))
        """,
        badge=of_invoice("move", main),
        concerned=SQL(
            "SELECT partner_id FROM recobro_hold WHERE active"
            " UNION SELECT partner_id FROM recobro_suspension WHERE state IN ('noticed', 'in_force')"
        ),
        ranks=[_RANK[name] for name in names if name in _RANK],
    )


def name_of(rank):
    """Return the standing of a rank that `of_invoice` gave; False for none."""
    return _NAMES.get(rank, False)


def _signs(company):
    """SELECT (partner_id, item_id, rank): each thing that says how a customer of a main company stands."""
    return SQL(
        """
        SELECT partner_id, NULL::int AS item_id, %(suspended)s AS rank
          FROM recobro_suspension WHERE company_id = %(company)s AND state IN ('noticed', 'in_force')
         UNION ALL
        SELECT partner_id, item_id, %(held)s
          FROM recobro_hold WHERE active AND company_id = %(company)s AND reason = ANY(%(reasons)s)
         UNION ALL
        SELECT partner_id, NULL, %(overdue)s
          FROM recobro_case WHERE state = 'open' AND company_id = %(company)s AND amount_overdue > 0
        """,
        company=company,
        suspended=_case("state", _SUSPENDED),
        held=_case("reason", _HELD),
        reasons=list(_HELD),
        overdue=_RANK["overdue"],
    )


def _case(column, standings):
    whens = SQL(" ").join(SQL("WHEN %s THEN %s", value, _RANK[name]) for value, name in standings.items())
    return SQL("CASE %s %s END", SQL.identifier(column), whens)


# -----------------------------------------------------------------------------
# THE BANNER
# -----------------------------------------------------------------------------


def facts(env, company, partner):
    """Return what a banner says of a customer: suspension, disputes, promises and plans, in one statement.

    :return: dict with `suspension` (id or None), `disputes`, `disputed`, `promises`, `promised`, `promise_day`,
        `broken`, `plans`, `insolvency_day`.
    """
    for model in ("recobro.dispute", "recobro.promise", "recobro.payment.plan", "recobro.insolvency"):
        env[model].flush_model()
    flush(env)
    [row] = env.execute_query_dict(
        SQL(
            """
            SELECT (SELECT id FROM recobro_suspension
                     WHERE %(own)s AND state IN ('noticed', 'in_force')
                     ORDER BY state, day LIMIT 1) AS suspension,
                   (SELECT COUNT(*) FROM recobro_dispute WHERE %(own)s AND kind != 'final') AS disputes,
                   promise.*,
                   (SELECT COUNT(*) FROM recobro_promise WHERE %(own)s AND state = 'broken') AS broken,
                   (SELECT COUNT(*) FROM recobro_payment_plan WHERE %(own)s AND state = 'active') AS plans,
                   (SELECT MIN(declared_on) FROM recobro_insolvency
                     WHERE %(own)s AND state = 'declared') AS insolvency_day
              FROM (SELECT COUNT(*) AS promises, MIN(date) AS promise_day
                      FROM recobro_promise WHERE %(own)s AND state = 'open') promise
            """,
            own=SQL("company_id = %s AND partner_id = %s", company.id, partner.id),
        )
    )
    return row
