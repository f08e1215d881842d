"""The disputes of a ledger: opened some days after the invoice, rejected some days after its due date."""

from collections import defaultdict
from datetime import timedelta

#: Days after the invoice date on which the customer disputes the full amount of an invoice that is marked so.
OPENED_AFTER = timedelta(days=5)
#: Days after the due date on which what is still open is rejected.
REJECTED_AFTER = timedelta(days=10)


class Disputes:
    """Opens and rejects the disputes of some invoices in the books. One that is paid meanwhile closes by itself."""

    def __init__(self, books, invoices):
        self.books = books
        self.reason = books.env.ref("recobro_module.dispute_reason_other")
        self.tickets = {}
        self.to_open = defaultdict(list)
        self.to_reject = defaultdict(list)
        for invoice in invoices:
            rejected = invoice.due + REJECTED_AFTER
            if invoice.disputed and invoice.invoiced + OPENED_AFTER < rejected:
                self.to_open[invoice.invoiced + OPENED_AFTER].append(invoice)
                self.to_reject[rejected].append(invoice)

    def days_before(self, day):
        """Return the days before `day` on which something is disputed or rejected."""
        return {earlier for earlier in (*self.to_open, *self.to_reject) if earlier < day}

    def live(self, env, day):
        """Reject what is still open on a day that has come, and open what is disputed on it."""
        tickets = env["recobro.dispute"]
        tickets.union(
            *(
                self.tickets[one.number].with_env(env)
                for one in self.to_reject.pop(day, ())
                if one.number in self.tickets
            )
        ).filtered(lambda ticket: ticket.kind != "final").action_reject()
        for invoice in self.to_open.pop(day, ()):
            move = self.books.moves[invoice.number].with_env(env)
            if move.amount_residual:
                self.tickets[invoice.number] = tickets._open_ticket(
                    move.commercial_partner_id,
                    move.company_id,
                    {move: move.amount_residual},
                    reason_id=self.reason.id,
                    subject=f"Invoice {invoice.number} is disputed",
                )

    def figures(self, env):
        """Return how many there were, how many are open, and how many kept their SLA or not, as `env` lives."""
        tickets = env["recobro.dispute"].union(*(ticket.with_env(env) for ticket in self.tickets.values()))
        states = tickets.mapped("sla_state")
        return {
            "opened": len(tickets),
            "open": len(tickets.filtered(lambda ticket: ticket.kind != "final")),
            "sla_met": states.count("met"),
            # What is open and past its SLA has missed it too (METRICS.md, SLA attainment)
            "sla_missed": states.count("missed") + states.count("late"),
        }
