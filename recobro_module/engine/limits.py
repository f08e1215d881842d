"""The waits between messages and the limit of contacts, asked again when a message is made.

A day may have passed since it was planned.
"""

from datetime import timedelta

from odoo.tools import SQL

from . import contact_count
from .policies import policy_facts


def allowed(actions, as_of):
    """Return those of `actions` (messages of one company) that may go out on `as_of`; the others are left out.

    At most one of a customer: what is made first goes. What a person approved waits for the next day instead of being
    left out, and what a manager sends without the waits is let through.
    """
    env = actions.env
    [company] = actions.company_id
    facts = {row["policy_id"]: row for row in env.execute_query_dict(_facts(env, company, as_of, actions.policy_id))}
    lately = _lately(env, company, as_of, actions)
    reasons, customers = {}, set()
    for action in actions:
        reasons[action] = None if action.without_waits else _reason(action, facts, lately, customers, as_of)
        if not reasons[action]:
            customers.add(action.partner_id.id)
    by_reason = actions.grouped(reasons.get)
    going = by_reason.pop(None, actions.browse())
    for reason, waiting in by_reason.items():
        approved = waiting.filtered(lambda one: one.level_id.needs_approval or one.channel == "suspension")
        approved.not_before = as_of + timedelta(days=1)
        (waiting - approved)._set_skipped(reason)
    return going


def _facts(env, company, as_of, policies):
    return SQL("SELECT * FROM (%s) fact", policy_facts(env, company, as_of, policies))


def _lately(env, company, as_of, actions):
    """Return {partner id: (day of the last message, messages and all contacts in seven days)} of some customers.

    Messages that went out or are in the queue; contacts are those and what people did.
    """
    env["recobro.action"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT asked.partner_id, sent.last, COALESCE(sent.messages, 0),
                   COALESCE(sent.messages, 0) + COALESCE(done.contacts, 0)
              FROM unnest(%(partners)s::int[]) AS asked(partner_id)
              LEFT JOIN (
                   SELECT partner_id, MAX(day) AS last, COUNT(*) FILTER (WHERE day > %(as_of)s - 7) AS messages
                     FROM recobro_action
                    WHERE company_id = %(company)s AND kind = 'message' AND state IN ('sending', 'done')
                      AND partner_id = ANY(%(partners)s)
                    GROUP BY partner_id
                   ) sent ON sent.partner_id = asked.partner_id
              LEFT JOIN (%(tasks_done)s) done ON done.partner_id = asked.partner_id
            """,
            tasks_done=contact_count.tasks_done(company, as_of),
            as_of=as_of,
            company=company.id,
            partners=actions.partner_id.ids,
        )
    )
    return {partner: found for partner, *found in rows}


def _reason(action, facts, lately, customers, as_of):
    """Return why the message may not go out today, or None."""
    fact = facts.get(action.policy_id.id)
    last, messages, contacts = lately[action.partner_id.id]
    if action.partner_id.id in customers or last == as_of:
        return "same_day"
    if not fact:
        return None
    if not fact["works_today"]:
        return "not_working_day"
    if last and (as_of - last).days < fact["quiet_days"]:
        return "quiet_days"
    if messages >= fact["week_limit"]:
        return "week_limit"
    return "contact_limit" if 0 < fact["contact_limit"] <= contacts else None
