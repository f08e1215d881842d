from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """Settings of collections for the active company."""

    _inherit = "res.config.settings"

    recobro_stopped = fields.Boolean(related="company_id.recobro_stopped", readonly=False)
    recobro_run_hour = fields.Integer(related="company_id.recobro_run_hour", readonly=False)
    recobro_sla_calendar_id = fields.Many2one(related="company_id.recobro_sla_calendar_id", readonly=False)
