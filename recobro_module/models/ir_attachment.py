from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

#: Models whose files are evidence.
_EVIDENCE = "recobro.payment.plan"


class IrAttachment(models.Model):
    """The file and the signature of an agreement are evidence: nobody replaces or deletes them."""

    _inherit = "ir.attachment"

    def write(self, vals):
        """Refuse to change evidence: whoever may write a plan could write its files too."""
        self._recobro_keep_evidence()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recobro_evidence(self):
        self._recobro_keep_evidence()

    def _recobro_keep_evidence(self):
        # By who is at work, not by sudo: buttons of Odoo's delete the files of any chatter in sudo for who clicks them
        if self.env.uid == SUPERUSER_ID:
            return  # the machine's own housekeeping: nobody logs in as OdooBot
        # sudo: which files are evidence is looked up whoever asks
        ours = self.sudo().filtered(lambda file: file.res_model == _EVIDENCE)
        if not ours:
            return
        plans = self.env[_EVIDENCE].sudo().search_count([("evidence_id", "in", ours.ids)], limit=1)
        if plans or any(file.res_field == "signature" for file in ours):
            raise AccessError(self.env._("This file is the evidence of an agreement: it is kept as it is."))
