"""What the people of an agency write: lines of the same log as ours, append-only, with who of which agency it was.

Who answers for the placement is the responsible of the line, as of everything that comes from outside.
"""

from .. import alerts

#: What a line is at a glance; its note has all.
_MOST_SUMMARY = 120


def log(placement, user, **values):
    """Add a line of a person of an agency to the log of a case that is with it, and return it.

    :param placement: in sudo; that it is with the agency of `user` is the caller's to check.
    :param values: of the line: channel, direction, result, summary, note, contact_id, next_step, next_date.
    """
    [line] = placement.env["recobro.interaction"]._log(
        [
            {
                "company_id": placement.company_id.id,
                "partner_id": placement.partner_id.id,
                "case_id": placement.case_id.id,
                "placement_id": placement.id,
                "agency_id": placement.agency_id.id,
                "agency_user_id": user.id,
                "user_id": owner_of(placement).id,
                "direction": "out",
                **values,
                "summary": values["summary"][:_MOST_SUMMARY],
            }
        ]
    )
    return line


def owner_of(placement):
    """Return who of ours answers for a placement (in sudo): its responsible, the agency's, the owner of the case."""
    return (
        placement.user_id.filtered("active")
        or placement.agency_id.user_id.filtered("active")
        or alerts.owner_of(placement.case_id)
    )


def speaking_to_owner(placement):
    """Return an environment in the language of who of ours reads what an agency writes."""
    return alerts.speaking_to(owner_of(placement))
