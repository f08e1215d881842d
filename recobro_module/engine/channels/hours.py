"""The hours at which a contact wants to hear from us: a message is made only when they have come.

Not made and left in the queue: what it says would be of the hour it was made, not of the hour it goes out. An SMS wakes
people up: nobody gets one at night.
"""

import pytz

from ...tools.reachable_hours import next_reachable
from .. import clock

#: What is read of contacts.
FIELDS = ("recobro_hour_from", "recobro_hour_to", "tz")
#: Channels that wake people up: hours that are kept where a contact has told none.
_USUAL = {"sms": (8, 21)}
#: Days ahead in which the next working day is looked for.
_HORIZON_DAYS = 14


def reachable_now(actions, as_of):
    """Return those of `actions` (addressed messages of one company) whose recipient can be reached at this moment.

    The others stay planned until `not_before_hour`, and the delivery is woken then. What a person sends with their own
    hands goes now: they know the hour.
    """
    waiting = {}
    now = clock.moment(actions.env)
    for action in actions.filtered("is_automatic"):
        moment = _next_moment(action, now, as_of)
        if moment > now:
            waiting[action] = moment
    for action, moment in waiting.items():
        action.not_before_hour = moment
    if waiting:
        actions.env["recobro.run"]._trigger_delivery(sorted(set(waiting.values())))
    return actions.filtered(lambda action: action not in waiting)


def _next_moment(action, now, as_of):
    """Return the moment (UTC, naive) at which the first recipient of an action can be reached, `now` at the soonest."""
    contact, company = action.contact_id, action.company_id
    own = (contact.recobro_hour_from, contact.recobro_hour_to)
    hours = own if any(own) else _USUAL.get(action.channel)
    if not hours:
        return now
    zone = pytz.timezone(contact.tz or clock.timezone_of(company))
    local = pytz.utc.localize(now).astimezone(zone).replace(tzinfo=None)
    working_days = clock.working_days(company, action.policy_id.calendar_id, as_of, _HORIZON_DAYS)
    moment = next_reachable(local, *hours, working_days)
    return now if moment == local else zone.localize(moment).astimezone(pytz.utc).replace(tzinfo=None)
