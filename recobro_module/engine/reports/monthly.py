"""A month of collections, for one main company: what the dashboard tells of its last day, and what is to come."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .. import clock
from ..figures import cash_in, costs, dashboard, forecast, recovery_by_bucket
from ..figures import scope as scopes

#: Weeks of money that came which are shown before those that are to come.
_WEEKS_BEFORE = 8
#: For so many days after its end a month is the last one: what is to come is told beside it.
_LAST_MONTH_DAYS = 45
#: Months of what became late whose recovery is told: they end 90 days ago, mostly in the midst of one.
_RECOVERY_MONTHS = 3


@dataclass(frozen=True)
class Month:
    """The figures of a month, as plain values in the company's currency; what is not known is None.

    :param day: the last day that is told of: the month's end, or today while it is not over.
    :param board: what `dashboard.read` returns of that day.
    :param came: money that came in by week, see `cash_in.weeks`.
    :param expected: weeks to come, see `forecast.weeks`; empty of a month long over.
    :param errors: {weeks back: {"error", "expected", "came"} or None} of the forecast.
    :param overdue_tasks: activities on open cases whose day has passed, None of a month long over.
    """

    company: object
    first: date
    day: date
    today: date
    board: dict
    recovery: dict
    cost: dict
    cost_before: dict
    came: list
    expected: list
    errors: dict
    overdue_tasks: int | None

    @property
    def is_over(self):
        """Return whether the month has ended: on its last day more may come."""
        return self.day < self.today


def read(env, company, first):
    """Return the `Month` of a main company that begins on `first`.

    :param env: in sudo, in the language of who reads: the reasons of disputes are told in it.
    """
    today = clock.today(env, company)
    day = min(_end_of(first), today)
    is_last = today - day <= timedelta(days=_LAST_MONTH_DAYS)
    look = scopes.of(env, company, day, 1, is_today=day == today)
    return Month(
        company=company,
        first=first,
        day=day,
        today=today,
        board=dashboard.read(env, company, as_of=day),
        recovery=recovery_by_bucket.read(env, replace(look, months=_RECOVERY_MONTHS)),
        cost=costs.of_period(env, company, look.since, day),
        cost_before=costs.of_period(env, company, look.before, look.since),
        came=cash_in.weeks(env, company, today if is_last else day, _WEEKS_BEFORE),
        expected=forecast.weeks(env, company, today) if is_last else [],
        errors=forecast.error(env, company, today) if is_last else {},
        overdue_tasks=_overdue_tasks(env, company, today) if is_last else None,
    )


def _end_of(first):
    return first + relativedelta(months=1, days=-1)


def _overdue_tasks(env, company, today):
    """Return how many activities on the company's open cases were due before today."""
    env["mail.activity"].flush_model()
    env["recobro.case"].flush_model()
    [(number,)] = env.execute_query(
        SQL(
            """
            SELECT COUNT(*)
              FROM mail_activity activity JOIN recobro_case collection ON collection.id = activity.res_id
             WHERE activity.active AND activity.res_model = 'recobro.case' AND activity.date_deadline < %s
               AND collection.state = 'open' AND collection.company_id = %s
            """,
            today,
            company.id,
        )
    )
    return number
