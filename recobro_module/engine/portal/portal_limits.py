"""How often an address may ask in the portal, counted for all workers together, and almost without writing.

Each worker counts for itself and adds to the shared counter in steps: who reads like a person never reaches the first
step, so the pages stay on a read-only replica; who asks a hundred times in a row is found whichever workers answer.
The network address itself is never stored: a counter is named by a hash.
"""

import threading
import time
from dataclasses import dataclass

import psycopg2

from odoo.tools import SQL, hmac

from ...tools.portal_counting import counted_as, window

_SCOPE = "recobro-portal-counter"
#: A worker forgets what it counted once it knows so many.
_MOST_KNOWN = 10_000


@dataclass(frozen=True)
class Limit:
    """So many requests in so many seconds; a worker adds to the shared counter every `step` of them."""

    number: int
    seconds: int
    step: int = 1


#: Behind one address may be an office of customers, so it may ask for much; one that tries keys that open nothing, or
#: one contact, for little. What is answered or downloaded costs somebody work, or the server: of answers those count
#: that were taken, so that nobody is stopped for having typed something wrong.
LIMITS = {
    "address": Limit(600, 60, step=50),
    "guess": Limit(60, 60, step=10),
    "page": Limit(60, 60, step=10),
    "attempt": Limit(200, 600, step=10),
    "answer": Limit(20, 600),
    "download": Limit(20, 600),
    "megabyte": Limit(200, 86400),
}


@dataclass
class _Count:
    """What a worker knows of one counter: the total of all workers, and what it has yet to add to it."""

    total: int = 0
    pending: int = 0


_known: dict[tuple, _Count] = {}
_lock = threading.Lock()


def seconds_to_wait(env, kind, who, times=1):
    """Count one request, and return after how many seconds the next one is welcome: 0 when this one is.

    :param kind: of `LIMITS`.
    :param who: who asks: a network address (text), or an id of a contact.
    :param times: how many it counts for; with 0 nothing is counted, and what other workers count may not be known.
    """
    limit = LIMITS[kind]
    number, wait = window(time.time(), limit.seconds)
    return wait if _is_over(env, kind, who, number, times) else 0


def forget():
    """Forget what this process has counted; for tests, which all come from one address."""
    with _lock:
        _known.clear()


def _is_over(env, kind, who, number, times):
    limit = LIMITS[kind]
    name = counted_as(who) if isinstance(who, str) or who is None else f"contact {who}"
    key = (env.cr.dbname, kind, name, number)
    with _lock:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        count = _known.setdefault(key, _Count())
        count.pending += times
        adding = count.pending if times and count.pending >= limit.step else 0
        if adding:
            count.pending = 0
    if adding and count.total <= limit.number:
        # Once it is over it stays so until the stretch ends: nothing more to find out, nothing more to write
        total = _add(env, f"{kind} {name}", number, adding, (number + 1) * limit.seconds)
        count.total = total if total is not None else count.total + adding
    elif adding:
        count.total += adding
    # Who only asks is told of the next one
    return count.total + count.pending + (not times) > limit.number


def _add(env, name, number, adding, until):
    """Add to the counter that all workers share and return its total; None when another worker is just at it."""
    # sudo: the secret of the database, which no user may read, keeps addresses from being guessed from the names
    name = hmac(env(su=True), _SCOPE, name)[:32]
    if env.cr.readonly:
        # Nothing is lost on a read-only cursor, and nothing waits for what it has read so far
        env.cr.rollback()
    try:
        # A transaction of its own: what is refused and undone was asked all the same
        with env.registry.cursor() as cursor:
            cursor.execute(
                SQL(
                    "INSERT INTO recobro_portal_counter (name, number, asked, until)"
                    " VALUES (%s, %s, %s, to_timestamp(%s) AT TIME ZONE 'UTC')"
                    " ON CONFLICT (name, number) DO UPDATE SET asked = recobro_portal_counter.asked + EXCLUDED.asked"
                    " RETURNING asked",
                    name,
                    number,
                    adding,
                    until,
                ),
                log_exceptions=False,
            )
            return cursor.fetchone()[0]
    except psycopg2.errors.SerializationFailure:
        return None
