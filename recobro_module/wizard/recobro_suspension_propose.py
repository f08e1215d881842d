from odoo import api, fields, models
from odoo.exceptions import UserError


class RecobroSuspensionPropose(models.TransientModel):
    """Dialog: propose to suspend a customer's service. The customer hears of it when a manager has approved it."""

    _name = "recobro.suspension.propose"
    _description = "Propose to suspend the service"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_customer")
    company_id = fields.Many2one("res.company", compute="_compute_customer")
    item_ids = fields.Many2many(
        "recobro.item", string="For what", compute="_compute_item_ids", store=True, readonly=False
    )
    notice_days = fields.Integer(
        "Days' notice",
        default=7,
        required=True,
        help="Days from the notice to the day from which nothing more is supplied.",
    )
    note = fields.Text("Why", required=True)

    @api.depends("case_id")
    def _compute_customer(self):
        for wizard in self:
            wizard.partner_id = wizard.case_id.partner_id
            wizard.company_id = wizard.case_id.company_id

    @api.depends("case_id")
    def _compute_item_ids(self):
        for wizard in self:
            wizard.item_ids = wizard.case_id and wizard.case_id._suspension_items()

    def action_propose(self):
        """Propose it, and show the proposal with the notice that the customer would get."""
        self.ensure_one()
        if self.notice_days < 1:
            raise UserError(self.env._("A suspension is announced a day before it at least: give the days' notice."))
        if not self.note.strip():
            raise UserError(self.env._("Say why: the manager decides on it."))
        if self.item_ids.partner_id - self.case_id.partner_id:
            raise UserError(self.env._("Choose items of this customer."))
        suspension = self.case_id._propose_suspension(self.item_ids, self.notice_days, self.note.strip())
        return suspension.sudo(False)._get_records_action()
