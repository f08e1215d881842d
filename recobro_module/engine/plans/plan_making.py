"""Making a payment plan: what the dialog proposes, which terms make one, and its draft.

Nothing is held and nobody is told by what is made here: a draft becomes a plan when it is proposed and accepted
(`payment_plans`). What the manager decides of it is in `plan_approval`.
"""

from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date, format_list, formatLang

from .. import alerts, clock, matched_money, open_items, promising, turns
from . import plan_alerts
from .plan_terms import Terms, free_parts, lines_on, owed, preview, rules_of, terms_of, wrong_amounts, wrong_days

#: Instalments of a plan that nobody has said anything about yet.
_USUAL_COUNT = 3
#: The months whose payments say what a customer can pay.
_CAPACITY_MONTHS = 12


# -----------------------------------------------------------------------------
# WHAT THE DIALOG PROPOSES
# -----------------------------------------------------------------------------


def propose_terms(env, company, partner, as_of, currency=None, move_ids=None):
    """Return the `Terms` that a plan of `partner` likely has: what is overdue, else what falls due, of one currency.

    :param currency: the only `res.currency` to look at; any when None.
    :param move_ids: ids of invoices whose open items it is about; all when None.
    """
    items = open_items.meet(env, company, as_of, partner.ids)
    free = free_parts(env, company, as_of, items)
    rows = promising.free_rows(env, company, partner, as_of, free, currency, move_ids)
    overdue = [row for row in rows if row["days_past_due"] > 0]
    return Terms(
        items=promising.of_one_currency(items, rows if move_ids is not None else overdue or rows),
        first_day=promising.propose_day(env, company, partner, as_of),
        count=min(_USUAL_COUNT, rules_of(env, company, partner).plan_max_instalments),
    )


def capacity(env, company, partner, as_of):
    """Return what a customer paid a month in the last twelve, in company currency: what came in less what went back."""
    env.flush_all()
    [(paid,)] = env.execute_query(
        SQL(
            """
            SELECT COALESCE(SUM(-line.balance), 0)
              FROM account_move_line line
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = move.journal_id
             WHERE line.account_id = ANY(%(accounts)s) AND line.parent_state = 'posted'
               AND line.company_id IN %(branches)s
               AND line.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = %(partner)s)
               AND move.move_type = 'entry' AND journal.type IN ('bank', 'cash', 'credit')
               AND move.date > %(since)s AND move.date <= %(as_of)s
            """,
            accounts=open_items.receivable_accounts(env),
            branches=open_items.branches(company),
            partner=partner.id,
            since=as_of - relativedelta(months=_CAPACITY_MONTHS),
            as_of=as_of,
        )
    )
    return company.currency_id.round(max(0.0, float(paid)) / _CAPACITY_MONTHS)


# -----------------------------------------------------------------------------
# WHAT IS REFUSED
# -----------------------------------------------------------------------------


def refusal(env, company, partner, as_of, terms):
    """Return why some terms can't be a plan, in words for whoever entered them; empty when they can."""
    words = _wrong_items(env, company, partner, as_of, terms.items)
    if words:
        return words
    amount = owed(env, company, as_of, terms.items)
    words = wrong_amounts(env, terms, amount) or wrong_days(env, as_of, terms)
    if not words and not preview(env, company, partner, as_of, terms):
        return env._("There are more instalments than the amount can be divided into: choose fewer.")
    return words


def _wrong_items(env, company, partner, as_of, items):
    if not items:
        return env._("A payment plan is for something: choose at least one open invoice.")
    if items - open_items.meet(env, company, as_of, partner.ids):
        return env._(
            "Only what %(customer)s still owes can be in this plan: take paid invoices and those of others out.",
            customer=partner.display_name,
        )
    if len(items.currency_id) > 1:
        return env._("A payment plan is in one currency: make one plan for each.")
    lines = lines_on(items)
    if lines:
        return env._(
            "%(invoices)s: in the payment plan %(plan)s already. Take it out, or cancel that plan first.",
            invoices=format_list(env, lines.item_id.mapped("name")),
            plan=format_list(env, lines.plan_id.mapped("name")),
        )
    return ""


# -----------------------------------------------------------------------------
# THE DRAFT
# -----------------------------------------------------------------------------


def make(case, terms, source="person", **values):
    """Make the draft of a plan and return it, in sudo. The right to act on the case is the caller's to check.

    :param values: of the plan: contact_id, channel, user_id, note.
    :raise UserError: with the reason, when these terms can't be a plan.
    """
    # sudo: plans and items are the engine's; what is agreed is checked below
    case = case.sudo()
    values = {
        **values,
        "source": source,
        "company_id": case.company_id.id,
        "partner_id": case.partner_id.id,
        "case_id": case.id,
        **_checked_vals(case.env, case.company_id, case.partner_id, terms),
    }
    return case.env["recobro.payment.plan"].create(values)


def change(plan, terms):
    """Give a draft other terms. The right to write the plan is the caller's to check.

    :raise UserError: with the reason, when these can't be a plan, or it is no draft any more.
    """
    # sudo: what is agreed is the engine's to write; it is checked here
    plan = plan.sudo()
    if plan.state != "draft":
        raise UserError(plan.env._("Only a draft can be changed: cancel this plan and make another one."))
    rewrite(plan, terms)


def rewrite(plan, terms):
    """Write on a plan in sudo that nobody has agreed to yet what some terms make of it today."""
    values = _checked_vals(plan.env, plan.company_id, plan.partner_id, terms)
    plan.line_ids.unlink()
    plan.installment_ids.unlink()
    plan.write(values)


def refresh(plan):
    """Bring a plan in sudo that nobody has agreed to yet up to what is owed today, with the terms it has.

    :raise UserError: with the reason, when these can't be a plan any more.
    """
    rewrite(plan, terms_of(plan))


def _checked_vals(env, company, partner, terms):
    as_of = clock.today(env, company)
    terms = replace(terms, items=terms.items.sudo().with_env(env))
    turns.one_at_a_time(terms.items)
    words = refusal(env, company, partner, as_of, terms)
    if words:
        raise UserError(words)
    return _prepare_vals(env, company, partner, as_of, terms)


def _prepare_vals(env, company, partner, as_of, terms):
    """Return the values of a plan that follow from its terms."""
    currency = terms.items.currency_id
    found = preview(env, company, partner, as_of, terms)
    return {
        "currency_id": currency.id,
        "amount": currency.round(owed(env, company, as_of, terms.items)),
        "discount": currency.round(terms.discount),
        "down_payment": currency.round(terms.down_payment),
        "instalment_count": len(found) - 1 if terms.down_payment else len(found),
        "instalment_amount": currency.round(terms.each),
        "first_date": terms.first_day,
        "rhythm": terms.rhythm,
        "remainder": rules_of(env, company, partner).plan_remainder,
        "line_ids": _prepare_lines(env, company, as_of, terms.items),
        "installment_ids": [
            Command.create(
                {
                    "number": number,
                    "is_down_payment": bool(terms.down_payment) and number == 1,
                    "due_date": one.due,
                    "amount": one.amount,
                    "amount_left": one.amount,
                }
            )
            for number, one in enumerate(found, 1)
        ],
    }


def _prepare_lines(env, company, as_of, items):
    """Return the commands of the lines of a plan: what of each item is in it, and what was matched with it before."""
    matched = matched_money.of(env, items.ids)
    free = free_parts(env, company, as_of, items)
    return [
        Command.create(
            {
                "item_id": item.id,
                "amount": free[item.id],
                "amount_then": item.amount_open,
                "matched_before": {payment: money.amount for payment, money in matched.get(item.id, {}).items()},
            }
        )
        for item in items.sorted(lambda item: (item.due_date, item.id))
        if item.currency_id.compare_amounts(free[item.id], 0) > 0
    ]


def request(case, terms, contact, note):
    """Keep what a customer asks for in the portal as a draft, tell the owner of the case, and return it, in sudo.

    It holds nothing: a colleague looks at it, changes it where needed, and proposes it.

    :raise UserError: in words for the customer, when these terms can't be a plan or another request still waits.
    """
    case = case.sudo()  # sudo: who is at work is a visitor; their right to ask was signed and checked by the caller
    env = case.env
    waiting = env["recobro.payment.plan"].search_count(
        [
            ("company_id", "=", case.company_id.id),
            ("partner_id", "=", case.partner_id.id),
            ("source", "=", "portal"),
            ("state", "in", ("draft", "to_approve")),
        ],
        limit=1,
    )
    if waiting:
        raise UserError(env._("You have asked for a payment plan already: we are looking at it and will answer you."))
    owner = alerts.owner_of(case)
    plan = make(
        case, terms, source="portal", contact_id=contact.id, channel="portal", user_id=owner.id, note=note or False
    )
    env["recobro.interaction"]._log(
        [plan_alerts.log_values(plan, "plan_asked", words(alerts.speaking_to(owner), plan), note=plan.note)]
    )
    plan_alerts.asked(plan)
    return plan


def words(env, plan):
    """Return a plan in words, for the log and for colleagues: how much, in how many payments, from when."""
    values = {
        "plan": plan.name,
        "total": formatLang(env, plan.total, currency_obj=plan.currency_id),
        "count": len(plan.installment_ids),
        "day": format_date(env, plan.installment_ids[:1].due_date),
    }
    if len(plan.installment_ids) == 1:
        text = env._("%(plan)s: %(total)s in one payment on %(day)s", **values)
    else:
        text = env._("%(plan)s: %(total)s in %(count)s payments from %(day)s on", **values)
    if not plan.is_settlement:
        return text
    return env._(
        "%(plan)s; %(discount)s forgiven if it is kept to the day",
        plan=text,
        discount=formatLang(env, plan.discount, currency_obj=plan.currency_id),
    )
