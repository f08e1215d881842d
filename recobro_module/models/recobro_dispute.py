from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from ..const import DEPARTMENTS, DISPUTE_DOUBTS, DISPUTE_RESOLUTIONS, DISPUTE_SOURCES, ROOT_CAUSES
from ..engine import clock
from ..engine.disputes import dispute_alerts, dispute_mail, disputes, tickets
from ..engine.portal import portal_conversation
from ..tools.loose_fields import LooseMany2one

#: What a person may not write although no screen shows it as read-only: it would change what is disputed.
_FIXED = ("partner_id", "currency_id")
#: What only collections and accounting may change of a ticket that a colleague of another department works on.
_OF_COLLECTIONS = ("line_ids", "reason_id", "contact_id", "case_id")
#: Who may read holds: of another department, who works on a ticket, may not.
_SEE_HOLDS = "recobro_module.group_recobro_user,account.group_account_invoice,account.group_account_readonly"


class RecobroDispute(models.Model):
    """A ticket on part or all of some invoices: its reason, its owner, its SLA, and how it ended.

    Only the disputed amount stops being chased (`engine/disputes/disputes.py`). Its one guarded transition is
    `engine/disputes/tickets.move`, for buttons and for drag and drop; its clock is `recobro.sla.clock`.
    """

    _name = "recobro.dispute"
    _description = "Dispute"
    _inherit = ["recobro.answer", "recobro.sla.clock", "mail.tracking.duration.mixin"]
    _order = "deadline, id desc"
    _track_duration_field = "stage_id"

    _hold_reason = "dispute"
    #: Whom Odoo proposes to answer, and of whom it lets in so many mails an hour.
    _primary_email = "email_from"

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    partner_id = LooseMany2one(required=False, help="Empty: it came by mail, and a person has to find out whose it is.")
    email_from = fields.Char("Sender", readonly=True, copy=False)
    doubt = fields.Selection(DISPUTE_DOUBTS, "Why it has no customer", readonly=True, copy=False)
    subject = fields.Char(required=True)
    reason_id = fields.Many2one("recobro.dispute.reason", index=True, ondelete="restrict", tracking=True)
    department = fields.Selection(DEPARTMENTS)
    root_cause = fields.Selection(ROOT_CAUSES, "Root cause")
    source = fields.Selection(DISPUTE_SOURCES, required=True, readonly=True, default="person")
    stage_id = fields.Many2one(
        "recobro.dispute.stage",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        copy=False,
        group_expand="_group_expand_stage_id",
    )
    kind = fields.Selection(related="stage_id.kind", store=True, index=True)
    date_last_stage_update = fields.Datetime("In this stage since", readonly=True, copy=False)
    resolution = fields.Selection(DISPUTE_RESOLUTIONS, readonly=True, copy=False)
    line_ids = fields.One2many("recobro.dispute.line", "dispute_id", "Invoices")
    invoice_names = fields.Char("Invoice numbers", compute="_compute_invoice_names", store=True)
    amount = fields.Monetary(compute="_compute_amount", store=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount_company = fields.Monetary(
        "Amount (company currency)", compute="_compute_amount", store=True, currency_field="company_currency_id"
    )
    # Tracked, so that Odoo tells whom a ticket is given to: of another department they see no list of them
    user_id = fields.Many2one(tracking=True)
    credit_note_ids = fields.Many2many(
        "account.move",
        compute="_compute_credit_note_ids",
        string="Credit notes",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    hold_ids = fields.Many2many(groups=_SEE_HOLDS)
    attachment_ids = fields.One2many(
        "ir.attachment", "res_id", "Files", readonly=True, domain=[("res_model", "=", "recobro.dispute")]
    )
    taken_on = fields.Datetime("Taken on", readonly=True, copy=False, help="When a person of the company took it.")
    is_taken = fields.Boolean("Taken", compute="_compute_is_taken", store=True)
    is_live = fields.Boolean(
        "May hold something", readonly=True, copy=False, index=True, help="Looked at by the daily job."
    )
    held_from = fields.Date("Holds from", readonly=True, copy=False)

    # When each alert was given: once a ticket
    near_alerted_at = fields.Datetime(readonly=True, copy=False)
    late_alerted_at = fields.Datetime(readonly=True, copy=False)
    old_alerted_at = fields.Datetime(readonly=True, copy=False)
    credit_note_alerted_at = fields.Datetime(readonly=True, copy=False)

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for dispute in self:
            dispute.display_name = f"{dispute.name}: {dispute.subject}"

    @api.depends("line_ids.move_id")
    def _compute_invoice_names(self):
        for dispute in self:
            # sudo: who may see the dispute may see which invoices it names, and search by them
            dispute.invoice_names = ", ".join(dispute.sudo().line_ids.move_id.exists().mapped("name"))

    @api.depends("line_ids.amount", "line_ids.amount_company")
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = sum(dispute.line_ids.mapped("amount"))
            dispute.amount_company = sum(dispute.line_ids.mapped("amount_company"))

    @api.depends("taken_on")
    def _compute_is_taken(self):
        for dispute in self:
            dispute.is_taken = bool(dispute.taken_on)

    @api.depends("line_ids.credit_note_id")
    def _compute_credit_note_ids(self):
        # sudo: who may see the dispute may see that it was credited; opening the credit note asks for its own right
        there = self.sudo().line_ids.credit_note_id.exists()
        for dispute in self:
            dispute.credit_note_ids = dispute.sudo().line_ids.credit_note_id & there

    @api.model
    def _group_expand_stage_id(self, stages, _domain):
        return stages.search([])  # pylint: disable=no-search-all # a board has few columns

    # -------------------------------------------------------------------------
    # OPENING AND WRITING
    # -------------------------------------------------------------------------

    @api.model
    def _open_ticket(self, partner, company, amounts, **vals):
        """Open a ticket for a customer, and return it.

        :param partner: the customer, or a contact of it.
        :param company: a company; the ticket is of its main company.
        :param amounts: {account.move: disputed amount in its currency}; may be empty for what came by mail.
        :param vals: values of the ticket; `attachment_ids` may be attachments, or their ids: what the user has just
            uploaded goes to the ticket, of other files it gets a copy.
        """
        self.check_access("create")
        files = vals.pop("attachment_ids", None) or ()
        # sudo: whoever may open disputes may do so for invoices that only accountants may open; the constraints
        # see to it that they are the customer's, and the company is checked below
        ticket = self.sudo().create(
            {
                "partner_id": partner.id,
                "company_id": company.sudo().root_id.id,
                "line_ids": [
                    Command.create({"move_id": move.id, "amount": amount}) for move, amount in amounts.items()
                ],
                **vals,
            }
        )
        ticket = ticket.sudo(self.env.su)
        ticket.check_access("read")
        tickets.attach(ticket, self.env["ir.attachment"].browse(getattr(files, "ids", files)))
        return ticket

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_engine_fields(vals, allowed=("company_id", "partner_id", "currency_id"))
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            # sudo: of the customer and its case only names are taken; the ORM checks the company of the new ticket
            tickets.complete(self.env(su=True), vals, company.sudo().root_id)
            for name in self._engine_fields():
                vals.setdefault(name, {"name": "/", "source": "person"}.get(name, False))
        # What is opened from a screen is no place for its defaults: lines, log and holds have fields of these names too
        opened = super(RecobroDispute, self.with_context(clean_context(self.env.context))).create(vals_list)
        opened._require_invoices()
        disputes.opened(opened.sudo())  # sudo: holds, log and alerts are the engine's
        return opened.with_env(self.env)

    @api.model
    def _engine_fields(self):
        """Return the names of what the engine keeps: no default, of a context or of a user, fills it in."""
        return [
            name
            for name, field in self._fields.items()
            if field.readonly
            and field.store
            and field.column_type
            and not field.compute
            and name not in models.MAGIC_COLUMNS
        ]

    # What is left of the values goes to super in _keep; the stage takes the guarded transition
    def write(self, vals):  # pylint: disable=method-required-super
        is_found = bool(vals.get("partner_id")) and not self.partner_id and self._is_of_collections()
        self._check_engine_fields(vals, allowed=("partner_id",) if is_found else ())
        vals = dict(vals)
        if is_found or "reason_id" in vals:
            self._check_open_for_changes()
        if is_found:
            # sudo: of a contact only the company is taken
            vals["partner_id"] = self.env["res.partner"].sudo().browse(vals["partner_id"]).commercial_partner_id.id
        stage = self.env["recobro.dispute.stage"].browse(vals.pop("stage_id", None) or [])
        result = self._keep(vals) if vals else True
        if is_found:
            # sudo: the case, the log and the holds are the engine's
            dispute_mail.found(self.sudo(), vals.get("user_id"))
        if "reason_id" in vals:
            tickets.take_over_reason(self.sudo(), vals)  # sudo: the SLA is the engine's
        if stage:
            self._move(stage)
        return result

    def _keep(self, vals):
        """Write as the engine does: without the guarded transition, which is its own."""
        return super().write(vals)  # pylint: disable=super-method-mismatch # that is its point

    def _check_engine_fields(self, vals, allowed=()):
        """Refuse to a person what the engine keeps, and to other departments what is disputed; by RPC too."""
        if self.env.su:
            return
        refused = set(vals) & (set() if self._is_of_collections() else set(_OF_COLLECTIONS))
        refused |= {
            name
            for name in vals
            if name in _FIXED or ((field := self._fields.get(name)) and field.store and field.readonly)
        } - set(allowed)
        if "note" in vals and any(dispute.source != "person" for dispute in self):
            raise AccessError(
                self.env._("These are the customer's own words, and stay as they are: log a note below instead.")
            )
        if refused:
            raise AccessError(
                self.env._(
                    "“%(field)s” of a dispute can't be changed like this: ask collections.",
                    field=self._fields[min(refused)].string,
                )
            )

    def _is_of_collections(self):
        user = self.env.user
        return user.has_group("recobro_module.group_recobro_user") or user.has_group("account.group_account_invoice")

    @api.constrains("partner_id", "taken_on", "stage_id")
    def _check_customer(self):
        for dispute in self:
            if not dispute.partner_id and dispute.taken_on and dispute.kind != "final":
                raise ValidationError(
                    self.env._(
                        "Nobody knows yet whose %(dispute)s is: choose the customer first, or close it.",
                        dispute=dispute.name,
                    )
                )

    def _require_invoices(self):
        for dispute in self:
            if dispute.source == "person" and not dispute.line_ids:
                raise UserError(self.env._("A dispute is about an invoice: choose at least one."))

    def _check_open_for_changes(self):
        """Refuse to change what a closed dispute was about."""
        if any(dispute.kind == "final" for dispute in self):
            raise UserError(self.env._("A dispute that is closed stays as it was: reopen it first."))

    def _prepare_hold_vals(self):
        return {**super()._prepare_hold_vals(), "reference": self.name, "date_from": self.held_from}

    # -------------------------------------------------------------------------
    # FROM STAGE TO STAGE
    # -------------------------------------------------------------------------

    def _move(self, stage):
        """Move to a stage as a person does, with all that follows from it."""
        self.check_access("write")
        # sudo: clock, holds and draft credit notes follow from a decision that the person may take
        disputes.moved(self.sudo(), stage)

    def _set_resolved(self, resolution):
        """Close as one of `const.DISPUTE_RESOLUTIONS`, but for paid, which only the engine finds."""
        self.check_access("write")
        stage = tickets.stage_for(self.env, resolution)
        disputes.moved(self.sudo(), stage, resolution)  # sudo: as _move

    def action_take(self):
        """Take what came from outside: from now on it holds its amount for as long as it is open."""
        self.check_access("write")
        disputes.taken(self.sudo())  # sudo: as _move

    def action_wait(self):
        """Wait for the customer: the clock of the SLA stands still."""
        self._move(tickets.stage_of_kind(self.env, "waiting"))

    def action_credit_note(self):
        """Resolve in the customer's favour: drafts of credit notes are made for the disputed amounts."""
        self._set_resolved("credit_note")

    def action_reject(self):
        """Reject: the amount is chased again, at the next level, after the quiet days."""
        self._set_resolved("rejected")

    def action_agreement(self):
        """Close with an agreement: the amount is chased again, after the quiet days."""
        self._set_resolved("agreement")

    def action_reopen(self):
        """Open again what was closed, in review."""
        self._move(tickets.review_stage(self.env))

    def action_open_dialog(self):
        """Open the ticket in a dialog, over the invoice that it is worked from."""
        return {**self._get_records_action(name=self.display_name), "target": "new", "views": [(False, "form")]}

    def action_open_credit_notes(self):
        """Show the credit notes of the disputes."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_out_refund_type")
        notes = self.sudo().credit_note_ids  # sudo: which they are; opening them asks for the right to
        if len(notes) == 1:
            return {**action, "views": [(False, "form")], "res_id": notes.id}
        return {**action, "domain": [("id", "in", notes.ids)], "context": {"create": False}}

    # -------------------------------------------------------------------------
    # MAIL AND SCHEDULED ACTION
    # -------------------------------------------------------------------------

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """A mail to the alias becomes a ticket of the sender's company, or waits for a person to find whose it is."""
        return dispute_mail.open_ticket(self, msg_dict)

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        """What is sent to the customer's contact has a button that opens the ticket in the portal."""
        groups = super()._notify_get_recipients_groups(message, model_description, msg_vals)
        # sudo: whoever writes to the contact, the link is made for the contact
        return portal_conversation.recipients_group(self.sudo(), groups) if len(self) == 1 else groups

    def _message_post_after_hook(self, message, msg_values):
        """What a customer writes on a ticket that waits for them sets its clock going again."""
        result = super()._message_post_after_hook(message, msg_values)
        dispute_mail.answered(self.sudo(), message)  # sudo: the gateway asks, or a customer in the portal
        return result

    @api.model
    def _cron_alert(self):
        """Tell the owners of disputes near their SLA or open too long, and the managers of those past it."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            dispute_alerts.try_alert(self.env, company, clock.moment(self.env))
            if not self.env["ir.cron"]._commit_progress(1):
                return
