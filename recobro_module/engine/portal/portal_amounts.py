"""Amounts in the forms of the portal: written and read in the reader's locale, as the pages write them."""

from odoo.tools import formatLang
from odoo.tools.misc import get_lang

from ...tools import form_values

#: Its groups and decimals show how an amount is written.
_EXAMPLE = 1234.56


def read(env, text, currency):
    """Return the amount that a visitor has typed, None when it is none or could be two.

    :param env: in the language of the visitor.
    """
    return form_values.amount(text, get_lang(env).thousands_sep, currency.decimal_places)


def written(env, amount, currency):
    """Return an amount as it is typed in the reader's locale: without groups, so that it is easily changed."""
    return formatLang(env, amount, digits=currency.decimal_places, grouping=False)


def refusal(env, amount, currency, words):
    """Return what is wrong with an amount: `words`, and how one is written when it could not be read.

    :param amount: what `read` has returned.
    """
    if amount is not None:
        return words
    example = formatLang(env, _EXAMPLE, digits=currency.decimal_places)
    how = env._("Write it like %(example)s.", example=example)
    return f"{words} {how}"
