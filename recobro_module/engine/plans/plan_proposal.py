"""The message that brings a proposed payment plan to who may accept it; or its print, where nobody can be written to.

The message is a mail that a person writes, like a free one (`engine/correspondence.py`): posted on the case, so that
it is kept, answers find it, it counts for the quiet days, and it is in the log.
"""

from markupsafe import Markup

from odoo.exceptions import UserError

from .. import recipients
from . import plan_agreement, plan_alerts, plan_making

TEMPLATE = "recobro_module.mail_template_plan_proposal"
_LAYOUT = "recobro_module.mail_plain_layout"


def send(plan):
    """Freeze the text of a plan that is being proposed and send it with a link to its page; return the message.

    Who it goes to may accept it, so they become the plan's contact.

    :raise UserError: when nobody can be reached, in words for who proposes it.
    """
    plan.ensure_one()
    # sudo: the message is the company's; the right to propose was checked by the caller
    plan = plan.sudo()
    customer, contact = plan.partner_id, recipient(plan)
    if not contact:
        raise UserError(
            plan.env._(
                "The plan could not be sent: no contact of %(customer)s has a usable e-mail address. Add one, or "
                "confirm one that came back, and propose the plan again; or keep it as a draft and propose it on "
                "paper.",
                customer=customer.display_name,
            )
        )
    plan.contact_id = contact
    plan_agreement.freeze(plan)
    rendered = _render(plan)
    author = (plan.user_id or plan.env.user).partner_id
    case = plan.case_id or plan.env["recobro.case"]._open_for(customer, plan.company_id)
    return case.message_post(
        body=Markup(rendered["body_html"]),
        subject=rendered["subject"],
        author_id=author.id,
        email_from=author.email_formatted or plan.company_id.email_formatted,
        partner_ids=contact.ids,
        message_type="comment",
        subtype_xmlid="mail.mt_comment",
        email_layout_xmlid=_LAYOUT,
    )


def hand_over(plan):
    """Freeze the text of a plan that is proposed on paper, and leave a line in the log: nobody is written to.

    It is printed, signed by hand, and comes back as a file: see `plan_agreement.accept`.
    """
    plan.ensure_one()
    # sudo: the text is the company's; the right to propose was checked by the caller
    plan = plan.sudo()
    plan_agreement.freeze(plan)
    words = plan.env._("Proposed on paper, nothing was mailed: %(plan)s", plan=plan_making.words(plan.env, plan))
    values = plan_alerts.log_values(plan, "noted", words, channel="letter", direction="out")
    plan.env["recobro.interaction"]._log([values])


def recipient(plan):
    """Return who a plan is sent to: its contact, else who holds a role that may accept plans, else the usual address.

    Each only with an address that can be used. Empty when nobody can be reached.
    """
    customer = plan.partner_id
    people = customer.search([("commercial_partner_id", "=", customer.id)])
    roles = plan.env["recobro.contact.role"].search([("may_accept_plan", "=", True)])
    holders = [people.filtered(lambda person, role=role: role in person.recobro_role_ids) for role in roles]
    wanted = customer.browse().concat(plan.contact_id & people, *holders)
    reachable = recipients.with_usable_address(wanted)
    if reachable:
        return next(person for person in wanted if person in reachable)
    usual = recipients.resolve(plan.env, [(customer.id, "plan", None, "email")]).get((customer.id, "plan"))
    return people.browse(usual[:1] if usual else [])


def _render(plan):
    """Return the subject and the body of the message, in the language of its reader."""
    template = plan.env.ref(TEMPLATE).sudo()
    lang = plan_agreement.language_of(plan)
    return {name: template._render_field(name, plan.ids, set_lang=lang)[plan.id] for name in ("subject", "body_html")}
