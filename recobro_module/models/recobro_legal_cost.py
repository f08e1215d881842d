from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..engine import clock
from ..engine.placements import legal_file
from ..tools.loose_fields import LooseMany2one


class RecobroLegalCost(models.Model):
    """What a legal file cost beside the lawyer's own terms: the court's fee, an expert, a solicitor, a translation."""

    _name = "recobro.legal.cost"
    _description = "Cost of a legal file"
    _order = "placement_id desc, day, id"

    placement_id = fields.Many2one("recobro.placement", "Legal file", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    currency_id = fields.Many2one(related="placement_id.currency_id")
    day = fields.Date(required=True, default=lambda self: clock.today(self.env, self.env.company.root_id))
    name = fields.Char("What for", required=True)
    amount = fields.Monetary(
        required=True, help="Without the taxes you get back. Negative: what the court awarded to us of the costs."
    )
    partner_id = fields.Many2one("res.partner", "Paid to", index="btree_not_null", ondelete="restrict")
    move_id = LooseMany2one(
        "account.move",
        "Bill",
        index="btree_not_null",
        domain="[('move_type', 'in', ('in_invoice', 'in_receipt')), ('company_id', 'child_of', company_id)]",
        help="The vendor bill, where there is one.",
    )

    _amount_given = models.Constraint("CHECK (amount <> 0)", "A cost needs an amount.")

    @api.constrains("placement_id")
    def _check_lawyer(self):
        legal_file.check_kind(self.placement_id)

    def write(self, vals):
        """Refuse to a person that a cost changes from one file to another."""
        if "placement_id" in vals and not self.env.su:
            raise AccessError(self.env._("A cost stays with its legal file: remove it there and add it to the other."))
        return super().write(vals)
