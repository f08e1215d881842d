"""My day in words: why a case is there, what to do next, and what its place rests on."""

from odoo.tools import format_amount

from . import worklist
from .figures import cohort_words

#: Which of several needs is told: the first of these that there is.
_FIRST = (
    *("reply", "dispute_reply", "returned", "promise", "plan_missed", "call", "whatsapp", worklist.TASK),
    *("plan_asked", "proposal", "instructions", "dispute_new", "dispute_late", "silence", "address", "delivery"),
)


def told(place, user):
    """Return the need that is told of a case: of who looks before those of colleagues, what matters most first."""
    order = {kind: number for number, kind in enumerate(_FIRST)}
    return min(
        place.needs, key=lambda need: (need.user != user, order.get(need.kind, len(order)), need.deadline, need.words)
    )


def why(env, place, need, as_of):
    """Return why the case needs somebody on the day `as_of`, and since when."""
    # sudo: the name of a type of activities, which everybody sees
    kind = env["mail.activity.type"].sudo().browse(need.type_id or [])
    words = need.words or _why(env, place).get(need.kind) or kind.name or env._("A task is due")
    words, days = words.rstrip("."), (as_of - need.deadline).days
    if days <= 0:
        return env._("%(what)s.", what=words)
    if days == 1:
        return env._("%(what)s. Waiting since yesterday.", what=words)
    return env._("%(what)s. Waiting for %(days)s days.", what=words, days=days)


def _why(env, place):
    return {
        "reply": env._("The customer has answered"),
        "dispute_reply": env._("The customer has answered about a dispute"),
        "returned": env._("The bank has returned a payment"),
        "promise": env._("A promise to pay was not kept"),
        "plan_missed": env._("An instalment was not paid"),
        "call": env._("A call is planned"),
        "whatsapp": env._("A WhatsApp message is planned"),
        worklist.TASK: env._("The next step is a call or a letter"),
        "plan_asked": env._("The customer asks for a payment plan"),
        "proposal": env._("The agency proposes something"),
        "instructions": env._("The agency asks for instructions"),
        "silence": env._("Nobody has answered %(number)s contacts", number=place.row["contacts"]),
        "address": env._("Nobody can be reached"),
        "delivery": env._("A message was not delivered"),
        "role": env._("Nobody holds the role that our messages are for"),
        "approve": env._("Something waits for your approval"),
        "matured": env._("A payment in hand is past its maturity"),
    }


def next_step(env, place, need):
    """Return what to do next, in a sentence."""
    return _next(env).get(need.kind) or env._("Do what it says, and mark it as done.")


def _next(env):
    call = env._("Call, ask when it is paid, and log what was said.")
    return {
        "reply": env._("Read the answer and reply to it."),
        "dispute_reply": env._("Read the answer in the dispute and go on with it."),
        "dispute_new": env._("Take the dispute: give it a reason and an owner."),
        "dispute_due": env._("Resolve the dispute before its time is over."),
        "dispute_late": env._("Resolve the dispute, or tell the customer until when."),
        "dispute_old": env._("Resolve the dispute, or tell the customer until when."),
        "credit_note": env._("Ask for the credit note to be posted."),
        "plan_credit_note": env._("Ask for the credit note of the discount to be posted."),
        "returned": env._("Call, ask what happened, and agree on another way to pay."),
        "promise": env._("Call and agree on a new day, or on a payment plan."),
        "plan_missed": env._("Call and ask for the instalment, before the plan is broken."),
        "plan_answer": env._("Call and ask what keeps them from accepting the plan."),
        "plan_asked": env._("Propose a plan, or say why not."),
        "plan_approve": env._("Look at the plan, then approve or refuse it."),
        "call": call,
        worklist.TASK: call,
        "whatsapp": env._("Write, and log what came of it."),
        "silence": env._("Try another contact or another channel."),
        "address": env._("Find an address or a number, and give it to a contact."),
        "delivery": env._("Correct the address, or try another channel."),
        "role": env._("Find out who it is, and give that contact the role."),
        "approve": env._("Look at what would go out, then approve or refuse it."),
        "placement_approve": env._("Look at what was tried, then hand it over or refuse."),
        "placement_over": env._("Ask the agency what came of it, and decide how it goes on."),
        "proposal": env._("Accept or refuse what the agency proposes."),
        "instructions": env._("Answer the agency."),
        "matured": env._("Look in the bank: record it as collected or as returned."),
        "letter_proof": env._("Record when the letter was delivered."),
        "not_selected": env._("Decide how the case ends: close it, or hand it over all the same."),
        "legal_over": env._("Decide how the case ends, and close it."),
        "milestone": env._("Do what the court's deadline asks for, and note it in the file."),
        "claim": env._("File the claim before its deadline."),
        "post_mortem": env._("Note what the case taught."),
    }


def explanation(env, place):
    """Return what the place of a case rests on: its amount, what it is multiplied by, and what comes of it."""
    facts, currency = place.facts, env.company.currency_id
    if facts.overdue:
        base = env._("%(amount)s overdue", amount=format_amount(env, facts.overdue, currency))
    elif facts.open:
        base = env._("a tenth of %(amount)s that is not overdue", amount=format_amount(env, facts.open, currency))
    else:
        base = env._("no amount")
    words = _parts(env, facts, place.row)
    parts = [
        env._("× %(factor)s: %(why)s", factor=f"{factor:.2f}".rstrip("0").rstrip("."), why=words[name])
        for name, factor in place.score.parts
    ]
    return "\n".join([base, *parts, env._("= %(total)s", total=f"{place.score.total:,.0f}")])


def _chance(env, facts, row):
    if facts.chance is None:
        return env._("nothing is known of the chance that it is paid")
    if like := cohort_words.like(env, row["grade"], row["cause"], row["likeness"]):
        return env._(
            "%(chance)s %% is paid by customers like it (%(like)s); a call changes most where it may go either way",
            chance=round(100 * facts.chance),
            like=like,
        )
    return env._(
        "%(chance)s %% of the like is paid; a call changes most where it may go either way",
        chance=round(100 * facts.chance),
    )


def _parts(env, facts, row):
    return {
        "chance": _chance(env, facts, row),
        "broken": env._("promises broken: %(number)s", number=facts.broken_promises),
        "answered": env._("the customer waits for us"),
        "planned": env._("a call is planned"),
        "silent": env._("nobody answers there"),
        "disputed": env._("a dispute has to be settled first"),
        "waits": env._("days that it has waited: %(days)s", days=facts.waits),
        "unheard": env._("days since somebody was in contact: %(days)s", days=facts.unheard),
    }
