"""A case changes hands: proposed, handed over to an agency or a lawyer, and taken back.

Who may is checked by the dialogs and buttons; what can be handed over is checked here, on the verdict of the day.
"""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .. import clock, matched_money, open_items, policies, turns, verdicts
from . import holds, placement_alerts, rises


def placeable(case, as_of):
    """Return {item: verdict} of what of a customer can be handed over, by due date: overdue, and held by nothing.

    :param case: `recobro.case` in sudo.
    """
    items = open_items.meet(case.env, case.company_id, as_of, case.partner_id.ids)
    rows = verdicts.judge(case.env, case.company_id, as_of, case.partner_id.ids)
    free = {
        row["item_id"]: row for row in rows if row["line_id"] > 0 and not row["reason"] and row["days_past_due"] > 0
    }
    return {item: free[item.id] for item in items if item.id in free}


def refusal(case, agency, as_of):
    """Return why a case (in sudo) can't be handed over now, in words; empty when it can."""
    env = case.env
    if standing := rises.promises(env, case.company_id, as_of, case.partner_id.ids):
        return rises.promise_words(env, case.partner_id, standing[case.partner_id.id])
    if other := open_placement(case):
        return env._(
            "%(customer)s is with %(agency)s already: recall that first.",
            customer=case.partner_id.display_name,
            agency=other.agency_id.name,
        )
    if agency and (not agency.active or agency.company_id != case.company_id):
        return env._("%(agency)s does not work for this company any more: choose another one.", agency=agency.name)
    return ""


def open_placement(case):
    """Return the placement (in sudo) that the customer of a case is in now."""
    # sudo: whether one stands is asked whoever works the case
    return (
        case.env["recobro.placement"]
        .sudo()
        .search(
            [
                ("partner_id", "=", case.partner_id.id),
                ("company_id", "=", case.company_id.id),
                ("state", "=", "placed"),
            ],
            limit=1,
        )
    )


# -----------------------------------------------------------------------------
# HANDED OVER
# -----------------------------------------------------------------------------


def place(case, agency, items, as_of, **values):
    """Hand some items of a case over to an agency or a lawyer, and return the placement in sudo.

    The right to decide it is the caller's to check.

    :param items: `recobro.item`; what of them is disputed, or held by another answer, stays with us.
    :param values: of the placement: user_id, note, action_id, approved_by_id.
    :raise UserError: with the reason, when they can't be handed over now.
    """
    record = _make(case, agency, items, as_of, **values)
    _begin(record, as_of)
    return record


def propose(case, agency, items, as_of, **values):
    """Propose what `place` does to who decides it, and return the placement in sudo: it holds nothing yet."""
    record = _make(case, agency, items, as_of, state="proposed", placed_on=False, until=False, **values)
    placement_alerts.proposed(record)
    return record


def approve(record):
    """Hand over what was proposed (in sudo), with what can be handed over of its items today."""
    if record.state != "proposed":
        raise UserError(record.env._("A colleague was faster: this is decided already. Reload the page."))
    as_of = clock.today(record.env, record.company_id)
    items = record.line_ids.item_id
    values = _terms(record.case_id, record.agency_id, items, as_of, record.action_id.level_id)
    record.line_ids.unlink()
    record.write({**values, "state": "placed", "approved_by_id": record.env.uid})
    placement_alerts.answered(record)
    _begin(record, as_of)


def _make(case, agency, items, as_of, **values):
    # sudo: placements and items are the engine's; what is handed over is checked here
    case, agency, items = case.sudo(), agency.sudo(), items.sudo()
    level = case.env["recobro.action"].browse(values.get("action_id")).level_id
    owner = agency.user_id.filtered("active") or case.user_id.filtered("active") or case.env.user
    return case.env["recobro.placement"].create(
        {
            "state": "placed",
            "company_id": case.company_id.id,
            "currency_id": case.company_id.currency_id.id,
            "partner_id": case.partner_id.id,
            "case_id": case.id,
            "agency_id": agency.id,
            "channel": "note",
            "user_id": owner.id,
            **_terms(case, agency, items, as_of, level),
            **values,
        }
    )


def _terms(case, agency, items, as_of, level):
    """Return what is agreed when a case changes hands on a day: its items, their fees, the days.

    :param level: the `recobro.level` that proposed it, or none; it may give the agency other days than usual.

    :raise UserError: with the reason, when it can't.
    """
    env = case.env
    turns.one_at_a_time(items)
    if words := refusal(case, agency, as_of):
        raise UserError(words)
    found = placeable(case, as_of)
    lines = [_line(case, agency, item, found[item]) for item in found if item in items]
    if not lines:
        raise UserError(
            env._(
                "Nothing of this can be handed over now: it is paid, not due yet, disputed, promised, paused or in a "
                "plan. Look at the open items of the case."
            )
        )
    matched = matched_money.of(env, [line["item_id"] for line in lines])
    for line in lines:
        line["matched_before"] = {payment: money.amount for payment, money in matched.get(line["item_id"], {}).items()}
    rules = policies.limits_of(env, case.company_id, case.partner_id.ids, ["placement_holds_all"])
    return {
        "stage_before": case.stage if case.stage != "closed" else False,
        "placed_on": as_of,
        "until": as_of + timedelta(days=level.agency_days or agency.days),
        "fixed_cost": agency.fixed_cost,
        "holds_all": rules[case.partner_id.id]["placement_holds_all"],
        "line_ids": [Command.create(line) for line in lines],
    }


def _line(case, agency, item, verdict):
    return {
        "item_id": item.id,
        "currency_id": item.currency_id.id,
        "amount": item.currency_id.round(float(verdict["chased_amount"])),
        "amount_company": case.company_id.currency_id.round(float(verdict["chased_company"])),
        "days_past_due": verdict["days_past_due"],
        "rate": agency._rate(verdict["days_past_due"], case.stage),
    }


def _begin(record, as_of):
    """Let a placement (in sudo) begin: our own messages stop, the case stands in its stage, the log says so."""
    record.placed_on = as_of
    holds.hold(record)
    record.case_id.stage = record.agency_id._stage()
    placement_alerts.log(record, "handed_over", _words)


def _words(record):
    env = record.env
    return env._(
        "Handed over to %(agency)s until %(day)s: %(count)s items, %(amount)s (%(number)s)",
        agency=record.agency_id.name,
        day=format_date(env, record.until),
        count=len(record.line_ids),
        amount=format_amount(env, record.amount, record.currency_id),
        number=record.name,
    )


# -----------------------------------------------------------------------------
# TAKEN BACK
# -----------------------------------------------------------------------------


def recall(record, reason):
    """Take a case back from whom it is with (in sudo), with a reason: the ladder goes on where it was."""
    env = record.env
    if not record._update_state(("placed",), "recalled"):
        raise UserError(env._("Only what is with an agency or a lawyer can be recalled."))
    record.write({"ended_on": clock.today(env, record.company_id), "end_reason": reason})
    holds.release(record)
    placement_alerts.log(
        record,
        "taken_back",
        lambda one: env._("Recalled from %(agency)s: %(why)s", agency=one.agency_id.name, why=reason),
    )


def refuse(record, reason):
    """Refuse what a collector proposed (in sudo)."""
    env = record.env
    if not record._update_state(("proposed",), "refused"):
        raise UserError(env._("A colleague was faster: this is decided already. Reload the page."))
    record.write({"ended_on": clock.today(env, record.company_id), "end_reason": reason})
    placement_alerts.answered(record)
    placement_alerts.log(
        record,
        "noted",
        lambda one: env._("Hand-over to %(agency)s refused: %(why)s", agency=one.agency_id.name, why=reason),
    )


def close(cases, outcome, as_of):
    """End what is with somebody of cases (in sudo) that a person closes: nothing more is expected of it."""
    if not cases:
        return
    open_ones = cases.env["recobro.placement"].search(
        [("case_id", "in", cases.ids), ("state", "in", ("placed", "proposed"))]
    )
    placed = open_ones._update_state(("placed",), "finished")
    refused = open_ones._update_state(("proposed",), "refused")
    placement_alerts.answered(refused)
    outcomes = dict(cases._fields["outcome"]._description_selection(cases.env))
    (placed | refused).write({"ended_on": as_of, "end_reason": outcomes.get(outcome)})
    holds.release(placed)
