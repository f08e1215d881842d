"""Between the mail queue and SMTP: the last verdict before, and what became of the mail after (rules 3 and 11)."""

import smtplib

from odoo import fields
from odoo.tools import SQL, email_split

from ..tools.delivery_failure import is_permanent, refused_addresses, retry_delay
from . import alerts, clock, message
from .channels import fallback
from .statement import fingerprints, statements

#: Mails that are judged together, and the seconds for which they may go on that verdict.
AT_ONCE, GOOD_FOR = 50, 2.0
#: Seconds after which what a mail became, and its action doesn't know, is nobody's any more to record but `settle`'s.
LEFT_ALONE = 60
#: Tries of one mail before its action has failed: about two days, see `retry_delay`.
_MOST_ATTEMPTS = 14
#: What core raises out of its queue when the connection is lost while it sends.
CONNECTION_LOST = (smtplib.SMTPServerDisconnected, OSError)


class Sent:
    """The mails that went on one verdict, to be recorded together. No client can send one; see `message.Compiled`."""

    def __init__(self):
        self.mail_ids = []


def unchanged(mails):
    """Return {id: company} of those of `mails` that still say what is true, from one verdict on all their customers.

    What the last verdict promises (rule 3): a mail goes on a verdict that is two seconds old at most, and only while
    nobody has changed the customer's account in between, see `is_untouched`. Any other mail is judged by itself.
    """
    mails.fetch(["state", "recobro_action_id"])
    # sudo: the queue asks, whoever started it
    actions = mails.filtered(lambda mail: mail.state == "outgoing").recobro_action_id.sudo()
    actions = actions.filtered(lambda action: action.state == "sending" and action.mail_id in mails)
    same = actions.browse()
    for company, batch in actions.grouped("company_id").items():
        same |= as_they_were(company, batch)
    return {action.mail_id.id: action.company_id for action in same}


def as_they_were(company, actions):
    """Return those of `actions` of one company whose message would be the same if it were made now."""
    if company.recobro_stopped:
        return actions.browse()
    as_of = clock.today(actions.env, company)
    now = fingerprints(actions.env, company, as_of, actions.partner_id.ids)
    return actions.filtered(lambda action: action.day == as_of and action.fingerprint == now[action.partner_id.id])


def is_untouched(mail):
    """Return whether nothing was committed about the customer of `mail` since it was judged; one statement.

    Asked first in the transaction that sends it, so it sees all but what is committed in the instant of sending. What
    changes an account leaves a mark in the same transaction, which outlives the refresh that takes it up by a minute.
    """
    mail.env["recobro.action"].flush_model(["state", "mail_id"])
    [(untouched,)] = mail.env.execute_query(
        SQL(
            """
            SELECT EXISTS (
                SELECT FROM recobro_action action
                  JOIN res_company company ON company.id = action.company_id
                 WHERE action.mail_id = %(mail)s AND action.state = 'sending'
                   AND company.recobro_stopped IS NOT TRUE
                   AND NOT EXISTS (
                       SELECT FROM res_partner person
                         JOIN recobro_mark mark ON mark.partner_id = person.id
                        WHERE person.commercial_partner_id = action.partner_id
                   )
            )
            """,
            mail=mail.id,
        )
    )
    return untouched


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
    if is_still_true(action):
        return True
    _cancel(mail)
    return False


def is_still_true(action):
    """Return whether a queued message of any channel still says what is true; when not, plan or skip its action.

    The caller takes it out of its queue.
    """
    env = action.env
    as_of = clock.today(env, action.company_id)
    items = action.line_ids.filtered(lambda line: line.state == "sending").item_id
    statement = statements(env, action.company_id, as_of, {action.partner_id.id: set(items.ids)})[action.partner_id.id]
    stopped = action.company_id.recobro_stopped
    if not stopped and action.day == as_of and statement.fingerprint == action.fingerprint:
        return True
    env["recobro.interaction"]._log([message.log_values(action, "cancelled")])
    standing = action.line_ids.filtered(
        lambda line: line.item_id.id in statement.by_item and not statement.by_item[line.item_id.id]["reason"]
    )
    reason = message.left_out_reason(action, statement, standing) if action.line_ids else None
    if reason:
        action._set_skipped(reason)
    else:
        action._set_planned_again()
        env["recobro.run"]._trigger_delivery()
    return False


def _cancel(mail):
    mail.write({"state": "cancel", "failure_reason": mail.env._("The account changed before it was sent.")})


def record(mails, failure_type=None, failure_reason=None):
    """Tell the actions of `mails` what became of them: sent, to be tried again, or failed for good."""
    mails.fetch(["state", "recobro_action_id", "failure_type", "failure_reason"])
    if sent := mails.filtered(lambda mail: mail.state == "sent"):
        _record_sent(sent)
    for mail in mails.filtered(lambda mail: mail.state == "exception"):
        reason = failure_reason or mail.failure_reason or ""
        kind = failure_type or mail.failure_type
        if is_permanent(kind, reason):
            _record_failed(mail, kind, reason)
        else:
            try_again(mail, reason)


def _record_sent(mails):
    # sudo: the queue tells what became of the message, whoever started it
    done = mails.recobro_action_id.sudo()._set_done()
    mails.env["recobro.interaction"]._log([message.log_values(action, "sent") for action in done])


def _record_failed(mail, failure_type, reason):
    """Hold the level, write a line for each address that is to blame, and go another way, or tell the owner.

    Where none is (our sender was refused) the line names no address: it goes on being used.
    """
    action = mail.recobro_action_id.sudo()
    if not action._set_failed(reason):
        return
    refused = refused_addresses(failure_type, reason, email_split(action.email_to))
    mail.env["recobro.interaction"]._log(
        [message.log_values(action, "failed", email=address, note=reason) for address in refused or [False]]
    )
    if not fallback.fall_back(action, by_itself=not refused):
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
        if not fallback.fall_back(action, by_itself=True):
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


def settle(env, limit=200, after=0):
    """Catch up with e-mails that have ended without its action knowing: sent, cancelled or removed.

    Without it an action would wait for ever, and its items with it.

    :param after: seconds in which the queue may still record by itself what it has just sent.
    """
    env.flush_all()
    rows = env.execute_query(
        SQL(
            """
            SELECT action.id
              FROM recobro_action action
              LEFT JOIN mail_mail mail ON mail.id = action.mail_id
             WHERE action.state = 'sending' AND action.kind = 'message' AND action.channel != 'sms'
               AND (mail.id IS NULL OR mail.state != 'outgoing'
                    AND mail.write_date <= now() AT TIME ZONE 'UTC' - %(after)s * INTERVAL '1 second')
             LIMIT %(limit)s
            """,
            after=after,
            limit=limit,
        )
    )
    for action in env["recobro.action"].sudo().browse([action for (action,) in rows]):
        mail = action.mail_id.exists()
        if mail.state in ("sent", "exception"):
            record(mail, mail.failure_type, mail.failure_reason)
        else:
            action._set_skipped("cancelled")
            env["recobro.interaction"]._log([message.log_values(action, "cancelled")])
