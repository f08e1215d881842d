"""What follows when a settlement was kept to the day: draft credit notes for its discount, which accountants post.

If it turns out not to have been kept (a payment was undone), the drafts go again; one that was posted is an
accountant's to reverse, who is told.
"""

from . import credit_notes, plan_alerts


def follow(env, rows):
    """Draft the credit notes of settlements that have just been kept, and take back those of what is kept no more.

    :param rows: plans that `payment_plans` judged.
    """
    kept = [row for row in rows if row["is_settlement"] and row["target"] == "finished" != row["state"]]
    undone = [row for row in rows if row["is_settlement"] and row["state"] == "finished" != row["target"]]
    plans = env["recobro.payment.plan"].sudo()
    if kept:
        for row in kept:
            _draft(plans.browse(row["id"]), row)
        plan_alerts.to_write_off(plans.browse([row["id"] for row in kept]))
    if undone:
        _take_back(plans.browse([row["id"] for row in undone]))


def _draft(plan, row):
    """Draft a credit note for what the plan still has of each of its invoices: together that is its discount.

    sudo: what was agreed is carried out; a draft books nothing, and accountants post it.
    """
    rest = {line["id"]: row["currency"].round(min(line["rest"], line["open"])) for line in row["lines"]}
    known = credit_notes.standing(plan)
    for line in plan.line_ids.filtered(lambda line: rest[line.id] and line.credit_note_id.id not in known):
        invoice = line.item_id.move_id.exists()
        if invoice.move_type == "out_invoice":
            env = plan.with_context(lang=invoice.partner_id.lang).env
            subject = env._("discount of %(plan)s", plan=plan.name)
            line.credit_note_id = credit_notes.part_of(invoice, rest[line.id], plan.name, subject)


def _take_back(plans):
    """Delete the draft credit notes of settlements (in sudo); tell an accountant of those that are booked."""
    known = credit_notes.standing(plans)
    drafts = plans.line_ids.filtered(lambda line: known.get(line.credit_note_id.id))
    drafts.credit_note_id.unlink()
    drafts.write({"credit_note_id": False})
    plans.activity_unlink(["recobro_module.activity_type_plan_credit_note"])
    plan_alerts.to_take_back(
        plans.filtered(lambda plan: any(line.credit_note_id.id in known for line in plan.line_ids - drafts))
    )


def items_in_draft(env, rows):
    """Return {plan id: ids of the items whose discount waits for its credit note to be posted}, of kept settlements."""
    ids = [row["id"] for row in rows if row["is_settlement"] and row["target"] == "finished"]
    if not ids:
        return {}
    plans = env["recobro.payment.plan"].sudo().browse(ids)
    known = credit_notes.standing(plans)
    return {plan.id: {line.item_id.id for line in plan.line_ids if known.get(line.credit_note_id.id)} for plan in plans}


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
