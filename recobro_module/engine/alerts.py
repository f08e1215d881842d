"""What a person is told: one activity of a kind on a case, with an owner, never twice."""

from inspect import signature

from markupsafe import Markup, escape

from odoo.tools import format_date

from . import clock

_APPROVE = "recobro_module.activity_type_approve"
#: So many alerts at once are mailed to their owners too, each by itself; more of them wait in the owners' lists.
_MAILED = 5


def owner_of(case):
    """Return who is told about a case: its responsible, else its policy's, else the administrator."""
    # sudo: whoever is at work, the mail gateway too, may know whose case it is
    case = case.sudo()
    # By its cached id: asked of many cases, a reference would be looked up once for each
    admin = case.env["res.users"].browse(case.env["ir.model.data"]._xmlid_to_res_id("base.user_admin"))
    # Somebody who has left the company would never see it
    return case.user_id.filtered("active") or case.policy_id.user_id.filtered("active") or admin


def speaking_to(user):
    """Return an environment in the language of `user`: the run and the gateway have none of their own."""
    return user.with_context(lang=user.lang).env


def alert(records, type_xmlid, note, deadline=None, owner=owner_of, is_further=False, summary=""):
    """Give the owner of each record an activity of this type, unless one is already open on it.

    Two statements and one batch of activities, whatever the number of records.

    :param records: cases, disputes or runs, in sudo: the owner is told whoever is at work.
    :param note: its words, or a function of an environment in the owner's language (and the record) that returns them.
    :param deadline: date; today when None.
    :param owner: function of a record that returns the `res.users` to tell.
    :param is_further: whether the words tell of something new each time: they are then added to the open activity.
    :param summary: its title, in the form of `note`; without one, the name of its type.
    """
    env = records.env
    # A type that somebody deleted stops no run: its alerts come as a plain to-do
    kind = env.ref(type_xmlid, raise_if_not_found=False) or env.ref("mail.mail_activity_data_todo")
    known = env["mail.activity"].search_fetch(
        [("res_model", "=", records._name), ("res_id", "in", records.ids), ("activity_type_id", "=", kind.id)],
        ["res_id", "user_id", "note"],
    )
    if is_further:
        for activity in known:
            words = _words(note, records.browse(activity.res_id), activity.user_id)
            activity.note = (activity.note or "") + Markup("<p>%s</p>") % words
    model_id = env["ir.model"]._get_id(records._name)
    records.mapped("display_name")  # all at once: an activity asks for the name of its record alone
    new = records - records.browse(known.mapped("res_id"))
    is_quick = len(new) > _MAILED or env.context.get("mail_activity_quick_update")
    env["mail.activity"].with_context(mail_activity_quick_update=is_quick).create(
        [
            {
                "activity_type_id": kind.id,
                "res_model_id": model_id,
                "res_id": record.id,
                "user_id": owner(record).id,
                "date_deadline": deadline or clock.today(env, record.company_id),
                "note": escape(_words(note, record, owner(record))),
                "summary": _words(summary, record, owner(record)),
                "automated": True,
            }
            for record in new
        ]
    )


def _words(note, record, owner):
    """Return the words of an alert. They are escaped by who shows them: a customer's subject is not HTML."""
    if not callable(note):
        return note
    env = speaking_to(owner)
    return note(env, record) if len(signature(note).parameters) > 1 else note(env)


def no_address(cases):
    """Tell the owners that nobody can be reached: never silence."""
    alert(
        cases,
        "recobro_module.activity_type_address",
        lambda env: env._("Nobody can be reached: no contact of this customer has a usable e-mail address. Add one."),
    )


def approvals_needed(actions):
    """Ask who answers for each policy to approve what waits; one activity a case, whatever waits there.

    It is called as the highest level that waits, and is on the list of who answers for that: an open one changes.

    :param actions: `recobro.action` in sudo; those planned anew have an earlier day than the others.
    """
    if not actions:
        return
    cases = actions.case_id
    of_cases = actions.search([("case_id", "in", cases.ids), ("state", "=", "to_approve")], order="day desc, id")
    waiting = {}
    for action in of_cases.sorted(lambda one: (one.level_id.delay_days, one.level_id.sequence), reverse=True):
        waiting.setdefault(action.case_id, action)

    def owner(case):
        return waiting[case].policy_id.user_id or owner_of(case)

    def title(env, case):
        return waiting[case].level_id.with_env(env).name

    _rename(cases.filtered(lambda case: waiting[case] in actions), owner, title)
    alert(cases, _APPROVE, "", deadline=max(actions.mapped("day")), owner=owner, summary=title)


def _rename(cases, owner, title):
    """Let the open requests for an approval on some cases stand for what has come: their owner and title."""
    requests = cases.activity_search([_APPROVE])
    for activity in requests.with_context(mail_activity_quick_update=len(requests) > _MAILED):
        case = cases.browse(activity.res_id)
        values = {"user_id": owner(case).id, "summary": _words(title, case, owner(case))}
        if (activity.user_id.id, activity.summary) != tuple(values.values()):
            activity.write(values)


def approval_given(cases):
    """Take the request for an approval away from the cases where nothing waits for one any more."""
    waiting = cases.action_ids.filtered(lambda action: action.state == "to_approve").case_id
    (cases - waiting).activity_unlink([_APPROVE])


def delivery_failed(action):
    """Tell the owner of the case that a message could not be delivered, and why."""
    alert(
        action.case_id,
        "recobro_module.activity_type_delivery",
        lambda env: env._(
            "The message of %(day)s to %(to)s was not delivered: %(error)s",
            day=format_date(env, action.day),
            to=action.email_to or action.partner_id.display_name,
            error=action.error,
        ),
    )
