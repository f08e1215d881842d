import logging

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..engine import queue

_logger = logging.getLogger(__name__)


class MailMail(models.Model):
    """The queue asks for the verdict once more just before SMTP, and tells the action what became of its mail."""

    _inherit = "mail.mail"

    recobro_action_id = fields.Many2one(
        "recobro.action", "Collections action", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _send(self, *args, **kwargs):
        """Send one by one what collections queued, each after a last verdict in its own transaction's view."""
        ours = self.filtered("recobro_action_id")
        if not ours:
            return super()._send(*args, **kwargs)
        if others := self - ours:
            super(MailMail, others)._send(*args, **kwargs)
        for mail in ours:
            if not mail._recobro_may_go():
                continue
            try:
                super(MailMail, mail)._send(*args, **kwargs)
            except queue.CONNECTION_LOST as error:
                queue.try_again(mail, str(error))
                raise
        return True

    def _recobro_may_go(self):
        """Ask for the last verdict; an error in it delays this mail and never stops the queue."""
        try:
            with self.env.cr.savepoint():
                return queue.may_go(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception as error:
            _logger.exception("The last verdict on mail %s failed", self.id)
            queue.try_again(self, str(error))
            return False

    def _postprocess_sent_message(self, success_pids, success_emails, failure_reason=False, failure_type=None):
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        try:
            with self.env.cr.savepoint():
                queue.record(self.exists().filtered("recobro_action_id"), failure_type, failure_reason)
        except Exception:
            # The mail has left: an error of ours must not make core queue it again. `queue.settle` catches up.
            _logger.exception("What became of the mails %s is not recorded yet", self.ids)
        return result
