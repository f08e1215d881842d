"""What follows when the bank returns a payment: the hold ends, the owner is told, the next message says so.

The next message that climbs with one of its items, at whatever level the ladder gives, is written with the policy's
template for it. Which payments that message tells of follows from what earlier ones told, so that one which came back
undelivered is told again.
"""

from odoo import Command
from odoo.tools import format_amount, format_date, format_list

from . import alerts, holding, payments_in_hand, policies


def follow_up(payments):
    """Do what follows the return of `payments`, in sudo."""
    holding.end(payments)
    for company, batch in payments.grouped("company_id").items():
        chosen = policies.of_customers(payments.env, company, batch.partner_id.ids)
        cases = payments_in_hand.cases_of(batch)
        for payment in batch:
            policy = chosen.get(payment.partner_id.id)
            template = policy and policy.returned_template_id
            if template and template.model == "recobro.action":
                payment.item_ids.next_template_id = template
            _tell_owner(payment, cases[payment.partner_id.id])
    payments.env["recobro.interaction"]._log(
        [
            payments_in_hand.log_values(payment, _summary(payment.env, payment), _circumstances(payment.env, payment))
            for payment in payments
        ]
    )


def untold(items):
    """Return the returned payments of `items` that no message to the customer has told of yet, oldest first.

    :param items: `recobro.item` in sudo.
    """
    payments = items.env["recobro.payment.in.hand"].search(
        [("item_ids", "in", items.ids), ("state", "=", "returned")], order="returned_on, id"
    )
    if not payments:
        return payments
    messages = items.env["recobro.action"].search([("return_ids", "in", payments.ids), ("state", "=", "done")])
    pairs = {(item, payment) for one in messages for item in one.line_ids.item_id for payment in one.return_ids}
    return payments.filtered(lambda payment: any((item, payment) not in pairs for item in payment.item_ids & items))


def told_values(action):
    """Return the values that keep on a message, in sudo, what it was written with and which returns it tells of."""
    template = action._template()
    if not template or template in action.level_id._templates() or action.channel == "suspension":
        return {"template_id": template.id}
    items = action.line_ids.filtered(lambda line: line.state == "planned").item_id
    return {"template_id": template.id, "return_ids": [Command.set(untold(items).ids)]}


def told(actions):
    """Let the items of messages that went out with the words of a return go back to those of their levels."""
    for action in actions.filtered(_is_override):
        items = action.line_ids.filtered(lambda line: line.state == "done").item_id.filtered("next_template_id")
        # A second return between the making and the sending is still to be told
        (items - untold(items).item_ids).next_template_id = False


def untell(actions):
    """Let the next message of what did not reach the customer say it again."""
    for action in actions.filtered(_is_override):
        (action.line_ids.item_id & action.return_ids.item_ids).next_template_id = action.template_id


def sentences(letter):
    """Return what was returned, as the reader of `letter` is told: a sentence a payment; never its costs or reason."""
    items = letter.env["recobro.item"].browse([line.item_id for line in letter.statement.lines if line.climbs])
    return [_sentence(letter, payment) for payment in untold(items)]


def _is_override(action):
    """Return whether a message was written with other words than those of its level."""
    return action.template_id and action.template_id not in action.level_id._templates()


def _sentence(letter, payment):
    env = letter.env
    values = {
        "amount": letter.amount(payment.amount, payment.currency_id),
        "date": letter.date(payment.maturity),
        "invoices": format_list(env, list(dict.fromkeys(payment.item_ids.mapped("name")))),
        "reference": payment.reference or "",
    }
    if payment.kind == "direct_debit":
        return env._(
            "The bank has returned our direct debit of %(date)s, %(amount)s, which was to pay %(invoices)s.", **values
        )
    if payment.kind == "promissory_note":
        return env._(
            "The bank has returned your promissory note due on %(date)s, %(amount)s, which was to pay %(invoices)s.",
            **values,
        )
    if payment.kind == "cheque":
        return env._(
            "The bank has returned your cheque of %(date)s, %(amount)s, which was to pay %(invoices)s.", **values
        )
    return env._(
        "The bank has not honoured your payment by confirming due on %(date)s, %(amount)s, which was to pay "
        "%(invoices)s.",
        **values,
    )


def _tell_owner(payment, case):
    """Tell the owner of the case; a second return is added to what they have not dealt with yet."""
    alerts.alert(
        case,
        "recobro_module.activity_type_returned",
        lambda env: _note(env, payment),
        deadline=payment._today(),
        is_further=True,
    )


def _note(env, payment):
    return f"{_summary(env, payment)} {_circumstances(env, payment)}"


def _summary(env, payment):
    payment = payment.with_env(env(su=True))
    return env._(
        "Returned by the bank: %(payment)s, %(amount)s.",
        payment=payment.display_name,
        amount=format_amount(payment.env, payment.amount, payment.currency_id),
    )


def _circumstances(env, payment):
    """Return the bank's reason, its day and its costs, for the eyes of the company."""
    payment = payment.with_env(env(su=True))
    values = {
        "reason": payment.return_reason,
        "date": format_date(payment.env, payment.returned_on),
        "costs": format_amount(payment.env, payment.return_costs, payment.currency_id),
    }
    if payment.currency_id.is_zero(payment.return_costs):
        return env._("Reason: %(reason)s. Date: %(date)s.", **values)
    return env._("Reason: %(reason)s. Date: %(date)s. Costs: %(costs)s.", **values)
