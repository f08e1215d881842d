from odoo import models


class MailActivity(models.Model):
    """A call marked as done where Odoo shows it counts as done on the ladder, and leaves its line in the log."""

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        # sudo: who may mark the activity has done the task; lines and positions are the engine's
        actions = self.env["recobro.action"].sudo().search([("activity_id", "in", self.ids), ("state", "=", "planned")])
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
        return result
