import logging
import time
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..engine import clock, delivery, queue, refresh, retries, run, saving
from ..engine.channels import sms, sms_reports

_logger = logging.getLogger(__name__)

#: How often a day is decided again when another transaction was faster, before the scheduled action itself is.
_TRIES = 5
_WARNING = "mail.mail_activity_data_warning"
#: States of a run that has decided nothing.
_NOT_TAKEN_PLACE = ("deciding", "failed")


class RecobroRun(models.Model):
    """One execution of the daily job for a company: its day, how it was started, what came of it."""

    _name = "recobro.run"
    _description = "Collections run"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "day"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    day = fields.Date(required=True, readonly=True)
    mode = fields.Selection(
        [("scheduled", "Scheduled"), ("manual", "By hand"), ("replay", "Replay")], required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("deciding", "Deciding"),
            ("waiting", "Waiting for a person"),
            ("delivering", "Delivering"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="deciding",
    )
    planned_messages = fields.Integer("Messages planned", readonly=True)
    planned_tasks = fields.Integer("Tasks", readonly=True)
    missed_tasks = fields.Integer("Missed tasks", readonly=True)
    left_out = fields.Json("Left out, by reason", readonly=True)
    left_out_text = fields.Char("Left out", compute="_compute_left_out_text")
    missed_days = fields.Integer(
        "Days without a run", readonly=True, help="Days before this one on which no run took place."
    )
    seconds = fields.Float(readonly=True, digits=(10, 2))
    error = fields.Text(readonly=True)
    action_ids = fields.One2many("recobro.action", "run_id", readonly=True)

    _day_idx = models.Index("(company_id, day)")

    @api.depends("left_out")
    def _compute_left_out_text(self):
        labels = dict(self.env["recobro.action"]._fields["reason"]._description_selection(self.env))
        for record in self:
            record.left_out_text = ", ".join(
                f"{labels.get(reason, reason)}: {number}" for reason, number in sorted((record.left_out or {}).items())
            )

    # -------------------------------------------------------------------------
    # LIFE OF A RUN
    # -------------------------------------------------------------------------

    @api.model
    def _start(self, company, as_of, mode):
        """Return a new run of `company` for the day `as_of`, with the days missed since the one before.

        A run that failed, or was cut off before its day was decided, has not taken place.
        """
        before = [("company_id", "=", company.id), ("day", "<", as_of), ("state", "not in", _NOT_TAKEN_PLACE)]
        last = self.search(before, order="day desc", limit=1)
        return self.create(
            {
                "company_id": company.id,
                "day": as_of,
                "mode": mode,
                "missed_days": max((as_of - last.day).days - 1, 0) if last else 0,
            }
        )

    def _set_done(self):
        self.filtered(lambda record: record.state in ("deciding", "delivering")).state = "done"

    def _decide_and_commit(self):
        """Decide the day in one transaction; on an error nothing of it is kept but the error.

        Tried again while another transaction is at work on the same company, or was faster on the same rows.
        """
        self.ensure_one()
        self.env["ir.cron"]._commit_progress()  # the record of the run outlives what is rolled back
        start = time.monotonic()
        for attempt in range(_TRIES):
            try:
                with self.env.cr.savepoint():
                    run.decide(self.env, self.company_id, self.day, self)
                break
            except (saving.Busy, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY) as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt + 1 == _TRIES:
                    self._set_failed(str(error))
                else:
                    time.sleep(attempt + 1)
            except Exception as error:
                _logger.exception("Collections run of %s for %s failed", self.day, self.company_id.name)
                self._set_failed(str(error))
                break
        self.seconds = time.monotonic() - start
        if self.state == "waiting":
            self._ask_a_person()
        self.env["ir.cron"]._commit_progress(1)

    def _set_failed(self, error):
        """Keep why the day could not be decided, and tell a person once a day: a silent stop is the worst fault."""
        told = self.search_count(
            [("company_id", "=", self.company_id.id), ("day", "=", self.day), ("state", "=", "failed")], limit=1
        )
        self.write({"state": "failed", "error": error})
        if not told:
            self._warn(
                self.env._("The collections run failed"),
                self.env._("Nothing was planned today. It is tried again each hour. It says: %(error)s", error=error),
            )

    def _warn_cut_off(self):
        """Tell a person once that the worker which decided this day was ended: one that always is never says so."""
        if not self.activity_search([_WARNING]):
            self._warn(
                self.env._("The collections run was cut off"),
                self.env._(
                    "The worker that decided the day was ended before it had: it is tried again. Where this happens "
                    "each time, the day takes longer than Odoo lets a scheduled action work (limit_time_real_cron)."
                ),
            )

    def _warn_no_more(self):
        """Take the warning away: the day is decided."""
        self.activity_unlink([_WARNING])

    def _warn(self, summary, note):
        """Leave an activity for whoever answers for the policies."""
        policies = self.env["recobro.policy"]._in_force(self.company_id)
        user = policies.user_id[:1] or self.env.ref("base.user_admin")
        self.activity_schedule(_WARNING, user_id=user.id, summary=summary, note=note)

    def _ask_a_person(self):
        """Leave an activity for whoever answers for the policies: this run would send far more than usual."""
        policies = self.action_ids.policy_id
        self.activity_schedule(
            "recobro_module.activity_type_decide",
            user_id=policies.user_id[:1].id or self.env.ref("base.user_admin").id,
            note=self.env._(
                "This run would send %(number)s messages, far more than usual. "
                "Look at them, then release or cancel it.",
                number=self.planned_messages,
            ),
        )

    def _alert_mail_server(self, reason):
        """Leave one activity a run that its messages wait for the mail server."""
        for record in self:
            if record.sudo().activity_search(["recobro_module.activity_type_delivery"]):
                continue
            record.sudo().activity_schedule(
                "recobro_module.activity_type_delivery",
                user_id=record.action_ids.policy_id.user_id[:1].id or self.env.ref("base.user_admin").id,
                note=self.env._(
                    "The mail server does not take messages now. They are tried again by themselves, later each "
                    "time. It says: %(reason)s",
                    reason=reason,
                ),
            )

    def action_release(self):
        """Let a waiting run deliver: a person has looked at it."""
        waiting = self.filtered(lambda record: record.state == "waiting")
        if not waiting:
            raise UserError(self.env._("Only a run that waits for a person can be released."))
        waiting.write({"state": "delivering"})
        waiting.sudo().activity_unlink(["recobro_module.activity_type_decide"])
        self._trigger_delivery()

    def action_cancel(self):
        """Cancel what a waiting run would send: nothing goes out, and the ladder stays where it is."""
        waiting = self.filtered(lambda record: record.state == "waiting")
        if not waiting:
            raise UserError(self.env._("Only a run that waits for a person can be cancelled."))
        # sudo: the manager may end the run; its actions belong to the same company by the record rule of the run
        waiting.sudo().action_ids.filtered(lambda action: action.state == "planned")._set_skipped("cancelled")
        waiting.write({"state": "cancelled"})
        waiting.sudo().activity_unlink(["recobro_module.activity_type_decide"])

    def action_open_actions(self):
        """Show the actions of the run."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_action_all")
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    @api.model
    def _check_manager(self):
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise UserError(self.env._("Only a collections manager may start or stop collections."))

    @api.model
    def action_stop_company(self):
        """The stop button: nothing more is planned or sent for the active company, what is queued included."""
        return self._set_stopped(True, self.env._("Collections are stopped: nothing more goes out."))

    @api.model
    def action_resume_company(self):
        """Let collections of the active company go on, from tomorrow's run or from one started by hand."""
        return self._set_stopped(False, self.env._("Collections go on with the next run."))

    @api.model
    def _set_stopped(self, stopped, message):
        self._check_manager()
        # sudo: a manager of collections may stop them without the right to change the company otherwise
        self.env.company.root_id.sudo().recobro_stopped = stopped
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"message": message, "type": "warning" if stopped else "success"},
        }

    @api.model
    def action_run_now(self):
        """Run the day of the active company by hand, in batches as the scheduled action would."""
        self._check_manager()
        company = self.env.company.root_id
        if company.recobro_stopped:
            raise UserError(self.env._("Collections are stopped for %(company)s.", company=company.name))
        # sudo: the engine writes its own tables, which no person may write by hand
        record = self.sudo()._start(company, clock.today(self.env, company), "manual")
        record._decide_and_commit()
        self._trigger_delivery()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recobro.run",
            "res_id": record.id,
            "view_mode": "form",
        }

    @api.model
    def _trigger_delivery(self, moments=None):
        """Wake the pool of delivering scheduled actions: the shipped ones and every copy of them.

        :param moments: datetimes at which to wake it; now when None.
        """
        # sudo: waking the delivery is part of what the person was allowed to start
        scheduled = self.env["ir.cron"].sudo()
        for cron in scheduled.search([("model_id.model", "=", self._name), ("code", "like", "_cron_deliver()")]):
            cron._trigger(moments)

    # -------------------------------------------------------------------------
    # SCHEDULED ACTIONS
    # -------------------------------------------------------------------------

    @api.model
    def _cron_run(self):
        """Start the day of each company whose hour has come and that has not run today."""
        companies = self._due_companies()
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            record = run.take_up(self.env, company, clock.today(self.env, company))
            record._decide_and_commit()
        if companies:
            self._trigger_delivery()

    @api.model
    def _due_companies(self):
        """Return the main companies that are not stopped, past their hour, and not run today by schedule.

        One scheduled action decides at a time, so a run that still decides when the next one looks was cut off.
        """
        due = self.env["res.company"]
        for company in self.env["res.company"].search([("parent_id", "=", False), ("recobro_stopped", "=", False)]):
            local = clock.local_now(company)
            ran = self.search_count(
                [
                    ("company_id", "=", company.id),
                    ("day", "=", local.date()),
                    ("mode", "=", "scheduled"),
                    ("state", "not in", _NOT_TAKEN_PLACE),
                ],
                limit=1,
            )
            if local.hour >= company.recobro_run_hour and not ran:
                due |= company
        return due

    @api.model
    def _cron_deliver(self):
        """Deliver batch by batch, each in a transaction of its own, until nothing waits or time is up."""
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        # After a worker that was cut off the next one goes step by step: what it made may have been its end
        # sudo: the scheduled action may be some manager's, and looks at its own progress
        progress = cron.env["ir.cron.progress"].sudo().browse(self.env.context.get("ir_cron_progress_id"))
        cut_off = progress.timed_out_counter > 1
        deliver = delivery.deliver_carefully if cut_off else delivery.deliver_some
        while done := retries.persistently(self.env, deliver):
            self._trigger_mail_queue()
            if not cron._commit_progress(done, remaining=1):
                return
        self._finish_runs()
        cron._commit_progress(remaining=0)

    @api.model
    def _trigger_mail_queue(self):
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _finish_runs(self):
        """Close the runs whose actions are all delivered, and take the snapshot of their day."""
        for record in self.search([("state", "=", "delivering")]):
            retries.persistently(self.env, lambda _env, record=record: run.finish(record))
            self.env["ir.cron"]._commit_progress()

    @api.model
    def _cron_refresh(self):
        """Refresh the cases whose customers' account changed, and wake the mail queue for what waits in it."""
        for settle in (queue.settle, sms_reports.settle):
            retries.persistently(self.env, lambda env, settle=settle: settle(env, after=queue.LEFT_ALONE))
            self.env["ir.cron"]._commit_progress()
        retries.persistently(self.env, refresh.forget)
        self.env["ir.cron"]._commit_progress()
        while done := retries.persistently(self.env, refresh.refresh):
            if not self.env["ir.cron"]._commit_progress(done):
                break
        # What is due for another try, and what was left when a connection was lost or a worker killed: else it would
        # wait for the queue's own hour
        now = fields.Datetime.now()
        waiting = [("state", "=", "outgoing"), ("recobro_action_id", "!=", False)]
        due = ["|", ("scheduled_date", "=", False), ("scheduled_date", "<=", now)]
        if self.env["mail.mail"].sudo().search_count(waiting + due, limit=1):  # sudo: the queue is everybody's
            self._trigger_mail_queue()
        sms.wake(self.env)

    @api.autovacuum
    def _gc_empty_runs(self):
        """Forget runs of over a year ago that planned nothing."""
        limit = fields.Date.today() - timedelta(days=365)
        self.search([("day", "<", limit), ("action_ids", "=", False)], limit=1000).unlink()
