"""Who is told of a placement, and what its log says."""

from odoo.tools import format_amount, format_date

from .. import alerts

_APPROVE = "recobro_module.activity_type_placement_approve"
_OVER = "recobro_module.activity_type_placement_over"


def proposed(record):
    """Ask who answers for the agency to decide on what a collector proposed."""

    def words(env, one):
        return env._(
            "%(who)s proposes to hand %(customer)s over to %(agency)s: %(amount)s.",
            who=one.create_uid.name,
            customer=one.partner_id.display_name,
            agency=one.agency_id.name,
            amount=format_amount(env, one.amount, one.currency_id),
        )

    alerts.alert(record, _APPROVE, words, owner=_decides)


def over(records):
    """Tell the owners that the time of some placements (in sudo) is over: what is left is theirs to decide on."""

    def words(env, one):
        return env._(
            "The time of %(agency)s for %(customer)s was over on %(day)s: %(collected)s of %(amount)s came in. What "
            "was not paid is chased by us again; decide what comes next.",
            agency=one.agency_id.name,
            customer=one.partner_id.display_name,
            day=format_date(env, one.ended_on),
            collected=format_amount(env, one.amount_collected, one.currency_id),
            amount=format_amount(env, one.amount, one.currency_id),
        )

    if records:
        alerts.alert(records, _OVER, words, owner=_owner)


def answered(records):
    """Take the requests away: they were decided on, or are needless."""
    records.activity_unlink([_APPROVE])


def log(records, result, words):
    """Add a line to the log of the case of each placement (in sudo), for what became of it.

    :param words: function of a placement that returns the line.
    """
    if records:
        records.env["recobro.interaction"]._log(
            [
                {
                    "company_id": record.company_id.id,
                    "partner_id": record.partner_id.id,
                    "case_id": record.case_id.id,
                    "action_id": record.action_id.id if result == "handed_over" else False,
                    "channel": "note",
                    "direction": "out",
                    "result": result,
                    "summary": words(record),
                }
                for record in records
            ]
        )


def _decides(record):
    return record.agency_id.user_id.filtered("active") or alerts.owner_of(record.case_id)


def _owner(record):
    return record.user_id.filtered("active") or _decides(record)
