"""Promises to pay, taken in calls: customers who are about to pay keep them, others do not."""

from datetime import timedelta

from odoo import Command

#: What is looked for among the customers, in this order; the last ones when there is time for no verdict any more.
_WANTED = (
    "kept",
    "broken",
    "partly_kept",
    "renegotiated",
    "kept",
    "kept",
    "broken",
    "kept",
    "partly_kept",
    "kept",
    "renegotiated",
    "kept",
    "broken",
    "kept",
    "partly_kept",
    "kept",
)
_OPEN = 6
#: So many days ago a promise is taken at the latest that gets its verdict until today, with weekend and tolerance.
_VERDICT_DAYS = 8
#: From so many days ago on a customer who promises pays because of it, when nobody else is about to pay.
_SHORT_OF_DAYS = 11
_NOTES = {
    "kept": (
        "Hablado con pagos: está en la remesa de esta semana. Confirma el importe.",
        "Lo tiene autorizado gerencia; hace la transferencia en cuanto vuelva al despacho.",
        "Pide disculpas por el retraso, se les pasó al cambiar de programa. Lo paga ya.",
    ),
    "partly_kept": (
        "Dice que lo paga todo junto en cuanto cobre de un cliente suyo.",
        "Promete ponerse al día con todo lo vencido; duda al hablar del importe.",
    ),
    "broken": (
        "Promete transferencia esta semana. Ya lo ha dicho otras veces.",
        "Asegura que lo paga en unos días; no quiere dar más detalle.",
    ),
    "renegotiated": ("Lo paga sin falta esta semana, espera el visto bueno de su gerente.",),
    "open": (
        "Confirma la fecha y el importe; pide que no le mandemos más avisos hasta entonces.",
        "Lo incluye en su próximo día de pago. Pendiente de la firma del segundo apoderado.",
        "Paga cuando cierre el mes; ha mirado el saldo con nosotros por teléfono.",
    ),
}
_AGAIN = "No ha llegado el visto bueno: pide una semana más. Se le dice que es la última."


class Promises:
    """The promises that customers make in calls."""

    def __init__(self, answers):
        self.answers = answers
        self.random = answers.random
        self.wanted = list(_WANTED)
        self.still_open = _OPEN
        self.again = {}

    def hear(self, day):
        """Take the promises of a day: one on most days at first, two in the last weeks."""
        for items, amount in self.again.pop(day, ()):
            self._take_again(items, amount, day)
        days_ago = (self.answers.today - day).days
        if days_ago < _VERDICT_DAYS:
            self._take_open(day)
            return
        number = 2 if days_ago < 2 * _VERDICT_DAYS else int(self.random.random() < 0.6)
        for outcome in list(dict.fromkeys(self.wanted)):
            if number and self._find(outcome, day):
                self.wanted.remove(outcome)
                number -= 1

    # -------------------------------------------------------------------------
    # WHO MAKES THEM
    # -------------------------------------------------------------------------

    def _find(self, outcome, day):
        """Take a promise of the first customer who is likely to make that of it; return whether there is one."""
        find = getattr(self, f"_terms_{outcome}")
        for partner, items in self._overdue(day):
            terms = find(items, day, self.answers.customers[partner])
            if terms:
                self._take(partner, day, outcome, *terms)
                return True
        return False

    def _overdue(self, day):
        for partner, items in self.answers.open_items().items():
            overdue = items.filtered(lambda item: item.due_date < day)
            currency = overdue.currency_id[:1]
            overdue = overdue.filtered(lambda item, currency=currency: item.currency_id == currency)
            if overdue:
                yield partner, overdue.sorted("due_date")[:4]

    def _terms_kept(self, items, day, customer):
        """Return (items, amount, day): of what is going to be paid, or for want of it of the oldest item."""
        last = min(day + timedelta(days=9), self.answers.today - timedelta(days=1))
        paid = items.filtered(lambda item: self.answers.expected(item, day, last))
        if paid:
            days = [when for item in paid for when, _amount in self.answers.payments_of(item, day, last)]
            return paid, self.answers.expected(paid, day, last), max(days)
        return self._pay_because_of_it(items, day, customer, 1.0)

    def _terms_partly_kept(self, items, day, customer):
        """Return (items, amount, day): of all that is overdue, of which only a part is going to be paid."""
        promised = self._soon(day)
        owed = sum(items.mapped("amount_open"))
        paid = self.answers.expected(items, day, promised)
        if 0.1 * owed < paid and self.answers.expected(items, day, self._tolerated(promised)) < 0.8 * owed:
            return items, owed, promised
        return self._pay_because_of_it(items, day, customer, 0.5)

    def _terms_broken(self, items, day, _customer):
        """Return (items, amount, day): of what nobody is going to pay in time."""
        promised = self._soon(day)
        if self.answers.expected(items, day, self._tolerated(promised)):
            return None
        return items, sum(items.mapped("amount_open")), promised

    def _terms_renegotiated(self, items, day, _customer):
        promised = day + timedelta(days=7)
        if self.answers.expected(items, day, promised):
            return None
        return items[:2], sum(items[:2].mapped("amount_open")), promised

    def _pay_because_of_it(self, items, day, customer, share):
        """Let a customer pay, when it is late in the demo and nobody is about to pay by the story."""
        if (self.answers.today - day).days > _SHORT_OF_DAYS or self.answers.expected(items, day, self.answers.today):
            return None
        item, promised = items[:1], self._soon(day)
        self.answers.pay(customer, promised, [(item, share)])
        return item, item.amount_open, promised

    def _soon(self, day):
        """Return the second working day from a day on."""
        return day + timedelta(days=2 if day.weekday() < 3 else 4)

    def _tolerated(self, promised):
        """Return a day on which no tolerance is left, whatever weekend lies between."""
        return promised + timedelta(days=6)

    def _take_open(self, day):
        """Take promises whose day is still to come, of who has paid nothing of it yet."""
        if not self.still_open or day >= self.answers.today:
            return
        for partner, items in self._overdue(day):
            if not self.answers.expected(items, day, self.answers.today):
                self.still_open -= 1
                promised = self.answers.today + timedelta(days=self.random.randint(1, 12))
                owed = sum(items.mapped("amount_open"))
                amount = round(owed * self.random.choice((0.5, 1.0, 1.0)), 2)
                self._take(partner, day, "open", items, amount, promised)
                return

    # -------------------------------------------------------------------------
    # TAKING THEM
    # -------------------------------------------------------------------------

    def _take(self, partner, day, outcome, items, amount, promised):
        """Log the call in which the promise was made, with the dialog for it."""
        case = self.answers.case_of(partner)
        env = self.answers.at_work(self.answers.collector_of(partner), day, self.random.randint(9, 16))
        env["recobro.interaction.log"].create(
            {
                "case_id": case.id,
                "channel": "call",
                "result": "promised",
                "contact_id": case.contact_ids.filtered("phone").sorted(lambda one: not one.parent_id)[:1].id,
                "note": self.random.choice(_NOTES[outcome]),
                **self._terms(items, amount, promised),
            }
        ).action_log()
        self.answers.keep(items)
        if outcome == "renegotiated":
            again = day + timedelta(days=5 if day.weekday() > 1 else 3)
            self.again.setdefault(again, []).append((items, amount))

    def _take_again(self, items, amount, day):
        """Take a later promise for the same items, with the dialog of the case: it takes the place of the first."""
        partner = items.partner_id
        env = self.answers.at_work(self.answers.collector_of(partner), day, 17)
        env["recobro.promise.take"].create(
            {
                "case_id": self.answers.case_of(partner).id,
                "channel": "email",
                "note": _AGAIN,
                **self._terms(items, amount, day + timedelta(days=7)),
            }
        ).action_take()

    def _terms(self, items, amount, promised):
        return {
            "promise_currency_id": items.currency_id.id,
            "promise_item_ids": [Command.set(items.ids)],
            "promise_amount": amount,
            "promise_date": promised,
        }
