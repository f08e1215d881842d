"""What people tell of an address or a number: that it is right after all, or that no messages are wanted there."""

from odoo.exceptions import UserError

from .. import recipients


def confirm(contacts, company):
    """Log that the e-mail addresses of some contacts, and the numbers that failed, are right: they are used again."""
    env = contacts.env
    failed = recipients.undeliverable(env, contacts.mapped("phone_sanitized"))
    env["recobro.interaction"]._log(
        [
            {
                "company_id": company.id,
                "partner_id": contact.commercial_partner_id.id,
                "contact_id": contact.id,
                "case_id": contact.recobro_case_id.id,
                "email": address,
                "channel": channel,
                "direction": "out",
                "result": "confirmed",
                "summary": env._("Address confirmed by hand"),
            }
            for contact in contacts
            for channel, address in (("email", contact.email_normalized), ("sms", contact.phone_sanitized))
            if address and (channel == "email" or address in failed)
        ]
    )


def opt_out(contact, channel):
    """Put what a contact is reached by on Odoo's own blacklist: that of e-mails, or that of telephone numbers.

    :raise UserError: when there is nothing to put on it.
    """
    # sudo: a collector who hears the wish may not write the lists, which hold for everything that Odoo sends
    env = contact.sudo().env
    if channel == "email":
        if not contact.email_normalized:
            raise UserError(env._("Choose the contact who wants no messages: it needs an e-mail address."))
        env["mail.blacklist"]._add(contact.email_normalized)
        return
    if not contact.phone_sanitized:
        raise UserError(env._("Choose the contact who wants no messages: it needs a valid telephone number."))
    env["phone.blacklist"]._add([contact.phone_sanitized])
