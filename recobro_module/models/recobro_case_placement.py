from odoo import api, fields, models

from ..engine import clock
from ..engine.placements import rises


class RecobroCasePlacement(models.AbstractModel):
    """With whom a case is and was, and the way to hand it over."""

    _name = "recobro.case.placement"
    _description = "Placements of a case"

    # In sudo: who may see the case, who sells too, may know with whom it is; the rest is read by who may read it
    placement_ids = fields.Many2many(
        "recobro.placement", compute="_compute_placement_ids", compute_sudo=True, string="Placements"
    )
    placement_id = fields.Many2one("recobro.placement", compute="_compute_placement_ids", compute_sudo=True)
    placed_with = fields.Char("Placed with", compute="_compute_placement_ids", compute_sudo=True)
    placed_until = fields.Date("Placed until", compute="_compute_placement_ids", compute_sudo=True)
    placement_refusal = fields.Char("Why it stays with us", compute="_compute_placement_refusal", compute_sudo=True)

    @api.depends("partner_id", "company_id")
    def _compute_placement_ids(self):
        known = self._answers("recobro.placement")
        for case in self:
            found = known.get((case.partner_id, case.company_id), self.env["recobro.placement"])
            now = found.filtered(lambda one: one.state == "placed")[:1]
            case.placement_ids = found
            case.placement_id = now or found.filtered(lambda one: one.state == "proposed")[:1]
            case.placed_with = now.agency_id.name
            case.placed_until = now.until

    @api.depends("promise_ids")
    def _compute_placement_refusal(self):
        """Say which promise keeps a case from being handed over: the button is not offered then."""
        for case in self:
            today = clock.today(self.env, case.company_id)
            standing = case.promise_ids.filtered(
                lambda one, today=today: one.state == "open" and one.deadline and one.deadline >= today
            )
            words = standing and rises.promise_words(self.env, case.partner_id, standing)
            case.placement_refusal = words or False

    def action_placement(self):
        """Open what is with an agency or a lawyer, or the dialog that hands the case over."""
        self.ensure_one()
        if self.placement_id:
            return self.placement_id._get_records_action()
        return self._open_wizard(self.env._("Hand over"), "recobro.placement.place")
