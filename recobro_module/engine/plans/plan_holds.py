"""What plans hold: their part of the invoices, what they forgive, and of their instalments what other answers hold.

And which instalments are not asked for, or have their money, although nothing of them is paid.
"""

from math import inf

from ...tools.instalments import lower
from .. import holding, open_items, verdicts
from . import plan_items

#: What says nothing against asking for an instalment: plans themselves, and promises, whose place they take.
_NOT_AGAINST = ("recobro.payment.plan", "recobro.promise")


def place(env, company, as_of, rows, items):
    """Let plans in force hold what is left of them in their items, and kept settlements what they forgive.

    That is forgiven whatever becomes of a draft credit note: its hold ends when the books have taken it off. What
    others hold of the items of a plan (a dispute, an invoice that is blocked) is not asked for by its instalments.

    :param rows: plans of `plan_money.read`, filled up, with what each is now (`target`).
    :param items: the open items of their customers.
    """
    plans = env["recobro.payment.plan"].sudo()
    records = {item.id: item for item in items}
    others = _held_by_others(env, company, as_of, rows)
    wanted = {}
    for row in rows:
        parts = {}
        if row["target"] == "active" or (row["is_settlement"] and row["target"] == "finished"):
            for line in row["lines"]:
                item = records.get(line["item"])
                part = row["currency"].round(min(item.amount_open, line["rest"])) if item else 0
                if part > 0:
                    parts[item] = {"amount": part, "date_until": False}
        if row["target"] == "active":
            parts.update(_on_instalments(env, row, others))
        wanted[plans.browse(row["id"])] = parts
    holding.place(wanted)


def reserve(plan, as_of):
    """Let a plan (in sudo) that is proposed hold its items for as long as the offer stands."""
    items = open_items.meet(plan.env, plan.company_id, as_of, plan.partner_id.ids)
    holding.place(
        {
            plan: {
                line.item_id: {"amount": line.amount, "date_until": plan.valid_until}
                for line in plan.line_ids
                if line.item_id in items
            }
        }
    )


# -----------------------------------------------------------------------------
# WHAT OTHERS HOLD
# -----------------------------------------------------------------------------


def _held_by_others(env, company, as_of, rows):
    """Return {item id: (how much of it others hold, why, how they are called)} of the items of plans."""
    ids = {line["item"] for row in rows for line in row["lines"]}
    found = {}
    for hold in holding.holds_on(env, company, as_of, ids):
        if hold["source_model"] not in _NOT_AGAINST:
            amount, *why = found.get(hold["item_id"], (0.0, hold["reason"], hold["reference"]))
            found[hold["item_id"]] = (amount + (hold["amount"] or inf), *why)
    return found


def _on_instalments(env, row, others):
    """Return {item of an instalment: values of its hold}: as much as others hold of the plan, from its end.

    As with a credit note, which a dispute may end in: the next payment stays what was agreed.
    """
    amount, reason, reference = _of_plan(row, others)
    if not amount:
        return {}
    lefts = [one["now"]["left"] for one in row["instalments"]]
    parts = {}
    for one, left, lowered in zip(row["instalments"], lefts, lower(lefts, amount), strict=True):
        part = row["currency"].round(left - lowered)
        if part > 0 and one["item"]:
            values = {"amount": part, "date_until": False, "reason": reason, "reference": reference}
            parts[env["recobro.item"].sudo().browse(one["item"])] = values
    return parts


def _of_plan(row, others):
    """Return how much of what is left of a plan others hold, and why: what of an item is not in it comes first."""
    total, why = 0.0, None
    for line in row["lines"]:
        held, *its_why = (inf, "plan", row["name"]) if line["is_out"] else others.get(line["item"], (0.0, None, None))
        part = min(line["rest"], line["open"], held - max(0.0, line["open"] - line["rest"]))
        if part > 0:
            total += part
            why = why or its_why
    reason, reference = why or (None, None)
    # A pause has a last day of its own; this is looked at anew each day
    return row["currency"].round(total), "plan" if reason == "pause" else reason, reference or row["name"]


# -----------------------------------------------------------------------------
# WHAT IS NOT MISSED ALTHOUGH IT IS NOT PAID
# -----------------------------------------------------------------------------


def covered(env, company, as_of, rows, items):
    """Return the ids of the items of instalments that are late and not missed all the same.

    Money was received for them that nobody has matched yet: enough for all that is late up to them, whatever else the
    customer owes. Or they are not asked for: held, or the customer is paused, so the verdict does not say what covers
    them. Asked of the verdict, and only when an instalment may have been missed.
    """
    late = {
        row["partner_id"]
        for row in rows
        for one in row["instalments"]
        if row["state"] == "active" and one["now"]["left"] and not one["missed_on"] and one["deadline"] < as_of
    }
    if not late:
        return set()
    active = [row for row in rows if row["state"] == "active"]
    plan_items.save(env, company, as_of, active)
    place(env, company, as_of, active, items)
    judged = verdicts.judge(env, company, as_of, late)
    asked_less = {row["item_id"] for row in judged if row["reason"] in ("covered", "held")}
    return asked_less | _paid_for(judged, _late_items(as_of, active))


def _late_items(as_of, rows):
    return {one["item"] for row in rows for one in row["instalments"] if one["now"]["left"] and one["deadline"] < as_of}


def _paid_for(judged, late):
    """Return those of the items `late` for which the money not yet matched of their customer is enough, oldest first.

    :param judged: verdicts, by customer and due date.
    """
    found, needed = set(), {}
    for row in judged:
        if row["item_id"] in late:
            needed[row["partner_id"]] = needed.get(row["partner_id"], 0) + row["free_company"]
            if needed[row["partner_id"]] <= row["credit"]:
                found.add(row["item_id"])
    return found
