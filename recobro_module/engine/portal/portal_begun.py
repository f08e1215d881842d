"""Beginning a payment in the portal: one at a time of a customer, and never beside one that is under way unawares."""

from datetime import timedelta

from odoo.tools import SQL, format_amount, format_time

from .. import clock
from . import portal_paying
from .portal_refusal import Refused

#: How long a payment that was begun may still be under way in another tab.
_JUST_BEGUN = timedelta(minutes=15)


def begin(access, names, known=0):
    """Return the `Bill` of a payment that begins now, when no other one of the same invoices is under way.

    Of two tabs, or two colleagues, that press "Pay" at the same instant one begins; the other one is refused, as if
    it had come a moment later.

    :param names: the lines that a visitor has named: see `portal_paying.bill_of`.
    :param known: id of the last payment that the visitor was told they have begun.
    :raise Refused: with why not, in words for the visitor.
    """
    _take_turn(access)
    bill = portal_paying.bill_of(access, names)
    if other := begun(access, bill, known):
        words, otherwise = begun_words(access, other), access.env._("If you did not, load the page again.")
        raise Refused(form=f"{words} {otherwise}")
    return bill


def _take_turn(access):
    """Let payments of one customer begin one after the other, as `engine/turns.py` does for answers.

    Before anything is read of what is under way. A row of our own is written, not the items or the customer: who is
    first may ask a payment provider before the transaction ends, and nobody else is to wait for that. Who is late is
    refused by PostgreSQL and begun anew by Odoo, with what the first one has left.
    """
    access.env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_portal_counter AS turn (name, number, asked, until)
            VALUES (%s, 0, 1, now() AT TIME ZONE 'UTC' + INTERVAL '1 hour')
                ON CONFLICT (name, number) DO UPDATE SET asked = turn.asked + 1, until = EXCLUDED.until
            """,
            f"paying {access.company.id} {access.partner.id}",
        ),
        log_exceptions=False,
    )


def begun(access, bill, known=0):
    """Return the latest payment of a bill's invoices that was begun a moment ago and of which nothing came yet.

    What became of it we may never hear: it is nothing that must not be paid again, but worth a question.

    :param known: id of the last one that the visitor was told about.
    """
    since = access.env.cr.now() - _JUST_BEGUN
    transactions = bill.moves.transaction_ids.filtered(
        lambda one: one.state == "draft" and one.create_date > since and one.id > known
    )
    return transactions.sorted("id")[-1:]


def begun_words(access, transaction):
    """Return what a visitor is told of a payment that was begun."""
    env = access.env
    return env._(
        "You began a payment of %(amount)s at %(time)s. If you finished it, there is nothing more for you to do.",
        amount=format_amount(env, transaction.amount, transaction.currency_id),
        time=format_time(env, transaction.create_date, tz=clock.timezone_of(access.company), time_format="short"),
    )
