from odoo import fields, models


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

    _check_recobro_run_hour = models.Constraint(
        "CHECK (recobro_run_hour BETWEEN 0 AND 23)", "The hour of the daily run is between 0 and 23."
    )
