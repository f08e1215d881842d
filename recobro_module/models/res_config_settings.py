from odoo import fields, models

from ..engine import correspondence


class ResConfigSettings(models.TransientModel):
    """Settings of collections for the active company."""

    _inherit = "res.config.settings"

    recobro_stopped = fields.Boolean(related="company_id.recobro_stopped", readonly=False)
    recobro_run_hour = fields.Integer(related="company_id.recobro_run_hour", readonly=False)
    recobro_day_capacity = fields.Integer(related="company_id.recobro_day_capacity", readonly=False)
    recobro_alert_customer_share = fields.Float(related="company_id.recobro_alert_customer_share", readonly=False)
    recobro_letter_window = fields.Selection(related="company_id.recobro_letter_window", readonly=False)
    recobro_letter_service = fields.Boolean(related="company_id.recobro_letter_service", readonly=False)
    recobro_has_letter_service = fields.Boolean(compute="_compute_recobro_has_letter_service")
    recobro_sla_calendar_id = fields.Many2one(related="company_id.recobro_sla_calendar_id", readonly=False)
    recobro_target_promises = fields.Float(related="company_id.recobro_target_promises", readonly=False)
    recobro_target_over_60 = fields.Float(related="company_id.recobro_target_over_60", readonly=False)
    recobro_target_dispute_hours = fields.Float(related="company_id.recobro_target_dispute_hours", readonly=False)
    recobro_target_dso = fields.Float(related="company_id.recobro_target_dso", readonly=False)
    recobro_target_effectiveness = fields.Float(related="company_id.recobro_target_effectiveness", readonly=False)
    recobro_currency_id = fields.Many2one(related="company_id.currency_id", string="Currency of the costs")
    recobro_hour_cost = fields.Monetary(
        related="company_id.recobro_hour_cost", readonly=False, currency_field="recobro_currency_id"
    )
    recobro_minutes_call = fields.Float(related="company_id.recobro_minutes_call", readonly=False)
    recobro_minutes_visit = fields.Float(related="company_id.recobro_minutes_visit", readonly=False)
    recobro_minutes_other = fields.Float(related="company_id.recobro_minutes_other", readonly=False)
    recobro_cost_email = fields.Monetary(
        related="company_id.recobro_cost_email", readonly=False, currency_field="recobro_currency_id"
    )
    recobro_cost_sms = fields.Monetary(
        related="company_id.recobro_cost_sms", readonly=False, currency_field="recobro_currency_id"
    )
    recobro_cost_letter = fields.Monetary(
        related="company_id.recobro_cost_letter", readonly=False, currency_field="recobro_currency_id"
    )
    # Those of the main company: a branch has no figures of its own
    recobro_report_user_ids = fields.Many2many(related="company_id.root_id.recobro_report_user_ids", readonly=False)
    recobro_team_user_ids = fields.Many2many(related="company_id.root_id.recobro_team_user_ids", readonly=False)
    recobro_reply_address = fields.Char("Replies and questions", compute="_compute_recobro_addresses")
    recobro_dispute_address = fields.Char("Disputes", compute="_compute_recobro_addresses")

    def _compute_recobro_has_letter_service(self):
        self.recobro_has_letter_service = "snailmail.letter" in self.env

    def _compute_recobro_addresses(self):
        for settings in self:
            settings.recobro_reply_address = correspondence.address(self.env, "mail_alias_case")
            settings.recobro_dispute_address = correspondence.address(self.env, "mail_alias_dispute")
