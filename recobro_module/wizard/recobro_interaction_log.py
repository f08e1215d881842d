from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS, LOG_RESULTS
from ..engine import clock, promising
from ..engine.channels import addresses, call

#: Results a person can log; the others are the machine's.
_BY_HAND = ("answered", "no_answer", "voicemail", "wrong_number", "replied", "promised", "noted", "opted_out")


class RecobroInteractionLog(models.TransientModel):
    """Dialog: log a call, or any contact a person had. Who answered, what came of it, what comes next."""

    _name = "recobro.interaction.log"
    _description = "Log a contact"
    _inherit = ["recobro.promise.terms"]

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", compute="_compute_partner_id")
    company_id = fields.Many2one("res.company", compute="_compute_partner_id")
    action_id = fields.Many2one(
        "recobro.action",
        "Task done",
        compute="_compute_action_id",
        store=True,
        readonly=False,
        domain="[('case_id', '=', case_id), ('kind', '=', 'task'), ('state', 'in', ('planned', 'missed'))]",
        help="The planned call that this contact settles.",
    )
    script = fields.Html(compute="_compute_script", sanitize=False)
    corrects_id = fields.Many2one("recobro.interaction", readonly=True)
    channel = fields.Selection(
        [choice for choice in LOG_CHANNELS if choice[0] != "portal"], required=True, default="call"
    )
    direction = fields.Selection(
        [("out", "We contacted them"), ("in", "They contacted us")], required=True, default="out"
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Spoke with",
        compute="_compute_contact_id",
        store=True,
        readonly=False,
        domain="[('commercial_partner_id', '=', partner_id)]",
    )
    result = fields.Selection(
        [choice for choice in LOG_RESULTS if choice[0] in _BY_HAND], required=True, default="answered"
    )
    note = fields.Text("What came of it")
    date = fields.Datetime(required=True, default=lambda self: clock.moment(self.env))
    next_step = fields.Char(help="What to do next; it becomes an activity on the case.")
    next_date = fields.Date("On", default=lambda self: fields.Date.add(fields.Date.context_today(self), days=2))

    @api.depends("case_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.case_id.partner_id
            wizard.company_id = wizard.case_id.company_id

    @api.depends("case_id")
    def _compute_action_id(self):
        for wizard in self:
            if not wizard.action_id and not wizard.corrects_id:
                wizard.action_id = wizard.case_id.action_ids.filtered(
                    lambda action: (
                        action.kind == "task" and action.state == "planned" and action.channel in ("call", "whatsapp")
                    )
                )[:1]

    @api.depends("case_id", "action_id", "contact_id")
    def _compute_script(self):
        """Show whoever calls what the task's activity said, as of now."""
        for wizard in self:
            wizard.script = wizard.case_id and call.script_of(
                wizard.case_id, wizard.contact_id, wizard.action_id.level_id, self.env.user
            )

    @api.depends("action_id")
    def _compute_contact_id(self):
        for wizard in self:
            wizard.contact_id = wizard.contact_id or wizard.action_id.contact_id

    def _promise_depends(self):
        return ("case_id", "result")

    def _promise_customer(self):
        company, partner = super()._promise_customer()
        if self.result != "promised":
            return company.browse(), partner.browse()
        return company, partner

    def action_log(self):
        """Append the line, finish the planned call it settles, and leave the next step as an activity."""
        self.ensure_one()
        self._check_contact()
        if self.result == "promised":
            self._take_promise(
                self.case_id, is_logged=True, contact_id=self.contact_id.id, channel=self.channel, note=self.note
            )
        return self._add_to_log()

    def action_ask_manager(self):
        """Log that they answered, and ask the manager to take the promise that is past the policy's limit."""
        self.ensure_one()
        self._check_contact()
        self._ask_manager(self.case_id)
        self.result = "answered"
        return self._add_to_log()

    def _check_contact(self):
        """Refuse what can't have taken place, or is not the user's to log."""
        if self.date > fields.Datetime.now():
            raise UserError(self.env._("A contact can't be logged before it takes place: check the date."))
        # Only collectors may open this dialog (its access rights) and change the case; the log itself takes no rights
        self.case_id.check_access("write")
        self._check_task()

    def _add_to_log(self):
        if self.result == "opted_out":
            addresses.opt_out(self.contact_id, self.channel)
        line = self.env["recobro.interaction"]._log([self._prepare_interaction_vals()])
        if self.action_id and self.direction == "out":
            # sudo: lines and positions are the engine's; the right to act on the case was checked above
            self.action_id.sudo()._set_done()
        if self.next_step:
            self.case_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self.next_date,
                summary=self.next_step,
                user_id=self.env.uid,
            )
        return {"type": "ir.actions.act_window_close", "infos": {"interaction_id": line.id}}

    def _check_task(self):
        """Refuse to settle anything but an open task of this very case."""
        task = self.action_id
        if task and (task.case_id != self.case_id or task.kind != "task" or task.state not in ("planned", "missed")):
            raise UserError(self.env._("The task done must be an open task of this case: choose another, or none."))

    def _prepare_interaction_vals(self):
        """Return the values of the new line. Hook for who adds fields to the dialog."""
        labels = dict(self._fields["result"]._description_selection(self.env))
        return {
            "company_id": self.case_id.company_id.id,
            "partner_id": self.case_id.partner_id.id,
            "case_id": self.case_id.id,
            "contact_id": self.contact_id.id,
            # The number is not used any more until somebody confirms it
            "email": self.contact_id.phone_sanitized if self.result == "wrong_number" else False,
            "channel": self.channel,
            "direction": self.direction,
            "result": self.result,
            "summary": self._summary(labels[self.result])[:120],
            "note": self.note,
            "date": self.date,
            "action_id": self.action_id.id,
            "corrects_id": self.corrects_id.id,
        }

    def _summary(self, label):
        """Return what the line says at a glance: the promise, the first line of the note, or the result."""
        if self.result == "promised":
            return promising.words(self.env, self.promise_amount, self.promise_currency_id, self.promise_date)
        return (self.note or label).split("\n")[0]
