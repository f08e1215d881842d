"""Plans that are made of what an agency proposed: what becomes of the plan becomes of the proposal.

The agency is told once the plan is proposed to the customer, with the plan's own words. A draft, or a plan that waits
for the manager, may still be changed or come to nothing: until then the proposal waits with it.
"""

from ..placements import proposals
from . import plan_making


def link(proposal, plan):
    """Keep that the dialog has made the draft of a plan of a proposal (in sudo).

    :raise UserError: when it was decided on meanwhile, or is about another customer.
    """
    proposals.check_answer(proposal, plan)
    proposal.plan_id = plan
    proposals.answered(proposal)


def follow(plans):
    """Decide with plans whose state has changed on the proposals that they were made of, and tell the agencies."""
    # sudo: a proposal is the engine's, whoever decides on its plan
    waiting = plans.env["recobro.placement.proposal"].sudo()
    for proposal in waiting.search([("plan_id", "in", plans.ids), ("state", "=", "proposed")]):
        _follow(proposal, proposal.plan_id)


def _follow(proposal, plan):
    if plan.state == "to_approve":
        proposals.answered(proposal)
    elif plan.state == "draft":
        # Still the same draft: changed and proposed again, it accepts what the agency proposed
        proposals.alert(
            proposal,
            lambda env: env._(
                "%(plan)s was not approved, and %(agency)s waits for an answer: change the plan and propose it again, "
                "or cancel it and refuse the proposal.",
                plan=plan.name,
                agency=proposal.agency_id.name,
            ),
        )
    elif plan.state != "cancelled":
        proposals.accept(proposal, lambda env: plan_making.words(env, plan))
    elif proposal.placement_id.state == "placed":
        proposal.plan_id = False
        proposals.ask(proposal)
    else:
        proposals.lapse(proposal.placement_id)
