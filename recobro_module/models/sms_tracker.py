import logging

from odoo import fields, models

from ..engine.channels import sms_reports

_logger = logging.getLogger(__name__)


class SmsTracker(models.Model):
    """What Odoo keeps of an SMS, told by the provider at once or by a later report, is told to its action too."""

    _inherit = "sms.tracker"

    recobro_action_id = fields.Many2one(
        "recobro.action", "Collections action", readonly=True, index="btree_not_null", ondelete="cascade"
    )

    def _action_update_from_sms_state(self, sms_state, failure_type=False, failure_reason=False):
        result = super()._action_update_from_sms_state(
            sms_state, failure_type=failure_type, failure_reason=failure_reason
        )
        self._recobro_record(sms_state, failure_type, failure_reason)
        return result

    def _action_update_from_provider_error(self, provider_error):
        result = super()._action_update_from_provider_error(provider_error)
        _status, failure_type, failure_reason = result
        self._recobro_record("error", failure_type, failure_reason)
        return result

    def _recobro_record(self, state, failure_type, failure_reason):
        """Tell the actions; an error of ours must not make the provider's answer be forgotten, nor an SMS go twice."""
        # sudo: the provider tells what became of it, by a scheduled action or a report without a user
        # What was made again has another SMS since
        current = self.sudo().filtered(lambda tracker: tracker.recobro_action_id.sms_uuid == tracker.sms_uuid)
        actions = current.recobro_action_id
        if not actions:
            return
        try:
            with self.env.cr.savepoint():
                sms_reports.record(actions, state, failure_type, failure_reason)
        except Exception:
            _logger.exception("What became of the SMS of the actions %s is not recorded yet", actions.ids)
