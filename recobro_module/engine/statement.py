"""What a customer owes, as a message, a letter or the portal shows it: instalment by instalment, per currency."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from . import verdicts


@dataclass(frozen=True)
class Held:
    """A part of an item that one answer, or a pause, keeps from being asked for.

    `reference` names the answer to the customer; `expected` is the day it is to be paid, or None.
    """

    reason: str
    amount: float
    reference: str
    expected: date | None


@dataclass(frozen=True)
class StatementLine:
    """One open item: what is open, what is held apart, what is asked for, in the currency of its table."""

    line_id: int
    move_id: int
    item_id: int | None
    name: str
    reference: str
    instalment: int
    instalment_count: int
    due_date: object
    days_past_due: int
    open: float
    held: float
    holds: tuple
    chased: float
    climbs: bool

    @property
    def is_instalment(self):
        """Return whether it is an instalment of a payment plan; the invoices of the plan are lines of their own."""
        return self.line_id < 0

    @property
    def is_overdue(self):
        """Return whether the due date has passed; due today is not overdue."""
        return self.days_past_due > 0


@dataclass
class StatementTable:
    """The items of one currency, with their sums. `credit` is what was received and is not matched yet."""

    currency: object
    lines: list = field(default_factory=list)
    open: float = 0.0
    overdue: float = 0.0
    held: float = 0.0
    chased: float = 0.0

    @property
    def credit(self):
        """Return what was received and covers these items, so that open − held − credit = chased."""
        return self.currency.round(self.open - self.held - self.chased)


@dataclass
class Statement:
    """The account of one customer on a day: a table a currency, and a fingerprint that changes with any amount."""

    as_of: object
    tables: list
    fingerprint: str
    by_item: dict
    net_company: float

    @property
    def lines(self):
        """Return all lines, whatever the currency."""
        return [line for table in self.tables for line in table.lines]

    @property
    def oldest_days(self):
        """Return the days past due of the oldest item that is still asked for (0 when there is none)."""
        return max((line.days_past_due for line in self.lines if line.chased), default=0)

    @property
    def has_overdue(self):
        """Return whether something that is asked for is past its due date."""
        return any(line.is_overdue and line.chased for line in self.lines)

    @property
    def has_held(self):
        """Return whether something is set apart: disputed, promised, paused."""
        return any(table.held for table in self.tables)


def statements(env, company, as_of, climbing):
    """Return {partner id: Statement} for some customers, from one verdict.

    :param climbing: {partner id: set of ids of `recobro.item` that climb by the message at hand}.
    """
    rows = defaultdict(list)
    for row in verdicts.judge(env, company, as_of, list(climbing)):
        rows[row["partner_id"]].append(row)
    return {partner: _statement(env, as_of, rows[partner], items) for partner, items in climbing.items()}


def fingerprints(env, company, as_of, partner_ids):
    """Return {partner id: fingerprint} of some customers, from one verdict: what their `Statement` would have."""
    rows = defaultdict(list)
    for row in verdicts.judge(env, company, as_of, list(partner_ids)):
        rows[row["partner_id"]].append(row)
    return {partner: fingerprint(rows[partner]) for partner in partner_ids}


def _statement(env, as_of, rows, climbing):
    tables = {}
    for row in rows:
        if row["reason"] in ("no_followup", "blocked", "in_payment"):
            continue
        currency = env["res.currency"].browse(row["currency_id"])
        table = tables.setdefault(row["currency_id"], StatementTable(currency))
        _add(table, _line(row, climbing))
    return Statement(
        as_of=as_of,
        tables=list(tables.values()),
        fingerprint=fingerprint(rows),
        by_item={row["item_id"]: row for row in rows},
        net_company=float(sum(row["chased_company"] for row in rows)),
    )


def _line(row, climbing):
    return StatementLine(
        line_id=row["line_id"],
        move_id=row["move_id"],
        item_id=row["item_id"],
        name=row["name"] or "",
        reference=row["ref"] or "",
        instalment=row["instalment"],
        instalment_count=row["instalment_count"],
        due_date=row["due_date"],
        days_past_due=row["days_past_due"],
        open=float(row["open_amount"]),
        held=float(row["held_amount"]),
        holds=tuple(_holds(row)),
        chased=float(row["chased_amount"]),
        climbs=row["item_id"] in climbing,
    )


def _holds(row):
    """Yield what keeps the item's held amount from being asked for, oldest first; together they are that amount."""
    left = float(row["held_amount"])
    for part in row["hold_parts"] or ():
        amount = min(float(part["amount"]) or left, left)
        if amount > 0:
            expected = date.fromisoformat(part["expected"]) if part["expected"] else None
            yield Held(part["reason"], amount, part["reference"] or "", expected)
        left -= amount


def _add(table, line):
    table.lines.append(line)
    table.open += line.open
    table.held += line.held
    table.chased += line.chased
    if line.is_overdue:
        table.overdue += line.chased


def fingerprint(rows):
    """Return a short text that differs when any item, amount, due date, hold or cover of `rows` (verdicts) does."""
    parts = [
        f"{row['line_id']}:{row['due_date']}:{row['open_amount']}:{row['held_amount']}:{row['chased_amount']}"
        for row in rows
    ]
    return hashlib.sha256("|".join(sorted(parts)).encode()).hexdigest()[:32]
