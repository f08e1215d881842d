import logging
import time

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

    def _send(self, auto_commit=False, *args, **kwargs):
        """Send one by one what collections queued, each after a last verdict, all by the connection that is open."""
        ours = self.browse(self.with_context(prefetch_fields=False).filtered("recobro_action_id").ids)
        if not ours:
            return super()._send(auto_commit, *args, **kwargs)
        if others := self - ours:
            super(MailMail, others)._send(auto_commit, *args, **kwargs)
        if auto_commit:
            # To connect may have taken long, and a transaction reads what was there when it began
            self.env["ir.cron"]._commit_progress()
        while ours:
            ours = ours[ours._recobro_send_some(auto_commit, *args, **kwargs) :]
        return True

    def _recobro_send_some(self, auto_commit, *args, **kwargs):
        """Send the first of `self`, judged together, while that verdict is fresh; return how many were taken up.

        They are recorded together too; what is cut off before that, `queue.settle` records a minute later.
        """
        sent, taken_up, start = queue.Sent(), 0, time.monotonic()
        unchanged = self[: queue.AT_ONCE]._recobro_judge()
        for mail in self[: queue.AT_ONCE]:
            taken_up += 1
            if (mail.id in unchanged and queue.is_untouched(mail)) or mail._recobro_may_go():
                own = mail.with_company(unchanged.get(mail.id)).with_context(recobro_sent=sent)
                own._recobro_send_one(auto_commit, *args, **kwargs)
            elif auto_commit:
                # As after each that is sent: the next one is asked about in a transaction of its own
                self.env["ir.cron"]._commit_progress()
            if time.monotonic() - start > queue.GOOD_FOR:
                break
        self.browse(sent.mail_ids)._recobro_record()
        if auto_commit:
            self.env["ir.cron"]._commit_progress()
        return taken_up

    def _recobro_send_one(self, *args, **kwargs):
        """Send one mail by what is below this extension: it is called from `_send` itself."""
        try:
            return super()._send(*args, **kwargs)  # pylint: disable=super-method-mismatch
        except queue.CONNECTION_LOST as error:
            self.browse(self.env.context["recobro_sent"].mail_ids)._recobro_record()
            queue.try_again(self, str(error))
            raise

    def _recobro_judge(self):
        """Return those that one verdict on all finds unchanged, with their companies; after an error none of them."""
        try:
            with self.env.cr.savepoint():
                return queue.unchanged(self)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("The mails %s could not be judged together", self.ids)
            return {}

    def write(self, vals):
        """A Message-Id that the mail has already is not written again by each sending: that is two statements less."""
        ours = isinstance(self.env.context.get("recobro_sent"), queue.Sent)
        if ours and all(mail.message_id == vals.get("message_id") for mail in self):
            vals = {name: value for name, value in vals.items() if name != "message_id"}
        return super().write(vals)

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
        # Ours are kept, unless somebody wants them deleted: then there is nothing left to record
        ours = self.filtered(lambda mail: mail.recobro_action_id and not mail.auto_delete)
        result = super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
        sent = self.env.context.get("recobro_sent")
        if isinstance(sent, queue.Sent):
            gone = ours.filtered(lambda mail: mail.state == "sent")
            sent.mail_ids += gone.ids
            ours -= gone
        ours._recobro_record(failure_type, failure_reason)
        return result

    def _recobro_record(self, failure_type=None, failure_reason=None):
        """Tell the actions what became of their mails; when that fails for all together, one by one."""
        if not self:
            return
        try:
            with self.env.cr.savepoint():
                queue.record(self, failure_type, failure_reason)
        except Exception:
            if len(self) > 1:
                for mail in self:
                    mail._recobro_record(failure_type, failure_reason)
                return
            # The mail has left: an error of ours must not make core queue it again. `queue.settle` catches up.
            _logger.exception("What became of the mail %s is not recorded yet", self.id)
