"""Step 5. What the day left: figures on the cases, settled cases closed, the company's balances kept."""

from odoo.tools import SQL

from ..const import DUE_SOON_DAYS, HAND_OVER_CHANNELS, RISE_WAITS
from . import answers, faults, known_items, planning, promises, suspensions, verdicts
from .figures import customer_figures, daily, recovery
from .plans import settlements

#: Columns of `recobro_case` that this step keeps, all sums in company currency unless they are days or ids.
FIGURES = (
    "amount_open",
    "amount_overdue",
    "amount_due_soon",
    "amount_not_due",
    "amount_1_30",
    "amount_31_60",
    "amount_61_90",
    "amount_90_plus",
    "amount_held",
    "amount_credit",
    "amount_net",
    "oldest_due_date",
    "item_count",
)


def figures(verdict, as_of):
    """Return the SELECT of a case's figures by customer, from a relation of verdicts.

    What is excluded from follow-up is not part of a case's figures, nor are the instalments of plans: what they ask for
    is in the invoices of the plan.
    """
    return SQL(
        """
        SELECT partner_id,
               SUM(open_company) AS amount_open,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due > 0), 0) AS amount_overdue,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due BETWEEN -%(soon)s AND 0), 0) AS amount_due_soon,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due <= 0), 0) AS amount_not_due,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due BETWEEN 1 AND 30), 0) AS amount_1_30,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due BETWEEN 31 AND 60), 0) AS amount_31_60,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due BETWEEN 61 AND 90), 0) AS amount_61_90,
               COALESCE(SUM(open_company) FILTER (WHERE days_past_due > 90), 0) AS amount_90_plus,
               SUM(open_company - free_company) AS amount_held,
               MAX(credit) AS amount_credit,
               SUM(open_company) - MAX(credit) AS amount_net,
               MIN(due_date) AS oldest_due_date,
               COUNT(*) AS item_count
          FROM %(verdict)s verdict
         WHERE NOT excluded AND line_id > 0
         GROUP BY partner_id
        """,
        soon=DUE_SOON_DAYS,
        verdict=verdict,
    )


def take(env, company, as_of, partner_ids=None):
    """Refresh the open cases of `company` and close those that are settled.

    :param partner_ids: commercial entities to look at; all when None, and then the day's balances and the figures of
        all customers are kept too.
    :return: what went wrong with those figures, a list of words: it keeps no case from being closed.
    """
    if partner_ids is not None:
        # Of the whole company they were brought up to the day before it was decided
        answers.settle(env, company, as_of, partner_ids)
        suspensions.settle(env, company, as_of, partner_ids)
    planning.prepare(env, company, as_of, partner_ids)
    known_items.save(env, company, planning.OPEN, partner_ids)
    _write_figures(env, company, as_of, partner_ids)
    _write_ladder(env, company, as_of, partner_ids)
    promises.count_broken(env, company, partner_ids)
    missing = []
    if partner_ids is None:
        faults.tried(env, missing, customer_figures.keep, company, as_of)
        faults.tried(env, missing, recovery.keep_day, company, as_of)
        faults.tried(env, missing, daily.keep, company, as_of, planning.STEP)
    env.invalidate_all()
    _close_settled(env, company, as_of, partner_ids)
    return missing


def _of(partner_ids, table="collection"):
    """Return the SQL condition that a row of `table` is of one of the customers; always true when None."""
    if partner_ids is None:
        return SQL("TRUE")
    return SQL("%s = ANY(%s)", SQL.identifier(table, "partner_id"), list(partner_ids))


def _write_figures(env, company, as_of, partner_ids):
    """Write the amounts on the open cases whose amounts changed; a case with nothing open shows zeros."""
    columns = [SQL.identifier(name) for name in FIGURES]
    values = SQL(", ").join(
        SQL("now.%s", column) if name == "oldest_due_date" else SQL("COALESCE(now.%s, 0)", column)
        for name, column in zip(FIGURES, columns, strict=True)
    )
    env.cr.execute(
        SQL(
            """
            WITH now AS (
                SELECT known.id AS case_id, figure.*
                  FROM recobro_case known
                  LEFT JOIN (%(figures)s) figure ON figure.partner_id = known.partner_id
                 WHERE known.company_id = %(company)s AND known.state = 'open'
            )
            UPDATE recobro_case collection
               SET (%(columns)s) = ROW(%(values)s)
              FROM now
             WHERE now.case_id = collection.id AND %(only)s
               AND (%(own)s) IS DISTINCT FROM (%(values)s)
            """,
            figures=figures(planning.STEP, as_of),
            company=company.id,
            columns=SQL(", ").join(columns),
            own=SQL(", ").join(SQL("collection.%s", column) for column in columns),
            values=values,
            only=_of(partner_ids),
        )
    )


def _write_ladder(env, company, as_of, partner_ids):
    """Write the level and stage each open case has reached, its next level and day, and its last message."""
    env["recobro.placement"].flush_model()
    env.cr.execute(
        SQL(
            """
            WITH reached AS (
                SELECT DISTINCT ON (item.case_id) item.case_id, item.level_id,
                       CASE WHEN level.channel IN %(hand_over)s THEN 'internal' ELSE level.stage END AS stage
                  FROM recobro_item item
                  JOIN recobro_level level ON level.id = item.level_id
                 WHERE item.state = 'open' AND item.company_id = %(company)s AND %(only_items)s
                 ORDER BY item.case_id, level.delay_days DESC, level.sequence DESC
            ),
            -- With whom the case is, or ended; what came back is ours again, wherever a level handed it over
            placed AS (
                SELECT DISTINCT ON (case_id) case_id, state,
                       CASE kind WHEN 'agency' THEN 'agency' ELSE 'legal' END AS stage
                  FROM recobro_placement
                 WHERE company_id = %(company)s AND state IN ('placed', 'finished') AND %(only_placements)s
                 ORDER BY case_id, state = 'placed' DESC, id DESC
            ),
            next AS (
                SELECT DISTINCT ON (step.partner_id) step.partner_id, step.next_level_id, policy.quiet_days, step.kind,
                       CASE WHEN step.reason IS DISTINCT FROM 'not_selected' THEN step.next_day END AS next_day,
                       COALESCE(step.reason, step.letter_wait) AS wait
                  FROM %(step)s step
                  JOIN recobro_policy policy ON policy.id = step.policy_id
                 WHERE (step.reason IS NULL OR step.reason IN %(waits)s)
                   AND step.next_level_id IS NOT NULL AND NOT step.busy
                 ORDER BY step.partner_id, step.next_day, step.next_delay DESC
            ),
            message AS (
                SELECT case_id, MAX(day) AS last_day, COUNT(*) AS number
                  FROM recobro_action action
                 WHERE company_id = %(company)s AND kind = 'message' AND state IN ('sending', 'done')
                   AND %(only_actions)s
                 GROUP BY case_id
            ),
            now AS (
                SELECT known.id, reached.level_id, COALESCE(placed.stage, reached.stage, 'preventive') AS stage,
                       next.next_level_id, next.wait,
                       -- No day where nobody can tell it
                       CASE WHEN next.next_day IS NOT NULL THEN GREATEST(
                           next.next_day, %(as_of)s + 1,
                           CASE WHEN next.kind = 'message' THEN message.last_day + next.quiet_days END
                       ) END AS next_day,
                       message.last_day, COALESCE(message.number, 0) AS number
                  FROM recobro_case known
                  LEFT JOIN reached ON reached.case_id = known.id
                  LEFT JOIN placed
                    ON placed.case_id = known.id AND (placed.state = 'placed' OR known.item_count = 0)
                  LEFT JOIN next ON next.partner_id = known.partner_id
                  LEFT JOIN message ON message.case_id = known.id
                 WHERE known.company_id = %(company)s AND known.state = 'open'
            )
            UPDATE recobro_case collection
               SET level_id = now.level_id, stage = now.stage, next_level_id = now.next_level_id,
                   next_action_date = now.next_day, next_wait = now.wait,
                   last_message_date = now.last_day, message_count = now.number
              FROM now
             WHERE now.id = collection.id AND %(only)s
               AND (collection.level_id, collection.stage, collection.next_level_id, collection.next_action_date,
                    collection.next_wait, collection.last_message_date, collection.message_count)
                   IS DISTINCT FROM (now.level_id, now.stage, now.next_level_id, now.next_day, now.wait,
                    now.last_day, now.number)
            """,
            company=company.id,
            as_of=as_of,
            step=planning.STEP,
            waits=tuple(name for name, _label in RISE_WAITS),
            only=_of(partner_ids),
            only_items=_of(partner_ids, "item"),
            only_actions=_of(partner_ids, "action"),
            only_placements=_of(partner_ids, "recobro_placement"),
            hand_over=tuple(HAND_OVER_CHANNELS),
        )
    )


def _close_settled(env, company, as_of, partner_ids):
    """Close the open cases none of whose chased items is open; what was never chased does not hold a case open.

    What an answer holds does: a dispute about an invoice that is not due yet has its case for as long as it is open.
    """
    _drop_settled_tasks(env, company, partner_ids)
    rows = env.execute_query(
        SQL(
            """
            SELECT collection.id, EXISTS (
                       SELECT FROM recobro_item item
                         JOIN recobro_action_line line ON line.item_id = item.id
                         JOIN recobro_action action ON action.id = line.action_id
                        WHERE action.case_id = collection.id
                   ) OR COALESCE(collection.item_count, 0) = 0 AS is_paid
              FROM recobro_case collection
             WHERE collection.state = 'open' AND collection.company_id = %(company)s AND %(only)s
               AND NOT EXISTS (
                   SELECT FROM recobro_item item
                     JOIN recobro_action_line line ON line.item_id = item.id
                     JOIN recobro_action action ON action.id = line.action_id
                    WHERE item.state = 'open' AND action.case_id = collection.id AND line.state != 'skipped'
               )
               AND NOT EXISTS (
                   SELECT FROM %(step)s step
                    WHERE step.partner_id = collection.partner_id AND (step.due AND NOT step.excluded OR step.busy)
               )
               AND (collection.is_manual IS NOT TRUE OR collection.item_count = 0)
               AND (collection.item_count = 0 OR NOT EXISTS (
                   SELECT FROM recobro_hold answer
                    WHERE answer.active AND answer.company_id = collection.company_id
                      AND answer.partner_id = collection.partner_id AND answer.source_model != 'recobro.case'
                      AND (answer.date_until IS NULL OR answer.date_until >= %(as_of)s)
               ))
            """,
            company=company.id,
            as_of=as_of,
            step=planning.STEP,
            only=_of(partner_ids),
        )
    )
    cases = env["recobro.case"].sudo()
    paid = cases.browse([case for case, is_paid in rows if is_paid])
    forgiven = _with_discount(paid)
    forgiven._set_closed("settled", as_of)
    (paid - forgiven)._set_closed("paid", as_of)
    cases.browse([case for case, is_paid in rows if not is_paid])._set_closed("withdrawn", as_of)


def _with_discount(cases):
    """Return those of some cases (in sudo) that a settlement with a discount has ended."""
    if not cases:
        return cases
    kept = cases.env["recobro.payment.plan"].search(
        [("case_id", "in", cases.ids), ("state", "=", "finished"), ("is_settlement", "=", True)]
    )
    return settlements.with_discount_booked(kept).case_id


def _drop_settled_tasks(env, company, partner_ids):
    """Take out of the tasks that wait for a person what needs no asking any more; a task left empty is left out."""
    rows = env.execute_query(
        SQL(
            """
            SELECT line.id, COALESCE(verdict.reason, 'settled')
              FROM recobro_action collection
              JOIN recobro_action_line line ON line.action_id = collection.id
              LEFT JOIN %(verdict)s verdict ON verdict.item_id = line.item_id
             WHERE collection.company_id = %(company)s AND collection.kind = 'task' AND %(only)s
               AND collection.state IN ('planned', 'to_approve') AND line.state IN ('planned', 'to_approve')
               AND (verdict.item_id IS NULL OR verdict.reason IS NOT NULL)
            """,
            verdict=planning.STEP,
            company=company.id,
            only=_of(partner_ids),
        )
    )
    reasons = dict(rows)
    lines = env["recobro.action.line"].sudo().browse(reasons)
    lines.write({"state": "skipped"})
    for task in lines.action_id:
        if all(line.state == "skipped" for line in task.line_ids):
            task._set_skipped(reasons[task.line_ids.filtered(lambda line: line.id in reasons)[:1].id])
            task._finish_activity()


def live_figures(env, company, as_of, partner_ids):
    """Return {partner id: figures} of some customers as they are now, without writing anything."""
    verdicts.flush(env)
    verdict = SQL("(%s)", verdicts.of_customers(env, company, as_of, partner_ids))
    return {row["partner_id"]: row for row in env.execute_query_dict(figures(verdict, as_of))}
