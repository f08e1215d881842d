"""Taking a promise: what the dialog proposes, what is refused, and what a promise that is taken leaves behind."""

from datetime import timedelta
from math import isfinite

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date, formatLang

from ..tools.pay_days import next_pay_day, parse_pay_days
from . import (
    alerts,
    clock,
    earlier_promises,
    holding,
    instalments,
    open_items,
    planning,
    policies,
    promises,
    turns,
    verdicts,
)

#: Days until the payment, of a customer without pay days.
_USUAL_DAYS = 7


def rules_of(env, company, partner):
    """Return the policy of a customer in sudo; of one that nobody chases, what a new policy would say."""
    return policies.of_customers(env, company, partner.ids).get(partner.id) or env["recobro.policy"].sudo().new({})


# -- what the dialog proposes -------------------------------------------------


def propose_items(env, company, partner, as_of, currency=None, move_ids=None):
    """Return the items that a promise of `partner` is likely about, all of one currency: that with the most overdue.

    What is overdue and not wholly held; when there is none, what is overdue and held by promises alone, with the other
    invoices of these promises, whose place a second one takes; else what falls due. Of given invoices, all that is open
    of them.

    :param currency: the only `res.currency` to look at; any when None.
    :param move_ids: ids of invoices to choose from; all when None.
    """
    items = open_items.meet(env, company, as_of, partner.ids)
    free = _free(env, company, as_of, items, apart_from=_open_promises(env, company, partner))
    rows = free_rows(env, company, partner, as_of, free, currency, move_ids)
    if move_ids is not None:
        return of_one_currency(items, rows)
    overdue = [row for row in rows if row["days_past_due"] > 0]
    unheld = [row for row in overdue if row["held_amount"] < row["open_amount"]]
    chosen = of_one_currency(items, unheld or overdue or rows)
    return chosen if unheld else _with_their_promises(chosen)


def free_rows(env, company, partner, as_of, free, currency=None, move_ids=None):
    """Return the verdicts on what of a customer an answer can be about.

    :param free: {item id: what of it is held by no other answer}; items that are not in it are left out.
    :param currency: the only `res.currency` to look at; any when None.
    :param move_ids: ids of invoices to choose from; all when None.
    """
    return [
        row
        for row in verdicts.judge(env, company, as_of, partner.ids)
        if free.get(row["item_id"])
        and not row["excluded"]
        and (not currency or row["currency_id"] == currency.id)
        and (move_ids is None or row["move_id"] in move_ids)
    ]


def of_one_currency(items, rows):
    """Return the items of some verdicts, those in the currency of which there is most."""
    sums = {}
    for row in rows:
        sums[row["currency_id"]] = sums.get(row["currency_id"], 0.0) + row["open_company"]
    most = max(sums, key=sums.get, default=None)
    return items.browse([row["item_id"] for row in rows if row["currency_id"] == most])


def _with_their_promises(items):
    """Return some items and the other open ones of the promises for them, and of the promises for these."""
    more = items | earlier_promises.still_open(earlier_promises.rivals(items))
    return items if more == items else _with_their_promises(more)


def propose_day(env, company, partner, as_of):
    """Return the day a promise is likely for: the customer's next pay day, else in a week; never too far."""
    last = as_of + timedelta(days=rules_of(env, company, partner).promise_max_days)
    # sudo: whoever may take a promise may know the customer's pay days
    pay_days = parse_pay_days(partner.sudo().recobro_pay_days)
    return min(next_pay_day(pay_days, as_of) or as_of + timedelta(days=_USUAL_DAYS), last)


def owed(env, company, as_of, items, in_addition=False):
    """Return what may be promised on some items: what is open of them and not held by other answers.

    :param in_addition: whether all the open promises on these items stand beside the new one.
    """
    return sum(free_parts(env, company, as_of, items, in_addition).values())


def free_parts(env, company, as_of, items, in_addition=False):
    """Return {item id: what of it may be promised}; see `owed`."""
    replaced = earlier_promises.replaced_by(items).ids if not in_addition else []
    return _free(env, company, as_of, items, apart_from=replaced)


def _free(env, company, as_of, items, apart_from):
    """Return {item id: what is open and held by no answer}, but for the promises with the ids `apart_from`."""
    holds = holding.holds_on(env, company, as_of, items.ids)
    others = [
        hold
        for hold in holds
        # Who collects it is one thing, what the customer answers about it another
        if hold["source_model"] != "recobro.placement"
        and (hold["source_model"] != "recobro.promise" or hold["source_id"] not in apart_from)
    ]
    return holding.free_amounts(items, others)


def _open_promises(env, company, partner):
    """Return the ids of the open promises of a customer."""
    domain = [("company_id", "=", company.id), ("partner_id", "=", partner.id), ("state", "=", "open")]
    return env["recobro.promise"].sudo().search(domain).ids


# -- taking it ----------------------------------------------------------------


def take(case, items, amount, day, in_addition=False, is_logged=False, **values):
    """Take a promise and return it, in sudo: it holds its items, takes the place of earlier ones, and is in the log.

    The right to act on the case is the caller's to check.

    :param items: `recobro.item`s of the customer, open, in one currency.
    :param amount: in that currency.
    :param in_addition: whether earlier open promises for the same items stand beside this one; those that are for
        other open items too do so anyway.
    :param is_logged: whether the caller leaves the line of the log itself, knowing more of the contact.
    :param values: of the promise: contact_id, channel, user_id, note.
    :raise UserError: with the reason, when it can't be accepted.
    """
    # sudo: promises, holds and items are the engine's; what is promised is checked below
    case = case.sudo()
    env, company = case.env, case.company_id
    as_of = clock.today(env, company)
    rules = rules_of(env, company, case.partner_id)
    items = items.sudo().with_env(env)
    turns.one_at_a_time(items)
    _check_day(env, rules, as_of, day)
    open_ones = open_items.meet(env, company, as_of, case.partner_id.ids)
    open_ones |= open_items.of_kind(env, company, case.partner_id.ids, open_items.INSTALMENT)
    _check_items(env, case, items, open_ones)
    if late := instalments.out_of_time(items, day):
        raise UserError(instalments.out_of_time_words(env, late))
    _check_amount(env, company, as_of, items, amount, in_addition)
    if earlier_promises.is_past_limit(env, rules, items):
        raise AccessError(past_limit_words(env, rules))
    replaced = env["recobro.promise"] if in_addition else earlier_promises.replaced_by(items)
    promise = env["recobro.promise"].create(
        {
            **values,
            **_prepare_vals(case, items, amount, day, as_of),
            "deadline": planning.deadline_of(company, rules.calendar_id, day, rules.promise_tolerance_days),
            "is_renegotiated": bool(replaced),
        }
    )
    holding.end(replaced._update_state(("open",), "superseded", superseded_by_id=promise.id))
    if not is_logged:
        env["recobro.interaction"]._log([interaction_vals(promise)])
    promises.settle(env, company, as_of, case.partner_id.ids)
    return promise


def _check_day(env, rules, as_of, day):
    last = as_of + timedelta(days=rules.promise_max_days)
    if not day or day < as_of:
        raise UserError(env._("A promise is for today or later: choose another day."))
    if day > last:
        raise UserError(
            env._(
                "The policy takes promises for %(days)s days ahead at most: choose a day until %(last)s.",
                days=rules.promise_max_days,
                last=format_date(env, last),
            )
        )


def _check_items(env, case, items, open_ones):
    if not items:
        raise UserError(env._("A promise is for something: choose at least one open invoice."))
    if items - open_ones:
        raise UserError(
            env._(
                "Only what %(customer)s still owes can be promised here: take paid invoices and those of others out.",
                customer=case.partner_id.display_name,
            )
        )
    if len(items.currency_id) > 1:
        raise UserError(env._("A promise is in one currency: take one promise for each."))


def _check_amount(env, company, as_of, items, amount, in_addition):
    currency = items.currency_id
    # What is no number at all is refused too: it compares with nothing
    if not isfinite(amount) or currency.compare_amounts(amount, 0) <= 0:
        raise UserError(env._("A promise of nothing is no promise: give its amount."))
    most = owed(env, company, as_of, items, in_addition)
    if currency.compare_amounts(amount, most) <= 0:
        return
    values = {
        "amount": formatLang(env, amount, currency_obj=currency),
        "owed": formatLang(env, most, currency_obj=currency),
    }
    standing = earlier_promises.rivals(items) - earlier_promises.replaced_by(items)
    if standing:
        raise UserError(
            env._(
                "%(amount)s is more than the %(owed)s that can be promised on these items: the promise of %(earlier)s "
                "stands. To put this one in its place, choose all its invoices.",
                earlier=earlier_promises.in_words(env, standing),
                **values,
            )
        )
    raise UserError(
        env._(
            "%(amount)s is more than the %(owed)s that can be promised on these items: what is disputed, on its "
            "way or promised already is not counted.",
            **values,
        )
    )


def _prepare_vals(case, items, amount, day, as_of):
    matched = promises.money_of(case.env, items.ids)
    return {
        "company_id": case.company_id.id,
        "partner_id": case.partner_id.id,
        "case_id": case.id,
        "currency_id": items.currency_id.id,
        "amount": items.currency_id.round(amount),
        "made_on": as_of,
        "date": day,
        "line_ids": [
            Command.create(
                {
                    "item_id": item.id,
                    "matched_before": {payment: money.amount for payment, money in matched.get(item.id, {}).items()},
                }
            )
            for item in items.sorted(lambda item: (item.due_date, item.id))
        ],
    }


def words(env, amount, currency, day):
    """Return what was promised, in a line for the log."""
    return env._(
        "Promised %(amount)s for %(day)s",
        amount=formatLang(env, amount, currency_obj=currency),
        day=format_date(env, day),
    )


def interaction_vals(promise):
    """Return the values of the line that a promise leaves in the log, in the language of its environment.

    It is incoming: the customer told us.
    """
    return {
        "company_id": promise.company_id.id,
        "partner_id": promise.partner_id.id,
        "case_id": promise.case_id.id,
        "contact_id": promise.contact_id.id,
        "channel": promise.channel or "note",
        "direction": "in",
        "result": "promised",
        "summary": words(promise.env, promise.amount, promise.currency_id, promise.date),
        "note": promise.note,
    }


# -- the manager --------------------------------------------------------------


def past_limit_words(env, rules):
    """Return why a collector may not take a further promise."""
    return env._(
        "%(count)s promises were made for these items already: a collections manager must take the next one.",
        count=rules.promise_limit,
    )


def ask_manager(case, currency, amount, day):
    """Leave to who answers for the policy an activity with a promise that a collector may not take."""
    # sudo: the activity is a colleague's; the right to act on the case was checked by the caller
    case = case.sudo()
    rules = rules_of(case.env, case.company_id, case.partner_id)
    owner = rules.user_id or alerts.owner_of(case)
    env = alerts.speaking_to(owner)
    case.activity_schedule(
        "recobro_module.activity_type_approve",
        date_deadline=clock.today(case.env, case.company_id),
        user_id=owner.id,
        summary=env._(
            "Promise of %(amount)s for %(day)s, asked by %(user)s",
            amount=formatLang(env, amount, currency_obj=currency),
            day=format_date(env, day),
            user=case.env.user.name,
        ),
        note=past_limit_words(env, rules),
        # What is automatic of this type goes when nothing planned waits for an approval any more; this stays
        automated=False,
    )
