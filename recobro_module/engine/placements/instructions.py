"""Instructions that an agency asks for: an activity for who answers for the placement, and the answer to who asked."""

from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import alerts, clock
from . import agency_log, agency_mail

_TYPE = "recobro_module.activity_type_instructions"


def ask(placement, user, text):
    """Keep what a person of an agency asks about a case that is with it (in sudo), and tell who answers."""
    question = placement.env["recobro.placement.question"].create(
        {
            "placement_id": placement.id,
            "question": text,
            "asked_by_id": user.id,
            "asked_on": clock.moment(placement.env),
        }
    )
    env = agency_log.speaking_to_owner(placement)
    words = env._("Asks for instructions: %(question)s", question=text)
    agency_log.log(placement, user, channel="portal", result="noted", summary=words.split("\n")[0], note=words)
    alerts.alert(
        placement,
        _TYPE,
        lambda env: env._(
            "%(who)s of %(agency)s asks about %(customer)s: “%(question)s”. Answer with the button of the placement.",
            who=user.name,
            agency=placement.agency_id.name,
            customer=placement.partner_id.display_name,
            question=text,
        ),
        owner=agency_log.owner_of,
        is_further=True,
    )
    return question


def answer(question, text):
    """Answer a question (in sudo) of an agency: it is on its page, and in the mail of who asked."""
    if question.state != "open":
        raise UserError(question.env._("A colleague was faster: this is answered already. Reload the page."))
    placement = question.placement_id
    question.write(
        {
            "state": "answered",
            "answer": text,
            "answered_by_id": question.env.uid,
            "answered_on": clock.moment(question.env),
        }
    )
    if not placement.question_ids.filtered(lambda one: one.state == "open"):
        placement.activity_unlink([_TYPE])
    agency_mail.tell(
        placement,
        question.asked_by_id,
        lambda env: env._("%(number)s: our answer", number=placement.name),
        lambda env: env._(
            "You asked on %(day)s: “%(question)s”\n\nOur answer: %(answer)s",
            day=format_date(env, question.asked_on),
            question=question.question,
            answer=text,
        ),
    )


def lapse(placements):
    """Close what was asked about placements (in sudo) that are over: nobody waits for an answer any more."""
    waiting = placements.question_ids.filtered(lambda one: one.state == "open")
    if waiting:
        waiting.write({"state": "over"})
        waiting.placement_id.activity_unlink([_TYPE])
