"""The account in words for one action: what any text of a level may say, on whatever channel it goes."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from odoo.tools import format_date, format_list

from ...const import LETTER_DAYS_TO_PAY
from ..letter import Letter

#: Countries whose window envelopes show the address on the right; elsewhere it is on the left (DIN 5008).
_WINDOW_ON_THE_RIGHT = ("BE", "ES", "FR", "IT", "PT")
#: Earlier messages whose days are named at most: the last ones.
_MOST_EARLIER = 5


@dataclass(frozen=True)
class Claim:
    """One item that a letter asks to be paid, ready to show. `note` says so when it is a part of the item."""

    name: str
    details: list
    due: str
    timing: str
    amount: str
    note: str


@dataclass(frozen=True)
class Claims:
    """What a letter asks for in one currency."""

    currency_name: str
    rows: list
    total: str


class ActionLetter(Letter):
    """A `Letter` that knows the action it is written for: its days, and what went before it.

    :param action: `recobro.action`, in sudo.
    :param facts: what a `Letter` is made of.
    """

    def __init__(self, action, *facts):
        super().__init__(*facts)
        self.action = action.with_env(self.env)

    @cached_property
    def claims(self):
        """Return a `Claims` for each currency in which something is asked for."""
        found = []
        for table in self.statement.tables:
            lines = [line for line in table.lines if line in self.asked]
            if lines:
                rows = [self._claim(line, table.currency) for line in lines]
                total = self.amount(sum(line.chased for line in lines), table.currency)
                found.append(Claims(table.currency.name, rows, total))
        return found

    def _claim(self, line, currency):
        details = [self.env._("Your ref.: %(reference)s", reference=line.reference)] if line.reference else []
        if line.instalment_count > 1:
            details.append(
                self.env._("Instalment %(number)s of %(count)s", number=line.instalment, count=line.instalment_count)
            )
        is_part = currency.compare_amounts(line.chased, line.open) < 0
        return Claim(
            name=self.env._("Payment plan %(name)s", name=line.name) if line.is_instalment else line.name,
            details=details,
            due=format_date(self.env, line.due_date),
            timing=self.timing(line),
            amount=self.amount(line.chased, currency),
            note=self.env._("of %(amount)s", amount=self.amount(line.open, currency)) if is_part else "",
        )

    @property
    def total(self):
        """Return the sum of what is asked for, one for each currency, in words."""
        return self.totals(self.asked)

    @property
    def days_to_pay(self):
        """Return the days it gives to pay: the grace days of its level."""
        return self.action.level_id.grace_days or LETTER_DAYS_TO_PAY

    @property
    def pay_by(self):
        """Return the day by which it asks for the payment."""
        return self.date(self.statement.as_of + timedelta(days=self.days_to_pay))

    @cached_property
    def earlier_days(self):
        """Return the days on which the customer was written to before, the last ones; empty when on none."""
        lines = self.env["recobro.interaction"].search(
            [
                ("case_id", "=", self.action.case_id.id),
                ("direction", "=", "out"),
                ("result", "=", "sent"),
                ("channel", "in", ("email", "sms", "letter", "whatsapp")),
            ],
            order="date desc, id desc",
            limit=50,
        )
        days = sorted({line.date.date() for line in lines} - {self.statement.as_of})[-_MOST_EARLIER:]
        return format_list(self.env, [self.date(day) for day in days]) if days else ""

    @property
    def greeting(self):
        """Return how the letter begins: by name to people, else to nobody by name."""
        if any(not contact.is_company for contact in self.contacts):
            return self.env._("Dear %(names)s,", names=self.salutation)
        return self.env._("Dear Sir or Madam,")

    # -- from whom, to whom ---------------------------------------------------

    @cached_property
    def address(self):
        """Return the partner whose postal address it goes to: the person's, else that of invoices, else the company's.

        Empty where none of them has a street and a city.
        """
        invoices = self.partner.browse(self.partner.address_get(["invoice"])["invoice"])
        for partner in (*self.contacts, invoices, self.partner):
            if partner.street and partner.city:
                return partner
        return self.partner.browse()

    @cached_property
    def address_lines(self):
        """Return the lines in the window of the envelope; the country only where it is another than the sender's."""
        people = [contact.name for contact in self.contacts if contact.name and not contact.is_company]
        lines = [self.partner.name]
        if people and people != lines:
            lines.append(self.env._("Attn. %(names)s", names=format_list(self.env, people[:2])))
        lines += [line.strip() for line in self.address._display_address(without_company=True).splitlines()]
        country = self.address.country_id
        if country and country == self.company.country_id:
            lines = [line for line in lines if line != country.name]
        return [line for line in lines if line]

    @property
    def place_and_date(self):
        """Return the line that says where and when it was written."""
        day = self.date(self.statement.as_of)
        city = self.company.partner_id.city
        return self.env._("%(city)s, %(date)s", city=city, date=day) if city else day

    @property
    def sender_line(self):
        """Return the sender in one line, as the post wants it above the address."""
        owner = self.company.partner_id
        place = " ".join(part for part in (owner.zip, owner.city) if part)
        return " · ".join(part for part in (self.company.name, owner.street, place) if part)

    @property
    def sender_address(self):
        """Return the address of the sender, line by line."""
        owner = self.company.partner_id
        lines = owner._display_address(without_company=True).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def is_window_right(self):
        """Return whether the window of the envelopes is on the right: as the company says, else as its country does."""
        side = self.company.recobro_letter_window
        return side == "right" if side else self.company.country_id.code in _WINDOW_ON_THE_RIGHT

    @property
    def reference(self):
        """Return what to quote when answering: the customer's reference where there is one, and the letter's number."""
        return f"{self.partner.ref or self.partner.id}/{self.action.id}"

    @property
    def signer(self):
        """Return who signs: the responsible, else nobody by name."""
        person = self.user.partner_id
        return person if person and person != self.company.partner_id else person.browse()
