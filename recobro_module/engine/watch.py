"""After the day was planned: customers who do not answer, and messages for which nobody holds the needed role.

Both are decided for all cases of a company by a bounded number of statements, and told to the owners in one batch.
"""

from odoo.tools import SQL, format_date

from ..const import ANSWERS, NO_ANSWERS
from . import alerts, clock, credit_insurance, open_items
from .planning import CUSTOMER, OPEN, PLAN

#: Results by which an outgoing line is a contact that asked for an answer; "noted" is a task marked as done.
_ASKED = ("sent", "no_answer", "voicemail", "wrong_number", "noted")
#: Days in which the owner of a case is told once that a role is missing.
_ROLE_ALERT_DAYS = 30
#: Such alerts a day, the largest balances first: on the first day of a ledger there may be one for each customer, and a
#: list that nobody can work off tells nobody anything. The others have theirs with one of their next messages.
_ROLE_ALERTS = 50

_SILENCE = "recobro_module.activity_type_silence"
_ROLE = "recobro_module.activity_type_role"


def watch(env, company, as_of):
    """Tell the owners of cases who does not answer, and which role nobody holds; take back what is over.

    Called by the daily job when the plan of `as_of` is saved: its temporary tables are there.
    """
    env.flush_all()
    _watch_silence(env, company, as_of)
    _watch_roles(env, company, as_of)
    credit_insurance.watch(env, company, as_of, OPEN)


def hear(lines):
    """Take the alert of silence away from the cases of which some new lines of the log are an answer.

    :param lines: `recobro.interaction` in sudo. Money that comes in is seen by the next daily job.
    """
    heard = lines.filtered(
        lambda line: (
            line.result in ANSWERS
            or (line.direction == "in" and line.result not in NO_ANSWERS and not line.is_automatic)
        )
    ).case_id
    _forget(heard.filtered("silence_alert_date"))


def _forget(cases):
    """The customer has answered: the count begins anew."""
    if cases:
        cases.activity_unlink([_SILENCE])
        cases.with_context(tracking_disable=True).write({"silence_alert_date": False, "silence_alert_contacts": 0})


# -------------------------------------------------------------------------
# SILENCE
# -------------------------------------------------------------------------


def _watch_silence(env, company, as_of):
    """Alert after so many contacts without an answer, and again after as many more."""
    rows = env.execute_query_dict(_silence(env, company, as_of))
    cases = env["recobro.case"].sudo()  # sudo: the run tells the owners, whoever started it
    silent = {row["case_id"]: row for row in rows if row["is_silent"]}
    _forget(cases.browse([row["case_id"] for row in rows if row["has_answered"] and row["case_id"] not in silent]))
    if not silent:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_case collection SET silence_alert_date = %s, silence_alert_contacts = silent.contacts
              FROM unnest(%s::int[], %s::int[]) AS silent(case_id, contacts)
             WHERE collection.id = silent.case_id
            """,
            as_of,
            list(silent),
            [row["contacts"] for row in silent.values()],
        )
    )
    cases.invalidate_model(["silence_alert_date", "silence_alert_contacts"])
    _tell(cases.browse(silent), _SILENCE, lambda env, case: _silence_words(env, silent[case.id]), as_of)


def _silence_words(env, row):
    day = row["last_answer"]
    return env._(
        "The customer does not answer. Contacts since the last answer: %(number)s. Last answer: %(day)s. "
        "Try another contact or another channel.",
        number=row["contacts"],
        day=format_date(env, day) if day else env._("never"),
    )


def _silence(env, company, as_of):
    """SELECT: open cases with enough contacts since the last answer, or with an alert that may be over.

    Columns: `case_id`, `contacts` since the last answer, `last_answer` (day or empty), `is_silent` (the owner is to be
    told: as many contacts as the policy says, and after an alert as many more), `has_answered` (since the alert).
    Money answers what was asked up to its day.
    """
    return SQL(
        """
        WITH said AS (%(said)s),
        last AS (SELECT case_id, MAX(date) AS moment, MAX(day) AS day FROM said WHERE is_answer GROUP BY case_id),
        asked AS (
            SELECT said.case_id, said.day, said.contact
              FROM said
              LEFT JOIN last ON last.case_id = said.case_id
             WHERE said.contact IS NOT NULL AND (last.moment IS NULL OR said.date > last.moment)
        ),
        number AS (SELECT case_id, COUNT(DISTINCT contact) AS contacts FROM asked GROUP BY case_id),
        candidate AS MATERIALIZED (%(candidates)s),
        paid AS MATERIALIZED (%(money)s),
        counted AS (
            SELECT candidate.case_id, candidate.silence_alert_date, candidate.told, candidate.most,
                   GREATEST(candidate.day, paid.day) AS last_answer,
                   COUNT(DISTINCT asked.contact) FILTER (WHERE paid.day IS NULL OR asked.day > paid.day) AS contacts
              FROM candidate
              LEFT JOIN paid ON paid.partner_id = candidate.partner_id
              LEFT JOIN asked ON asked.case_id = candidate.case_id
             GROUP BY candidate.case_id, candidate.silence_alert_date, candidate.told, candidate.most, candidate.day,
                      paid.day
        ),
        judged AS (
            SELECT counted.*,
                   silence_alert_date IS NOT NULL
                       AND (contacts < told OR COALESCE(last_answer > silence_alert_date, FALSE)) AS has_answered
              FROM counted
        )
        SELECT case_id, contacts, last_answer, has_answered,
               most > 0 AND contacts >= most + CASE WHEN has_answered THEN 0 ELSE told END AS is_silent
          FROM judged
        """,
        said=_said(company),
        candidates=_candidates(env, company),
        money=_money(company, as_of, SQL("candidate")),
    )


def _candidates(env, company):
    """SELECT: the open cases that money alone may still keep from being silent, and those with an alert.

    From the relations `last` and `number` of `_silence`. `most` is what the customer's policy says, else a new one.
    """
    return SQL(
        """
        SELECT collection.id AS case_id, collection.partner_id, last.day, collection.silence_alert_date,
               COALESCE(collection.silence_alert_contacts, 0) AS told,
               COALESCE(policy.silence_contacts, %(most)s) AS most
          FROM recobro_case collection
          LEFT JOIN last ON last.case_id = collection.id
          LEFT JOIN number ON number.case_id = collection.id
          LEFT JOIN %(customer)s customer ON customer.partner_id = collection.partner_id
          LEFT JOIN recobro_policy policy ON policy.id = COALESCE(customer.policy_id, collection.policy_id)
         WHERE collection.company_id = %(company)s AND collection.state = 'open'
           AND (collection.silence_alert_date IS NOT NULL
                OR number.contacts >= COALESCE(policy.silence_contacts, %(most)s))
        """,
        customer=CUSTOMER,
        company=company.id,
        most=env["recobro.policy"].default_get(["silence_contacts"]).get("silence_contacts", 0),
    )


def _said(company):
    """SELECT: the log of the open cases, with the company's `day`, `is_answer`, and `contact` of what asked for one.

    Several lines of one action are one contact. A line that was corrected, a message that came back, and what an agency
    did, are none.
    """
    return SQL(
        """
        SELECT line.case_id, line.date, (line.date AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
               line.result = ANY(%(answers)s) OR (
                   line.direction = 'in' AND line.result != ALL(%(no_answers)s)
                   AND line.is_automatic IS NOT TRUE
               ) AS is_answer,
               CASE WHEN line.direction = 'out' AND line.result = ANY(%(asked)s) AND line.channel != 'note'
                         AND line.placement_id IS NULL
                    THEN COALESCE(line.action_id, -line.id) END AS contact
          FROM recobro_case collection
          JOIN recobro_interaction line ON line.case_id = collection.id
         WHERE collection.company_id = %(company)s AND collection.state = 'open'
           AND NOT EXISTS (SELECT FROM recobro_interaction later WHERE later.corrects_id = line.id)
           AND NOT EXISTS (
               SELECT FROM recobro_interaction back WHERE back.action_id = line.action_id AND back.result = 'bounced'
           )
        """,
        zone=clock.timezone_of(company),
        answers=list(ANSWERS),
        no_answers=list(NO_ANSWERS),
        asked=list(_ASKED),
        company=company.id,
    )


def _money(company, as_of, customers):
    """SELECT (partner_id, day): the last day on which some customers paid something, up to `as_of`.

    Seen in the bank, in cash or as a registered payment, matched or not. A credit note is not the customer's answer.

    :param customers: SQL of a relation with `partner_id`, commercial entities.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS partner_id, MAX(received.day) AS day
          FROM res_partner partner
          CROSS JOIN LATERAL (
               SELECT line.date AS day
                 FROM account_move_line line
                 JOIN account_account account ON account.id = line.account_id
                 JOIN account_journal journal ON journal.id = line.journal_id
                WHERE line.partner_id = partner.id AND line.parent_state = 'posted' AND line.balance < 0
                  AND account.account_type = 'asset_receivable' AND journal.type IN ('bank', 'cash', 'credit')
                  AND line.company_id IN %(branches)s
               UNION ALL
               SELECT move.date
                 FROM account_bank_statement_line bank
                 JOIN account_move move ON move.id = bank.move_id AND move.state = 'posted'
                WHERE bank.partner_id = partner.id AND bank.amount > 0 AND bank.company_id IN %(branches)s
               UNION ALL
               SELECT payment.date
                 FROM account_payment payment
                WHERE payment.partner_id = partner.id AND payment.state IN ('in_process', 'paid')
                  AND payment.payment_type = 'inbound' AND payment.partner_type = 'customer'
                  AND payment.company_id IN %(branches)s
               ) received
         WHERE partner.commercial_partner_id IN (SELECT partner_id FROM %(customers)s asked)
           AND received.day <= %(as_of)s
         GROUP BY partner.commercial_partner_id
        """,
        customers=customers,
        branches=open_items.branches(company),
        as_of=as_of,
    )


# -------------------------------------------------------------------------
# ROLES
# -------------------------------------------------------------------------


def _watch_roles(env, company, as_of):
    """Alert where a message of today goes to somebody else: no contact holds any role that its level asks for.

    Only once something is late: for a notice the general address will do, and a ledger without roles is no alarm.
    """
    rows = env.execute_query(
        SQL(
            """
            WITH held AS (
                SELECT DISTINCT person.commercial_partner_id AS partner_id, asked.level_id
                  FROM recobro_level_role asked
                  JOIN recobro_contact_role_res_partner_rel holder ON holder.role_id = asked.role_id
                  JOIN res_partner person ON person.id = holder.partner_id AND person.active
            ),
            missing AS (
                SELECT plan.case_id, plan.level_id, plan.net
                  FROM %(plan)s plan
                  JOIN recobro_case collection ON collection.id = plan.case_id
                  JOIN recobro_level level ON level.id = plan.level_id AND level.delay_days > 0
                  LEFT JOIN held ON held.partner_id = plan.partner_id AND held.level_id = plan.level_id
                 WHERE plan.kind = 'message' AND plan.action_id IS NOT NULL AND held.partner_id IS NULL
                   AND (collection.role_alert_date IS NULL OR collection.role_alert_date <= %(as_of)s - %(days)s)
            ),
            first AS (
                SELECT DISTINCT ON (missing.case_id) missing.case_id, asked.role_id
                  FROM (SELECT * FROM missing ORDER BY net DESC, case_id LIMIT %(most)s) missing
                  JOIN recobro_level_role asked ON asked.level_id = missing.level_id
                 ORDER BY missing.case_id, asked.sequence, asked.id
            )
            UPDATE recobro_case collection SET role_alert_date = %(as_of)s
              FROM first WHERE first.case_id = collection.id
         RETURNING collection.id, first.role_id
            """,
            plan=PLAN,
            as_of=as_of,
            days=_ROLE_ALERT_DAYS,
            most=_ROLE_ALERTS,
        )
    )
    roles = {case: env["recobro.contact.role"].sudo().browse(role) for case, role in rows}
    cases = env["recobro.case"].sudo()  # sudo: as above
    cases.invalidate_model(["role_alert_date"])
    _tell(cases.browse(roles), _ROLE, lambda env, case: _role_words(env, roles[case.id]), as_of)


def _role_words(env, role):
    return env._(
        "No contact of this customer has the role “%(role)s”, so the message of today goes to another address. "
        "Find out who it is and give a contact this role.",
        role=role.with_env(env).name,
    )


def _tell(cases, type_xmlid, words, as_of):
    """Alert in one batch, without a mail for each: these wait in the owner's list, and there may be many on one day."""
    if cases:
        alerts.alert(cases.with_context(mail_activity_quick_update=True), type_xmlid, words, deadline=as_of)
