"""The proof of delivery of a formal letter is asked for, once for each letter that has waited for it."""

from markupsafe import Markup

from odoo.tools import SQL, format_date

from .. import alerts
from . import formal_letter

#: Letters older than this are nobody's to ask for any more.
_FORGOTTEN_AFTER = 365

_PROOF = "recobro_module.activity_type_letter_proof"

#: Whether a letter `action` is the last formal one of something that is still open: no other is waited for.
_IS_LAST = SQL(
    """
    EXISTS (
        SELECT FROM recobro_action_line line
          JOIN recobro_item item ON item.id = line.item_id AND item.state = 'open'
         WHERE line.action_id = action.id AND line.state IN ('done', 'missed') AND NOT EXISTS (
               SELECT FROM recobro_action_line again
                 JOIN recobro_action later ON later.id = again.action_id AND later.id > line.action_id
                  AND later.channel = 'letter' AND later.state IN ('done', 'missed')
                 JOIN recobro_level formal ON formal.id = again.level_id AND formal.stage = 'pre_legal'
                WHERE again.item_id = line.item_id AND again.state IN ('done', 'missed')
               )
    )
    """
)


def ask(env, company, as_of, policies):
    """Ask who answers for a case for the proof of its formal letter, once for each letter that has waited for it.

    Nothing is asked of the database where no level waits for formal letters.
    """
    if not formal_letter.is_awaited(policies):
        return
    env["recobro.action"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            UPDATE recobro_action action SET proof_asked_on = %(as_of)s
              FROM recobro_level level, recobro_case collection
             WHERE level.id = action.level_id AND level.stage = 'pre_legal'
               AND collection.id = action.case_id AND collection.state = 'open'
               AND action.company_id = %(company)s AND action.channel = 'letter' AND action.proof_asked_on IS NULL
               AND action.day > %(as_of)s - %(forgotten)s
               AND action.state IN ('done', 'missed') AND action.delivered_on IS NULL
               AND COALESCE(action.sent_on, action.day) <= %(as_of)s - %(days)s
               AND %(is_last)s
         RETURNING action.id
            """,
            as_of=as_of,
            company=company.id,
            forgotten=_FORGOTTEN_AFTER,
            days=formal_letter.ASKED_AFTER,
            is_last=_IS_LAST,
        )
    )
    if rows:
        actions = env["recobro.action"].sudo().browse([action for (action,) in rows])
        actions.invalidate_recordset(["proof_asked_on"])
        letters = actions.grouped("case_id")
        alerts.alert(
            actions.case_id,
            _PROOF,
            lambda env, case: _asking(env, letters[case]),
            deadline=as_of,
            is_further=True,
        )


def _asking(env, actions):
    """Return the words that ask for the proof of some letters of one case, a line each."""
    return Markup("<br/>").join(_asking_one(env, action) for action in actions.sorted("id"))


def _asking_one(env, action):
    if not action.sent_on:
        return env._(
            "The formal letter of %(day)s was never posted: print and post it. No legal step is proposed before.",
            day=format_date(env, action.day),
        )
    return env._(
        "The formal letter was posted on %(day)s and nothing proves yet that it arrived: record the proof of delivery, "
        "or send it again. No legal step is proposed before.",
        day=format_date(env, action.sent_on),
    )


def proved(actions):
    """Take the request for a proof away from the cases of some letters (in sudo): it is known what became of them.

    Each letter is asked for once. So the request stays, for the others alone, where a case has some without a proof.
    """
    others = _still_asked(actions)
    (actions.case_id - others.case_id).activity_unlink([_PROOF])
    letters = others.grouped("case_id")
    for activity in others.case_id.activity_search([_PROOF]):
        env = alerts.speaking_to(activity.user_id)
        activity.note = _asking(env, letters[others.case_id.browse(activity.res_id)])


def _still_asked(actions):
    """Return the other letters of the cases of some, in sudo, whose proof was asked for and is still needed."""
    env = actions.env
    for model in ("recobro.action", "recobro.action.line", "recobro.item"):
        env[model].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT action.id
              FROM recobro_action action
              JOIN recobro_level level ON level.id = action.level_id AND level.stage = 'pre_legal'
             WHERE action.case_id = ANY(%(cases)s) AND action.id != ALL(%(actions)s)
               AND action.channel = 'letter' AND action.state IN ('done', 'missed')
               AND action.proof_asked_on IS NOT NULL AND action.delivered_on IS NULL
               AND %(is_last)s
            """,
            cases=actions.case_id.ids,
            actions=actions.ids,
            is_last=_IS_LAST,
        )
    )
    return actions.browse([action for (action,) in rows])
