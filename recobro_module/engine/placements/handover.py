"""What an approved action of the channels “placement” and “legal” does: it hands the case over."""

from .. import message
from ..statement import statements
from . import formal_letter, placing, rises


def deliver(actions, as_of):
    """Hand the cases of some approved actions of one company over, with what of their items stands today.

    What was paid meanwhile is not in it. A promise that came meanwhile keeps the case here, and so does an answer that
    gives the customer the days of the formal letter anew.
    """
    env, company = actions.env, actions.company_id
    found = statements(
        env, company, as_of, {action.partner_id.id: set(action.line_ids.item_id.ids) for action in actions}
    )
    standing = rises.promises(env, company, as_of, actions.partner_id.ids)
    letters = formal_letter.waiting(actions, as_of)
    for action in actions:
        if action.partner_id.id in standing:
            action._set_skipped("held")
        elif action in letters:
            action._set_skipped(letters[action].wait)
        elif message.still_stands(action, found[action.partner_id.id]):
            _hand_over(action, as_of)


def _hand_over(action, as_of):
    items = action.line_ids.filtered(lambda line: line.state == "planned").item_id
    placing.place(
        action.case_id,
        action.agency_id,
        items,
        as_of,
        action_id=action.id,
        approved_by_id=action.decided_by_id.id,
    )
    action._set_done()
