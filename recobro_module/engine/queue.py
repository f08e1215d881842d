"""Between the mail queue and SMTP: the last verdict before, and what became of the mail after (rules 3 and 11)."""

import smtplib

from odoo import fields
from odoo.tools import SQL, email_split

from ..tools.delivery_failure import is_permanent, refused_addresses, retry_delay
from . import alerts, clock, message
from .statement import statements

#: Tries of one mail before its action has failed: about two days, see `retry_delay`.
_MOST_ATTEMPTS = 14
#: What core raises out of its queue when the connection is lost while it sends.
CONNECTION_LOST = (smtplib.SMTPServerDisconnected, OSError)


def may_go(mail):
    """Return whether a queued mail still says what is true; when not, cancel it and plan or skip its action.

    Anything that changed (an amount, a due date, a hold, the day itself) makes it stale.
    """
    action = mail.recobro_action_id.sudo()
    if mail.state != "outgoing" or not action:
        return mail.state == "outgoing"
    if action.state != "sending" or action.mail_id != mail:
        _cancel(mail)
        return False
    as_of = clock.today(mail.env, action.company_id)
    items = action.line_ids.filtered(lambda line: line.state == "sending").item_id
    statement = statements(mail.env, action.company_id, as_of, {action.partner_id.id: set(items.ids)})[
        action.partner_id.id
    ]
    stopped = action.company_id.recobro_stopped
    if not stopped and action.day == as_of and statement.fingerprint == action.fingerprint:
        return True
    _cancel(mail)
    mail.env["recobro.interaction"]._log([message.log_values(action, "cancelled")])
    standing = action.line_ids.filtered(
        lambda line: line.item_id.id in statement.by_item and not statement.by_item[line.item_id.id]["reason"]
    )
    reason = message.left_out_reason(action, statement, standing) if action.line_ids else None
    if reason:
        action._set_skipped(reason)
    else:
        action._set_planned_again()
        mail.env["recobro.run"]._trigger_delivery()
    return False


def _cancel(mail):
    mail.write({"state": "cancel", "failure_reason": mail.env._("The account changed before it was sent.")})


def record(mails, failure_type, failure_reason):
    """Tell the actions of `mails` what became of them: sent, to be tried again, or failed for good."""
    for mail in mails:
        if mail.state == "sent":
            _record_sent(mail)
        elif mail.state == "exception":
            reason = failure_reason or mail.failure_reason or ""
            kind = failure_type or mail.failure_type
            if is_permanent(kind, reason):
                _record_failed(mail, kind, reason)
            else:
                try_again(mail, reason)


def _record_sent(mail):
    action = mail.recobro_action_id.sudo()
    if action._set_done(action.day):
        mail.env["recobro.interaction"]._log([message.log_values(action, "sent")])


def _record_failed(mail, failure_type, reason):
    """Hold the level, write a line for each address that is to blame, and give the owner an activity.

    Where none is (our sender was refused) the line names no address: it goes on being used.
    """
    action = mail.recobro_action_id.sudo()
    if not action._set_failed(reason):
        return
    refused = refused_addresses(failure_type, reason, email_split(action.email_to))
    mail.env["recobro.interaction"]._log(
        [message.log_values(action, "failed", email=address, note=reason) for address in refused or [False]]
    )
    alerts.delivery_failed(action)


def try_again(mail, reason):
    """Queue the same mail again, later each time; one alert for all that wait.

    After some two days of it the action has failed: its owner is told, and no address is blamed.
    """
    action = mail.recobro_action_id.sudo()
    attempts = action.attempts + 1
    if attempts > _MOST_ATTEMPTS:
        action._set_failed(reason)
        mail.write({"state": "exception", "failure_reason": reason})
        mail.env["recobro.interaction"]._log([message.log_values(action, "failed", email=False, note=reason)])
        alerts.delivery_failed(action)
        return
    action.write({"attempts": attempts, "error": reason})
    mail.write(
        {
            "state": "outgoing",
            "failure_reason": reason,
            "scheduled_date": fields.Datetime.now() + retry_delay(attempts),
        }
    )
    action.run_id._alert_mail_server(reason)


def settle(env, limit=200):
    """Catch up with messages whose mail has ended without its action knowing: sent, cancelled or removed.

    Without it an action would wait for ever, and its items with it.
    """
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """
            SELECT action.id
              FROM recobro_action action
              LEFT JOIN mail_mail mail ON mail.id = action.mail_id
             WHERE action.state = 'sending' AND action.kind = 'message'
               AND (mail.id IS NULL OR mail.state != 'outgoing')
             LIMIT %s
            """,
            limit,
        )
    )
    for action in env["recobro.action"].sudo().browse([action for (action,) in rows]):
        mail = action.mail_id.exists()
        if mail.state in ("sent", "exception"):
            record(mail, mail.failure_type, mail.failure_reason)
        else:
            action._set_skipped("cancelled")
            env["recobro.interaction"]._log([message.log_values(action, "cancelled")])
