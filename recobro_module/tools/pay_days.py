"""The days of the month on which a customer pays, as people write them: "5, 20"."""

from calendar import monthrange
from datetime import timedelta


def parse_pay_days(text):
    """Return the sorted days of the month in `text`; raise ValueError when one is not 1 to 31.

    >>> parse_pay_days("20, 5")
    [5, 20]
    >>> parse_pay_days("10 25")
    [10, 25]
    >>> parse_pay_days("")
    []
    >>> parse_pay_days("32")
    Traceback (most recent call last):
    ...
    ValueError: 32
    """
    days = set()
    for part in (text or "").replace(",", " ").replace(";", " ").split():
        if not part.isdigit() or not 1 <= int(part) <= 31:
            raise ValueError(part)
        days.add(int(part))
    return sorted(days)


def next_pay_day(days, after):
    """Return the first date after `after` that is one of the pay `days`, None when there are none.

    In a month without such a day its last day stands for it.

    >>> from datetime import date
    >>> next_pay_day([5, 20], date(2026, 3, 5))
    datetime.date(2026, 3, 20)
    >>> next_pay_day([5, 20], date(2026, 3, 20))
    datetime.date(2026, 4, 5)
    >>> next_pay_day([31], date(2026, 2, 3))
    datetime.date(2026, 2, 28)
    >>> next_pay_day([31], date(2026, 2, 28))
    datetime.date(2026, 3, 31)
    >>> next_pay_day([10], date(2026, 12, 15))
    datetime.date(2027, 1, 10)
    >>> next_pay_day([], date(2026, 3, 5))
    """
    following = (after.replace(day=1) + timedelta(days=31)).replace(day=1)
    for month in (after, following):
        length = monthrange(month.year, month.month)[1]
        for day in sorted(days):
            found = month.replace(day=min(day, length))
            if found > after:
                return found
    return None
