"""What an agency or a lawyer is paid by success: a percentage by the age of the debt at the hand-over, or its stage."""

from typing import NamedTuple


class Bracket(NamedTuple):
    """A line of a tariff: from so many days past due on, and only for one stage unless that is empty."""

    days_from: int
    stage: str
    rate: float


def rate_of(brackets, days_past_due, stage=""):
    """Return the share of what is collected that is paid for a debt handed over so late, from such a stage.

    A line that names the stage goes before one for any stage. A debt younger than the first line is paid by that line:
    nobody collects for nothing because a tariff forgot the first days.

    >>> tariff = [Bracket(0, "", 0.1), Bracket(60, "", 0.2), Bracket(180, "", 0.35), Bracket(0, "legal", 0.5)]
    >>> rate_of(tariff, 59), rate_of(tariff, 60), rate_of(tariff, 1000)
    (0.1, 0.2, 0.35)
    >>> rate_of(tariff, 200, "legal"), rate_of(tariff, 200, "agency")
    (0.5, 0.35)
    >>> rate_of([Bracket(30, "", 0.15)], 10), rate_of([], 10), rate_of([Bracket(0, "legal", 0.5)], 10, "internal")
    (0.15, 0.0, 0.0)
    """
    fitting = [one for one in brackets if one.stage == stage] if stage else []
    fitting = fitting or [one for one in brackets if not one.stage]
    reached = [one for one in fitting if one.days_from <= days_past_due]
    if reached:
        return max(reached).rate
    return min(fitting).rate if fitting else 0.0
