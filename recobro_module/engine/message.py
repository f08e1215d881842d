"""A message is made: judged again, addressed, rendered in the recipient's language, logged and queued.

The mail, its log line and the new state of its action are one transaction (DESIGN.md, rule 11).
One customer's error is recorded on its action and never stops the others.
"""

import logging

from odoo.tools import email_normalize, formataddr

from . import alerts, correspondence, leaflets, letter, limits, recipients, returns
from .channels import fallback, hours
from .statement import statements

_logger = logging.getLogger(__name__)

#: What is read of items and of contacts, for all actions of a batch at once.
_ITEM_FIELDS = ("currency_id", "next_template_id", "move_id")
_CONTACT_FIELDS = ("name", "email_normalized", "phone_sanitized", *hours.FIELDS)


class Compiled:
    """The templates that a batch is written with, compiled: see `models/ir_qweb.py`. No client can send one.

    Not a dict: two empty ones would be equal, and Odoo gives equal contexts the environment of the first.
    """

    def __init__(self):
        self.templates = {}


def deliver(actions, as_of):
    """Make the e-mails of a batch of actions of one company and one day.

    :param actions: locked `recobro.action` records in state planned.
    """
    make(actions, as_of, _write)


def make(actions, as_of, write):
    """Make the messages of a batch of actions of one company and one day: those that may go, and still say something.

    :param actions: locked `recobro.action` records in state planned, of one channel.
    :param write: function of (actions, statements by customer, day) that makes what goes out, logs and queues it.
    """
    env = actions.env
    actions = limits.allowed(actions, as_of)
    if not actions:
        return
    [company] = actions.company_id
    # All at once: asked action by action, the ORM would read the items of one after the other
    actions.line_ids.item_id.fetch(_ITEM_FIELDS)
    found = statements(
        env, company, as_of, {action.partner_id.id: set(action.line_ids.item_id.ids) for action in actions}
    )
    ready = actions.filtered(lambda action: still_stands(action, found[action.partner_id.id]))
    addressed = _address(ready)
    going = hours.reachable_now(addressed, as_of)
    write(going, found, as_of)
    left = (actions - (addressed - going)).filtered(lambda action: action.state == "planned")
    left._set_failed(env._("The message could not be made."))


def _write(actions, found, as_of):
    _queue(rendered(actions, found, lambda action: action._template(), render), found, as_of)


def still_stands(action, statement):
    """Return whether the action still has something to ask for; drop its settled items, or leave it out."""
    for line in action.line_ids.filtered(lambda line: line.state == "planned"):
        verdict = statement.by_item.get(line.item_id.id)
        if verdict is None or verdict["reason"]:
            line.state = "skipped"
        else:
            _bring_up_to_date(line, verdict)
    climbing = action.line_ids.filtered(lambda line: line.state == "planned")
    reason = left_out_reason(action, statement, climbing)
    if reason:
        action._set_skipped(reason)
        return False
    level = climbing.level_id.sorted(lambda level: (level.delay_days, level.sequence))[-1:]
    if level and level != action.level_id:
        action.level_id = level
    return True


def _bring_up_to_date(line, verdict):
    """Write on a line what has changed since it was planned; on the same day that is nothing."""
    now = {"amount": float(verdict["chased_amount"]), "days_past_due": verdict["days_past_due"]}
    if now != {"amount": line.amount, "days_past_due": line.days_past_due}:
        line.write(now)


def left_out_reason(action, statement, climbing):
    """Return why nothing can be asked for any more, or None.

    :param climbing: the lines of the action that still stand.
    """
    if action.company_id.recobro_stopped:
        return "stopped"
    if statement.net_company <= 0 or statement.net_company < action.policy_id.minimum_amount:
        reasons = [statement.by_item.get(item.id, {}).get("reason", "settled") for item in action.line_ids.item_id]
        return next((reason for reason in reasons if reason), "under_minimum")
    if not climbing:
        verdict = statement.by_item.get(action.line_ids.item_id[:1].id)
        return (verdict and verdict["reason"]) or "settled"
    return None


def _address(actions):
    """Write recipient and address on each action and return those that somebody can be reached for.

    The others go by another channel, or are left out, and their owners get an activity: never silence.
    """
    env = actions.env
    found = recipients.resolve(
        env,
        [(action.partner_id.id, str(action.id), action.level_id.id, _channel_of(action)) for action in actions],
    )
    env["res.partner"].browse({contact for contacts in found.values() for contact in contacts}).fetch(_CONTACT_FIELDS)
    addressed = actions.filtered(lambda action: (action.partner_id.id, str(action.id)) in found)
    for action in addressed:
        contacts = env["res.partner"].browse(found[action.partner_id.id, str(action.id)])
        action.write({"contact_id": contacts[0].id, "email_to": _address_line(contacts, _channel_of(action))})
    if unreachable := actions - addressed:
        unreachable._set_skipped("no_address")
        alerts.no_address(unreachable.filtered(lambda action: not fallback.fall_back(action)).case_id)
    return addressed


def _channel_of(action):
    """Return by what the message of an action goes out: the notice of a suspension is an e-mail too."""
    return "sms" if action.channel == "sms" else "email"


def _address_line(contacts, channel):
    """Return the addresses of some contacts: all of an e-mail, the number of the first of an SMS."""
    if channel == "sms":
        return contacts[0].phone_sanitized
    return ", ".join(formataddr((contact.name, contact.email_normalized)) for contact in contacts)


def rendered(actions, found, template_of, render):
    """Return {action: what was rendered}; what cannot be rendered fails alone, with its error on the action.

    :param template_of: function of an action that returns its template.
    :param render: function of a template and a batch of actions that returns {action id: what was rendered}.
    """
    env = actions.env
    done = {}
    letter.prefetch(env, found.values())
    for template, batch in actions.grouped(template_of).items():
        batch = batch.with_context(
            recobro_statements={a.id: found[a.partner_id.id] for a in batch}, recobro_compiled=Compiled()
        )
        try:
            with env.cr.savepoint():
                values = render(template, batch)
        except Exception:
            _logger.info("Template %s: rendering one by one after an error", template.display_name)
            values = _render_one_by_one(template, batch, render)
        done.update({env["recobro.action"].browse(action_id): value for action_id, value in values.items()})
    return done


def render(template, actions):
    """Return {action id: {"subject", "body_html", "email_from", "reply_to"}} of a template, each in its language."""
    kept = ("recobro_statements", "recobro_compiled")
    # sudo: whoever sends, the text is the company's, and was written by who may write templates
    template = template.sudo().with_context(**{key: actions.env.context[key] for key in kept})
    return template._generate_template(actions.ids, ("subject", "body_html", "email_from", "reply_to"))


def preview(action):
    """Return the HTML that the message of `action` would have today; empty for what is no message. Writes nothing."""
    template = action._template()
    if not template or action.state not in ("planned", "to_approve") or action.channel not in ("email", "suspension"):
        return False
    return template.sudo()._generate_template(action.ids, ("body_html",))[action.id]["body_html"]


def _render_one_by_one(template, actions, render):
    values = {}
    for action in actions:
        try:
            with action.env.cr.savepoint():
                values.update(render(template, action))
        except Exception as error:
            _logger.warning("The message to %s could not be made: %s", action.partner_id.display_name, error)
            action._set_failed(action.env._("The message could not be made: %(error)s", error=error))
            alerts.delivery_failed(action)
    return values


def _queue(prepared, found, as_of):
    """Create the mails and their log lines, and mark the actions as sending."""
    if not prepared:
        return
    actions = list(prepared)
    env = actions[0].env
    usual = _usual_mail_values(env)
    # sudo: only the engine writes to customers in the name of the company
    mails = env["mail.mail"].sudo().create([_mail_values(action, values, usual) for action, values in prepared.items()])
    leaflets.accompany(dict(zip(actions, mails, strict=True)))
    for action, mail in zip(actions, mails, strict=True):
        statement = found[action.partner_id.id]
        action._set_sending(
            mail_id=mail.id,
            message_id=mail.mail_message_id.id,
            subject=mail.subject,
            amount=statement.net_company,
            fingerprint=statement.fingerprint,
            day=as_of,
            **returns.told_values(action),
        )
    env["recobro.interaction"]._log([log_values(action, "queued") for action in actions])


def _usual_mail_values(env):
    """Return what the mails of a batch have in common."""
    return {
        "model": "recobro.case",
        "message_type": "auto_comment",
        "subtype_id": env.ref("mail.mt_comment").id,
        "reply_to": correspondence.reply_address(env),
        "auto_delete": False,
        "state": "outgoing",
    }


def _mail_values(action, values, usual):
    """Return the values of the mail of an action.

    Addressed by plain text, not by partner: the queue then keeps no key on the customer's contacts
    (rule 12). Kept after sending, so that replies find their case.
    """
    case = action.case_id
    company = action.company_id
    author = (action.user_id or action.policy_id.user_id or action.env.user).partner_id
    return {
        **usual,
        "subject": values.get("subject"),
        "body": values.get("body_html"),
        "body_html": values.get("body_html"),
        "email_from": values.get("email_from") or author.email_formatted or company.email_formatted,
        "reply_to": values.get("reply_to") or usual["reply_to"] or author.email_formatted or company.email_formatted,
        "author_id": author.id,
        "email_to": action.email_to,
        "res_id": case.id,
        "recobro_action_id": action.id,
        "attachment_ids": [(4, attachment.id) for attachment in invoice_files(action)],
    }


def invoice_files(action):
    """Return the legal PDFs of the posted invoices that climb, where the level attaches them; none is rendered.

    Never whatever else hangs on an invoice: a colleague may have posted it in an internal note.
    """
    if not action.level_id.attach_invoices:
        return action.env["ir.attachment"]
    moves = action.line_ids.filtered(lambda line: line.state in ("planned", "missed")).item_id.move_id.sudo()
    return moves.exists().filtered(lambda move: move.state == "posted").invoice_pdf_report_id


def log_values(action, result, **values):
    """Return the values of the log line that says what became of an action's message."""
    address = (action.email_to or "").split(",")[0]
    return {
        "company_id": action.company_id.id,
        "partner_id": action.partner_id.id,
        "case_id": action.case_id.id,
        "contact_id": action.contact_id.id,
        "email": email_normalize(address) or address or False,
        # The notice of a suspension is an e-mail to who gets it
        "channel": "email" if action.channel == "suspension" else action.channel,
        "direction": "out",
        "result": result,
        "summary": action.subject or action.level_id.name,
        "is_automatic": action.is_automatic,
        "action_id": action.id,
        "message_id": action.message_id.id,
        "user_id": action.user_id.id or action.env.uid,
        **values,
    }
