"""Step 4. What was planned goes out: claimed in small batches, judged again, made and logged in one transaction.

Any number of workers deliver side by side: each claims its rows with SKIP LOCKED as the first
statement of a short transaction (DESIGN.md, rule 10).
"""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..const import DELIVERY_BATCH
from . import alerts, clock

_logger = logging.getLogger(__name__)


def claim(env, limit=DELIVERY_BATCH, company=None, partner_ids=None):
    """Lock and return up to `limit` actions that wait to be delivered; those of others' batches are skipped.

    Actions of a run that waits for a person stay where they are.
    """
    env["recobro.action"].flush_model()
    env["recobro.run"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT action.id
              FROM recobro_action action
             WHERE action.state = 'planned' AND action.is_delivered IS NOT TRUE
               AND (action.not_before IS NULL OR action.not_before <= %(today)s)
               AND (action.run_id IS NULL OR action.run_id NOT IN (
                   SELECT id FROM recobro_run WHERE state = 'waiting'
               ))
               AND (%(company)s IS NULL OR action.company_id = %(company)s)
               AND (%(partners)s::int[] IS NULL OR action.partner_id = ANY(%(partners)s))
             ORDER BY action.id
             LIMIT %(limit)s
               FOR UPDATE OF action SKIP LOCKED
            """,
            today=clock.today(env, company or env.company),
            company=company.id if company else None,
            partners=list(partner_ids) if partner_ids is not None else None,
            limit=limit,
        )
    )
    return env["recobro.action"].sudo().browse([action for (action,) in rows])


def deliver_batch(env, limit=DELIVERY_BATCH, company=None, partner_ids=None):
    """Deliver one batch and return how many actions it took up (0: nothing waits).

    An error in the batch is looked for action by action, kept on the one it belongs to, and stops no other.
    """
    actions = claim(env, limit, company, partner_ids)
    for (channel, owner), batch in actions.grouped(lambda action: (action.channel, action.company_id)).items():
        as_of = clock.today(env, owner)
        if owner.recobro_stopped:
            batch._set_skipped("stopped")
        elif not _deliver(batch, channel, as_of):
            for action in batch:
                _deliver(action, channel, as_of)
    return len(actions)


def _deliver(actions, channel, as_of):
    """Hand `actions` to their channel and return whether it worked; the error of a single one is kept on it."""
    try:
        with actions.env.cr.savepoint():
            getattr(actions.with_company(actions.company_id), f"_deliver_{channel}")(as_of)
            actions.flush_recordset()
        return True
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        actions.env.invalidate_all()
        if len(actions) == 1:
            _logger.exception("Collections action %s could not be delivered", actions.id)
            actions._set_failed(str(error))
            alerts.delivery_failed(actions)
        return False


def deliver_all(env, company=None, partner_ids=None):
    """Deliver all that waits in the transaction at hand; the scheduled action does it batch by batch."""
    total = 0
    while done := deliver_batch(env, company=company, partner_ids=partner_ids):
        total += done
    return total
