from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..engine import clock
from ..engine.figures import daily

#: Months whose ends are rebuilt, and days before yesterday.
_MONTHS, _DAYS = 24, 90


class RecobroSnapshotRebuild(models.Model):
    """The balances of the past that a person asked to be rebuilt from the books: the days to do, and how far it is.

    The scheduled action keeps one day after the other, each for good: stopped, it goes on where it was. What is kept
    already stays as it is.
    """

    _name = "recobro.snapshot.rebuild"
    _description = "Rebuilding past balances"
    _order = "id desc"
    _rec_name = "company_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    as_of = fields.Date("Asked on", required=True, readonly=True)
    state = fields.Selection(
        [("running", "At work"), ("done", "Done")], required=True, readonly=True, default="running"
    )
    days_total = fields.Integer("Days to rebuild", readonly=True)
    days_done = fields.Integer("Days rebuilt", readonly=True)
    progress = fields.Float(compute="_compute_progress")

    @api.depends("days_total", "days_done")
    def _compute_progress(self):
        for job in self:
            job.progress = 100 * job.days_done / job.days_total if job.days_total else 100

    @api.model
    def _ask(self, companies):
        """Have the past of some main companies rebuilt in the background; one that is at it already goes on."""
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(self.env._("Only a manager of collections may rebuild the past."))
        scheduled = self.env.ref("recobro_module.ir_cron_rebuild", raise_if_not_found=False)
        if not scheduled:
            raise UserError(
                self.env._(
                    "The scheduled action that rebuilds past balances was deleted. Upgrade Recobro to have it back."
                )
            )
        jobs = self.sudo()  # sudo: asking for it is all that a manager may do
        for company in companies:
            if not jobs.search_count([("company_id", "=", company.id), ("state", "=", "running")], limit=1):
                job = jobs.create({"company_id": company.id, "as_of": clock.today(self.env, company)})
                job.days_total = len(job._days_left())
        scheduled.sudo()._trigger()  # sudo: the scheduled action is the system's

    def _days_left(self):
        """Return the days that are not kept yet, the youngest first: those are the ones that are looked at first.

        A day that is still lived is left to its run, which keeps it with what the books do not tell.
        """
        self.ensure_one()
        month = self.as_of.replace(day=1)
        ends = {month - relativedelta(months=number) - timedelta(days=1) for number in range(_MONTHS)}
        days = ends | {self.as_of - timedelta(days=number + 1) for number in range(_DAYS)}
        between = (self.env, self.company_id, min(days), max(days))
        return sorted(days - daily.kept_days(*between) - daily.lived_days(*between), reverse=True)

    @api.model
    def _cron_rebuild(self):
        """Rebuild day after day, each in a transaction of its own, as long as the scheduled action has time."""
        work = [(job, day) for job in self.search([("state", "=", "running")], order="id") for day in job._days_left()]
        self.env["ir.cron"]._commit_progress(remaining=len(work))
        for job, day in work:
            daily.rebuild(self.env, job.company_id, day)
            job.days_done += 1
            if not self.env["ir.cron"]._commit_progress(1):
                return
        self.search([("state", "=", "running")]).filtered(lambda job: not job._days_left()).state = "done"
        self.env["ir.cron"]._commit_progress()
