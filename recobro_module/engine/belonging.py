"""Whose a case and its answers are: a customer may be another one now, merged by a person (`merge`) or part of a group.

What collections keeps names its customer without a foreign key, so nothing follows by itself: here all of it does, and
in each company one open case is left.
"""

from odoo.tools import SQL

from ..const import PLAN_HOLDING
from . import clock, insolvency

# Collections' columns that name a partner without a foreign key, so that core's merge does not see them.
#: Tables with the customer (commercial entity) in partner_id.
_CUSTOMERS = (
    "recobro_case",
    "recobro_item",
    "recobro_action",
    "recobro_hold",
    "recobro_interaction",
    "recobro_payment_in_hand",
    "recobro_payment_plan",
    "recobro_promise",
    "recobro_dispute",
    "recobro_insolvency",
    "recobro_placement",
    "recobro_credit_insurance",
    "recobro_suspension",
    "recobro_ledger_alert",
)
#: Answers that go on in the case that is left.
_ANSWERS = (
    "recobro.promise",
    "recobro.dispute",
    "recobro.payment.in.hand",
    "recobro.payment.plan",
    "recobro.insolvency",
    "recobro.placement",
    "recobro.suspension",
)
#: Those of them that say who is known as a customer at all; the others come with one of these.
_KNOWN_BY = (
    "recobro_case",
    "recobro_hold",
    "recobro_payment_in_hand",
    "recobro_payment_plan",
    "recobro_promise",
    "recobro_dispute",
    "recobro_insolvency",
    "recobro_placement",
    "recobro_suspension",
)


def follow(env, company, partner_ids=None):
    """Let all that `company` keeps of customers that are part of another commercial entity now be of that one.

    Their open case goes on as its case, or is joined with the one it has: nothing is said twice, and no step of the
    ladder is repeated.

    :param partner_ids: commercial entities that are looked at; all when None.
    :return: the ids of those to look at, with the ones that got something.
    """
    env.flush_all()
    moved = _moved(env, company, partner_ids)
    if not moved:
        return partner_ids
    become(env, moved, company)
    _open_cases_of_plans(env, company, set(moved.values()))
    env.flush_all()
    return partner_ids and sorted({*partner_ids, *moved.values()})


def _moved(env, company, partner_ids):
    """Return {id of a customer that is part of another one now: id of that one}, of those that collections knows."""
    only = SQL("TRUE")
    if partner_ids is not None:
        ids = list(partner_ids)
        only = SQL("(partner.commercial_partner_id = ANY(%s) OR partner.id = ANY(%s))", ids, ids)
    known = (
        SQL(
            "EXISTS (SELECT FROM %s kept WHERE kept.partner_id = partner.id AND kept.company_id = %s)",
            SQL.identifier(table),
            company.id,
        )
        for table in _KNOWN_BY
    )
    rows = env.execute_query(
        SQL(
            """
            SELECT partner.id, partner.commercial_partner_id FROM res_partner partner
             WHERE partner.commercial_partner_id != partner.id AND %(only)s AND (%(known)s)
            """,
            only=only,
            known=SQL(" OR ").join(known),
        )
    )
    return dict(rows)


def _open_cases_of_plans(env, company, customers):
    """Give plans in force of some customers a case that is open."""
    # sudo: what is agreed goes on whoever is at work
    plans = (
        env["recobro.payment.plan"]
        .sudo()
        .search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(customers)),
                ("state", "in", PLAN_HOLDING),
                "|",
                ("case_id", "=", False),
                ("case_id.state", "!=", "open"),
            ]
        )
    )
    for plan in plans:
        plan.case_id = env["recobro.case"].sudo()._open_for(plan.partner_id, company)


def become(env, customers, company=None):
    """Let all that collections keeps of some customers be of others. Of two open cases in a company the oldest goes on.

    Positions on the ladder, actions and log stay as they are.

    :param customers: {id of who is no customer any more: id of the customer that they are, or are part of, now}.
    :param company: the only main company whose cases and answers follow; all when None.
    """
    env.flush_all()
    _join_open_cases(env, customers, company)
    env.flush_all()
    _leave_one_insolvency(env, customers)
    _leave_one_alert(env, customers)
    _forget_figures(env, customers)
    for table in _CUSTOMERS:
        rename(env, table, "partner_id", customers, company)
    env.invalidate_all()


def _leave_one_insolvency(env, customers):
    """Of two customers in insolvency that become one, the proceedings recorded first go on."""
    if not env["recobro.insolvency"].sudo().search_count([("state", "=", "declared")], limit=2):
        return
    # sudo: as below
    declared = (
        env["recobro.insolvency"]
        .sudo()
        .search([("partner_id", "in", [*customers, *customers.values()]), ("state", "=", "declared")], order="id")
    )
    found = declared.grouped(lambda one: (one.company_id, customers.get(one.partner_id.id, one.partner_id.id)))
    for same in found.values():
        same[1:].end_reason = env._("Recorded for a customer that this one was merged with.")
        insolvency.end(same[1:])
    env.flush_all()


def _leave_one_alert(env, customers):
    """Of two customers told of as large that become one, the alert told first goes on."""
    # sudo: alerts are the job's, and who merges or moves customers does so in every company
    alerts = env["recobro.ledger.alert"].sudo()
    lasting = alerts.search(
        [("partner_id", "in", [*customers, *customers.values()]), ("until", "=", False)], order="since, id"
    )
    found = lasting.grouped(
        lambda alert: (alert.company_id, alert.kind, customers.get(alert.partner_id.id, alert.partner_id.id))
    )
    for (company, _kind, _customer), (_kept, *others) in found.items():
        over = alerts.union(*others)
        over.until = clock.today(env, company)
        over.activity_ids.unlink()
    env.flush_all()


def _forget_figures(env, customers):
    """Take away the figures of who is no customer any more; the daily job works out those of both together."""
    env.cr.execute(SQL("DELETE FROM recobro_customer_figure WHERE partner_id = ANY(%s)", list(customers)))


def rename(env, table, column, names, company=None):
    """Let a column that names partners name others, also in the log.

    :param names: {id it says now: id it is to say}.
    """
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    env.cr.execute(
        SQL(
            """
            UPDATE %(table)s kept SET %(column)s = now.id
              FROM unnest(%(old)s::int[], %(new)s::int[]) AS now(old, id)
             WHERE kept.%(column)s = now.old AND %(only)s
            """,
            table=SQL.identifier(table),
            column=SQL.identifier(column),
            old=list(names),
            new=list(names.values()),
            only=SQL("kept.company_id = %s", company.id) if company else SQL("TRUE"),
        )
    )
    env.cr.execute("SET LOCAL recobro.door = ''")


# -----------------------------------------------------------------------------
# ONE OPEN CASE
# -----------------------------------------------------------------------------


def _join_open_cases(env, customers, company):
    """Leave one open case a company for each customer: the oldest; the others end as merged into it."""
    domain = [("partner_id", "in", [*customers, *customers.values()]), ("state", "=", "open")]
    if company:
        domain.append(("company_id", "=", company.id))
    # sudo: who may merge or move customers joins their cases in every company
    cases = env["recobro.case"].sudo().search(domain, order="opened_on, id")
    found = cases.grouped(lambda case: (case.company_id, customers.get(case.partner_id.id, case.partner_id.id)))
    for (_company, customer), joined in found.items():
        kept, *others = joined
        for case in others:
            _join(env, case, kept, env["res.partner"].sudo().browse(customer))


def _join(env, case, kept, customer):
    """End `case` as merged into `kept`, the case of `customer`."""
    _move_into(env, case, kept)
    case.with_context(tracking_disable=True).write(
        {
            "state": "closed",
            "stage": "closed",
            "outcome": "merged",
            "closed_on": clock.today(env, case.company_id),
            "next_level_id": False,
            "next_action_date": False,
            "next_wait": False,
        }
    )
    case.message_post(body=env._("Merged into the case of %(customer)s.", customer=customer.display_name))


def _move_into(env, case, kept):
    """Let the items, actions, open activities, mails and log of `case` go on in `kept`.

    What was about to be said to `case` alone is left out: the next run says it once, for both.
    """
    case.action_ids.filtered(lambda action: action.kind == "message")._set_skipped("changed")
    # Answers to the mails of `case` come to where its items are chased now
    case.message_change_thread(kept)
    case.item_ids.write({"case_id": kept.id})
    case.action_ids.write({"case_id": kept.id})
    for answers in _ANSWERS:
        # sudo: the cases are in sudo, and what was answered goes on with them
        env[answers].sudo().search([("case_id", "=", case.id)]).write({"case_id": kept.id})
    case.activity_ids.write({"res_id": kept.id})
    env.flush_all()
    env.cr.execute("SET LOCAL recobro.door = 'merge'")
    env.cr.execute("UPDATE recobro_interaction SET case_id = %s WHERE case_id = %s", [kept.id, case.id])
    env.cr.execute("SET LOCAL recobro.door = ''")
