from odoo import fields, models

from ..const import STAGES


class RecobroAgencyTariff(models.Model):
    """A line of an agency's tariff: its share of what it collects, by the age of the debt at the hand-over."""

    _name = "recobro.agency.tariff"
    _description = "Fee of a collection agency"
    _order = "agency_id, days_from, stage, id"

    agency_id = fields.Many2one("recobro.agency", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True)
    days_from = fields.Integer("From days past due", help="When it is handed over. 0: whatever its age.")
    stage = fields.Selection(STAGES, "Coming from stage", help="Where the case stood before. Empty: wherever.")
    rate = fields.Float("Fee", required=True, help="Share of what is collected.")

    _check_days = models.Constraint("CHECK (days_from >= 0)", "The days past due of a fee can't be negative.")
    _check_rate = models.Constraint("CHECK (rate >= 0 AND rate <= 1)", "A fee is between 0 % and 100 %.")
    _once = models.UniqueIndex(
        "(agency_id, days_from, COALESCE(stage, ''))",
        "There is a fee for these days and this stage already: change that one.",
    )
