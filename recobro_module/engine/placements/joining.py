"""What comes while a rise of the same customer waits for its approval joins it: one thing to approve, about all of it.

The action that waits is planned anew with everything that stands of it and what came since, and keeps the day on which
it was first proposed. Decided meanwhile, the action before is no longer there to decide on, so nobody approves what
they have not seen.
"""

from odoo.tools import SQL

from ...const import STAGES_APPROVED
from . import formal_letter


def _joinable(policies):
    """Return the levels of some policies whose items join each other while they wait for an approval."""
    return policies.level_ids.filtered(
        lambda level: level.active and level.stage in STAGES_APPROVED and level.channel != "suspension"
    )


def take_along(env, company, as_of, policies, step):
    """Let what waits for the approval of a stage be planned anew in `step` with what has come to the same stage today.

    With all that is in its action, each item at its own level: what is in the envelope stays in it. Not what the days
    of a formal letter, begun anew, keep from legal steps: it would block what comes. The rows stay `busy`: they wait in
    an action already. Nothing is asked where no level of the policies in force rises above our own collecting.

    :param step: SQL name of the table of planning with each item's next level and the verdict on it.
    """
    levels = _joinable(policies)
    if not levels:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE %(step)s step
               SET due = TRUE, next_level_id = level.id, next_delay = level.delay_days,
                   next_sequence = level.sequence, kind = level.kind, channel = level.channel,
                   next_day = %(as_of)s, letter_wait = NULL
              FROM recobro_action_line line
              JOIN recobro_level level ON level.id = line.level_id
             WHERE line.item_id = step.item_id AND line.state = 'to_approve'
               AND step.busy AND step.reason IS NULL
               AND line.action_id IN (%(joined)s) AND NOT %(waits)s
            """,
            step=step,
            as_of=as_of,
            joined=_joined(as_of, levels, step),
            waits=_waits(company, as_of, levels),
        )
    )


def _joined(as_of, levels, step):
    """SELECT (action_id): what waits for an approval, to whose stage and channel something of its customer has come."""
    return SQL(
        """
        SELECT first.action_id
          FROM recobro_action_line first
          JOIN recobro_level its ON its.id = first.level_id
          JOIN %(step)s waiting ON waiting.item_id = first.item_id
          JOIN %(step)s come ON come.partner_id = waiting.partner_id
          JOIN recobro_level other ON other.id = come.next_level_id
         WHERE first.state = 'to_approve' AND its.id = ANY(%(levels)s) AND other.id = ANY(%(levels)s)
           AND (other.stage, other.channel) = (its.stage, its.channel)
           AND come.due AND come.reason IS NULL AND come.next_day <= %(as_of)s
        """,
        step=step,
        levels=levels.ids,
        as_of=as_of,
    )


def _waits(company, as_of, levels):
    """Return the SQL condition that a formal letter keeps the item of a row `step` from the `level` it waits at."""
    if "legal" not in levels.mapped("stage"):
        return SQL("FALSE")
    letter = formal_letter.of_row(company, as_of, SQL("step"), SQL("level.stage = 'legal'"))
    return SQL("EXISTS (SELECT FROM (%s) letter WHERE letter.wait IS NOT NULL)", letter)


def supersede(env, as_of, policies, plan, step, in_plan):
    """Take out the actions some of whose items are planned anew; the new ones have waited since the same day.

    Of the day are now those taken out: a second run of it sees that the customer has had its task.

    :param plan: SQL name of the table of planning with what is planned; its column `since` is filled in.
    :param in_plan: SQL condition that a row `step` is in a row `plan`.
    """
    if not _joinable(policies):
        return
    env.cr.execute(
        SQL(
            """
            WITH anew AS (
                SELECT DISTINCT line.action_id, plan.partner_id, plan.kind
                  FROM %(plan)s plan
                  JOIN %(step)s step ON %(in_plan)s
                  JOIN recobro_action_line line ON line.item_id = step.item_id AND line.state = 'to_approve'
                 WHERE plan.reason IS NULL
            ),
            since AS (
                UPDATE %(plan)s plan SET since = before.day
                  FROM (
                       SELECT anew.partner_id, anew.kind, MIN(action.day) AS day
                         FROM anew JOIN recobro_action action ON action.id = anew.action_id
                        GROUP BY anew.partner_id, anew.kind
                       ) before
                 WHERE before.partner_id = plan.partner_id AND before.kind = plan.kind
            ),
            superseded AS (
                UPDATE recobro_action action SET state = 'skipped', reason = 'joined', day = %(as_of)s
                  FROM anew WHERE action.id = anew.action_id AND action.state = 'to_approve'
             RETURNING action.id
            )
            UPDATE recobro_action_line line SET state = 'skipped'
              FROM superseded WHERE line.action_id = superseded.id AND line.state = 'to_approve'
            """,
            plan=plan,
            step=step,
            in_plan=in_plan,
            as_of=as_of,
        )
    )
