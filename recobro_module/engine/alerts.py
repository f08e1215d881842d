"""What a person is told: one activity of a kind on a case, with an owner, never twice."""

from odoo.tools import format_date


def alert(cases, type_xmlid, note, deadline=None):
    """Give the owner of each case an activity of this type, unless one is already open on it.

    :param cases: `recobro.case` records, in sudo: the owner is told whoever is at work.
    :param deadline: date; the day that the activity type says when None.
    """
    for case in cases:
        if case.activity_search([type_xmlid]):
            continue
        owner = case.user_id or case.policy_id.user_id or case.env.ref("base.user_admin")
        case.activity_schedule(type_xmlid, date_deadline=deadline, user_id=owner.id, note=note)


def no_address(cases):
    """Tell the owners that nobody can be reached: never silence."""
    alert(
        cases,
        "recobro_module.activity_type_address",
        cases.env._("Nobody can be reached: no contact of this customer has a usable e-mail address. Add one."),
    )


def delivery_failed(action):
    """Tell the owner of the case that a message could not be delivered, and why."""
    env = action.env
    alert(
        action.case_id,
        "recobro_module.activity_type_delivery",
        env._(
            "The message of %(day)s to %(to)s was not delivered: %(error)s",
            day=format_date(env, action.day),
            to=action.email_to or action.partner_id.display_name,
            error=action.error,
        ),
    )
