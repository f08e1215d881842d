"""A dispute that an agency has heard of: it becomes a ticket when one of ours opens it, and the owner is asked to.

It holds nothing by itself: an agency's word does not stop the ladder, and while the case is with it our own messages
pause anyway.
"""

from .. import alerts

_TYPE = "recobro_module.activity_type_agency_dispute"


def heard(line):
    """Ask the owner of the case to open a ticket of what a line (in sudo) of an agency's log says; once a placement."""
    alerts.alert(
        line.placement_id,
        _TYPE,
        lambda env, placement: env._(
            "%(who)s of %(agency)s writes that %(customer)s disputes something: “%(words)s”. Open a dispute with the "
            "button of the placement, or find out more: until then it counts as not disputed.",
            who=line.agency_user_id.name,
            agency=placement.agency_id.name,
            customer=placement.partner_id.display_name,
            words=line.note or line.summary,
        ),
        owner=lambda placement: alerts.owner_of(placement.case_id),
        is_further=True,
    )


def waiting(placements):
    """Return those of some placements (in sudo) of whose disputes nobody has opened a ticket yet."""
    activities = placements.activity_search([_TYPE])
    return placements.browse(activities.mapped("res_id"))


def last_line(placement):
    """Return the last line (in sudo) in which its agency writes that something is disputed."""
    return placement.agency_log_ids.filtered(lambda line: line.result == "disputed").sorted("id")[-1:]


def opened(tickets):
    """Take the request from the owners of the customers of some tickets (in sudo) that one of ours has opened."""
    tickets = tickets.filtered(lambda ticket: ticket.source == "person" and ticket.partner_id)
    for company, opened_here in tickets.grouped("company_id").items():
        # Each company by itself: another one's request is about what nobody has opened there
        customers = [("partner_id", "in", opened_here.partner_id.ids), ("company_id", "=", company.id)]
        tickets.env["recobro.placement"].search(customers).activity_unlink([_TYPE])
