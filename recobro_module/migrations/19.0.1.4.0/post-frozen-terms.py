"""Plans keep what they say of late payments: those proposed before get what their policy says on the day of the update.

And promises say which plan took their place.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.recobro_module.engine.plans import plan_terms


def migrate(cr, version):
    """Fill what plans and promises would have been given on the day they were proposed, or replaced."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    _freeze_terms(env)
    _name_replacing_plans(cr)


def _freeze_terms(env):
    """Freeze the terms of plans that were proposed.

    What they were judged by until now is the policy of today; the deadlines of their instalments stay as they are.
    """
    plans = env["recobro.payment.plan"].with_context(tracking_disable=True)
    for plan in plans.search([("proposed_on", "!=", False), ("missed_limit", "=", 0)]):
        plan.write(plan_terms.rules_frozen(plan))


def _name_replacing_plans(cr):
    """Name the plan on promises that one replaced: the first for one of their items in force after they were made."""
    cr.execute(
        """
        UPDATE recobro_promise promise
           SET replaced_by_plan_id = (
               SELECT plan.id
                 FROM recobro_payment_plan plan
                 JOIN recobro_payment_plan_line planned ON planned.plan_id = plan.id
                 JOIN recobro_promise_line promised
                   ON promised.item_id = planned.item_id AND promised.promise_id = promise.id
                WHERE plan.started_on >= promise.made_on
                ORDER BY plan.started_on, plan.id LIMIT 1
               )
         WHERE promise.state = 'superseded' AND promise.superseded_by_id IS NULL
           AND promise.replaced_by_plan_id IS NULL
        """
    )
