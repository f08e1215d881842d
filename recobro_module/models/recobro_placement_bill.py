from odoo import api, fields, models

from ..tools.loose_fields import LooseMany2one


class RecobroPlacementBill(models.Model):
    """What of the fee and the fixed cost of a placement is on which vendor bill; a cancelled one bills nothing."""

    _name = "recobro.placement.bill"
    _description = "Bill of a placement"
    _order = "placement_id, id"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    currency_id = fields.Many2one(related="placement_id.currency_id")
    move_id = LooseMany2one("account.move", "Bill", required=True, readonly=True, index=True)
    fee = fields.Monetary("Fee by success", readonly=True)
    fixed_cost = fields.Monetary("Fixed cost", readonly=True)
    is_valid = fields.Boolean(compute="_compute_is_valid", help="Neither cancelled nor deleted.")

    @api.depends("move_id")
    def _compute_is_valid(self):
        # sudo: whether it stands is all that is taken
        standing = self.sudo().move_id.exists().filtered(lambda move: move.state != "cancel")
        for bill in self:
            bill.is_valid = bill.move_id.id in standing.ids
