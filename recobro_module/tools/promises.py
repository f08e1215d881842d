"""Verdicts on promises to pay (METRICS.md, "Promises kept"): which money keeps which promise, and what follows."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from odoo.tools import float_compare, float_is_zero


class Money(NamedTuple):
    """What of one payment is matched with one item: its day, and the amount in the item's currency."""

    day: date
    amount: float


class Promise(NamedTuple):
    """A promise as the verdict sees it.

    `before` is {item: {payment: what was matched with the item when the promise was made}}: its keys are its items. A
    payment is named by its journal entry.
    """

    key: int
    amount: float
    deadline: date
    before: dict


def allot(promises, matched):
    """Return {key of promise: what it received}, never more than was promised.

    Money counts that is dated on or before the deadline, as far as it was matched after the promise was made; the
    first promise takes first, and of several payments the one that no later promise could use. Promises that were
    withdrawn or superseded are not given, so they take nothing.

    :param promises: list of `Promise`, in the order in which they were made.
    :param matched: {item: {payment: `Money`}} as it is now. A payment that was undone is not in it.

    >>> march = lambda day: date(2026, 3, day)
    >>> first = Promise(1, 600.0, march(10), {"A": {}})
    >>> second = Promise(2, 600.0, march(20), {"A": {}})

    Two promises for one item, and one payment of 1 000:

    >>> allot([first, second], {"A": {7: Money(march(9), 1000.0)}})
    {1: 600.0, 2: 400.0}

    The payment comes after the first deadline, or is undone:

    >>> allot([first, second], {"A": {7: Money(march(11), 1000.0)}})
    {1: 0.0, 2: 600.0}
    >>> allot([first, second], {})
    {1: 0.0, 2: 0.0}

    What was matched before keeps nothing; matched late, with money of before the deadline, counts:

    >>> third = Promise(3, 600.0, march(20), {"A": {7: 400.0}})
    >>> allot([third], {"A": {7: Money(march(1), 1000.0)}})
    {3: 600.0}
    >>> allot([third], {"A": {7: Money(march(1), 400.0)}})
    {3: 0.0}

    The first promise leaves to the second what only the second could use:

    >>> both = Promise(4, 500.0, march(20), {"A": {}, "B": {}})
    >>> one = Promise(5, 500.0, march(20), {"A": {}})
    >>> allot([both, one], {"A": {7: Money(march(1), 500.0)}, "B": {8: Money(march(2), 500.0)}})
    {4: 500.0, 5: 500.0}
    """
    left = {(item, payment): money.amount for item, moneys in matched.items() for payment, money in moneys.items()}
    later = Counter(item for promise in promises for item in promise.before)
    received = {}
    for promise in promises:
        later.subtract(list(promise.before))
        missing = promise.amount
        usable = (
            (later[item], money.day, payment, item)
            for item in promise.before
            for payment, money in matched.get(item, {}).items()
            if money.day <= promise.deadline
        )
        for _later, _day, payment, item in sorted(usable):
            since = matched[item][payment].amount - promise.before[item].get(payment, 0.0)
            part = max(0.0, min(missing, left[item, payment], since))
            left[item, payment] -= part
            missing -= part
        received[promise.key] = promise.amount - missing
    return received


def verdict(state, amount, received, deadline, as_of, bank_day=None, wait_days=0, rounding=0.01):
    """Return the state of a promise on the day `as_of`: "open", "kept", "partly_kept" or "broken".

    Kept as soon as all was received. Else it is judged from the day after its deadline on, but one that is open
    waits, at most `wait_days` days, while the bank is not read up to the deadline.

    :param state: its state up to now.
    :param bank_day: the day of the last bank transaction; None when there is none.
    :param rounding: of its currency.

    >>> march = lambda day: date(2026, 3, day)
    >>> verdict("open", 500.0, 500.0, march(10), march(5))
    'kept'
    >>> verdict("open", 500.0, 200.0, march(10), march(10), march(10))
    'open'
    >>> verdict("open", 500.0, 200.0, march(10), march(11), march(10))
    'partly_kept'
    >>> verdict("open", 500.0, 0.0, march(10), march(12), march(9), wait_days=2)
    'open'
    >>> verdict("open", 500.0, 0.0, march(10), march(13), march(9), wait_days=2)
    'broken'
    >>> verdict("kept", 500.0, 0.0, march(10), march(11), march(9), wait_days=2)
    'broken'
    >>> verdict("kept", 500.0, 0.0, march(10), march(9))
    'open'
    """
    if float_compare(received, amount, precision_rounding=rounding) >= 0:
        return "kept"
    if as_of <= deadline:
        return "open"
    is_bank_read = bank_day is not None and bank_day >= deadline
    if state == "open" and not is_bank_read and as_of <= deadline + timedelta(days=wait_days):
        return "open"
    return "broken" if float_is_zero(received, precision_rounding=rounding) else "partly_kept"
