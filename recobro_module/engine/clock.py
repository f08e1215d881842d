"""The edges of the engine ask here which day it is; inside, the day is a parameter (DESIGN.md, rule 8)."""

from datetime import datetime, time, timedelta

import pytz

from odoo import fields

#: The furthest that a deadline in working days is looked for.
_HORIZON_DAYS = 90


def timezone_of(company):
    """Return the name of the time zone in which `company` counts its days."""
    return company.partner_id.tz or company.resource_calendar_id.tz or "UTC"


def local_now(company):
    """Return the present moment as a datetime in the company's time zone."""
    return pytz.utc.localize(fields.Datetime.now()).astimezone(pytz.timezone(timezone_of(company)))


def today(env, company):
    """Return the day it is for `company`: the day being lived when one is given in the context, else its local date."""
    return fields.Date.to_date(env.context.get("recobro_as_of")) or local_now(company).date()


def moment(env):
    """Return the moment that is being lived, in UTC: the log of a day that is lived later is of that day.

    A day in the context without an hour is taken at the present hour.
    """
    lived = env.context.get("recobro_as_of")
    present = fields.Datetime.now()
    if not lived:
        return present
    if isinstance(lived, datetime) or (isinstance(lived, str) and len(lived) > len("2026-01-31")):
        return fields.Datetime.to_datetime(lived)
    return datetime.combine(fields.Date.to_date(lived), present.time())


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
