"""Step 3. What to do today: at most one message and one task a customer, each with all items whose level has come.

Planning yields rows in temporary tables of the transaction. The run saves them, the simulation reads
them; both see the same (DESIGN.md, rule 8). The tables:

- `recobro_tmp_open`: the open items (step 1); `recobro_tmp_verdict`: the verdicts on them (step 2);
- `recobro_tmp_customer`: the policy of each customer and what was already done lately;
- `recobro_tmp_step`: each item's next level, when it comes, and whether it is due;
- `recobro_tmp_plan`: one row a customer and kind, with the level that sets the tone or why it is left out.
"""

from dataclasses import dataclass, field

from odoo.tools import SQL

from . import clock, open_items, recipients, verdicts
from .policies import customer_policies, policy_facts

OPEN, VERDICT, CUSTOMER, STEP, PLAN = (
    SQL.identifier(f"recobro_tmp_{name}") for name in ("open", "verdict", "customer", "step", "plan")
)

#: Which rows of `recobro_tmp_step` are in a row of `recobro_tmp_plan`: all items of a message; of a task, those
#: for which the same is to be done (an item that waits for a call is not in what somebody approves).
IN_PLAN = SQL(
    """
    plan.partner_id = step.partner_id AND plan.kind = step.kind
    AND (plan.kind = 'message' OR plan.channel = step.channel)
    AND step.due AND step.reason IS NULL
    """
)

#: Reasons that a person who sends the next message now may set aside, and those only a manager may.
WAITS = ("not_working_day", "same_day", "quiet_days", "week_limit")


@dataclass
class Plan:
    """What one planning decided, by kind and reason; its rows lie in the temporary tables."""

    company: object
    as_of: object
    policies: object
    partner_ids: list | None = None
    messages: int = 0
    tasks: int = 0
    left_out: dict = field(default_factory=dict)


def plan(env, company, as_of, partner_ids=None, simulated=None, ignored=(), ahead=False):
    """Decide the day `as_of` of `company` and return the Plan. Writes nothing but temporary tables.

    :param partner_ids: commercial entities to decide for; all when None.
    :param simulated: policies (recordset) to take as switched on.
    :param ignored: reasons of `WAITS` that do not count, when a person sends the next message now.
    :param ahead: whether an item's next level counts as come before its day.
    """
    policies = prepare(env, company, as_of, partner_ids, simulated, ahead)
    _materialize(env, PLAN, _plan(env, company, as_of, policies, ignored))
    return _count(env, Plan(company, as_of, policies, partner_ids))


def prepare(env, company, as_of, partner_ids=None, simulated=None, ahead=False):
    """Fill the tables up to `recobro_tmp_step` and return the policies in force. Parameters as in `plan`."""
    verdicts.flush(env)
    policies = env["recobro.policy"]._in_force(company, simulated)
    _materialize(env, OPEN, open_items.query(env, company, as_of, partner_ids))
    _materialize(env, VERDICT, verdicts.query(env, company, as_of, OPEN, partner_ids))
    _materialize(env, CUSTOMER, _customers(env, company, as_of, policies))
    _materialize(env, STEP, _steps(as_of, policies, ahead))
    if ahead:
        _keep_the_soonest(env, as_of)
    return policies


def _keep_the_soonest(env, as_of):
    """Of levels brought forward, keep each customer's next message: what comes on its day, and no item of a later one.

    Without it an invoice that is not due yet would stand in the letter of one that is far past due.
    """
    env.cr.execute(
        SQL(
            """
            UPDATE %(step)s step SET due = FALSE
              FROM (
                   SELECT partner_id, GREATEST(MIN(next_day), %(as_of)s) AS next_day
                     FROM %(step)s WHERE due AND reason IS NULL AND kind = 'message'
                    GROUP BY partner_id
                   ) soonest
             WHERE soonest.partner_id = step.partner_id AND step.kind = 'message' AND step.next_day > soonest.next_day
            """,
            step=STEP,
            as_of=as_of,
        )
    )


def _materialize(env, table, select):
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, select))
    env.cr.execute(SQL("ANALYZE %s", table))


def _customers(env, company, as_of, policies):
    """SELECT: each customer's policy, net balance, and what was sent and asked of people lately."""
    return SQL(
        """
        SELECT owing.partner_id, chosen.policy_id, owing.net, owing.oldest_due,
               lately.last_message, COALESCE(lately.week_messages, 0) AS week_messages,
               COALESCE(lately.message_today, FALSE) AS message_today,
               COALESCE(lately.task_today, FALSE) AS task_today,
               collection.id AS case_id, collection.user_id AS case_user_id,
               %(collector)s AS collector_id
          FROM (
               SELECT partner_id, SUM(chased_company) AS net, MIN(due_date) AS oldest_due
                 FROM %(verdict)s GROUP BY partner_id
               ) owing
          JOIN (%(policies)s) chosen ON chosen.partner_id = owing.partner_id
          JOIN res_partner partner ON partner.id = owing.partner_id
          LEFT JOIN recobro_case collection
            ON collection.partner_id = owing.partner_id AND collection.company_id = %(company)s
           AND collection.state = 'open'
          LEFT JOIN (
               SELECT partner_id,
                      MAX(day) FILTER (WHERE kind = 'message') AS last_message,
                      COUNT(*) FILTER (WHERE kind = 'message' AND day > %(as_of)s - 7) AS week_messages,
                      bool_or(kind = 'message' AND day = %(as_of)s) AS message_today,
                      bool_or(kind = 'task' AND day = %(as_of)s) AS task_today
                 FROM recobro_action
                WHERE company_id = %(company)s
                  AND day > %(as_of)s - %(memory)s
                  AND (state IN ('planned', 'to_approve', 'sending', 'done', 'missed')
                       OR state = 'skipped' AND reason = 'cancelled' AND day = %(as_of)s)
                GROUP BY partner_id
               ) lately ON lately.partner_id = owing.partner_id
        """,
        verdict=VERDICT,
        policies=customer_policies(env, company, policies, SQL("(SELECT DISTINCT partner_id FROM %s)", VERDICT)),
        collector=open_items.property_sql(env, company, "partner", "recobro_user_id"),
        company=company.id,
        as_of=as_of,
        memory=max([7, *policies.mapped("quiet_days")]) + 1,
    )


def _steps(as_of, policies, ahead):
    """SELECT: each item of a customer with a policy, with its next level and whether that is due today.

    The next level is the lowest above the item's position; levels before the due date are left out
    once it has passed, and old debt met for the first time starts at the entry level (rule 5). A level that was
    moved to a later day after an item got it is not given to that item again.
    """
    return SQL(
        """
        SELECT verdict.*, customer.policy_id, level.id AS next_level_id, level.delay_days AS next_delay,
               level.sequence AS next_sequence, level.kind, level.channel,
               GREATEST(verdict.due_date + level.delay_days, verdict.level_date + reached.grace_days) AS next_day,
               busy.item_id IS NOT NULL AS busy,
               level.id IS NOT NULL AND busy.item_id IS NULL AND (
                   %(ahead)s OR GREATEST(
                       verdict.due_date + level.delay_days, verdict.level_date + reached.grace_days
                   ) <= %(as_of)s
               ) AS due
          FROM %(verdict)s verdict
          JOIN %(customer)s customer ON customer.partner_id = verdict.partner_id
          LEFT JOIN (%(entry)s) entry ON entry.policy_id = COALESCE(verdict.invoice_policy_id, customer.policy_id)
          LEFT JOIN recobro_level reached ON reached.id = verdict.level_id
          LEFT JOIN (
               SELECT DISTINCT item_id FROM recobro_action_line
                WHERE state IN ('planned', 'to_approve', 'sending')
               ) busy ON busy.item_id = verdict.item_id
          LEFT JOIN LATERAL (
               SELECT next.*
                 FROM recobro_level next
                WHERE next.policy_id = entry.policy_id
                  AND next.active
                  AND (verdict.delay_days IS NULL
                       OR (next.delay_days, next.sequence) > (verdict.delay_days, verdict.level_sequence))
                  AND (next.delay_days >= 0 OR verdict.days_past_due <= 0)
                  AND (verdict.delay_days IS NOT NULL
                       OR verdict.first_seen <= verdict.due_date
                       OR (next.delay_days, next.sequence) >= (entry.delay_days, entry.sequence))
                  AND NOT EXISTS (
                      SELECT FROM recobro_action_line given
                       WHERE given.item_id = verdict.item_id AND given.level_id = next.id
                         AND given.state IN ('planned', 'to_approve', 'sending', 'done')
                      )
                ORDER BY next.delay_days, next.sequence
                LIMIT 1
               ) level ON TRUE
        """,
        ahead=ahead,
        as_of=as_of,
        verdict=VERDICT,
        customer=CUSTOMER,
        entry=_entries(policies),
    )


def _entries(policies):
    """SELECT (policy_id, delay_days, sequence): where old debt starts, by policy in force."""
    return SQL(
        """
        SELECT policy.id AS policy_id, COALESCE(own.delay_days, first.delay_days, -100000) AS delay_days,
               COALESCE(own.sequence, first.sequence, 0) AS sequence
          FROM recobro_policy policy
          LEFT JOIN recobro_level own ON own.id = policy.entry_level_id AND own.active
          LEFT JOIN LATERAL (
               SELECT delay_days, sequence FROM recobro_level
                WHERE policy_id = policy.id AND active AND delay_days > 0
                ORDER BY delay_days, sequence LIMIT 1
               ) first ON TRUE
         WHERE policy.id = ANY(%s)
        """,
        policies.ids,
    )


def _plan(env, company, as_of, policies, ignored):
    """SELECT: one row a customer and kind, with its level, its recipients, or why it is left out."""
    wanted = SQL(
        """
        (SELECT DISTINCT ON (partner_id, kind) partner_id, kind, next_level_id AS level_id, channel
           FROM %s WHERE due AND reason IS NULL
          ORDER BY partner_id, kind, next_delay DESC, next_sequence DESC)
        """,
        STEP,
    )
    return SQL(
        """
        WITH wanted AS MATERIALIZED (SELECT * FROM %(wanted)s top),
        reachable AS (%(recipients)s)
        SELECT wanted.*, customer.policy_id, customer.case_id, customer.net,
               COALESCE(customer.collector_id, customer.case_user_id, fact.user_id) AS user_id,
               reachable.contact_ids,
               CASE WHEN customer.net <= 0 OR customer.net < fact.minimum_amount THEN 'under_minimum'
                    WHEN fact.bank_stale THEN 'bank_stale'
                    WHEN NOT fact.works_today AND NOT %(now_not_working_day)s THEN 'not_working_day'
                    WHEN wanted.kind = 'task' AND customer.task_today THEN 'same_day'
                    WHEN wanted.kind = 'task' THEN NULL
                    WHEN reachable.contact_ids IS NULL THEN 'no_address'
                    WHEN customer.message_today AND NOT %(now_same_day)s THEN 'same_day'
                    WHEN customer.last_message > %(as_of)s - fact.quiet_days AND NOT %(now_quiet_days)s
                        THEN 'quiet_days'
                    WHEN customer.week_messages >= fact.week_limit AND NOT %(now_week_limit)s THEN 'week_limit'
               END AS reason
          FROM wanted
          JOIN %(customer)s customer ON customer.partner_id = wanted.partner_id
          JOIN (%(facts)s) fact ON fact.policy_id = customer.policy_id
          LEFT JOIN reachable ON reachable.partner_id = wanted.partner_id AND reachable.kind = wanted.kind
        """,
        wanted=wanted,
        recipients=recipients.query(SQL("wanted")),
        customer=CUSTOMER,
        facts=policy_facts(env, company, as_of, policies),
        as_of=as_of,
        **{f"now_{reason}": reason in ignored for reason in WAITS},
    )


def _count(env, result):
    """Fill in the counts of a Plan from its rows: what is planned, and what is left out by reason."""
    rows = env.execute_query(
        SQL(
            """
            SELECT kind, reason, COUNT(*) FROM %s GROUP BY kind, reason
            UNION ALL
            SELECT 'item', reason, COUNT(*) FROM %s WHERE due AND reason IS NOT NULL GROUP BY reason
            """,
            PLAN,
            STEP,
        )
    )
    for kind, reason, number in rows:
        if reason:
            result.left_out[reason] = result.left_out.get(reason, 0) + number
        elif kind == "message":
            result.messages = number
        else:
            result.tasks = number
    return result


def deadline_of(company, calendar, as_of, wait_days):
    """Return the day by which a person must have done what was planned `as_of`: `wait_days` working days later."""
    later = [day for day in clock.working_days(company, calendar, as_of) if day > as_of]
    return later[min(wait_days, len(later)) - 1] if wait_days and later else as_of
