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
    state = fields.Selection(
        [("sent", "Sent"), ("failed", "Failed"), ("dropped", "Given up")], required=True, readonly=True, default="sent"
    )
    error = fields.Text(readonly=True)
    recipients = fields.Text("Sent to", readonly=True)
    not_reached = fields.Text("Did not reach", compute="_compute_not_reached")
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Files", domain=[("res_model", "=", "recobro.figures.mail")], readonly=True
    )

    _once = models.UniqueIndex("(company_id, kind, period)", "This report has gone out.")

    def _compute_not_reached(self):
        mails = self._not_arrived().grouped("res_id")
        for row in self:
            row.not_reached = ", ".join(mail.email_to for mail in mails.get(row.id, []))

    def _not_arrived(self):
        """Return the mails (`mail.mail`, in sudo) of these reports that the mail server refused."""
        # sudo: mails are for administrators; only those of reports that the user may read are looked at
        mails = self.env["mail.mail"].sudo()
        return mails.search([("model", "=", self._name), ("res_id", "in", self.ids), ("state", "=", "exception")])

    def action_try_again(self):
        """Send a report that failed, or the mails of it that did not arrive, now."""
        self.ensure_one()
        self.check_access("read")
        row = self.sudo()  # sudo: nobody writes these rows by hand; who may read one is a manager of its company
        if row.state == "failed":
            row._send(row.company_id, row.kind, row.period)
            if row.state == "failed":
                message = self.env._("It could not be sent. It says: %(error)s", error=row.error)
                values = {"message": message, "type": "danger", "sticky": True}
                return {"type": "ir.actions.client", "tag": "display_notification", "params": values}
        row._not_arrived().mark_outgoing()
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()  # sudo: a job of the system
        return None

    def action_give_up(self):
        """Try no more to send a report that failed."""
        self.ensure_one()
        self.check_access("read")
        if self.state == "failed":
            self.sudo().state = "dropped"  # sudo: as above

    @api.model
    def _cron_send(self):
        """Send what is due, each report in a transaction of its own: one that fails stops no other."""
        companies = self.env["res.company"].search([("parent_id", "=", False)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(companies))
        for company in companies:
            for kind, period in self._due(company):
                self._send(company, kind, period)
                cron._commit_progress()
            if not cron._commit_progress(1):
                return

    def _due(self, company):
        """Return `mailing.due`; nothing of a company where that can't be told, which the watch says."""
        try:
            with self.env.cr.savepoint():
                return mailing.due(self.env, company)
        except Exception:
            _logger.exception("What reports %s is owed can't be told", company.name)
            return []

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
