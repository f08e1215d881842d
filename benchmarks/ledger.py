"""The ledger that the benchmarks are run on: customers and invoices that Odoo wrote once, cloned by SQL."""

from datetime import date

#: The day that is lived unless a case says another: a Monday. Due dates lie from 159 days before it to 20 after it.
DAY = date(2026, 3, 2)
DAYS_OF_DUE_DATES = 180
LATEST_DUE = 20
#: What a ledger is written into.
TABLES = (
    "res_partner",
    "account_move",
    "account_move_line",
    "account_payment",
    "account_partial_reconcile",
    "account_full_reconcile",
)


def seed(env, customers, items_each, paid_each=0, day=DAY):
    """Write a ledger of `customers` with `items_each` open invoices each; commits nothing.

    One customer in ten has a payment, one in twenty a credit note, that is not matched with an invoice. Each customer
    has an address of its own.

    :param paid_each: invoices of each customer that were paid and reconciled long ago.
    :return: the ids of the customers, a range.
    """
    from seeding import write  # Odoo can be imported only when it is set up

    return write(env, customers, items_each, paid_each, day)
