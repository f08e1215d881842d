"""What people write: a free mail to the customer, the customer's answer, and the mail that came back, as log lines."""

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize, email_split

from . import alerts, clock
from .channels import fallback


def replied(case, message):
    """Log the customer's answer and give the owner of the case an activity.

    What a machine sent (out of office, received with thanks) is noted and is no answer; what a colleague
    sent from outside stays in the chatter.

    :param message: the incoming `mail.message`, posted on the case.
    """
    case.ensure_one()
    owner = alerts.owner_of(case)
    if message.author_id and not message.author_id.partner_share:
        return
    automatic = bool(case.env.context.get("recobro_automatic_mail"))
    case.env["recobro.interaction"]._log(
        [
            {
                **_line(case, message),
                "contact_id": message.author_id.id,
                "email": email_normalize(message.email_from) or message.email_from,
                "direction": "in",
                "user_id": owner.id,
                "result": "noted" if automatic else "replied",
                "is_automatic": automatic,
            }
        ]
    )
    if automatic:
        return
    # sudo: the mail gateway brings the answer; the owner is told whoever they are, in their language
    alerts.alert(
        case.sudo(),
        "recobro_module.activity_type_reply",
        alerts.speaking_to(owner)._(
            "%(sender)s has answered: “%(subject)s”.", sender=message.email_from, subject=message.subject or ""
        ),
    )


def written(case, message, contacts):
    """Log a mail that a person wrote from the case; it is an action like any other, so it counts for the quiet days.

    :param contacts: the partners outside the company that it went to.
    """
    case.ensure_one()
    # sudo: actions are the engine's; that the person may write to the case was checked by posting on it
    action = (
        case.env["recobro.action"]
        .sudo()
        .create(
            {
                "company_id": case.company_id.id,
                "case_id": case.id,
                "partner_id": case.partner_id.id,
                "policy_id": case.policy_id.id,
                "user_id": case.env.uid,
                "day": clock.today(case.env, case.company_id),
                "kind": "message",
                "channel": "email",
                "state": "done",
                "done_date": fields.Datetime.now(),
                "contact_id": contacts[0].id,
                "email_to": ", ".join(contacts.mapped("email_formatted")),
                "subject": message.subject or case.env._("Free mail"),
                "message_id": message.id,
            }
        )
    )
    case.env["recobro.interaction"]._log(
        [
            {
                **_line(case, message),
                "contact_id": contacts[0].id,
                "email": contacts[0].email_normalized,
                "direction": "out",
                "result": "sent",
                "action_id": action.id,
            }
        ]
    )


def bounced(case, email):
    """Hold the level of the last message to `email`, log that it came back, and go another way, or tell the owner."""
    email = email_normalize(email)
    sent = case.action_ids.filtered(
        lambda action: (
            action.kind == "message"
            and action.state in ("sending", "done")
            and email in map(email_normalize, email_split(action.email_to))
        )
    )
    action = email and sent[:1]
    if not action:
        return
    action._set_failed(alerts.speaking_to(alerts.owner_of(case))._("The message to %(email)s came back.", email=email))
    case.env["recobro.interaction"]._log(
        [
            {
                **_line(case, action.message_id),
                "contact_id": action.contact_id.id,
                "email": email,
                "direction": "in",
                "result": "bounced",
                "is_automatic": True,
                "action_id": action.id,
            }
        ]
    )
    if not fallback.fall_back(action):
        alerts.delivery_failed(action)


def _line(case, message):
    """Return the values that every line about `message` on `case` has."""
    return {
        "company_id": case.company_id.id,
        "partner_id": case.partner_id.id,
        "case_id": case.id,
        "channel": "email",
        "summary": message.subject or message.preview,
        "message_id": message.id,
    }


def reply_address(env):
    """Return the address that brings replies back to the cases: the model's alias, where it has a domain."""
    return address(env, "mail_alias_case")


def address(env, alias_xmlid):
    """Return the address of one of the addon's aliases, False where it has no domain or somebody deleted it."""
    alias = env.ref(f"recobro_module.{alias_xmlid}", raise_if_not_found=False)
    # sudo: the address of an alias is printed on every message
    return alias.sudo().alias_full_name if alias and alias.sudo().alias_domain_id else False


def case_of_sender(cases, msg_dict):
    """Return the case that a first mail belongs to: the open one of the sender's company, opened if there is none.

    Of a customer of several companies, the case that was written to last. The alias has let in known senders only.

    :param cases: `recobro.case`, as the gateway's user.
    :param msg_dict: the parsed mail, as Odoo's gateway gives it.
    """
    env = cases.env
    author = env["res.partner"].browse(msg_dict.get("author_id") or []).exists()
    email = email_normalize(msg_dict.get("email_from"))
    author = author or env["res.partner"].search([("email_normalized", "=", email)], limit=1)
    customer = author.commercial_partner_id
    if not customer:
        raise ValidationError(env._("No customer has the address %(email)s.", email=msg_dict.get("email_from")))
    found = cases.search(
        [("partner_id", "=", customer.id), ("state", "=", "open")],
        order="last_message_date desc nulls last, id desc",
        limit=1,
    )
    return found or cases._open_for(customer, (customer.company_id or env.company).root_id)
