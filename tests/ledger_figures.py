"""The key figures of a ledger, worked out straight from its file: nothing here knows of Odoo."""

import csv
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal

EDGES = ((None, 0), (1, 30), (31, 60), (61, 90), (91, None))


def rows_of(path):
    """The rows of the file: (invoiced, due, amount, settled or None)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            (
                date.fromisoformat(row["invoice_date"]),
                date.fromisoformat(row["due_date"]),
                Decimal(row["amount"]),
                date.fromisoformat(row["settled_date"]) if row["settled_date"] else None,
            )
            for row in csv.DictReader(file)
        ]


def open_on(rows, day):
    """[(due, amount)] of what is open at the end of a day."""
    return [(due, amount) for on, due, amount, paid in rows if on <= day and (paid is None or paid > day)]


def ageing(rows, day):
    """What is open at the end of a day, by age."""
    found = open_on(rows, day)
    late = [((day - due).days, amount) for due, amount in found]
    return tuple(
        sum(amount for days, amount in late if (first is None or days >= first) and (last is None or days <= last))
        for first, last in EDGES
    )


def days_of_sales(rows, day, amount):
    """How many days of sales an amount is, counted back month by month."""
    total, month, left = Decimal(0), day.replace(day=1), amount
    while left > 0:
        end = min(day, month.replace(day=monthrange(month.year, month.month)[1]))
        sold = sum(one[2] for one in rows if month <= one[0] <= end)
        if sold > left:
            return total + end.day * left / sold
        total, left = total + end.day, left - sold
        month = (month - timedelta(days=1)).replace(day=1)
        if month < min(one[0] for one in rows).replace(day=1):
            break
    return total


def days_late(rows, day):
    """The days late weighted by amount: of what was paid, and of what is overdue."""
    judged = [(amount, (paid - due).days) for _on, due, amount, paid in rows if paid and paid <= day]
    judged += [(amount, (day - due).days) for due, amount in open_on(rows, day) if due < day]
    return sum(amount * days for amount, days in judged) / sum(amount for amount, _days in judged)
