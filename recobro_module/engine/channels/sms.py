"""SMS, by Odoo's `sms`: made and queued in one transaction, and judged once more before the provider has it.

What becomes of it comes back to the tracker of the SMS (`models/sms_tracker.py`), at once or by a delivery report of
the provider, and is recorded by `sms_reports`.
"""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

from .. import message, queue, returns
from . import sms_reports

_logger = logging.getLogger(__name__)

#: The SMS that are judged together, and go to the provider in one call.
AT_ONCE = 50


# -------------------------------------------------------------------------
# MAKING
# -------------------------------------------------------------------------


def deliver(actions, as_of):
    """Make the SMS of a batch of actions of one company and one day.

    :param actions: locked `recobro.action` records in state planned.
    """
    message.make(actions, as_of, _write)


def _write(actions, found, as_of):
    texts = message.rendered(actions, found, lambda action: action.level_id.sms_template_id, _render)
    _queue({action: _with_returns(action, text) for action, text in texts.items()}, found, as_of)


def _with_returns(action, text):
    """Return the text, after what the bank has returned and nobody has told the customer yet."""
    if not action.line_ids.item_id.filtered("next_template_id"):
        return text
    letter = action.with_context(lang=action.contact_id.lang).get_letter()
    return " ".join([*letter.returned, text])


def _render(template, actions):
    """Return {action id: text}, each in its recipient's language."""
    kept = {key: actions.env.context[key] for key in ("recobro_statements", "recobro_compiled")}
    # sudo: whoever sends, the text is the company's, and was written by who may write templates
    texts = template.sudo().with_context(**kept)._render_field("body", actions.ids, compute_lang=True)
    return {action_id: text.strip() for action_id, text in texts.items()}


def preview(action):
    """Return the HTML of the text that the SMS of `action` would have today. Writes nothing."""
    template = action.level_id.sms_template_id.sudo()  # sudo: as in `_render`
    if not template or action.state not in ("planned", "to_approve"):
        return False
    return sms_content_to_rendered_html(
        template._render_field("body", action.ids, compute_lang=True)[action.id].strip()
    )


def _queue(texts, found, as_of):
    """Create the SMS, their messages in the chatter and their log lines, and mark the actions as sending."""
    if not texts:
        return
    actions = list(texts)
    env = actions[0].env
    # sudo: only the engine writes to customers in the name of the company
    env = env(su=True)
    note = env.ref("mail.mt_note").id
    messages = env["mail.message"].create([_message_values(action, texts[action], note) for action in actions])
    queued = env["sms.sms"].create(
        [
            {
                "body": texts[action],
                "number": action.email_to,
                "mail_message_id": posted.id,
                "recobro_action_id": action.id,
            }
            for action, posted in zip(actions, messages, strict=True)
        ]
    )
    env["sms.tracker"].create([{"sms_uuid": sms.uuid, "recobro_action_id": sms.recobro_action_id.id} for sms in queued])
    for action, sms in zip(actions, queued, strict=True):
        statement = found[action.partner_id.id]
        action._set_sending(
            sms_uuid=sms.uuid,
            message_id=sms.mail_message_id.id,
            amount=statement.net_company,
            fingerprint=statement.fingerprint,
            day=as_of,
            **_told_values(action),
        )
    env["recobro.interaction"]._log([message.log_values(action, "queued") for action in actions])


def _told_values(action):
    """Return what is kept of the returned payments that an SMS tells of; nothing when it tells of none."""
    values = returns.told_values(action)
    return values if values.get("return_ids") else {}


def _message_values(action, text, subtype_id):
    """Return the values of the message in the chatter. No partner is named in it: see `message._mail_values`."""
    author = (action.user_id or action.policy_id.user_id or action.env.user).partner_id
    return {
        "model": "recobro.case",
        "res_id": action.case_id.id,
        "message_type": "sms",
        "subtype_id": subtype_id,
        "body": sms_content_to_rendered_html(text),
        "author_id": author.id,
        "email_from": author.email_formatted or action.company_id.email_formatted,
        "record_company_id": action.company_id.id,
    }


# -------------------------------------------------------------------------
# BEFORE IT GOES
# -------------------------------------------------------------------------


def may_go(queued):
    """Return those of `queued` (`sms.sms` of one company, in sudo) that still say what is true; cancel the others.

    One verdict on all that nothing was changed for; the others are looked at one by one.
    """
    queued = queued.filtered(lambda sms: sms.state == "outgoing")
    actions = queued.recobro_action_id
    current = queued.filtered(
        lambda sms: sms.recobro_action_id.state == "sending" and sms.recobro_action_id.sms_uuid == sms.uuid
    )
    same = queue.as_they_were(actions.company_id, current.recobro_action_id) if current else actions.browse()
    going = current.filtered(lambda sms: sms.recobro_action_id in same or _is_still_true(sms))
    (queued - going).write({"state": "canceled"})
    return going


def _is_still_true(sms):
    """Ask for the last verdict on one SMS; an error in it delays it, and never stops the queue."""
    try:
        with sms.env.cr.savepoint():
            return queue.is_still_true(sms.recobro_action_id)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        _logger.exception("The last verdict on SMS %s failed", sms.id)
        sms_reports.try_again(sms.recobro_action_id, str(error))
        return False


def wake(env):
    """Wake Odoo's SMS queue for what waits in it, left by a worker that was ended: else it would wait for its day."""
    # sudo: the queue is everybody's
    if env["sms.sms"].sudo().search_count([("state", "=", "outgoing"), ("recobro_action_id", "!=", False)], limit=1):
        env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()
