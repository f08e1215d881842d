import base64

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import clock
from ..engine.reports import mailing, speaking
from ..tools import notification


class RecobroMonthlyPrint(models.TransientModel):
    """The report on a month, to be printed by a manager or sent to them by mail at once."""

    _name = "recobro.monthly.print"
    _description = "Print the monthly report"

    def _main_companies(self):
        # sudo: a user of a branch alone may not read the main company, whose figures are those of the branch too
        return (self.env.company | self.env.companies).sudo().root_id

    def _default_month(self):
        first = clock.today(self.env, self.env.company.root_id).replace(day=1)
        return str(first - relativedelta(months=1))

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._main_companies()[:1],
        domain="[('id', 'in', choice_ids)]",
    )
    choice_ids = fields.Many2many("res.company", compute="_compute_choice_ids", string="Companies to choose from")
    month = fields.Selection("_months", required=True, default=lambda self: self._default_month())
    file = fields.Binary("Report", readonly=True, attachment=False)
    filename = fields.Char("Name of the file", readonly=True)

    def _compute_choice_ids(self):
        self.choice_ids = self._main_companies()

    @api.model
    def _months(self):
        """Return the months that can be chosen: this one and the twenty-four before it."""
        first = clock.today(self.env, self.env.company.root_id).replace(day=1)
        days = [first - relativedelta(months=number) for number in range(25)]
        return [(str(day), speaking.skeleton(self.env, day, "yMMMM")) for day in days]

    def _report(self):
        """Return the report, for the person at work and of a company at work alone."""
        self.ensure_one()
        # Whoever calls it may name any company and any day
        if self.company_id not in self._main_companies():
            raise UserError(self.env._("Choose a company that you are working in."))
        # sudo: figures of a company at work, for its manager, who may open this dialog
        return mailing.report_of(self.env.user.sudo(), self.company_id.sudo(), fields.Date.to_date(self.month))

    def action_print(self):
        """Make the PDF and download it."""
        name, content = mailing.pdf_of(self._report())
        self.write({"file": base64.b64encode(content), "filename": name})
        url = f"/web/content/{self._name}/{self.id}/file?download=true&filename_field=filename"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_send(self):
        """Send the report by mail to the person at work."""
        user = self.env.user.sudo()  # sudo: one's own address and rights
        refusal = mailing.refusal(self.company_id.sudo().with_env(user.env), user, mailing.MONTHLY)
        if refusal:
            raise UserError(refusal)
        words = self._report()
        name, content = mailing.pdf_of(words)
        # Of no record: it goes with the message, which is deleted once it is sent
        values = {"name": name, "datas": base64.b64encode(content), "res_model": "mail.message", "res_id": 0}
        file = words.env["ir.attachment"].create(values)
        mailing.queue(user, words, "recobro_module.mail_monthly", file)
        words.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return notification.done(self.env._("The report is on its way to %(address)s.", address=user.email))
