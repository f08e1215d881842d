"""The discount that a customer's payment terms give for paying early, told to those who may still take it.

Odoo's own: its last day and the amount that is enough stand on the invoice's journal item. It is told while nothing is
overdue, of an invoice that is asked for in full: what was paid in part, disputed or covered by a credit has lost it.
"""

from dataclasses import dataclass
from datetime import date

#: Invoices whose discount a message tells at most: more would bury what it is about.
_MOST = 5
_LINE_FIELDS = ("discount_date", "discount_amount_currency", "amount_currency")


@dataclass(frozen=True)
class Offer:
    """A discount that can still be taken: until which day, what is enough, what is saved; in the invoice's currency."""

    last_day: date
    enough: float
    saved: float


def prefetch(moves, statements):
    """Read in one query what `sentences` needs of a batch; nothing when no terms of payment give a discount.

    :param moves: the invoices of the batch, with their terms read.
    """
    giving = moves.filtered(lambda move: move.invoice_payment_term_id.early_discount)
    if not giving:
        return
    ids = [line.line_id for statement in statements for line in statement.lines if line.move_id in giving._ids]
    giving.env["account.move.line"].browse(ids).fetch(_LINE_FIELDS)


def sentences(letter):
    """Return what the customer saves by paying early, a sentence an invoice, the one that ends first at the top."""
    if letter.statement.has_overdue:
        return []
    offers = sorted(_offers(letter), key=lambda offer: offer[0])
    return [_sentence(letter, *offer) for offer in offers[:_MOST]]


def _offers(letter):
    """Yield (last day, line, amount that is enough, amount saved, currency) of what can still be taken."""
    for table in letter.statement.tables:
        currency = table.currency
        for line in table.lines:
            move = letter.moves.get(line.move_id)
            if not move or line.is_instalment or not move.invoice_payment_term_id.early_discount:
                continue
            item = move.env["account.move.line"].browse(line.line_id)
            if offer := offer_of(item, currency, line.chased, letter.statement.as_of):
                yield offer.last_day, line, offer.enough, offer.saved, currency


def offer_of(item, currency, asked, as_of):
    """Return the `Offer` that still stands on a day; None when there is none.

    :param item: the receivable journal item of an invoice with such terms.
    :param asked: what of it is asked for, in `currency`, the invoice's.
    """
    is_whole = not currency.compare_amounts(asked, item.amount_currency)
    saved = currency.round(item.amount_currency - item.discount_amount_currency)
    if is_whole and saved > 0 and item.discount_date and item.discount_date >= as_of:
        return Offer(item.discount_date, item.discount_amount_currency, saved)
    return None


def _sentence(letter, last_day, line, enough, saved, currency):
    values = {
        "name": line.name,
        "date": letter.date(last_day),
        "enough": letter.amount(enough, currency),
        "saved": letter.amount(saved, currency),
    }
    if last_day == letter.statement.as_of:
        return letter.env._("Pay invoice %(name)s today and %(enough)s is enough: you save %(saved)s.", **values)
    return letter.env._("Pay invoice %(name)s by %(date)s and %(enough)s is enough: you save %(saved)s.", **values)
