"""The waits between messages, asked again when a message is made: a day may have passed since it was planned."""

from datetime import timedelta

from odoo.tools import SQL

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
        approved = waiting.filtered(lambda action: action.level_id.needs_approval)
        approved.not_before = as_of + timedelta(days=1)
        (waiting - approved)._set_skipped(reason)
    return going


def _facts(env, company, as_of, policies):
    return SQL("SELECT * FROM (%s) fact", policy_facts(env, company, as_of, policies))


def _lately(env, company, as_of, actions):
    """Return {partner id: (day of the last message, messages in seven days)} of what went out or is in the queue."""
    env["recobro.action"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT partner_id, MAX(day), COUNT(*) FILTER (WHERE day > %(as_of)s - 7)
              FROM recobro_action
             WHERE company_id = %(company)s AND kind = 'message' AND state IN ('sending', 'done')
               AND partner_id = ANY(%(partners)s)
             GROUP BY partner_id
            """,
            as_of=as_of,
            company=company.id,
            partners=actions.partner_id.ids,
        )
    )
    return {partner: (last, number) for partner, last, number in rows}


def _reason(action, facts, lately, customers, as_of):
    """Return why the message may not go out today, or None."""
    fact = facts.get(action.policy_id.id)
    last, number = lately.get(action.partner_id.id, (None, 0))
    if action.partner_id.id in customers or last == as_of:
        return "same_day"
    if not fact:
        return None
    if not fact["works_today"]:
        return "not_working_day"
    if last and (as_of - last).days < fact["quiet_days"]:
        return "quiet_days"
    return "week_limit" if number >= fact["week_limit"] else None
