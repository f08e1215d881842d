"""Payments that customers handed over: one of each kind, one that came back, one that the bank has paid out."""

from datetime import timedelta
from typing import NamedTuple

from odoo import Command


class Paper(NamedTuple):
    """A payment in hand as the demo tells it; days count from today, before it when negative."""

    kind: str
    received: int
    maturity: int
    reference: str
    note: str
    #: Day, the bank's reason, its costs.
    returned: tuple = ()


_PAPERS = (
    Paper("promissory_note", -24, 36, "Pagaré 4.410.225", "Pagaré no a la orden, domiciliado en su banco."),
    Paper("direct_debit", -20, -15, "Remesa 2201", "Incluida en la remesa semanal."),
    Paper("cheque", -10, -8, "Cheque 0.882.114", "Cheque nominativo; lo trae el repartidor.", (-4, "Sin fondos", 18.5)),
    Paper("promissory_note", -9, 48, "Pagaré 7.315.002", "Pagaré a 60 días, recibido por mensajería."),
    Paper("confirming", -7, 21, "CF-88120", "Cedida por el cliente al confirming de su banco."),
    Paper("direct_debit", -4, 2, "Remesa 2207", "Incluida en la remesa semanal."),
)


class PaymentsInHand:
    """What is handed over at the desk, and what the bank makes of it."""

    def __init__(self, answers):
        self.answers = answers
        self.due = {}
        for paper in _PAPERS:
            self.due.setdefault(answers.working_day(-paper.received), []).append(paper)
        self.returns = {}

    def hear(self, day):
        """Record what is handed over on a day, and what the bank returns."""
        for paper in self.due.get(day, ()):
            self._receive(paper, day)
        for payment, paper in self.returns.pop(day, ()):
            self._return(payment, paper, day)

    def _receive(self, paper, day):
        answers = self.answers
        items = answers.unpaid_invoice(day)
        if not items:
            return
        partner = items.partner_id
        env = answers.at_work(answers.collector_of(partner), day, 12)
        before = env["recobro.payment.in.hand"].search([], order="id desc", limit=1).id or 0
        env["recobro.payment.in.hand.take"].with_context(
            default_case_id=answers.case_of(partner).id, default_partner_id=partner.id
        ).create(
            {
                "kind": paper.kind,
                "item_ids": [Command.set(items.ids)],
                "maturity": self._maturity(paper),
                "reference": paper.reference,
                "note": paper.note,
                "channel": "visit" if paper.kind == "cheque" else "email",
            }
        ).action_record()
        answers.keep(items)
        payment = env["recobro.payment.in.hand"].search([("id", ">", before)])
        if paper.returned:
            self.returns.setdefault(answers.working_day(-paper.returned[0]), []).append((payment, paper))
        elif paper.maturity < 0:
            # The bank pays it out like any other transfer
            answers.pay(answers.customers[partner], self._maturity(paper), [(item, 1.0) for item in items])

    def _maturity(self, paper):
        day = self.answers.today + timedelta(days=paper.maturity)
        return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)

    def _return(self, payment, paper, day):
        _day, reason, costs = paper.returned
        env = self.answers.at_work(payment.user_id, day, 10)
        action = payment.with_env(env).action_return()
        env[action["res_model"]].with_context(**action["context"]).create(
            {"reason": reason, "costs": costs, "day": day}
        ).action_return()
