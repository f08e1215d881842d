"""The legal file of a case that is with a lawyer: its milestones as activities, their days, and what came of it.

Milestones are proposals of what usually comes when; what the court says goes before.
"""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tools import format_date

from ...const import LEGAL_OUTCOMES_LOST
from .. import alerts, clock
from . import placement_alerts

_MILESTONE = "recobro_module.activity_type_milestone"
_OVER = "recobro_module.activity_type_legal_over"
#: States of a placement that has no deadlines to keep.
_NOT_COUNTED = ("proposed", "refused", "finished")


def check_kind(placements):
    """Refuse a legal file to what is not with a lawyer."""
    for placement in placements:
        if placement.kind != "lawyer":
            raise UserError(
                placement.env._(
                    "%(agency)s is a collection agency: only a case that is with a lawyer has a legal file.",
                    agency=placement.agency_id.name,
                )
            )


# -----------------------------------------------------------------------------
# THE USUAL MILESTONES
# -----------------------------------------------------------------------------


def usual(env, procedure):
    """Return the usual milestones of a procedure in order: [(code, name, days after the one before, how counted)].

    By its code one is known whatever it is called. The days the law gives are working days; the others say when it is
    time to ask.
    """
    filed = ("filed", env._("Claim filed"), 15, "natural")
    admitted = ("admitted", env._("Claim admitted"), 45, "natural")
    enforced = ("enforcement", env._("Enforcement asked for"), 20, "working")
    opposition = ("opposition_due", env._("Payment or opposition due"))
    return {
        "payment_order": [
            filed,
            admitted,
            ("served", env._("Order served on the customer"), 30, "natural"),
            (*opposition, 20, "working"),
            enforced,
        ],
        "ordinary": [
            filed,
            admitted,
            ("answer_due", env._("Answer to the claim due"), 20, "working"),
            ("hearing", env._("Preliminary hearing"), 90, "natural"),
            ("trial", env._("Trial"), 120, "natural"),
            ("judgment", env._("Judgment"), 20, "working"),
            enforced,
        ],
        "exchange": [
            filed,
            ("attachment", env._("Demand for payment and attachment"), 30, "natural"),
            (*opposition, 10, "working"),
            enforced,
        ],
        "other": [filed, ("court_answer", env._("Answer of the court"), 45, "natural")],
    }[procedure]


def plan(placement, as_of):
    """Add the usual milestones of the procedure that a placement lacks, each due so long after the one before.

    :return: the new milestones.
    """
    known = {milestone.code: milestone for milestone in placement.milestone_ids if milestone.code}
    last, new = as_of, []
    for number, (code, name, days, kind) in enumerate(usual(placement.env, placement.procedure), 1):
        if code in known:
            last = known[code].done_on or known[code].deadline
            continue
        last = _after(placement.company_id, last, days, kind)
        values = {"code": code, "name": name, "sequence": number * 10, "deadline": last}
        new.append({"placement_id": placement.id, **values, "wait_days": days, "wait_kind": kind})
    # sudo: how days are counted is the engine's; who may plan was checked by the button
    return placement.env["recobro.legal.milestone"].sudo().create(new)


def _after(company, day, days, kind):
    """Return the day so many days after another."""
    if kind == "natural":
        return day + timedelta(days=days)
    later = [one for one in clock.working_days(company, None, day, horizon=days * 2 + 30) if one > day]
    return later[days - 1] if len(later) >= days else day + timedelta(days=days * 2)


# -----------------------------------------------------------------------------
# WHAT FOLLOWS FROM A CHANGE
# -----------------------------------------------------------------------------


def follow(milestones, done):
    """Let activities, the log and the following deadlines be what some milestones now say.

    :param done: those of them that were open before.
    """
    milestones, done = milestones.sudo(), done.sudo()  # sudo: what follows is the engine's, whoever wrote them
    for milestone in done:
        # Marked done in Odoo's activities, there is none to close
        milestone.activity_id.filtered("active")._action_done(feedback=milestone.note or False)
        _move_next(milestone)
    if done:
        _log_done(done)
    for milestone in milestones - done:
        if milestone.done_on:
            milestone.activity_id.filtered("active").unlink()
        elif _counts(milestone.placement_id):
            _ask(milestone)


def done_with(activities):
    """Return the open milestones (in sudo) that some activities stand for."""
    # sudo: who may mark the activity has done the milestone
    milestones = activities.env["recobro.legal.milestone"].sudo()
    ours = activities.filtered(lambda activity: activity.res_model == "recobro.placement")
    return milestones.search([("activity_id", "in", ours.ids), ("done_on", "=", False)]) if ours else milestones


def follow_state(placements):
    """Take the deadlines of what is settled from the lists, and put back those of what is not after all.

    What was recalled, or whose time with us was over, keeps them: the court's days go on.
    """
    for milestone in placements.sudo().milestone_ids.filtered(lambda one: not one.done_on):
        if _counts(milestone.placement_id):
            _ask(milestone)
        else:
            milestone.activity_id.filtered("active").unlink()


def keep_asked(env, company):
    """Put the deadlines of a company back on the lists from which somebody has taken them: a court's day stays one."""
    milestones = env["recobro.legal.milestone"].sudo()
    for milestone in milestones.search(
        [
            ("company_id", "=", company.id),
            ("done_on", "=", False),
            ("placement_id.state", "not in", _NOT_COUNTED),
            "|",
            ("activity_id", "=", False),
            ("activity_id.active", "=", False),
        ]
    ):
        _ask(milestone)


def _counts(placement):
    return placement.state not in _NOT_COUNTED


def _ask(milestone):
    """Keep the one activity of an open milestone as it says, and make it where it is missing."""
    env = milestone.env
    owner = milestone.user_id
    values = {"user_id": owner.id, "date_deadline": milestone.deadline, "summary": milestone.name}
    activity = milestone.activity_id.filtered("active")
    if activity:
        activity.write(values)
        return
    kind = env.ref(_MILESTONE, raise_if_not_found=False) or env.ref("mail.mail_activity_data_todo")
    model = env["ir.model"]._get_id("recobro.placement")
    about = {"res_model_id": model, "res_id": milestone.placement_id.id, "activity_type_id": kind.id}
    milestone.activity_id = env["mail.activity"].create(
        {**values, **about, "note": _words_due(alerts.speaking_to(owner), milestone), "automated": True}
    )


def _words_due(env, milestone):
    placement = milestone.placement_id
    return env._(
        "Legal file of %(customer)s, with %(lawyer)s.",
        customer=placement.partner_id.display_name,
        lawyer=placement.agency_id.name,
    )


def _move_next(milestone):
    """Count the days of those after a milestone from the day it was done, up to one whose day a person has set."""
    last = milestone.done_on
    for later in milestone.placement_id.milestone_ids.sorted():
        if (later.sequence, later.id) <= (milestone.sequence, milestone.id) or later.done_on:
            continue
        if not later.wait_days:
            return
        last = _after(milestone.company_id, last, later.wait_days, later.wait_kind)
        if last != later.deadline:
            later.deadline = last


def _log_done(milestones):
    for milestone in milestones:
        placement_alerts.log(milestone.placement_id, "noted", lambda one, done=milestone: _words_done(one, done))


def _words_done(placement, milestone):
    env = placement.env
    words = env._(
        "Legal file %(number)s: %(milestone)s, done on %(day)s",
        number=placement.legal_number or placement.name,
        milestone=milestone.name,
        day=format_date(env, milestone.done_on),
    )
    return f"{words}. {milestone.note}" if milestone.note else words


# -----------------------------------------------------------------------------
# OUTCOME
# -----------------------------------------------------------------------------


def decide(placement, outcome, day, note):
    """Record what came of a legal file (placement in sudo); a lost one asks the owner how the case ends."""
    placement.write({"legal_outcome": outcome, "legal_outcome_on": day, "legal_outcome_note": note})
    placement_alerts.log(placement, "noted", _words_outcome)
    case = placement.case_id
    if outcome not in LEGAL_OUTCOMES_LOST:
        case.activity_unlink([_OVER])
    elif case.state == "open":
        alerts.alert(case, _OVER, lambda env, case: _words_over(placement.with_env(env(su=True))))


def _outcome(placement):
    return dict(placement._fields["legal_outcome"]._description_selection(placement.env))[placement.legal_outcome]


def _words_outcome(placement):
    env = placement.env
    words = env._(
        "Legal file %(number)s: %(outcome)s on %(day)s",
        number=placement.legal_number or placement.name,
        outcome=_outcome(placement),
        day=format_date(env, placement.legal_outcome_on),
    )
    return f"{words}. {placement.legal_outcome_note}" if placement.legal_outcome_note else words


def _words_over(placement):
    return placement.env._(
        "%(outcome)s in the legal file of %(customer)s. Decide how the case ends: recall it and go on, or close it "
        "with its outcome.",
        outcome=_outcome(placement),
        customer=placement.partner_id.display_name,
    )
