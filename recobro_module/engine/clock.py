"""The edges of the engine ask here which day it is; inside, the day is a parameter (DESIGN.md, rule 8)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytz

from odoo import fields
from odoo.tools import SQL

#: The furthest that a deadline in working days is looked for.
_HORIZON_DAYS = 90


@dataclass(frozen=True)
class _Lived:
    """A day or moment that is lived at another time. No client can send one: JSON and XML-RPC carry no such type."""

    when: date


def lived(when):
    """Return what the context key `recobro_as_of` holds to live `when`, a date or a datetime in UTC.

    Only code on the server can make it; anything else under that key is ignored.
    """
    return _Lived(when)


def _lived_in(env):
    """Return the day or moment being lived, None when it is the present."""
    value = env.context.get("recobro_as_of")
    return value.when if isinstance(value, _Lived) else None


def timezone_of(company):
    """Return the name of the time zone in which `company` counts its days."""
    company = company.sudo()  # a user of a branch alone may not read the main company
    return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"


def local_now(company):
    """Return the present moment as a datetime in the company's time zone."""
    return _in_zone_of(company, fields.Datetime.now())


def local_moment(env, company):
    """Return the moment that is being lived as a datetime in the company's time zone."""
    return _in_zone_of(company, moment(env))


def _in_zone_of(company, when):
    return pytz.utc.localize(when).astimezone(pytz.timezone(timezone_of(company)))


def begin_of(company, day, later=0):
    """Return the moment (UTC, naive) at which `day` begins for `company`, or the day so many days `later`."""
    zone = pytz.timezone(timezone_of(company))
    begin = zone.localize(datetime.combine(day + timedelta(days=later), time.min))
    return begin.astimezone(pytz.utc).replace(tzinfo=None)


def today(env, company):
    """Return the day it is for `company`: the day being lived when one is given in the context, else its local date."""
    return fields.Date.to_date(_lived_in(env)) or local_now(company).date()


def moment(env):
    """Return the moment that is being lived, in UTC: the log of a day that is lived later is of that day.

    A day in the context without an hour is taken at the present hour.
    """
    when = _lived_in(env)
    present = fields.Datetime.now()
    if when is None or isinstance(when, datetime):
        return when or present
    return datetime.combine(when, present.time())


def days_of(env):
    """SELECT (id, currency_id, zone, today): each company, the time zone in which it counts its days, and its day.

    For reports, whose rows are of several companies: what `timezone_of` and `today` say of one.
    """
    when = fields.Date.to_date(_lived_in(env))
    zone = SQL("COALESCE(NULLIF(partner.tz, ''), NULLIF(calendar.tz, ''), 'UTC')")
    present = SQL("(%s::timestamp AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", fields.Datetime.now(), zone)
    return SQL(
        """
        SELECT company.id, company.currency_id, %(zone)s AS zone, %(today)s AS today
          FROM res_company company
          JOIN res_partner partner ON partner.id = company.partner_id
          LEFT JOIN resource_calendar calendar ON calendar.id = company.resource_calendar_id
        """,
        zone=zone,
        today=SQL("%s::date", when) if when else present,
    )


def day_sql(moment_of, zone):
    """Return the SQL of the day on which a moment (SQL, in UTC) is in a time zone (SQL)."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment_of, zone)


def begin_sql(day, zone):
    """Return the SQL of the moment, in UTC, at which a day (SQL) begins in a time zone (SQL)."""
    return SQL("(%s::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')", day, zone)


def working_days(company, calendar, as_of, horizon=_HORIZON_DAYS):
    """Return the working days of `calendar` from `as_of` on, as a sorted list of dates.

    Public holidays (leaves without a resource) of the calendar and of the company are taken out. A calendar
    without hours gives Monday to Friday.
    """
    calendar = (calendar or company.resource_calendar_id).sudo()
    last = as_of + timedelta(days=horizon)
    if not calendar.attendance_ids:
        every = (as_of + timedelta(days=n) for n in range(horizon + 1))
        return [day for day in every if day.weekday() < 5]
    zone = pytz.timezone(calendar.tz or timezone_of(company))
    start = zone.localize(datetime.combine(as_of, time.min))
    stop = zone.localize(datetime.combine(last, time.max))
    intervals = calendar.with_company(company)._work_intervals_batch(start, stop)[False]
    return sorted({begin.astimezone(zone).date() for begin, _end, _meta in intervals})
