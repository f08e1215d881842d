"""Positions on the ladder: an item climbs when its level went out, and steps back when that proves false."""

from odoo.tools import SQL


def climb(env, actions, day):
    """Move the items of `actions` up to the level each got, dated `day`. One statement; never moves down."""
    actions.line_ids.flush_recordset()
    _invalidate_after(
        env,
        actions,
        SQL(
            """
            UPDATE recobro_item item
               SET delay_days = level.delay_days, level_sequence = level.sequence, level_id = level.id,
                   level_date = %(day)s, case_id = action.case_id
              FROM recobro_action_line line
              JOIN recobro_level level ON level.id = line.level_id
              JOIN recobro_action action ON action.id = line.action_id
             WHERE line.item_id = item.id
               AND item.state = 'open'
               AND line.state IN ('done', 'missed')
               AND action.id = ANY(%(actions)s)
               AND (item.delay_days IS NULL
                    OR (level.delay_days, level.sequence) > (item.delay_days, item.level_sequence))
            """,
            day=day,
            actions=actions.ids,
        ),
    )


def step_back(env, actions):
    """Put the items of `actions` back where they stood before, unless they have climbed further since."""
    actions.line_ids.flush_recordset()
    _invalidate_after(
        env,
        actions,
        SQL(
            """
            UPDATE recobro_item item
               SET delay_days = line.from_delay_days, level_sequence = line.from_level_sequence,
                   level_id = line.from_level_id
              FROM recobro_action_line line
             WHERE line.item_id = item.id
               AND line.level_id = item.level_id
               AND line.action_id = ANY(%(actions)s)
            """,
            actions=actions.ids,
        ),
    )


def _invalidate_after(env, actions, statement):
    env["recobro.item"].flush_model()
    if actions:
        env.cr.execute(statement)
    env["recobro.item"].invalidate_model()
