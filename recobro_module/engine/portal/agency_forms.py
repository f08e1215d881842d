"""What the people of an agency send: a contact, a question, a proposal. Read strictly, refused field by field."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ...const import PLAN_RHYTHMS, PROPOSAL_KINDS
from ...tools import form_values
from .. import promising
from ..placements import agency_disputes, agency_log, instructions, proposals
from . import agency_pages, portal_amounts
from .portal_refusal import Refused

#: What is kept of their words, and of what they plan next.
MOST_WORDS = 2000
MOST_STEP = 200
#: Payments that can be proposed, and days ahead.
MOST_PAYMENTS = 36
_MOST_DAYS = 366
#: Results that an agency may log, in the order they are offered; those that say all without a word.
_RESULTS = ("answered", "no_answer", "voicemail", "wrong_number", "sent", "replied", "promised", "disputed")
_WORDLESS = ("no_answer", "voicemail", "wrong_number", "sent")


def results(env):
    """Return [(value, words)] of the results that an agency may log."""
    words = dict(env["recobro.interaction"]._fields["result"]._description_selection(env))
    return [(value, words[value]) for value in _RESULTS]


def last_day(access, placement):
    """Return the last day that a form takes."""
    return access.today(placement) + timedelta(days=_MOST_DAYS)


# -----------------------------------------------------------------------------
# A CONTACT
# -----------------------------------------------------------------------------


def log_contact(access, placement, typed):
    """Leave the line of a contact in the log; raise `Refused` with what is wrong, field by field."""
    env, errors = access.env, {}
    channel = _one_of(typed, "channel", agency_pages.channels(env), errors, env._("Choose how you were in touch."))
    result = _one_of(typed, "result", results(env), errors, env._("Choose what came of it."))
    contact = _contact(access, placement, typed, errors)
    note = form_values.words(typed.get("note"), MOST_WORDS)
    if not note and result not in _WORDLESS:
        errors.setdefault("note", env._("Write in a sentence what was said."))
    step, day = _next(access, placement, typed, errors)
    if errors:
        raise Refused(**errors)
    labels = dict(results(agency_log.speaking_to_owner(placement)))
    line = agency_log.log(
        placement,
        access.user,
        channel=channel,
        direction="in" if result == "replied" else "out",
        result=result,
        contact_id=contact.id,
        summary=(note or labels[result]).split("\n")[0],
        note=note or False,
        next_step=step or False,
        next_date=day,
    )
    if result == "disputed":
        agency_disputes.heard(line)
    return line


def _next(access, placement, typed, errors):
    """Return (what comes next, when), both or none."""
    env, today = access.env, access.today(placement)
    step = form_values.words(typed.get("next_step"), MOST_STEP).replace("\n", " ")
    if not step and not typed.get("next_day"):
        return "", False
    day = form_values.day(typed.get("next_day"))
    if not step:
        errors["next_step"] = env._("Write what you do then, or take the day out.")
    if not day or not today <= day <= last_day(access, placement):
        errors["next_day"] = env._("Choose the day of the next step: today or later.")
    return step, day


# -----------------------------------------------------------------------------
# A QUESTION
# -----------------------------------------------------------------------------


def ask(access, placement, typed):
    """Ask the company for instructions; raise `Refused` without a question."""
    text = form_values.words(typed.get("question"), MOST_WORDS)
    if not text:
        raise Refused(question=access.env._("Write what you want to know."))
    return instructions.ask(placement, access.user, text)


# -----------------------------------------------------------------------------
# A PROPOSAL
# -----------------------------------------------------------------------------


def propose(access, placement, typed):
    """Propose a promise, a plan or a settlement to the company; raise `Refused` with what is wrong, field by field."""
    env, errors = access.env, {}
    kind = _one_of(typed, "kind", PROPOSAL_KINDS, errors, env._("Choose what you propose."))
    currency, rest = _currency(access, placement, typed, errors)
    amount = rest if kind == "plan" else _amount(access, typed, kind, currency, rest, errors)
    day = _first_day(access, placement, typed, kind, errors)
    count = 1 if kind == "promise" else form_values.count(typed.get("count"), MOST_PAYMENTS)
    if not count:
        errors["count"] = env._("Choose from 1 to %(most)s payments.", most=MOST_PAYMENTS)
    rhythm = "monthly"
    if kind != "promise":
        rhythm = _one_of(typed, "rhythm", PLAN_RHYTHMS, errors, env._("Choose how often they would pay."))
    contact = _contact(access, placement, typed, errors)
    if errors:
        raise Refused(**errors)
    values = {"kind": kind, "currency_id": currency.id, "amount": amount, "open_then": rest, "first_date": day}
    try:
        return proposals.propose(
            placement,
            access.user,
            **values,
            instalment_count=count,
            rhythm=rhythm,
            contact_id=contact.id,
            note=form_values.words(typed.get("note"), MOST_WORDS) or False,
        )
    except UserError as error:
        raise Refused(form=str(error)) from error


def withdraw(access, placement, proposal_id):
    """Withdraw a proposal of a placement, and return it; empty when it has no such; raise `Refused` when it is late."""
    proposal = placement.proposal_ids.filtered(lambda one: one.id == proposal_id)
    if proposal:
        try:
            proposals.withdraw(proposal, access.user)
        except UserError as error:
            raise Refused(form=str(error)) from error
    return proposal


def _currency(access, placement, typed, errors):
    """Return (the currency that a proposal is in, what may be asked for in it)."""
    rests = agency_pages.askable_by_currency(access, placement)
    currency = next((one for one in rests if one.name == typed.get("currency")), next(iter(rests), None))
    if not currency:
        errors["form"] = access.env._("All of it is paid or disputed: there is nothing left to propose.")
        return placement.currency_id, 0.0
    return currency, rests[currency]


def _amount(access, typed, kind, currency, rest, errors):
    """Return the amount that a form says: of a settlement less than what is open, of a promise no more."""
    env = access.env
    amount = portal_amounts.read(env, typed.get("amount"), currency)
    fits = amount is not None and currency.compare_amounts(amount, 0) > 0
    most = currency.compare_amounts(amount or 0, rest)
    if not fits or most > 0 or (kind == "settlement" and most == 0):
        values = {"most": format_amount(env, rest, currency)}
        words = env._("Enter an amount above zero, and at most %(most)s.", **values)
        if kind == "settlement":
            words = env._("Enter what they would pay in all: less than the %(most)s that may be asked for.", **values)
        errors["amount"] = portal_amounts.refusal(env, amount, currency, words)
    return amount


def _first_day(access, placement, typed, kind, errors):
    """Return the day that a form says: of a promise no later than the company's policy takes them."""
    env, today = access.env, access.today(placement)
    last = last_day(access, placement)
    if kind == "promise":
        rules = promising.rules_of(env, placement.company_id, placement.partner_id)
        last = today + timedelta(days=rules.promise_max_days)
    day = form_values.day(typed.get("day"))
    if not day or not today <= day <= last:
        errors["day"] = env._("Choose a day from today until %(last)s.", last=format_date(env, last))
    return day


# -----------------------------------------------------------------------------
# ALL
# -----------------------------------------------------------------------------


def _one_of(typed, name, choices, errors, words):
    """Return the choice of a form that is offered; what is wrong with it is added to `errors`."""
    value = typed.get(name)
    if value not in dict(choices):
        errors[name] = words
        return None
    return value


def _contact(access, placement, typed, errors):
    """Return the person of the customer that a form names; nobody is fine too."""
    found = agency_pages.people(placement)
    chosen = (typed.get("contact") or "").strip()
    if not chosen:
        return found.browse()
    person = found.filtered(lambda one: str(one.id) == chosen)
    if not person:
        errors["contact"] = access.env._("Choose one of the people in the list, or nobody.")
    return person
