"""Who is told of a dispute, and when: to take it, near its SLA, past it, open too long, a draft credit note left over.

Each once a ticket: the moment is stored on it. Found by stored moments, told in batches.
"""

import logging
from datetime import timedelta

from odoo.fields import Domain

from .. import alerts, policies

_logger = logging.getLogger(__name__)

#: Tickets told of in one go; the scheduled action comes back for more.
_BATCH = 500
_KIND = "recobro_module.activity_type_%s"


def owner_of(ticket):
    """Return who works on a ticket: its owner, else who answers for the case."""
    return ticket.user_id.filtered("active") or alerts.owner_of(ticket.case_id)


def to_take(tickets):
    """Tell the owners of tickets (in sudo) that came from outside and that nobody has taken yet."""
    if tickets:
        alerts.alert(
            tickets,
            _KIND % "dispute_new",
            _to_take_words,
            owner=owner_of,
        )


def _to_take_words(env, ticket):
    if ticket.partner_id:
        return env._("A customer disputes something. Take it, or what it holds is chased again.")
    return env._(
        "A mail from %(sender)s waits for somebody to find out whose it is. %(why)s Choose the customer, or close it.",
        sender=ticket.email_from or "?",
        why=dict(ticket._fields["doubt"]._description_selection(env))[ticket.doubt],
    )


def reopened(tickets):
    """Note on tickets (in sudo) that the payment which had closed them was undone, and tell their owners."""
    if not tickets:
        return
    _note(tickets, _reopened_words)
    alerts.alert(tickets, _KIND % "dispute_new", _reopened_words, owner=owner_of)


def _reopened_words(env, ticket):
    return env._(
        "%(dispute)s was closed as paid, but the payment was undone: it is open again.", dispute=ticket.display_name
    )


def cancelled(tickets):
    """Note on tickets (in sudo) why they were closed although nobody paid or agreed on anything."""
    _note(
        tickets,
        lambda env, _ticket: env._("Closed, because its invoices were cancelled: nothing of them is left to pay."),
    )


def _note(tickets, words):
    """Leave a note on tickets, in the language of who works on each; it is the engine's, whoever is at work."""
    if tickets:
        tickets._message_log_batch(
            {ticket.id: words(alerts.speaking_to(owner_of(ticket)), ticket) for ticket in tickets},
            author_id=tickets.env.ref("base.partner_root").id,
        )


def try_alert(env, company, at):
    """Tell who is to be told about the disputes of a main company; an error in one company stops no other."""
    try:
        with env.cr.savepoint():
            alert(env, company, at)
    except Exception:
        env.invalidate_all(flush=False)
        _logger.exception("Nobody could be told about the disputes of %s", company.name)


def alert(env, company, at):
    """Tell who is to be told about the disputes of a main company at a moment (UTC)."""
    _past(env, company, at)
    _near(env, company, at)
    _old(env, company, at)
    _drafts(env, company, at)


def _find(env, company, domain, at_most=_BATCH):
    # sudo: the scheduled action tells whoever it concerns
    tickets = env["recobro.dispute"].sudo()
    return tickets.search(Domain("company_id", "=", company.id) & domain, limit=at_most, order="id")


def _tell(tickets, kind, stamp, at, words, owner=owner_of):
    if tickets:
        alerts.alert(tickets, _KIND % kind, words, owner=owner)
        tickets._keep({stamp: at})


def _past(env, company, at):
    """Tell the manager of what is past its SLA; that it had been near it is nothing to tell any more."""
    late = _find(env, company, Domain("deadline", "<=", at) & Domain("late_alerted_at", "=", False))
    managers = _managers(env, company, late)
    late.filtered(lambda ticket: not ticket.near_alerted_at)._keep({"near_alerted_at": at})
    if late:
        late.activity_unlink([_KIND % "dispute_due"])
    _tell(
        late,
        "dispute_late",
        "late_alerted_at",
        at,
        lambda env, ticket: env._(
            "%(dispute)s is past its SLA of %(hours)s h. It is with %(owner)s.",
            dispute=ticket.display_name,
            hours=round(ticket.sla_hours),
            owner=owner_of(ticket).name,
        ),
        owner=lambda ticket: managers[ticket],
    )


def _near(env, company, at):
    near = _find(env, company, Domain("near_at", "<=", at) & Domain("near_alerted_at", "=", False))
    _tell(
        near,
        "dispute_due",
        "near_alerted_at",
        at,
        lambda env, ticket: env._(
            "%(dispute)s has used most of its SLA: %(left)s.",
            dispute=ticket.display_name,
            left=ticket.with_context(lang=env.lang).time_left,
        ),
    )


def _old(env, company, at):
    """Tell the owners of what has been open for more natural days than the policy of the customer likes."""
    still = _find(
        env,
        company,
        Domain("kind", "!=", "final") & Domain("old_alerted_at", "=", False) & Domain("partner_id", "!=", False),
        at_most=None,
    )
    limits = policies.limits_of(env, company, still.partner_id.ids, ("dispute_alert_days",))
    days = {ticket: limits[ticket.partner_id.id]["dispute_alert_days"] for ticket in still}
    old = still.filtered(lambda ticket: days[ticket] and ticket.opened_at + timedelta(days=days[ticket]) < at)
    _tell(
        old[:_BATCH],
        "dispute_old",
        "old_alerted_at",
        at,
        lambda env, ticket: env._(
            "%(dispute)s has been open for more than %(days)s days.", dispute=ticket.display_name, days=days[ticket]
        ),
    )


def _drafts(env, company, at):
    """Remind the accountants of credit notes that are still drafts."""
    waiting = _find(
        env,
        company,
        Domain("line_ids.credit_note_id.state", "=", "draft")
        & Domain("resolution", "=", "credit_note")
        & Domain("credit_note_alerted_at", "=", False),
        at_most=None,
    )
    limits = policies.limits_of(env, company, waiting.partner_id.ids, ("credit_note_alert_days",))
    days = {ticket: limits[ticket.partner_id.id]["credit_note_alert_days"] for ticket in waiting}
    left = waiting.filtered(lambda ticket: days[ticket] and ticket.resolved_at + timedelta(days=days[ticket]) < at)
    managers = _managers(env, company, left)
    _tell(
        left[:_BATCH],
        "credit_note",
        "credit_note_alerted_at",
        at,
        lambda env, ticket: env._(
            "The credit note of %(dispute)s is still a draft. Post it, or delete it if it is not due.",
            dispute=ticket.display_name,
        ),
        owner=lambda ticket: _accountant(ticket) or managers[ticket],
    )


def drafts_deleted(tickets):
    """Tell the owners of tickets (in sudo) whose draft credit note was deleted: their invoices are chased again."""
    if not tickets:
        return
    alerts.alert(
        tickets,
        _KIND % "credit_note",
        lambda env, ticket: env._(
            "A draft credit note of %(dispute)s was deleted, so its invoice is chased again. "
            "Reopen the dispute if it is not settled.",
            dispute=ticket.display_name,
        ),
        owner=owner_of,
    )


def _accountant(ticket):
    """Return the accountant who booked the disputed invoices, if it is one and still here."""
    invoices = ticket.line_ids.move_id.exists()
    for user in invoices.create_uid | invoices.invoice_user_id:
        if user.active and user.has_group("account.group_account_invoice"):
            return user
    return ticket.env["res.users"]


def _managers(env, company, tickets):
    """Return {ticket: the user who answers for its customer's collections}: of the policy, else a manager."""
    if not tickets:
        return {}
    found = policies.of_customers(env, company, tickets.partner_id.ids)
    fallback = any_manager(env, company)
    none = env["recobro.policy"].sudo()  # sudo: only who answers for it is taken
    return {ticket: found.get(ticket.partner_id.id, none).user_id or fallback for ticket in tickets}


def any_manager(env, company):
    """Return a collections manager of a company, else the administrator."""
    group = env.ref("recobro_module.group_recobro_manager").sudo()  # sudo: who the managers are is no secret
    managers = group.all_user_ids.filtered(
        lambda user: (
            user.active and not user.share and user != env.ref("base.user_root") and company in user.company_ids
        )
    )
    return managers.sorted("id")[:1] or env.ref("base.user_admin")
