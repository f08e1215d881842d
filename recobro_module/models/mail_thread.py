from odoo import api, models

from ..engine.disputes import dispute_mail
from ..tools.automatic_mail import is_automatic


class MailThread(models.AbstractModel):
    """An incoming mail that a machine sent is told apart from an answer, while its headers are at hand."""

    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        thread = self.with_context(
            recobro_automatic_mail=is_automatic(message), **dispute_mail.context_of(message, routes)
        )
        return super(MailThread, thread)._message_route_process(message, message_dict, routes)
