"""The clock of a service level: how much of it is used up, and when it will be.

Working time is a list of intervals (start, stop), sorted and without overlaps, of `datetime`s of one time zone.
"""

from datetime import timedelta

_HOUR = timedelta(hours=1)


def subtract(intervals, removed):
    """Return `intervals` without what `removed` covers; neighbours that touch are joined.

    >>> from datetime import datetime
    >>> def at(day, hour=0): return datetime(2026, 3, day, hour)
    >>> subtract([(at(2), at(3)), (at(3), at(5))], [(at(3), at(4))])  # doctest: +NORMALIZE_WHITESPACE
    [(datetime.datetime(2026, 3, 2, 0, 0), datetime.datetime(2026, 3, 3, 0, 0)),
     (datetime.datetime(2026, 3, 4, 0, 0), datetime.datetime(2026, 3, 5, 0, 0))]
    >>> subtract([(at(2), at(3)), (at(3), at(5))], [])
    [(datetime.datetime(2026, 3, 2, 0, 0), datetime.datetime(2026, 3, 5, 0, 0))]
    """
    left = []
    for start, stop in intervals:
        for away_from, away_until in sorted(removed):
            if away_until <= start or away_from >= stop:
                continue
            if away_from > start:
                left.append((start, away_from))
            start = away_until
        if start < stop:
            left.append((start, stop))
    return _joined(left)


def _joined(intervals):
    joined = []
    for start, stop in intervals:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(stop, joined[-1][1]))
        else:
            joined.append((start, stop))
    return joined


def elapsed(intervals, start, stop, pauses=()):
    """Return the hours of working time between two moments, less the `pauses` [(from, until)] in it.

    >>> from datetime import datetime
    >>> def at(day, hour=0): return datetime(2026, 3, day, hour)
    >>> week = [(at(2), at(7)), (at(9), at(14))]

    From Friday noon to Monday noon a weekend passes, which does not count:

    >>> elapsed(week, at(6, 12), at(9, 12))
    24.0

    Nor does the time in which we wait for somebody else, but its weekend is not taken off twice:

    >>> elapsed(week, at(6, 12), at(10), pauses=[(at(6, 18), at(9, 6))])
    24.0
    """
    pieces = subtract([(start, stop)], pauses) if start < stop else []
    worked = sum(
        (max(min(until, end) - max(begin, since), timedelta()) for since, until in pieces for begin, end in intervals),
        timedelta(),
    )
    return worked / _HOUR


def moment_after(intervals, start, hours):
    """Return the moment at which `hours` of working time since `start` are used up; None when `intervals` end before.

    >>> from datetime import datetime
    >>> def at(day, hour=0): return datetime(2026, 3, day, hour)
    >>> week = [(at(2), at(7)), (at(9), at(14))]
    >>> moment_after(week, at(5, 10), 72)
    datetime.datetime(2026, 3, 10, 10, 0)

    A day that starts with the clock is that day's end, not the next one's start:

    >>> moment_after(week, at(4), 72)
    datetime.datetime(2026, 3, 7, 0, 0)
    >>> moment_after(week, at(9), 24 * 6) is None
    True
    """
    left = timedelta(hours=hours)
    for begin, end in intervals:
        since = max(begin, start)
        if end <= since:
            continue
        if left <= end - since:
            return since + left
        left -= end - since
    return None
