from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError

#: Models among whose files there is evidence.
_EVIDENCE = ("recobro.payment.plan", "recobro.case")


class IrAttachment(models.Model):
    """The file and the signature of an agreement, a letter that was sent and its proof: nobody replaces them."""

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
        ours = self.sudo().filtered(lambda file: file.res_model in _EVIDENCE)
        if not ours:
            return
        if ours._recobro_is_agreement():
            raise AccessError(self.env._("This file is the evidence of an agreement: it is kept as it is."))
        sent = [("sent_on", "!=", False), "|", ("letter_id", "in", ours.ids), ("proof_ids", "in", ours.ids)]
        if self.env["recobro.action"].sudo().search_count(sent, limit=1):
            raise AccessError(self.env._("This file is a letter that was sent, or its proof: it is kept as it is."))

    def _recobro_is_agreement(self):
        signed = self.env["recobro.payment.plan"].search_count([("evidence_id", "in", self.ids)], limit=1)
        return signed or any(
            file.res_model == "recobro.payment.plan" and file.res_field == "signature" for file in self
        )
