"""Verdicts on payment plans: which instalments were missed, and what that makes of the plan."""

from datetime import date, timedelta
from typing import NamedTuple


class Due(NamedTuple):
    """An instalment as the verdict sees it. `complete_on`: the day of the money that completed it.

    `is_complete` without a day: a credit note left nothing of it. `was_missed`: found so on an earlier day.
    """

    deadline: date
    is_complete: bool
    complete_on: date | None = None
    was_missed: bool = False
    is_covered: bool = False


def is_missed(due, as_of, bank_day=None, wait_days=0):
    """Return whether an instalment was not paid in time, as far as is known on the day `as_of`.

    It follows from the money alone, so what is found later to have been in time is missed no more. What was not missed
    up to now waits: while money that was received covers it, and, at most `wait_days` days, while the bank is not read
    up to the deadline.

    :param bank_day: the day of the last bank transaction; None when there is none.

    >>> march = lambda day: date(2026, 3, day)
    >>> is_missed(Due(march(10), False), march(10), march(10))
    False
    >>> is_missed(Due(march(10), False), march(11), march(10))
    True
    >>> is_missed(Due(march(10), True, march(10)), march(11)), is_missed(Due(march(10), True), march(11))
    (False, False)

    Paid late it was missed all the same:

    >>> is_missed(Due(march(10), True, march(11)), march(12))
    True

    Money is there but not matched; the bank is not read:

    >>> is_missed(Due(march(10), False, is_covered=True), march(20), march(20))
    False
    >>> is_missed(Due(march(10), False), march(12), march(9), wait_days=2)
    False
    >>> is_missed(Due(march(10), False), march(13), march(9), wait_days=2)
    True
    >>> is_missed(Due(march(10), False, was_missed=True, is_covered=True), march(11), march(9), wait_days=2)
    True
    """
    if due.is_complete:
        return due.complete_on is not None and due.complete_on > due.deadline
    if as_of <= due.deadline:
        return False
    if due.was_missed:
        return True
    is_bank_read = bank_day is not None and bank_day >= due.deadline
    return not due.is_covered and (is_bank_read or as_of > due.deadline + timedelta(days=wait_days))


def plan_state(missed, limit, is_complete, is_to_the_day=False):
    """Return what a plan in force is: "broken" after `limit` missed instalments, else "finished" or "active".

    One that is paid in full is finished, however late, unless it is kept `is_to_the_day` or not at all: a settlement,
    whose discount hangs on it, and a plan that was found broken before.

    >>> plan_state(0, 1, False), plan_state(1, 1, False), plan_state(1, 2, True)
    ('active', 'broken', 'finished')
    >>> plan_state(1, 1, True), plan_state(1, 1, True, is_to_the_day=True)
    ('finished', 'broken')
    """
    if missed >= limit and (is_to_the_day or not is_complete):
        return "broken"
    return "finished" if is_complete else "active"


def instalment_state(plan, is_complete, missed):
    """Return the state of an instalment of a plan in force or ended.

    >>> instalment_state("active", False, True), instalment_state("broken", False, False)
    ('missed', 'over')
    >>> instalment_state("broken", True, True), instalment_state("active", False, False)
    ('paid', 'open')
    """
    if is_complete:
        return "paid"
    if missed:
        return "missed"
    return "open" if plan == "active" else "over"
