from odoo import api, models
from odoo.exceptions import AccessError

from ..engine.reports.monthly_charts import MonthReport


class RecobroMonthlyReport(models.AbstractModel):
    """The report on a month as a PDF, for the reader it was made for."""

    _name = "report.recobro_module.report_monthly"
    _description = "Monthly report of collections"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the report that was made on the server; no client can put a `MonthReport` into a context."""
        report = self.env.context.get("recobro_monthly")
        if not isinstance(report, MonthReport):
            raise AccessError(self.env._("The monthly report is printed from its dialog, under Reports."))
        return {"docs": report.company, "company": report.company, "report": report}
