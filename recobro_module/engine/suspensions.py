"""Suspensions of service, or credit holds: proposed, announced to the customer, in force, lifted when it is paid.

How one is proposed and announced is in `suspension_proposals`. What follows is asked of the account alone: by the daily
job, and within a minute for the customers whose account changed. Nothing here keeps an item from being chased.
"""

from datetime import timedelta

from odoo.tools import format_amount, format_date

from ..const import OPEN_ACTION_STATES, SUSPENSIONS_LIVE
from . import alerts, clock, verdicts

#: Days that an announcement is good for after its day; held for longer, a promise or a dispute has taken its place.
_GOOD_DAYS = 30
_ALERT = "recobro_module.activity_type_suspension"
#: Why an item is not owed any more, as far as a suspension goes.
_NOT_OWED = ("covered", "in_payment", "no_followup", "blocked")


def live_of(env, company, partner_ids=None, states=SUSPENSIONS_LIVE):
    """Return the suspensions (in sudo) of `company` that are not over; all when `partner_ids` is None."""
    domain = [("company_id", "=", company.id), ("state", "in", states)]
    if partner_ids is not None:
        domain.append(("partner_id", "in", list(partner_ids)))
    # sudo: suspensions are the engine's
    return env["recobro.suspension"].sudo().search(domain, order="id")


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
        reason = _words_of(_spoken(suspensions[:1]).env)[outcome]
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
    if as_of >= suspension.day and notice == "done" and any(map(is_asked, owed)):
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


def is_asked(row):
    """Return whether an item, by its verdict, is overdue and held by nothing."""
    return bool(row) and not row["reason"] and row["days_past_due"] > 0


# -----------------------------------------------------------------------------
# IN FORCE AND OVER
# -----------------------------------------------------------------------------


def _take_effect(suspensions, as_of):
    """Put what was announced in force: the log says so, and the owner of the case and the salesperson are told."""
    begun = suspensions._update_state(("noticed",), "in_force", in_force_on=as_of)
    for suspension in begun:
        spoken = _spoken(suspension)
        log(suspension, "suspended", spoken.env._("Service suspended: %(amount)s overdue.", **_values(spoken)))
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
            "%(customer)s is on hold since %(day)s. That is lifted by itself once the overdue items are paid.",
            customer=case.partner_id.display_name,
            day=format_date(env, as_of),
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
        "end_reason": reason or _spoken(suspensions[:1]).env._("What it was about is paid."),
        "ended_by_id": env.uid if reason else False,
    }
    lifted = suspensions._update_state(("in_force",), "lifted", **values)
    for suspension in lifted:
        summary = _spoken(suspension).env._("Suspension lifted.")
        log(suspension, "released", summary, note=values["end_reason"], by_hand=bool(reason))
        _tell_sales(suspension, lambda env, values: env._("No longer on hold. %(reason)s", **values))
    lifted.case_id.activity_unlink([_ALERT])
    return lifted | _call_off(suspensions - lifted, values)


def _call_off(suspensions, values):
    """Cancel what is proposed or announced, with its proposal where it still waits; return what was.

    :param values: `ended_on`, `end_reason` and `ended_by_id` of them.
    """
    announced = suspensions.filtered(lambda one: one.state == "noticed")
    over = suspensions._update_state(("proposed", "noticed"), "cancelled", **values)
    over.action_id._set_skipped("cancelled" if values.get("ended_by_id") else "settled")
    for suspension in over & announced:
        summary = _spoken(suspension).env._("The suspension announced is called off.")
        log(suspension, "cancelled", summary, note=values["end_reason"], by_hand=bool(values.get("ended_by_id")))
    return over


def log(suspension, result, summary, note=False, by_hand=False):
    """Write into the log of the customer what became of a suspension (in sudo)."""
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


def _spoken(suspension):
    """Return a suspension in the language of who answers for its case: the run has none of its own."""
    return suspension.with_env(alerts.speaking_to(alerts.owner_of(suspension.case_id))(su=True))


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
    log(suspension, "noted", summary, note=reason, by_hand=True)
