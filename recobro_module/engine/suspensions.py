"""Suspensions of service, or credit holds: proposed, announced to the customer, in force, lifted when it is paid.

A proposal is an action that a manager approves; its message is the notice, judged and queued like any other
(`channels/suspension.py`). What follows is asked of the account alone: by the daily job, and within a minute for the
customers whose account changed. Nothing here keeps an item from being chased.
"""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..const import OPEN_ACTION_STATES, SUSPENSIONS_LIVE
from . import alerts, clock, planning, verdicts

#: Days that an announcement is good for after its day; held for longer, a promise or a dispute has taken its place.
_GOOD_DAYS = 30
#: Working days in which a proposal by hand is to be approved.
_APPROVAL_DAYS = 3
_ALERT = "recobro_module.activity_type_suspension"
#: Why an item is not owed any more, as far as a suspension goes.
_NOT_OWED = ("covered", "in_payment", "no_followup", "blocked")


# -----------------------------------------------------------------------------
# PROPOSED AND ANNOUNCED
# -----------------------------------------------------------------------------


def propose(actions, **values):
    """Keep a proposed suspension for each of some actions (in sudo) of the channel, and return them.

    :param values: more values of them, when a person proposes.
    """
    actions = actions.filtered(lambda action: action.channel == "suspension")
    if not actions:
        return actions.env["recobro.suspension"]
    return actions.env["recobro.suspension"].create(
        [
            {
                "company_id": action.company_id.id,
                "partner_id": action.partner_id.id,
                "case_id": action.case_id.id,
                "action_id": action.id,
                "item_ids": [Command.set(action.line_ids.item_id.ids)],
                "amount": sum(action.line_ids.item_id.mapped("amount_open_company")),
                "notice_days": action.level_id.notice_days,
                "proposed_on": action.day,
                **values,
            }
            for action in actions
        ]
    )


def propose_by_hand(case, items, notice_days, note):
    """Propose to suspend the customer of a case (in sudo) for some of its items; a manager approves it.

    The right to propose is the caller's to check. Return the suspension.

    :raise UserError: when one is at work already, or none of the items can be asked for now.
    """
    env, company = case.env, case.company_id
    as_of = clock.today(env, company)
    if live_of(env, company, case.partner_id.ids):
        raise UserError(env._("A suspension of this customer is proposed, announced or in force already."))
    waiting = [("item_id", "in", items.ids), ("state", "in", OPEN_ACTION_STATES)]
    items -= env["recobro.action.line"].search(waiting).item_id
    rows = {row["item_id"]: row for row in verdicts.judge(env, company, as_of, case.partner_id.ids)}
    items = items.filtered(lambda item: _is_asked(rows.get(item.id)))
    if not items:
        raise UserError(
            env._("Nothing to suspend for: choose items that are overdue, held by nothing, and in no planned action.")
        )
    action = env["recobro.action"].create(_action_values(case, items, rows, as_of))
    alerts.approval_needed(action)
    return propose(action, notice_days=notice_days, note=note, user_id=env.uid)


def _action_values(case, items, rows, as_of):
    policy, company = case.policy_id, case.company_id
    lines = [
        {
            "item_id": item.id,
            "state": "to_approve",
            "days_past_due": rows[item.id]["days_past_due"],
            "amount": rows[item.id]["chased_amount"],
            "from_delay_days": item.delay_days,
            "from_level_sequence": item.level_sequence,
            "from_level_id": item.level_id.id,
        }
        for item in items
    ]
    return {
        "company_id": company.id,
        "case_id": case.id,
        "partner_id": case.partner_id.id,
        "policy_id": policy.id,
        "user_id": (case.user_id or policy.user_id).id or case.env.uid,
        "day": as_of,
        "kind": "task",
        "channel": "suspension",
        "state": "to_approve",
        "deadline": planning.deadline_of(company, policy.calendar_id, as_of, _APPROVAL_DAYS),
        "line_ids": [Command.create(line) for line in lines],
    }


def live_of(env, company, partner_ids=None, states=SUSPENSIONS_LIVE):
    """Return the suspensions (in sudo) of `company` that are not over; all when `partner_ids` is None."""
    domain = [("company_id", "=", company.id), ("state", "in", states)]
    if partner_ids is not None:
        domain.append(("partner_id", "in", list(partner_ids)))
    # sudo: suspensions are the engine's
    return env["recobro.suspension"].sudo().search(domain, order="id")


def of_actions(actions):
    """Return {action: its suspension (in sudo)}; proposed now where nobody has."""
    if not actions:
        return {}
    # sudo: suspensions are the engine's
    known = actions.env["recobro.suspension"].sudo().search([("action_id", "in", actions.ids)])
    known |= propose(actions - known.action_id)
    return {suspension.action_id: suspension for suspension in known}


def first_day(suspension, as_of):
    """Return the day from which nothing more is supplied, if the notice goes out on `as_of`."""
    return as_of + timedelta(days=suspension.notice_days)


def announce(actions, as_of):
    """Keep with the suspensions of some actions whose notice has just been made, which day it says, and for what."""
    for action, suspension in of_actions(actions).items():
        lines = action.line_ids.filtered(lambda line: line.state == "sending")
        suspension._update_state(
            ("proposed", "noticed"),
            "noticed",
            noticed_on=as_of,
            day=first_day(suspension, as_of),
            item_ids=[Command.set(lines.item_id.ids)],
        )


def join(actions, as_of):
    """Let what is in force stand for some actions (in sudo) too, whose customers need no second notice; return these.

    The items of the actions are to be paid as well before it is lifted.
    """
    [company] = actions.company_id
    in_force = live_of(actions.env, company, actions.partner_id.ids, ("in_force",)).grouped("partner_id")
    joining = actions.filtered(lambda action: action.partner_id in in_force)
    for action, suspension in of_actions(joining).items():
        in_force[action.partner_id][:1].item_ids |= action.line_ids.item_id
        reason = actions.env._("The customer is on hold already: its items were added to that.")
        suspension._update_state(("proposed",), "cancelled", ended_on=as_of, end_reason=reason)
        _log(suspension, "noted", reason)
    joining._set_done(as_of)
    return joining


# -----------------------------------------------------------------------------
# WHAT FOLLOWS FROM THE ACCOUNT
# -----------------------------------------------------------------------------


def settle(env, company, as_of, partner_ids=None):
    """Bring the suspensions of `company` up to the day `as_of`; one statement where there are none.

    :param partner_ids: commercial entities to look at; all when None.
    """
    live = live_of(env, company, partner_ids)
    if not live:
        return
    env = live.env
    rows = {row["item_id"]: row for row in verdicts.judge(env, company, as_of, live.partner_id.ids)}
    outcomes = {}
    for suspension in live:
        owed = [rows[item] for item in suspension.item_ids.ids if _is_owed(rows.get(item))]
        left = float(sum(row["open_company"] - row["covered_company"] for row in owed))
        if suspension.currency_id.compare_amounts(left, suspension.amount):
            suspension.amount = left
        outcome = _outcome(suspension, owed, as_of)
        outcomes[outcome] = outcomes.get(outcome, live.browse()) | suspension
    for outcome, changed in outcomes.items():
        _come_to(changed, outcome, as_of)


def _come_to(suspensions, outcome, as_of):
    if outcome == "in_force":
        _take_effect(suspensions, as_of)
    elif outcome == "paid":
        lift(suspensions, as_of)
    elif outcome:
        reason = _words_of(suspensions.env)[outcome]
        _call_off(suspensions, {"ended_on": as_of, "end_reason": reason})


def _outcome(suspension, owed, as_of):
    """Return what is to become of a suspension on `as_of`: in force, paid, a key of `_words_of`, or None."""
    notice = suspension.action_id.state
    if suspension.state == "proposed" and notice not in OPEN_ACTION_STATES:
        return notice
    if not owed:
        return "paid"
    if suspension.state in ("proposed", "in_force"):
        return None
    if notice in ("failed", "skipped", "missed"):
        return notice
    if as_of > suspension.day + timedelta(days=_GOOD_DAYS):
        return "held"
    if as_of >= suspension.day and notice == "done" and any(map(_is_asked, owed)):
        return "in_force"
    return None


def _words_of(env):
    """Return why what was proposed or announced is called off, in the words of who reads it."""
    return {
        "failed": env._("The notice could not be delivered."),
        "skipped": env._("It was left out before the notice went out."),
        "missed": env._("Nobody approved it in time."),
        "done": env._("It was done without a notice."),
        "held": env._("It was held for long after its day: announce it anew where it is still needed."),
    }


def _is_owed(row):
    """Return whether an item, by its verdict, is still to be paid, held or not."""
    return bool(row) and row["open_company"] > 0 and row["reason"] not in _NOT_OWED


def _is_asked(row):
    """Return whether an item, by its verdict, is overdue and held by nothing."""
    return bool(row) and not row["reason"] and row["days_past_due"] > 0


# -----------------------------------------------------------------------------
# IN FORCE AND OVER
# -----------------------------------------------------------------------------


def _take_effect(suspensions, as_of):
    """Put what was announced in force: the log says so, and the owner of the case and the salesperson are told."""
    begun = suspensions._update_state(("noticed",), "in_force", in_force_on=as_of)
    for suspension in begun:
        _log(suspension, "suspended", begun.env._("Service suspended: %(amount)s overdue.", **_values(suspension)))
        _tell_sales(
            suspension,
            lambda env, values: env._(
                "On hold since %(day)s: %(amount)s are overdue. Nothing more is supplied until they are paid, or a "
                "collections manager lifts the hold.",
                **values,
            ),
        )
    alerts.alert(
        begun.case_id,
        _ALERT,
        lambda env, case: env._(
            "%(customer)s is on hold from today. It is lifted by itself once the overdue items are paid.",
            customer=case.partner_id.display_name,
        ),
        deadline=as_of,
    )


def lift(suspensions, as_of, reason=None):
    """Lift what is in force and call off the rest; return what was changed. The right to is the caller's to check.

    :param suspensions: `recobro.suspension` in sudo.
    :param reason: of the person who lifts it; None when it was paid.
    """
    env = suspensions.env
    values = {
        "ended_on": as_of,
        "end_reason": reason or env._("What it was about is paid."),
        "ended_by_id": env.uid if reason else False,
    }
    lifted = suspensions._update_state(("in_force",), "lifted", **values)
    for suspension in lifted:
        _log(suspension, "released", env._("Suspension lifted."), note=values["end_reason"], by_hand=bool(reason))
        _tell_sales(suspension, lambda env, values: env._("No longer on hold. %(reason)s", **values))
    lifted.case_id.activity_unlink([_ALERT])
    return lifted | _call_off(suspensions - lifted, values)


def _call_off(suspensions, values):
    """Cancel what is proposed or announced, with its proposal where it still waits; return what was.

    :param values: `ended_on`, `end_reason` and `ended_by_id` of them.
    """
    env = suspensions.env
    announced = suspensions.filtered(lambda one: one.state == "noticed")
    over = suspensions._update_state(("proposed", "noticed"), "cancelled", **values)
    over.action_id._set_skipped("cancelled" if values.get("ended_by_id") else "settled")
    for suspension in over & announced:
        summary = env._("The suspension announced is called off.")
        _log(suspension, "cancelled", summary, note=values["end_reason"], by_hand=bool(values.get("ended_by_id")))
    return over


def _log(suspension, result, summary, note=False, by_hand=False):
    suspension.env["recobro.interaction"]._log(
        [
            {
                "company_id": suspension.company_id.id,
                "partner_id": suspension.partner_id.id,
                "case_id": suspension.case_id.id,
                "channel": "note",
                "direction": "out",
                "result": result,
                "summary": summary,
                "note": note,
                "is_automatic": not by_hand,
                "action_id": suspension.action_id.id,
            }
        ]
    )


def _tell_sales(suspension, words):
    """Write on the customer, where its salesperson is told of it, what `words` of an environment and values say."""
    customer = suspension.partner_id.exists()
    if not customer:
        return
    salesperson = customer.user_id.filtered("active")
    env = alerts.speaking_to(salesperson or alerts.owner_of(suspension.case_id))
    customer.with_context(mail_post_autofollow=False).message_post(
        body=words(env, {**_values(suspension.with_env(env(su=True))), "reason": suspension.end_reason or ""}),
        message_type="notification",
        subtype_xmlid="mail.mt_note",
        partner_ids=salesperson.partner_id.ids,
    )


def _values(suspension):
    env = suspension.env
    return {
        "amount": format_amount(env, suspension.amount, suspension.currency_id),
        "day": format_date(env, suspension.in_force_on),
    }


# -----------------------------------------------------------------------------
# FOR WHO SELLS
# -----------------------------------------------------------------------------


def is_on_hold(env, company, customer):
    """Return whether a customer is on hold now: what was paid a moment ago lifts it first.

    :param env: in sudo; :param company: main company; :param customer: commercial entity.
    """
    if not live_of(env, company, customer.ids, ("in_force",)):
        return False
    settle(env, company, clock.today(env, company), customer.ids)
    return bool(live_of(env, company, customer.ids, ("in_force",)))


def log_release(env, company, customer, summary, reason):
    """Write into the log of a customer on hold what a manager let through all the same, and why."""
    suspension = live_of(env, company, customer.ids, ("in_force",))[:1]
    _log(suspension, "noted", summary, note=reason, by_hand=True)
