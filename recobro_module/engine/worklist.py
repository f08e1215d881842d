"""My day: the cases that need a person today, in the order in which work on them matters most, cut to what one can do.

Worked out at reading: a reply that comes at noon is in the day at noon, and what was done is out of it. A case needs a
person by its activities that are due, those on its disputes, plans and placements too, and by a call of the ladder.
What it counts is told by `tools.worklist`, the words for it by `worklist_words`.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from odoo.tools import SQL

from ..const import NO_ANSWERS
from ..tools import worklist as formula
from . import clock
from .figures import cohorts, recovery

#: Where a case may be in the day of who looks.
TODAY, LEFT_OUT, ASIDE, COLLEAGUE = "today", "left_out", "aside", "colleague"
#: Documents of a case whose activities need the one they are for.
_DOCUMENTS = (
    "recobro.dispute",
    "recobro.payment.plan",
    "recobro.placement",
    "recobro.suspension",
    "recobro.insolvency",
)
#: What stands for a task of the ladder that is not handed over yet, and for an activity that is not of collections.
TASK, OTHER = "task", "other"
#: Kinds of activities by which the customer waits for us, and by which a contact is planned.
_ANSWERS = ("reply", "dispute_reply", "plan_asked", "proposal", "instructions", "dispute_new")
_PLANNED = ("call", "whatsapp", TASK)
#: Lines of the log that are no contact with anybody.
_NO_CONTACT = ("queued", "cancelled", "failed", "bounced", "visited", "downloaded")


@dataclass(frozen=True)
class Need:
    """Why a case needs somebody: the `kind` of activity, whose it is, since when, and in which words it was planned."""

    kind: str
    user: int | None
    deadline: date
    words: str
    type_id: int | None
    made: datetime | None = None


@dataclass
class Place:
    """Where a case is in the day of who looks, what it counts, and what it rests on."""

    case_id: int
    needs: list
    facts: formula.Facts
    score: formula.Score
    place: str = COLLEAGUE
    rank: int = 0
    row: dict = field(default_factory=dict)


class Reading:
    """What was worked out for one reading of a list, in its context under `recobro_day`, and forgotten with it.

    A list asks for the day to filter, to order and to show. Nothing is written in between, so it is the same day. No
    client can send one: JSON and XML-RPC carry no such type.
    """

    def __init__(self):
        self.found = {}


# -----------------------------------------------------------------------------
# THE DAY
# -----------------------------------------------------------------------------


def places(env, case_ids=None):
    """Return {case id: Place} of the open cases that need somebody today, for the user at work.

    Of one user's cases: those that fit into the day, in order, and those left out of it; what was set aside; and what
    only colleagues have to do. Two statements and one a company, whatever the number of cases.

    :param case_ids: cases whose words are wanted; the places are then the same, read of all.
    """
    as_of = clock.today(env, env.company.root_id)
    reading = env.context.get("recobro_day")
    known = reading.found if isinstance(reading, Reading) else {}
    whose = (env.uid, env.company.id, tuple(env.companies.ids), as_of)
    if whose not in known:
        known[whose] = _all_places(env, as_of)
    found = known[whose]
    return dict(found) if case_ids is None else {case: found[case] for case in case_ids if case in found}


def _all_places(env, as_of):
    """Return what `places` does, of all cases, worked out now."""
    found = _unplaced(env, as_of)
    mine, today, aside = _day(env, found, env.user, as_of, done_today(env, as_of))
    for case in mine:
        found[case].place = ASIDE if case in aside else LEFT_OUT
    for rank, case in enumerate(today, 1):
        found[case].place, found[case].rank = TODAY, rank
    return found


def left_of(env, users, as_of):
    """Return {user id: (needs overdue, cases left out of the day)} of some users.

    As many statements for all of them as for one.

    :param env: in sudo, with the company whose cases are counted as the only one.
    """
    found, done, left = _unplaced(env, as_of), _done(env, as_of, users.ids), {}
    for user in users:
        mine, today, aside = _day(env, found, user, as_of, done[user.id])
        needs = [need for case in mine for need in found[case].needs if need.user == user.id]
        overdue = sum(need.deadline < as_of for need in needs)
        left[user.id] = (overdue, len(mine) - len(today) - len(aside))
    return left


def _unplaced(env, as_of):
    """Return {case id: Place} of the open cases that need somebody, in nobody's day yet."""
    _flush(env)
    needs = _needs(env, as_of, env.companies.root_id.ids)
    return {case: _place(case, needs[case], row, as_of) for case, row in _rows(env, as_of, needs).items()}


def _day(env, found, user, as_of, done):
    """Return the ids of the cases that need a user, of those that fit into the day, in order, and of those set aside.

    :param done: ids of the cases on which the user did something today.
    """
    mine = [case for case, place in found.items() if any(need.user == user.id for need in place.needs)]
    aside = {case for case in mine if _is_aside(found[case], user.id, as_of)}
    waiting = [(case, found[case].score.total) for case in mine if case not in aside]
    today, _left_out = formula.cut(waiting, capacity_of(env, user) - len(done - {case for case, _n in waiting}))
    return mine, list(today), aside


def in_order(found):
    """Return the ids of some places, what counts most first."""
    return sorted(found, key=lambda case: (-found[case].score.total, case))


def capacity_of(env, user=None):
    """Return how many cases a user, else the one at work, can do in a day: its own number, else the company's."""
    company = env.company.root_id.sudo()  # sudo: a user of a branch alone may not read the main company
    return (user or env.user).sudo().recobro_day_capacity or company.recobro_day_capacity  # sudo: one's own number


def done_today(env, as_of):
    """Return the ids of the cases on which the user at work did something today."""
    return _done(env, as_of, [env.uid])[env.uid]


def _done(env, as_of, user_ids):
    """Return {user id: ids of the cases on which that user did something today}."""
    begin = clock.begin_of(env.company.root_id, as_of)
    rows = env.execute_query(
        SQL(
            """
            SELECT user_id, case_id FROM recobro_interaction
             WHERE user_id = ANY(%(users)s) AND date >= %(begin)s AND case_id IS NOT NULL
               AND is_automatic IS NOT TRUE AND channel != 'note' AND result != ALL(%(no_contact)s)
             UNION
            SELECT user_id, res_id FROM mail_activity
             WHERE user_id = ANY(%(users)s) AND NOT active AND date_done = %(as_of)s AND res_model = 'recobro.case'
            """,
            users=list(user_ids),
            begin=begin,
            as_of=as_of,
            no_contact=list(_NO_CONTACT),
        )
    )
    done = {user: set() for user in user_ids}
    for user, case in rows:
        done[user].add(case)
    return done


def _place(case, needs, row, as_of):
    kinds = {need.kind for need in needs}
    facts = formula.Facts(
        overdue=row["overdue"],
        open=row["open"],
        chance=row["chance"],
        waits=max((as_of - need.deadline).days for need in needs),
        unheard=row["unheard"],
        broken_promises=row["broken_promises"],
        is_answer=bool(kinds & set(_ANSWERS)),
        is_planned=bool(kinds & set(_PLANNED)),
        is_silent=row["is_silent"],
        is_disputed=row["is_disputed"],
    )
    return Place(case, needs, facts, formula.score(facts), row=row)


def _is_aside(place, user, as_of):
    """Return whether a case was set aside, and nothing new has come since."""
    since = place.row["snoozed_at"]
    if not since or not formula.is_aside(place.row["snoozed_until"], as_of):
        return False
    news = [need.made for need in place.needs if need.user == user and need.made] + [place.row["heard_at"]]
    return not any(moment and moment > since for moment in news)


# -----------------------------------------------------------------------------
# READ
# -----------------------------------------------------------------------------


def _flush(env):
    """Write what the ORM still keeps back of what is read here."""
    for model in ("mail.activity", "recobro.case", "recobro.interaction", "recobro.customer.figure", *_DOCUMENTS):
        env[model].flush_model()


def _needs(env, as_of, company_ids):
    """Return {case id: [Need]}, those of the ladder's tasks among them, of the open cases of some main companies."""
    documents = SQL(" UNION ALL ").join(
        SQL(
            "SELECT due.*, document.case_id FROM due JOIN %s document ON document.id = due.res_id WHERE res_model = %s",
            SQL.identifier(env[model]._table),
            model,
        )
        for model in _DOCUMENTS
    )
    rows = env.execute_query(
        SQL(
            """
            WITH due AS MATERIALIZED (
                SELECT user_id, activity_type_id, summary, date_deadline, create_date, res_model, res_id
                  FROM mail_activity
                 WHERE active AND date_deadline <= %(as_of)s AND res_model = ANY(%(models)s)
            ),
            asked AS (
                SELECT due.*, res_id AS case_id FROM due WHERE res_model = 'recobro.case'
                UNION ALL %(documents)s
                UNION ALL
                SELECT collection.user_id, NULL, NULL, next_action_date, NULL, NULL, NULL, collection.id
                  FROM recobro_case collection
                  JOIN recobro_level level ON level.id = collection.next_level_id AND level.kind = 'task'
                 WHERE collection.state = 'open' AND next_action_date <= %(as_of)s
            )
            SELECT asked.case_id, asked.user_id, asked.activity_type_id, asked.summary, asked.date_deadline,
                   asked.create_date, replace(known.name, 'activity_type_', '')
              FROM asked
              JOIN recobro_case collection ON collection.id = asked.case_id AND collection.state = 'open'
               AND collection.company_id = ANY(%(companies)s)
              LEFT JOIN ir_model_data known ON known.module = 'recobro_module' AND known.model = 'mail.activity.type'
               AND known.res_id = asked.activity_type_id
             ORDER BY asked.date_deadline
            """,
            as_of=as_of,
            models=["recobro.case", *_DOCUMENTS],
            documents=documents,
            companies=list(company_ids),
        )
    )
    needs = defaultdict(list)
    for case, user, type_id, summary, deadline, made, kind in rows:
        kind = (kind or OTHER) if type_id else TASK
        needs[case].append(Need(kind, user, deadline, summary or "", type_id, made))
    return needs


def _rows(env, as_of, needs):
    """Return {case id: row} of what places rest on, the amounts in the currency of the company at work."""
    found = {}
    for company in env.companies.root_id:
        rate = company.currency_id._get_conversion_rate(
            company.currency_id, env.company.currency_id, env.company, as_of
        )
        for row in env.execute_query_dict(_facts(company, as_of, list(needs))):
            row.update(overdue=float(row["overdue"]) * rate, open=float(row["open"]) * rate)
            row["chance"] = None if row["chance"] is None else float(row["chance"])
            found[row["id"]] = row
    return found


def _facts(company, as_of, case_ids):
    """SELECT: what is known of some cases of one main company. `overdue` is what of it may still be asked for."""
    return SQL(
        """
        WITH asked AS MATERIALIZED (
            SELECT collection.*, COALESCE(grade.name, '') AS grade, COALESCE(troubled.cause, '') AS cause
              FROM recobro_case collection
              LEFT JOIN recobro_grade grade ON grade.id = collection.grade_id
              LEFT JOIN (%(causes)s) troubled ON troubled.partner_id = collection.partner_id
             WHERE collection.id = ANY(%(cases)s) AND collection.company_id = %(company)s
        ),
        log AS (
            SELECT line.case_id,
                   MAX(date) FILTER (WHERE line.channel != 'note' AND line.result != ALL(%(no_contact)s)) AS contact,
                   MAX(date) FILTER (WHERE line.direction = 'in' AND line.result != ALL(%(no_answers)s)) AS heard
              FROM recobro_interaction line
             WHERE line.case_id IN (SELECT id FROM asked) AND line.is_automatic IS NOT TRUE
             GROUP BY line.case_id
        ),
        dispute AS (SELECT DISTINCT case_id FROM recobro_dispute WHERE kind != 'final'),
        chance AS MATERIALIZED (%(chances)s)
        SELECT asked.id, asked.partner_id,
               GREATEST(LEAST(COALESCE(amount_overdue, 0), COALESCE(amount_net, 0) - COALESCE(amount_held, 0)), 0)
                   AS overdue,
               COALESCE(amount_open, 0) AS open, COALESCE(broken_promise_count, 0) AS broken_promises,
               silence_alert_date IS NOT NULL AS is_silent, COALESCE(silence_alert_contacts, 0) AS contacts,
               snoozed_until, snoozed_at, log.heard AS heard_at,
               %(as_of)s - COALESCE(%(contact_day)s, opened_on) AS unheard,
               dispute.case_id IS NOT NULL AS is_disputed, %(share)s AS chance,
               asked.grade, asked.cause, %(likeness)s AS likeness
          FROM asked
          LEFT JOIN log ON log.case_id = asked.id
          LEFT JOIN dispute ON dispute.case_id = asked.id
          LEFT JOIN chance ON chance.grade = asked.grade AND chance.cause = asked.cause
        """,
        as_of=as_of,
        contact_day=clock.day_sql(SQL("log.contact"), SQL("%s", clock.timezone_of(company))),
        chances=_chances(company),
        share=_SHARE,
        likeness=_LIKENESS,
        causes=_causes(company, as_of, case_ids),
        no_contact=list(_NO_CONTACT),
        no_answers=list(NO_ANSWERS),
        cases=case_ids,
        company=company.id,
    )


def _causes(company, as_of, case_ids):
    """SELECT (partner_id, cause) of the customers of some cases."""
    customers = SQL("SELECT asked.partner_id FROM recobro_case asked WHERE asked.id = ANY(%s)", case_ids)
    return cohorts.causes(company, as_of, only=SQL("partner_id IN (%s)", customers))


def _chances(company):
    """SELECT the chance of recovery of each grade and cause in `asked` by age, "" for none, and whom it was seen of.

    (grade, cause, d1_30, d31_60, d61_90, d90_plus, like_1_30, like_31_60, like_61_90, like_90_plus)
    """
    cohorts_by_age = [(company, SQL("%s", days), SQL("known.grade"), SQL("known.cause")) for days in (1, 31, 61, 91)]
    return SQL(
        """
        SELECT known.grade, known.cause, %s AS d1_30, %s AS d31_60, %s AS d61_90, %s AS d90_plus,
               %s AS like_1_30, %s AS like_31_60, %s AS like_61_90, %s AS like_90_plus
          FROM (SELECT DISTINCT grade, cause FROM asked) known
        """,
        *(recovery.rate_sql(*cohort) for cohort in cohorts_by_age),
        *(recovery.likeness_sql(*cohort) for cohort in cohorts_by_age),
    )


#: What is paid of what is overdue in `asked`, by the chances of its grade in `chance`, weighted by amount.
_SHARE = SQL(
    """
    (COALESCE(amount_1_30 * d1_30, 0) + COALESCE(amount_31_60 * d31_60, 0) + COALESCE(amount_61_90 * d61_90, 0)
     + COALESCE(amount_90_plus * d90_plus, 0))
    / NULLIF(CASE WHEN d1_30 IS NULL THEN 0 ELSE COALESCE(amount_1_30, 0) END
             + CASE WHEN d31_60 IS NULL THEN 0 ELSE COALESCE(amount_31_60, 0) END
             + CASE WHEN d61_90 IS NULL THEN 0 ELSE COALESCE(amount_61_90, 0) END
             + CASE WHEN d90_plus IS NULL THEN 0 ELSE COALESCE(amount_90_plus, 0) END, 0)
    """
)

#: How much of the grade and the cause was known of all that is overdue in `asked` (`recovery.likeness_sql`).
_LIKENESS = SQL(
    """
    GREATEST(CASE WHEN amount_1_30 > 0 THEN like_1_30 END, CASE WHEN amount_31_60 > 0 THEN like_31_60 END,
             CASE WHEN amount_61_90 > 0 THEN like_61_90 END, CASE WHEN amount_90_plus > 0 THEN like_90_plus END)
    """
)
