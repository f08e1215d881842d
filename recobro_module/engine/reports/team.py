"""What the team of a main company did in a week, collector by collector, and what is left to do."""

from dataclasses import dataclass
from datetime import date, timedelta

from .. import clock, worklist

#: What is counted of a week; the sums are those of the team's report.
_SUMS = ("contacts", "promises", "collected")
_NOTHING = {"contacts": 0, "promises": 0, "collected": 0.0, "kept": 0, "judged": 0}


@dataclass(frozen=True)
class Collector:
    """One collector: the week and the one before, as dicts of `_NOTHING`'s keys, and how things stand now.

    :param overdue: activities and tasks whose day has passed.
    :param left_out: cases that do not fit into today's My day.
    """

    user: object
    now: dict
    before: dict
    cases: int
    overdue: int
    left_out: int


@dataclass(frozen=True)
class Week:
    """A week of the team: its Monday, the day of reading, and the collectors, who collected most first."""

    company: object
    first: date
    today: date
    collectors: list

    @property
    def last(self):
        """Return its Sunday."""
        return self.first + timedelta(days=6)


def read(env, company, first):
    """Return the `Week` of a main company that begins on the Monday `first`.

    Of those who have open cases or did something in the week or in the one before.

    :param env: in sudo.
    """
    now, before = _week(env, company, first), _week(env, company, first - timedelta(days=7))
    rows = env["recobro.case"]._read_group(
        [("company_id", "=", company.id), ("state", "=", "open"), ("user_id", "!=", False)], ["user_id"], ["__count"]
    )
    cases = {user.id: number for user, number in rows}
    users = env["res.users"].browse(sorted({*now, *before, *cases}))
    left = _left(env, company, users)
    found = [
        Collector(
            user=user,
            now=now.get(user.id, _NOTHING),
            before=before.get(user.id, _NOTHING),
            cases=cases.get(user.id, 0),
            **left[user.id],
        )
        for user in users
    ]
    found.sort(key=lambda one: (-one.now["collected"], -one.now["contacts"], one.user.name or ""))
    return Week(company, first, clock.today(env, company), found)


def total(parts):
    """Return the sum of some dicts of what was counted.

    >>> total([{"contacts": 2}, {"contacts": 3}])
    {'contacts': 5}
    >>> total([])
    {'contacts': 0, 'promises': 0, 'collected': 0.0, 'kept': 0, 'judged': 0}
    """
    parts = list(parts)
    return {name: sum(part[name] for part in parts) for name in parts[0]} if parts else dict(_NOTHING)


def _week(env, company, first):
    """Return {user id: what was counted} of a week: three statements of reports."""

    def days(name):
        return [(name, ">=", first), (name, "<=", first + timedelta(days=6))]

    of_company = [("company_id", "=", company.id), ("user_id", "!=", False)]
    found = {}
    for user, *sums in env["recobro.report.team"]._read_group(
        [*of_company, ("what", "!=", "case"), *days("day")], ["user_id"], [f"{name}:sum" for name in _SUMS]
    ):
        found[user.id] = {**_NOTHING, **dict(zip(_SUMS, sums, strict=True))}
    for user, state, number in env["recobro.promise"]._read_group(
        [*of_company, ("state", "in", ("kept", "partly_kept", "broken")), *days("verdict_date")],
        ["user_id", "state"],
        ["__count"],
    ):
        of_user = found.setdefault(user.id, dict(_NOTHING))
        of_user["judged"] += number
        of_user["kept"] += number if state == "kept" else 0
    return found


def _left(env, company, users):
    """Return {user id: how much of a collector's work is overdue, and how many cases are left out of the day}."""
    # sudo: counts of collectors' own days, told to a manager of the company
    own = env(su=True, context={**env.context, "allowed_company_ids": company.ids})
    found = worklist.left_of(own, users.with_env(own), clock.today(env, company))
    return {user: {"overdue": overdue, "left_out": left_out} for user, (overdue, left_out) in found.items()}
