from odoo import SUPERUSER_ID, api, models

from odoo.addons.mail.tools.alias_error import AliasError

from ..engine import correspondence


class RecobroCaseMail(models.AbstractModel):
    """The mail of a case: what is written from it to the customer, what comes back to it, and what bounces.

    Each becomes a line of the log (`engine/correspondence.py`).
    """

    _name = "recobro.case.mail"
    _description = "Mail of a collections case"
    _inherit = ["mail.thread"]

    # -------------------------------------------------------------------------
    # WRITING
    # -------------------------------------------------------------------------

    def action_write_mail(self):
        """Open Odoo's composer with the customer's contact for payments; what is sent counts as a message."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write a mail"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": self._payment_contacts().ids,
            },
        }

    def _payment_contacts(self):
        """Return the contacts a free mail is addressed to: those with the first role, else the customer."""
        first_role = self.env["recobro.contact.role"].search([], limit=1)
        contacts = self.contact_ids.filtered(lambda contact: first_role in contact.recobro_role_ids and contact.email)
        return contacts or self.partner_id

    # -------------------------------------------------------------------------
    # WHAT COMES IN
    # -------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the alias that answers nothing belongs to the case of the sender's company."""
        return correspondence.case_of_sender(self, msg_dict)

    def _alias_get_error(self, message, message_dict, alias):
        """An answer on a case is taken in whoever writes it; a first mail only from somebody outside whom we know."""
        if self:
            return False
        error = super()._alias_get_error(message, message_dict, alias)
        author = self.env["res.partner"].browse(message_dict.get("author_id") or [])
        if not error and author and not author.partner_share:
            return AliasError("recobro_colleague", self.env._("this address is for customers: write from the case"))
        return error

    def _message_post_after_hook(self, message, msg_values):
        """Put into the log what a person wrote to the customer from the chatter, and what came back by mail."""
        result = super()._message_post_after_hook(message, msg_values)
        # The gateway posts as OdooBot, which nobody can be over RPC: what else says it is a mail was written here
        if message.message_type == "email" and self.env.uid == SUPERUSER_ID:
            correspondence.replied(self, message)
        elif message.message_type in ("comment", "email") and not message.is_internal:
            contacts = message.partner_ids.filtered(lambda partner: partner.partner_share)
            if contacts:
                correspondence.written(self, message, contacts)
        return result

    def _message_receive_bounce(self, email, partner):
        """A message came back: its level is held, the address is not used again until a person confirms it."""
        result = super()._message_receive_bounce(email, partner)
        # sudo: the gateway tells of the bounce; actions and log are the engine's
        for case in self.sudo():
            correspondence.bounced(case, email)
        return result
