"""The key figures of the ledger at the end of a day: of one main company, or of several together in one currency."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import timedelta
from itertools import zip_longest

from dateutil.relativedelta import relativedelta

from ...tools import receivables
from . import balances


@dataclass(frozen=True)
class Control:
    """Key figures of the months that end on a day, as METRICS.md defines them; without a denominator None.

    :param now: `balances.Balances` of the day.
    :param countback: days' sales outstanding by counting back, `receivables.Countback`.
    :param best_possible: the same of what is not due.
    :param days_delinquent: average days delinquent, the difference of the two.
    :param effectiveness: collection effectiveness index in percent.
    :param days_late: of the last twelve months, weighted by amount.
    :param roll_rates: of each ageing bucket but the last into the next, since a month before; shares.
    :param sales: invoices less credit notes of the months.
    :param written_off: what was written off in them.
    :param amount_judged: what `days_late` is weighted over.
    """

    now: balances.Balances
    countback: receivables.Countback | None
    best_possible: receivables.Countback | None
    days_delinquent: float | None
    effectiveness: float | None
    days_late: float | None
    roll_rates: list
    sales: float = 0.0
    written_off: float = 0.0
    amount_judged: float = 0.0


def figures(env, companies, as_of, months=1):
    """Return the `Control` of so many calendar months, the last of which ends on `as_of`.

    :param companies: main companies; with several, amounts are in the currency of the first at the rates of the day.
    """
    balances.flush(env)
    begin = as_of.replace(day=1) - relativedelta(months=months - 1) - timedelta(days=1)
    rates = {
        company: company.currency_id._get_conversion_rate(
            company.currency_id, companies[0].currency_id, companies[0], as_of
        )
        for company in companies
    }

    def balances_at(day):
        return _sum([_converted(balances.at(env, company, day), rates[company]) for company in companies])

    now, before = balances_at(as_of), balances_at(month_before(as_of))
    at_first = before if begin == month_before(as_of) else balances_at(begin)
    sold = _sales([(balances.sales_by_month(env, company, as_of), rates[company]) for company in companies])
    lost = sum(balances.written_off(env, company, begin, as_of) * rates[company] for company in companies)
    late = [[part * rates[company] for part in balances.lateness(env, company, as_of)] for company in companies]
    dso = receivables.dso_countback(now.receivables, sold)
    best = receivables.dso_countback(now.not_due, sold)
    amount, weighted = map(sum, zip(*late, strict=True))
    of_months = sum(sales for _days, sales in sold[:months])
    return Control(
        now=now,
        countback=dso,
        best_possible=best,
        days_delinquent=receivables.average_days_delinquent(dso and dso.days, best and best.days),
        effectiveness=receivables.collection_effectiveness(
            at_first.receivables,
            of_months,
            now.receivables,
            now.not_due,
            months,
            written_off=lost,
        ),
        days_late=weighted / amount if amount else None,
        roll_rates=receivables.roll_rates(before.buckets, now.buckets),
        sales=of_months,
        written_off=lost,
        amount_judged=amount,
    )


def month_before(day):
    """Return the same day a month earlier; of the end of a month that of the month before.

    >>> from datetime import date
    >>> month_before(date(2026, 2, 28)), month_before(date(2026, 3, 30)), month_before(date(2026, 3, 31))
    (datetime.date(2026, 1, 31), datetime.date(2026, 2, 28), datetime.date(2026, 2, 28))
    """
    if day.day == monthrange(day.year, day.month)[1]:
        return day.replace(day=1) - timedelta(days=1)
    return day - relativedelta(months=1)


def _converted(found, rate):
    return balances.Balances(
        buckets=tuple(amount * rate for amount in found.buckets),
        credits=found.credits * rate,
        receivables=found.receivables * rate,
        in_credit=found.in_credit * rate,
    )


def _sum(parts):
    return balances.Balances(
        buckets=tuple(map(sum, zip(*(part.buckets for part in parts), strict=True))),
        credits=sum(part.credits for part in parts),
        receivables=sum(part.receivables for part in parts),
        in_credit=sum(part.in_credit for part in parts),
    )


def _sales(parts):
    """Return [(days, sales)] of several companies together; one with less history sold nothing before.

    :param parts: pairs (sales by month, rate).
    """
    found = []
    for months in zip_longest(*(months for months, _rate in parts)):
        days = next(month[0] for month in months if month)
        found.append((days, sum(month[1] * part[1] for month, part in zip(months, parts, strict=True) if month)))
    return found
