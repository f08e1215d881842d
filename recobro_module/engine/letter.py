"""What a message, or the portal page, says about an account: figures and sentences in the reader's language.

One `Letter` serves both, so that the page shows what the message said. It tells the facts of the day: how late an
item really is, never the nominal day of a level.
"""

from functools import cached_property

from odoo.tools import format_amount, format_date, format_list

from . import early_payment, letter_table, link, returns
from .plans import settlements

#: Bank accounts shown at most: more would be a riddle, not a help.
_MAX_BANK_ACCOUNTS = 3
#: What is read of invoices, and nothing else: they are wide.
_MOVE_FIELDS = ("move_type", "payment_reference", "name", "partner_bank_id", "invoice_payment_term_id")


def prefetch(env, found):
    """Read in one query what the letters of a batch need of their invoices.

    :param found: the statements of the batch.
    """
    # sudo: invoices of the company, read to be shown to its own customers
    ids = {line.move_id for statement in found for line in statement.lines if line.move_id}
    moves = env["account.move"].sudo().browse(ids)
    moves.fetch(_MOVE_FIELDS)
    early_payment.prefetch(moves, found)


class Letter:
    """An account put into words for one reader.

    :param env: with the reader's language in its context.
    :param statement: `engine.statement.Statement` of the customer.
    :param contacts: the people addressed; the first one's link is shown.
    :param user: whom to talk to; the company itself when empty.
    """

    #: Whether it is on paper: no button, no link, and the frame of a letter around it.
    is_printed = False

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
        """Return {id: invoice or entry} of the lines, read in one go and only as far as needed.

        An instalment of a plan has none: its invoices are lines of their own.
        """
        moves = self.env["account.move"].browse({line.move_id for line in self.statement.lines if line.move_id})
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
        """Return a `letter_table.Sheet` for each currency, ready to show."""
        return [sheet for _table, sheet in self.tables]

    @cached_property
    def tables(self):
        """Return the tables of the statement that have anything in them, each with its `letter_table.Sheet`."""
        marks = len({line.climbs for line in self.statement.lines if line.chased > 0}) > 1
        return [(table, letter_table.sheet_of(self, table, marks)) for table in self.statement.tables if table.lines]

    @property
    def has_marks(self):
        """Return whether some rows are marked as those the message is about, and others not."""
        return any(row.is_marked for sheet in self.sheets for row in sheet.rows)

    def timing(self, line):
        """Return how far `line` is from its due date, in words."""
        return self.days_late(line.days_past_due)

    def days_late(self, days):
        """Return in words how many days a due date has passed; below zero, how many are left."""
        if days > 1:
            return self.env._("%(days)s days late", days=days)
        if days < -1:
            return self.env._("in %(days)s days", days=-days)
        return {1: self.env._("1 day late"), 0: self.env._("due today"), -1: self.env._("due tomorrow")}[days]

    def is_invoice(self, line):
        """Return whether `line` is of an invoice, which has a page of its own."""
        return self.moves[line.move_id].move_type == "out_invoice" if line.move_id in self.moves else False

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

    @cached_property
    def forgiven(self):
        """Return what is forgiven when the payments the message is about are made by their day, a sentence a plan."""
        return settlements.sentences(self)

    @cached_property
    def early_payment(self):
        """Return what is saved by paying early, a sentence an invoice; nothing while something is overdue."""
        return early_payment.sentences(self)

    @property
    def what(self):
        """Return what the message is about in a few words, for its subject: the invoice, or how many, and how much."""
        amount = self.totals(self.asked)
        if len(self.asked) != 1:
            return self.env._("%(count)s payments, %(amount)s", count=len(self.asked), amount=amount)
        [line] = self.asked
        if line.is_instalment:
            return self._what_instalment(line, amount)
        if self.is_invoice(line):
            return self.env._("invoice %(name)s, %(amount)s", name=line.name, amount=amount)
        return self.env._("%(name)s, %(amount)s", name=line.name, amount=amount)

    def _what_instalment(self, line, amount):
        values = {"name": line.name, "number": line.instalment, "count": line.instalment_count, "amount": amount}
        if line.instalment_count == 1:
            return self.env._("payment plan %(name)s, %(amount)s", **values)
        return self.env._("instalment %(number)s of %(count)s of payment plan %(name)s, %(amount)s", **values)

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

    def _name_of(self, line):
        values = {"number": line.instalment, "count": line.instalment_count, "name": line.name}
        if line.is_instalment and line.instalment_count > 1:
            return self.env._("Instalment %(number)s of %(count)s of your payment plan %(name)s", **values)
        if line.is_instalment:
            return self.env._("The payment of your plan %(name)s", **values)
        if not self.is_invoice(line):
            return self.env._("The item %(name)s", **values)
        if line.instalment_count > 1:
            return self.env._("Instalment %(number)s of %(count)s of invoice %(name)s", **values)
        return self.env._("Invoice %(name)s", **values)

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
        """Return what to quote in the transfer, when it is short: the reference of the only invoice, of the only plan.

        Of an invoice beside an instalment both are quoted: the money for either would else be looked for at the other.
        """
        plans = {line.name for line in self.asked if line.is_instalment and line.name}
        invoices = {line.move_id for line in self.asked if line.move_id and not line.is_instalment}
        if len(plans) > 1 or len(invoices) > 1:
            return ""
        moves = [self.moves[move] for move in invoices if move in self.moves]
        return ", ".join([*(move.payment_reference or move.name for move in moves), *plans])

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
