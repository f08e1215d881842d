"""What a customer sees of a dispute's conversation, and what they write in it.

Shown is what somebody of the customer wrote, and what was sent to them: never a note, nor what colleagues wrote to each
other, whichever button they used.
"""

from dataclasses import dataclass

from markupsafe import Markup

from odoo.tools import format_datetime, html2plaintext, plaintext2html

from ...tools import form_values
from .. import alerts, clock, link
from ..disputes import dispute_alerts
from . import portal_files
from .portal_refusal import Refused

#: Messages shown of a dispute, the latest ones.
_MOST_MESSAGES = 100
_MOST_WORDS = 4000
#: Types of messages that a person wrote.
_WRITTEN = ("comment", "email", "email_outgoing")


@dataclass(frozen=True)
class Said:
    """One message as the customer sees it. `is_ours` says that the company wrote it."""

    author: str
    when: str
    body: Markup
    files: object
    is_ours: bool


def ticket_of(access, dispute_id):
    """Return a dispute of the account; empty when it is none of it."""
    domain = [
        ("id", "=", dispute_id),
        ("partner_id", "=", access.partner.id),
        ("company_id", "=", access.company.id),
    ]
    return access.env["recobro.dispute"].search(domain)


def messages(access, ticket):
    """Return what the customer may see of a ticket's conversation, as `Said`, the oldest first."""
    return [_said(access, message) for message in reversed(_shown(access, ticket))]


def file_of(access, ticket, file_id):
    """Return a file that the customer may see of a ticket: of its own, or of a message shown; empty when it is none."""
    files = _shown(access, ticket).attachment_ids | own_files(access, ticket)
    return files.filtered(lambda file: file.id == file_id)


def own_files(access, ticket):
    """Return the files that came with a ticket from the portal: the customer's own, of no message."""
    if ticket.source != "portal":
        return access.env["ir.attachment"]
    sent = ticket.message_ids.attachment_ids
    # The portal keeps files as OdooBot; what a colleague adds to a ticket later is theirs
    return ticket.attachment_ids.filtered(lambda file: file.create_uid.id == access.env.uid) - sent


def own_words(access, ticket):
    """Return what the customer wrote when the ticket was opened; nothing where a colleague wrote it down.

    The mail that opened a ticket is a message of its conversation, which shows it with its files: not twice.
    """
    if ticket.source == "portal":
        return ticket.note or ""
    if ticket.source != "mail" or ticket.doubt:
        return ""
    first = ticket.message_ids.filtered(lambda message: message.message_type == "email").sorted("id")[:1]
    is_shown = first and first in _shown(access, ticket) and _says(first, ticket.note)
    return "" if is_shown else ticket.note or ""


def _says(message, words):
    """Return whether a message has the words of a ticket, whatever its lines and marks."""
    return " ".join((words or "").split()) in " ".join(html2plaintext(message.body, include_references=False).split())


def reply(access, ticket, text, uploads):
    """Post what the contact writes, with files; leave it in the log, and tell who works on the ticket.

    :raise Refused: with what is wrong, field by field.
    """
    env = access.env
    words = form_values.words(text, _MOST_WORDS)
    if not words:
        raise Refused(text=env._("Write what you want to tell us."))
    files = portal_files.keep(access, portal_files.accept(env, uploads))
    message = ticket.with_context(mail_post_autofollow=False).message_post(
        body=plaintext2html(words),
        author_id=access.contact.id,
        email_from=access.contact.email_formatted or access.company.email_formatted,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        attachment_ids=files.ids,
    )
    env["recobro.interaction"]._log([_prepare_line(access, ticket, message, words)])
    alerts.alert(
        ticket,
        "recobro_module.activity_type_dispute_reply",
        lambda env, ticket: env._("%(contact)s has answered in the portal.", contact=access.contact.display_name),
        owner=dispute_alerts.owner_of,
    )
    return message


def follow(access, ticket):
    """Let the contact of a ticket get what is sent in its conversation, where they can be written to."""
    if access.contact.email_normalized:
        ticket.message_subscribe(access.contact.ids, access.env.ref("mail.mt_comment").ids)


def recipients_group(ticket, groups):
    """Return Odoo's groups of recipients of a message on a ticket, with a button for its contact that opens the page.

    The link is theirs alone: for anybody else the groups stay as they are.
    """
    contact = ticket.contact_id
    if not contact or contact.commercial_partner_id != ticket.partner_id:
        return groups
    url = f"{link.make_url(ticket.company_id, ticket.partner_id, contact)}/dispute/{ticket.id}"
    ours = {
        "active": True,
        "has_button_access": True,
        "button_access": {"url": url, "title": ticket.env._("Answer here")},
    }
    return [("recobro_contact", lambda recipient: recipient["id"] == contact.id, ours), *groups]


def _shown(access, ticket):
    """Return the messages of a ticket that its customer may see, the latest first."""
    written = access.env["mail.message"].search(
        [
            ("model", "=", ticket._name),
            ("res_id", "=", ticket.id),
            ("message_type", "in", _WRITTEN),
            ("is_internal", "=", False),
            "|",
            ("subtype_id", "=", False),
            ("subtype_id.internal", "=", False),
        ],
        order="id DESC",
        limit=_MOST_MESSAGES,
    )
    customer = access.partner
    return written.filtered(
        lambda message: (
            _is_theirs(access, message)
            or customer in (message.partner_ids | message.notified_partner_ids).commercial_partner_id
        )
    )


def _is_theirs(access, message):
    """Return whether somebody of the customer wrote a message themselves.

    The name on it is not enough: a colleague can put any there. Portal and mail are written down by OdooBot.
    """
    writer = message.create_uid
    is_by_them = writer.id == access.env.uid or access.partner in writer.partner_id.commercial_partner_id
    return is_by_them and access.partner in message.author_id.commercial_partner_id


def _said(access, message):
    is_ours = not _is_theirs(access, message)
    zone = clock.timezone_of(access.company)
    return Said(
        author=(message.author_id.name or message.email_from or "") if not is_ours else _our_name(access, message),
        when=format_datetime(access.env, message.date, tz=zone, dt_format="short"),
        body=message.body,
        files=message.attachment_ids,
        is_ours=is_ours,
    )


def _our_name(access, message):
    author = message.author_id
    if access.partner in author.commercial_partner_id:
        author = message.create_uid.partner_id  # in the customer's name
    is_person = author.user_ids and author != access.env.ref("base.partner_root")
    return f"{author.name} · {access.company.name}" if is_person else access.company.name


def _prepare_line(access, ticket, message, words):
    return {
        "company_id": access.company.id,
        "partner_id": access.partner.id,
        "case_id": ticket.case_id.id,
        "contact_id": access.contact.id,
        "channel": "portal",
        "direction": "in",
        "result": "replied",
        "summary": ticket.display_name,
        "note": words,
        "message_id": message.id,
        "user_id": dispute_alerts.owner_of(ticket).id,
    }
