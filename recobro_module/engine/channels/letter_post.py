"""Letters are posted by a person: what was sent on which day, what proves it, when it arrived, or that it came back."""

from odoo.exceptions import UserError
from odoo.tools import format_date

from .. import alerts, clock, message
from ..placements import letter_proofs
from ..statement import fingerprints


def changed(actions):
    """Return those of some printed letters of whose customers anything has changed since: they would be untrue now."""
    stale = actions.browse()
    for company, batch in actions.filtered("letter_id").grouped("company_id").items():
        now = fingerprints(actions.env, company, clock.today(actions.env, company), batch.partner_id.ids)
        stale |= batch.filtered(lambda action, now=now: action.fingerprint != now[action.partner_id.id])
    return stale


def sent(actions, day, tracking, proofs):
    """Record that some printed letters were posted: their items climb, and the log has a line with the proof.

    :param actions: `recobro.action` in sudo, printed.
    :param tracking: {action id: tracking number or nothing}.
    :param proofs: `ir.attachment`s; each letter keeps a copy of its own on its case.
    """
    for action in actions:
        action.write({"sent_on": day, "tracking_number": (tracking.get(action.id) or "").strip() or False})
    done = actions._set_done(day)
    done.write({"sent_by_id": actions.env.uid, "proof_asked_on": False})
    letter_proofs.proved(done)
    for action in done:
        _record(action, "sent", _words_of_sending(action, day), _keep(action, proofs) | action.letter_id.exists())


def delivered(actions, day, proofs):
    """Record that letters arrived: from that day on counts what they give the customer time for."""
    actions.write({"delivered_on": day})
    letter_proofs.proved(actions)
    for action in actions:
        words = action.env._("Delivered on %(day)s", day=format_date(action.env, day))
        _record(action, "delivered", words, _keep(action, proofs))


def came_back(actions, reason, proofs):
    """Record that letters came back: the items step back, and the owner of the case is told."""
    for action in actions:
        action._set_failed(action.env._("The letter came back: %(reason)s", reason=reason))
        alerts.delivery_failed(action)
        _record(action, "bounced", reason, _keep(action, proofs))
    # Now that they are none: the letters before them may be the last ones again
    letter_proofs.proved(actions)


def post(actions):
    """Hand printed letters to Odoo's own letter service where it is installed; what that costs, its own screens say."""
    service = actions.env.get("snailmail.letter")
    if service is None or not all(actions.company_id.mapped("recobro_letter_service")):
        raise UserError(actions.env._("Switch on Odoo's letter service first: Settings › Collections › Letters."))
    service.create(
        [
            {
                "partner_id": action.get_letter().address.id,
                "model": "recobro.case",
                "res_id": action.case_id.id,
                "user_id": actions.env.uid,
                "company_id": action.company_id.id,
                "attachment_id": action.letter_id.id,
            }
            for action in actions
        ]
    )
    for company, batch in actions.grouped("company_id").items():
        sent(batch, clock.today(actions.env, company), {}, actions.env["ir.attachment"])


def _words_of_sending(action, day):
    values = {"day": format_date(action.env, day), "number": action.tracking_number}
    if action.tracking_number:
        return action.env._("Posted on %(day)s, tracking number %(number)s", **values)
    return action.env._("Posted on %(day)s", **values)


def _keep(action, proofs):
    """Keep copies of some files on the case of a letter, as its proof: the files themselves go with their dialog."""
    copies = (file.copy({"res_model": "recobro.case", "res_id": action.case_id.id}) for file in proofs)
    kept = action.env["ir.attachment"].union(*copies)
    action.proof_ids |= kept
    return kept


def _record(action, result, words, files):
    """Leave a note with the files on the case of a letter, and a line in the log that points at it."""
    note = action.case_id._message_log(body=words, attachment_ids=files.ids)
    line = message.log_values(action, result, note=words, message_id=note.id, user_id=action.env.uid)
    action.env["recobro.interaction"]._log([line])
