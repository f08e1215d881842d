"""Why a customer has its grade, in words for a colleague."""

from odoo.tools import format_list
from odoo.tools.misc import formatLang

from ...const import GRADE_AT_LEAST, GRADE_FIGURES, GRADE_MINIMUM_INVOICES
from ...tools.grades import broken

#: Figures that are counted, not measured.
_WHOLE = ("broken_promises", "months")


def reason(env, grade, grades, values):
    """Return why a customer has the grade it has: what it keeps, or what of the grade above it does not.

    :param grade: its `recobro.grade`, empty when it has none.
    :param grades: the grades of its company, in their order.
    :param values: {figure: value, None where it has none}, with `paid_count` among them.
    """
    if values["paid_count"] < GRADE_MINIMUM_INVOICES:
        return env._(
            "No grade yet: %(paid)s of the %(least)s paid invoices in twelve months that it takes to judge.",
            paid=values["paid_count"],
            least=GRADE_MINIMUM_INVOICES,
        )
    better = grades[: grades.ids.index(grade.id)] if grade in grades else grades
    if not better:
        return _why_the_best(env, grade, values)
    [missed, limits] = better[-1].name, [(limit.figure, limit.value) for limit in better[-1].limit_ids]
    words = [_limit_words(env, name, values[name], limit) for name, limit in broken(limits, values)]
    if not words:
        return ""  # the grades were changed this very moment
    return env._("Not %(grade)s: %(limits)s.", grade=missed, limits=format_list(env, words))


def _why_the_best(env, grade, values):
    words = [_limit_words(env, limit.figure, values[limit.figure], limit.value) for limit in grade.limit_ids]
    return env._("Within its limits: %(limits)s.", limits=format_list(env, words)) if words else ""


def values_of(record, names):
    """Return the `values` of `reason` from a record with the fields `names`: {figure: name of the field}.

    The ORM reads what has no value as a zero: what is judged, and the credit limit, tell which it is.
    """
    missing = {
        "days_late": not record[names["amount_judged"]],
        "on_time": not record[names["amount_judged"]],
        "exposure_ratio": not record[names["credit_limit"]],
    }
    wanted = ("paid_count", *(figure for figure, _label in GRADE_FIGURES))
    return {figure: None if missing.get(figure) else record[names[figure]] for figure in wanted}


def _limit_words(env, name, value, limit):
    """Return a figure beside what a grade asks of it, such as “average days late 22.7 (at most 15)”."""
    labels = dict(env["recobro.grade.limit"]._fields["figure"]._description_selection(env))
    words = {
        "figure": labels[name],
        "value": env._("none") if value is None else number(env, name, value),
        "limit": number(env, name, limit),
    }
    if name in GRADE_AT_LEAST:
        return env._("%(figure)s: %(value)s, at least %(limit)s", **words)
    return env._("%(figure)s: %(value)s, at most %(limit)s", **words)


def number(env, name, value):
    """Return a figure as the reader's locale writes it: a count whole, the others with one digit where it says more."""
    whole = name in _WHOLE or value == round(value)
    return formatLang(env, value, digits=0 if whole else 1)
