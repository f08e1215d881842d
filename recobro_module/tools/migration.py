"""The migration matrix: what became of what was open, bucket by bucket, a month later (METRICS.md)."""

from ..const import AGEING_BUCKETS

BUCKETS = [key for key, *_rest in AGEING_BUCKETS]
#: What may become of an amount.
DESTINATIONS = ("paid", "back", "same", "forward_1", "forward_2", "written_off", "in_plan")


def matrix(rows):
    """Return [{"bucket", "amount", and a share (0 to 1) for each of `DESTINATIONS`}], the youngest bucket first.

    The shares of a bucket add up to one; where nothing was open they are None. A partial payment splits an item: what
    was paid of it is in one column, what is left in another.

    :param rows: iterable of (bucket before, what became of it, amount): "paid", "written_off", "in_plan", or the bucket
        in which it is open now.

    >>> found = matrix([
    ...     ("d1_30", "paid", 600.0), ("d1_30", "d31_60", 300.0), ("d1_30", "d90_plus", 50.0),
    ...     ("d1_30", "in_plan", 50.0), ("d90_plus", "d90_plus", 80.0), ("d90_plus", "written_off", 20.0),
    ...     ("d31_60", "not_due", 10.0),
    ... ])
    >>> late = found[1]
    >>> late["bucket"], late["amount"], late["paid"], late["forward_1"], late["forward_2"], late["in_plan"]
    ('d1_30', 1000.0, 0.6, 0.3, 0.05, 0.05)
    >>> sum(late[name] for name in DESTINATIONS)
    1.0
    >>> found[2]["back"], found[4]["same"], found[4]["written_off"], found[0]["paid"]
    (1.0, 0.8, 0.2, None)
    """
    amounts = {bucket: dict.fromkeys(DESTINATIONS, 0.0) for bucket in BUCKETS}
    for bucket, became, amount in rows:
        amounts[bucket][_destination(bucket, became)] += amount
    found = []
    for bucket, parts in amounts.items():
        total = sum(parts.values())
        shares = {name: part / total if total else None for name, part in parts.items()}
        found.append({"bucket": bucket, "amount": total, **shares})
    return found


def _destination(bucket, became):
    """Return the column of an amount.

    >>> [_destination("d1_30", became) for became in ("not_due", "d1_30", "d31_60", "d61_90", "paid")]
    ['back', 'same', 'forward_1', 'forward_2', 'paid']
    """
    if became not in BUCKETS:
        return became
    step = BUCKETS.index(became) - BUCKETS.index(bucket)
    return "back" if step < 0 else "same" if step == 0 else f"forward_{min(step, 2)}"
