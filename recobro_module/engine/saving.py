"""The run's half of planning: what was planned becomes items, cases, actions and lines, in a few statements.

Who created a row is left empty: a run did, and each foreign key costs as much as the row itself.
"""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tools import SQL

from . import alerts, known_items, open_items, suspension_proposals
from .placements import joining, selection
from .planning import CUSTOMER, IN_PLAN, OPEN, PLAN, STEP, deadline_of


class Busy(UserError):
    """Another transaction decides for the same company; try again when it has ended."""


def try_alone(env, company):
    """Return whether this transaction is now the only one that decides for `company`, until it ends."""
    [(alone,)] = env.execute_query(SQL("SELECT pg_try_advisory_xact_lock(hashtext('recobro.run'), %s)", company.id))
    return alone


def alone_or_busy(env, company):
    """Raise Busy when another transaction decides for `company`: to wait would be to decide on what is past."""
    if not try_alone(env, company):
        raise _busy(env, company)


def _busy(env, company):
    return Busy(env._("Collections of %(company)s are at work just now: try again in a moment.", company=company.name))


def save(env, plan, run):
    """Write the Plan of a run to collections' own tables. Returns nothing; no row is written twice.

    :param run: the `recobro.run` that the actions belong to.
    :raise Busy: when a colleague's answer made an item known since this transaction began.
    """
    overtaken = _busy(env, plan.company)  # its words can't be looked up any more once the transaction has failed
    known_items.save(env, plan.company, OPEN, plan.partner_ids)
    try:
        _insert_plan(env, plan, run)
    except UniqueViolation as error:
        raise overtaken from error
    env.invalidate_all()
    _ask_for_approvals(env)
    left_out = _insert_left_out(env, plan, run)
    selection.keep(env, plan, STEP, PLAN, left_out)
    env["recobro.action"].invalidate_model()


def _insert_plan(env, plan, run):
    """Insert the items that are new, the cases, the actions and their lines."""
    unless_known = known_items.UNLESS_KNOWN if plan.partner_ids else SQL()
    known_items.insert_new(env, plan.company, plan.as_of, _of_a_policy(), unless_known)
    _count_rows(env, plan, "recobro_item", "res_id", "partner_id", "state")
    _open_cases(env, plan, unless_known)
    _count_rows(env, plan, "recobro_case", "partner_id", "state")
    _insert_actions(env, plan, run)
    _count_rows(env, plan, "recobro_action", "case_id", "partner_id", "run_id", "state")
    _insert_lines(env, unless_known)
    _count_rows(env, plan, "recobro_action_line", "action_id", "item_id", "level_id", "state")


def _count_rows(env, plan, table, *columns):
    """Tell PostgreSQL how large a table has become by what was written for a whole ledger.

    It doesn't see that by itself before the transaction has ended, and a table whose rows were all rolled back (by a
    run that was cut off) it takes for empty even then: what joins it would be planned as if there was nothing in it.
    """
    if plan.partner_ids is None:
        names = SQL(", ").join(map(SQL.identifier, columns))
        env.cr.execute(SQL("ANALYZE %s (%s)", SQL.identifier(table), names))


def _of_a_policy():
    """Return the SQL of the open items of customers that some policy decides for: only these are followed."""
    return SQL("(SELECT * FROM %s WHERE partner_id IN (SELECT partner_id FROM %s))", OPEN, CUSTOMER)


def _open_cases(env, plan, unless_known):
    """Open a case for each customer with something to chase who has none."""
    env.cr.execute(
        SQL(
            """
            WITH opened AS (
                INSERT INTO recobro_case (partner_id, company_id, policy_id, user_id, state, stage, opened_on,
                                          create_date, write_date)
                SELECT DISTINCT ON (partner_id) partner_id, %(company)s, policy_id, user_id, 'open', 'preventive',
                       %(as_of)s::date, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM %(plan)s
                 WHERE case_id IS NULL AND (reason IS NULL OR reason != 'under_minimum')
                 ORDER BY partner_id
                    %(unless_known)s
             RETURNING id, partner_id
            )
            UPDATE %(plan)s plan SET case_id = opened.id FROM opened WHERE opened.partner_id = plan.partner_id
            """,
            plan=PLAN,
            company=plan.company.id,
            as_of=plan.as_of,
            unless_known=unless_known,
        )
    )


def _deadlines(env, plan):
    """Return the VALUES (level_id, deadline) of the levels a person does."""
    levels = env["recobro.level"].sudo().search([("policy_id", "in", plan.policies.ids), ("kind", "=", "task")])
    rows = [
        SQL(
            "(%s::int, %s::date)",
            level.id,
            deadline_of(plan.company, level.policy_id.calendar_id, plan.as_of, level.wait_days),
        )
        for level in levels
    ]
    return SQL(", ").join(rows or [SQL("(NULL::int, NULL::date)")])


def _insert_actions(env, plan, run):
    """Insert one action for each row of the plan that is not left out; its id is kept on the row."""
    env.cr.execute(SQL("ALTER TABLE %s ADD COLUMN action_id int, ADD COLUMN since date", PLAN))
    joining.supersede(env, plan.as_of, plan.policies, PLAN, STEP, IN_PLAN)
    env.cr.execute(
        SQL(
            """
            WITH inserted AS (
                INSERT INTO recobro_action (company_id, case_id, partner_id, policy_id, level_id, run_id, user_id, day,
                                            kind, channel, state, deadline, amount, contact_id, is_automatic, attempts,
                                            create_date, write_date)
                SELECT %(company)s, plan.case_id, plan.partner_id, plan.policy_id, plan.level_id, %(run)s,
                       plan.user_id, COALESCE(plan.since, %(as_of)s), plan.kind, plan.channel,
                       CASE WHEN level.needs_approval OR plan.since IS NOT NULL THEN 'to_approve' ELSE 'planned' END,
                       due.deadline, plan.net, plan.contact_ids[1], %(automatic)s, 0,
                       now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
                  FROM %(plan)s plan
                  JOIN recobro_level level ON level.id = plan.level_id
                  LEFT JOIN (VALUES %(deadlines)s) AS due(level_id, deadline) ON due.level_id = plan.level_id
                 WHERE plan.reason IS NULL AND plan.case_id IS NOT NULL
             RETURNING id, partner_id, kind
            )
            UPDATE %(plan)s plan SET action_id = inserted.id
              FROM inserted WHERE inserted.partner_id = plan.partner_id AND inserted.kind = plan.kind
            """,
            plan=PLAN,
            company=plan.company.id,
            run=run.id or None,
            automatic=bool(run),
            as_of=plan.as_of,
            deadlines=_deadlines(env, plan),
        )
    )


def _insert_lines(env, unless_known):
    """Insert a line for each item that climbs; a level that the item already has is not given again."""
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_action_line (action_id, company_id, item_id, level_id, state, days_past_due, amount,
                                             from_delay_days, from_level_sequence, from_level_id)
            SELECT action.id, action.company_id, item.id, step.next_level_id, action.state, step.days_past_due,
                   step.chased_amount, step.delay_days, step.level_sequence, step.level_id
              FROM %(step)s step
              JOIN %(plan)s plan ON %(in_plan)s
              JOIN recobro_action action ON action.id = plan.action_id
              JOIN recobro_item item ON %(stands_for)s
             ORDER BY action.id, step.due_date, step.line_id
                %(unless_known)s
            """,
            step=STEP,
            plan=PLAN,
            in_plan=IN_PLAN,
            stands_for=open_items.stands_for(SQL("item"), SQL("step")),
            unless_known=unless_known,
        )
    )


def _ask_for_approvals(env):
    """Give whoever answers for the policy an activity for what waits for an approval; late, it shows as overdue."""
    rows = env.execute_query(
        SQL(
            """
            SELECT action.id FROM recobro_action action
              JOIN %s plan ON plan.action_id = action.id
             WHERE action.state = 'to_approve'
            """,
            PLAN,
        )
    )
    actions = env["recobro.action"].sudo().browse([action for (action,) in rows])
    alerts.approvals_needed(actions)
    suspension_proposals.propose(actions)


def _left_out():
    """Return the SELECT of who is left out with a case: customers by a limit, and those all of whose items are."""
    return SQL(
        """
        SELECT partner_id, kind, case_id, policy_id, level_id, user_id, channel, reason
          FROM %(plan)s WHERE reason IS NOT NULL
         UNION ALL
        (SELECT DISTINCT ON (step.partner_id, step.kind)
                step.partner_id, step.kind, customer.case_id, customer.policy_id, step.next_level_id,
                customer.case_user_id, step.channel, step.reason
           FROM %(step)s step
           JOIN %(customer)s customer ON customer.partner_id = step.partner_id
          WHERE step.due AND step.reason IS NOT NULL
            AND NOT (step.reason = 'not_selected' AND (step.partner_id, step.next_level_id) IN (%(waiting)s))
            AND NOT EXISTS (
                SELECT FROM %(plan)s wanted
                 WHERE wanted.partner_id = step.partner_id AND wanted.kind = step.kind
                )
          ORDER BY step.partner_id, step.kind, step.due_date, step.line_id)
        """,
        plan=PLAN,
        step=STEP,
        customer=CUSTOMER,
        waiting=selection.waiting_on(STEP),
    )


def _insert_left_out(env, plan, run):
    """Keep why a customer was left out, once for as long as the reason stays the same; return the ids of the actions.

    Where nobody can be reached, the owner of the case has an activity: never silence.
    """
    rows = env.execute_query(
        SQL(
            """
            INSERT INTO recobro_action (company_id, case_id, partner_id, policy_id, level_id, run_id, user_id, day,
                                        kind, channel, state, reason, is_automatic, attempts,
                                        create_date, write_date)
            SELECT %(company)s, plan.case_id, plan.partner_id, plan.policy_id, plan.level_id, %(run)s, plan.user_id,
                   %(as_of)s, plan.kind, plan.channel, 'skipped', plan.reason, TRUE, 0,
                   now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC'
              FROM (%(left_out)s) plan
              LEFT JOIN LATERAL (
                   SELECT state, reason FROM recobro_action last
                    WHERE last.case_id = plan.case_id AND last.kind = plan.kind
                    ORDER BY last.id DESC LIMIT 1
                   ) last ON TRUE
             WHERE plan.case_id IS NOT NULL
               AND plan.reason NOT IN ('same_day', 'not_working_day')
               AND (last.state, last.reason) IS DISTINCT FROM ('skipped', plan.reason)
         RETURNING id, case_id, reason
            """,
            left_out=_left_out(),
            company=plan.company.id,
            run=run.id or None,
            as_of=plan.as_of,
        )
    )
    unreachable = [case for _action, case, reason in rows if reason == "no_address"]
    alerts.no_address(env["recobro.case"].sudo().browse(unreachable))
    return [action for action, _case, _reason in rows]
