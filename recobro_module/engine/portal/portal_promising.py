"""What a visitor can promise, and what they can ask a plan for: the items, the limits of the policy, and the answers.

Nobody stops the ladder here alone: a promise has the policy's limits, and a plan that is asked for holds nothing.
"""

from dataclasses import dataclass
from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...tools import form_values
from .. import earlier_promises, open_items, promising, turns
from ..plans import plan_making
from . import portal_account, portal_amounts
from .portal_refusal import Refused

#: What is kept of the customer's words.
MOST_WORDS = 2000


@dataclass(frozen=True)
class Offer:
    """What a form proposes: the items, how much of each and of all, and the days between which it can be."""

    items: object
    parts: dict
    day: object
    first_day: object
    last_day: object
    others: bool = False

    @property
    def currency(self):
        """Return the currency of the items; empty without any."""
        return self.items.currency_id[:1]

    @property
    def most(self):
        """Return how much of all items it can be."""
        return self.currency.round(sum(self.parts.values())) if self.items else 0.0

    @property
    def proposed(self):
        """Return the amount that a form proposes, as it is typed."""
        return portal_amounts.written(self.items.env, self.most, self.currency)


# -----------------------------------------------------------------------------
# A PROMISE
# -----------------------------------------------------------------------------


def promise_offer(access, statement, names, currency_name):
    """Return what a promise can be about: the chosen lines, or, without any, what is likely; see `Offer`."""
    env, company, partner, as_of = _context(access)
    items, chosen = _items(access, statement, names)
    if not portal_account.is_given(names):
        items = promising.propose_items(env, company, partner, as_of, _currency(statement, currency_name))
    items, parts = _free(items, lambda some: promising.free_parts(env, company, as_of, some))
    return Offer(
        items=items,
        parts=parts,
        day=promising.propose_day(env, company, partner, as_of),
        first_day=as_of,
        last_day=as_of + timedelta(days=promising.rules_of(env, company, partner).promise_max_days),
        others=len(items) < chosen,
    )


def replaced_words(access, items):
    """Return which promises a new one for `items` takes the place of, in words; empty when none."""
    return earlier_promises.in_words(access.env, earlier_promises.replaced_by(items)) if items else ""


def promise(access, offer, typed):
    """Take the promise that a form makes, and return it; raise `Refused` with what is wrong, field by field."""
    env = access.env
    errors = {}
    _check_items(access, offer, errors)
    amount = _amount(access, offer, typed, errors)
    day = form_values.day(typed.get("day"))
    if not day or not offer.first_day <= day <= offer.last_day:
        errors["day"] = env._(
            "Choose a day from today until %(last)s. For a later one, ask for a payment plan.",
            last=format_date(env, offer.last_day),
        )
    if errors:
        raise Refused(**errors)
    rules = promising.rules_of(env, access.company, access.partner)
    # Before the promises are counted; `take` asks only whether who is at work is a manager, as OdooBot is
    turns.one_at_a_time(offer.items)
    if earlier_promises.has_reached_limit(rules, offer.items):
        raise Refused(
            form=env._(
                "Promises for these invoices so far: %(count)s. We would like to talk with you about the next one: "
                "write or call us, or ask for a payment plan.",
                count=rules.promise_limit,
            )
        )
    note = form_values.words(typed.get("note"), MOST_WORDS)
    return _attempt(access, lambda: _take(access, offer.items, amount, day, note))


def _take(access, items, amount, day, note):
    case = portal_account.case_for(access)
    owner = portal_account.owner_of(access)
    values = {"contact_id": access.contact.id, "channel": "portal", "user_id": owner.id, "note": note or False}
    taken = promising.take(case, items, amount, day, is_logged=True, **values)
    # The log is in the language of who reads it, not of the customer
    line = promising.interaction_vals(taken.with_context(lang=owner.lang))
    access.env["recobro.interaction"]._log([line])
    return taken


# -----------------------------------------------------------------------------
# A PLAN
# -----------------------------------------------------------------------------


def plan_offer(access, statement, names, currency_name):
    """Return what a plan can be about: the chosen lines, or, without any, what is overdue; see `Offer`."""
    env, company, partner, as_of = _context(access)
    proposed = plan_making.propose_terms(env, company, partner, as_of, _currency(statement, currency_name))
    items, chosen = _items(access, statement, names)
    if not portal_account.is_given(names):
        items = proposed.items
    items, parts = _free(items, lambda some: plan_making.free_parts(env, company, as_of, some))
    return Offer(
        items=items,
        parts=parts,
        day=proposed.first_day,
        first_day=as_of,
        last_day=as_of + timedelta(days=promising.rules_of(env, company, partner).promise_max_days),
        others=len(items) < chosen,
    )


def most_instalments(access):
    """Return how many instalments a customer can ask for: what the policy allows without its manager."""
    return promising.rules_of(access.env, access.company, access.partner).plan_max_instalments


def plan_terms(access, offer, typed, errors):
    """Return the `Terms` that a form asks for, None when they make none; what is wrong is added to `errors`."""
    env = access.env
    _check_items(access, offer, errors)
    most = most_instalments(access)
    count = form_values.count(typed.get("count"), most)
    if not count:
        errors["count"] = env._("Choose from 1 to %(most)s instalments.", most=most)
    day = form_values.day(typed.get("day"))
    if not day or not offer.first_day <= day <= offer.last_day:
        errors["day"] = env._(
            "Choose a day from today until %(last)s for the first payment.", last=format_date(env, offer.last_day)
        )
    return None if errors else plan_making.Terms(items=offer.items, first_day=day, count=count)


def plan_preview(access, terms):
    """Return the schedule that terms make, as (day, amount) in words; empty when they make none."""
    env, company, partner, as_of = _context(access)
    currency = terms.items.currency_id
    found = plan_making.preview(env, company, partner, as_of, terms)
    return [(format_date(env, one.due), format_amount(env, one.amount, currency)) for one in found]


def ask_for_plan(access, offer, typed):
    """Keep the request that a form makes, and return its draft; raise `Refused` with what is wrong, field by field."""
    errors = {}
    terms = plan_terms(access, offer, typed, errors)
    if errors:
        raise Refused(**errors)
    case = portal_account.case_for(access)
    note = form_values.words(typed.get("note"), MOST_WORDS)
    return _attempt(access, lambda: plan_making.request(case, terms, access.contact, note))


# -----------------------------------------------------------------------------
# BOTH
# -----------------------------------------------------------------------------


def _context(access):
    return access.env, access.company, access.partner, access.today


def _items(access, statement, names):
    """Return (the items of the chosen lines, how many lines that were): of invoices, not of plans, and still open."""
    lines = portal_account.chosen(statement, names)
    items = open_items.meet(access.env, access.company, access.today, access.partner.ids)
    ids = {line.line_id for line in lines if line.line_id > 0}
    return items.filtered(lambda item: item.res_id in ids), len(lines)


def _free(items, parts_of):
    """Return the items of which something is free, and {item id: how much}: with fewer items it may be less of each."""
    parts = parts_of(items) if items else {}
    left = items.filtered(lambda item: item.currency_id.compare_amounts(parts[item.id], 0) > 0)
    return (items, parts) if left == items else _free(left, parts_of)


def _currency(statement, name):
    """Return the currency of a statement that has a name; None when it has no such."""
    return next((table.currency for table in statement.tables if table.currency.name == name), None)


def _check_items(access, offer, errors):
    env = access.env
    if len(offer.items.currency_id) > 1:
        errors["form"] = env._("These invoices are in several currencies: answer for one currency at a time.")
    elif not offer.items or offer.currency.compare_amounts(offer.most, 0) <= 0:
        errors["form"] = env._(
            "Nothing is left of what you chose: it is paid, disputed, or in a payment plan. Go back and choose others."
        )


def _amount(access, offer, typed, errors):
    """Return the amount that a form says; what is wrong with it is added to `errors`."""
    currency = offer.currency
    amount = portal_amounts.read(access.env, typed.get("amount"), currency)
    fits = (
        amount is not None
        and currency
        and (currency.compare_amounts(amount, 0) > 0 >= currency.compare_amounts(amount, offer.most))
    )
    if not fits and "form" not in errors:
        words = access.env._(
            "Enter an amount above zero, and at most %(most)s.", most=format_amount(access.env, offer.most, currency)
        )
        errors["amount"] = portal_amounts.refusal(access.env, amount, currency, words)
    return amount


def _attempt(access, action):
    """Do something whole or not at all; what the engine refuses is told in its words."""
    try:
        with access.env.cr.savepoint():
            return action()
    except UserError as error:
        raise Refused(form=str(error)) from error
