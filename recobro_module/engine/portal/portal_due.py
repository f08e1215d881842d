"""What a button pays at once: all that is due, at the head of an account, or one invoice, on its page."""

from dataclasses import dataclass

from . import portal_paying
from .portal_refusal import Refused


@dataclass(frozen=True)
class Due:
    """What the first button pays, ready to show: the same bill as its page (`portal_paying`)."""

    label: str
    note: str


def first_payments(access, statement):
    """Return {name of a currency: `Due`}; a currency in which nothing can be paid now has none."""
    found = {}
    for table in statement.tables:
        if table.chased <= 0:
            continue
        try:
            bill = portal_paying.bill_of(access, [], table.currency.name)
        except Refused:
            continue
        found[table.currency.name] = Due(access.env._("Pay %(amount)s", amount=bill.total), _note(access, bill))
    return found


def bill_of_invoice(access, move):
    """Return what can be paid of one invoice now as a `portal_paying.Bill`; None when nothing can."""
    owed = move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
    try:
        return portal_paying.bill_of(access, [str(line.id) for line in owed])
    except Refused:
        return None


def _note(access, bill):
    """Return why it is not the amount past due: what is due today is asked for too."""
    if bill.discount_note:
        return f"{bill.discount_note}: {bill.discount_words}"
    if any(entry.days_past_due == 0 for entry in bill.entries):
        return access.env._("What is due today is in it.")
    return ""
