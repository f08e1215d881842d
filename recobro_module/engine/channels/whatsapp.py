"""WhatsApp without a paid service: a link that opens the chat with the text filled in; a person sends it and logs it.

The text is made when the link is opened, not when the task is handed over: what was paid meanwhile is not in it.
"""

from urllib.parse import quote

from odoo.exceptions import UserError
from odoo.tools import plaintext2html

from .. import clock, message
from ..statement import statements
from . import call

#: Where a task's link leads: it asks for a verdict and goes on to the chat.
_PATH = "/recobro/whatsapp/%s"
#: No longer text fits into the address of a chat on every telephone.
_MOST_TEXT = 1500


def deliver(actions):
    """Send what a service of the company's can send, and hand the rest to their responsibles as activities."""
    for action in actions:
        if action._send_whatsapp():
            action._set_done()
            action.env["recobro.interaction"]._log([message.log_values(action, "sent")])
    waiting = actions.filtered(lambda action: action.state == "planned")
    if waiting:
        waiting._hand_over("recobro_module.activity_type_whatsapp", _notes(waiting))


def _notes(actions):
    """Return {action: HTML} of what stands in the activities: the link, and what the talk is about."""
    notes = {}
    for action, script in call.scripts(actions).items():
        user = call.doer_of(action)
        env = user.with_context(lang=user.lang).sudo().env
        values = {"address": _PATH % action.id, "number": number_of(action), "script": script}
        notes[action] = env["ir.qweb"]._render("recobro_module.whatsapp_note", values)
    return notes


def number_of(action):
    """Return the number to write to in international form, digits only; empty when there is none that can be used."""
    contact = action.contact_id or action.partner_id
    for person in (contact, action.partner_id):
        number = person._phone_format(fname="phone", force_format="E164")
        if number:
            return number.lstrip("+")
    return ""


def url(action):
    """Return the address that opens the chat with the contact of `action` (in sudo), its text as of now.

    :raise UserError: when nobody can be written to, or nothing is left to ask for.
    """
    env = action.env
    number = number_of(action)
    if not number:
        raise UserError(
            env._(
                "%(contact)s has no telephone number that WhatsApp can use: correct it on the contact.",
                contact=(action.contact_id or action.partner_id).display_name,
            )
        )
    as_of = clock.today(env, action.company_id)
    asked = {action.partner_id.id: set(action.line_ids.item_id.ids)}
    statement = statements(env, action.company_id, as_of, asked)[action.partner_id.id]
    standing = action.line_ids.filtered(
        lambda line: line.item_id.id in statement.by_item and not statement.by_item[line.item_id.id]["reason"]
    )
    if reason := message.left_out_reason(action, statement, standing):
        labels = dict(action._fields["reason"]._description_selection(env))
        raise UserError(
            env._(
                "There is nothing to write to %(customer)s about: %(reason)s.",
                customer=action.partner_id.display_name,
                reason=labels[reason],
            )
        )
    words = text_of(action.with_context(recobro_statements={action.id: statement}))
    return f"https://wa.me/{number}?text={quote(words[:_MOST_TEXT])}"


def preview(action):
    """Return the HTML of the text that would be written today. Writes nothing."""
    return plaintext2html(text_of(action)) if action.state in ("planned", "to_approve", "missed") else False


def text_of(action):
    """Return what is written: the short text of the level, else a kind one, in the contact's language."""
    contact = action.contact_id or action.partner_id
    action = action.with_context(lang=contact.lang or action.partner_id.lang or action.env.lang)
    template = action.level_id.sms_template_id.sudo()  # sudo: the text is the company's, whoever sends it
    if template:
        statement = {"recobro_statements": action.env.context.get("recobro_statements", {})}
        return (
            template.with_context(**statement)._render_field("body", action.ids, compute_lang=True)[action.id].strip()
        )
    words = action.get_letter()
    return action.env._(
        "Hello %(name)s, this is %(user)s (%(company)s). %(summary)s "
        "You can see your account and pay here: %(url)s Is there anything you need from us? Thank you.",
        name=words.salutation,
        user=words.talk_to.name,
        company=words.company.name,
        summary=words.summary,
        url=words.url,
    )
