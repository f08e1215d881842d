"""What an agency proposes for a case that is with it, and what we make of it: nothing binds before it is accepted.

To accept is to open the dialog of a promise or a plan with the values filled: the limits of the policy, and what only a
manager may agree on, are asked there as always. A promise accepts it at once; a plan does later (`plan_of_agency`).
"""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .. import alerts, clock
from ..plans import plan_terms
from . import agency_log, agency_mail

_TYPE = "recobro_module.activity_type_proposal"


# -----------------------------------------------------------------------------
# BY THE AGENCY
# -----------------------------------------------------------------------------


def waiting(placement):
    """Return the proposal of a placement (in sudo) that nobody has decided on; there is one at most."""
    return placement.proposal_ids.filtered(lambda one: one.state == "proposed")[:1]


def propose(placement, user, **values):
    """Keep what a person of an agency proposes (placement in sudo), tell who decides, and return it.

    :param values: kind, currency_id, amount, open_then, first_date, instalment_count, rhythm, contact_id, note.
    """
    proposal = _create(placement, {**values, "proposed_by_id": user.id, "proposed_on": clock.moment(placement.env)})
    env = agency_log.speaking_to_owner(placement)
    summary = env._("Proposes %(what)s", what=words(env, proposal))
    agency_log.log(
        placement,
        user,
        channel="portal",
        result="noted",
        summary=summary,
        note=f"{summary}\n{proposal.note}" if proposal.note else summary,
        contact_id=proposal.contact_id.id,
    )
    ask(proposal)
    return proposal


def _create(placement, values):
    """Return a new proposal of a placement (in sudo); refused while one waits."""
    words = placement.env._("A proposal of yours waits already: withdraw it before you make another one.")
    if waiting(placement):
        raise UserError(words)
    try:
        with placement.env.cr.savepoint():
            return placement.env["recobro.placement.proposal"].create({**values, "placement_id": placement.id})
    except UniqueViolation as error:
        raise UserError(words) from error


def withdraw(proposal, user):
    """Withdraw a proposal (in sudo) that nobody has decided on."""
    env = proposal.env
    if proposal.state != "proposed":
        raise UserError(env._("This was decided meanwhile: see what became of it below."))
    plan = proposal.plan_id
    _over(proposal, "withdrawn", plan_id=False)
    speaking = agency_log.speaking_to_owner(proposal.placement_id)
    summary = speaking._("Withdraws its proposal: %(what)s", what=words(speaking, proposal))
    agency_log.log(proposal.placement_id, user, channel="portal", result="noted", summary=summary, note=summary)
    if plan:
        alert(
            proposal,
            lambda env: env._(
                "%(agency)s withdraws what it proposed, and %(plan)s was made of that: cancel the plan, or propose it "
                "all the same.",
                agency=proposal.agency_id.name,
                plan=plan.name,
            ),
        )


def lapse(placements):
    """Let go what was proposed for placements (in sudo) that are over."""
    open_ones = placements.proposal_ids.filtered(lambda one: one.state == "proposed")
    if open_ones:
        _over(open_ones, "withdrawn", plan_id=False)


# -----------------------------------------------------------------------------
# BY US
# -----------------------------------------------------------------------------


def may_decide(user, proposal):
    """Return whether a user decides on a proposal (in sudo): a manager, or the collector who answers for it."""
    if user.has_group("recobro_module.group_recobro_manager"):
        return True
    placement = proposal.placement_id
    return user in (placement.user_id | placement.case_id.user_id) and user.has_group(
        "recobro_module.group_recobro_user"
    )


def dialog(proposal):
    """Return the action that opens the dialog of a promise or a plan with what a proposal (in sudo) says."""
    _check_stands(proposal)
    env = proposal.env
    names = {"promise": env._("Record the promise"), "plan": env._("Payment plan"), "settlement": env._("Settlement")}
    is_promise = proposal.kind == "promise"
    return {
        "type": "ir.actions.act_window",
        "name": names[proposal.kind],
        "res_model": "recobro.promise.take" if is_promise else "recobro.payment.plan.make",
        "view_mode": "form",
        "target": "new",
        "context": _promise_defaults(proposal) if is_promise else _plan_defaults(proposal),
    }


def promised(proposal, promise):
    """Accept a proposal (in sudo) with the promise that the dialog has made of it: it is told with the promise's words.

    :raise UserError: when it was decided on meanwhile, or is about another customer.
    """
    check_answer(proposal, promise)
    accept(
        proposal,
        lambda env: _promise_words(env, promise.amount, promise.currency_id, promise.date),
        promise_id=promise.id,
    )


def accept(proposal, what, **values):
    """Accept a proposal (in sudo); `what` is a function of an environment that returns what we agreed to, in words."""
    _over(proposal, "accepted", **values, **_decided(proposal))
    _tell(
        proposal,
        lambda env: env._("%(number)s: your proposal is accepted", number=proposal.placement_id.name),
        lambda env: env._("We go along with it: %(what)s.", what=what(env)),
    )


def refuse(proposal, reason):
    """Refuse a proposal (in sudo), with a reason for the agency."""
    _check_stands(proposal)
    _over(proposal, "refused", reason=reason, **_decided(proposal))
    _tell(
        proposal,
        lambda env: env._("%(number)s: your proposal is refused", number=proposal.placement_id.name),
        lambda env: env._("%(what)s.\n\nWe can't go along with it: %(why)s", what=words(env, proposal), why=reason),
    )


def words(env, proposal):
    """Return a proposal in words: how much, in how many payments, from when."""
    values = {
        "amount": format_amount(env, proposal.amount, proposal.currency_id),
        "open": format_amount(env, proposal.open_then, proposal.currency_id),
        "count": proposal.instalment_count,
        "day": format_date(env, proposal.first_date),
    }
    if proposal.kind == "promise":
        return _promise_words(env, proposal.amount, proposal.currency_id, proposal.first_date)
    if proposal.kind == "plan":
        return env._("a plan of %(count)s payments from %(day)s on for %(amount)s", **values)
    if proposal.instalment_count == 1:
        return env._("a settlement: %(amount)s instead of %(open)s, in one payment on %(day)s", **values)
    return env._("a settlement: %(amount)s instead of %(open)s, in %(count)s payments from %(day)s on", **values)


def _promise_words(env, amount, currency, day):
    values = {"amount": format_amount(env, amount, currency), "day": format_date(env, day)}
    return env._("a promise of %(amount)s by %(day)s", **values)


# -----------------------------------------------------------------------------
# BOTH
# -----------------------------------------------------------------------------


def _check_stands(proposal):
    env = proposal.env
    if proposal.state != "proposed":
        raise UserError(env._("A colleague was faster, or the agency withdrew it: reload the page."))
    if proposal.placement_id.state != "placed":
        raise UserError(env._("This case is not with the agency any more: what it proposed is over."))
    if proposal.plan_id:
        raise UserError(
            env._("%(plan)s was made of it already: propose that plan, or cancel it first.", plan=proposal.plan_id.name)
        )


def check_answer(proposal, answer):
    """Refuse what the dialog has made of a proposal that was decided on meanwhile, or is about another customer."""
    _check_stands(proposal)
    if answer.partner_id != proposal.partner_id or answer.company_id != proposal.company_id:
        raise UserError(proposal.env._("This proposal is about another customer: open its dialog again."))


def ask(proposal):
    """Ask who answers for a placement to decide on its proposal."""
    placement = proposal.placement_id
    alert(
        proposal,
        lambda env: env._(
            "%(agency)s proposes for %(customer)s: %(what)s. Accept or refuse it on the placement.",
            agency=placement.agency_id.name,
            customer=placement.partner_id.display_name,
            what=words(env, proposal),
        ),
    )


def alert(proposal, note):
    """Tell who answers for a placement of its proposal (in sudo); `note` is a function of an environment."""
    alerts.alert(proposal.placement_id, _TYPE, note, owner=agency_log.owner_of)


def answered(found):
    """Let nobody be asked about proposals (in sudo) any more."""
    found.placement_id.activity_unlink([_TYPE])


def _decided(proposal):
    return {"decided_by_id": proposal.env.uid, "decided_on": clock.moment(proposal.env)}


def _over(found, state, **values):
    found.write({"state": state, **values})
    answered(found)


def _tell(proposal, subject, text):
    agency_mail.tell(proposal.placement_id, proposal.proposed_by_id, subject, text)


def _items(proposal):
    """Return what of a placement is still open, in the currency of the proposal."""
    items = proposal.placement_id.line_ids.item_id
    return items.filtered(lambda item: item.state == "open" and item.currency_id == proposal.currency_id)


def _note(proposal):
    """Return the note that the promise or the plan has: who proposed it, and what they said."""
    first = proposal.env._("Proposed by: %(agency)s", agency=proposal.agency_id.name)
    return f"{first}\n{proposal.note}" if proposal.note else first


def _promise_defaults(proposal):
    return {
        "default_proposal_id": proposal.id,
        "default_case_id": proposal.placement_id.case_id.id,
        "default_promise_currency_id": proposal.currency_id.id,
        "default_promise_item_ids": _items(proposal).ids,
        "default_promise_amount": proposal.amount,
        "default_promise_date": str(proposal.first_date),
        "default_contact_id": proposal.contact_id.id,
        "default_note": _note(proposal),
    }


def _plan_defaults(proposal):
    env, items = proposal.env, _items(proposal)
    owed = plan_terms.owed(env, proposal.company_id, clock.today(env, proposal.company_id), items)
    forgiven = proposal.currency_id.round(max(0.0, owed - proposal.amount)) if proposal.kind == "settlement" else 0.0
    return {
        "default_proposal_id": proposal.id,
        "default_case_id": proposal.placement_id.case_id.id,
        "default_currency_id": proposal.currency_id.id,
        "default_item_ids": items.ids,
        "default_split": "count",
        "default_instalment_count": proposal.instalment_count,
        "default_instalment_amount": 0.0,
        "default_down_payment": 0.0,
        "default_discount": forgiven,
        "default_first_date": str(proposal.first_date),
        "default_rhythm": proposal.rhythm,
        "default_contact_id": proposal.contact_id.id,
        "default_note": _note(proposal),
    }
