"""What became of a customer's answers: disputes, promises and payment plans, each with its state in plain words."""

from dataclasses import dataclass

from odoo.tools import format_amount, format_date

#: Answers of each kind that are shown, the latest ones.
_MOST = 50
#: States of a plan that the customer may know of, besides what they asked for themselves.
_SHOWN_PLANS = ("proposed", "active", "finished", "broken")


@dataclass(frozen=True)
class Entry:
    """One answer, ready to show. `tone` is waiting, good, bad or over; `address` is its page's parts, or empty."""

    kind: str
    name: str
    title: str
    when: str
    amount: str
    state: str
    tone: str
    address: tuple = ()
    action: str = ""
    is_open: bool = False


def entries(access):
    """Return the answers of an account: those that still count first, then the others, the latest first."""
    found = [*_plans(access), *_disputes(access), *_promises(access)]
    return [one for one in found if one.is_open] + [one for one in found if not one.is_open]


def _of_account(access, model, *domain):
    own = [("partner_id", "=", access.partner.id), ("company_id", "=", access.company.id)]
    return access.env[model].search([*own, *domain], order="id DESC", limit=_MOST)


# -----------------------------------------------------------------------------
# DISPUTES
# -----------------------------------------------------------------------------


def _disputes(access):
    return [dispute_entry(access, ticket) for ticket in _of_account(access, "recobro.dispute")]


def dispute_entry(access, ticket):
    """Return the `Entry` of a dispute."""
    state, tone = _dispute_state(access, ticket)
    is_waiting = ticket.kind == "waiting"
    return Entry(
        kind="dispute",
        name=ticket.name,
        title=", ".join(part for part in (ticket.reason_id.name, ticket.invoice_names) if part)
        or access.env._("Dispute"),
        when=format_date(access.env, ticket.opened_at.date()),
        amount=format_amount(access.env, ticket.amount, ticket.currency_id) if ticket.amount else "",
        state=state,
        tone=tone,
        address=("dispute", ticket.id),
        action=access.env._("Answer") if is_waiting else access.env._("See"),
        is_open=ticket.kind != "final",
    )


def _dispute_state(access, ticket):
    env = access.env
    if ticket.kind == "waiting":
        return env._("We have a question: please answer it."), "bad"
    if ticket.kind == "open":
        if ticket.taken_on:
            return env._("We are looking into it with you."), "waiting"
        return env._("We have it. A person will look at it soon."), "waiting"
    ended = {
        "credit_note": (env._("You are right: you get a credit note for it."), "good"),
        "rejected": (env._("We could not agree with it: the amount is to be paid."), "over"),
        "agreement": (env._("Closed with what we agreed."), "good"),
        "paid": (env._("Closed: the invoice is paid."), "good"),
    }
    return ended.get(ticket.resolution, (env._("Closed."), "over"))


# -----------------------------------------------------------------------------
# PROMISES
# -----------------------------------------------------------------------------


def _promises(access):
    return [_promise_entry(access, promise) for promise in _of_account(access, "recobro.promise")]


def _promise_entry(access, promise):
    state, tone = _promise_state(access, promise)
    names = list(dict.fromkeys(promise.line_ids.item_id.mapped("name")))
    return Entry(
        kind="promise",
        name=promise.name,
        title=", ".join(name for name in names if name),
        when=format_date(access.env, promise.made_on),
        amount=format_amount(access.env, promise.amount, promise.currency_id),
        state=state,
        tone=tone,
        is_open=promise.state == "open",
    )


def _promise_state(access, promise):
    env = access.env
    day = format_date(env, promise.date)
    received = format_amount(env, promise.received_amount, promise.currency_id)
    states = {
        "open": (env._("You told us you will pay on %(date)s.", date=day), "waiting"),
        "kept": (env._("Paid as you said, for %(date)s. Thank you.", date=day), "good"),
        "partly_kept": (env._("%(amount)s of it came by %(date)s.", amount=received, date=day), "bad"),
        "broken": (env._("It did not come by %(date)s.", date=day), "bad"),
        "withdrawn": (env._("Withdrawn."), "over"),
        "superseded": (_replaced_words(env, promise), "over"),
    }
    return states[promise.state]


def _replaced_words(env, promise):
    if promise.replaced_by_plan_id:
        return env._("%(plan)s took its place.", plan=promise.replaced_by_plan_id.name)
    return env._("A later promise took its place.")


# -----------------------------------------------------------------------------
# PAYMENT PLANS
# -----------------------------------------------------------------------------


def _plans(access):
    plans = _of_account(
        access,
        "recobro.payment.plan",
        "|",
        "|",
        ("source", "=", "portal"),
        ("state", "in", _SHOWN_PLANS),
        # Offered once, then declined or withdrawn
        "&",
        ("state", "=", "cancelled"),
        ("proposed_on", "!=", False),
    )
    return [_plan_entry(access, plan) for plan in plans]


def _plan_entry(access, plan):
    env = access.env
    state, tone = _plan_state(access, plan)
    is_shown = plan.state in _SHOWN_PLANS
    is_asked = plan.state in ("draft", "to_approve")
    return Entry(
        kind="plan",
        name=plan.name,
        title=_plan_title(access, plan, is_asked),
        when=format_date(env, plan.proposed_on or plan.create_date.date()),
        # What a colleague changes of a request is an offer only once it is proposed
        amount="" if is_asked else format_amount(env, plan.total, plan.currency_id),
        state=state,
        tone=tone,
        address=("plan", plan.id) if is_shown else (),
        action=env._("See and sign") if plan.state == "proposed" else env._("See"),
        is_open=is_asked or plan.state in ("proposed", "active"),
    )


def _plan_title(access, plan, is_asked):
    env = access.env
    if is_asked:
        return env._("Your request")
    count = plan.instalment_count + bool(plan.down_payment)
    if count == 1:
        return env._("In one payment")
    return env._("In %(count)s payments", count=count)


def _plan_state(access, plan):
    env = access.env
    if plan.state in ("draft", "to_approve"):
        return env._("We have your request and will answer it soon."), "waiting"
    if plan.state == "proposed":
        until = format_date(env, plan.valid_until) if plan.valid_until else ""
        words = env._("Our offer waits for your answer until %(date)s.", date=until) if until else ""
        return words or env._("Our offer waits for your answer."), "bad"
    if plan.state == "active":
        if not plan.next_date:
            return env._("Agreed, and on its way."), "waiting"
        return env._("Agreed. The next payment is on %(date)s.", date=format_date(env, plan.next_date)), "waiting"
    ended = {
        "finished": (env._("Paid as agreed. Thank you."), "good"),
        "broken": (env._("Not kept: the invoices are to be paid as before."), "bad"),
    }
    return ended.get(plan.state, (env._("It did not come about."), "over"))
