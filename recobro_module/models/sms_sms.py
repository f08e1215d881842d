from odoo import fields, models
from odoo.tools import split_every

from ..engine.channels import sms


class SmsSms(models.Model):
    """The queue asks for the verdict once more just before the provider has an SMS of collections."""

    _inherit = "sms.sms"

    recobro_action_id = fields.Many2one(
        "recobro.action", "Collections action", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def _send(self, *args, **kwargs):
        """Send what collections queued company by company, in small batches, each after a last verdict."""
        ours = self.filtered("recobro_action_id")
        if not ours:
            return super()._send(*args, **kwargs)
        if others := self - ours:
            super(SmsSms, others)._send(*args, **kwargs)
        for company, batch in ours.grouped(lambda one: one.recobro_action_id.sudo().company_id).items():
            for ids in split_every(sms.AT_ONCE, batch.ids):
                some = self.browse(ids)._recobro_begin_anew().with_company(company)
                if going := some.browse(sms.may_go(some.sudo()).ids):
                    super(SmsSms, going)._send(*args, **kwargs)
        return None

    def _recobro_begin_anew(self):
        """Return those of `self` that still wait, seen and locked by a new transaction where a scheduled action sends.

        A transaction reads what was there when it began: another batch may have gone to the provider since.
        """
        if not self.env.context.get("ir_cron_progress_id"):
            return self
        self.env["ir.cron"]._commit_progress()
        return self.try_lock_for_update().filtered(lambda one: one.state == "outgoing")
