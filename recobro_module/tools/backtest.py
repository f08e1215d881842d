"""How good predicted shares were, once it is known what came: calibration and the Brier score."""

from dataclasses import dataclass

#: Into how many parts the predictions are cut for the calibration.
PARTS = 10


@dataclass(frozen=True)
class Judged:
    """Entries with one prediction: `amount` is Σ a, `paid` Σ a × y, `squares` Σ a × y², of amounts a and shares y."""

    predicted: float
    number: int
    amount: float
    paid: float
    squares: float


def brier(judged):
    """Return the Brier score, weighted by amount: Σ a × (p − y)² / Σ a; None when nothing was judged.

    y is the share of an entry that was paid in time. By amount, as the chances themselves are shares of amounts.

    >>> all_paid = Judged(0.8, 2, 100.0, 100.0, 100.0)
    >>> round(brier([all_paid]), 4)
    0.04
    >>> round(brier([all_paid, Judged(0.5, 1, 100.0, 50.0, 25.0)]), 4)
    0.02
    >>> brier([]) is None
    True
    """
    amount = sum(row.amount for row in judged)
    if not amount:
        return None
    errors = sum(row.predicted**2 * row.amount - 2 * row.predicted * row.paid + row.squares for row in judged)
    return max(errors, 0.0) / amount


def calibration(judged):
    """Return [{"from", "to", "predicted", "paid", "number", "amount"}]: what was said, and what came, by tenths.

    `predicted` and `paid` are shares of the amount. Tenths that nothing was predicted in are left out.

    >>> low, last = calibration([
    ...     Judged(0.12, 2, 100.0, 20.0, 5.0), Judged(0.18, 1, 100.0, 10.0, 1.0), Judged(1.0, 1, 5.0, 5.0, 5.0)
    ... ])
    >>> low
    {'from': 0.1, 'to': 0.2, 'predicted': 0.15, 'paid': 0.15, 'number': 3, 'amount': 200.0}
    >>> last["from"], last["to"], last["number"]
    (0.9, 1.0, 1)
    """
    tenths = {}
    for row in judged:
        tenths.setdefault(min(int(row.predicted * PARTS), PARTS - 1), []).append(row)
    found = []
    for tenth, rows in sorted(tenths.items()):
        amount = sum(row.amount for row in rows)
        found.append(
            {
                "from": tenth / PARTS,
                "to": (tenth + 1) / PARTS,
                "predicted": round(sum(row.predicted * row.amount for row in rows) / amount, 4),
                "paid": round(sum(row.paid for row in rows) / amount, 4),
                "number": sum(row.number for row in rows),
                "amount": amount,
            }
        )
    return found
