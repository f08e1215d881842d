from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.reports import mailing


class ResCompany(models.Model):
    """The stop button of a company, and the hour of its daily job."""

    _inherit = "res.company"

    recobro_stopped = fields.Boolean(
        "Stop collections", help="Nothing is planned or sent for this company while it is stopped."
    )
    recobro_run_hour = fields.Integer(
        "Hour of the daily run", default=8, help="The daily job starts at this hour of the company's time zone."
    )

    recobro_letter_window = fields.Selection(
        [("left", "On the left"), ("right", "On the right")],
        "Window of the envelopes",
        help="Where the address stands on letters. Empty: as is usual in the company's country.",
    )

    recobro_letter_service = fields.Boolean(
        "Post letters with Odoo's service",
        help="A button to post printed letters with Odoo's letter service (Snailmail), which costs credits.",
    )
    recobro_sla_calendar_id = fields.Many2one(
        "resource.calendar",
        "SLA calendar of disputes",
        check_company=True,
        ondelete="set null",
        help="The hours in which the SLA of disputes runs. Empty: Monday to Friday, 24 hours. "
        "Public holidays of the company are taken off.",
    )

    recobro_day_capacity = fields.Integer(
        "Cases a day",
        default=25,
        help="How many cases a collector can work in a day: a person may have another number.",
    )

    recobro_alert_customer_share = fields.Float(
        "Ledger with one customer (%)",
        default=20,
        help="A manager is told when one customer owes more of the ledger than this. 0: nobody is told.",
    )

    _check_recobro_alert_customer_share = models.Constraint(
        "CHECK (recobro_alert_customer_share BETWEEN 0 AND 100)", "A share of the ledger is from 0 to 100 %."
    )
    _check_recobro_day_capacity = models.Constraint(
        "CHECK (recobro_day_capacity > 0)", "A collector works at least one case a day."
    )
    # What collecting costs (`engine/figures/costs.py`)
    recobro_hour_cost = fields.Monetary("An hour of work", help="What an hour of those who collect costs the company.")
    recobro_minutes_call = fields.Float("Minutes of a call", default=10)
    recobro_minutes_visit = fields.Float("Minutes of a visit", default=60)
    recobro_minutes_other = fields.Float(
        "Minutes of other work", default=5, help="Of anything else that a person writes in the log."
    )
    recobro_cost_email = fields.Monetary("An e-mail")
    recobro_cost_sms = fields.Monetary("An SMS or WhatsApp message")
    recobro_cost_letter = fields.Monetary("A letter")

    _check_recobro_costs = models.Constraint(
        "CHECK (recobro_hour_cost >= 0 AND recobro_minutes_call >= 0 AND recobro_minutes_visit >= 0"
        " AND recobro_minutes_other >= 0 AND recobro_cost_email >= 0 AND recobro_cost_sms >= 0"
        " AND recobro_cost_letter >= 0)",
        "What collecting costs is not below zero.",
    )
    # What the dashboard measures itself against; 0 is no target
    recobro_target_promises = fields.Float("Promises kept (%)", default=80, help="By count, at least.")
    recobro_target_over_60 = fields.Float(
        "Ledger over 60 days (%)", default=10, help="Share of what is open that is more than 60 days late, at most."
    )
    recobro_target_dispute_hours = fields.Float(
        "Disputes resolved in (hours)", default=72, help="On average, on the SLA calendar: three working days are 72."
    )
    recobro_target_dso = fields.Float("Days' sales outstanding", help="At most, by counting back.")
    recobro_target_effectiveness = fields.Float("Collection effectiveness (%)", help="Of the period, at least.")

    _check_recobro_targets = models.Constraint(
        "CHECK (recobro_target_promises BETWEEN 0 AND 100 AND recobro_target_over_60 BETWEEN 0 AND 100"
        " AND recobro_target_effectiveness BETWEEN 0 AND 100 AND recobro_target_dispute_hours >= 0"
        " AND recobro_target_dso >= 0)",
        "A target is not below zero, and a share not above 100 %.",
    )
    # Who gets the figures by mail (`engine/reports/mailing.py`); nobody: it is not sent
    recobro_report_user_ids = fields.Many2many(
        "res.users", "recobro_report_recipient_rel", "company_id", "user_id", "Monthly report to"
    )
    recobro_team_user_ids = fields.Many2many(
        "res.users", "recobro_team_recipient_rel", "company_id", "user_id", "The team's week to"
    )

    @api.constrains("recobro_report_user_ids", "recobro_team_user_ids")
    def _check_recobro_recipients(self):
        """Refuse whoever may not read a report: who was chosen and lost the right later is left out, and told of."""
        for company in self.sudo():  # sudo: rights of colleagues are looked at, and nothing of them is shown but this
            for kind in mailing.KINDS:
                refusals = [mailing.refusal(company.root_id, user, kind) for user in mailing.chosen(company, kind)]
                if any(refusals):
                    raise ValidationError(
                        self.env._(
                            "%(reasons)s Take them off those who get the report, or give them the right to read it.",
                            reasons=" ".join(filter(None, refusals)),
                        )
                    )

    _check_recobro_run_hour = models.Constraint(
        "CHECK (recobro_run_hour BETWEEN 0 AND 23)", "The hour of the daily run is between 0 and 23."
    )
