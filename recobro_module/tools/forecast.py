"""A forecast of cash by week, and how far it was from what came."""


def week_of(day, as_of):
    """Return the number of the week after `as_of` in which a day is, from 0; a day that has passed is in the first.

    >>> from datetime import date
    >>> [week_of(date(2026, 3, day), date(2026, 3, 1)) for day in (1, 2, 8, 9, 15, 16)]
    [0, 0, 0, 1, 1, 2]
    >>> week_of(date(2026, 2, 1), date(2026, 3, 1))
    0
    """
    return max((day - as_of).days - 1, 0) // 7


def weighted_error(expected, came):
    """Return Σ |expected − came| / Σ came over some weeks, a share; None when nothing came.

    >>> weighted_error([100, 100], [50, 150])
    0.5
    >>> weighted_error([100], [0]) is None
    True
    """
    total = sum(came)
    if total <= 0:
        return None
    return sum(abs(one - other) for one, other in zip(expected, came, strict=True)) / total
