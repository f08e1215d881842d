"""A customer is insolvent: everything stops at once, and the claim is on somebody's list until it is filed."""

from odoo.tools import format_date

from . import alerts, clock, holding

_CLAIM = "recobro_module.activity_type_claim"


def declare(records):
    """Stop all chasing of the customers of some new `recobro.insolvency`, and ask for the claims to be filed.

    What is planned or in the mail queue is judged again before it goes out, and finds the hold.
    """
    records = records.sudo()  # sudo: the case, the hold and the log follow from the record, which the person may make
    env = records.env
    everything = env["recobro.item"]
    for record in records:
        company = record.company_id
        record.case_id = env["recobro.case"]._open_for(record.partner_id, company)
        if not record.claim_amount:
            record.claim_amount = record.case_id.live_open
    holding.place({record: {everything: {"date_from": clock.today(env, record.company_id)}} for record in records})
    env["recobro.interaction"]._log(
        [
            _log_values(
                record, env._("Insolvent: %(court)s %(file)s", court=record.court, file=record.file_number or "")
            )
            for record in records
        ]
    )
    ask_for_claim(records)


def ask_for_claim(records):
    """Keep the claims that are not filed yet on the lists of who is to file them, under their deadlines."""
    # sudo: whose activity it is, is for the record to say
    records = records.sudo()
    records.activity_unlink([_CLAIM])
    for record in records.filtered(lambda record: record.state == "declared" and not record.claim_filed_on):
        alerts.alert(record, _CLAIM, _words, record.claim_deadline, _owner)


def end(records):
    """Let the ladder of some insolvencies, in sudo, go on where it was."""
    env = records.env
    ended = records._update_state(("declared",), "ended")
    for record in ended:
        record.ended_on = clock.today(env, record.company_id)
    holding.end(ended)
    ended.activity_unlink([_CLAIM])
    env["recobro.interaction"]._log(
        [_log_values(record, env._("Insolvency ended: %(why)s", why=record.end_reason)) for record in ended]
    )


def _owner(record):
    return record.user_id.filtered("active") or alerts.owner_of(record.case_id)


def _words(env, record):
    return env._(
        "File our claim against %(customer)s at %(court)s by %(day)s: later it may rank behind the others.",
        customer=record.partner_id.display_name,
        court=record.court,
        day=format_date(env, record.claim_deadline),
    )


def _log_values(record, summary):
    return {
        "company_id": record.company_id.id,
        "partner_id": record.partner_id.id,
        "case_id": record.case_id.id,
        "channel": "note",
        "direction": "out",
        "result": "noted",
        "summary": summary,
    }
