"""A payment plan put into words for one reader: the text they agree to, the message that proposes it, and its page.

Figures and sentences are made here, once, in the reader's language; templates only lay them out.
"""

from dataclasses import dataclass
from functools import cached_property

from odoo.tools import format_date, format_list

from .. import alerts, clock, link
from ..letter import Letter
from . import plan_terms, settlements


@dataclass(frozen=True)
class PlanRow:
    """An instalment, ready to show. `tone` is paid, late, next or coming."""

    instalment_id: int
    number: int
    name: str
    due: str
    amount: str
    tone: str
    timing: str
    left: str


@dataclass(frozen=True)
class PlanItem:
    """An invoice of a plan, ready to show."""

    name: str
    due: str
    open_then: str
    amount: str


class PlanLetter(Letter):
    """A plan in words, with the look and the people of every message (`engine.letter.Letter`).

    :param plan: `recobro.payment.plan`, with the reader's language in its context.
    :param contact: who reads it: their link is shown. The plan's contact when empty.
    """

    def __init__(self, plan, contact=None):
        # sudo: what is in a plan is told to its own customer
        plan = plan.sudo()
        reader = contact or plan.contact_id or plan.partner_id
        user = plan.user_id or alerts.owner_of(plan.case_id)
        super().__init__(plan.env, None, plan.company_id, plan.partner_id, reader, user)
        self.plan = plan.with_env(self.env)

    # -- figures --------------------------------------------------------------

    def date(self, day):
        """Return a day with its month as a word: 7/8 is read differently here and there, and this is signed."""
        return format_date(self.env, day, date_format="medium")

    def money(self, value):
        """Return an amount of the plan as the reader's locale writes it."""
        return self.amount(value, self.plan.currency_id)

    @property
    def total(self):
        """Return what is to be paid."""
        return self.money(self.plan.total)

    @property
    def debt(self):
        """Return what the plan is about, its discount included."""
        return self.money(self.plan.amount)

    @property
    def discount(self):
        """Return what is forgiven if the plan is kept; nothing for a plan without a discount."""
        return self.money(self.plan.discount) if self.plan.is_settlement else ""

    @property
    def credit_note_words(self):
        """Return the sentence that says for what of a discount there will be a credit note; nothing for none of it."""
        of_invoices = self.plan.line_ids.filtered(lambda line: settlements.has_credit_note(line.item_id))
        if not of_invoices:
            return ""
        if of_invoices == self.plan.line_ids:
            return self.env._("We send you a credit note for it.")
        return self.env._(
            "We send you a credit note for what of it is of %(invoices)s, and take the rest off your account.",
            invoices=format_list(self.env, list(dict.fromkeys(of_invoices.item_id.mapped("name")))),
        )

    @property
    def paid(self):
        """Return what has come in."""
        return self.money(self.plan.paid_amount)

    @property
    def left(self):
        """Return what is still to be paid."""
        return self.money(sum(self.plan.installment_ids.mapped("amount_left")))

    @cached_property
    def items(self):
        """Return a `PlanItem` for each invoice of the plan, oldest first."""
        lines = self.plan.line_ids.sorted(lambda line: (line.due_date, line.id))
        return [
            PlanItem(
                line.item_id.name or "", self.date(line.due_date), self.money(line.amount_then), self.money(line.amount)
            )
            for line in lines
        ]

    @cached_property
    def rows(self):
        """Return a `PlanRow` for each instalment, in order."""
        today = clock.today(self.env, self.company)
        following = self.next_instalment
        return [self._plan_row(instalment, today, following) for instalment in self.plan.installment_ids]

    @property
    def next_instalment(self):
        """Return the first instalment that is not complete (empty when there is none)."""
        return self._unpaid[:1]

    @property
    def unpaid_count(self):
        """Return how many instalments are not complete."""
        return len(self._unpaid)

    @property
    def unpaid_lines(self):
        """Return the instalments that are not complete as the portal names them: see `engine.portal.portal_account`."""
        return ",".join(str(-instalment.id) for instalment in self._unpaid)

    @property
    def _unpaid(self):
        return self.plan.installment_ids.filtered(lambda part: part.state in ("open", "missed") and part.amount_left)

    def _plan_row(self, instalment, today, following):
        days = (today - instalment.due_date).days
        tone, timing = "coming", ""
        if instalment.state == "paid":
            tone = "paid"
            timing = self.env._("paid on %(date)s", date=self.date(instalment.paid_on)) if instalment.paid_on else ""
        elif instalment.state in ("open", "missed"):
            tone = "late" if days > 0 else "next" if instalment == following else "coming"
            timing = self.days_late(days)
        partly = instalment.amount_paid and instalment.state in ("open", "missed")
        return PlanRow(
            instalment_id=instalment.id,
            number=instalment.number,
            name=self._part_name(instalment),
            due=self.date(instalment.due_date),
            amount=self.money(instalment.amount),
            tone=tone,
            timing=timing,
            left=self.env._("%(amount)s left", amount=self.money(instalment.amount_left)) if partly else "",
        )

    def _part_name(self, instalment):
        if len(self.plan.installment_ids) == 1:
            return self.env._("The payment")
        if instalment.is_down_payment:
            return self.env._("Instalment %(number)s, down payment", number=instalment.number)
        return self.env._("Instalment %(number)s", number=instalment.number)

    @property
    def accepted_on(self):
        """Return the day on which it was accepted, as the reader's locale writes it."""
        return self.date(self.plan.accepted_at) if self.plan.accepted_at else ""

    # -- the rules, in words --------------------------------------------------

    @cached_property
    def rules(self):
        """Return what is said of late payments, {field: value}: as frozen, or of a draft what it would be today."""
        if not self.plan.missed_limit:
            return plan_terms.rules_frozen(self.plan)
        return {name: self.plan[name] for name in ("tolerance_days", "missed_limit")}

    @property
    def valid_until(self):
        """Return the last day on which it can be accepted, as the reader's locale writes it."""
        return self.date(self.plan.valid_until) if self.plan.valid_until else ""

    @property
    def title(self):
        """Return what it is: a payment plan, or a settlement, and its number."""
        if self.plan.is_settlement:
            return self.env._("Settlement %(number)s", number=self.plan.name)
        return self.env._("Payment plan %(number)s", number=self.plan.name)

    @property
    def gist(self):
        """Return the plan in a sentence: how many payments, of how much, from when to when."""
        parts = self.plan.installment_ids
        if not parts:
            return ""
        values = {
            "count": len(parts),
            "total": self.total,
            "first": self.date(parts[0].due_date),
            "last": self.date(parts[-1].due_date),
        }
        if len(parts) == 1:
            return self.env._("One payment of %(total)s, by %(first)s.", **values)
        return self.env._("%(count)s payments, %(total)s in all, from %(first)s to %(last)s.", **values)

    @property
    def grace(self):
        """Return the sentence that says until when a payment is in time."""
        days = self.rules["tolerance_days"]
        if not days:
            return self.env._("A payment is in time when we have received it by its day.")
        if days == 1:
            return self.env._(
                "A payment is in time when we have received it by its day, or one working day later at most."
            )
        return self.env._(
            "A payment is in time when we have received it by its day, or %(days)s working days later at most.",
            days=days,
        )

    @property
    def end_if_missed(self):
        """Return the sentence that says after how many missed payments the plan ends."""
        limit = self.rules["missed_limit"]
        if limit == 1:
            return self.env._("If a payment is missed, the plan ends.")
        return self.env._("If %(count)s payments are missed, the plan ends.", count=limit)

    @property
    def owner_line(self):
        """Return who the customer is: name, tax number, address, in one line."""
        owner = self.partner
        place = " ".join(part for part in (owner.zip, owner.city) if part)
        return " · ".join(part for part in (owner.name, owner.vat, owner.street, place) if part)

    # -- what every message has -----------------------------------------------

    @cached_property
    def moves(self):
        """Return {id: invoice} of the plan: their bank accounts are shown."""
        moves = self.plan.line_ids.item_id.move_id.exists()
        return {move.id: move for move in moves}

    @property
    def payment_reference(self):
        """Return what to quote in a transfer: the number of the plan."""
        return self.plan.name

    @property
    def headline(self):
        """Return the short text that a mail client shows beside the subject."""
        return self.gist

    @property
    def url(self):
        """Return the address of the plan's page for the reader."""
        account = link.make_url(self.company, self.partner, self.contacts[:1])
        return f"{account}/plan/{self.plan.id}"

    @property
    def as_of_note(self):
        """Return the sentence that says until when the proposal stands."""
        if not self.valid_until:
            return ""
        return self.env._("This proposal stands until %(date)s.", date=self.valid_until)

    @property
    def invoice_names(self):
        """Return the names of the invoices of the plan, as a sentence lists them."""
        return format_list(self.env, list(dict.fromkeys(item.name for item in self.items)))
