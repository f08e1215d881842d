"""What is wrong with a whole ledger, or with the daily job: told once to one owner, and taken back when it is over."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from odoo.tools import SQL, format_amount, format_date, formatLang

from ..const import OPEN_ACTION_STATES
from . import alerts, clock, watchdog
from .reports import watch as report_watch

_ALERT = "recobro_module.activity_type_ledger"
#: Customers from which a large one is worth a word: of a handful each has a large share.
_ENOUGH_CUSTOMERS = 10
#: So many days before its end a month may have been kept last, to be judged: a long weekend without a run.
_END_OF_MONTH = timedelta(days=3)
#: What the ORM may still keep back of what is looked at.
_MODELS = (
    *("recobro.snapshot", "recobro.customer.figure", "recobro.case", "recobro.action"),
    *("recobro.placement", "recobro.insolvency", "mail.activity"),
)


@dataclass(frozen=True)
class Finding:
    """What is wrong: its kind, its words in the language of an environment, and of which customer, if of one."""

    kind: str
    words: Callable
    partner_id: int | None = None


def watch(env, company, as_of):
    """Look at the ledger of a main company at the end of its day `as_of`, when its balances and figures are kept."""
    for model in _MODELS:
        env[model].flush_model()
    kinds = ("over_60", "dso", "effectiveness", "concentration", "no_next")
    found = [*_of_the_day(env, company, as_of), *_of_the_month(env, company, as_of)]
    _tell(env, company, as_of, kinds, [*found, *_large(env, company), *_no_next(env, company)])


def watch_job(env, company):
    """Look whether the daily job of a main company does its work."""
    env = env(su=True)  # sudo: the watchdog's own scheduled action, and nothing is shown
    company = company.with_env(env)
    found = watchdog.trouble(env, company)
    words = [Finding("job", lambda env: watchdog.trouble(env(su=True), company.with_env(env(su=True))) or found)]
    _tell(env, company, clock.today(env, company), ("job",), words if found else [])


def watch_reports(env, company):
    """Look whether the reports by mail of a main company go out, and to those alone who may read them."""
    env = env(su=True)  # sudo: as above
    company = company.with_env(env)
    found = [Finding(kind, words) for kind, words in report_watch.troubles(env, company)]
    _tell(env, company, clock.today(env, company), ("report", "recipient"), found)


def owner_of(company):
    """Return who is told of a company's ledger: who answers for its first policy, else the administrator."""
    policies = company.env["recobro.policy"]._in_force(company)
    return policies.user_id.filtered("active")[:1] or company.env.ref("base.user_admin")


def forgotten(company_ids):
    """SELECT (id): the open cases of some main companies that owe something, and for which nothing is to come.

    No next level, nothing planned or to approve, no activity; and nothing that holds it, for a hold ends by itself.
    """
    return SQL(
        """
        SELECT collection.id
          FROM recobro_case collection
         WHERE collection.state = 'open' AND collection.company_id = ANY(%(companies)s)
           AND collection.amount_overdue > 0 AND collection.next_level_id IS NULL
           AND COALESCE(collection.amount_held, 0) < collection.amount_overdue
           AND collection.amount_net > 0
           AND NOT EXISTS (SELECT FROM recobro_action action
                            WHERE action.case_id = collection.id AND action.state IN %(open)s)
           AND NOT EXISTS (SELECT FROM mail_activity activity
                            WHERE activity.active AND activity.res_model = 'recobro.case'
                              AND activity.res_id = collection.id)
           AND NOT EXISTS (SELECT FROM recobro_placement placement
                            WHERE placement.case_id = collection.id AND placement.state IN ('proposed', 'placed'))
           AND NOT EXISTS (SELECT FROM recobro_insolvency insolvency
                            WHERE insolvency.partner_id = collection.partner_id
                              AND insolvency.company_id = collection.company_id AND insolvency.state = 'declared')
        """,
        companies=list(company_ids),
        open=OPEN_ACTION_STATES,
    )


# -----------------------------------------------------------------------------
# WHAT IS WRONG
# -----------------------------------------------------------------------------


def _of_the_day(env, company, as_of):
    """Yield what the balances and key figures of the day tell, against the targets of the company; 0 is none."""
    [row] = env.execute_query_dict(
        SQL(
            """
            SELECT d61_90 + d90_plus AS late, not_due + d1_30 + d31_60 + d61_90 + d90_plus AS open, dso
              FROM recobro_snapshot WHERE company_id = %s AND day = %s
            """,
            company.id,
            as_of,
        )
    ) or [dict.fromkeys(("late", "open", "dso"))]
    share = 100 * float(row["late"]) / float(row["open"]) if row["open"] else 0
    most = company.recobro_target_over_60
    if most and share > most:
        yield Finding("over_60", lambda env: _over_60(env, company, share, float(row["late"])))
    if company.recobro_target_dso and (row["dso"] or 0) > company.recobro_target_dso:
        yield Finding("dso", lambda env: _dso(env, company, row["dso"]))


def _of_the_month(env, company, as_of):
    """Yield what was collected of the last whole month, when less than the target; 0 is none.

    Not of the month so far: on its first days next to nothing of it is collected, every month.
    """
    if not company.recobro_target_effectiveness:
        return
    end = as_of + timedelta(days=1)
    end = end.replace(day=1) - timedelta(days=1)
    rows = env.execute_query(
        SQL(
            """
            SELECT effectiveness FROM recobro_snapshot
             WHERE company_id = %s AND day BETWEEN %s AND %s AND effectiveness IS NOT NULL
             ORDER BY day DESC LIMIT 1
            """,
            company.id,
            end - _END_OF_MONTH,
            end,
        )
    )
    percent = rows[0][0] if rows else None
    if percent is not None and percent < company.recobro_target_effectiveness:
        yield Finding("effectiveness", lambda env: _effectiveness(env, company, end, percent))


def _over_60(env, company, share, late):
    return env._(
        "%(share)s %% of what is open, %(amount)s, is more than 60 days late; the target is %(target)s %% at most. "
        "Look at the largest of them first, and at what keeps them from paying.",
        share=formatLang(env, share, digits=1),
        amount=format_amount(env, late, company.currency_id),
        target=formatLang(env, company.recobro_target_over_60, digits=0),
    )


def _dso(env, company, days):
    return env._(
        "Customers owe %(days)s days of sales; the target is %(target)s at most.",
        days=formatLang(env, days, digits=1),
        target=formatLang(env, company.recobro_target_dso, digits=0),
    )


def _effectiveness(env, company, end, percent):
    return env._(
        "In %(month)s %(percent)s %% of what there was to collect was collected; the target is %(target)s %% at least.",
        month=format_date(env, end, date_format="MMMM y"),
        percent=formatLang(env, percent, digits=1),
        target=formatLang(env, company.recobro_target_effectiveness, digits=0),
    )


def _large(env, company):
    """Yield a finding for each customer that owes more of the ledger than the company wants one to."""
    most = company.recobro_alert_customer_share
    if not most:
        return
    rows = env.execute_query(
        SQL(
            """
            SELECT partner_id, concentration, exposure
              FROM (SELECT *, COUNT(*) FILTER (WHERE exposure > 0) OVER () AS customers
                      FROM recobro_customer_figure WHERE company_id = %s) figure
             WHERE concentration > %s AND customers >= %s
             ORDER BY concentration DESC
            """,
            company.id,
            most,
            _ENOUGH_CUSTOMERS,
        )
    )
    for partner, share, exposure in rows:
        yield Finding("concentration", _concentration(company, partner, float(share), float(exposure)), partner)


def _concentration(company, partner, share, exposure):
    def words(env):
        return env._(
            "%(customer)s owes %(share)s %% of the ledger, %(amount)s; more than %(most)s %% with one customer is a "
            "risk of its own. Look at its limit, its insurance and its terms.",
            customer=env["res.partner"].sudo().browse(partner).display_name,  # sudo: the run tells, whoever started it
            share=formatLang(env, share, digits=1),
            amount=format_amount(env, exposure, company.currency_id),
            most=formatLang(env, company.recobro_alert_customer_share, digits=0),
        )

    return words


def _no_next(env, company):
    """Yield a finding when the ladder has ended for some cases and nobody has anything to do about them."""
    number = len(env.execute_query(forgotten([company.id])))
    if number:
        yield Finding(
            "no_next",
            lambda env: env._(
                "Cases that owe something and for which nothing is to come: %(number)s. Decide how each goes on: "
                "a call, a plan, a hand-over, or its end.",
                number=number,
            ),
        )


# -----------------------------------------------------------------------------
# TELL
# -----------------------------------------------------------------------------


def _tell(env, company, as_of, kinds, findings):
    """Keep a row for each finding, with an activity of its owner when it is new, and close those that are over."""
    model = env["recobro.ledger.alert"].sudo()  # sudo: the run and the watchdog tell, whoever started them
    known = model.search([("company_id", "=", company.id), ("kind", "in", kinds), ("until", "=", False)])
    found = {(finding.kind, finding.partner_id or 0): finding for finding in findings}
    over = known.filtered(lambda alert: (alert.kind, alert.partner_id.id or 0) not in found)
    over.write({"until": as_of})
    over.activity_unlink([_ALERT])
    owner = owner_of(company.sudo())
    speaking = alerts.speaking_to(owner)
    for alert in known - over:
        # Nobody is told again, but who looks reads how it stands now
        words = found.pop((alert.kind, alert.partner_id.id or 0)).words(speaking)
        if words != alert.words:
            alert.words = words
    for finding in found.values():
        values = {"company_id": company.id, "kind": finding.kind, "partner_id": finding.partner_id, "since": as_of}
        alert = model.create({**values, "words": finding.words(speaking)})
        alerts.alert(alert, _ALERT, alert.words, deadline=as_of, owner=lambda _alert: owner)
