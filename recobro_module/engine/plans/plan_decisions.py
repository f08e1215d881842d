"""The way of a payment plan to the customer and back: proposed, approved or refused by the manager, declined, ended.

Who may decide is checked by the buttons of the plan; what can be decided is checked here.
"""

from datetime import timedelta

from odoo.exceptions import UserError

from .. import alerts, clock, holding, promising
from . import payment_plans, plan_alerts, plan_approval, plan_holds, plan_making, plan_proposal, plan_terms, settlements

#: States in which the terms of a plan can still become others.
_OPEN_TERMS = ("draft", "to_approve")


def propose(plan, is_manager, on_paper=False):
    """Propose a draft (in sudo) to its customer, or leave it to the manager where the policy wants that.

    :param is_manager: whether who proposes may approve: by proposing it they do.
    :param on_paper: whether it is printed instead of sent, also when the manager decides first.
    """
    as_of = _refreshed(plan, ("draft",))
    plan.is_on_paper = on_paper
    reasons = plan_approval.approval_reasons(*_customer(plan), as_of, plan_terms.terms_of(plan))
    plan.approval_reason = "\n".join(reasons) or False
    if reasons and not is_manager:
        plan._update_state(("draft",), "to_approve")
        plan_alerts.answered(plan)
        plan_alerts.approval_needed(plan)
        return
    _offer(plan, ("draft",), as_of, is_approved=bool(reasons))


def approve(plan, on_paper=False):
    """Approve a plan (in sudo) that waits for it; it goes to the customer at once. Return whether it did.

    What the manager has not seen is not approved: where the debt has changed since, the plan waits with the figures of
    today.

    :param on_paper: whether it is printed although who asked wanted it sent.
    """
    seen = _figures(plan)
    as_of = _refreshed(plan, ("to_approve",))
    if _figures(plan) != seen:
        reasons = plan_approval.approval_reasons(*_customer(plan), as_of, plan_terms.terms_of(plan))
        plan.approval_reason = "\n".join(reasons) or False
        return False
    plan.is_on_paper = plan.is_on_paper or on_paper
    _offer(plan, ("to_approve",), as_of, is_approved=True)
    return True


def _figures(plan):
    """Return what a manager decides on: each item and each payment of a plan, with its amount."""
    lines = [(line.item_id.id, plan.currency_id.round(line.amount)) for line in plan.line_ids]
    return lines, [(one.due_date, plan.currency_id.round(one.amount)) for one in plan.installment_ids]


def refuse(plan):
    """Give a plan (in sudo) that waits for an approval back to who asked for it, as a draft."""
    if not plan._update_state(("to_approve",), "draft"):
        raise UserError(plan.env._("Only a plan that waits for an approval can be refused."))
    plan_alerts.answered(plan)
    plan_alerts.refused(plan, plan.env.user)


def decline(plan, contact, reason):
    """End a proposed plan (in sudo) that the customer does not want; the owner is told why."""
    as_of = clock.today(plan.env, plan.company_id)
    if plan.state != "proposed":
        raise UserError(plan.env._("This plan is not on offer any more."))
    # In the language of who reads it, not of the customer
    env = alerts.speaking_to(plan_alerts.owner_of(plan))
    payment_plans.stop(plan, "cancelled", as_of, env._("Declined by the customer."))
    values = plan_alerts.log_values(
        plan, "plan_declined", plan_making.words(env, plan), note=reason or False, contact_id=contact.id
    )
    plan.env["recobro.interaction"]._log([{**values, "channel": "portal"}])
    plan_alerts.declined(plan, reason)


def cancel(plan):
    """End a plan (in sudo) that is not over; what it holds is chased again."""
    as_of = clock.today(plan.env, plan.company_id)
    reason = plan.env._("Cancelled by %(user)s.", user=plan.env.user.name)
    if not payment_plans.stop(plan, "cancelled", as_of, reason):
        raise UserError(plan.env._("This plan is over already."))


def break_off(plan):
    """Break a plan (in sudo) that is in force; of a kept settlement, take the discount back that is not booked yet."""
    as_of = clock.today(plan.env, plan.company_id)
    reason = plan.env._("Broken off by %(user)s.", user=plan.env.user.name)
    if plan.state == "finished" and holding.in_force(plan):
        settlements.take_back(plan)
        reason = plan.env._("%(user)s took the discount back.", user=plan.env.user.name)
    elif plan.state != "active":
        raise UserError(plan.env._("Only a plan in force can be broken."))
    payment_plans.stop(plan, "broken", as_of, reason, states=("active", "finished"))


def _customer(plan):
    return plan.env, plan.company_id, plan.partner_id


def _refreshed(plan, states):
    """Bring a plan in one of `states` up to what is owed today, and return the day.

    :raise UserError: when it is in another state, or its terms can't be a plan any more.
    """
    if plan.state not in states:
        raise UserError(plan.env._("A colleague was faster: this plan is in another state now. Reload the page."))
    plan_making.refresh(plan)
    return clock.today(plan.env, plan.company_id)


def _offer(plan, states, as_of, is_approved):
    """Put a plan on offer: it holds its items while the offer stands, and the customer gets it by mail or on paper.

    The offer ends with the day of the first payment: a plan accepted after that would begin with a missed one.
    """
    rules = promising.rules_of(*_customer(plan))
    first = plan.installment_ids[:1].due_date
    plan._update_state(
        states,
        "proposed",
        proposed_on=as_of,
        valid_until=min(first, as_of + timedelta(days=rules.plan_offer_days)),
        approved_by_id=plan.env.uid if is_approved else False,
    )
    plan_alerts.answered(plan)
    plan_holds.reserve(plan, as_of)
    if plan.is_on_paper:
        plan_proposal.hand_over(plan)
    else:
        plan_proposal.send(plan)
