"""What comes while a rise of the same customer waits for its approval joins it: one thing to approve, about all of it.

The action that waits is planned anew with everything that stands of it and what came since, and keeps the day on which
it was first proposed. Decided meanwhile, the action before is no longer there to decide on, so nobody approves what
they have not seen.
"""

from odoo.tools import SQL

from ...const import STAGES_APPROVED


def _joinable(policies):
    """Return the levels of some policies whose items join each other while they wait for an approval."""
    return policies.level_ids.filtered(
        lambda level: level.active and level.stage in STAGES_APPROVED and level.channel != "suspension"
    )


def take_along(env, as_of, policies, step):
    """Let what waits for the approval of a stage be planned anew in `step` with what has come to the same stage today.

    Nothing is asked where no level of the policies in force rises above our own collecting.

    :param step: SQL name of the table of planning with each item's next level and the verdict on it.
    """
    levels = _joinable(policies)
    if not levels:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE %(step)s step
               SET due = TRUE, busy = FALSE, next_level_id = level.id, next_delay = level.delay_days,
                   next_sequence = level.sequence, kind = level.kind, channel = level.channel,
                   next_day = %(as_of)s, letter_wait = NULL
              FROM recobro_action_line line
              JOIN recobro_level level ON level.id = line.level_id
             WHERE line.item_id = step.item_id AND line.state = 'to_approve' AND level.id = ANY(%(levels)s)
               AND step.busy AND step.reason IS NULL
               AND EXISTS (
                   SELECT FROM %(step)s come
                     JOIN recobro_level other ON other.id = come.next_level_id
                    WHERE come.partner_id = step.partner_id AND come.due AND come.reason IS NULL
                      AND come.next_day <= %(as_of)s AND other.id = ANY(%(levels)s)
                      AND (other.stage, other.channel) = (level.stage, level.channel)
               )
            """,
            step=step,
            as_of=as_of,
            levels=levels.ids,
        )
    )


def supersede(env, policies, plan, step, in_plan):
    """Take out the actions some of whose items are planned anew; the new ones have waited since the same day.

    :param plan: SQL name of the table of planning with what is planned; its column `since` is filled in.
    :param in_plan: SQL condition that a row `step` is in a row `plan`.
    """
    levels = _joinable(policies)
    if not levels:
        return
    env.cr.execute(
        SQL(
            """
            WITH anew AS (
                SELECT DISTINCT line.action_id, plan.partner_id, plan.kind
                  FROM %(plan)s plan
                  JOIN %(step)s step ON %(in_plan)s
                  JOIN recobro_action_line line ON line.item_id = step.item_id AND line.state = 'to_approve'
                 WHERE plan.reason IS NULL AND plan.level_id = ANY(%(levels)s)
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
                UPDATE recobro_action action SET state = 'skipped', reason = 'joined'
                  FROM anew WHERE action.id = anew.action_id AND action.state = 'to_approve'
             RETURNING action.id
            )
            UPDATE recobro_action_line line SET state = 'skipped'
              FROM superseded WHERE line.action_id = superseded.id AND line.state = 'to_approve'
            """,
            plan=plan,
            step=step,
            in_plan=in_plan,
            levels=levels.ids,
        )
    )
