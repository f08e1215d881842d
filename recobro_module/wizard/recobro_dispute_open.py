from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..const import LOG_CHANNELS
from ..tools import notification


class RecobroDisputeOpen(models.TransientModel):
    """Dialog: open a dispute on part or all of some invoices of a customer.

    Context: `default_move_ids` (ids) names the invoices, else the customer's open ones are shown to choose from.
    With `default_dispute_id`, what is chosen is added to that ticket, such as one that came by mail and names none.
    """

    _name = "recobro.dispute.open"
    _description = "Open a dispute"

    partner_id = fields.Many2one("res.partner", "Customer", required=True)
    company_id = fields.Many2one("res.company", required=True, default=lambda self: self.env.company.root_id)
    case_id = fields.Many2one("recobro.case", readonly=True)
    dispute_id = fields.Many2one("recobro.dispute", "Add to", readonly=True)
    reason_id = fields.Many2one("recobro.dispute.reason", required=True)
    reason_help = fields.Char(compute="_compute_reason_help")
    subject = fields.Char(
        "Title",
        compute="_compute_subject",
        store=True,
        readonly=False,
        help="How the ticket is called in lists. Empty: the reason and its invoices.",
    )
    note = fields.Text("What they say")
    contact_id = fields.Many2one(
        "res.partner", "Who told us", domain="[('commercial_partner_id', '=', partner_id), ('is_company', '=', False)]"
    )
    channel = fields.Selection(LOG_CHANNELS, "How", default="call", required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Files")
    line_ids = fields.One2many(
        "recobro.dispute.open.line",
        "wizard_id",
        "Invoices",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    existing_ids = fields.Many2many("recobro.dispute", compute="_compute_existing_ids", string="Open already")

    # One invoice is disputed with one amount; several are chosen in a list
    is_single = fields.Boolean(compute="_compute_single")
    invoice_name = fields.Char("Invoice", compute="_compute_single")
    currency_id = fields.Many2one("res.currency", compute="_compute_single")
    amount_open = fields.Monetary("Open", compute="_compute_single")
    amount = fields.Monetary("Disputed amount", compute="_compute_amount", store=True, readonly=False)

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.model
    def default_get(self, fields):
        """Take the customer from the case or the invoices when it isn't given; the invoices asked for are ticked."""
        values = super().default_get(fields)
        case = self.env["recobro.case"].browse(values.get("case_id"))
        ticket = self.env["recobro.dispute"].browse(values.get("dispute_id"))
        answered = ticket or case
        company = answered.company_id or self.env["res.company"].browse(values.get("company_id"))
        asked = self._open_items(self._moves_asked())
        partner = self.env["res.partner"].browse(values.get("partner_id"))
        partner = partner or answered.partner_id or asked.partner_id[:1]
        values.update(partner_id=partner.commercial_partner_id.id, company_id=company.sudo().root_id.id)
        if ticket:
            values["reason_id"] = (ticket.reason_id or self.env["recobro.dispute.reason"].search([], limit=1)).id
        if len(asked.partner_id) > 1:
            raise UserError(self.env._("These invoices are of several customers: open a dispute for each of them."))
        if asked:
            values["line_ids"] = self._line_commands(asked, is_disputed=True)
        return values

    @api.model
    def _line_commands(self, items, is_disputed=False):
        return [Command.create({"move_id": move.id, "is_disputed": is_disputed}) for move in items.move_id]

    @api.depends("partner_id", "company_id", "dispute_id")
    def _compute_line_ids(self):
        """Without invoices asked for, show all that are open of the customer, to choose from."""
        for wizard in self:
            items = wizard._open_items(self.env["account.move"], wizard.partner_id, wizard.company_id)
            known = wizard.dispute_id.line_ids.move_id
            items = items.filtered(lambda item, known=known: item.move_id not in known)
            wizard.line_ids = [Command.clear(), *wizard._line_commands(items)]

    @api.depends("line_ids.move_id")
    def _compute_single(self):
        for wizard in self:
            line = wizard.line_ids if len(wizard.line_ids) == 1 else wizard.line_ids.browse()
            wizard.is_single = bool(line)
            wizard.invoice_name = line.name
            wizard.currency_id = line.currency_id or wizard.company_id.currency_id
            wizard.amount_open = line.amount_open

    @api.depends("line_ids.move_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.line_ids._amount_left() if wizard.is_single else 0

    @api.depends("line_ids.move_id")
    def _compute_existing_ids(self):
        for wizard in self:
            wizard.existing_ids = wizard._open_dispute_lines().dispute_id

    @api.depends("reason_id")
    def _compute_reason_help(self):
        """Say who will deal with it, and until when, before it is opened."""
        departments = dict(self.env["recobro.dispute.reason"]._fields["department"]._description_selection(self.env))
        for wizard in self:
            reason = wizard.reason_id
            wizard.reason_help = reason.id and self.env._(
                "%(department)s deals with it. Owner: %(owner)s. To be resolved within %(hours)d h of working days.",
                department=departments[reason.department],
                owner=reason.user_id.sudo().name or self.env._("the customer's collector"),
                hours=reason.sla_hours,
            )

    @api.depends("reason_id")
    def _compute_subject(self):
        known = {reason.name for reason in self.env["recobro.dispute.reason"].search([])}
        for wizard in self:
            if not wizard.subject or wizard.subject in known:
                wizard.subject = wizard.reason_id.name

    # -------------------------------------------------------------------------
    # WHAT IS OPEN
    # -------------------------------------------------------------------------

    @api.model
    def _moves_asked(self):
        """Return the entries that the caller asked for, not trusted: what is shown of them goes by open items."""
        asked = self.env.context.get("default_move_ids") or []
        return self.env["account.move"].browse([int(move_id) for move_id in asked])

    @api.model
    def _open_items(self, moves, partner=None, company=None):
        """Return the open items of some invoices, or else of a customer, among those that the user may read."""
        items = self.env["recobro.open.item"]
        if not moves and not partner:
            return items
        domain = [("move_id", "in", moves.ids)] if moves else []
        if partner:
            domain.append(("partner_id", "=", partner.commercial_partner_id.id))
        if company:
            domain.append(("company_id", "child_of", company.id))
        items = items.search(domain)
        # sudo: only the kind of entry is looked at; a collector sees open items without a right to entries
        return items.filtered(lambda item: item.move_id.sudo().move_type in ("out_invoice", "out_receipt"))

    def _open_dispute_lines(self):
        return self.env["recobro.dispute.line"].search(
            [("move_id", "in", self.line_ids.move_id.ids), ("dispute_id.kind", "!=", "final")]
        )

    # -------------------------------------------------------------------------
    # OPENING IT
    # -------------------------------------------------------------------------

    def action_open(self):
        """Open the ticket with its files, or add to it, and close the dialog with a word on its number."""
        self.ensure_one()
        amounts = self._disputed_amounts()
        if self.dispute_id:
            lines = [Command.create({"move_id": move.id, "amount": amount}) for move, amount in amounts.items()]
            self.dispute_id.write({"line_ids": lines})
            return {"type": "ir.actions.act_window_close"}
        dispute = self.env["recobro.dispute"]._open_ticket(
            self.partner_id, self.company_id, amounts, **self._prepare_dispute_vals()
        )
        return notification.done(self.env._("Dispute %(number)s is open.", number=dispute.name))

    def _disputed_amounts(self):
        """Return {invoice: disputed amount} of what was chosen; what an amount may be, the ticket checks."""
        if self.is_single:
            return {self.line_ids.move_id: self.amount}
        lines = self.line_ids.filtered("is_disputed")
        if not lines:
            raise UserError(self.env._("Tick at least one invoice, and say how much of it they dispute."))
        return {line.move_id: line.amount for line in lines}

    def _prepare_dispute_vals(self):
        """Return the values of the new ticket. Hook for who adds fields to the dialog."""
        return {
            "reason_id": self.reason_id.id,
            "subject": self.subject or self.reason_id.name,
            "note": self.note,
            "contact_id": self.contact_id.id,
            "channel": self.channel,
            "attachment_ids": self.attachment_ids,
        }
