"""Suspensions of service before they are in force: proposed by a level or a person, approved, announced.

A proposal is an action that a manager approves; its message is the notice, judged and queued like any other
(`channels/suspension.py`).
"""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError

from ..const import OPEN_ACTION_STATES
from . import alerts, clock, planning, suspensions, verdicts

#: Working days in which a proposal by hand is to be approved.
_APPROVAL_DAYS = 3


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
    if suspensions.live_of(env, company, case.partner_id.ids):
        raise UserError(env._("A suspension of this customer is proposed, announced or in force already."))
    waiting = [("item_id", "in", items.ids), ("state", "in", OPEN_ACTION_STATES)]
    items -= env["recobro.action.line"].search(waiting).item_id
    rows = {row["item_id"]: row for row in verdicts.judge(env, company, as_of, case.partner_id.ids)}
    items = items.filtered(lambda item: suspensions.is_asked(rows.get(item.id)))
    if not items:
        raise UserError(
            env._("Nothing to suspend for: choose items that are overdue, held by nothing, and in no planned action.")
        )
    action = env["recobro.action"].create(_action_values(case, items, rows, as_of))
    alerts.approvals_needed(action)
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
    in_force = suspensions.live_of(actions.env, company, actions.partner_id.ids, ("in_force",)).grouped("partner_id")
    joining = actions.filtered(lambda action: action.partner_id in in_force)
    for action, suspension in of_actions(joining).items():
        in_force[action.partner_id][:1].item_ids |= action.line_ids.item_id
        reason = actions.env._("The customer is on hold already: its items were added to that.")
        suspension._update_state(("proposed",), "cancelled", ended_on=as_of, end_reason=reason)
        suspensions.log(suspension, "noted", reason)
    joining._set_done(as_of)
    return joining
