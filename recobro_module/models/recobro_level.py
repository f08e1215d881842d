from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import HAND_OVER_CHANNELS, LEVEL_CHANNELS, LEVEL_SUBJECTS, MESSAGE_CHANNELS, STAGES, STAGES_APPROVED, TONES


class RecobroLevel(models.Model):
    """A follow-up level: one touch at `delay_days` from the due date (negative: before it).

    An item's position on the ladder is the pair (delay, sequence) of the last level it got, so
    several levels may share a delay as long as their sequences differ.
    """

    _name = "recobro.level"
    _description = "Follow-up level"
    _inherit = ["recobro.level.channel", "recobro.level.handover", "recobro.level.selection", "recobro.level.trial"]
    _order = "policy_id, delay_days, sequence, id"

    name = fields.Char(required=True, translate=True)
    policy_id = fields.Many2one("recobro.policy", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    active = fields.Boolean(default=True)
    subject = fields.Selection(
        LEVEL_SUBJECTS,
        "About",
        required=True,
        default="invoice",
        help="Instalments have a ladder of their own: levels about invoices never chase them, nor the other way round.",
    )
    sequence = fields.Integer(
        compute="_compute_sequence",
        store=True,
        readonly=False,
        help="Order among levels of the same day.",
    )
    delay_days = fields.Integer(
        "Days from due date", required=True, help="Negative: before the due date. 0: on the due date."
    )
    stage = fields.Selection(
        STAGES, required=True, compute="_compute_stage", store=True, readonly=False, precompute=True
    )
    channel = fields.Selection(LEVEL_CHANNELS, required=True, default="email")
    template_id = fields.Many2one(
        "mail.template",
        "Message",
        domain=[("model", "=", "recobro.action")],
        ondelete="restrict",
        help="What the message says. The salutation and the language are the recipient's.",
    )
    script = fields.Html("Call script", translate=True, help="What the caller has before them.")
    recipient_role_ids = fields.One2many(
        "recobro.level.role",
        "level_id",
        string="Recipients in order",
        copy=True,
        help="The message goes to the contacts that hold the first of these roles; where nobody does, "
        "to the invoice address, then to the company.",
    )
    tone = fields.Selection(TONES, required=True, default="kind")
    needs_approval = fields.Boolean(
        "A person approves it",
        compute="_compute_needs_approval",
        store=True,
        readonly=False,
        precompute=True,
        help="Whatever leads above our own collecting, and a suspension, is always approved by a person.",
    )
    attach_invoices = fields.Boolean(
        "Attach invoices", help="Attach the existing PDF of the invoices that get this level."
    )
    grace_days = fields.Integer("Grace days", help="Days that pass after this level before the next one may come.")
    notice_days = fields.Integer(
        "Days' notice",
        default=7,
        help="Days from the notice of a suspension to the day from which nothing is supplied.",
    )
    wait_days = fields.Integer(
        "Wait",
        default=3,
        help="Working days a person has for it; then it counts as missed, the manager sees it, and the ladder goes on.",
    )
    kind = fields.Selection(
        [("message", "Message"), ("task", "Task")],
        "Type",
        compute="_compute_kind",
        store=True,
        help="A message goes out by itself; a task is done, or approved, by a person.",
    )

    _check_wait = models.Constraint("CHECK (wait_days >= 0)", "The wait of a level can't be negative.")
    _check_notice = models.Constraint(
        "CHECK (notice_days >= 1)", "A suspension is announced to the customer a day before it at least."
    )
    _check_grace = models.Constraint("CHECK (grace_days >= 0)", "The grace days of a level can't be negative.")

    @api.depends("delay_days")
    def _compute_stage(self):
        for level in self:
            if not level.stage or level.stage in ("preventive", "internal"):
                level.stage = "preventive" if level.delay_days < 0 else "internal"

    @api.depends("stage", "channel")
    def _compute_needs_approval(self):
        for level in self:
            level.needs_approval = level.needs_approval or level._is_always_approved()

    def _is_always_approved(self):
        return self.stage in STAGES_APPROVED or self.channel in ("suspension", *HAND_OVER_CHANNELS)

    @api.depends("channel", "needs_approval")
    def _compute_kind(self):
        for level in self:
            level.kind = "message" if level.channel in self._message_channels() and not level.needs_approval else "task"

    @api.depends("policy_id")
    def _compute_sequence(self):
        """Number the levels without an order after those of their policy, the ones made together with them too.

        Not precomputed: before they are created, levels know nothing of each other.
        """
        for level in self:
            if not level.sequence:
                level.sequence = max(level.policy_id.level_ids.mapped("sequence"), default=0) + 1

    @api.model
    def _message_channels(self):
        """Return the channels that deliver by themselves. Hook: a glue module adds its own."""
        return MESSAGE_CHANNELS

    @api.depends("name", "delay_days", "policy_id.name")
    @api.depends_context("recobro_level_with_policy")
    def _compute_display_name(self):
        self.fetch(("name", "delay_days"))  # lists of invoices show it: nothing else of a level is read for them
        is_with_policy = self.env.context.get("recobro_level_with_policy")
        for level in self:
            name = f"{level.delay_days:+d} {level.name or ''}".strip() if level.delay_days else level.name
            level.display_name = f"{name} · {level.policy_id.name}" if is_with_policy and level.policy_id else name

    @api.constrains("channel", "template_id")
    def _check_template(self):
        for level in self:
            if level.channel == "email" and not level.template_id:
                raise ValidationError(
                    self.env._("The level “%(level)s” is an e-mail: choose the message it sends.", level=level.name)
                )
            if level.template_id and level.template_id.model != "recobro.action":
                raise ValidationError(
                    self.env._(
                        "The message of the level “%(level)s” must be a template of collections actions.",
                        level=level.name,
                    )
                )

    @api.constrains("stage", "channel", "needs_approval")
    def _check_approval(self):
        for level in self:
            if level._is_always_approved() and not level.needs_approval:
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” goes beyond our own collecting: a person must approve it.",
                        level=level.name,
                    )
                )

    @api.constrains("subject")
    def _check_entry_level(self):
        self.policy_id._check_entry_level()

    @api.constrains("active")
    def _check_last_one(self):
        """An archived level can be the last one of a policy that is switched on."""
        self.policy_id._check_levels()

    @api.constrains("policy_id", "subject", "delay_days", "sequence", "channel", "active")
    def _check_alike(self):
        for policy in self.policy_id:
            seen = {}
            for level in policy.level_ids:
                for key in ((level.delay_days, level.channel), (level.delay_days, "order", level.sequence)):
                    other = seen.setdefault((level.subject, *key), level)
                    if other != level:
                        raise ValidationError(
                            self.env._(
                                "The levels “%(one)s” and “%(other)s” are alike: same day (%(days)s) and same "
                                "channel or order. Change the day, the channel or the order of one of them.",
                                one=other.name,
                                other=level.name,
                                days=level.delay_days,
                            )
                        )

    def write(self, vals):
        moved = self.filtered(lambda level: "subject" in vals and level.subject != vals["subject"])
        if moved and moved._is_used():
            raise ValidationError(
                self.env._(
                    "This level was already used: what it is about can't change, so that the log keeps its meaning. "
                    "Archive it and add another one."
                )
            )
        return super().write(vals)

    def _is_used(self):
        """Return whether an action names one of these levels, if only to say why a customer was left out."""
        domain = [("level_id", "in", self.ids)]
        # sudo: whoever deletes a level may not see what was sent by it
        named = (self.env[model].sudo() for model in ("recobro.action.line", "recobro.action"))
        return any(model.search_count(domain, limit=1) for model in named)

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_used(self):
        if self._is_used():
            raise ValidationError(
                self.env._("This level was already used: archive it instead, so that the log keeps its meaning.")
            )
        for policy in self.policy_id.filtered("is_on"):
            if policy.level_ids <= self:
                raise ValidationError(
                    self.env._("The policy “%(policy)s” is switched on and would have no levels.", policy=policy.name)
                )
