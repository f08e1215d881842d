"""Grades of customers: which of their limits a customer's figures keep."""

from ..const import GRADE_AT_LEAST


def keeps(figure, value, limit):
    """Return whether the `value` of a figure keeps a grade's `limit`.

    What has no value breaks no limit: who has no credit limit can't have used it up.

    >>> keeps("days_late", 5.0, 5.0), keeps("days_late", 5.1, 5.0), keeps("days_late", -2.0, 5.0)
    (True, False, True)
    >>> keeps("on_time", 80.0, 80.0), keeps("on_time", 79.9, 80.0)
    (True, False)
    >>> keeps("exposure_ratio", None, 100.0)
    True
    """
    if value is None:
        return True
    return value >= limit if figure in GRADE_AT_LEAST else value <= limit


def broken(limits, figures):
    """Return those of a grade's limits that the figures don't keep, in their order.

    :param limits: pairs (figure, limit).
    :param figures: {figure: value, None where it has none}.

    >>> broken([("days_late", 15.0), ("on_time", 60.0)], {"days_late": 22.7, "on_time": 64.0})
    [('days_late', 15.0)]
    """
    return [(figure, limit) for figure, limit in limits if not keeps(figure, figures.get(figure), limit)]


def first_kept(grades, figures):
    """Return the first of `grades` whose limits all hold, None when none does.

    :param grades: pairs (grade, limits), best first.

    >>> grades = [("A", [("days_late", 3.0), ("broken_promises", 0)]), ("B", [("days_late", 15.0)]), ("D", [])]
    >>> first_kept(grades, {"days_late": 2.0, "broken_promises": 0})
    'A'
    >>> first_kept(grades, {"days_late": 2.0, "broken_promises": 1})
    'B'
    >>> first_kept(grades, {"days_late": 22.7, "broken_promises": 0})
    'D'
    >>> first_kept(grades[:2], {"days_late": 22.7}) is None
    True
    """
    return next((grade for grade, limits in grades if not broken(limits, figures)), None)
