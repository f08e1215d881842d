"""In which order cases are worked: the amount, times the chance that a call changes what becomes of it."""

from dataclasses import dataclass

#: The chance that a call changes something where nothing is known of it, and the least there is.
UNKNOWN, LEAST = 0.6, 0.2
#: What is added for a promise that was broken, for so many at most.
BROKEN, BROKEN_MOST = 0.25, 2
#: A customer who waits for our answer, a planned call, nobody who answers, a dispute to be settled first.
ANSWERED, PLANNED, SILENT, DISPUTED = 1.5, 1.2, 0.75, 0.5
#: What waits counts double after so many days, three times at most; who was not heard, half as much again.
WAIT_DAYS, WAIT_MOST, UNHEARD_DAYS, UNHEARD_MOST = 10, 3.0, 60, 1.5
#: How much of what is not overdue counts where nothing is, and what a case without an amount counts.
NOT_DUE, NOTHING = 0.1, 1.0


@dataclass(frozen=True)
class Facts:
    """What the place of a case in a person's day rests on.

    :param overdue: what is overdue and may be asked for.
    :param open: all that is open.
    :param chance: how likely it is paid without more ado, 0 to 1; None where nothing is known.
    :param waits: days that what is to be done has waited.
    :param unheard: days since a person was in contact with the customer.
    """

    overdue: float
    open: float = 0.0
    chance: float | None = None
    waits: int = 0
    unheard: int = 0
    broken_promises: int = 0
    is_answer: bool = False
    is_planned: bool = False
    is_silent: bool = False
    is_disputed: bool = False


@dataclass(frozen=True)
class Score:
    """What a case counts, and why: `base` is the amount, `parts` are (name, factor) that it is multiplied by."""

    total: float
    base: float
    parts: tuple


def call_changes(chance):
    """Return how much a call changes of what is paid with some chance: most where it may go either way.

    >>> call_changes(0.5), call_changes(0.9), call_changes(1.0), call_changes(None)
    (1.0, 0.36, 0.2, 0.6)
    """
    return UNKNOWN if chance is None else round(max(4 * chance * (1 - chance), LEAST), 4)


def score(facts):
    """Return the `Score` of a case: its amount, times each thing that makes a person's work on it matter more or less.

    >>> plain = score(Facts(overdue=1_000, chance=0.5))
    >>> plain.total, plain.parts
    (1000.0, (('chance', 1.0),))
    >>> score(Facts(overdue=1_000, chance=0.5, broken_promises=1, is_planned=True)).total
    1500.0
    >>> score(Facts(overdue=1_000, chance=0.5, is_disputed=True, waits=30, unheard=90)).parts
    (('chance', 1.0), ('disputed', 0.5), ('waits', 3.0), ('unheard', 1.5))

    What is not due yet counts little, and a case without an amount is not forgotten:

    >>> score(Facts(overdue=0, open=1_000, chance=0.5)).total, score(Facts(overdue=0, waits=10, chance=0.5)).total
    (100.0, 2.0)
    """
    base = float(facts.overdue) or float(facts.open) * NOT_DUE or NOTHING
    parts = [
        ("chance", call_changes(facts.chance)),
        ("broken", 1 + BROKEN * min(facts.broken_promises, BROKEN_MOST)),
        ("answered", ANSWERED if facts.is_answer else 1),
        ("planned", PLANNED if facts.is_planned else 1),
        ("silent", SILENT if facts.is_silent else 1),
        ("disputed", DISPUTED if facts.is_disputed else 1),
        ("waits", min(1 + max(facts.waits, 0) / WAIT_DAYS, WAIT_MOST)),
        ("unheard", min(1 + max(facts.unheard, 0) / UNHEARD_DAYS, UNHEARD_MOST)),
    ]
    parts = [(name, round(factor, 4)) for name, factor in parts if factor != 1 or name == "chance"]
    total = base
    for _name, factor in parts:
        total *= factor
    return Score(total, base, tuple(parts))


def cut(scored, capacity):
    """Return the keys that fit into a day, in order, and those that are left out of it.

    :param scored: iterable of (key, total); of equal ones the smaller key comes first.
    :param capacity: how many a person can do.

    >>> cut([(7, 10.0), (5, 30.0), (6, 30.0)], 2)
    ([5, 6], [7])
    >>> cut([(7, 10.0)], 0)
    ([], [7])
    """
    ordered = [key for key, _total in sorted(scored, key=lambda pair: (-pair[1], pair[0]))]
    capacity = max(capacity, 0)
    return ordered[:capacity], ordered[capacity:]


def is_aside(until, as_of):
    """Return whether something that was set aside until a day still is: on that day it is back.

    >>> from datetime import date
    >>> is_aside(date(2026, 3, 5), date(2026, 3, 4)), is_aside(date(2026, 3, 5), date(2026, 3, 5)), is_aside(None, None)
    (True, False, False)
    """
    return bool(until and until > as_of)
