import logging

from odoo import api, fields, models

from ..engine.reports import mailing

_logger = logging.getLogger(__name__)


class RecobroFiguresMail(models.Model):
    """A report that went out by mail: of which company, about which month or week; each goes out once.

    The row and the mails are of one transaction: after a crash both are there, or neither.
    """

    _name = "recobro.figures.mail"
    _description = "Report sent by mail"
    _order = "period desc, id desc"
    _rec_name = "period"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [(mailing.MONTHLY, "Monthly report"), (mailing.WEEKLY, "The team's week")],
        "Report",
        required=True,
        readonly=True,
    )
    period = fields.Date("About the time from", required=True, readonly=True)
    state = fields.Selection([("sent", "Sent"), ("failed", "Failed")], required=True, readonly=True, default="sent")
    error = fields.Text(readonly=True)
    recipients = fields.Text("Sent to", readonly=True)
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Files", domain=[("res_model", "=", "recobro.figures.mail")], readonly=True
    )

    _once = models.UniqueIndex("(company_id, kind, period)", "This report has gone out.")

    @api.model
    def _was_sent(self, company, kind, period):
        """Return whether a report has gone out; one that failed has not."""
        domain = [("company_id", "=", company.id), ("kind", "=", kind), ("period", "=", period)]
        return bool(self.search_count([*domain, ("state", "=", "sent")], limit=1))

    @api.model
    def _cron_send(self):
        """Send what is due, each report in a transaction of its own: one that fails stops no other."""
        work = [
            (company, kind, period)
            for company in self.env["res.company"].search([("parent_id", "=", False)])
            for kind, period in mailing.due(self.env, company)
        ]
        self.env["ir.cron"]._commit_progress(remaining=len(work))
        for company, kind, period in work:
            self._send(company, kind, period)
            if not self.env["ir.cron"]._commit_progress(1):
                return

    @api.model
    def _send(self, company, kind, period):
        """Send a report; when that fails keep why, for the watchdog and for who looks: it is tried again."""
        domain = [("company_id", "=", company.id), ("kind", "=", kind), ("period", "=", period)]
        values = {"company_id": company.id, "kind": kind, "period": period}
        try:
            with self.env.cr.savepoint():
                row = self.search(domain) or self.create(values)
                mailing.send(row)
                names = mailing.recipients(company, kind).mapped("name")
                row.write({"state": "sent", "error": False, "recipients": ", ".join(names)})
        except Exception as error:
            _logger.exception("The %s report of %s could not be sent", kind, company.name)
            row = self.search(domain) or self.create(values)
            row.write({"state": "failed", "error": str(error)})
