from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.placements import instructions


class RecobroPlacementAnswer(models.TransientModel):
    """Dialog: answer what an agency asked about a case that is with it."""

    _name = "recobro.placement.answer"
    _description = "Answer an agency"

    placement_id = fields.Many2one("recobro.placement", required=True, readonly=True)
    question_id = fields.Many2one(
        "recobro.placement.question",
        required=True,
        compute="_compute_question_id",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('placement_id', '=', placement_id), ('state', '=', 'open')]",
    )
    question = fields.Text("They ask", related="question_id.question")
    asked_by_id = fields.Many2one(related="question_id.asked_by_id")
    asked_on = fields.Datetime(related="question_id.asked_on")
    answer = fields.Text("Your answer", required=True)

    @api.depends("placement_id")
    def _compute_question_id(self):
        """Start with what waits longest."""
        for dialog in self:
            waiting = dialog.placement_id.question_ids.filtered(lambda one: one.state == "open")
            dialog.question_id = dialog.question_id or waiting.sorted("id")[:1]

    def action_answer(self):
        """Keep the answer, show it to the agency, and mail it to who asked."""
        self.ensure_one()
        self.question_id.check_access("read")
        if self.question_id.placement_id != self.placement_id:
            raise UserError(self.env._("This was asked about another case."))
        if not (self.answer or "").strip():
            raise UserError(self.env._("Write what they are to do, such as “Wait until the 15th, they have promised”."))
        # sudo: what is asked and answered is the engine's to write; only who works cases may open this dialog
        instructions.answer(self.question_id.sudo(), self.answer.strip())
        return {"type": "ir.actions.act_window_close"}
