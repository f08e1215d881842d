"""Instalments of a payment plan: when each falls due, how much it is, and which of them money has filled."""

from datetime import date, timedelta
from math import ceil
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from odoo.tools import float_compare, float_is_zero, float_round

from .pay_days import next_pay_day

#: The time from one instalment to the next.
RHYTHMS = {
    "weekly": relativedelta(weeks=1),
    "fortnightly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
}
#: More would be no plan but a typing error.
MAX_INSTALMENTS = 600


class Instalment(NamedTuple):
    """One payment of a plan: the day it falls due, and its amount in the plan's currency."""

    due: date
    amount: float


class Filled(NamedTuple):
    """What of an instalment has come in, and the day of the money that completed it; None while it is not complete."""

    amount: float
    complete_on: date | None


def schedule(total, first_day, rhythm, count, down_payment=0.0, remainder="last", rounding=0.01, pay_days=()):
    """Return the list of `Instalment`s that pay `total`, in order.

    A down payment is the first of them, on the first day; the others begin one rhythm later. What can't be divided is
    in the first or the last of the equal ones.

    :param count: number of equal instalments, the down payment not counted; at least 1.
    :param remainder: "first" or "last".
    :param rounding: smallest unit of the currency.
    :param pay_days: days of the month on which the customer pays: monthly instalments wait for the next of them.

    >>> [i.amount for i in schedule(100, date(2026, 1, 31), "monthly", 3)]
    [33.33, 33.33, 33.34]
    >>> [i.amount for i in schedule(100, date(2026, 1, 31), "monthly", 3, remainder="first")]
    [33.34, 33.33, 33.33]
    >>> [i.amount for i in schedule(1000, date(2026, 1, 31), "monthly", 3, rounding=1)]
    [333.0, 333.0, 334.0]

    The end of a month is the end of every month:

    >>> [str(i.due) for i in schedule(100, date(2026, 1, 31), "monthly", 4)]
    ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']
    >>> [str(i.due) for i in schedule(100, date(2026, 1, 31), "fortnightly", 3)]
    ['2026-01-31', '2026-02-14', '2026-02-28']

    A down payment:

    >>> [(str(i.due), i.amount) for i in schedule(1000, date(2026, 3, 5), "weekly", 2, down_payment=400)]
    [('2026-03-05', 400.0), ('2026-03-12', 300.0), ('2026-03-19', 300.0)]

    The customer pays on the 10th and the 25th:

    >>> [str(i.due) for i in schedule(100, date(2026, 1, 20), "monthly", 3, pay_days=[10, 25])]
    ['2026-01-25', '2026-02-25', '2026-03-25']
    """
    step = RHYTHMS[rhythm]
    amounts = _shares(total - down_payment, count, remainder, rounding)
    if down_payment:
        amounts.insert(0, float_round(down_payment, precision_rounding=rounding))
    days = [first_day + step * number for number in range(len(amounts))]
    if pay_days and rhythm == "monthly":
        days = [next_pay_day(pay_days, day - timedelta(days=1)) for day in days]
    return [Instalment(day, amount) for day, amount in zip(days, amounts, strict=True)]


def count_of(total, each, down_payment=0.0, rounding=0.01):
    """Return how many instalments of `each` pay `total` after a down payment; the last one may be smaller.

    >>> count_of(1000, 300)
    4
    >>> count_of(1000, 300, down_payment=400)
    2
    >>> count_of(0.3, 0.1)
    3
    """
    parts = (total - down_payment) / each
    whole = round(parts)
    if float_is_zero((parts - whole) * each, precision_rounding=rounding):
        return whole
    return ceil(parts)


def schedule_of_each(total, first_day, rhythm, each, down_payment=0.0, remainder="last", rounding=0.01, pay_days=()):
    """Return the list of `Instalment`s of `each` that pay `total`; what is left is the first or the last of them.

    >>> [i.amount for i in schedule_of_each(1000, date(2026, 1, 31), "monthly", 300)]
    [300.0, 300.0, 300.0, 100.0]
    >>> [i.amount for i in schedule_of_each(1000, date(2026, 1, 31), "monthly", 300, 100, remainder="first")]
    [100.0, 300.0, 300.0, 300.0]
    """
    count = count_of(total, each, down_payment, rounding)
    equal = schedule(total, first_day, rhythm, count, down_payment, remainder, rounding, pay_days)
    head = 1 if down_payment else 0
    rest = float_round(total - down_payment - each * (count - 1), precision_rounding=rounding)
    amounts = [float_round(each, precision_rounding=rounding)] * (count - 1)
    amounts.insert(0 if remainder == "first" else len(amounts), rest)
    return equal[:head] + [Instalment(known.due, amount) for known, amount in zip(equal[head:], amounts, strict=True)]


def _shares(total, count, remainder, rounding):
    """Return `count` equal amounts, in units of the currency, that add up to `total`."""
    share = float_round(float(total) / count, precision_rounding=rounding, rounding_method="DOWN")
    rest = float_round(total - share * (count - 1), precision_rounding=rounding)
    shares = [float(share)] * (count - 1)
    shares.insert(0 if remainder == "first" else len(shares), rest)
    return shares


def lower(amounts, reduction):
    """Return the `amounts` of instalments after a reduction of the debt: it takes from the last one first.

    A credit note makes the plan shorter; the next payment stays what was agreed.

    >>> lower([100.0, 100.0, 100.0], 150.0)
    [100.0, 50.0, 0.0]
    >>> lower([100.0], 0.0)
    [100.0]
    """
    lowered = []
    for amount in reversed(amounts):
        part = min(amount, max(0.0, reduction))
        reduction -= part
        lowered.insert(0, amount - part)
    return lowered


def fill(amounts, money, rounding=0.01):
    """Return what of each instalment has come in, as a list of `Filled`: money fills the first one first.

    :param amounts: what the instalments are, in order.
    :param money: list of (day, amount); what came first fills first.

    >>> march = lambda day: date(2026, 3, day)
    >>> filled = fill([100.0, 100.0, 100.0], [(march(20), 80.0), (march(5), 50.0)])
    >>> [(part.amount, str(part.complete_on)) for part in filled]
    [(100.0, '2026-03-20'), (30.0, 'None'), (0.0, 'None')]
    >>> fill([0.0, 50.0], [])[0].complete_on is None
    True
    """
    shares = share(amounts, [(day, amount, number) for number, (day, amount) in enumerate(money)], rounding)
    filled = []
    for wanted, parts in zip(amounts, shares, strict=True):
        total = float_round(sum(part for _day, part, _number in parts), precision_rounding=rounding)
        is_complete = parts and float_compare(total, wanted, precision_rounding=rounding) >= 0
        filled.append(Filled(total, parts[-1][0] if is_complete else None))
    return filled


def share(amounts, money, rounding=0.01):
    """Return which money has come in for each instalment, a list of [(day, amount, payment)]; see `fill`.

    :param money: list of (day, amount, payment).

    >>> march = lambda day: date(2026, 3, day)
    >>> shared = share([100.0, 100.0], [(march(20), 80.0, 7), (march(5), 50.0, 8)])
    >>> [[(part, payment) for _day, part, payment in parts] for parts in shared]
    [[(50.0, 8), (50.0, 7)], [(30.0, 7)]]
    """
    shares, missing = [[] for _amount in amounts], list(amounts)
    place = 0
    for day, amount, payment in sorted(money):
        left = amount
        while place < len(amounts) and float_compare(left, 0, precision_rounding=rounding) > 0:
            part = min(left, missing[place])
            if part > 0:
                shares[place].append((day, part, payment))
            missing[place] -= part
            left -= part
            if not float_is_zero(missing[place], precision_rounding=rounding):
                break
            place += 1
    return shares
