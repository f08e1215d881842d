from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize, email_split

from ..const import ACTION_KINDS, ACTION_STATES, LEFT_OUT_REASONS, OPEN_ACTION_STATES
from ..engine import alerts, clock, delivery, ladder, planning, returns
from ..engine.statement import statements
from ..tools.loose_fields import LooseMany2one


class RecobroAction(models.Model):
    """One delivery to one case on one day: a message that goes out, or a task that a person does.

    planned → (to approve →) sending → done / failed / skipped / missed, each through
    `_update_state`. Its lines are the items in it, each at its own level.
    """

    _name = "recobro.action"
    _description = "Collections action"
    _inherit = [
        "recobro.action.delivery",
        "recobro.action.rise",
        "recobro.action.channel",
        "recobro.action.letter",
        "recobro.action.whatsapp",
    ]
    _order = "day desc, id desc"
    _rec_names_search = ["partner_id", "level_id"]

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    case_id = LooseMany2one("recobro.case", required=True, readonly=True, index=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True, index=True)
    policy_id = LooseMany2one("recobro.policy", readonly=True)
    level_id = LooseMany2one("recobro.level", readonly=True)
    stage = fields.Selection(related="level_id.stage")
    run_id = LooseMany2one("recobro.run", readonly=True, index="btree_not_null")
    user_id = fields.Many2one("res.users", "Responsible", readonly=True, index="btree_not_null")
    day = fields.Date(required=True, readonly=True)
    kind = fields.Selection(ACTION_KINDS, "Type", required=True, readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env["recobro.level"]._fields["channel"]._description_selection(self.env),
        required=True,
        readonly=True,
    )
    state = fields.Selection(ACTION_STATES, required=True, readonly=True, default="planned")
    reason = fields.Selection(LEFT_OUT_REASONS, readonly=True, help="Why it was left out.")
    error = fields.Text(readonly=True)
    deadline = fields.Date(readonly=True, help="The day by which a person must have done it.")
    is_automatic = fields.Boolean("Automatic", readonly=True, help="Planned by a run, not started by a person.")
    is_delivered = fields.Boolean("Handed over", readonly=True, help="A task that its responsible has received.")
    without_waits = fields.Boolean(readonly=True, help="A manager sent it without the waits between messages.")
    not_before = fields.Date(readonly=True, help="An approved message that has to wait for this day.")
    attempts = fields.Integer(readonly=True)
    begun = fields.Integer(readonly=True, help="Workers that began to deliver it and came to no end.")
    done_date = fields.Datetime("Done on", readonly=True)
    line_ids = fields.One2many("recobro.action.line", "action_id", string="Items", readonly=True)

    # The message
    contact_id = LooseMany2one("res.partner", "Recipient", readonly=True)
    email_to = fields.Char("To", readonly=True)
    subject = fields.Char(readonly=True)
    amount = fields.Monetary(
        "Balance in the message", readonly=True, help="All that the customer owes net of credits, in company currency."
    )
    template_id = fields.Many2one("mail.template", "Written with", readonly=True, ondelete="set null")
    return_ids = fields.Many2many("recobro.payment.in.hand", string="Returns it tells of", readonly=True)
    fingerprint = fields.Char(readonly=True, help="Changes with any amount, due date or hold of the customer.")
    mail_id = LooseMany2one("mail.mail", "E-mail", readonly=True, index="btree_not_null")
    message_id = LooseMany2one("mail.message", "Message", readonly=True)
    activity_id = LooseMany2one("mail.activity", "Activity", readonly=True, index="btree_not_null")
    interaction_ids = fields.One2many("recobro.interaction", "action_id", "Log", readonly=True)

    _waiting_idx = models.Index("(id) WHERE state = 'planned' AND is_delivered IS NOT TRUE")
    _lately_idx = models.Index("(company_id, day, partner_id)")
    _contacts_idx = models.Index("(company_id, done_date) WHERE kind = 'task' AND state = 'done'")

    @api.depends("partner_id", "level_id", "channel")
    def _compute_display_name(self):
        labels = dict(self._fields["channel"]._description_selection(self.env))
        for action in self:
            what = action.level_id.display_name or labels.get(action.channel, "")
            action.display_name = f"{action.partner_id.display_name or ''}: {what}"

    # -------------------------------------------------------------------------
    # STATES
    # -------------------------------------------------------------------------

    def _update_state(self, allowed, target, **values):
        """Move the actions of `self` that are in an `allowed` state to `target`, with their lines; return them.

        The one place where a state changes. Actions in another state are left as they are: a
        second worker or a second click finds nothing to do.
        """
        moving = self.filtered(lambda action: action.state in allowed)
        if moving:
            moving.write({"state": target, **values})
            moving.line_ids.filtered(lambda line: line.state in allowed).write({"state": target})
            if "to_approve" in allowed:
                alerts.approval_given(moving.case_id)
            if target not in OPEN_ACTION_STATES:
                # The level, the last message and the next step of the case are shown anew within a minute
                self.env["recobro.mark"]._add((action.partner_id.id, action.company_id.id) for action in moving)
        return moving

    def _set_approved(self, as_of):
        """A person approved it: a message goes out as of today, a task is somebody's from today on."""
        # The notice of a suspension goes out by itself too, once it is approved
        channels = (*self.env["recobro.level"]._message_channels(), "suspension")
        messages = self.filtered(lambda action: action.channel in channels)
        messages._update_state(("to_approve",), "planned", kind="message", day=as_of)
        for task in self - messages:
            calendar = task.policy_id.calendar_id
            deadline = planning.deadline_of(task.company_id, calendar, as_of, task.level_id.wait_days)
            task._update_state(("to_approve",), "planned", day=as_of, deadline=deadline)

    def _set_sending(self, **values):
        return self._update_state(("planned",), "sending", **values)

    def _set_planned_again(self):
        """Put a message back in the queue: its amounts changed, so it is made anew after a new verdict."""
        return self._update_state(("sending",), "planned", mail_id=False, return_ids=False)

    def _set_done(self, day=None):
        """It went out, or a person did it: its items climb."""
        done = self._update_state(
            ("planned", "sending", "missed"), "done", done_date=clock.moment(self.env), error=False
        )
        for climbed_on, actions in done.grouped(lambda action: day or action._done_on()).items():
            ladder.climb(self.env, actions, climbed_on)
        returns.told(done)
        done._finish_activity()
        return done

    def _done_on(self):
        """Return the day from which the quiet days after it count: a message's own, or when a task is done."""
        return self.day if self.kind == "message" else clock.today(self.env, self.company_id)

    def _set_failed(self, error, reason="error"):
        """It could not be delivered for good: the level is held, and the owner has an activity."""
        failed = self._update_state(("planned", "sending", "done"), "failed", error=error, reason=reason)
        ladder.step_back(self.env, failed)
        returns.untell(failed)
        return failed

    def _set_skipped(self, reason):
        return self._update_state(("planned", "to_approve", "sending"), "skipped", reason=reason)

    def _set_missed(self, day):
        """A person did not do it in time: the ladder goes on, and the manager sees it."""
        missed = self._update_state(("planned", "to_approve"), "missed")
        if missed:
            ladder.climb(self.env, missed, day)
            missed._finish_activity()
        return missed

    @api.model
    def _miss_overdue_tasks(self, company, as_of):
        """Mark missed the tasks of `company` whose deadline has passed, and return how many."""
        tasks = self.search(
            [
                ("company_id", "=", company.id),
                ("kind", "=", "task"),
                ("state", "in", ("planned", "to_approve")),
                ("deadline", "<", as_of),
            ]
        )
        # A rise to another stage waits for its approval as long as it takes (DESIGN.md, rule 4).
        tasks = tasks.filtered(lambda task: task.state == "planned" or task.stage in ("preventive", "internal"))
        return len(tasks._set_missed(as_of))

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _check_may_act(self, group, message):
        """Refuse, with `message`, who is not of `group`. Only the engine writes actions, so no button leans on that."""
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group(f"recobro_module.{group}")):
            raise AccessError(message)

    def action_approve(self):
        """Approve what waits for a person: it becomes a message of today, judged again when it is made."""
        self._check_may_act(
            "group_recobro_manager", self.env._("Only a collections manager may approve what waits for a person.")
        )
        waiting = self.filtered(lambda action: action.state == "to_approve")
        if not waiting:
            raise UserError(self.env._("Nothing here waits for an approval."))
        for company, actions in waiting._checked_rises().grouped("company_id").items():
            # sudo: the lines and the positions are the engine's; the right to approve was checked above
            actions.sudo()._set_approved(clock.today(self.env, company))
        self.env["recobro.run"]._trigger_delivery()

    def action_cancel(self):
        """Leave the action out: nothing goes out, the ladder stays where it is."""
        self._check_may_act("group_recobro_user", self.env._("Only a collector may cancel what is planned."))
        open_actions = self.filtered(lambda action: action.state in ("planned", "to_approve"))
        if not open_actions:
            raise UserError(self.env._("Only what is planned or waits for an approval can be cancelled."))
        # sudo: lines and activities are the engine's; the right to act on the action was checked above
        open_actions.sudo()._set_skipped("cancelled")._finish_activity()

    def action_log_call(self):
        """Open the dialog that logs the call, or the chat, of this task."""
        self.ensure_one()
        channel = "whatsapp" if self.channel == "whatsapp" else "call"
        return self.case_id.with_context(default_action_id=self.id, default_channel=channel).action_log_call()

    def action_open_case(self):
        """Open the case of the action."""
        self.ensure_one()
        return self.case_id._get_records_action()

    def _template(self):
        """Return the `mail.template` of the message: what an item that climbs asks for, else that of the level."""
        self.ensure_one()
        if self.channel == "suspension":
            return self.level_id.template_id or self.env.ref("recobro_module.mail_template_suspension")
        climbing = self.line_ids.filtered(lambda line: line.state in OPEN_ACTION_STATES)
        return climbing.item_id.next_template_id[:1] or self.level_id._template_for(self.partner_id)

    def get_statement(self):
        """Return the customer's account (`engine.statement.Statement`) for the message of this action.

        What the delivery has judged is used; asked outside of one (a preview), it is judged now.
        """
        self.ensure_one()
        prepared = self.env.context.get("recobro_statements", {}).get(self.id)
        if prepared:
            return prepared
        climbing = {self.partner_id.id: set(self.line_ids.item_id.ids)}
        as_of = clock.today(self.env, self.company_id)
        return statements(self.env, self.company_id, as_of, climbing)[self.partner_id.id]

    def get_letter(self):
        """Return the customer's account in words and figures (`engine.letter.Letter`), in the recipient's language."""
        self.ensure_one()
        user = self.user_id or self.case_id.user_id or self.policy_id.user_id
        return self._make_letter(
            self.env, self.get_statement(), self.company_id, self.partner_id, self._get_recipients(), user
        )

    def _get_recipients(self):
        """Return the contacts the message is addressed to, the first one first."""
        addresses = [email_normalize(address) for address in email_split(self.email_to)]
        if len(addresses) < 2:
            return self.contact_id or self.partner_id
        # sudo: the people of the customer, to greet them by name, whoever looks at the message
        others = (
            self.env["res.partner"]
            .sudo()
            .search(
                [
                    ("commercial_partner_id", "=", self.partner_id.id),
                    ("email_normalized", "in", addresses),
                ]
            )
        )
        return self.contact_id | others

    @api.model
    def _deliver_now(self, company, partner_ids):
        """Deliver at once what waits for some customers of `company`: a person is looking."""
        delivery.deliver_all(self.env, company, partner_ids)
        self.env["recobro.run"]._trigger_mail_queue()
