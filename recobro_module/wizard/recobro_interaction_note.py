from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS


class RecobroInteractionNote(models.TransientModel):
    """Dialog: add a line to the log of a case that one may read but not work on: what a customer said in passing."""

    _name = "recobro.interaction.note"
    _description = "Add to the log of contacts"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id")
    channel = fields.Selection(
        [choice for choice in LOG_CHANNELS if choice[0] != "portal"], "How", required=True, default="call"
    )
    contact_id = fields.Many2one("res.partner", "Spoke with", domain="[('commercial_partner_id', '=', partner_id)]")
    note = fields.Text("What was said", required=True)

    @api.depends("case_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.case_id.partner_id

    def action_log(self):
        """Append the line; nothing else of the case changes."""
        self.ensure_one()
        # Only who may open this dialog (its access rights), and sees this very case; the log itself takes no rights
        self.case_id.check_access("read")
        if not self.note.strip():
            raise UserError(self.env._("Write what was said."))
        if self.contact_id and self.contact_id.commercial_partner_id != self.case_id.partner_id:
            raise UserError(self.env._("Choose a contact of this customer."))
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.case_id.company_id.id,
                    "partner_id": self.case_id.partner_id.id,
                    "case_id": self.case_id.id,
                    "contact_id": self.contact_id.id,
                    "channel": self.channel,
                    "direction": "in",
                    "result": "noted",
                    "summary": self.note.strip().split("\n")[0][:120],
                    "note": self.note.strip(),
                }
            ]
        )
        return {"type": "ir.actions.act_window_close"}
