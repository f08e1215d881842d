"""Whom a level above our own collecting selects: by amount, by grade, by the chance of recovery.

Judged for all customers of a day at once, on what the level would take along; who does not pass is left out, and who
answers for the case is told once. The figures it was judged by are kept on the action, and put in words for each
reader (`selection_words`).
"""

from odoo.tools import SQL

from ...const import HAND_OVER_CHANNELS
from .. import alerts
from ..figures import cohorts, customer_figures, recovery
from ..policies import of_customers
from . import selection_words

#: The table of a transaction with one row for each customer and level that selects: what `_judged` returns.
FOUND = SQL.identifier("recobro_tmp_selection")

_NOT_SELECTED = "recobro_module.activity_type_not_selected"


def judge(env, company, as_of, policies, step, partner_ids=None):
    """Leave out of `step` who is not selected by the level that has come. Nothing is asked where no level selects.

    :param step: SQL name of the table of planning with each item's next level and the verdict on it.
    """
    levels = policies.level_ids._selects()
    if not levels:
        return
    make_ready(env, company, as_of, policies, partner_ids)
    source = SQL(
        """
        (SELECT partner_id, next_level_id AS level_id, days_past_due, chased_company AS amount
           FROM %s WHERE due AND reason IS NULL AND next_level_id = ANY(%s) AND next_day <= %s)
        """,
        step,
        levels.ids,
        as_of,
    )
    # Emptied, not dropped: where one transaction lives many days, each table that was made holds a lock until its end
    columns = SQL("partner_id int, level_id int, passes bool, facts jsonb")
    env.cr.execute(SQL("CREATE TEMPORARY TABLE IF NOT EXISTS %s (%s) ON COMMIT DROP", FOUND, columns))
    env.cr.execute(SQL("DELETE FROM %s", FOUND))
    env.cr.execute(SQL("INSERT INTO %s %s", FOUND, _judged(env, company, as_of, levels, source)))
    env.cr.execute(
        SQL(
            """
            UPDATE %s step SET reason = 'not_selected'
              FROM %s found
             WHERE NOT found.passes AND step.partner_id = found.partner_id AND step.next_level_id = found.level_id
               AND step.due AND step.reason IS NULL
            """,
            step,
            FOUND,
        )
    )


def waiting_on(step):
    """SELECT (partner_id, level_id): whose action goes on waiting at a level that selects them no more.

    What came since would not be selected with it: who decides on the action sees that, and nothing more is told.

    :param step: SQL name of the table of planning, once `joining` has marked what waits.
    """
    return SQL(
        "SELECT partner_id, next_level_id AS level_id FROM %s WHERE busy AND due AND reason = 'not_selected'", step
    )


def make_ready(env, company, as_of, policies, partner_ids=None):
    """See to it that the figures and rates are there that some level of these policies selects by."""
    # The chance of recovery goes by grades too
    if any(level.select_grade_ids or level.select_probability for level in policies.level_ids._selects()):
        customer_figures.make_ready(env, company, as_of, policies, is_asked=True)
    recovery.make_ready(env, company, as_of, policies, partner_ids)


def _causes(env, company, as_of, levels, source):
    """SELECT (partner_id, cause) of whom is judged: nobody's is looked for where no level asks for a chance."""
    if not any(level.select_probability for level in levels):
        return SQL("SELECT NULL::int AS partner_id, NULL::varchar AS cause WHERE FALSE")
    env["recobro.case"].flush_model()
    env["recobro.dispute"].flush_model()
    return cohorts.causes(company, as_of, only=SQL("partner_id IN (SELECT judged.partner_id FROM %s judged)", source))


def _judged(env, company, as_of, levels, source):
    """SELECT (partner_id, level_id, passes, facts): how customers stand to the rules of levels.

    `facts` is a JSON object of what `selection_words.standing` puts in words: each figure with what is asked of it. A
    chance is judged as it is shown, in whole percents; where none is known it keeps nobody out. It is that of customers
    of the same grade and cause: `like` says how much of that was known (`recovery.likeness_sql`) of all of the amount.

    :param levels: `recobro.level` in sudo, those that select.
    :param source: SQL of a relation (partner_id, level_id, days_past_due, amount), amounts in company currency.
    """
    return SQL(
        """
        SELECT partner_id, level_id,
               amount >= least_amount AND (grade_ids IS NULL OR COALESCE(grade_id = ANY(grade_ids), FALSE))
                   AND (least_chance = 0 OR chance IS NULL OR chance >= least_chance) AS passes,
               jsonb_build_object('amount', amount, 'least_amount', least_amount, 'grade', grade, 'grades', grade_names,
                                  'grade_passes', grade_ids IS NULL OR COALESCE(grade_id = ANY(grade_ids), FALSE),
                                  'chance', chance, 'least_chance', least_chance, 'cause', cause,
                                  'like', likeness) AS facts
          FROM (%s) counted
        """,
        _counted(env, company, as_of, levels, source),
    )


def _counted(env, company, as_of, levels, source):
    """SELECT of each customer and level of `_judged`: amount, chance, grade and cause, and what the level asks for."""
    env["recobro.level"].flush_model()
    grades = env["recobro.level"]._fields["select_grade_ids"]
    return SQL(
        """
        SELECT known.partner_id, known.level_id, ROUND(SUM(known.amount)::numeric, %(decimals)s) AS amount,
               ROUND(SUM(known.amount * known.rate)::numeric
                     / NULLIF(SUM(known.amount) FILTER (WHERE known.rate IS NOT NULL), 0)::numeric, 2) AS chance,
               known.grade_id, known.grade, known.cause, MAX(known.likeness) AS likeness,
               wanted.grade_ids, wanted.grade_names,
               COALESCE(level.select_amount, 0) AS least_amount,
               COALESCE(level.select_probability, 0) AS least_chance
          FROM (%(known)s) known
          JOIN recobro_level level ON level.id = known.level_id
          CROSS JOIN LATERAL (
               SELECT array_agg(grade.id) AS grade_ids,
                      jsonb_agg(grade.name ORDER BY grade.sequence, grade.id) AS grade_names
                 FROM %(chosen)s chosen
                 JOIN recobro_grade grade ON grade.id = chosen.%(grade)s
                WHERE chosen.%(level)s = level.id
               ) wanted
         GROUP BY known.partner_id, known.level_id, known.grade_id, known.grade, known.cause, wanted.grade_ids,
                  wanted.grade_names, level.select_amount, level.select_probability
        """,
        decimals=company.currency_id.decimal_places,
        known=_known(env, company, as_of, levels, source),
        chosen=SQL.identifier(grades.relation),
        grade=SQL.identifier(grades.column2),
        level=SQL.identifier(grades.column1),
    )


def _known(env, company, as_of, levels, source):
    """SELECT the rows of `source`, each with its customer's grade and cause and the chance of customers like it."""
    grade, cause = SQL("COALESCE(grade.name, '')"), SQL("COALESCE(troubled.cause, '')")
    return SQL(
        """
        SELECT asked.*, figure.grade_id, grade.name AS grade, troubled.cause, nearest.rate, nearest.likeness
          FROM %(source)s asked
          LEFT JOIN recobro_customer_figure figure
            ON figure.partner_id = asked.partner_id AND figure.company_id = %(company)s
          LEFT JOIN recobro_grade grade ON grade.id = figure.grade_id
          LEFT JOIN (%(causes)s) troubled ON troubled.partner_id = asked.partner_id
          LEFT JOIN LATERAL %(nearest)s nearest ON TRUE
        """,
        source=source,
        nearest=recovery.nearest_sql(company, SQL("asked.days_past_due"), grade, cause),
        causes=_causes(env, company, as_of, levels, source),
        company=company.id,
    )


# -----------------------------------------------------------------------------
# OF SOME CUSTOMERS
# -----------------------------------------------------------------------------


def of_rows(env, company, as_of, levels, rows):
    """Return {(customer id, level id): facts} of how some customers stand to levels that select; one statement more
    than none when some do.

    :param levels: `recobro.level` in sudo.
    :param rows: [(customer id, level id, days past due, amount in company currency)].
    """
    selecting = levels._selects()
    rows = [row for row in rows if row[1] in selecting.ids]
    if not rows:
        return {}
    make_ready(env, company, as_of, selecting.policy_id, partner_ids=[row[0] for row in rows])
    env["recobro.customer.figure"].flush_model()
    env["recobro.grade"].flush_model()
    values = SQL(", ").join(SQL("(%s, %s, %s, %s::numeric)", *row) for row in rows)
    source = SQL("(SELECT * FROM (VALUES %s) AS row(partner_id, level_id, days_past_due, amount))", values)
    found = env.execute_query_dict(_judged(env, company, as_of, selecting, source))
    return {(row["partner_id"], row["level_id"]): {**row["facts"], "passes": row["passes"]} for row in found}


def of_plan(env, policies, partner_ids):
    """Return {(customer id, level id): facts} of some customers of the plan that was just made in this transaction."""
    if not policies.level_ids._selects():
        return {}
    found = env.execute_query_dict(SQL("SELECT * FROM %s WHERE partner_id = ANY(%s)", FOUND, list(partner_ids)))
    return {(row["partner_id"], row["level_id"]): {**row["facts"], "passes": row["passes"]} for row in found}


def by_hand(case, agency, parts, as_of):
    """Return how a case (in sudo) stands to the rule by which its policy hands over to such an agency; or nothing.

    :param parts: [(days past due, amount in company currency)] of what would be handed over.
    """
    env, customer = case.env, case.partner_id
    if not (agency and parts):
        return ""
    policy = of_customers(env, case.company_id, customer.ids).get(customer.id, env["recobro.policy"])
    level = policy.level_ids._selects().filtered(lambda one: HAND_OVER_CHANNELS.get(one.channel) == agency.kind)[:1]
    rows = [(customer.id, level.id, days, amount) for days, amount in parts]
    facts = of_rows(env, case.company_id, as_of, level, rows).get((customer.id, level.id))
    return selection_words.standing(env, facts, case.currency_id) if facts else ""


# -----------------------------------------------------------------------------
# KEPT AND TOLD
# -----------------------------------------------------------------------------


def keep(env, plan, step, planned, left_out):
    """Keep on the actions of a day by what they were selected, or were not; and tell the owners of who was not.

    :param plan: the `planning.Plan` that was just saved.
    :param step: SQL name of its table with each item's next level and the verdict on it.
    :param planned: SQL name of the table of planning with the `action_id` of what was planned.
    :param left_out: ids of the actions that say who was left out.
    """
    if not plan.policies.level_ids._selects():
        return
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_action action
               SET selection_facts = found.facts || jsonb_build_object('passes', found.passes)
              FROM %(found)s found
             WHERE action.partner_id = found.partner_id AND action.level_id = found.level_id
               AND (action.id IN (SELECT action_id FROM %(planned)s WHERE reason IS NULL)
                    OR action.reason = 'not_selected' AND action.id = ANY(%(left_out)s))
            """,
            found=FOUND,
            planned=planned,
            left_out=list(left_out),
        )
    )
    _tell(env, plan, step)


def _tell(env, plan, step):
    """Tell who answers for a case that it is not selected, once for a level, until it is selected for it after all."""
    env["recobro.case"].flush_model()
    rows = env.execute_query_dict(
        SQL(
            """
            WITH highest AS (
                SELECT DISTINCT ON (found.partner_id) found.partner_id, found.level_id, found.passes, found.facts
                  FROM %(found)s found JOIN recobro_level level ON level.id = found.level_id
                 WHERE (found.partner_id, found.level_id) NOT IN (%(waiting)s)
                 ORDER BY found.partner_id, level.delay_days DESC, level.sequence DESC
            )
            UPDATE recobro_case collection
               SET not_selected_level_id = CASE WHEN NOT highest.passes THEN highest.level_id END
              FROM highest
             WHERE collection.company_id = %(company)s AND collection.state = 'open'
               AND collection.partner_id = highest.partner_id
               AND collection.not_selected_level_id
                   IS DISTINCT FROM CASE WHEN NOT highest.passes THEN highest.level_id END
         RETURNING collection.id, highest.level_id, highest.passes, highest.facts
            """,
            found=FOUND,
            company=plan.company.id,
            waiting=waiting_on(step),
        )
    )
    if not rows:
        return
    cases = env["recobro.case"].sudo()  # sudo: the run tells the owners, whoever started it
    cases.invalidate_model(["not_selected_level_id"])
    by_case = {row["id"]: row for row in rows}
    cases.browse([row["id"] for row in rows if row["passes"]]).activity_unlink([_NOT_SELECTED])
    kept_here = cases.browse([row["id"] for row in rows if not row["passes"]])

    def words(env, case):
        row = by_case[case.id]
        level = env["recobro.level"].sudo().browse(row["level_id"])
        return selection_words.not_selected(env, level, row["facts"], case.currency_id)

    if kept_here:
        alerts.alert(kept_here, _NOT_SELECTED, words, deadline=plan.as_of, is_further=True)
