"""What happened between the distributor and its customers: a plan of invoices, credit notes and payments.

Plain Python without Odoo: the same seed and the same day give the same story.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

SEED = "levante"

#: Days after the invoice on which each instalment is due.
TERMS = {"0": (0,), "30": (30,), "60": (60,), "30-60": (30, 60), "30-60-90": (30, 60, 90)}

#: Days after the due date between which a payment comes, by habit.
HABITS = {
    "punctual": (-3, 1),
    "pay_days": (0, 0),
    "slow": (8, 20),
    "late": (22, 48),
    "chronic": (70, 150),
    "stopped": (4, 16),
}
#: Before so many days ago three deliveries share an invoice: it loads quicker, and the present has the detail.
DETAILED_DAYS = 200
#: For so many days customers of the habit "stopped" have paid nothing.
STOPPED_DAYS = 190


@dataclass(eq=False)
class Sale:
    """One invoice, and the days on which its instalments are due."""

    customer: object
    day: object
    untaxed: float
    product: int
    due_days: tuple


@dataclass(eq=False)
class CreditNote:
    """Part of an invoice given back; one that nobody has matched yet stays open."""

    sale: Sale
    day: object
    share: float
    matched: bool


@dataclass(eq=False)
class Payment:
    """One transfer: parts of instalments as (sale, instalment, share)."""

    customer: object
    day: object
    parts: list = field(default_factory=list)


@dataclass
class Story:
    """All that happens up to a day, in order."""

    sales: list
    credit_notes: list
    payments: list


def tell(customers, today, months):
    """Return the Story of some customers over the `months` before `today`."""
    sales, payments, credit_notes = [], {}, []
    start = today - timedelta(days=months * 365 // 12)
    for customer in customers:
        random = Random(f"{SEED} {customer.name}")
        for sale in _sales(customer, start, today, random):
            sales.append(sale)
            if random.random() < 0.06 and (today - sale.day).days > 3:
                credit_notes.append(_credit_note(sale, today, random))
            for instalment, due_day in enumerate(sale.due_days):
                for day, share in _settlement(customer, due_day, today, random):
                    if day <= today:
                        transfer = payments.setdefault((customer, day), Payment(customer, day))
                        transfer.parts.append((sale, instalment, share))
    sales.sort(key=lambda sale: sale.day)
    return Story(sales, credit_notes, sorted(payments.values(), key=lambda payment: payment.day))


def _sales(customer, start, today, random):
    """Yield the invoices of a customer: more of them in summer, none at the weekend."""
    day = start + timedelta(days=random.randint(0, 20))
    while day <= today:
        deliveries = 3 if (today - day).days > DETAILED_DAYS else 1
        if day.weekday() < 5:
            busy = 1.25 if day.month in (5, 6, 7, 8) else 1.0
            untaxed = round(customer.amount * busy * deliveries * random.uniform(0.55, 1.5), 2)
            due_days = tuple(day + timedelta(days=days) for days in TERMS[customer.terms])
            yield Sale(customer, day, untaxed, random.randrange(100), due_days)
            day += timedelta(days=deliveries * max(2, round(random.gauss(30 / customer.rhythm, 6))))
        else:
            day += timedelta(days=1)


def _credit_note(sale, today, random):
    day = _working(min(sale.day + timedelta(days=random.randint(4, 18)), today))
    day = min(day, today)
    recent = (today - day).days < 40
    return CreditNote(sale, day, random.choice((0.08, 0.12, 0.2)), matched=not recent)


def _settlement(customer, due_day, today, random):
    """Return the payments of an instalment as (day, share of it): none, one or two."""
    first, last = HABITS[customer.habit]
    late = random.randint(first, last)
    if customer.habit == "stopped" and (today - due_day).days - late < STOPPED_DAYS:
        return []
    if customer.habit in ("chronic", "late") and random.random() < 0.3:
        half = _working(due_day + timedelta(days=late // 2))
        return [(half, random.choice((0.3, 0.4, 0.5))), (_working(due_day + timedelta(days=late)), 1.0)]
    day = due_day + timedelta(days=late)
    if customer.pay_days:
        day = _next_pay_day(day, customer.pay_days)
    return [(_working(day), 1.0)]


def _next_pay_day(day, text):
    days = {int(number) for number in text.split(",")}
    while day.day not in days:
        day += timedelta(days=1)
    return day


def _working(day):
    """Return the day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def next_working_day(day):
    """Return the day after another, or the Monday after it.

    >>> from datetime import date
    >>> next_working_day(date(2026, 3, 2)), next_working_day(date(2026, 3, 6))
    (datetime.date(2026, 3, 3), datetime.date(2026, 3, 9))
    """
    return _working(day + timedelta(days=1))
