"""The probability of recovery of a cohort: what was paid of what entered it (METRICS.md)."""

from dataclasses import dataclass

#: Observations from which a cohort speaks for itself.
ENOUGH = 30
#: Observations of a company in all below which nothing is known of any cohort.
LEAST = 30


@dataclass(frozen=True)
class Rate:
    """How much of what entered a cohort was paid in time: `rate` 0 to 1, from `sample` entries of `amount` in all."""

    rate: float
    sample: int
    amount: float
    paid: float


def smoothed(share, sample, parent):
    """Return the share of a cohort, drawn towards its parent's while it has too few observations to speak for itself.

    (n × share + (30 − n) × parent) / 30 under 30 observations. Without a parent it is the share as it is.

    >>> smoothed(0.9, 30, 0.3)
    0.9
    >>> round(smoothed(0.9, 10, 0.3), 4)
    0.5
    >>> smoothed(None, 0, 0.3), smoothed(0.9, 2, None), smoothed(None, 0, None)
    (0.3, 0.9, None)
    """
    if share is None:
        return parent
    if parent is None or sample >= ENOUGH:
        return share
    return (sample * share + (ENOUGH - sample) * parent) / ENOUGH


def parents(key):
    """Return the key of a cohort and those of its parents, the nearest first: each leaves out the last that is named.

    >>> parents(("d1_30", "D"))
    [('d1_30', 'D'), ('d1_30', None), (None, None)]
    >>> parents(("d1_30", "D", "dispute"))[1]
    ('d1_30', 'D', None)
    """
    named = sum(name is not None for name in key)
    return [(*key[:number], *[None] * (len(key) - number)) for number in range(named, -1, -1)]


def rates(cohorts):
    """Return {cohort: Rate} from what entered each cohort and what of it was paid.

    A cohort is a tuple such as (bucket, segment) or (bucket, segment, cause); its parents are told by `parents`, up to
    all that the company has. A cohort into which nothing entered has no rate: `rate_of` finds its parent's. A company
    with too few observations in all has none at all: a handful of invoices says nothing, and one of them would be all.

    :param cohorts: {cohort: (entries, amount, paid)}, the parents among them.

    >>> found = rates({
    ...     (None, None): (100, 1000.0, 600.0), ("d1_30", None): (40, 800.0, 600.0), ("d1_30", "D"): (15, 200.0, 50.0),
    ...     ("d90_plus", None): (3, 100.0, 0.0), ("d90_plus", "D"): (1, 50.0, 0.0),
    ... })
    >>> found["d1_30", None].rate, found["d1_30", "D"].rate
    (0.75, 0.5)
    >>> round(found["d90_plus", None].rate, 4), round(found["d90_plus", "D"].rate, 4)
    (0.54, 0.522)
    >>> rates({(None, None): (29, 1000.0, 0.0), ("d1_30", None): (29, 1000.0, 0.0)})
    {}
    """
    if max((numbers[0] for numbers in cohorts.values()), default=0) < LEAST:
        return {}
    found = {}
    for key in sorted(cohorts, key=lambda key: sum(name is not None for name in key)):
        sample, amount, paid = cohorts[key]
        parent = rate_of(found, *key)
        rate = smoothed(paid / amount if amount else None, sample, parent and parent.rate)
        if rate is not None:
            found[key] = Rate(rate, sample, amount, paid)
    return found


def rate_of(found, *key):
    """Return the `Rate` of a cohort, else of the first of its parents that has one, None where nothing is known.

    >>> found = rates({(None, None): (100, 1000.0, 600.0), ("d1_30", None): (40, 800.0, 600.0)})
    >>> rate_of(found, "d1_30", "D").rate, rate_of(found, "d61_90", "A").rate
    (0.75, 0.6)
    >>> rate_of({}, "d1_30", "D") is None
    True
    """
    return next((found[cohort] for cohort in parents(key) if cohort in found), None)


def chance(found, parts):
    """Return how likely some amounts together are paid, weighted by amount; None where nothing is known.

    :param parts: iterable of (bucket, segment, amount).

    >>> found = rates({(None, None): (100, 1000.0, 600.0), ("d1_30", None): (40, 800.0, 640.0)})
    >>> round(chance(found, [("d1_30", "B", 300.0), ("d61_90", "B", 100.0)]), 4)
    0.75
    >>> chance({}, [("d1_30", "B", 300.0)]) is None, chance(found, []) is None
    (True, True)
    """
    known = [(rate.rate, amount) for bucket, segment, amount in parts if (rate := rate_of(found, bucket, segment))]
    total = sum(amount for _rate, amount in known)
    return sum(rate * amount for rate, amount in known) / total if total else None
