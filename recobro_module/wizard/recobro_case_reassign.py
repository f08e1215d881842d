from odoo import api, fields, models
from odoo.exceptions import UserError


class RecobroCaseReassign(models.TransientModel):
    """Dialog: move an absent collector's open cases, tasks and activities to another, in one step."""

    _name = "recobro.case.reassign"
    _description = "Move cases to another collector"

    from_user_id = fields.Many2one("res.users", "From", domain=[("share", "=", False)])
    to_user_id = fields.Many2one("res.users", "To", required=True, domain=[("share", "=", False)])
    case_ids = fields.Many2many("recobro.case", compute="_compute_case_ids", store=True, readonly=False)
    with_customers = fields.Boolean(
        "Also for the future", help="Make the new collector the owner of these customers, not only of their open cases."
    )

    @api.depends("from_user_id")
    def _compute_case_ids(self):
        for wizard in self:
            if wizard.from_user_id:
                wizard.case_ids = self.env["recobro.case"].search(
                    [("user_id", "=", wizard.from_user_id.id), ("state", "=", "open")]
                )
            else:
                chosen = self.env.context.get("active_ids") or []
                of_cases = self.env.context.get("active_model") == "recobro.case"
                wizard.case_ids = self.env["recobro.case"].browse(chosen if of_cases else [])

    def action_reassign(self):
        """Give cases, open tasks and open activities to the new collector."""
        self.ensure_one()
        if not self.case_ids:
            raise UserError(self.env._("There are no open cases to move: choose whose they are."))
        cases = self.case_ids.filtered(lambda case: case.state == "open")
        before = cases.user_id
        cases.user_id = self.to_user_id
        # sudo: tasks and activities of a case follow it; the right to write the cases was just used
        cases.sudo().action_ids.filtered(lambda action: action.state in ("planned", "to_approve")).write(
            {"user_id": self.to_user_id.id}
        )
        cases.sudo().activity_ids.filtered(lambda activity: activity.user_id in before).write(
            {"user_id": self.to_user_id.id}
        )
        if self.with_customers:
            for company, of_company in cases.grouped("company_id").items():
                of_company.partner_id.with_company(company).write({"recobro_user_id": self.to_user_id.id})
        return {"type": "ir.actions.act_window_close"}
