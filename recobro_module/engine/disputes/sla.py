"""The working time in which the SLA of disputes runs, read from the calendars, for the pure clock in `tools/sla.py`.

A moment in here is a naive datetime in UTC, as Odoo stores them.
"""

from datetime import datetime, timedelta

import pytz

from odoo.fields import Domain

from ...tools import sla
from .. import clock

#: Share of an SLA after which its owner is told.
NEAR = 0.8
#: How far a deadline is looked for, again and again twice as far, before the calendar is taken to have no hours.
_HORIZON = timedelta(days=30)
_FURTHEST = timedelta(days=30 * 2**6)


def calendar_of(company):
    """Return the `resource.calendar` in which the SLAs of a main company run, in sudo."""
    company = company.sudo()  # anybody who may see a dispute may see how much time is left
    shipped = company.env.ref("recobro_module.sla_calendar", raise_if_not_found=False)
    return company.recobro_sla_calendar_id or shipped or company.resource_calendar_id


def working_time(company, start, stop):
    """Return the working time of the SLA between two moments, as [(start, stop)]: a bounded number of statements.

    Hours of the SLA calendar in the company's time zone, less its leaves, those of the whole company, and the public
    holidays (leaves without a resource) of the company's own working hours.
    """
    if start >= stop:
        return []
    calendar = calendar_of(company)
    zone = pytz.timezone(clock.timezone_of(company))
    begin, end = (pytz.utc.localize(moment).astimezone(zone) for moment in (start, stop))
    attendances = calendar._attendance_intervals_batch(begin, end, tz=zone)[False]
    worked = [(_moment(since), _end(_moment(until))) for since, until, _meta in attendances]
    return sla.subtract(worked, _holidays(company, calendar, start, stop))


def _holidays(company, calendar, start, stop):
    company = company.sudo()  # as the calendar
    calendars = [False, calendar.id, company.resource_calendar_id.id]
    leaves = company.env["resource.calendar.leaves"].search_fetch(
        Domain("resource_id", "=", False)
        & Domain("time_type", "=", "leave")
        & Domain("calendar_id", "in", calendars)
        & Domain("company_id", "in", [False, company.id])
        & Domain("date_from", "<=", stop)
        & Domain("date_to", ">=", start),
        ["date_from", "date_to"],
    )
    return [(leave.date_from, _end(leave.date_to)) for leave in leaves]


def _moment(aware):
    return aware.astimezone(pytz.utc).replace(tzinfo=None)


def _end(moment):
    """Calendars and people end a day up to a minute before midnight: the day has all of its hours."""
    if moment.minute == 59:
        return moment.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return moment


def words(env, hours):
    """Return how much of an SLA is left (or how late it is, when negative) in words; its days have 24 hours."""
    minutes = round(abs(hours) * 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        days_text = env._("1 day") if days == 1 else env._("%(number)s days", number=days)
        hours_text = env._("%(days)s %(hours)s h", days=days_text, hours=rest // 60)
        length = hours_text if rest >= 60 else days_text
    elif minutes >= 60:
        length = env._("%(hours)s h", hours=minutes // 60)
    else:
        length = env._("%(minutes)s min", minutes=minutes)
    return env._("%(time)s left", time=length) if hours >= 0 else env._("%(time)s late", time=length)


class SlaClock:
    """The working time of one company, read once for many tickets and further ahead only when it is asked for.

    :param since: the earliest moment that is going to be asked about.
    """

    def __init__(self, company, since):
        self.company = company
        self.since = since
        self.until = since
        self._intervals = []

    def _reach(self, moment):
        if moment > self.until:
            # Twice as far: many tickets that started at many moments take few readings
            self.until = moment + (moment - self.since)
            self._intervals = working_time(self.company, self.since, self.until)
        return self._intervals

    def elapsed(self, start, stop):
        """Return the hours of working time between two moments."""
        return sla.elapsed(self._reach(stop), start, stop)

    def after(self, start, hours):
        """Return the moment at which `hours` from `start` on are used up; `start` when none is left, None if never."""
        if hours <= 0:
            return start
        ahead = _HORIZON
        while ahead <= _FURTHEST:
            moment = sla.moment_after(self._reach(max(self.until, start + ahead)), start, hours)
            if moment:
                return moment
            ahead *= 2
        return None


def clock_for(company, moments):
    """Return an `SlaClock` of a main company that can be asked about some moments (empty ones are left out)."""
    return SlaClock(company, min((moment for moment in moments if moment), default=datetime.max))
