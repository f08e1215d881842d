"""Ageing of receivables: days past due and the bucket they fall in."""

from ..const import AGEING_BUCKETS


def days_past_due(due_date, as_of):
    """Return the natural days from `due_date` to `as_of` (dates); negative before the due date.

    >>> from datetime import date
    >>> days_past_due(date(2026, 3, 10), date(2026, 3, 15))
    5
    >>> days_past_due(date(2026, 3, 10), date(2026, 3, 10))
    0
    """
    return (as_of - due_date).days


def bucket(days):
    """Return the key of the ageing bucket of an item `days` past due; due today is not overdue.

    >>> [bucket(days) for days in (-3, 0, 1, 30, 31, 60, 61, 90, 91)]
    ['not_due', 'not_due', 'd1_30', 'd1_30', 'd31_60', 'd31_60', 'd61_90', 'd61_90', 'd90_plus']
    """
    for key, _label, _first, last in AGEING_BUCKETS:
        if last is None or days <= last:
            return key
    raise AssertionError("the last bucket has no upper edge")
