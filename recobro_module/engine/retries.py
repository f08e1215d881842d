"""Workers side by side collide now and then: what one of them could not write is done again in a new transaction."""

import random
import time

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_TRIES = 5
#: Longest wait before the second try, in seconds; it doubles each time, so that two that collided don't do so again.
_FIRST_WAIT = 0.05


def persistently(env, function):
    """Return `function(env)`; called again in a new transaction when another worker changed the same rows.

    Nothing that was written before in the transaction at hand may be lost: the caller begins with a commit.
    """
    attempt = 0
    while True:
        try:
            result = function(env)
            env.flush_all()
            return result
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()
            env.invalidate_all(flush=False)
            attempt += 1
            if attempt == _TRIES:
                raise
        time.sleep(random.uniform(0, _FIRST_WAIT * 2**attempt))
