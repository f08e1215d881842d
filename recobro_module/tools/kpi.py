"""Key figures of collections, each as METRICS.md defines it."""

#: States of a promise that count for its key figure: those with a verdict.
_JUDGED = ("kept", "partly_kept", "broken")


def promises_kept(rows):
    """Return {"count": share, "amount": share} of promises kept, each 0 to 1, and None when nothing was judged.

    By count: kept / (kept + partly + broken). By amount: Σ min(paid, promised) / Σ promised. Open, withdrawn and
    superseded ones stay out.

    :param rows: iterable of (state, promised, paid), the amounts in one currency.

    The vector of METRICS.md:

    >>> share = promises_kept([
    ...     ("kept", 1000, 1000), ("partly_kept", 2000, 500), ("broken", 500, 0), ("kept", 3000, 3000),
    ...     ("open", 700, 0), ("withdrawn", 900, 0),
    ... ])
    >>> share["count"], round(share["amount"], 4)
    (0.5, 0.6923)
    >>> promises_kept([("open", 700, 0)])
    {'count': None, 'amount': None}
    """
    judged = [(state, promised, paid) for state, promised, paid in rows if state in _JUDGED]
    promised = sum(row[1] for row in judged)
    return {
        "count": sum(row[0] == "kept" for row in judged) / len(judged) if judged else None,
        "amount": sum(min(row[2], row[1]) for row in judged) / promised if promised else None,
    }


def sla_attainment(closed, open_past_sla=0):
    """Return the share (0 to 1) of disputes resolved in time, None when there is none to judge.

    Resolved in time / (resolved + still open and already past the SLA). A second over is nobody's.

    :param closed: iterable of (hours used, hours of the SLA).
    :param open_past_sla: how many are open and past their SLA.

    >>> sla_attainment([(70, 72), (72, 72), (90, 72)], open_past_sla=1)
    0.5
    >>> sla_attainment([]) is None
    True
    """
    closed = list(closed)
    judged = len(closed) + open_past_sla
    return sum(used <= hours + 1 / 3600 for used, hours in closed) / judged if judged else None


def dispute_cycle_hours(closed):
    """Return the average hours that closed disputes took: (on the SLA calendar, raw), None when there is none.

    :param closed: iterable of (hours on the SLA calendar without the time waiting for the customer, raw hours).

    >>> dispute_cycle_hours([(24, 96), (48, 48)])
    (36.0, 72.0)
    >>> dispute_cycle_hours([]) is None
    True
    """
    closed = list(closed)
    if not closed:
        return None
    return tuple(sum(column) / len(closed) for column in zip(*closed, strict=True))


def weighted_days_late(rows):
    """Return the days late weighted by amount, None when there is nothing to judge.

    Σ amount × days / Σ amount: of what was paid the days from its due date, early ones negative; of what is open those
    until today, and only when it is overdue.

    :param rows: iterable of (amount, days late), the amounts in one currency.

    The vector of METRICS.md:

    >>> weighted_days_late([(1000, 10), (4000, -2), (5000, 45)])
    22.7
    >>> weighted_days_late([]) is None
    True
    """
    rows = list(rows)
    total = sum(amount for amount, _days in rows)
    return sum(amount * days for amount, days in rows) / total if total else None


def share_on_time(rows):
    """Return the share (0 to 1), by amount, that was paid by its due date; None when there is nothing to judge.

    :param rows: as in `weighted_days_late`.

    >>> share_on_time([(1000, 10), (4000, -2), (5000, 45)])
    0.4
    >>> share_on_time([(100, 0)])
    1.0
    >>> share_on_time([]) is None
    True
    """
    rows = list(rows)
    total = sum(amount for amount, _days in rows)
    return sum(amount for amount, days in rows if days <= 0) / total if total else None
