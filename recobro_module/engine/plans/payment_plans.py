"""Payment plans in force, judged: the money that fills their instalments, what was missed, what they hold, who is told.

What a plan is follows from the money alone (`plan_money`, `tools/plan_verdicts.py`), so it may be asked as often as one
likes, and money found later to have been in time makes a broken plan whole again. Reading and writing are a number of
statements that depends neither on the customers nor on the plans.
"""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ...const import PLAN_HOLDING, PLAN_JUDGED
from ...tools.plan_verdicts import Due, instalment_state, is_missed, plan_state
from .. import belonging, earlier_promises, holding, looked_at, open_items, planning, policies, promising, turns
from . import plan_alerts, plan_holds, plan_items, plan_money, plan_terms, plan_writing, settlements

#: States that a person can end.
STOPPABLE = ("draft", "to_approve", *PLAN_HOLDING)


def settle(env, company, as_of, partner_ids=None):
    """Bring the plans of `company` up to the day `as_of`.

    :param partner_ids: commercial entities to look at; when None those with a plan in force, one that ended in the last
        months, or a mark.
    """
    env.flush_all()
    env["recobro.mark"]._write_gathered()
    _lapse(env, company, as_of, partner_ids)
    customers = _customers(env, company, as_of, partner_ids)
    if not customers:
        return
    items = open_items.meet(env, company, as_of, customers)
    rows = plan_money.read(env, company, customers)
    rows = _end_those_of_others(env, as_of, rows)
    plan_money.fill_up(env, rows)
    _judge(env, company, as_of, rows, items)
    plan_items.save(env, company, as_of, rows)
    plan_writing.write(env, as_of, rows)
    settlements.follow(env, rows)
    plan_holds.place(env, company, as_of, rows, items)
    plan_alerts.tell(env, company, as_of, rows)


def _lapse(env, company, as_of, partner_ids):
    """End the proposals that nobody has accepted in time: they hold nothing any more, and their owners are told."""
    domain = [("company_id", "=", company.id), ("state", "=", "proposed"), ("valid_until", "<", as_of)]
    if partner_ids is not None:
        domain.append(("partner_id", "in", list(partner_ids)))
    # sudo: the daily job looks at all of the company
    late = env["recobro.payment.plan"].sudo().search(domain)
    for day, plans in late.grouped("valid_until").items():
        stop(plans, "cancelled", as_of, env._("Not accepted by %(day)s.", day=format_date(env, day)))
    plan_alerts.lapsed(late)


def _customers(env, company, as_of, partner_ids):
    """Return the ids of the customers whose plans are looked at."""
    since = as_of - timedelta(days=looked_at.LOOKED_AT_DAYS)
    judged = SQL("state IN %s AND is_stopped IS NOT TRUE", PLAN_JUDGED)
    changing = SQL("(state = 'active' OR ended_on >= %s)", since)
    return looked_at.customers(env, company, "recobro_payment_plan", judged, changing, partner_ids)


def _end_those_of_others(env, as_of, rows):
    """End the plans with an invoice that is another customer's now, tell their owners, and return the other rows.

    Nobody paid it, and who agreed on the plan owes it no more: a person looks what is to be agreed now.
    """
    lost = [row for row in rows if _is_of_another(row)]
    if lost:
        plans = env["recobro.payment.plan"].sudo().browse([row["id"] for row in lost])
        ended = stop(plans, "cancelled", as_of, env._("One of its invoices is another customer's now."))
        (plans - ended).is_stopped = True
        holding.end(plans - ended)
        plan_alerts.of_another(ended)
    return [row for row in rows if row not in lost]


def _is_of_another(row):
    """Return whether an invoice of a plan (of `plan_money.read`) is another customer's now; a draft may come back."""
    return any(not line["is_away"] and line["owner"] and line["owner"] != row["partner_id"] for line in row["lines"])


# -----------------------------------------------------------------------------
# VERDICTS
# -----------------------------------------------------------------------------


def _judge(env, company, as_of, rows, items):
    """Add to each plan what it is now (`target`), its `missed` instalments, and which of them are `news`.

    To each instalment its `now["state"]` and `now["missed_on"]`.
    """
    for row in rows:
        row["target"] = row["state"]
    covered = plan_holds.covered(env, company, as_of, rows, items)
    bank_day = policies.last_bank_day(env, company)
    rules = policies.of_customers(env, company, {row["partner_id"] for row in rows})
    default = env["recobro.policy"].sudo().new({})
    for row in rows:
        rule = rules.get(row["partner_id"], default)
        for one in row["instalments"]:
            missed = _is_judged(row, one) and is_missed(
                _due(one, covered), as_of, bank_day, rule.promise_bank_wait_days
            )
            one["now"]["missed_on"] = (one["missed_on"] or as_of) if missed else None
        _judge_plan(row, row["missed_limit"])
    _keep_apart(env, rows)
    for row in rows:
        for one in row["instalments"]:
            now = one["now"]
            now["state"] = instalment_state(row["target"], not now["left"], now["missed_on"])


def _is_judged(row, one):
    """Return whether an instalment can be missed: of a plan that was broken, only one that was missed already.

    Of one that was finished and has something left again (a payment is being matched anew) not before it is in force
    again, when its owner has had the time to do so.
    """
    if row["state"] == "finished":
        return not one["now"]["left"]
    return row["state"] == "active" or bool(one["missed_on"])


def _due(one, covered):
    now = one["now"]
    return Due(one["deadline"], not now["left"], now["complete_on"], bool(one["missed_on"]), one["item"] in covered)


def _judge_plan(row, limit):
    _count_missed(row)
    row["news"] = [one for one in row["missed"] if not one["missed_on"]]
    row["mended"] = any(one["missed_on"] and not one["now"]["missed_on"] for one in row["instalments"])
    is_complete = not any(one["now"]["left"] for one in row["instalments"])
    is_to_the_day = row["is_settlement"] or row["state"] == "broken"
    row["target"] = plan_state(len(row["missed"]), limit, is_complete, is_to_the_day)


def _count_missed(row):
    row["missed"] = [{**one, "left": one["now"]["left"]} for one in row["instalments"] if one["now"]["missed_on"]]


def _keep_apart(env, rows):
    """Leave plans that have ended as they are while their items are in another one: an item has one plan at a time."""
    back = [row for row in rows if row["state"] != "active" and row["target"] not in ("broken", row["state"])]
    if not back:
        return
    items = env["recobro.item"].browse({line["item"] for row in back for line in row["lines"]})
    taken = plan_terms.lines_on(items).item_id.ids
    for row in back:
        if any(line["item"] in taken for line in row["lines"]):
            for one in row["instalments"]:
                one["now"]["missed_on"] = one["missed_on"]
            _count_missed(row)
            row.update(target=row["state"], news=[], mended=False)


# -----------------------------------------------------------------------------
# BEGIN AND END
# -----------------------------------------------------------------------------


def start(plan, as_of):
    """Put a plan in force that was proposed and that the customer has just accepted.

    The right to say so is the caller's to check. Open promises for its items end: the plan takes their place. One that
    is for other invoices too stands, and holds those.

    :raise UserError: when it is not proposed any more.
    """
    plan = plan.sudo()  # sudo: plans, promises and holds are the engine's
    env, company = plan.env, plan.company_id
    belonging.follow(env, company, plan.partner_id.ids)
    items = plan.line_ids.item_id
    turns.one_at_a_time(items)
    if plan.state != "proposed":
        raise UserError(env._("This plan is not on offer any more: ask for a new one."))
    _set_deadlines(plan)
    case = env["recobro.case"]._open_for(plan.partner_id, company)
    plan._update_state(("proposed",), "active", started_on=as_of, case_id=case.id)
    replaced = earlier_promises.replaced_by(items)
    promises_replaced = replaced._update_state(("open",), "superseded", replaced_by_plan_id=plan.id)
    holding.end(promises_replaced)
    plan_alerts.answered(plan)
    settle(env, company, as_of, plan.partner_id.ids)


def _set_deadlines(plan):
    """Give each instalment the last day on which money keeps it, as its agreement says."""
    calendar = promising.rules_of(plan.env, plan.company_id, plan.partner_id).calendar_id
    for one in plan.installment_ids:
        one.deadline = planning.deadline_of(plan.company_id, calendar, one.due_date, plan.tolerance_days)


def stop(plans, target, as_of, reason, states=STOPPABLE):
    """End plans by a person's decision, or because their offer has lapsed: "cancelled" or "broken".

    What they hold ends, and the ladder of their invoices goes on. The right to decide is the caller's to check.

    :return: those that could be ended.
    """
    plans = plans.sudo()  # sudo: plans and holds are the engine's
    turns.one_at_a_time(plans.line_ids.item_id)
    stopped = plans._update_state(states, target, ended_on=as_of, end_reason=reason, is_stopped=True)
    left = stopped.installment_ids.filtered(lambda one: one.state not in ("paid", "missed"))
    left.write({"state": "over"})
    stopped.installment_ids.item_id.write({"state": "closed", "amount_open": 0, "amount_open_company": 0})
    holding.end(stopped)
    plan_alerts.answered(stopped)
    plan_alerts.missed_no_more(stopped)
    return stopped


def resume(plan, as_of):
    """Put a broken plan in force again: what was missed counts no more, and has some days from now on to be paid.

    The right to decide is the caller's to check.

    :raise UserError: when it is not broken, or some of its items are in another plan meanwhile.
    """
    plan = plan.sudo()  # sudo: plans and holds are the engine's
    env, company = plan.env, plan.company_id
    belonging.follow(env, company, plan.partner_id.ids)
    items = plan.line_ids.item_id
    turns.one_at_a_time(items)
    if plan.state != "broken":
        raise UserError(env._("Only a broken plan can be resumed."))
    others = plan_terms.lines_on(items)
    if others:
        raise UserError(
            env._("Its invoices are in %(plan)s meanwhile: cancel that plan first.", plan=others.plan_id[:1].name)
        )
    values = {"resumed_on": as_of, "ended_on": False, "end_reason": False, "is_stopped": False}
    plan._update_state(("broken",), "active", **values)
    rules = promising.rules_of(env, company, plan.partner_id)
    # A settlement has no tolerance; who resumes it gives what the policy gives plans
    days = max(1, plan.tolerance_days or rules.plan_tolerance_days)
    again = planning.deadline_of(company, rules.calendar_id, as_of, days)
    late = plan.installment_ids.filtered(lambda one: one.missed_on or one.deadline < as_of)
    late.write({"deadline": again, "missed_on": False})
    plan_alerts.missed_no_more(plan)
    settle(env, company, as_of, plan.partner_id.ids)
