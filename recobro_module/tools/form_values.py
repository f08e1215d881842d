"""What people type into forms, read strictly: a number, a day, a count, a text; nothing that is none of these."""

import re
from datetime import date

#: No sign of its own, no exponent, no name of something that is no number. Groups of two are India's.
_PLAIN = re.compile(r"(\d{1,12})(?:([.,])(\d{1,6}))?")
_GROUPED = re.compile(r"(\d{1,3}([.,' ])(?:\d{2,3}\2)*\d{3})(?:([.,])(\d{1,6}))?")
#: Spaces and apostrophes of other widths and shapes, as locales write them between thousands.
_SAME_SIGNS = str.maketrans("\u00a0\u202f\u2009\u2019", "   '")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def amount(text, thousands=",", digits=2):
    """Return the amount that a text says, None when it says none, or could be read as two.

    What can only be one amount is taken in any locale's form. One sign before three digits is the question: it parts
    thousands where the reader's locale says so, and decimals only where the currency has three of them.

    :param thousands: what parts thousands in the reader's locale.
    :param digits: decimals of the currency.

    >>> [amount(text) for text in ("1234.5", " 1234,50 ", "0", "1,234", "1,234.50", "1.234,50", "1,00,000")]
    [1234.5, 1234.5, 0.0, 1234.0, 1234.5, 1234.5, 100000.0]
    >>> [amount(text, thousands=".") for text in ("1.234", "2.600,00", "2600,00", "2600.00", "1,234.50")]
    [1234.0, 2600.0, 2600.0, 2600.0, 1234.5]
    >>> amount("1.234", digits=3), amount("1\u202f234,50", thousands="\u202f"), amount("1\u2019234.50")
    (1.234, 1234.5, 1234.5)
    >>> [amount(text) for text in ("1.234", "12345,678", "1.2345", "1,23,4", "1.234.5", "1,234,5", "1,2,3")]
    [None, None, None, None, None, None, None]
    >>> [amount(text) for text in ("", None, "-5", "nan", "inf", "1e18", "9" * 13, "٣", "1,234,567,890,123")]
    [None, None, None, None, None, None, None, None, None]
    """
    text, thousands = (text or "").strip().translate(_SAME_SIGNS), (thousands or "").translate(_SAME_SIGNS)
    if not text.isascii():
        return None
    grouped = _GROUPED.fullmatch(text)
    if grouped and _parts_thousands(grouped, thousands):
        whole, _sign, _point, decimals = grouped.groups()
    elif plain := _PLAIN.fullmatch(text):
        whole, _point, decimals = plain.groups()
    else:
        return None
    whole = re.sub(r"\D", "", whole)
    if len(whole) > 12 or len(decimals or "") > max(digits, 2):
        return None
    return float(f"{whole}.{decimals or 0}")


def _parts_thousands(grouped, thousands):
    """Return whether the sign in a grouped number can only part thousands, or does so in the reader's locale."""
    whole, sign, point, _decimals = grouped.groups()
    return sign != point and (whole.count(sign) > 1 or bool(point) or sign in ("'", " ", thousands))


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
