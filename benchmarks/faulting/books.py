"""Who is owed a message, read from the books alone: nothing that collections wrote is looked at.

The rule is written here a second time, on purpose: what the addon forgets can only be seen by somebody who counts
for himself. It is that of the shipped policy, for customers whom nobody has written to before.
"""

from dataclasses import dataclass, field
from decimal import Decimal

#: The shipped policy, for a customer's first message: from five days before the due date until it, and from the
#: first reminder on. Old debt starts at the reminder, so that two days late is not yet written about.
NOTICE_DAYS, REMINDER_DAYS = 5, 3

BOOKS = """
    SELECT partner.id, partner.email_normalized, move.id, move.name, line.amount_residual,
           %(day)s::date - line.date_maturity
      FROM account_move_line line
      JOIN account_move move ON move.id = line.move_id AND move.state = 'posted'
      JOIN account_account account ON account.id = line.account_id AND account.account_type = 'asset_receivable'
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE NOT line.reconciled
     ORDER BY partner.id, line.id
"""


@dataclass
class Invoice:
    """What is open of one invoice (or, below zero, of a credit note)."""

    move_id: int
    name: str
    amount: Decimal
    days_late: int
    paid_at: float | None = None
    """When its payment was committed, by the bookkeeper's clock."""

    def is_open(self, moment):
        """Whether it was open at a moment."""
        return self.paid_at is None or self.paid_at > moment

    @property
    def is_asked_for(self):
        """Whether its day for a first message has come."""
        return self.amount > 0 and (-NOTICE_DAYS <= self.days_late <= 0 or self.days_late >= REMINDER_DAYS)


@dataclass
class Customer:
    """A customer with what is open of it."""

    partner_id: int
    address: str | None
    invoices: list = field(default_factory=list)

    def balance(self, moment):
        """All that the customer owed at a moment, net of credits."""
        return sum((invoice.amount for invoice in self.invoices if invoice.is_open(moment)), Decimal())

    def is_owed(self, moment):
        """Whether a message was owed at a moment, had there been an address."""
        due = any(invoice.is_asked_for and invoice.is_open(moment) for invoice in self.invoices)
        return due and self.balance(moment) > 0


def read(connection, day):
    """Return {address or partner id: Customer} as the books are now, for the day that is lived."""
    customers = {}
    with connection.cursor() as cursor:
        cursor.execute(BOOKS, {"day": day})
        for partner, address, move, name, amount, late in cursor.fetchall():
            customer = customers.setdefault(address or partner, Customer(partner, address))
            customer.invoices.append(Invoice(move, name, amount, late))
    return customers
