"""A dispute from its opening to its end: what is taken from its reason, its clock, and its one guarded transition.

Tickets in here are in sudo: who may do what was checked by the model (`models/recobro_dispute.py`).
"""

from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.exceptions import LockError, UserError

from .. import alerts, clock
from . import sla

#: Hours of a ticket whose reason nobody has chosen yet: three working days.
DEFAULT_SLA_HOURS = 72.0
#: Alerts that end with the ticket.
OPEN_ALERTS = [f"recobro_module.activity_type_dispute_{name}" for name in ("new", "reply", "due", "late", "old")]


# -----------------------------------------------------------------------------
# OPENING
# -----------------------------------------------------------------------------


def complete(env, vals, company):
    """Fill in what a new ticket is given by its reason, its customer's case and the moment; `vals` are changed.

    :param company: main company.
    """
    partner = env["res.partner"].browse(vals.get("partner_id")).commercial_partner_id
    if not partner.exists() and not vals.get("doubt"):
        raise UserError(env._("A dispute is somebody's: choose the customer."))
    vals["partner_id"] = partner.id
    cases = env["recobro.case"].with_context(default_opened_on=clock.today(env, company))
    case = cases._open_for(partner, company, is_manual=False) if partner else cases
    reason = env["recobro.dispute.reason"].browse(vals.get("reason_id"))
    vals.setdefault("subject", reason.name or env._("Dispute"))
    opened_at = vals.setdefault("opened_at", clock.moment(env))
    vals.update(company_id=company.id, case_id=case.id, stage_id=_first_stage(env, vals.get("stage_id")).id)
    vals.setdefault("user_id", (reason.user_id or alerts.owner_of(case)).id)
    vals.setdefault("sla_hours", reason.sla_hours or DEFAULT_SLA_HOURS)
    vals.setdefault("department", reason.department)
    vals.setdefault("root_cause", reason.root_cause)
    vals.setdefault("held_from", clock.today(env, company))
    vals.update(running_since=opened_at, date_last_stage_update=opened_at)
    if vals.get("source", "person") == "person":
        vals["taken_on"] = opened_at


def _first_stage(env, stage_id):
    """Return the stage that a ticket is opened in: the one asked for when it is an open one, else the first."""
    asked = env["recobro.dispute.stage"].browse(stage_id)
    return asked if asked.kind == "open" else stage_of_kind(env, "open")


def attach(ticket, files):
    """Give a ticket its files: what the user has just uploaded; of what is somebody's or something's already, a copy.

    :param files: attachments in the environment of the user, who can copy only what they may read.
    """
    files.check_access("read")
    place = {"res_model": ticket._name, "res_id": ticket.id}
    uploaded = files.filtered(lambda file: not file.res_id and file.create_uid == files.env.user)
    uploaded.write(place)
    for file in files - uploaded:
        file.copy({**place, "res_field": False})


def set_deadlines(tickets):
    """Write when the SLA of tickets whose clock runs is used up, and when it nearly is; the others have no deadline."""
    for company, here in tickets.grouped("company_id").items():
        running = here.filtered("running_since")
        (here - running).filtered("deadline")._keep({"deadline": False, "near_at": False})
        calendar = sla.clock_for(company, running.mapped("running_since"))
        for ticket in running:
            moments = {
                name: calendar.after(ticket.running_since, ticket.sla_hours * share - ticket.sla_consumed)
                for name, share in (("deadline", 1), ("near_at", sla.NEAR))
            }
            changed = {name: moment for name, moment in moments.items() if ticket[name] != (moment or False)}
            if changed:
                ticket._keep(changed)


def used_hours(tickets, at):
    """Return {ticket id: hours of its SLA that are used up at the moment `at`}."""
    used = {}
    for company, here in tickets.grouped("company_id").items():
        calendar = sla.clock_for(company, here.mapped("running_since"))
        for ticket in here:
            since = ticket.running_since
            running = calendar.elapsed(since, at) if since and since < at else 0
            used[ticket.id] = ticket.sla_consumed + running
    return used


def take_over_reason(tickets, given):
    """Give tickets whose reason was changed what it says of department, cause and SLA, but for what is `given`."""
    for reason, here in tickets.grouped("reason_id").items():
        values = {name: reason[name] for name in ("department", "root_cause") if reason and name not in given}
        here._keep({**values, "sla_hours": reason.sla_hours or DEFAULT_SLA_HOURS})
    set_deadlines(tickets)


# -----------------------------------------------------------------------------
# FROM STAGE TO STAGE
# -----------------------------------------------------------------------------


def move(tickets, stage, resolution=None):
    """Move tickets to a stage, in one transition that two people can't both make; return those that were moved.

    A closed ticket is not closed again; dragged back to an open stage, it is reopened. Raises UserError.

    :param resolution: how the ticket ends when not as its stage says (paid meanwhile).
    """
    _lock(tickets)
    for ticket in tickets:
        _refuse(ticket, stage)
    moving = tickets.filtered(lambda ticket: ticket.stage_id != stage)
    _write(moving, stage, resolution)
    return moving


def _lock(tickets):
    """Take the tickets for this transaction, and read again what they are: somebody may have been faster."""
    try:
        tickets.lock_for_update(allow_referencing=True)
    except LockError as error:
        raise UserError(
            tickets.env._(
                "A colleague is changing %(disputes)s at this very moment. Look at it again, then decide.",
                disputes=", ".join(tickets.mapped("name")),
            )
        ) from error
    tickets.flush_recordset()
    tickets.invalidate_recordset()


def _refuse(ticket, stage):
    """Raise why a ticket may not go to a stage; return when it may."""
    env = ticket.env
    if ticket.kind != "final":
        if stage.resolution == "credit_note" and not ticket.line_ids:
            raise UserError(env._("%(dispute)s names no invoice: add it before crediting it.", dispute=ticket.name))
        return
    if stage.kind == "final":
        raise UserError(
            env._(
                "%(user)s has already closed %(dispute)s as “%(stage)s”. Reopen it first to end it another way.",
                user=ticket.closed_by_id.name or env._("Collections"),
                dispute=ticket.name,
                stage=ticket.stage_id.name,
            )
        )
    _refuse_reopening(ticket)


def _refuse_reopening(ticket):
    """A ticket with a credit note that stands is not reopened: its amount would be given twice."""
    env = ticket.env
    standing = ticket.line_ids.credit_note_id.exists().filtered(lambda move: move.state != "cancel")
    if drafts := standing.filtered(lambda move: move.state == "draft"):
        raise UserError(
            env._(
                "%(dispute)s has a draft credit note (%(notes)s). Delete the draft first, then reopen the dispute.",
                dispute=ticket.name,
                notes=", ".join(drafts.mapped("display_name")),
            )
        )
    if standing:
        raise UserError(
            env._(
                "The credit note of %(dispute)s (%(notes)s) is posted. Open a new dispute for what is still not right.",
                dispute=ticket.name,
                notes=", ".join(standing.mapped("name")),
            )
        )


def _write(tickets, stage, resolution):
    """Write the new stage with what it does to the clock, and what closing and reopening leave on a ticket."""
    env = tickets.env
    at = clock.moment(env)
    used = used_hours(tickets, at)
    for ticket in tickets:
        values = {
            "stage_id": stage.id,
            "date_last_stage_update": at,
            "sla_consumed": used[ticket.id],
            "running_since": at if stage.kind == "open" else False,
        }
        if stage.kind == "final":
            values |= _closing(ticket, resolution or stage.resolution, used[ticket.id], at)
        elif ticket.kind == "final":
            values |= _reopening(ticket)
        if not ticket.taken_on and _is_person(env):
            values["taken_on"] = at
        ticket._keep(values)
    set_deadlines(tickets)
    over = OPEN_ALERTS if stage.kind == "final" else ["recobro_module.activity_type_credit_note"]
    tickets.activity_unlink(over)


def _closing(ticket, resolution, used, at):
    return {
        "resolution": resolution,
        "resolved_at": at,
        "closed_on": clock.today(ticket.env, ticket.company_id),
        "closed_by_id": ticket.env.uid if _is_person(ticket.env) else False,
        "cycle_hours": used,
        "raw_hours": (at - ticket.opened_at) / timedelta(hours=1),
        "sla_outcome": "met" if is_within(used, ticket.sla_hours) else "missed",
    }


def _reopening(ticket):
    return {
        **dict.fromkeys(
            ("resolution", "resolved_at", "closed_on", "closed_by_id", "cycle_hours", "raw_hours", "sla_outcome"), False
        ),
        "is_live": True,
        "held_from": clock.today(ticket.env, ticket.company_id),
    }


def is_within(used, sla_hours):
    """Return whether so many hours keep an SLA; a second more or less is nobody's.

    >>> is_within(72.0, 72.0), is_within(72.0001, 72.0), is_within(72.01, 72.0)
    (True, True, False)
    """
    return used <= sla_hours + 1 / 3600


def _is_person(env):
    """Return whether a person is at work, not the daily job or the mail gateway."""
    return env.uid != SUPERUSER_ID and env.user._is_internal()


def stage_of_kind(env, kind):
    """Return the first stage of a kind."""
    stage = env["recobro.dispute.stage"].search([("kind", "=", kind)], limit=1)
    if not stage:
        raise UserError(env._("No stage is for that: add one to the stages of disputes."))
    return stage


def review_stage(env):
    """Return the stage in which somebody works on a ticket: the shipped one, or the last open one."""
    shipped = env.ref("recobro_module.dispute_stage_review", raise_if_not_found=False)
    if shipped and shipped.kind == "open":
        return shipped
    return env["recobro.dispute.stage"].search([("kind", "=", "open")], order="sequence DESC", limit=1) or (
        stage_of_kind(env, "open")
    )


def own_end(env):
    """Return the stage in which the engine ends tickets: of agreements, else of another end, if there is any."""
    stages = env["recobro.dispute.stage"].search([("kind", "=", "final")])
    # Last the one in favour, which would say that there are credit notes
    order = ("agreement", "rejected", "credit_note")
    return stages.sorted(lambda stage: order.index(stage.resolution))[:1]


def stage_for(env, resolution):
    """Return the stage in which a person ends tickets with a resolution. Raises UserError."""
    stage = env["recobro.dispute.stage"].search([("kind", "=", "final"), ("resolution", "=", resolution)], limit=1)
    if not stage:
        raise UserError(
            env._("No stage closes disputes that way: add a closing stage with this resolution to the stages.")
        )
    return stage


def take(tickets):
    """A person takes tickets that came from outside: what they hold is held for as long as they are open."""
    _lock(tickets)
    taken = tickets.filtered(lambda ticket: not ticket.taken_on and ticket.kind != "final")
    taken._keep({"taken_on": clock.moment(tickets.env), "user_id": tickets.env.uid})
    taken.activity_unlink(["recobro_module.activity_type_dispute_new"])
    return taken
