from odoo import api, fields, models

from ..const import LOG_CHANNELS
from ..engine.placements import proposals


class RecobroPromiseTake(models.TransientModel):
    """Dialog: take a promise to pay, from the case, the invoice or the customer."""

    _name = "recobro.promise.take"
    _description = "Take a promise to pay"
    _inherit = ["recobro.promise.terms"]

    case_id = fields.Many2one("recobro.case", readonly=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", compute="_compute_customer", store=True, precompute=True, readonly=False
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_customer", store=True, precompute=True, readonly=False
    )
    # No relation: a collector may have no right to read invoices
    move_ids = fields.Json("Invoices", help="Ids of the invoices from which the dialog was opened.")
    contact_id = fields.Many2one(
        "res.partner", "Who promised", domain="[('commercial_partner_id', '=', partner_id)]", help="Who told us."
    )
    channel = fields.Selection(LOG_CHANNELS, "How", required=True, default="call")
    note = fields.Text()
    proposal_id = fields.Many2one(
        "recobro.placement.proposal", "Proposal of an agency", readonly=True, help="Accepted by taking the promise."
    )

    @api.depends("case_id")
    def _compute_customer(self):
        for wizard in self:
            wizard.partner_id = wizard.case_id.partner_id or wizard.partner_id
            wizard.company_id = wizard.case_id.company_id or wizard.company_id or self.env.company.root_id

    def _promise_depends(self):
        return ("partner_id", "company_id")

    def _promise_customer(self):
        return self.company_id.root_id, self.partner_id.commercial_partner_id

    def _promise_moves(self):
        return self.move_ids or None

    def _case(self):
        """Return the case that the promise belongs to: a customer's open one, or a new one."""
        return self.case_id or self.env["recobro.case"]._open_for(*reversed(self._promise_customer()))

    def action_take(self):
        """Take the promise."""
        self.ensure_one()
        # Before anything is written: who may record promises need not be who decides on what an agency proposes
        proposal = self.proposal_id and self.proposal_id._to_decide()
        taken = self._take_promise(self._case(), contact_id=self.contact_id.id, channel=self.channel, note=self.note)
        if proposal:
            proposals.promised(proposal, taken)
        return {"type": "ir.actions.act_window_close"}

    def action_ask_manager(self):
        """Ask the manager to take what is past the policy's limit."""
        self.ensure_one()
        self._ask_manager(self._case())
        return {"type": "ir.actions.act_window_close"}
