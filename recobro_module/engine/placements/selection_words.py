"""The rule that selects customers for a stage, and how one of them stands to it, in words for a colleague."""

from odoo.tools import format_amount, format_list
from odoo.tools.misc import formatLang

from ..figures import cohort_words


def rule(env, level, currency):
    """Return the rule of a level as one readable sentence; empty when it selects everybody.

    :param level: `recobro.level`, in sudo: its grades say nothing of a customer.
    :param currency: the company's.
    """
    words = []
    if level.select_amount:
        words.append(env._("at least %(amount)s open", amount=money(env, level.select_amount, currency)))
    if level.select_grade_ids:
        words.append(env._("grade %(grades)s", grades=grades(env, level.select_grade_ids)))
    if level.select_probability:
        words.append(env._("a chance of recovery of at least %(share)s", share=share(env, level.select_probability)))
    return env._("Selected: customers with %(conditions)s.", conditions=format_list(env, words)) if words else ""


def grades(env, records):
    """Return the names of some grades as alternatives, such as “C or D”."""
    return format_list(env, records.sorted("sequence").mapped("name"), style="or")


def money(env, amount, currency):
    """Return an amount as the reader's locale writes it, without cents where there are none."""
    is_whole = currency.decimal_places > 0 and currency.is_zero(amount - round(amount))
    return format_amount(env, amount, currency, trailing_zeroes=not is_whole)


def share(env, value):
    """Return a share of 0 to 1 as a percentage, without decimals: such a figure is an estimate."""
    return f"{formatLang(env, value * 100, digits=0)} %"


# -----------------------------------------------------------------------------
# HOW A CUSTOMER STANDS TO IT
# -----------------------------------------------------------------------------


def standing(env, facts, currency):
    """Return how a customer stands to the rule of a level: “Selected: 4,500 € (at least 1,000 €), grade D (C or D)”.

    Of who is not selected, only what is missing is said.

    :param facts: what `selection` judged by, with `passes`.
    """
    words = _side_by_side(_conditions(env, facts, currency, only_missing=not facts["passes"]))
    return (
        env._("Selected: %(reasons)s", reasons=words)
        if facts["passes"]
        else env._("Not selected: %(reasons)s", reasons=words)
    )


def not_selected(env, level, facts, currency):
    """Return what the owner of a case is told that a level does not select."""
    return env._(
        "Not selected for “%(level)s”: %(reasons)s. It stays with us: decide how the case ends, or hand it over by "
        "hand.",
        level=level.name,
        reasons=_side_by_side(_conditions(env, facts, currency, only_missing=True)),
    )


def _side_by_side(words):
    """Return them with commas alone. Babel's own style for it, `unit`, knows no list of three in Spanish and raises."""
    return ", ".join(words)


def _conditions(env, facts, currency, only_missing):
    """Return each figure beside what is asked of it; what is not asked is not said."""
    words = []
    is_enough = currency.compare_amounts(facts["amount"], facts["least_amount"]) >= 0
    if facts["least_amount"] and not (only_missing and is_enough):
        words.append(
            env._(
                "%(amount)s (at least %(least)s)",
                amount=money(env, facts["amount"], currency),
                least=money(env, facts["least_amount"], currency),
            )
        )
    if facts["grades"] and not (only_missing and facts["grade_passes"]):
        words.append(_grade(env, facts))
    is_likely = facts["chance"] is None or facts["chance"] >= facts["least_chance"]
    if facts["least_chance"] and not (only_missing and is_likely):
        words.append(_chance(env, facts))
    return words


def _grade(env, facts):
    wanted = format_list(env, facts["grades"], style="or")
    if facts["grade"]:
        return env._("grade %(grade)s (%(grades)s)", grade=facts["grade"], grades=wanted)
    return env._("no grade yet (%(grades)s)", grades=wanted)


def _chance(env, facts):
    least = share(env, facts["least_chance"])
    if facts["chance"] is None:
        return env._("chance of recovery not known yet (at least %(least)s)", least=least)
    known = {"share": share(env, facts["chance"]), "least": least}
    # What was kept before causes were looked at does not say whom it was seen of
    if like := cohort_words.like(env, facts["grade"], facts.get("cause"), facts.get("like")):
        return env._(
            "chance of recovery of customers like it (%(like)s) %(share)s (at least %(least)s)", like=like, **known
        )
    return env._("chance of recovery %(share)s (at least %(least)s)", **known)
