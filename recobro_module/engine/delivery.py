"""Step 4. What was planned goes out: claimed in small batches, judged again, made and logged in one transaction.

Any number of workers deliver side by side: each claims its rows with SKIP LOCKED as the first
statement of a short transaction (DESIGN.md, rule 10).
"""

from odoo.tools import SQL

from ..const import DELIVERY_BATCH
from . import clock


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
               AND (action.run_id IS NULL OR action.run_id NOT IN (
                   SELECT id FROM recobro_run WHERE state = 'waiting'
               ))
               AND (%(company)s IS NULL OR action.company_id = %(company)s)
               AND (%(partners)s::int[] IS NULL OR action.partner_id = ANY(%(partners)s))
             ORDER BY action.id
             LIMIT %(limit)s
               FOR UPDATE OF action SKIP LOCKED
            """,
            company=company.id if company else None,
            partners=list(partner_ids) if partner_ids is not None else None,
            limit=limit,
        )
    )
    return env["recobro.action"].sudo().browse([action for (action,) in rows])


def deliver_batch(env, limit=DELIVERY_BATCH, company=None, partner_ids=None):
    """Deliver one batch and return how many actions it took up (0: nothing waits)."""
    actions = claim(env, limit, company, partner_ids)
    for (channel, owner), batch in actions.grouped(lambda action: (action.channel, action.company_id)).items():
        getattr(batch.with_company(owner), f"_deliver_{channel}")(clock.today(env, owner))
    return len(actions)


def deliver_all(env, company=None, partner_ids=None):
    """Deliver all that waits in the transaction at hand; the scheduled action does it batch by batch."""
    total = 0
    while done := deliver_batch(env, company=company, partner_ids=partner_ids):
        total += done
    return total
