"""What a payment plan says before it is one: its terms, the schedule they make, and what is wrong with them."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite

from odoo.tools import formatLang

from ...const import PLAN_HOLDING
from ...tools import instalments
from ...tools.pay_days import next_pay_day, parse_pay_days
from .. import holding, promising


@dataclass(frozen=True)
class Terms:
    """What a plan says before it is one. All amounts are in the currency of the items."""

    items: object
    first_day: date
    rhythm: str = "monthly"
    count: int = 3
    each: float = 0.0
    down_payment: float = 0.0
    discount: float = 0.0


def rules_of(env, company, partner):
    """Return the policy of a customer in sudo; of one that nobody chases, what a new policy would say."""
    return promising.rules_of(env, company, partner)


def terms_of(plan):
    """Return the `Terms` of a plan."""
    return Terms(
        items=plan.line_ids.item_id,
        first_day=plan.first_date,
        rhythm=plan.rhythm,
        count=plan.instalment_count,
        each=plan.instalment_amount,
        down_payment=plan.down_payment,
        discount=plan.discount,
    )


def rules_frozen(plan):
    """Return the values of a plan (in sudo) that keep what its policy says of late payments from changing it later.

    A settlement is kept to the day, and is broken by the first payment that is not.
    """
    rules = rules_of(plan.env, plan.company_id, plan.partner_id)
    if plan.is_settlement:
        return {"tolerance_days": 0, "missed_limit": 1}
    return {"tolerance_days": rules.plan_tolerance_days, "missed_limit": rules.plan_missed_limit}


def owed(env, company, as_of, items):
    """Return what of some items may be in a plan: open, and held by no other answer but promises, which it replaces."""
    return sum(free_parts(env, company, as_of, items).values())


def free_parts(env, company, as_of, items):
    """Return {item id: what of it may be in a plan}."""
    still_open = items.filtered(lambda item: item.state == "open")
    holds = holding.holds_on(env, company, as_of, still_open.ids)
    others = [hold for hold in holds if hold["source_model"] not in ("recobro.promise", "recobro.placement")]
    free = holding.free_amounts(still_open, others)
    return {item.id: item.currency_id.round(free[item.id]) for item in still_open}


def lines_on(items):
    """Return the `recobro.payment.plan.line`s, in sudo, for some of `items` of plans proposed or in force."""
    # sudo: a plan counts whoever asks, also one made by colleagues of a branch
    lines = items.env["recobro.payment.plan.line"].sudo()
    return lines.search([("item_id", "in", items.ids), ("plan_id.state", "in", PLAN_HOLDING)])


def preview(env, company, partner, as_of, terms):
    """Return the schedule that some terms make, a list of `tools.instalments.Instalment`; empty when they make none."""
    if len(terms.items.currency_id) != 1:
        return []
    amount = owed(env, company, as_of, terms.items)
    if wrong_amounts(env, terms, amount) or wrong_days(env, as_of, terms):
        return []
    return _schedule(rules_of(env, company, partner), partner, terms, amount - terms.discount)


def _schedule(rules, partner, terms, total):
    """Return the instalments of terms that make some; none of them is empty, or there are none."""
    values = {
        "total": total,
        "first_day": terms.first_day,
        "rhythm": terms.rhythm,
        "down_payment": terms.down_payment,
        "remainder": rules.plan_remainder,
        "rounding": terms.items.currency_id.rounding,
        "pay_days": _pay_days(partner, terms.first_day),
    }
    if terms.each:
        found = instalments.schedule_of_each(each=terms.each, **values)
    else:
        found = instalments.schedule(count=terms.count, **values)
    return found if all(terms.items.currency_id.compare_amounts(one.amount, 0) > 0 for one in found) else []


def _pay_days(partner, first_day):
    """Return the pay days of a customer when the first day is one of them: a person who chose another day meant it."""
    # sudo: whoever may agree on a plan may know the customer's pay days
    days = parse_pay_days(partner.sudo().recobro_pay_days)
    return days if next_pay_day(days, first_day - timedelta(days=1)) == first_day else []


def wrong_amounts(env, terms, amount):
    """Return what is wrong with the amounts of some terms about a debt of `amount`; empty when they fit."""
    currency = terms.items.currency_id
    numbers = (terms.each, terms.down_payment, terms.discount, terms.count)
    # What is no number at all compares with nothing
    if not all(isfinite(number) and number >= 0 for number in numbers):
        return env._("Amounts of a payment plan can't be negative: correct them.")
    if currency.compare_amounts(amount, 0) <= 0:
        return env._(
            "Nothing of these invoices can be in a plan: what is disputed, on its way or in another plan is not "
            "counted."
        )
    values = {"amount": formatLang(env, amount, currency_obj=currency)}
    if currency.compare_amounts(terms.discount, amount) >= 0:
        return env._("The discount must be smaller than the %(amount)s that the plan is about.", **values)
    rest = amount - terms.discount - terms.down_payment
    if currency.compare_amounts(rest, 0) <= 0:
        return env._(
            "The down payment must be smaller than what is to be paid. To have it all paid at once, choose one "
            "instalment and no down payment."
        )
    return _wrong_count(env, terms, rest)


def _wrong_count(env, terms, rest):
    """Return what is wrong with the number of instalments, or the amount of each, that pay `rest`."""
    most = instalments.MAX_INSTALMENTS
    if not terms.each:
        if 1 <= terms.count <= most:
            return ""
        return env._("A payment plan has 1 to %(most)s instalments: correct their number.", most=most)
    if terms.items.currency_id.compare_amounts(terms.each, rest) > 0:
        return env._(
            "The amount of each instalment can be %(rest)s at most: what is left to pay after discount and down "
            "payment.",
            rest=formatLang(env, rest, currency_obj=terms.items.currency_id),
        )
    if instalments.count_of(rest, terms.each, rounding=terms.items.currency_id.rounding) > most:
        return env._("Instalments this small would be more than %(most)s: choose a larger amount.", most=most)
    return ""


def wrong_days(env, as_of, terms):
    if not terms.first_day or terms.first_day < as_of:
        return env._("The first payment is today or later: choose another day.")
    if terms.rhythm not in instalments.RHYTHMS:
        return env._("Choose how often an instalment is paid: every week, every two weeks or every month.")
    return ""
