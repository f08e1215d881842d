"""Exposure at risk (METRICS.md): what is open of the union of what is very late, legal, disputed, promised in vain.

Nothing is counted twice: each open item counts in full under the first of `RISKS` that is true of it.
"""

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from .. import open_items
from . import scope as scopes

#: Why something is at risk, in the order in which it is told.
RISKS = ("d90_plus", "legal", "dispute", "promise", "plan")
_STAGES = ("pre_legal", "legal")
_OLDEST = AGEING_BUCKETS[-1][2]


def at_risk(env, look, oldest, at):
    """Return {risk: amount} of a `Scope` whose day is today; two statements.

    :param oldest: what is over 90 days late, known already.
    :param at: the present moment, for the SLA of disputes.
    """
    scopes.flush(
        env,
        "recobro.promise",
        "recobro.promise.line",
        "recobro.dispute",
        "recobro.dispute.line",
        "recobro.payment.plan",
        "recobro.payment.plan.line",
        "recobro.item",
        "account.move.line",
    )
    found = dict(env.execute_query(_of_cases(look)))
    found.update(env.execute_query(_of_items(env, look, at)))
    return {"d90_plus": oldest, **{risk: float(found.get(risk) or 0) for risk in RISKS[1:]}}


def _of_cases(look):
    """SELECT ('legal', amount): what is open and not very late of the cases before or with a lawyer."""
    return SQL(
        """
        SELECT 'legal', SUM(GREATEST(collection.amount_open - collection.amount_90_plus, 0) * scope.rate)
          FROM recobro_case collection JOIN %s ON scope.company_id = collection.company_id
         WHERE collection.state = 'open' AND collection.stage IN %s AND %s
        """,
        look.rows,
        _STAGES,
        look.customers(SQL("collection.partner_id")),
    )


def _of_items(env, look, at):
    """SELECT (risk, amount): the open items of late disputes, broken promises and plans in default, each once."""
    return SQL(
        """
        WITH flagged AS (%(disputed)s UNION ALL %(promised)s UNION ALL %(planned)s),
        item AS (
            SELECT DISTINCT ON (line.id) flagged.risk, line.amount_residual * scope.rate AS amount
              FROM flagged
              JOIN account_move_line line ON line.id = flagged.line_id
              JOIN res_partner partner ON partner.id = line.partner_id
              JOIN %(scope)s ON scope.company_id = flagged.company_id
             WHERE line.reconciled IS NOT TRUE AND line.amount_residual > 0 AND line.parent_state = 'posted'
               AND %(day)s - COALESCE(line.date_maturity, line.date) < %(oldest)s
               AND %(customers)s
               AND NOT EXISTS (
                   SELECT FROM recobro_case collection
                    WHERE collection.company_id = scope.company_id AND collection.state = 'open'
                      AND collection.partner_id = COALESCE(partner.commercial_partner_id, partner.id)
                      AND collection.stage IN %(stages)s
               )
             ORDER BY line.id, array_position(%(order)s, flagged.risk)
        )
        SELECT risk, SUM(amount) FROM item GROUP BY risk
        """,
        disputed=_disputed(env, look, at),
        promised=_answered(look, "promise", SQL("answer.state = 'broken'")),
        planned=_answered(look, "plan", SQL("answer.state = 'broken' OR answer.state = 'active' AND missed_count > 0")),
        scope=look.rows,
        day=look.as_of,
        oldest=_OLDEST,
        customers=look.customers(SQL("COALESCE(partner.commercial_partner_id, partner.id)")),
        stages=_STAGES,
        order=list(RISKS),
    )


def _disputed(env, look, at):
    """SELECT (line, company, risk) of the invoices in disputes that are past their SLA."""
    return SQL(
        """
        SELECT line.id AS line_id, dispute.company_id, 'dispute'::text AS risk
          FROM recobro_dispute dispute
          JOIN recobro_dispute_line disputed ON disputed.dispute_id = dispute.id
          JOIN account_move_line line ON line.move_id = disputed.move_id AND line.account_id = ANY(%s)
         WHERE dispute.kind != 'final' AND dispute.company_id = ANY(%s) AND %s
        """,
        open_items.receivable_accounts(env),
        look.companies.ids,
        past_sla(SQL("dispute"), at),
    )


def past_sla(dispute, at):
    """Return the SQL condition that an open dispute is past its SLA at a moment; one that waits was so before.

    :param dispute: SQL of its table.
    """
    return SQL(
        "CASE WHEN %(dispute)s.kind = 'open' THEN %(dispute)s.deadline < %(at)s"
        " ELSE %(dispute)s.sla_hours > 0 AND %(dispute)s.sla_consumed > %(dispute)s.sla_hours END",
        dispute=dispute,
        at=at,
    )


def _answered(look, risk, condition):
    """SELECT (line, company, risk) of the journal items of promises or plans that were not kept."""
    name = "recobro_promise" if risk == "promise" else "recobro_payment_plan"
    return SQL(
        """
        SELECT item.res_id, answer.company_id, %(risk)s::text
          FROM %(answer)s answer
          JOIN %(line)s answered ON %(link)s = answer.id
          JOIN recobro_item item ON item.id = answered.item_id AND item.res_model = %(kind)s AND item.state = 'open'
         WHERE answer.company_id = ANY(%(companies)s) AND (%(condition)s)
        """,
        risk=risk,
        answer=SQL.identifier(name),
        line=SQL.identifier(f"{name}_line"),
        link=SQL.identifier("answered", f"{risk}_id"),
        kind=open_items.JOURNAL_ITEM,
        companies=look.companies.ids,
        condition=condition,
    )
