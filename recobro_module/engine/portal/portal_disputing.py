"""Disputing in the portal: what of which invoices can be disputed, and the ticket that comes of it.

The ticket goes the way of one that came by mail: it waits for a person, and holds its amount for a few days at most.
"""

from dataclasses import dataclass

from odoo.exceptions import UserError
from odoo.tools import format_amount

from ...tools import form_values
from ..disputes import disputes
from . import portal_account, portal_amounts, portal_conversation, portal_files
from .portal_refusal import Refused

#: What is kept of the customer's words.
MOST_WORDS = 4000


@dataclass(frozen=True)
class Disputable:
    """An invoice that the visitor has chosen, and what of it can be disputed: open, and in no other dispute."""

    move: object
    line_ids: tuple
    due: str
    open: float
    most: float

    @property
    def currency(self):
        """Return the currency of the invoice."""
        return self.move.currency_id

    @property
    def proposed(self):
        """Return the amount that the form proposes: what is open of the lines chosen, as it is typed."""
        return portal_amounts.written(self.move.env, self.open, self.currency)

    @property
    def field(self):
        """Return the name of its amount in the form."""
        return f"amount_{self.move.id}"


def reasons(access):
    """Return the reasons that a customer can choose."""
    return access.env["recobro.dispute.reason"].search([])  # pylint: disable=no-search-all # there are few


def disputable(access, statement, names):
    """Return what the chosen lines of a statement make: (list of `Disputable`, whether some were no invoices)."""
    lines = portal_account.chosen(statement, names)
    by_move = {}
    for line in lines:
        if line.move_id and line.line_id > 0:
            by_move.setdefault(line.move_id, []).append(line)
    moves = access.env["account.move"].browse(by_move)
    moves = moves.filtered(lambda move: move.move_type in ("out_invoice", "out_receipt"))
    left = disputes.disputable(moves, besides=access.env["recobro.dispute"]) if moves else {}
    found = []
    letter = portal_account.letter_of(access, statement)
    for move in moves:
        most = move.currency_id.round(left[move])
        if not move.currency_id.is_zero(most):
            here = by_move[move.id]
            opened = min(sum(line.open for line in here), most)
            due = letter.date(min(line.due_date for line in here))
            found.append(Disputable(move, tuple(line.line_id for line in here), due, opened, most))
    return found, len(found) < len({line.move_id or line.line_id for line in lines})


def open_ticket(access, statement, names, typed, uploads):
    """Open the ticket that a form asks for, and return it; raise `Refused` with what is wrong, field by field.

    :param names: the lines chosen; see `portal_account.chosen`.
    :param typed: {field: text} of the form.
    :param uploads: werkzeug's FileStorages.
    """
    env = access.env
    rows, _others = disputable(access, statement, names)
    errors = {}
    amounts = _amounts(access, rows, typed, errors)
    reason = _reason(access, typed, errors)
    note = form_values.words(typed.get("note"), MOST_WORDS)
    if not note:
        errors["note"] = env._("Tell us in a sentence what is not right: it is the fastest way to mend it.")
    try:
        files = portal_files.accept(env, uploads)
    except Refused as refused:
        errors.update(refused.errors)
    if errors:
        raise Refused(**errors)
    try:
        with env.cr.savepoint():
            return _open(access, amounts, reason, note, files)
    except UserError as error:
        raise Refused(form=str(error)) from error


def _open(access, amounts, reason, note, files):
    tickets = access.env["recobro.dispute"].with_context(mail_create_nosubscribe=True)
    # sudo: see Access; whose invoices they are, and how much of them is open, the ticket checks
    ticket = tickets._open_ticket(
        access.partner,
        access.company,
        amounts,
        source="portal",
        channel="portal",
        contact_id=access.contact.id,
        reason_id=reason.id,
        # In the language of who works on it, not of the customer
        subject=reason.with_context(lang=portal_account.owner_of(access).lang).name,
        note=note,
        attachment_ids=portal_files.keep(access, files),
    )
    portal_conversation.follow(access, ticket)
    return ticket


def _amounts(access, rows, typed, errors):
    """Return {invoice: amount} of a form; what is wrong is added to `errors`."""
    env = access.env
    if not rows:
        errors["form"] = env._(
            "Nothing of what you chose can be disputed here: choose an open invoice of your account."
        )
    if len({row.currency for row in rows}) > 1:
        errors["form"] = env._("These invoices are in several currencies: send us one dispute for each currency.")
    amounts = {}
    for row in rows:
        amount = portal_amounts.read(env, typed.get(row.field), row.currency)
        if (
            amount is None
            or row.currency.compare_amounts(amount, 0) <= 0
            or (row.currency.compare_amounts(amount, row.most) > 0)
        ):
            words = env._(
                "Enter an amount above zero, and at most %(most)s: that is what is open and in no other dispute.",
                most=format_amount(env, row.most, row.currency),
            )
            errors[row.field] = portal_amounts.refusal(env, amount, row.currency, words)
        else:
            amounts[row.move] = row.currency.round(amount)
    return amounts


def _reason(access, typed, errors):
    found = reasons(access).filtered(lambda reason: str(reason.id) == typed.get("reason"))
    if not found:
        errors["reason"] = access.env._("Choose what it is about.")
    return found
