"""What keeps a case from rising above our own collecting: a promise that is not due yet, or who refused it.

And of legal steps, or of a second letter, the formal letter before them (`formal_letter`), until its days have passed.

A dispute keeps its own amount out of it, by the verdict. Asked when the day is planned, when a person approves, and
again when it is carried out.
"""

from odoo.tools import SQL, format_amount, format_date, format_list

from ...const import STAGES_APPROVED
from . import formal_letter


def reason_sql(env, company, as_of, policies):
    """Return the SQL of the reason of a row `verdict` of planning, with what keeps a level from being proposed added.

    Where no level waits for a person it is the reason as it was: what nobody uses costs nothing.
    """
    decided = policies.level_ids.filtered(lambda level: level.active and level.needs_approval)
    if not decided:
        return SQL("reason")
    env["recobro.promise"].flush_model()
    return SQL(
        """
        CASE WHEN reason IS NOT NULL OR NOT due OR next_level_id != ALL(%(decided)s) THEN reason
             WHEN next_level_id = ANY(%(rising)s) AND EXISTS (
                  SELECT FROM recobro_promise promise
                   WHERE promise.company_id = %(company)s AND promise.partner_id = verdict.partner_id
                     AND promise.state = 'open' AND promise.deadline >= %(as_of)s
                  ) THEN 'held'
             WHEN letter_wait IS NOT NULL THEN letter_wait
             WHEN EXISTS (
                  SELECT FROM recobro_action refused
                   WHERE refused.company_id = %(company)s AND refused.partner_id = verdict.partner_id
                     AND refused.level_id = next_level_id AND refused.refused_until > %(as_of)s
                  ) THEN 'refused'
        END
        """,
        decided=decided.ids,
        rising=decided.filtered(lambda level: level.stage in STAGES_APPROVED).ids,
        company=company.id,
        as_of=as_of,
    )


def promises(env, company, as_of, partner_ids):
    """Return {customer id: open promises that are not due yet, in sudo} of some customers; one search."""
    # sudo: whether a promise stands is asked whoever decides
    found = (
        env["recobro.promise"]
        .sudo()
        .search(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(partner_ids)),
                ("state", "=", "open"),
                ("deadline", ">=", as_of),
            ]
        )
    )
    return found.grouped(lambda promise: promise.partner_id.id)


def promise_words(env, customer, found):
    """Return why the promises of a customer keep its case where it is."""
    return env._(
        "%(customer)s has promised %(promises)s: hand nothing over before that day has passed.",
        customer=customer.display_name,
        promises=format_list(
            env,
            [
                env._(
                    "%(amount)s by %(day)s",
                    amount=format_amount(env, promise.amount, promise.currency_id),
                    day=format_date(env, promise.date),
                )
                for promise in found
            ],
        ),
    )


def blocked(actions, as_of):
    """Return {action: why it can't be approved now} of those actions of one company that lead above our collecting."""
    words = {action: found for action in actions if (found := nobody_chosen(action, action.agency_id))}
    words |= held(actions, as_of)
    further = formal_letter.further(actions.filtered(lambda action: action not in words))
    return words | {action: formal_letter.why_one(action.env, action.partner_id) for action in further}


def nobody_chosen(action, agency):
    """Return in words that nobody is there to whom an action could be handed over; else nothing."""
    if not (action.is_rise and action.hands_over) or agency.active:
        return ""
    return action.env._("%(customer)s: choose whom it is handed over to.", customer=action.partner_id.display_name)


def held(actions, as_of):
    """Return {action: why it can't be approved now}, whoever it is handed over to; see `blocked`."""
    env = actions.env
    rising = actions.filtered("is_rise")
    if not rising:
        return {}
    standing = promises(env, rising.company_id, as_of, rising.partner_id.ids)
    letters = formal_letter.waiting(rising.sudo(), as_of)  # sudo: whether it may be decided is asked whoever decides
    words = {}
    for action in rising:
        if found := standing.get(action.partner_id.id):
            words[action] = promise_words(env, action.partner_id, found)
        elif letter := letters.get(action):
            why = formal_letter.why if action.stage == "legal" else formal_letter.why_one
            words[action] = why(env, action.partner_id, letter)
    return words
