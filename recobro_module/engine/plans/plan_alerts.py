"""Who is told of payment plans: the owner of each, who answers for its policy, an accountant; and what the log says.

Each is one activity on the plan, in the language of who is told; what is told later is added to the one still open.
"""

from odoo.tools import format_date, format_list, formatLang

from .. import alerts, clock, policies

_KIND = "recobro_module.activity_type_plan_%s"


def owner_of(plan):
    """Return who works on a plan: its responsible, else the owner of the case."""
    # sudo: whoever is at work, the portal too, may know whose plan it is
    plan = plan.sudo()
    return plan.user_id.filtered(lambda user: user.active and not user.share) or alerts.owner_of(plan.case_id)


def manager_of(plan):
    """Return who decides on a plan: who answers for the policy of its customer, else the owner of the case."""
    found = policies.of_customers(plan.env, plan.company_id, plan.partner_id.ids)
    # sudo: only who answers for it is taken
    policy = found.get(plan.partner_id.id) or plan.env["recobro.policy"].sudo()
    return policy.user_id.filtered("active") or alerts.owner_of(plan.sudo().case_id)


def log_values(plan, result, summary, note=False, **values):
    """Return the values of the line in the log that says what happened to a plan; incoming: the customer told us."""
    return {
        "company_id": plan.company_id.id,
        "partner_id": plan.partner_id.id,
        "case_id": plan.case_id.id,
        "contact_id": plan.contact_id.id,
        "channel": plan.channel or "note",
        "direction": "in",
        "result": result,
        "summary": summary,
        "note": note,
        **values,
    }


# -----------------------------------------------------------------------------
# BEFORE IT IS IN FORCE
# -----------------------------------------------------------------------------


def asked(plan):
    """Tell the owner of a plan (in sudo) that the customer asks for it."""
    _tell(
        plan,
        "asked",
        lambda env, plan: env._(
            "%(customer)s asks for a payment plan. Look at it, change it where needed, and propose it.",
            customer=plan.partner_id.display_name,
        ),
    )


def approval_needed(plan):
    """Ask who answers for the policy to decide on a plan (in sudo)."""
    _tell(
        plan,
        "approve",
        lambda env, plan: env._(
            "%(user)s asks for your approval of %(plan)s. %(why)s",
            user=owner_of(plan).name,
            plan=plan.name,
            why=" ".join((plan.approval_reason or "").splitlines()),
        ),
        owner=manager_of,
    )


def refused(plan, manager):
    """Tell the owner of a plan (in sudo) that the manager did not approve it."""
    _tell(
        plan,
        "answer",
        lambda env, plan: env._(
            "%(manager)s did not approve %(plan)s. Change its terms, or cancel it.",
            manager=manager.name,
            plan=plan.name,
        ),
    )


def declined(plan, reason):
    """Tell the owner of a plan (in sudo) that the customer declined it, and why."""
    _tell(
        plan,
        "answer",
        lambda env, plan: (
            env._("The customer declined %(plan)s: %(reason)s", plan=plan.name, reason=reason)
            if reason
            else env._("The customer declined %(plan)s without saying why.", plan=plan.name)
        ),
    )


def lapsed(plans):
    """Tell the owners of plans (in sudo) that the customer did not accept them in time."""
    _tell(
        plans,
        "answer",
        lambda env, plan: env._(
            "Nobody accepted %(plan)s by %(day)s. It holds nothing any more: its invoices are chased again.",
            plan=plan.name,
            day=format_date(env, plan.valid_until),
        ),
    )


def of_another(plans):
    """Tell the owners of plans (in sudo) that ended because an invoice of theirs is another customer's now."""
    _tell(
        plans,
        "answer",
        lambda env, plan: env._(
            "%(plan)s is over: one of its invoices is another customer's now. What is left is chased again; agree on a "
            "new plan where one is needed.",
            plan=plan.name,
        ),
    )


def answered(plans):
    """Take away from plans (in sudo) what asked a colleague for a decision that is taken now."""
    if plans:
        plans.activity_unlink([_KIND % kind for kind in ("asked", "approve", "answer")])


# -----------------------------------------------------------------------------
# IN FORCE
# -----------------------------------------------------------------------------


def tell(env, company, as_of, rows):
    """Tell the owners which instalments were missed and which plans broke; take back what was kept after all.

    :param rows: the plans that `payment_plans` judged: `state` before, `target`, `news` (the instalments found missed
        now, as dicts) and `mended` (whether one that was missed no more is).
    """
    plans = env["recobro.payment.plan"].sudo()
    over = [row["id"] for row in rows if row["mended"] or row["target"] == "finished" != row["state"]]
    missed_no_more(plans.browse(over))
    told = {
        row["id"]: row
        for row in rows
        if row["target"] != "finished"
        and (row["news"] or (row["target"] == "broken" and row["state"] != "broken") or _is_still_missed(row))
    }
    _tell(plans.browse(told), "missed", lambda env, plan: _missed_words(env, told[plan.id], plan), deadline=as_of)


def missed_no_more(plans):
    """Take the alert of missed instalments away from plans (in sudo)."""
    if plans:
        plans.activity_unlink([_KIND % "missed"])


def _is_still_missed(row):
    """Return whether the alert that was taken back was about other missed instalments too."""
    return row["mended"] and row["missed"]


def _missed_words(env, row, plan):
    sentences = [_missed_in_words(env, plan, one) for one in row["news"] or row["missed"]]
    if row["target"] == "broken":
        sentences.append(
            env._("The plan is broken: its invoices are chased again. A manager can resume it.")
            if not plan.is_settlement
            else env._("The settlement is broken: nothing is forgiven, and its invoices are chased again.")
        )
    return " ".join(sentences)


def _missed_in_words(env, plan, one):
    values = {"number": one["number"], "plan": plan.name, "day": format_date(env, one["due_date"])}
    if one["now"]["left"]:
        return env._(
            "Instalment %(number)s of %(plan)s, due on %(day)s, was missed: %(left)s is still to be paid.",
            left=formatLang(env, one["now"]["left"], currency_obj=plan.currency_id),
            **values,
        )
    return env._(
        "Instalment %(number)s of %(plan)s, due on %(day)s, was paid late, on %(paid)s.",
        paid=format_date(env, one["now"]["complete_on"]),
        **values,
    )


def to_write_off(plans, amounts):
    """Ask an accountant to post the draft credit notes of settlements (in sudo) that were kept.

    What is no invoice can't have a credit note: it is written off by hand.

    :param amounts: {plan id: (what is forgiven, {line id: what of it is of that line})}.
    """
    managers = {plan: manager_of(plan) for plan in plans}
    _tell(
        plans,
        "credit_note",
        lambda env, plan: _write_off_words(env, plan, *amounts[plan.id]),
        owner=lambda plan: _accountant(plan) or managers[plan],
    )


def _write_off_words(env, plan, amount, of_each):
    drafted = plan.line_ids.filtered(lambda line: line.credit_note_id.exists())
    by_hand = (plan.line_ids - drafted).filtered(lambda line: of_each[line.id])
    rest = sum(of_each[line.id] for line in by_hand)
    values = {"plan": plan.name, "amount": formatLang(env, amount, currency_obj=plan.currency_id)}
    if drafted and by_hand:
        return env._(
            "%(plan)s was kept to the day: %(amount)s is forgiven. Check its draft credit notes and post them. The "
            "other %(rest)s is of what is no invoice (%(items)s): write it off.",
            rest=formatLang(env, rest, currency_obj=plan.currency_id),
            items=format_list(env, by_hand.item_id.mapped("name")),
            **values,
        )
    if drafted:
        return env._(
            "%(plan)s was kept to the day: %(amount)s is forgiven. Check its draft credit notes and post them.",
            **values,
        )
    return env._("%(plan)s was kept to the day: %(amount)s is forgiven. Write it off.", **values)


def to_take_back(plans):
    """Tell an accountant of settlements (in sudo) that are not kept any more although their discount is booked."""
    managers = {plan: manager_of(plan) for plan in plans}
    _tell(
        plans,
        "credit_note",
        lambda env, plan: env._(
            "A payment of %(plan)s was undone after its discount was booked. If it does not come again, reverse the "
            "credit note.",
            plan=plan.name,
        ),
        owner=lambda plan: _accountant(plan) or managers[plan],
    )


def _accountant(plan):
    """Return the accountant who booked the invoices of a plan, if it is one and still here."""
    invoices = plan.line_ids.item_id.move_id.exists()
    for user in invoices.create_uid | invoices.invoice_user_id:
        if user.active and user.has_group("account.group_account_invoice"):
            return user
    return plan.env["res.users"]


def _tell(plans, kind, words, deadline=None, owner=owner_of):
    """Give the owners of plans (in sudo) an activity of a kind; without a mail for each, it waits in their list."""
    if plans:
        alerts.alert(
            plans.with_context(mail_activity_quick_update=True),
            _KIND % kind,
            words,
            deadline=deadline or clock.today(plans.env, plans.company_id[:1]),
            owner=owner,
            is_further=True,
        )
