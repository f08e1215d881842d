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
    _make_room(env)
    _materialize(env, OPEN, open_items.query(env, company, as_of, partner_ids))
    _materialize(env, VERDICT, _verdicts(env, company, as_of, partner_ids))
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


def _make_room(env):
    """Let the statements of this transaction sort and join a whole ledger in memory, and its tables be sampled fast."""
    env.cr.execute(SQL("SET LOCAL work_mem = '64MB'"))
    env.cr.execute(SQL("SET LOCAL default_statistics_target = 10"))


def _verdicts(env, company, as_of, partner_ids):
    """SELECT the verdicts on the items of `recobro_tmp_open`, with the columns that planning and figures need."""
    return SQL(
        """
        SELECT line_id, item_id, partner_id, invoice_policy_id, due_date, days_past_due, first_seen,
               delay_days, level_sequence, level_id, level_date, open_company, free_company, credit,
               chased_company, chased_amount, excluded, reason
          FROM (%s) verdict
        """,
        verdicts.query(env, company, as_of, OPEN, partner_ids),
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

    An item that has its next level already (it was paid while the message was under way and is open again, or the
    level was moved to a later day) gets the one after it.
    """
    next_day = SQL("GREATEST(placed.due_date + level.delay_days, placed.level_date + reached.grace_days)")
    return SQL(
        """
        WITH placed AS MATERIALIZED (SELECT placed.*, %(choice)s AS choice_id FROM (%(placed)s) placed)
        SELECT placed.line_id, placed.partner_id, placed.policy_id, placed.due_date, placed.days_past_due,
               placed.delay_days, placed.level_sequence, placed.level_id, placed.open_company, placed.chased_amount,
               placed.chased_company, placed.excluded, placed.reason, placed.busy,
               level.id AS next_level_id, level.delay_days AS next_delay, level.sequence AS next_sequence,
               level.kind, level.channel, %(next_day)s AS next_day,
               level.id IS NOT NULL AND NOT placed.busy AND (%(ahead)s OR %(next_day)s <= %(as_of)s) AS due
          FROM placed
          LEFT JOIN recobro_level reached ON reached.id = placed.level_id
          LEFT JOIN recobro_action_line given
            ON given.item_id = placed.item_id AND given.level_id = placed.choice_id
           AND given.state IN ('planned', 'to_approve', 'sending', 'done')
          LEFT JOIN recobro_level level
            ON level.id = CASE WHEN given.id IS NULL THEN placed.choice_id ELSE %(further)s END
        """,
        placed=_placed(),
        choice=_next_level(policies, lambda level: SQL("%s = COALESCE(placed.taken_id, 0)", level.id)),
        further=_next_level(policies, _is_given),
        next_day=next_day,
        ahead=ahead,
        as_of=as_of,
    )


def _placed():
    """SELECT: each item with its place on the ladder it climbs, and the level of an action that waits (`taken_id`)."""
    return SQL(
        """
        SELECT verdict.*, customer.policy_id,
               COALESCE(verdict.invoice_policy_id, customer.policy_id) AS ladder_id,
               busy.item_id IS NOT NULL AS busy, busy.level_id AS taken_id
          FROM %(verdict)s verdict
          JOIN %(customer)s customer ON customer.partner_id = verdict.partner_id
          LEFT JOIN (
               SELECT item_id, MAX(level_id) AS level_id
                 FROM recobro_action_line
                WHERE state IN ('planned', 'to_approve', 'sending')
                GROUP BY item_id
               ) busy ON busy.item_id = verdict.item_id
        """,
        verdict=VERDICT,
        customer=CUSTOMER,
    )


def _is_given(level):
    """Return the SQL condition that the item of a row `placed` has a level already, or is about to have it."""
    return SQL(
        """EXISTS (
            SELECT FROM recobro_action_line line
             WHERE line.item_id = placed.item_id AND line.level_id = %s
               AND line.state IN ('planned', 'to_approve', 'sending', 'done')
        )""",
        level.id,
    )


def _next_level(policies, is_given):
    """Return the SQL expression of the lowest level above the position of an item, a row `placed` of `_placed`.

    An expression, not a join: there are few levels and many items. Levels before the due date are left out once it has
    passed, and old debt met for the first time starts at the entry level (rule 5).

    :param is_given: function of a level that returns the SQL condition that the item has it already.
    """
    ladders = [
        SQL("WHEN %s THEN %s", policy.id, _lowest(policy, levels, is_given))
        for policy in policies
        if (levels := policy.level_ids.filtered("active").sorted(_position))
    ]
    return SQL("CASE placed.ladder_id %s END", SQL(" ").join(ladders)) if ladders else SQL("NULL::int")


def _lowest(policy, levels, is_given):
    """Return the SQL expression of the lowest of the `levels` (in order) of one policy, see `_next_level`."""
    late = levels.filtered(lambda level: level.delay_days > 0)
    entry = _position((policy.entry_level_id.filtered("active") or late or levels)[:1])
    return SQL(
        "CASE %s END",
        SQL(" ").join(
            SQL(
                """WHEN (placed.delay_days IS NULL OR (placed.delay_days, placed.level_sequence) < %(place)s)
                        AND (%(not_early)s OR placed.days_past_due <= 0)
                        AND (%(from_entry)s OR placed.delay_days IS NOT NULL OR placed.first_seen <= placed.due_date)
                        AND NOT %(is_given)s
                   THEN %(level)s""",
                place=_position(level),
                not_early=level.delay_days >= 0,
                from_entry=_position(level) >= entry,
                is_given=is_given(level),
                level=level.id,
            )
            for level in levels
        ),
    )


def _position(level):
    """Return where a level stands on its ladder."""
    return level.delay_days, level.sequence


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
