"""Step 3. What to do today: at most one message and one task a customer, each with all items whose level has come.

Planning yields rows in temporary tables of the transaction. The run saves them, the simulation reads
them; both see the same (DESIGN.md, rule 8). The tables:

- `recobro_tmp_open`: the open items (step 1);
- `recobro_tmp_customer`: the policy of each customer that has one, and what was already done lately;
- `recobro_tmp_step`: each item's next level, when that comes, whether it is due, and the verdict on it (step 2);
- `recobro_tmp_plan`: one row a customer and kind, with the level that sets the tone or why it is left out.
"""

from dataclasses import dataclass, field

from odoo.tools import SQL

from . import clock, contact_count, open_items, recipients, steps, verdicts
from .figures import customer_figures
from .placements import joining, rises, selection
from .policies import customer_policies, policy_facts

OPEN, CUSTOMER, STEP, PLAN = (SQL.identifier(f"recobro_tmp_{name}") for name in ("open", "customer", "step", "plan"))

#: Which rows of `recobro_tmp_step` are in a row of `recobro_tmp_plan`: all items of a message; of a task, those
#: for which the same is to be done (an item that waits for a call is not in what somebody approves).
IN_PLAN = SQL(
    """
    plan.partner_id = step.partner_id AND plan.kind = step.kind
    AND (plan.kind = 'message' OR plan.level_channel = step.channel)
    AND step.due AND step.reason IS NULL
    """
)

#: What a whole ledger of some 100,000 open items is sorted and joined in; a server with more to give keeps its own.
_WORK_MEMORY = "64MB"

#: Reasons that a person who sends the next message now may set aside, and those only a manager may.
WAITS = ("not_working_day", "same_day", "quiet_days", "week_limit", "contact_limit")


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
    policies = prepare(env, company, as_of, partner_ids, simulated, ahead, only_due=True)
    _materialize(env, PLAN, _plan(env, company, as_of, policies, ignored))
    return _count(env, Plan(company, as_of, policies, partner_ids))


def prepare(env, company, as_of, partner_ids=None, simulated=None, ahead=False, only_due=False):
    """Fill the tables up to `recobro_tmp_step` and return the policies in force. Parameters as in `plan`.

    :param only_due: whether it is to be planned: only the customers for whom some level has come are judged, on most
        days few of them, and what waits for an approval is planned anew with what joins it.
    """
    verdicts.flush(env)
    policies = env["recobro.policy"]._in_force(company, simulated)
    customer_figures.make_ready(env, company, as_of, policies)
    if partner_ids is None:
        _make_room(env)
    open_items.fill(env, OPEN, company, as_of, partner_ids)
    _materialize(env, CUSTOMER, _customers(env, company, as_of, policies))
    placed = steps.query(company, as_of, policies, OPEN, CUSTOMER, ahead)
    _materialize(env, STEP, _judged(env, company, as_of, policies, placed, partner_ids, only_due))
    if ahead:
        _keep_the_soonest(env, as_of)
    if only_due:
        joining.take_along(env, company, as_of, policies, STEP)
    selection.judge(env, company, as_of, policies, STEP, partner_ids)
    return policies


def _judged(env, company, as_of, policies, placed, partner_ids, only_due):
    """SELECT: the items of `placed` (`steps.query`) with the verdict on each, of all that its customer owes."""
    due = SQL("(SELECT * FROM placed WHERE partner_id IN (SELECT partner_id FROM placed WHERE due))")
    return SQL(
        """
        WITH placed AS MATERIALIZED (%(placed)s)
        SELECT line_id, item_id, partner_id, policy_id, due_date, days_past_due, delay_days, level_sequence, level_id,
               open_company, free_company, credit, chased_amount, chased_company, excluded, %(reason)s AS reason, busy,
               next_level_id, next_delay, next_sequence, kind, channel, next_day, letter_wait, due
          FROM (%(verdict)s) verdict
        """,
        placed=placed,
        reason=rises.reason_sql(env, company, as_of, policies),
        verdict=verdicts.query(env, company, as_of, due if only_due else SQL("placed"), partner_ids),
    )


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
    env.cr.execute(
        SQL(
            """
            SELECT set_config('default_statistics_target', '10', TRUE),
                   CASE WHEN pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(memory)s)
                        THEN set_config('work_mem', %(memory)s, TRUE) END
            """,
            memory=_WORK_MEMORY,
        )
    )


def _materialize(env, table, select):
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    env.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, select))
    env.cr.execute(SQL("ANALYZE %s", table))


def _customers(env, company, as_of, policies):
    """SELECT: each customer that some policy decides for, and what was sent and asked of people lately."""
    return SQL(
        """
        SELECT chosen.partner_id, chosen.policy_id,
               lately.last_message, COALESCE(lately.week_messages, 0) AS week_messages,
               COALESCE(lately.message_today, FALSE) AS message_today,
               COALESCE(lately.task_today, FALSE) AS task_today,
               COALESCE(lately.contacts, 0) + COALESCE(done.contacts, 0) AS week_contacts,
               collection.id AS case_id, collection.user_id AS case_user_id,
               %(collector)s AS collector_id
          FROM (%(policies)s) chosen
          JOIN res_partner partner ON partner.id = chosen.partner_id
          LEFT JOIN recobro_case collection
            ON collection.partner_id = chosen.partner_id AND collection.company_id = %(company)s
           AND collection.state = 'open'
          LEFT JOIN (
               SELECT partner_id,
                      MAX(day) FILTER (WHERE kind = 'message') AS last_message,
                      COUNT(*) FILTER (WHERE kind = 'message' AND day > %(as_of)s - 7) AS week_messages,
                      COUNT(*) FILTER (
                          WHERE kind = 'message' AND state IN %(contacts)s AND day > %(as_of)s - %(contact_days)s
                      ) AS contacts,
                      bool_or(kind = 'message' AND day = %(as_of)s) AS message_today,
                      bool_or(kind = 'task' AND day = %(as_of)s) AS task_today
                 FROM recobro_action
                WHERE company_id = %(company)s
                  AND day > %(as_of)s - %(memory)s
                  AND (state IN ('planned', 'to_approve', 'sending', 'done', 'missed')
                       OR state = 'skipped' AND reason IN ('cancelled', 'joined') AND day = %(as_of)s)
                GROUP BY partner_id
               ) lately ON lately.partner_id = chosen.partner_id
          LEFT JOIN (%(tasks_done)s) done ON done.partner_id = chosen.partner_id
        """,
        policies=customer_policies(env, company, policies, SQL("(SELECT DISTINCT partner_id FROM %s)", OPEN)),
        collector=open_items.property_sql(env, company, "partner", "recobro_user_id"),
        company=company.id,
        as_of=as_of,
        memory=max([7, *policies.mapped("quiet_days")]) + 1,
        contacts=contact_count.MESSAGE_STATES,
        contact_days=contact_count.DAYS,
        tasks_done=contact_count.tasks_done(company, as_of),
    )


def _plan(env, company, as_of, policies, ignored):
    """SELECT: one row a customer and kind, with its level, its recipients, or why it is left out.

    The limit of contacts comes last: a message takes the place of a task of the same day.
    """
    return SQL(
        """
        SELECT partner_id, kind, level_id, level_channel, channel, policy_id, case_id, net, user_id, contact_ids,
               COALESCE(reason, CASE
                   WHEN channel NOT IN %(no_contact)s AND NOT %(now_contact_limit)s AND contacts_left <=
                        CASE WHEN kind = 'task'
                             THEN COUNT(*) FILTER (WHERE kind = 'message' AND reason IS NULL)
                                  OVER (PARTITION BY partner_id)
                             ELSE 0 END
                   THEN 'contact_limit'
               END) AS reason
          FROM (%(judged)s) judged
        """,
        judged=_judged_customers(env, company, as_of, policies, ignored),
        no_contact=contact_count.NO_CONTACT,
        now_contact_limit="contact_limit" in ignored,
    )


def _judged_customers(env, company, as_of, policies, ignored):
    """SELECT: one row a customer and kind with why it waits, and how many contacts its policy leaves (NULL: any)."""
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
        owing AS (
            SELECT partner_id, SUM(chased_company) AS net FROM %(step)s
             WHERE partner_id IN (SELECT partner_id FROM wanted) GROUP BY partner_id
        ),
        reachable AS (%(recipients)s)
        SELECT wanted.partner_id, wanted.kind, wanted.level_id, wanted.channel AS level_channel,
               COALESCE(reachable.channel, wanted.channel) AS channel,
               customer.policy_id, customer.case_id, owing.net,
               COALESCE(customer.collector_id, customer.case_user_id, fact.user_id) AS user_id,
               reachable.contact_ids,
               NULLIF(fact.contact_limit, 0) - customer.week_contacts AS contacts_left,
               CASE WHEN owing.net <= 0 OR owing.net < fact.minimum_amount THEN 'under_minimum'
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
          JOIN owing ON owing.partner_id = wanted.partner_id
          JOIN (%(facts)s) fact ON fact.policy_id = customer.policy_id
          LEFT JOIN reachable ON reachable.partner_id = wanted.partner_id AND reachable.kind = wanted.kind
        """,
        wanted=wanted,
        step=STEP,
        recipients=recipients.query(SQL("wanted"), best=True),
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
