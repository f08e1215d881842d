"""What the dashboard shows a moment later, because it is read from the books item by item: recovery and forecast."""

from .. import clock
from . import recovery_by_bucket
from . import scope as scopes


def read(env, companies, as_of=None, months=1, segment=None, owner=None):
    """Return the recovery by bucket of some main companies (in sudo), see `dashboard.read` for the parameters."""
    today = clock.today(env, companies[:1])
    day = min(as_of or today, today)
    look = scopes.of(env, companies, day, months, is_today=day == today, grade=segment, owner=owner)
    return {"recovery": recovery_by_bucket.read(env, look)}
