"""Step 4. What was planned goes out: claimed in small batches, judged again, made and logged in one transaction.

Any number of workers deliver side by side: each claims its rows with SKIP LOCKED as the first
statement of a short transaction (DESIGN.md, rule 10).
"""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ..const import DELIVERY_BATCH
from . import alerts, clock, retries

_logger = logging.getLogger(__name__)


#: Workers that may end while they deliver one action, before it is taken for their end and given up.
_MOST_ENDS = 5


def claim(env, limit=DELIVERY_BATCH, company=None, partner_ids=None, untried=False):
    """Lock and return up to `limit` actions that wait to be delivered; those of others' batches are skipped.

    Actions of a run that waits for a person stay where they are.

    :param untried: whether to leave out those that were begun before.
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
               AND (action.not_before_hour IS NULL OR action.not_before_hour <= %(moment)s)
               AND (action.run_id IS NULL OR action.run_id NOT IN (
                   SELECT id FROM recobro_run WHERE state = 'waiting'
               ))
               AND (%(company)s IS NULL OR action.company_id = %(company)s)
               AND (%(partners)s::int[] IS NULL OR action.partner_id = ANY(%(partners)s))
               AND (NOT %(untried)s OR COALESCE(action.begun, 0) = 0)
             ORDER BY action.id
             LIMIT %(limit)s
               FOR UPDATE OF action SKIP LOCKED
            """,
            today=clock.today(env, company or env.company),
            moment=clock.moment(env),
            company=company.id if company else None,
            partners=list(partner_ids) if partner_ids is not None else None,
            limit=limit,
            untried=untried,
        )
    )
    return env["recobro.action"].sudo().browse([action for (action,) in rows])


def deliver_some(env):
    """Deliver a batch of what was never begun, or one action of what was; return how many actions it took up.

    What the scheduled action does in each of its transactions. Each action is noted as begun before anything is made,
    and the note is taken back with what was made: it outlives a worker that ends in the midst of it. If an action was
    its end (its message is so large that the worker is killed for its memory or its time) it would be that of the next
    one too, and whatever is behind it would wait for ever. So what has a note is delivered alone, after the others, and
    given up after some ends.
    """
    return _deliver_untried(env) or _deliver_alone(env)


def _deliver_untried(env):
    actions = claim(env, untried=True)
    if actions:
        actions.begun = 1
        _deliver_noted(actions, 0)
    return len(actions)


def _deliver_alone(env):
    action = _begin(env)
    if not action:
        return 0
    before = action.begun - 1
    if before >= _MOST_ENDS:
        _give_up(action)
    else:
        _deliver_noted(action, before)
    return 1


def _deliver_noted(actions, before):
    """Commit the note that `actions` were begun, then deliver them."""
    env = actions.env
    env["ir.cron"]._commit_progress()
    try:
        retries.persistently(env, lambda _env: _deliver_begun(actions, before))
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        # A collision with other workers, however often, is no end: it leaves no note
        actions.begun = before
        env["ir.cron"]._commit_progress()
        raise


def _deliver_begun(actions, before):
    """Deliver those of `actions` that no other worker has or had, and take back the note that they were begun."""
    mine = actions.try_lock_for_update().filtered(lambda one: one.state == "planned" and not one.is_delivered)
    _deliver_each(mine)
    mine.filtered(lambda one: one.begun == before + 1).begun = before


def _begin(env):
    """Lock the action that was begun least often, note that it is begun once more, and return it."""
    action = claim(env, 1, untried=True) or claim(env, DELIVERY_BATCH).sorted(lambda one: (one.begun, one.id))[:1]
    action.begun += 1
    return action


def _give_up(action):
    action._set_failed(
        action.env._("%(number)s workers ended while they made it: it is too large, or too slow.", number=_MOST_ENDS)
    )
    alerts.delivery_failed(action)


def deliver_batch(env, limit=DELIVERY_BATCH, company=None, partner_ids=None):
    """Deliver one batch and return how many actions it took up (0: nothing waits).

    An error in the batch is looked for action by action, kept on the one it belongs to, and stops no other.
    """
    actions = claim(env, limit, company, partner_ids)
    _deliver_each(actions)
    return len(actions)


def _deliver_each(actions):
    """Deliver the actions of a batch, by channel and company."""
    env = actions.env
    for (channel, owner), batch in actions.grouped(lambda action: (action.channel, action.company_id)).items():
        as_of = clock.today(env, owner)
        if owner.recobro_stopped:
            batch._set_skipped("stopped")
        elif not _deliver(batch, channel, as_of):
            for action in batch:
                _deliver(action, channel, as_of)


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
