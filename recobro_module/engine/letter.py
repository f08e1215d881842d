"""What a message, or the portal page, says about an account: figures and sentences in the reader's language.

One `Letter` serves both, so that the page shows what the message said. It tells the facts of the day: how late an
item really is, never the nominal day of a level.
"""

from dataclasses import dataclass, field
from functools import cached_property

from odoo.tools import format_amount, format_date, format_list

from . import link, returns

#: Bank accounts shown at most: more would be a riddle, not a help.
_MAX_BANK_ACCOUNTS = 3
#: What is read of invoices, and nothing else: they are wide.
_MOVE_FIELDS = ("move_type", "payment_reference", "name", "partner_bank_id")


def prefetch(env, found):
    """Read in one query what the letters of a batch need of their invoices.

    :param found: the statements of the batch.
    """
    # sudo: invoices of the company, read to be shown to its own customers
    moves = env["account.move"].sudo().browse({line.move_id for statement in found for line in statement.lines})
    moves.fetch(_MOVE_FIELDS)


@dataclass(frozen=True)
class Row:
    """One line of the account, ready to show. `tone` is late, today, coming, covered or apart."""

    move_id: int
    is_invoice: bool
    is_marked: bool
    name: str
    details: list
    due: str
    timing: str
    tone: str
    amount: str
    note: str


@dataclass
class Sheet:
    """The account in one currency: what is asked for, what is set apart, and how it adds up."""

    currency_name: str
    rows: list = field(default_factory=list)
    apart: list = field(default_factory=list)
    total: str = ""
    credit: str = ""
    balance: str = ""
    overdue: str = ""
    apart_total: str = ""


class Letter:
    """An account put into words for one reader.

    :param env: with the reader's language in its context.
    :param statement: `engine.statement.Statement` of the customer.
    :param contacts: the people addressed; the first one's link is shown.
    :param user: whom to talk to; the company itself when empty.
    """

    def __init__(self, env, statement, company, partner, contacts, user):
        # sudo: invoices and bank accounts of the company, read to be shown to its own customer
        self.env = env(su=True)
        self.statement = statement
        self.company = company.with_env(self.env)
        self.partner = partner.with_env(self.env)
        self.contacts = contacts.with_env(self.env)
        self.user = user.with_env(self.env)

    # -- figures --------------------------------------------------------------

    def amount(self, value, currency):
        """Return an amount as the reader's locale writes it."""
        return format_amount(self.env, value, currency)

    def date(self, day):
        """Return a day as the reader's locale writes it."""
        return format_date(self.env, day)

    def totals(self, lines):
        """Return what is asked for of `lines`, a sum for each currency."""
        sums = []
        for table in self.statement.tables:
            asked = sum(line.chased for line in table.lines if line in lines)
            if asked:
                sums.append(self.amount(asked, table.currency))
        return format_list(self.env, sums) if sums else ""

    @cached_property
    def moves(self):
        """Return {id: invoice or entry} of the lines, read in one go and only as far as needed."""
        moves = self.env["account.move"].browse({line.move_id for line in self.statement.lines})
        moves.fetch(_MOVE_FIELDS)
        return {move.id: move for move in moves}

    @cached_property
    def asked(self):
        """Return the lines the message is about: those that climb, or all that are asked for when none does."""
        asked = [line for line in self.statement.lines if line.chased > 0]
        return [line for line in asked if line.climbs] or asked

    # -- the table ------------------------------------------------------------

    @cached_property
    def sheets(self):
        """Return a `Sheet` for each currency, ready to show."""
        marks = len({line.climbs for line in self.statement.lines if line.chased > 0}) > 1
        return [self._sheet(table, marks) for table in self.statement.tables if table.lines]

    @property
    def has_marks(self):
        """Return whether some rows are marked as those the message is about, and others not."""
        return any(row.is_marked for sheet in self.sheets for row in sheet.rows)

    def _sheet(self, table, marks):
        currency = table.currency
        sheet = Sheet(currency.name)
        for line in table.lines:
            if line.open > line.held:
                sheet.rows.append(self._row(line, currency, marks))
            sheet.apart += [self._row_apart(line, held, currency) for held in line.holds]
        sheet.total = self.amount(table.open - table.held, currency)
        sheet.balance = self.amount(table.chased, currency)
        if table.credit > 0:
            sheet.credit = "−" + self.amount(table.credit, currency)
        if table.overdue:
            sheet.overdue = self.amount(table.overdue, currency)
        if table.held:
            sheet.apart_total = self.amount(table.held, currency)
        return sheet

    def _row(self, line, currency, marks):
        covered = line.chased <= 0
        note = ""
        if line.held:
            note = self.env._("of %(amount)s", amount=self.amount(line.open, currency))
        return Row(
            **self._row_base(line),
            is_marked=marks and line.climbs and not covered,
            timing=self.env._("already covered") if covered else self.timing(line),
            tone="covered" if covered else self._tone(line),
            amount=self.amount(line.open - line.held, currency),
            note=note,
        )

    def _row_apart(self, line, held, currency):
        return Row(
            **self._row_base(line),
            is_marked=False,
            timing=self._hold_reason(held),
            tone="apart",
            amount=self.amount(held.amount, currency),
            note="",
        )

    def _row_base(self, line):
        details = []
        if line.reference:
            details.append(self.env._("Your ref.: %(reference)s", reference=line.reference))
        if line.instalment_count > 1:
            details.append(
                self.env._("Instalment %(number)s of %(count)s", number=line.instalment, count=line.instalment_count)
            )
        return {
            "move_id": line.move_id,
            "is_invoice": self._is_invoice(line),
            "name": line.name,
            "details": details,
            "due": self.date(line.due_date),
        }

    @staticmethod
    def _tone(line):
        if line.is_overdue:
            return "late"
        return "coming" if line.days_past_due else "today"

    def timing(self, line):
        """Return how far `line` is from its due date, in words."""
        days = line.days_past_due
        if days > 1:
            return self.env._("%(days)s days late", days=days)
        if days < -1:
            return self.env._("in %(days)s days", days=-days)
        return {1: self.env._("1 day late"), 0: self.env._("due today"), -1: self.env._("due tomorrow")}[days]

    def _hold_reason(self, held):
        """Return what keeps an amount from being asked for, in words meant for the customer."""
        if held.reason == "dispute" and held.reference:
            return self.env._("%(reference)s: we are looking into it with you", reference=held.reference)
        if held.expected and held.reason == "promise":
            return self.env._("you told us you will pay on %(date)s", date=self.date(held.expected))
        if held.expected and held.reason == "payment_in_hand":
            return self.env._("payment on its way, for %(date)s", date=self.date(held.expected))
        words = {
            "promise": self.env._("you told us when you will pay"),
            "dispute": self.env._("we are looking into it with you"),
            "plan": self.env._("in your payment plan"),
            "payment_in_hand": self.env._("payment on its way"),
        }
        return words.get(held.reason) or self.env._("on hold")

    # -- sentences ------------------------------------------------------------

    @property
    def summary(self):
        """Return the sentence that says what the message is about: what, how much, since when or until when."""
        if not self.asked:
            return self.env._("Nothing is waiting to be paid.")
        return self._summary_of_one() if len(self.asked) == 1 else self._summary_of_many()

    def _summary_of_one(self):
        [line] = self.asked
        values = {
            "what": self._name_of(line),
            "amount": self.totals(self.asked),
            "date": self.date(line.due_date),
            "days": abs(line.days_past_due),
        }
        days = line.days_past_due
        if days > 1:
            return self.env._("%(what)s, with %(amount)s to pay, fell due on %(date)s, %(days)s days ago.", **values)
        if days < -1:
            return self.env._("%(what)s, with %(amount)s to pay, falls due on %(date)s, in %(days)s days.", **values)
        if days == 1:
            return self.env._("%(what)s, with %(amount)s to pay, fell due yesterday, %(date)s.", **values)
        if days == 0:
            return self.env._("%(what)s, with %(amount)s to pay, falls due today, %(date)s.", **values)
        return self.env._("%(what)s, with %(amount)s to pay, falls due tomorrow, %(date)s.", **values)

    def _summary_of_many(self):
        overdue = [line for line in self.asked if line.is_overdue]
        if not overdue:
            return self._summary_of_coming()
        values = {
            "count": len(self.asked),
            "amount": self.totals(self.asked),
            "overdue": len(overdue),
            "late": self.timing(max(overdue, key=lambda line: line.days_past_due)),
        }
        if len(overdue) == len(self.asked):
            return self.env._(
                "%(count)s payments, %(amount)s in all, are past their due date; the oldest is %(late)s.", **values
            )
        if len(overdue) == 1:
            return self.env._(
                "%(count)s payments, %(amount)s in all: one is %(late)s, the rest are not late.", **values
            )
        return self.env._(
            "%(count)s payments, %(amount)s in all: %(overdue)s are past their due date, the oldest is %(late)s; "
            "the rest are not late.",
            **values,
        )

    def _summary_of_coming(self):
        days = sorted(line.due_date for line in self.asked)
        values = {
            "count": len(self.asked),
            "amount": self.totals(self.asked),
            "first": self.date(days[0]),
            "last": self.date(days[-1]),
        }
        if days[0] != days[-1]:
            return self.env._(
                "%(count)s payments, %(amount)s in all, fall due between %(first)s and %(last)s.", **values
            )
        if days[0] == self.statement.as_of:
            return self.env._("%(count)s payments, %(amount)s in all, fall due today, %(first)s.", **values)
        return self.env._("%(count)s payments, %(amount)s in all, fall due on %(first)s.", **values)

    @cached_property
    def returned(self):
        """Return what the bank has returned of the items the message is about, a sentence for each payment."""
        return returns.sentences(self)

    @property
    def what(self):
        """Return what the message is about in a few words, for its subject: the invoice, or how many, and how much."""
        amount = self.totals(self.asked)
        if len(self.asked) != 1:
            return self.env._("%(count)s payments, %(amount)s", count=len(self.asked), amount=amount)
        [line] = self.asked
        if self._is_invoice(line):
            return self.env._("invoice %(name)s, %(amount)s", name=line.name, amount=amount)
        return self.env._("%(name)s, %(amount)s", name=line.name, amount=amount)

    @property
    def headline(self):
        """Return the short text that a mail client shows beside the subject."""
        amount = self.totals(self.asked)
        if not self.asked:
            return self.summary
        oldest = max(self.asked, key=lambda line: line.days_past_due)
        return self.env._("To pay: %(amount)s, %(timing)s", amount=amount, timing=self.timing(oldest))

    @property
    def salutation(self):
        """Return the names of the people addressed, as a greeting takes them."""
        names = [contact.name or self.partner.name for contact in self.contacts]
        return format_list(self.env, list(dict.fromkeys(names))) if names else self.partner.name

    def _is_invoice(self, line):
        return self.moves[line.move_id].move_type == "out_invoice" if line.move_id in self.moves else False

    def _name_of(self, line):
        if not self._is_invoice(line):
            return self.env._("The item %(name)s", name=line.name)
        if line.instalment_count > 1:
            return self.env._(
                "Instalment %(number)s of %(count)s of invoice %(name)s",
                number=line.instalment,
                count=line.instalment_count,
                name=line.name,
            )
        return self.env._("Invoice %(name)s", name=line.name)

    # -- where to pay and whom to talk to -------------------------------------

    @property
    def url(self):
        """Return the address of the page that shows this account to the first person addressed."""
        return link.make_url(self.company, self.partner, self.contacts[:1] or self.partner)

    @property
    def logo_url(self):
        """Return the path of the company's logo, or nothing when it has none of its own."""
        return "" if self.company.uses_default_logo else f"/logo.png?company={self.company.id}"

    @property
    def colour(self):
        """Return the company's colour for buttons in its e-mails."""
        return self.company.email_secondary_color or "#1f4b5f"

    @property
    def text_colour(self):
        """Return the colour of the text on those buttons."""
        return self.company.email_primary_color or "#ffffff"

    @cached_property
    def bank_accounts(self):
        """Return the accounts to pay to: those that the invoices name, else the company's own."""
        owner = self.company.partner_id
        named = self.env["res.partner.bank"].union(*(move.partner_bank_id for move in self.moves.values()))
        named = named.filtered(lambda account: account.active and account.partner_id == owner)
        own = owner.bank_ids.filtered(lambda account: account.company_id.id in (False, self.company.id))
        return (named or own)[:_MAX_BANK_ACCOUNTS]

    @property
    def payment_reference(self):
        """Return what to quote in the transfer, when one text covers it: the reference of the only invoice."""
        moves = {line.move_id for line in self.asked}
        if len(moves) != 1:
            return ""
        move = self.moves.get(moves.pop())
        return (move.payment_reference or move.name) if move else ""

    @property
    def talk_to(self):
        """Return who answers questions: the responsible with an address of their own, else the company."""
        person = self.user.partner_id
        return person if person.email else self.company.partner_id

    @property
    def phone(self):
        """Return the telephone of whom to talk to, or the company's."""
        return self.talk_to.phone or self.company.phone or ""

    def bank_details(self, account):
        """Return what a transfer needs besides the account's number: bank, BIC and holder."""
        holder = account.acc_holder_name or self.company.name
        return " · ".join(part for part in (account.bank_name, account.bank_bic, holder) if part)

    @property
    def page_title(self):
        """Return the title of the page that shows the account."""
        return self.env._("Your account with %(company)s", company=self.company.name)

    @property
    def as_of_note(self):
        """Return the sentence that says which day the account is of."""
        return self.env._(
            "This is your account on %(date)s. What you paid in the last days may not be in it yet.",
            date=self.date(self.statement.as_of),
        )

    @property
    def company_line(self):
        """Return who writes: name, tax number, address, in one line."""
        owner = self.company.partner_id
        place = " ".join(part for part in (owner.zip, owner.city) if part)
        return " · ".join(part for part in (self.company.name, owner.vat, owner.street, place) if part)
