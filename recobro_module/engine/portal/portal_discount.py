"""The discount for paying early, taken in the portal: of one invoice that is paid by itself, and in full.

Odoo books it as such when the money of a transaction is what is enough for its only invoice with a discount. Several
invoices at once are paid in full: who has chosen them is told which of them is cheaper by itself.
"""

from odoo.tools import format_amount, format_date

from .. import early_payment


def offer(rows, moves, as_of):
    """Return the `early_payment.Offer` of what is paid at once; None when there is none.

    :param rows: the verdicts on what is paid, each with its `payable`.
    :param moves: the invoices that the money is matched with, in sudo.
    """
    return _offer(rows[0], moves, as_of) if len(rows) == 1 == len(moves) else None


def by_itself(env, rows, moves, as_of):
    """Return a sentence an invoice that would be cheaper if it was paid by itself; none when it is."""
    if len(rows) == 1:
        return []
    found = []
    for row in rows:
        move = moves.filtered(lambda one, row=row: one.id == row["move_id"])
        if one := _offer(row, move, as_of):
            found.append(_sentence(env, one, move))
    return found


def _offer(row, move, as_of):
    if not move or row["line_id"] < 0 or not move._is_eligible_for_early_payment_discount(move.currency_id, as_of):
        return None
    item = move.env["account.move.line"].browse(row["line_id"])
    return early_payment.offer_of(item, move.currency_id, row["payable"], as_of)


def _sentence(env, one, move):
    return env._(
        "Invoice %(name)s paid by itself by %(date)s costs %(enough)s: you save %(saved)s.",
        name=move.name,
        date=format_date(env, one.last_day),
        enough=format_amount(env, one.enough, move.currency_id),
        saved=format_amount(env, one.saved, move.currency_id),
    )


def words(env, one):
    """Return until when a discount that is in a bill stands; nothing without one."""
    return env._("Discount for paying by %(date)s", date=format_date(env, one.last_day)) if one else ""
