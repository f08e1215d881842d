"""What disputes hold, from their state: only the disputed amount, while the dispute or its credit note needs it.

All is computed anew from the tickets each time, so it may be asked as often as one likes. A bounded number of
statements, whatever the number of tickets.
"""

from datetime import timedelta

from odoo.fields import Domain

from .. import clock, holding, open_items, policies
from ..placements import agency_disputes
from . import credit_notes, dispute_alerts, tickets

#: A second ticket from outside on an invoice holds nothing for so many days after one that nobody took: who forges
#: senders can't stop the ladder by writing again.
_FORGER_DAYS = 30


# -----------------------------------------------------------------------------
# WHAT PEOPLE DO
# -----------------------------------------------------------------------------


def opened(opened_tickets):
    """Do what follows from opening tickets (in sudo): the clock, the log, what they hold, who is told."""
    known = opened_tickets.filtered("partner_id")
    known._keep({"is_live": True})
    tickets.set_deadlines(opened_tickets)
    env = opened_tickets.env
    env["recobro.interaction"]._log([_log_values(ticket) for ticket in known])
    dispute_alerts.to_take(opened_tickets.filtered(lambda ticket: not ticket.taken_on))
    agency_disputes.opened(known)
    settle_for(known)


def _log_values(ticket):
    channel = {"mail": "email", "portal": "portal"}.get(ticket.source, ticket.channel or "note")
    return {
        "company_id": ticket.company_id.id,
        "partner_id": ticket.partner_id.id,
        "case_id": ticket.case_id.id,
        "contact_id": ticket.contact_id.id,
        "channel": channel,
        "direction": "in",
        "result": "disputed",
        "summary": ticket.display_name,
        "note": ticket.note,
        "is_automatic": ticket.source != "person",
    }


def moved(moving, stage, resolution=None):
    """Move tickets (in sudo) to a stage, draft the credit notes that follow from it, and hold what they hold now."""
    done = tickets.move(moving, stage, resolution)
    if done and stage.resolution == "credit_note":
        credit_notes.draft(done)
    settle_for(done)
    return done


def taken(taking):
    """Let a person take tickets (in sudo) that came from outside."""
    settle_for(tickets.take(taking))


def disputable(moves, besides):
    """Return {invoice: what is open of it, in no other dispute and in no draft credit note of one}, in its currency.

    :param moves: invoices in sudo.
    :param besides: disputes that do not count.
    """
    lines = moves.env["recobro.dispute.line"].sudo()  # sudo: what others dispute counts whoever asks
    other = dict(
        lines._read_group(
            Domain("move_id", "in", moves.ids)
            & Domain("dispute_id", "not in", besides.ids)
            & (Domain("dispute_id.kind", "!=", "final") | Domain("credit_note_id.state", "=", "draft")),
            ["move_id"],
            ["amount:sum"],
        )
    )
    return {move: max(move.amount_residual - other.get(move, 0), 0) for move in moves}


# -----------------------------------------------------------------------------
# WHAT THEY HOLD
# -----------------------------------------------------------------------------


def settle_for(changed):
    """Bring the disputes of the customers of some tickets (in sudo) up to the present day."""
    for company, here in changed.grouped("company_id").items():
        settle(changed.env, company, clock.today(changed.env, company), here.partner_id.ids)


def settle(env, company, as_of, partner_ids=None):
    """Close the disputes that are paid, open again those that are not any more, and make the holds of all of them
    what their state asks for on a day.

    :param company: main company.
    :param partner_ids: commercial entities to look at; all when None.
    """
    live = _live(env, company, partner_ids)
    if partner_ids is None:
        # A holiday that was entered since moves the deadlines
        tickets.set_deadlines(live)
    if not live:
        return
    items = open_items.meet(env, company, as_of, live.partner_id.ids).grouped("move_id")
    standing = credit_notes.standing(live)
    unpaid_again = live.filtered(lambda ticket: ticket.resolution == "paid")
    _close_settled(live.filtered(lambda ticket: ticket.kind != "final"), items)
    _reopen_unpaid(unpaid_again, items, standing)
    limits = policies.limits_of(env, company, live.partner_id.ids, ("quiet_days", "untaken_dispute_days"))
    forged = _forged(live)
    held = {}
    left = {item: item.amount_open for here in items.values() for item in here}
    for ticket in live.sorted("id"):
        until = _until(ticket, limits[ticket.partner_id.id])
        lines = _lines_that_hold(ticket, as_of, until, standing) - forged
        held[ticket] = (_parts(lines, items, left, until), lines)
    _keep_in_view(live, {ticket for ticket, (_parts, lines) in held.items() if lines}, standing)
    holding.place({ticket: parts for ticket, (parts, _lines) in held.items()})


def _live(env, company, partner_ids):
    """Return the tickets (in sudo) that may hold something: open, just closed, with a credit note in draft, or closed
    as paid while something of their invoices is open.
    """
    domain = Domain("is_live", "=", True) | Domain("line_ids.credit_note_id.state", "=", "draft")
    unpaid = Domain("move_id.state", "=", "posted") & Domain("move_id.amount_residual", ">", 0)
    domain |= Domain("resolution", "=", "paid") & Domain("line_ids", "any", unpaid)
    domain &= Domain("company_id", "=", company.id)
    if partner_ids is not None:
        domain &= Domain("partner_id", "in", list(partner_ids))
    return env["recobro.dispute"].sudo().search(domain)  # sudo: the engine settles them all


def _close_settled(open_tickets, items):
    """Close the tickets none of whose invoices has anything left to pay; an invoice in draft may come back.

    They end as paid, but for those whose invoices were all cancelled or deleted: nobody paid anything.
    """
    there = open_tickets.line_ids.move_id.exists()
    unpaid = {move for move in there if move in items or move.state == "draft"}
    posted = {move for move in there if move.state == "posted"}
    settled = open_tickets.filtered(lambda ticket: ticket.line_ids and not unpaid & set(ticket.line_ids.move_id))
    stage = tickets.own_end(settled.env)
    if not settled or not stage:
        return
    # A ticket that a person is changing now is looked at again with the mark that leaves
    settled = settled.try_lock_for_update(allow_referencing=True)
    paid = settled.filtered(lambda ticket: posted & set(ticket.line_ids.move_id))
    if paid:
        tickets.move(paid, stage, "paid")
    if cancelled := settled - paid:
        dispute_alerts.cancelled(tickets.move(cancelled, stage, "agreement"))


def _reopen_unpaid(paid, items, standing):
    """Open again the tickets closed as paid whose payment was undone: what was disputed is disputed still."""
    unpaid = paid.filtered(
        lambda ticket: (
            any(move in items for move in ticket.line_ids.move_id)
            # As for a person, who would be told to delete it or to open a new dispute
            and not any(note.id in standing for note in ticket.line_ids.credit_note_id)
        )
    ).try_lock_for_update(allow_referencing=True)
    if unpaid:
        dispute_alerts.reopened(tickets.move(unpaid, tickets.review_stage(unpaid.env)))


def _keep_in_view(live, holding_some, standing):
    """Forget the closed tickets that hold nothing any more; tell of those whose credit note was deleted as a draft.

    :param holding_some: the tickets that hold something. A credit note set back to draft brings one back into view.
    """
    closed = live.filtered(lambda ticket: ticket.kind == "final")
    closed.filtered(lambda ticket: ticket in holding_some and not ticket.is_live)._keep({"is_live": True})
    over = closed.filtered(lambda ticket: ticket not in holding_some and ticket.is_live)
    over._keep({"is_live": False})
    over.activity_unlink(["recobro_module.activity_type_credit_note"])
    dispute_alerts.drafts_deleted(
        over.filtered(
            lambda ticket: (
                ticket.resolution == "credit_note"
                and any(line.credit_note_id.id not in standing for line in ticket.line_ids)
            )
        )
    )


def _forged(live):
    """Return the lines of tickets from outside that nobody took, on invoices that had another such one before.

    Within so many days the second one holds nothing: it may be the same forged sender.
    """
    untaken = live.filtered(lambda ticket: not ticket.taken_on and ticket.source != "person")
    if not untaken:
        return live.line_ids.browse()
    before = live.line_ids.search(
        Domain("move_id", "in", untaken.line_ids.move_id.ids)
        & Domain("dispute_id.source", "!=", "person")
        & Domain("dispute_id.taken_on", "=", False)
    ).grouped("move_id")
    return untaken.line_ids.filtered(
        lambda line: any(
            other.dispute_id.id < line.dispute_id.id
            and other.dispute_id.held_from + timedelta(days=_FORGER_DAYS) >= line.dispute_id.held_from
            for other in before.get(line.move_id, ())
        )
    )


def _until(ticket, limits):
    """Return the last day on which a ticket holds: None for no end, a day before it began for never."""
    if ticket.kind != "final":
        if ticket.taken_on:
            return None
        return ticket.held_from + timedelta(days=limits["untaken_dispute_days"] - 1)
    if ticket.resolution in ("rejected", "agreement"):
        return ticket.closed_on + timedelta(days=limits["quiet_days"] - 1)
    return None


def _lines_that_hold(ticket, as_of, until, standing):
    """Return the lines of a ticket that hold something on a day."""
    if until and (until < as_of or until < ticket.held_from):
        return ticket.line_ids.browse()
    if ticket.kind != "final":
        return ticket.line_ids
    if ticket.resolution == "credit_note":
        return ticket.line_ids.filtered(lambda line: standing.get(line.credit_note_id.id))
    return ticket.line_ids if until else ticket.line_ids.browse()


def _parts(lines, items, left, until):
    """Return {item: values of its hold} for the lines of a ticket; what they take is taken off `left`."""
    parts = {}
    for line in lines:
        free = {item: left[item] for item in items.get(line.move_id, ())}
        for item, part in holding.spread(free, line.amount).items():
            left[item] -= part
            parts[item] = {"amount": part, "date_until": until or False}
    return parts
