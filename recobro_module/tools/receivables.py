"""Key figures of receivables, each as METRICS.md defines it. A figure without a denominator is None, which is not 0."""

from dataclasses import dataclass


def dso_simple(receivables, credit_sales, days):
    """Return the days' sales outstanding of a period of so many `days`: receivables / credit sales × days.

    >>> dso_simple(200_000, 2_000_000, 365)
    36.5
    >>> round(dso_simple(110_000, 270_000, 92), 2)  # best possible: the same of what is not due
    37.48
    >>> dso_simple(200_000, 0, 365) is None
    True
    """
    return receivables / credit_sales * days if credit_sales > 0 else None


@dataclass(frozen=True)
class Countback:
    """Days of sales that are still owed; a lower bound when the months that are known did not suffice."""

    days: float
    is_truncated: bool = False


def dso_countback(receivables, months):
    """Return the `Countback` of some receivables, from the present month back; None when no month has sales.

    While what is left is at least a month's sales its days count in full and its sales are taken off; of the first
    month with more, as many of its days as the rest is a part of its sales. A month without sales (or with more
    refunds than sales) passes its days and takes nothing.

    :param months: (days, sales), the present one first, with the days of it that have passed.

    The vectors of METRICS.md:

    >>> months = [(31, 100_000), (30, 80_000), (31, 90_000)]
    >>> [round(dso_countback(amount, months).days, 2) for amount in (150_000, 100_000, 60_000, 0)]
    [49.75, 31.0, 18.6, 0.0]
    >>> dso_countback(400_000, months)
    Countback(days=92.0, is_truncated=True)
    >>> round(dso_countback(150_000, [(31, 100_000), (30, 0), (31, 90_000)]).days, 2)
    78.22
    >>> round(dso_countback(110_000, months).days, 2)  # best possible
    34.75
    >>> dso_countback(150_000, [(31, 0), (30, -500)]) is None
    True
    """
    if not any(sales > 0 for _days, sales in months):
        return None
    passed = 0.0
    for days, sales in months:
        if receivables <= 0:
            break
        if sales > receivables:
            return Countback(passed + days * receivables / sales)
        passed += days
        receivables -= max(sales, 0)
    return Countback(passed, is_truncated=receivables > 0)


def average_days_delinquent(dso, best_possible):
    """Return DSO − best possible DSO, both by the same method; None when either is.

    >>> round(average_days_delinquent(51.11, 37.48), 2)
    13.63
    >>> average_days_delinquent(None, 37.48) is None
    True
    """
    return None if dso is None or best_possible is None else dso - best_possible


def collection_effectiveness(begin, credit_sales, end, not_due, months, written_off=0.0):
    """Return the collection effectiveness index in percent; None when there was nothing to collect.

    (begin + sales / N − end) / (begin + sales / N − end not due) × 100, N the months of the period. What was written
    off was not collected: it counts as still there in the end.

    >>> round(collection_effectiveness(140_000, 100_000, 150_000, 110_000, 1), 2)
    69.23
    >>> round(collection_effectiveness(140_000, 270_000, 150_000, 110_000, 3), 2)
    66.67
    >>> round(collection_effectiveness(140_000, 100_000, 140_000, 110_000, 1, written_off=10_000), 2)
    69.23
    >>> collection_effectiveness(10_000, 0, 20_000, 20_000, 1) is None
    True
    """
    to_collect = begin + credit_sales / months
    denominator = to_collect - not_due
    return (to_collect - end - written_off) / denominator * 100 if denominator > 0 else None


def turnover(credit_sales, average_receivables, days=365):
    """Return (how often receivables turned over in a year, in how many days), None without receivables.

    >>> times, in_days = turnover(1_080_000, 145_000)
    >>> round(times, 3), round(in_days, 1)
    (7.448, 49.0)
    >>> turnover(1_080_000, 0) is None
    True
    """
    if average_receivables <= 0 or credit_sales <= 0:
        return None
    times = credit_sales / average_receivables
    return times, days / times


def roll_rates(before, now):
    """Return the net flow of each ageing bucket into the next, as shares (0 to 1), None where there was nothing.

    balance(b + 1, t) / balance(b, t − 1); the last bucket gathers: over 90 days now / (61–90 and over 90 before).

    :param before: balances by bucket a month earlier, from what is not due to the oldest.
    :param now: those of today, in the same order.

    >>> [round(rate, 3) for rate in roll_rates(
    ...     (100_000, 40_000, 20_000, 8_000, 12_000), (105_000, 36_000, 14_000, 9_000, 13_500)
    ... )]
    [0.36, 0.35, 0.45, 0.675]
    >>> roll_rates((0, 10, 0, 0, 0), (0, 0, 5, 0, 0))
    [None, 0.5, None, None]
    """
    bases = [*before[:-2], before[-2] + before[-1]]
    return [after / base if base > 0 else None for base, after in zip(bases, now[1:], strict=True)]


def expected_loss(parts):
    """Return Σ residual × (1 − probability that it is recovered).

    :param parts: (residual, probability from 0 to 1).

    >>> expected_loss([(1_000, 0.9), (500, 0.2)])
    500.0
    """
    return sum(amount * (1 - probability) for amount, probability in parts)


def cost_to_collect(costs, collected):
    """Return the share (0 to 1) of the cash collected on overdue items that collecting it cost; None without cash.

    :param costs: hours × rate, channels, fees of agencies and lawyers, other costs.

    >>> round(cost_to_collect((1_800, 420, 600, 1_500), 60_000), 3)
    0.072
    >>> cost_to_collect((100,), 0) is None
    True
    """
    return sum(costs) / collected if collected > 0 else None
