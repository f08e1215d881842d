from odoo import fields, models

from ..const import QUESTION_STATES


class RecobroPlacementQuestion(models.Model):
    """What the people of an agency asked us about a case that is with them, and what we answered.

    Written by the engine alone (`engine/placements/instructions.py`): asked in the agency's portal, answered with the
    button of the placement.
    """

    _name = "recobro.placement.question"
    _description = "Instructions asked for by an agency"
    _order = "id desc"
    _rec_name = "question"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    agency_id = fields.Many2one(related="placement_id.agency_id", store=True)
    partner_id = fields.Many2one(related="placement_id.partner_id", string="Customer")
    question = fields.Text(required=True, readonly=True)
    asked_by_id = fields.Many2one("res.users", "Asked by", readonly=True, ondelete="set null")
    asked_on = fields.Datetime("Asked on", readonly=True)
    answer = fields.Text(readonly=True)
    answered_by_id = fields.Many2one("res.users", "Answered by", readonly=True, ondelete="set null")
    answered_on = fields.Datetime("Answered on", readonly=True)
    state = fields.Selection(QUESTION_STATES, required=True, readonly=True, default="open")

    def action_answer(self):
        """Open the dialog that answers it."""
        self.ensure_one()
        return self.placement_id._open_answer(self)
