"""Payments handed over and not paid out yet: their items are held until the bank has had its days.

Their items are invoices, or instalments of a payment plan in force: then its invoices when the plan has ended.

Of a payment that is still in hand when its hold has run out the owner of the case is told, once. One whose items are
all settled is collected. What follows a return is in `returns`.
"""

from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date, format_list

from . import alerts, clock, holding, instalments, open_items, planning, policies, turns


def record(payments):
    """Check payments just created, hold their items, and leave a line in the log for each.

    :raise UserError: for what can't be meant: a maturity in the past, more than is open, items that are closed.
    """
    env = payments.env
    # sudo: items are the engine's; that they are of the payment's customer and company was checked
    turns.one_at_a_time(payments.sudo().item_ids)
    for company, batch in payments.grouped("company_id").items():
        as_of = clock.today(env, company)
        open_items.meet(env, company, as_of, batch.partner_id.ids)
        cases = open_cases(batch)
        for payment in batch:
            _check_maturity(payment, as_of)
            # One after another: what the first holds is not free for the second
            parts = _parts(payment, as_of)
            # sudo: what the person may not write follows from what was recorded
            payment.sudo().write(
                {
                    "held_until": last_day(payment, payment.maturity),
                    "case_id": cases.get(payment.partner_id.id, env["recobro.case"]).id,
                }
            )
            _hold(payment, parts, date_from=as_of)
    env["recobro.interaction"]._log([log_values(payment, _recorded(payment)) for payment in payments])


def move(payments):
    """Let the holds of payments follow their new maturity."""
    for payment in payments:
        _check_maturity(payment, payment._today())
        # sudo: the last day follows from the maturity, which the person was allowed to write
        payment.sudo().write({"held_until": last_day(payment, payment.maturity), "alerted_on": False})
        _hold(payment, _held(payment))


def release(payments):
    """End what payments hold."""
    holding.end(payments)


def let_books_follow(payments):
    """Keep the items of payments that a person knows to be paid out held for the bank days, and no longer.

    The money will be in the books in a few days; until then its invoices look open, and are paid.
    """
    for payment in payments:
        payment.held_until = last_day(payment, payment._today())
        _hold(payment, _held(payment))


def payable(items, as_of):
    """Return {item: amount} of open items, the oldest first: what no answer and no pause of the item itself holds.

    :param items: `recobro.item` of one company, in sudo.
    """
    still_open = items.filtered(lambda item: item.state == "open").sorted(lambda item: (item.due_date, item.id))
    if not still_open:
        return {}
    holds = holding.holds_on(items.env, still_open.company_id, as_of, still_open.ids)
    free = holding.free_amounts(still_open, holds)
    rounded = {item: item.currency_id.round(free[item.id]) for item in still_open}
    return {item: amount for item, amount in rounded.items() if item.currency_id.compare_amounts(amount, 0) > 0}


def settle(env, company, as_of, partner_ids=None):
    """Close the payments whose items are all paid, and tell the owners of those whose hold has run out.

    :param partner_ids: commercial entities to look at; all when None.
    """
    payments = _in_hand(env, company, partner_ids)
    if not payments:
        return
    customers = payments.partner_id.ids
    still_open = open_items.meet(env, company, as_of, customers)
    still_open |= open_items.of_kind(env, company, customers, open_items.INSTALMENT)
    collected = _settled(payments, still_open)
    collected._set_collected()
    _alert_matured((payments - collected).filtered(lambda payment: payment.item_ids & still_open), as_of)


def carry_over(env, company, as_of, partner_ids=None):
    """Let what was handed over for instalments of plans that have ended hold the invoices of these plans instead.

    The cheque is still there, and will pay what is chased again now.

    :param partner_ids: commercial entities to look at; all when None.
    """
    payments = _in_hand(env, company, partner_ids, [("item_ids.res_model", "=", open_items.INSTALMENT)])
    over = instalments.of(payments.item_ids).filtered(lambda one: one.state != "paid" and one.item_id.state != "open")
    for payment in payments.filtered(lambda payment: payment.item_ids & over.item_id):
        ended = over.filtered(lambda one, payment=payment: one.item_id in payment.item_ids)
        payment.item_ids = payment.item_ids - ended.item_id | ended.plan_id.line_ids.item_id
        _hold(payment, {})
        if payment.held_until >= as_of:
            free = payable(payment.item_ids, as_of)
            _hold(payment, holding.spread(free, payment.amount), date_from=as_of)


def _in_hand(env, company, partner_ids, domain=()):
    """Return the payments of some customers (all when None) that are in hand, in sudo."""
    domain = [("company_id", "=", company.id), ("state", "=", "in_hand"), *domain]
    if partner_ids is not None:
        domain.append(("partner_id", "in", list(partner_ids)))
    # sudo: the daily job looks at all of the company
    return env["recobro.payment.in.hand"].sudo().search(domain)


def open_cases(payments):
    """Return {partner id: open `recobro.case` in sudo} of the customers of payments of one company."""
    # sudo: whose case it is may be known by who may see the payment
    cases = payments.env["recobro.case"].sudo()
    found = cases.search(
        [
            ("partner_id", "in", payments.partner_id.ids),
            ("company_id", "in", payments.company_id.ids),
            ("state", "=", "open"),
        ]
    )
    return {case.partner_id.id: case for case in found}


def cases_of(payments):
    """Return {partner id: open `recobro.case` in sudo} as `open_cases` does, opening those that are missing."""
    cases = open_cases(payments)
    missing = payments.partner_id.filtered(lambda partner: partner.id not in cases)
    company = payments.company_id
    today = clock.today(payments.env, company)
    # sudo: the case is opened by what happened to the payment, whoever records that
    opened = (
        payments.env["recobro.case"]
        .sudo()
        .with_context(tracking_disable=True)
        .create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "user_id": partner.with_company(company).sudo().recobro_user_id.id,
                    "opened_on": today,
                }
                for partner in missing
            ]
        )
    )
    return {**cases, **{case.partner_id.id: case for case in opened}}


def last_day(payment, day):
    """Return the last day on which the items of `payment` are held when the bank is to pay out on `day`."""
    env, company, partner = payment.env, payment.company_id, payment.partner_id
    policy = policies.of_customers(env, company, partner.ids).get(partner.id, env["recobro.policy"])
    bank_days = policies.limit(env, company, partner, "payment_in_hand_days")
    return planning.deadline_of(company, policy.calendar_id, day, bank_days)


def log_values(payment, summary, note=False):
    """Return the values of the line in the log that says what happened to `payment`."""
    return {
        "company_id": payment.company_id.id,
        "partner_id": payment.partner_id.id,
        "case_id": payment.case_id.id,
        "contact_id": payment.contact_id.id,
        "channel": "note",
        "direction": "in",
        "result": "noted",
        "summary": summary,
        "note": note,
    }


def _check_maturity(payment, as_of):
    if payment.maturity < as_of:
        raise UserError(
            payment.env._(
                "The maturity %(date)s has passed: choose today or a later day.",
                date=format_date(payment.env, payment.maturity),
            )
        )

    # sudo: items are the engine's; that they are of the payment's customer and company was checked
    late = instalments.out_of_time(payment.sudo().item_ids, payment.maturity)
    if late:
        raise UserError(instalments.out_of_time_words(payment.env, late))


def _parts(payment, as_of):
    """Return {item: amount} that `payment` holds of its items, the oldest first; refuse more than is free."""
    env, currency = payment.env, payment.currency_id
    # sudo: items are the engine's; that they are of the payment's customer and company was checked
    items = payment.sudo().item_ids
    closed = items.filtered(lambda item: item.state != "open")
    if closed:
        raise UserError(
            env._(
                "Nothing is open any more of %(invoices)s: take it out.",
                invoices=format_list(env, closed.mapped("name")),
            )
        )
    free = payable(items, as_of)
    total = sum(free.values())
    if currency.compare_amounts(payment.amount, total) > 0:
        raise UserError(
            env._(
                "%(amount)s is more than can be paid of these invoices: %(free)s is open and not promised, disputed "
                "or in hand already. Correct the amount, or add invoices.",
                amount=format_amount(env, payment.amount, currency),
                free=format_amount(env, total, currency),
            )
        )
    return holding.spread(free, payment.amount)


def _hold(payment, parts, **values):
    """Make the holds of `payment` what `parts` ({item: amount}) says, until its last day."""
    values["date_until"] = payment.held_until
    holding.place({payment: {item: {"amount": amount, **values} for item, amount in parts.items()}})


def _held(payment):
    """Return {item: amount} that `payment` holds."""
    return {hold.item_id: hold.amount for hold in holding.in_force(payment)}


def _settled(payments, still_open):
    """Return the payments all of whose items are paid; an invoice that is a draft for a while is not.

    Nor is an instalment of a plan that has ended: see `carry_over`.
    """
    items = payments.item_ids
    posted = items.move_id.exists().filtered(lambda move: move.state == "posted")
    unpaid = still_open | instalments.of(items).filtered(lambda one: one.state != "paid").item_id
    return payments.filtered(lambda payment: not payment.item_ids & unpaid and payment.item_ids.move_id <= posted)


def _alert_matured(payments, as_of):
    """Tell the owners of payments whose hold has run out, once each; what happened they find out at the bank."""
    matured = payments.filtered(lambda payment: payment.held_until < as_of and not payment.alerted_on)
    if not matured:
        return
    cases = cases_of(matured)
    by_case = {cases[partner.id]: batch for partner, batch in matured.grouped("partner_id").items()}
    # Without a mail for each: they wait in the owner's list, and many notes mature on the same day
    quiet = matured.env["recobro.case"].with_context(mail_activity_quick_update=True)
    alerts.alert(
        quiet.union(*by_case),
        "recobro_module.activity_type_matured",
        lambda env, case: env._(
            "Nobody has said yet what became of %(payments)s. If the bank has paid, press “Collected”; if it came "
            "back, “Returned”. Its invoices are chased again.",
            payments=format_list(env, [_words(env, payment) for payment in by_case[case]]),
        ),
        deadline=as_of,
        is_further=True,
    )
    matured.alerted_on = as_of


def _words(env, payment):
    """Return a payment in words, in the language of `env`."""
    payment = payment.with_env(env(su=True))
    return env._(
        "%(payment)s of %(amount)s for %(date)s",
        payment=payment.display_name,
        amount=format_amount(payment.env, payment.amount, payment.currency_id),
        date=format_date(payment.env, payment.maturity),
    )


def _recorded(payment):
    return payment.env._("In hand: %(payment)s", payment=_words(payment.env, payment))
