"""The days of the month on which a customer pays, as people write them: "5, 20"."""


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
