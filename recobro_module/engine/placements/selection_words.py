"""The rule that selects customers for a stage, and how one of them stands to it, in words for a colleague."""

from odoo.tools import format_amount, format_list
from odoo.tools.misc import formatLang


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
        words.append(env._("chance of recovery of at least %(share)s", share=share(env, level.select_probability)))
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
