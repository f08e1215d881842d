from odoo import models

from ..engine.channels import whatsapp


class RecobroActionWhatsapp(models.AbstractModel):
    """Writing by WhatsApp: the chat opens with the text filled in, a person sends it and logs what came of it."""

    _name = "recobro.action.whatsapp"
    _description = "WhatsApp messages of collections"

    def _send_whatsapp(self):
        """Send the message by a service and return whether that was done. Hook for who has one; here nobody does."""
        return False

    def action_open_whatsapp(self):
        """Open the chat with the text filled in, as of now."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": self._whatsapp_url(), "target": "new"}

    def _whatsapp_url(self):
        """Return the address of the chat, for who may act on the action."""
        self._check_may_act("group_recobro_user", self.env._("Only a collector may write to customers."))
        # sudo: the customer's account, in a message that the collector sends; the right to act was checked above
        return whatsapp.url(self.sudo())
