"""What follows when a settlement was kept to the day: draft credit notes for its discount, which accountants post.

If it turns out not to have been kept (a payment was undone), the drafts go again; one that was posted is an
accountant's to reverse, who is told.
"""

from .. import matched_money
from ..disputes import credit_notes
from . import plan_alerts


def follow(env, rows):
    """Draft the credit notes of settlements that have just been kept, and take back those of what is kept no more.

    :param rows: plans that `payment_plans` judged.
    """
    kept = {
        row["id"]: row
        for row in rows
        if row["is_settlement"] and row["target"] == "finished" != row["state"] and _forgiven(row)
    }
    undone = [row["id"] for row in rows if row["is_settlement"] and row["state"] == "finished" != row["target"]]
    plans = env["recobro.payment.plan"].sudo()
    for plan in plans.browse(kept):
        _draft(plan, kept[plan.id])
    plan_alerts.to_write_off(
        plans.browse(kept), {plan: (_forgiven(row), _forgiven_of_each(row)) for plan, row in kept.items()}
    )
    if undone:
        plan_alerts.to_take_back(take_back(plans.browse(undone)))


def _forgiven(row):
    """Return what of a kept settlement is still open: all of its discount, or less when more was paid than agreed."""
    return row["currency"].round(sum(_forgiven_of_each(row).values()))


def _forgiven_of_each(row):
    return {line["id"]: row["currency"].round(max(0.0, min(line["rest"], line["open"]))) for line in row["lines"]}


def _draft(plan, row):
    """Draft a credit note for what the plan still has of each of its invoices: together that is its discount.

    sudo: what was agreed is carried out; a draft books nothing, and accountants post it.
    """
    rest = _forgiven_of_each(row)
    known = credit_notes.standing(plan)
    for line in plan.line_ids.filtered(lambda line: rest[line.id] and line.credit_note_id.id not in known):
        invoice = line.item_id.move_id.exists()
        if has_credit_note(line.item_id):
            env = plan.with_context(lang=invoice.partner_id.lang).env
            subject = env._("discount of %(plan)s", plan=plan.name)
            line.credit_note_id = credit_notes.part_of(invoice, rest[line.id], plan.name, subject)


def has_credit_note(item):
    """Return whether what is forgiven of an item (in sudo) is credited; of what is no invoice it is written off."""
    return item.move_id.exists().move_type == "out_invoice"


def take_back(plans):
    """Delete the draft credit notes of settlements (in sudo), and return those with one that can't be deleted.

    What is booked, or was and is a draft again, has its place in the books: an accountant looks at it.
    """
    known = credit_notes.standing(plans)
    drafts = plans.line_ids.filtered(
        lambda line: known.get(line.credit_note_id.id) and not line.credit_note_id.posted_before
    )
    drafts.credit_note_id.unlink()
    drafts.write({"credit_note_id": False})
    plans.activity_unlink(["recobro_module.activity_type_plan_credit_note"])
    return plans.filtered(lambda plan: any(line.credit_note_id.id in known for line in plan.line_ids - drafts))


def with_discount_booked(plans):
    """Return those of some finished settlements (in sudo) whose discount the books have taken off their items."""
    known = credit_notes.standing(plans)
    invoices = plans.line_ids.item_id.move_id.exists().filtered(lambda move: move.move_type == "out_invoice")
    by_hand = plans.line_ids.filtered(lambda line: line.item_id.move_id not in invoices)
    matched = matched_money.of(plans.env, by_hand.item_id.ids)

    def is_booked(line):
        if line not in by_hand:
            return known.get(line.credit_note_id.id) is False
        before = line.matched_before or {}
        money = sum(
            part.amount - before.get(str(payment), 0) for payment, part in matched.get(line.item_id.id, {}).items()
        )
        return line.currency_id.compare_amounts(money, line.amount) < 0

    return plans.filtered(lambda plan: any(is_booked(line) for line in plan.line_ids))


def sentences(letter):
    """Return what the settlements are worth whose instalments a message asks for, a sentence each, for its reader."""
    ids = [-line.line_id for line in letter.asked if line.is_instalment]
    if not ids:
        return []
    plans = letter.env["recobro.payment.plan.installment"].browse(ids).plan_id.filtered("is_settlement")
    return [
        letter.env._(
            "When every payment of %(plan)s has come in by its day, we forgive the remaining %(discount)s.",
            plan=plan.name,
            discount=letter.amount(plan.discount, plan.currency_id),
        )
        for plan in plans
    ]
