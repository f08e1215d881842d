"""When somebody can be reached who has told their hours: plain datetimes of their own clock."""

from datetime import datetime, time, timedelta


def next_reachable(now, hour_from, hour_to, working_days):
    """Return the first moment from `now` on at which somebody can be reached; `now` itself within their hours.

    :param now: naive datetime of their clock.
    :param hour_from: hours of the day as a number, such as 9.5; 0: from midnight on.
    :param hour_to: the same; 0: until midnight.
    :param working_days: days on which something may go out, besides today, in order; without any, the next day.

    >>> days = [datetime(2026, 3, 2).date(), datetime(2026, 3, 3).date()]
    >>> str(next_reachable(datetime(2026, 3, 2, 8, 0), 9.5, 13, days))
    '2026-03-02 09:30:00'
    >>> str(next_reachable(datetime(2026, 3, 2, 10, 15), 9.5, 13, days))
    '2026-03-02 10:15:00'
    >>> str(next_reachable(datetime(2026, 3, 2, 13, 0), 9.5, 13, days))
    '2026-03-03 09:30:00'
    >>> str(next_reachable(datetime(2026, 3, 2, 20, 0), 0, 18, []))
    '2026-03-03 00:00:00'
    >>> str(next_reachable(datetime(2026, 3, 2, 20, 0), 0, 0, days))
    '2026-03-02 20:00:00'
    """
    today = now.date()
    if now < _at(today, hour_from):
        return _at(today, hour_from)
    if not hour_to or now < _at(today, hour_to):
        return now
    later = (day for day in working_days if day > today)
    return _at(next(later, today + timedelta(days=1)), hour_from)


def _at(day, hour):
    return datetime.combine(day, time.min) + timedelta(minutes=round(hour * 60))
