"""Plans follow their customers: into the company that a customer becomes part of."""

from odoo.tools import SQL

from ...const import PLAN_HOLDING


def follow(env, company, partner_ids=None):
    """Let the plans of customers that are part of another commercial entity now be plans of that one.

    With them go their instalments under collection and what they hold; the log keeps the name it was written with.

    :param partner_ids: commercial entities that are looked at; all when None.
    :return: the ids of those to look at, with the ones that got a plan.
    """
    moved = _rename_plans(env, company, partner_ids)
    if not moved:
        return partner_ids
    ids = [plan for plan, _partner in moved]
    _rename_what_is_theirs(env, ids)
    env.invalidate_all()
    # sudo: what is agreed goes on whoever is at work
    plans = env["recobro.payment.plan"].sudo().browse(ids)
    for plan in plans.filtered(lambda plan: plan.state in PLAN_HOLDING):
        plan.case_id = env["recobro.case"].sudo()._open_for(plan.partner_id, company)
    env.flush_all()
    return partner_ids and sorted({*partner_ids, *(partner for _plan, partner in moved)})


def _rename_plans(env, company, partner_ids):
    only = SQL("TRUE")
    if partner_ids is not None:
        ids = list(partner_ids)
        only = SQL("(partner.commercial_partner_id = ANY(%s) OR partner.id = ANY(%s))", ids, ids)
    return env.execute_query(
        SQL(
            """
            UPDATE recobro_payment_plan plan SET partner_id = partner.commercial_partner_id
              FROM res_partner partner
             WHERE partner.id = plan.partner_id AND partner.commercial_partner_id != partner.id
               AND plan.company_id = %(company)s AND %(only)s
         RETURNING plan.id, plan.partner_id
            """,
            company=company.id,
            only=only,
        )
    )


def _rename_what_is_theirs(env, plan_ids):
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item SET partner_id = plan.partner_id
              FROM recobro_payment_plan_installment one JOIN recobro_payment_plan plan ON plan.id = one.plan_id
             WHERE item.id = one.item_id AND plan.id = ANY(%s)
            """,
            plan_ids,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_hold hold SET partner_id = plan.partner_id
              FROM recobro_payment_plan plan
             WHERE hold.source_model = 'recobro.payment.plan' AND hold.source_id = plan.id AND plan.id = ANY(%s)
            """,
            plan_ids,
        )
    )


def is_of_another(row):
    """Return whether an invoice of a plan (of `plan_money.read`) is another customer's now; a draft may come back."""
    return any(not line["is_away"] and line["owner"] and line["owner"] != row["partner_id"] for line in row["lines"])
