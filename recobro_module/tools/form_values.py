"""What people type into forms, read strictly: a number, a day, a count, a text; nothing that is none of these."""

import re
from datetime import date

#: Digits, and at most one sign for decimals: no sign of its own, no exponent, no name of something that is no number.
_AMOUNT = re.compile(r"\d{1,12}(?:[.,]\d{1,6})?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def amount(text):
    """Return the amount that a text says, None when it says none.

    >>> amount("1234.5"), amount(" 1234,50 "), amount("0")
    (1234.5, 1234.5, 0.0)
    >>> [amount(text) for text in ("", None, "-5", "nan", "inf", "1e18", "1.234,50", "9" * 13, "٣")]
    [None, None, None, None, None, None, None, None, None]
    """
    text = (text or "").strip()
    return float(text.replace(",", ".")) if text.isascii() and _AMOUNT.fullmatch(text) else None


def day(text):
    """Return the day that a text of a date field says, None when it says none.

    >>> day("2026-03-02")
    datetime.date(2026, 3, 2)
    >>> [day(text) for text in ("", None, "2026-02-30", "0000-01-01", "2.3.2026", "20260302", "2026-03-02T00:00")]
    [None, None, None, None, None, None, None]
    """
    if not _DAY.fullmatch(text or ""):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def count(text, most):
    """Return the whole number from 1 to `most` that a text says, None when it says none.

    >>> count("3", 12), count("12", 12)
    (3, 12)
    >>> [count(text, 12) for text in ("0", "13", "-1", "3.0", "", None, "three", "²")]
    [None, None, None, None, None, None, None, None]
    """
    text = (text or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) < 4):
        return None
    return int(text) if 1 <= int(text) <= most else None


def words(text, most):
    """Return a text as it can be stored: without what no text has, and not longer than `most`.

    >>> words("  Two are\\r\\nmissing \\x00\\x07", 100)
    'Two are\\nmissing'
    >>> words("abcdef", 3), words(None, 3)
    ('abc', '')
    """
    text = (text or "").replace("\r\n", "\n")
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).strip()[:most]
