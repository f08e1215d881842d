"""A ledger as a file: one invoice a row, checked from the first line to the last before anything is done with it."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

COLUMNS = ("customer", "country", "invoice", "invoice_date", "due_date", "amount", "disputed", "settled_date")
#: Mistakes that are told at once; a file that is wrong throughout is not listed line by line.
MISTAKES_SHOWN = 10


class ReplayError(Exception):
    """What was asked for can't be replayed: the text says what is wrong, and where."""


@dataclass(frozen=True)
class Invoice:
    """One row of the ledger. `settled` is the day it was paid in full, or None while it isn't."""

    customer: str
    country: str
    number: str
    invoiced: date
    due: date
    amount: Decimal
    disputed: bool
    settled: date | None


def read_ledger(path):
    """Return the invoices of the ledger at `path` by date; raise ReplayError with its mistakes, by line and column."""
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = _Rows(csv.reader(file, strict=True))
            rows.read()
    except OSError as error:
        raise ReplayError(f"The ledger {path} can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReplayError(f"The ledger {path} can't be read: it is not UTF-8 text.") from error
    if rows.mistakes:
        raise ReplayError(_tell(path, rows.mistakes))
    return sorted(rows.invoices, key=lambda invoice: invoice.invoiced)


def read_days(first, last):
    """Return two texts as the first and the last day; raise ReplayError when they are not days in order."""
    try:
        days = [parse_day(text) for text in (first, last)]
    except ValueError as error:
        raise ReplayError(f"A replay needs its first and its last day: {error}.") from error
    if days[0] > days[1]:
        raise ReplayError(f"The first day, {first}, lies after the last, {last}.")
    return days


def parse_day(text):
    """Return the date of a text such as 2012-01-31.

    >>> parse_day("2012-02-29")
    datetime.date(2012, 2, 29)
    >>> parse_day("20120229")
    Traceback (most recent call last):
    ...
    ValueError: “20120229” is not a day such as 2012-01-31
    """
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"“{text}” is not a day such as 2012-01-31")


def parse_amount(text):
    """Return the Decimal of an invoice total.

    >>> parse_amount("97.6")
    Decimal('97.6')
    >>> parse_amount("1,097.60")
    Traceback (most recent call last):
    ...
    ValueError: “1,097.60” is not an amount such as 1097.60
    """
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d{1,2})?", text, re.ASCII):
        raise ValueError(f"“{text}” is not an amount such as 1097.60")
    if Decimal(text) <= 0:
        raise ValueError(f"“{text}” is not above zero")
    return Decimal(text)


def parse_choice(text):
    """Return whether a text is yes; anything but yes and no is a ValueError."""
    if text not in ("yes", "no"):
        raise ValueError(f"“{text}” is neither yes nor no")
    return text == "yes"


def parse_country(text):
    """Return the numeric code of a country; it may be missing."""
    if text and not text.isdecimal():
        raise ValueError(f"“{text}” is not a numeric code")
    return text


def parse_text(text):
    """Return a text that must be there."""
    if not text:
        raise ValueError("it is empty")
    return text


_PARSERS = {
    "customer": parse_text,
    "country": parse_country,
    "invoice": parse_text,
    "invoice_date": parse_day,
    "due_date": parse_day,
    "amount": parse_amount,
    "disputed": parse_choice,
    "settled_date": lambda text: parse_day(text) if text else None,
}


def _tell(path, mistakes):
    shown = "".join(f"\n  {mistake}" for mistake in mistakes[:MISTAKES_SHOWN])
    more = len(mistakes) - MISTAKES_SHOWN
    rest = f"\n  … and {more} more" if more > 0 else ""
    return f"The ledger {path} is malformed; nothing was loaded.{shown}{rest}"


class _Rows:
    """The rows of a CSV reader, as invoices and mistakes."""

    def __init__(self, reader):
        self.reader = reader
        self.invoices = []
        self.mistakes = []
        self.places = {}
        self.first_lines = {}

    def read(self):
        """Read the header, and the rows when it is right."""
        try:
            self._read_header(next(self.reader, []))
            if not self.mistakes:
                for cells in filter(None, self.reader):
                    self._read_row([cell.strip() for cell in cells])
        except csv.Error as error:
            self.mistakes.append(f"line {self.reader.line_num}: {error}")

    def _read_header(self, names):
        names = [name.strip() for name in names]
        self.places = {name: place for place, name in enumerate(names)}
        self.width = len(names)
        for name in COLUMNS:
            if names.count(name) != 1:
                many = "there more than once" if name in names else "missing"
                self.mistakes.append(f"line 1: the column {name} is {many}")

    def _read_row(self, cells):
        if len(cells) != self.width:
            place = min(len(cells), self.width) + 1
            why = "it is missing" if len(cells) < self.width else f"the first line has only {self.width} columns"
            self.mistakes.append(f"line {self.reader.line_num}, column {place}: {why}")
            return
        before = len(self.mistakes)
        values = {name: self._parse(name, cells[self.places[name]]) for name in COLUMNS}
        if len(self.mistakes) == before:
            self._check_order(values)
            self._check_number(values["invoice"])
            self.invoices.append(Invoice(*values.values()))

    def _parse(self, name, text):
        try:
            return _PARSERS[name](text)
        except ValueError as error:
            return self._refuse(name, error)

    def _check_order(self, values):
        for name in ("due_date", "settled_date"):
            if values[name] and values[name] < values["invoice_date"]:
                self._refuse(name, f"{values[name]} lies before the invoice_date, {values['invoice_date']}")

    def _check_number(self, number):
        first = self.first_lines.setdefault(number, self.reader.line_num)
        if first != self.reader.line_num:
            self._refuse("invoice", f"“{number}” is on line {first} too")

    def _refuse(self, name, why):
        self.mistakes.append(f"line {self.reader.line_num}, column {self.places[name] + 1} ({name}): {why}")
