"""Instalments of payment plans as items that an answer is about: a promise, a cheque or a note given for one of them.

What is given for an instalment pays it within the plan: its last day stays what the customer agreed to.
"""

from odoo.tools import format_date

from .open_items import INSTALMENT


def of(items):
    """Return the instalments of plans that some items (in sudo) stand for."""
    ids = items.filtered(lambda item: item.res_model == INSTALMENT).mapped("res_id")
    return items.env["recobro.payment.plan.installment"].browse(ids)


def out_of_time(items, day):
    """Return the first instalment among some items (in sudo) that money of a `day` would not keep; may be empty."""
    late = of(items).filtered(lambda one: one.deadline < day)
    return late.sorted("deadline")[:1]


def out_of_time_words(env, instalment):
    """Return why nothing can be taken for an instalment that comes after its last day, and what to do."""
    return env._(
        "%(instalment)s has to be paid by %(day)s: choose that day or an earlier one, or agree on another plan.",
        instalment=instalment.display_name,
        day=format_date(env, instalment.deadline),
    )
