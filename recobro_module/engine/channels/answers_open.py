"""What customers have answered and is not over: promises, disputes, payment plans, payments on their way."""

from collections import defaultdict

from odoo.tools import format_amount, format_date

#: What is open of each kind of answer, besides whose it is.
_OPEN = {
    "recobro.promise": [("state", "=", "open")],
    "recobro.dispute": [("kind", "!=", "final")],
    "recobro.payment.plan": [("state", "in", ("to_approve", "proposed", "active"))],
    "recobro.payment.in.hand": [("state", "=", "in_hand")],
}


def of_customers(env, company, partner_ids):
    """Return {partner id: [answer]} of what is open of some customers; as many statements as there are kinds.

    :param env: in sudo.
    """
    found = defaultdict(list)
    for model, domain in _OPEN.items():
        whose = [("partner_id", "in", partner_ids), ("company_id", "=", company.id)]
        for answer in env[model].search([*whose, *domain]):
            found[answer.partner_id.id].append(answer)
    return found


def in_words(env, answers):
    """Return answers as sentences in the language of `env`, and the customer's broken promises after them."""
    put = {
        "recobro.promise": _promise,
        "recobro.dispute": _dispute,
        "recobro.payment.plan": _plan,
        "recobro.payment.in.hand": _payment,
    }
    return [put[answer._name](env, answer.with_env(env)) for answer in answers]


def _promise(env, promise):
    return env._(
        "Promised %(amount)s for %(date)s.",
        amount=format_amount(env, promise.amount, promise.currency_id),
        date=format_date(env, promise.date),
    )


def _dispute(env, dispute):
    values = {
        "name": dispute.name,
        "reason": dispute.reason_id.name or dispute.subject,
        "invoices": dispute.invoice_names or "",
    }
    if dispute.amount:
        return env._(
            "Disputes %(amount)s of %(invoices)s: %(reason)s (%(name)s).",
            amount=format_amount(env, dispute.amount, dispute.currency_id),
            **values,
        )
    return env._("Dispute %(name)s: %(reason)s.", **values)


def _plan(env, plan):
    labels = dict(plan._fields["state"]._description_selection(env))
    return env._(
        "Payment plan %(name)s of %(amount)s: %(state)s.",
        name=plan.name,
        amount=format_amount(env, plan.total, plan.currency_id),
        state=labels[plan.state],
    )


def _payment(env, payment):
    return env._(
        "%(amount)s on their way, for %(date)s.",
        amount=format_amount(env, payment.amount, payment.currency_id),
        date=format_date(env, payment.maturity),
    )
