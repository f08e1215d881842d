"""Mails to a person of an agency: what we answered, and what became of a proposal. The rest is on their page."""

from markupsafe import Markup

from odoo.tools import plaintext2html

_LAYOUT = "mail.mail_notification_light"


def path_of(placement):
    """Return the address of the page of a placement in the agency's portal."""
    return f"/my/placements/{placement.id}"


def tell(placement, user, subject, words):
    """Mail a person of an agency about a case that is with it; nothing to who has left or has no address.

    :param placement: in sudo.
    :param subject, words: functions of an environment in the language of the person.
    """
    user = user.filtered("active")
    if not user.email_normalized:
        return
    spoken = placement.with_context(lang=user.lang)
    link = Markup('<p><a href="%s">%s</a></p>') % (
        f"{placement.get_base_url()}{path_of(placement)}",
        spoken.env._("Open %(number)s", number=placement.name),
    )
    author = placement.env.user.partner_id
    spoken.message_notify(
        partner_ids=user.partner_id.ids,
        subject=subject(spoken.env),
        body=plaintext2html(words(spoken.env)) + link,
        author_id=author.id,
        email_from=author.email_formatted or placement.company_id.email_formatted,
        email_layout_xmlid=_LAYOUT,
    )
