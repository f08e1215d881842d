"""What became of an SMS: taken by the provider, delivered, to be tried again, or failed; told to its action."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools.delivery_failure import retry_delay
from ...tools.sms_failure import cause_of
from .. import alerts, clock, message
from . import fallback

_logger = logging.getLogger(__name__)

#: States of an SMS in which the provider has it.
ACCEPTED = ("process", "pending", "sent")
#: Makings of one message before it has failed: some five hours, see `retry_delay`.
_MOST_ATTEMPTS = 6


def record(actions, state, failure_type=None, reason=None):
    """Tell `actions` (in sudo) the state of their SMS, as `sms.sms` names it. Told twice, it is recorded once."""
    if state in ACCEPTED:
        _record_sent(actions)
    if state == "sent":
        _record_delivered(actions)
    elif state == "canceled":
        cancelled = actions.filtered(lambda action: action.state == "sending")._set_skipped("cancelled")
        _log(cancelled, "cancelled")
    elif state == "error":
        for action in actions.filtered(lambda action: action.state in ("sending", "done")):
            _record_error(action, failure_type, reason)


def _log(actions, result, **values):
    actions.env["recobro.interaction"]._log([message.log_values(action, result, **values) for action in actions])


def _record_sent(actions):
    _log(actions.filtered(lambda action: action.state == "sending")._set_done(), "sent")


def _record_delivered(actions):
    told = actions.interaction_ids.filtered(lambda line: line.result == "delivered").action_id
    _log(actions.filtered(lambda action: action.state == "done") - told, "delivered")


def _record_error(action, failure_type, reason):
    """Make it again later, or let it fail: its level is held, and the next channel tries."""
    cause = cause_of(failure_type)
    words = _words(action.env, failure_type, reason)
    if cause == "temporary" and action.state == "sending":
        try_again(action, words)
        return
    _fail(action, words, cause)


def _fail(action, words, cause):
    """Hold the level and log it; the number is named where it is to blame, and is then not used again."""
    action._set_failed(words)
    blamed = {} if cause in ("number", "opted_out") else {"email": False}
    _log(action, "opted_out" if cause == "opted_out" else "failed", note=words, **blamed)
    if cause == "opted_out":
        # sudo: the provider tells of the wish; Odoo's own list is where everybody looks
        action.env["phone.blacklist"].sudo()._add([action.email_to])
    if not fallback.fall_back(action, by_itself=cause in ("ours", "temporary")):
        alerts.delivery_failed(action)


def try_again(action, words):
    """Let the message be made again later, later each time, after a new verdict; at last it has failed."""
    attempts = action.attempts + 1
    if attempts > _MOST_ATTEMPTS:
        _fail(action, words, "temporary")
        return
    moment = clock.moment(action.env) + retry_delay(attempts)
    _log(action, "failed", email=False, note=words)
    action._set_planned_again()
    action.write({"attempts": attempts, "error": words, "not_before_hour": moment})
    action.env["recobro.run"]._trigger_delivery([moment])


def _words(env, failure_type, reason):
    """Return in words why an SMS failed."""
    labels = dict(env["mail.notification"]._fields["failure_type"]._description_selection(env))
    labels |= dict(env["sms.sms"]._fields["failure_type"]._description_selection(env))
    said = [labels.get(failure_type, failure_type) if failure_type != "unknown" else "", reason]
    return ": ".join(part for part in said if part) or env._("The SMS was not delivered.")


def settle(env, limit=200, after=0):
    """Catch up with SMS that have ended without their action knowing: sent, failed, cancelled or removed.

    :param after: seconds in which what sent them may still record it by itself.
    """
    env.flush_all()
    rows = env.execute_query(_ended(limit, after))
    actions = env["recobro.action"].sudo().browse([action for (action,) in rows])
    found = env["sms.sms"].sudo().search([("uuid", "in", actions.mapped("sms_uuid"))]).grouped("uuid")
    for action in actions:
        sms = found.get(action.sms_uuid, env["sms.sms"])
        try:
            with env.cr.savepoint():
                record(action, sms.state or "canceled", sms.failure_type)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            # It is tried again in a minute, and must not keep those behind it from being recorded
            _logger.exception("What became of the SMS of action %s could not be recorded", action.id)


def _ended(limit, after):
    return SQL(
        """
        SELECT action.id
          FROM recobro_action action
          LEFT JOIN sms_sms sms ON sms.uuid = action.sms_uuid
         WHERE action.state = 'sending' AND action.channel = 'sms'
           AND (sms.id IS NULL OR sms.state != 'outgoing'
                AND sms.write_date <= now() AT TIME ZONE 'UTC' - %(after)s * INTERVAL '1 second')
         LIMIT %(limit)s
        """,
        after=after,
        limit=limit,
    )
