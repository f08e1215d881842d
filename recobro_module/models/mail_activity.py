from odoo import models

from ..engine import clock
from ..engine.placements import legal_file


class MailActivity(models.Model):
    """Marked as done where Odoo shows it, a call is done on the ladder and a milestone in its file; the log says so."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: who may mark the activity has done the task; lines and positions are the engine's
        actions = self.env["recobro.action"].sudo().search([("activity_id", "in", self.ids), ("state", "=", "planned")])
        milestones = legal_file.done_with(self)
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": action.company_id.id,
                    "partner_id": action.partner_id.id,
                    "case_id": action.case_id.id,
                    "contact_id": action.contact_id.id,
                    "channel": action.channel,
                    "direction": "out",
                    "result": "noted",
                    "summary": action.level_id.name,
                    "note": feedback or False,
                    "action_id": action.id,
                }
                for action in actions
            ]
        )
        actions._set_done()
        for milestone in milestones:
            today = clock.today(self.env, milestone.company_id)
            milestone.write({"done_on": today, "note": feedback or milestone.note})
        return result
