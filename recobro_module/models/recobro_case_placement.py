from odoo import api, fields, models


class RecobroCasePlacement(models.AbstractModel):
    """With whom a case is and was, and the way to hand it over."""

    _name = "recobro.case.placement"
    _description = "Placements of a case"

    placement_ids = fields.Many2many("recobro.placement", compute="_compute_placement_ids", string="Placements")
    placement_id = fields.Many2one("recobro.placement", compute="_compute_placement_ids")
    placed_with = fields.Char("Placed with", compute="_compute_placement_ids")
    placed_until = fields.Date("Placed until", compute="_compute_placement_ids")

    @api.depends("partner_id", "company_id")
    def _compute_placement_ids(self):
        known = self._answers("recobro.placement")
        for case in self:
            case.placement_ids = known.get((case.partner_id, case.company_id))
            now = case.placement_ids.filtered(lambda one: one.state == "placed")[:1]
            case.placement_id = now or case.placement_ids.filtered(lambda one: one.state == "proposed")[:1]
            case.placed_with = now.agency_id.name
            case.placed_until = now.until

    def action_placement(self):
        """Open what is with an agency or a lawyer, or the dialog that hands the case over."""
        self.ensure_one()
        if self.placement_id:
            return self.placement_id._get_records_action()
        return self._open_wizard(self.env._("Hand over"), "recobro.placement.place")
