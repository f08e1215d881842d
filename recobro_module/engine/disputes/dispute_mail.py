"""Disputes that come in by mail: whose they are, which invoices they name, and what waits in the inbox for a person.

A sender whom we know, and whom nothing makes look like somebody else, gets a ticket that holds its amount for a few
days. Whatever is not certain gets a ticket without a customer, which holds nothing, and says why. Nothing is answered.
"""

import logging
import re

from lxml import etree, html

from odoo import SUPERUSER_ID
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import email_normalize, html2plaintext, html_sanitize

from ...tools.invoice_numbers import mentioned
from ...tools.mail_trust import looks_spoofed
from .. import clock
from . import dispute_alerts, disputes
from .tickets import review_stage

_logger = logging.getLogger(__name__)

_MOST_SUBJECT, _MOST_NOTE = 200, 10_000
#: How much of a mail is read, as HTML and then as text: the gateway, which all mail goes through, waits meanwhile.
_MOST_HTML, _MOST_TEXT = 500_000, 50_000
#: The line at which programs begin to quote the mail that is answered or forwarded. Blanks of that line only: each
#: line of a thousand blank ones would else be read on to the last of them.
_QUOTE_BEGINS = re.compile(
    r"^[^\S\n]*(?:-{2,}[^\S\n]*(?:original|forwarded|mensaje|message|weitergeleitet|ursprüngliche).{0,80}|"
    r"(?:on|el|le|am)\b.{5,200}(?:wrote|escribió|a écrit|schrieb)[^\S\n]*:[^\S\n]*|"
    r"(?:from|de|von)[^\S\n]?:[^\S\n].{0,300})$",
    re.IGNORECASE | re.MULTILINE,
)


def context_of(message, routes):
    """Return what the headers of an incoming mail say about it, as context for `open_ticket` and `answered`.

    Empty for mails that have nothing to do with disputes.

    :param message: the email.message.EmailMessage.
    :param routes: Odoo's routes, tuples (model, thread id, values, user id, alias). A mail comes without an alias
        from a mail server that makes disputes of all it gets, and as an answer.
    """
    aliases = [alias for model, _thread, _values, _user, alias in routes or () if model == "recobro.dispute"]
    if not aliases:
        return {}
    # sudo: of an alias only the companies are taken whose mail it gets
    companies = [alias.sudo().alias_domain_id.company_ids.root_id for alias in aliases if alias][:1]
    return {
        "recobro_mail_doubt": looks_spoofed(message),
        "recobro_mail_companies": tuple(companies[0].ids) if companies else (),
    }


def open_ticket(tickets, msg_dict):
    """Open the ticket of a first mail, and return it. It is nobody's yet; what is not certain has no customer.

    :param tickets: `recobro.dispute` as the gateway has it, with the context of `context_of`.
    :param msg_dict: the parsed mail, as Odoo's gateway gives it; any of it may be missing.
    """
    tickets.check_access("create")
    # The gateway works as the sender where that is a user, whom nothing is to be left to
    tickets = tickets.with_user(SUPERUSER_ID).sudo()
    env = tickets.env
    companies = _companies(env)
    words = _own_words(msg_dict.get("body"))
    subject = _clean(msg_dict.get("subject"))
    values = {
        "source": "mail",
        "channel": "email",
        "email_from": _clean(msg_dict.get("email_from"))[:_MOST_SUBJECT] or False,
        "subject": subject[:_MOST_SUBJECT] or env._("Mail without a subject"),
        "note": words[:_MOST_NOTE] or False,
        "reason_id": env["recobro.dispute.reason"].search([("code", "=", "other")], limit=1).id,
    }
    contact, doubt = _sender(env, msg_dict, companies)
    if doubt:
        return _open_in_inbox(tickets, companies[:1], {**values, "doubt": doubt})
    return _open_for(tickets, contact, companies, f"{subject}\n{words}", values)


def found(tickets, owner_id=None):
    """A person has said whose tickets (in sudo) are that came from nobody: they are opened as any other.

    Who finds the customer has taken the ticket, and it holds from that day on: it held nothing before.

    :param owner_id: id of the user whom the person gives it to; the person's own when None.
    """
    env = tickets.env
    # OdooBot finds customers in scripts, which is nobody's taking
    taken = {} if env.uid == SUPERUSER_ID else {"taken_on": clock.moment(env), "user_id": owner_id or env.uid}
    for ticket in tickets:
        case = ticket.env["recobro.case"]._open_for(ticket.partner_id, ticket.company_id, is_manual=False)
        ticket._keep({"case_id": case.id, "held_from": clock.today(env, ticket.company_id), **taken})
        _company, amounts = _named(ticket.partner_id, ticket.company_id, f"{ticket.subject}\n{ticket.note or ''}")
        ticket.env["recobro.dispute.line"].create(
            [{"dispute_id": ticket.id, "move_id": move.id, "amount": amount} for move, amount in amounts.items()]
        )
    if taken:
        tickets.activity_unlink(["recobro_module.activity_type_dispute_new"])
    disputes.opened(tickets)


def answered(tickets, message):
    """Set the clock of tickets (in sudo) going again that wait for their customer, when it is the customer who writes.

    A machine, a stranger, and who may not be who it says, change nothing: the owner, who follows the ticket, reads it.

    :param message: the `mail.message` that was posted on them.
    """
    context = tickets.env.context
    if context.get("recobro_automatic_mail") or context.get("recobro_mail_doubt"):
        return
    if message.is_internal or message.message_type not in ("email", "comment"):
        return
    waiting = tickets.filtered(lambda ticket: ticket.kind == "waiting" and _is_from(message, ticket.partner_id))
    if waiting:
        _review(waiting)


def _is_from(message, customer):
    """Return whether somebody of a customer (commercial entity) wrote a message, and no colleague did."""
    # sudo: whose an address is counts whoever asks. OdooBot and who left are inactive users
    authors = message.author_id.sudo().with_context(active_test=False)
    email = email_normalize(message.email_from or "") if message.message_type == "email" else None
    if email:
        # Where several have the address, Odoo takes one of them for the author
        authors |= authors.search([("email_normalized", "=", email), ("commercial_partner_id", "=", customer.id)])
    return customer in authors.commercial_partner_id and all(user.share for user in authors.user_ids)


def _review(waiting):
    """Move tickets to review; one that a colleague is changing now, or has just changed, stays as they leave it.

    Whatever happens, the mail is kept: a mail server that got an error would not bring it again.
    """
    try:
        with waiting.env.cr.savepoint():
            free = waiting.try_lock_for_update(allow_referencing=True)
            if free:
                disputes.moved(free, review_stage(free.env))
    except (UserError, ValidationError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) as error:
        _logger.info("Disputes %s wait on, although the customer has answered: %s", waiting.ids, error)


# -------------------------------------------------------------------------
# WHOSE IT IS
# -------------------------------------------------------------------------


def _companies(env):
    """Return the main companies whose mail comes by the alias, the one it falls to when nothing else says so first."""
    companies = env["res.company"].browse(env.context.get("recobro_mail_companies") or ())
    companies = companies.exists() or env["res.company"].search([("parent_id", "=", False)])
    first = env.company.root_id
    return first + (companies - first) if first in companies else companies


def _sender(env, msg_dict, companies):
    """Return (the contact who wrote, None) or (no contact, why it is not certain: one of `const.DISPUTE_DOUBTS`)."""
    nobody = env["res.partner"]
    email = email_normalize(msg_dict.get("email_from") or "")
    known = nobody.search([("email_normalized", "=", email)]) if email else nobody
    customers = known.commercial_partner_id.filtered(
        lambda partner: not partner.company_id or partner.company_id.root_id in companies
    )
    if len(customers) > 1:
        # A supplier or a private person with the same address is not who disputes an invoice
        customers = customers.filtered("customer_rank") or customers
    doubt = env.context.get("recobro_mail_doubt") or (
        (not email and "no_sender")
        or (_is_colleague(known) and "colleague")
        or (env.context.get("recobro_automatic_mail") and "automatic")
        or (not customers and "unknown")
        or (len(customers) > 1 and "ambiguous")
    )
    if doubt:
        return nobody, doubt
    return known.filtered(lambda partner: partner.commercial_partner_id == customers)[:1], None


def _is_colleague(partners):
    companies = partners.env["res.company"].search([]).partner_id
    return bool(partners.user_ids.filtered(lambda user: not user.share) or partners.commercial_partner_id & companies)


# -------------------------------------------------------------------------
# WHAT IT SAYS
# -------------------------------------------------------------------------


def _clean(text):
    """Return a header as one line; what can't be stored is left out."""
    return " ".join((text or "").replace("\x00", "").split())


def _own_words(body):
    """Return in plain text what the sender has written, without the mails that are quoted below it.

    Our own letters name all invoices: quoted in an answer, they say nothing about what is disputed.
    """
    body = str(body or "")[:_MOST_HTML].replace("\x00", "")
    text = html2plaintext(_without_quotes(body), include_references=False)[:_MOST_TEXT]
    begins = _QUOTE_BEGINS.search(text)
    text = text[: begins.start()] if begins else text
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith(">")).strip()


def _without_quotes(body):
    """Return the HTML of a mail without what Odoo's sanitizer takes for a quote or a signature."""
    clean = str(html_sanitize(body))
    if not clean.strip():
        return ""
    try:
        tree = html.fragment_fromstring(clean, create_parent="div")
    except (etree.LxmlError, ValueError):
        return clean
    for quote in tree.xpath(".//*[@data-o-mail-quote]"):
        if quote.getparent() is not None:
            quote.drop_tree()
    return html.tostring(tree, encoding="unicode")


def _named(customer, companies, text):
    """Return (main company, {invoice: what can be disputed of it}) of a customer's open invoices that `text` names.

    By number, by the customer's reference or by the payment's. A ticket is of one company and one currency: those of
    the invoice that is oldest. Nothing named: (no company, {}).
    """
    # sudo: the gateway matches invoices for whoever will work on the ticket
    moves = customer.env["account.move"].sudo()
    invoices = moves.search(
        [
            ("commercial_partner_id", "=", customer.id),
            ("company_id", "child_of", companies.ids),
            ("move_type", "in", ("out_invoice", "out_receipt")),
            ("state", "=", "posted"),
            ("amount_residual", ">", 0),
        ],
        order="invoice_date_due, id",
    )
    names = {invoice: {invoice.name, invoice.ref, invoice.payment_reference} for invoice in invoices}
    found = set(mentioned(text, [name for owned in names.values() for name in owned if name]))
    named = invoices.filtered(lambda invoice: names[invoice] & found)
    first = named[:1]
    named = named.filtered(
        lambda invoice: (
            invoice.company_id.root_id == first.company_id.root_id and invoice.currency_id == first.currency_id
        )
    )
    left = disputes.disputable(named, besides=customer.env["recobro.dispute"]) if named else {}
    amounts = {move: amount for move, amount in left.items() if not move.currency_id.is_zero(amount)}
    return first.company_id.root_id, amounts


# -------------------------------------------------------------------------
# THE TICKET
# -------------------------------------------------------------------------


def _open_for(tickets, contact, companies, text, values):
    """Open the ticket of a customer whom we know, with the invoices that it names."""
    customer = contact.commercial_partner_id
    company, amounts = _named(customer, companies, text)
    company = company or _company_of(customer, companies)
    values = {**values, "contact_id": contact.id}
    try:
        with tickets.env.cr.savepoint():
            return tickets._open_ticket(customer, company, amounts, **values)
    except (UserError, ValidationError) as error:
        # An error would be told to the sender and close the alias: a person looks at it instead
        _logger.info("The invoices of a mail from customer %s are left to a person: %s", customer.id, error)
        return tickets._open_ticket(customer, company, {}, **values)


def _company_of(customer, companies):
    """Return the main company that a customer writes to about nothing in particular: where its case is open."""
    cases = customer.env["recobro.case"].search(
        [("partner_id", "=", customer.id), ("company_id", "in", companies.ids), ("state", "=", "open")],
        order="last_message_date DESC NULLS LAST, id DESC",
        limit=1,
    )
    own = customer.company_id.root_id
    return cases.company_id or (own if own in companies else companies[:1])


def _open_in_inbox(tickets, company, values):
    """Open a ticket that a person has to find the customer of."""
    policies = tickets.env["recobro.policy"]._in_force(company)
    owner = policies.user_id[:1] or dispute_alerts.any_manager(tickets.env, company)
    return tickets._open_ticket(
        tickets.env["res.partner"], company, {}, **values, user_id=owner.id, currency_id=company.currency_id.id
    )
