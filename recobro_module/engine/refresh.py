"""What changed since the last minute: the marks that bookkeeping left, and the cases they ask to look at again."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from . import clock, saving, snapshot

_logger = logging.getLogger(__name__)

#: How long a mark is kept after it was taken up: well over the seconds that a verdict of the mail queue is good for.
_KEPT_SECONDS = 60


def refresh(env, limit=5000):
    """Refresh the cases of up to `limit` marks, and return how many marks are done with.

    A company whose day is being decided is left for the next minute. An error with one customer stops no other.
    """
    env["recobro.mark"]._write_gathered()
    rows = env.execute_query(
        SQL(
            """
            SELECT mark.id, mark.company_id, COALESCE(partner.commercial_partner_id, partner.id)
              FROM recobro_mark mark
              LEFT JOIN res_partner partner ON partner.id = mark.partner_id
             WHERE mark.active IS NOT FALSE
             ORDER BY mark.id LIMIT %s
               FOR UPDATE OF mark SKIP LOCKED
            """,
            limit,
        )
    )
    done = []
    for company, marks in _by_company(env, rows).items():
        if company and not saving.try_alone(env, company):
            continue
        if company:
            _take(env, company, sorted({partner for _mark, partner in marks if partner}))
        done += [mark for mark, _partner in marks]
    if done:
        # Only now: while they are active, the marks say which entries had their journal items made anew
        env.cr.execute(
            SQL(
                """
                UPDATE recobro_mark SET active = FALSE, taken_at = now() AT TIME ZONE 'UTC' WHERE id = ANY(%s)
                """,
                done,
            )
        )
    return len(done)


def forget(env):
    """Delete the marks that were taken up over a minute ago: no verdict of the mail queue is as old as that."""
    env.cr.execute(
        SQL(
            """
            DELETE FROM recobro_mark
             WHERE active IS FALSE AND taken_at < now() AT TIME ZONE 'UTC' - make_interval(secs => %s)
            """,
            _KEPT_SECONDS,
        )
    )


def _by_company(env, rows):
    """Return {main company: [(mark id, customer id or None)]}; marks of what is gone are under an empty company."""
    marked = {}
    for mark, company_id, partner in rows:
        company = env["res.company"].browse(company_id).exists().root_id
        marked.setdefault(company, []).append((mark, partner))
    return marked


def _take(env, company, partner_ids):
    """Take the snapshot of some customers; after an error, of each alone, so that only one is left as it was."""
    as_of = clock.today(env, company)
    try:
        with env.cr.savepoint():
            snapshot.take(env, company, as_of, partner_ids)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        env.invalidate_all(flush=False)
        if len(partner_ids) == 1:
            _logger.exception("The case of customer %s could not be refreshed", partner_ids[0])
            return
        for partner in partner_ids:
            _take(env, company, [partner])
