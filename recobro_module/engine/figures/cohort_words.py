"""Whom a chance of recovery was seen of, in words for a colleague."""

from .recovery import OF_CAUSE, OF_GRADE


def like(env, grade, cause, likeness):
    """Return the customers that a chance was seen of, such as “grade B, after a dispute”; empty when of all of them.

    :param grade: the name of the customer's grade, or nothing.
    :param cause: its root cause (`cohorts.causes`), or nothing.
    :param likeness: what `recovery.likeness_sql` told.
    """
    if likeness == OF_CAUSE and cause:
        return _after(env, grade, cause)
    if likeness in (OF_CAUSE, OF_GRADE) and grade:
        return env._("grade %(grade)s", grade=grade)
    return ""


def _after(env, grade, cause):
    if not grade:
        return {
            "dispute": env._("no grade, after a dispute"),
            "friction": env._("no grade, after process friction"),
            "illiquidity": env._("no grade, after illiquidity"),
        }.get(cause, "")
    return {
        "dispute": env._("grade %(grade)s, after a dispute", grade=grade),
        "friction": env._("grade %(grade)s, after process friction", grade=grade),
        "illiquidity": env._("grade %(grade)s, after illiquidity", grade=grade),
    }.get(cause, "")
