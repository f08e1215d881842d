from odoo import api, fields, models
from odoo.fields import Domain

from ..const import STANDINGS
from ..engine import on_screen, standing

#: Where an invoice is in collections: fields, and columns of `on_screen.of_invoices`.
_PLACE = {
    "recobro_level_id": "level_id",
    "recobro_level_date": "level_date",
    "recobro_next_level_id": "next_level_id",
    "recobro_next_action_date": "next_action_date",
    "recobro_badge": "badge",
}


class AccountMove(models.Model):
    """An invoice shows how far it is chased; posting or changing it only leaves a mark for its customer's case."""

    _inherit = "account.move"

    recobro_policy_id = fields.Many2one(
        "recobro.policy",
        "Collections policy",
        copy=False,
        groups="base.group_user",
        help="Levels for this invoice alone; limits stay the customer's. Empty: the customer's policy.",
    )
    recobro_no_followup_reason = fields.Char(
        "Why left out", copy=False, groups="base.group_user", help="Why collections leaves this invoice out."
    )
    recobro_level_id = fields.Many2one(
        "recobro.level",
        "Follow-up level",
        compute="_compute_recobro_place",
        search="_search_recobro_level",
        compute_sudo=True,
    )
    recobro_level_date = fields.Date("Level reached on", compute="_compute_recobro_place", compute_sudo=True)
    recobro_case_id = fields.Many2one(
        "recobro.case", "Collections case", compute="_compute_recobro_case", compute_sudo=True
    )
    recobro_next_level_id = fields.Many2one(
        "recobro.level", "Customer's next action", compute="_compute_recobro_place", compute_sudo=True
    )
    recobro_next_action_date = fields.Date(
        "Customer's next action on", compute="_compute_recobro_place", compute_sudo=True
    )
    recobro_badge = fields.Selection(
        STANDINGS,
        "Standing",
        compute="_compute_recobro_place",
        search="_search_recobro_badge",
        compute_sudo=True,
        groups="base.group_user",
        help="Whether its customer is on hold; else whether it is disputed, promised or in a payment plan.",
    )
    recobro_dispute_ids = fields.Many2many(
        "recobro.dispute", compute="_compute_recobro_disputes", compute_sudo=True, string="Disputes"
    )
    recobro_open_dispute_ids = fields.Many2many(
        "recobro.dispute", compute="_compute_recobro_disputes", compute_sudo=True, string="Open disputes"
    )
    recobro_disputed_amount = fields.Monetary("Disputed", compute="_compute_recobro_disputes", compute_sudo=True)

    @api.depends("commercial_partner_id", "company_id", "state")
    @api.depends_context("uid")
    def _compute_recobro_place(self):
        """How far it is chased and what comes next."""
        on_screen.show(self, _PLACE, self._recobro_places())

    @api.depends("commercial_partner_id", "company_id", "state")
    @api.depends_context("uid")
    def _compute_recobro_case(self):
        """The case of its customer: apart, for lists do not show it, and of eighty invoices each may have another."""
        on_screen.show(self, {"recobro_case_id": "case_id"}, self._recobro_places())

    def _recobro_places(self):
        """Where these invoices are in collections; a customer who looks at one in the portal is not told."""
        return on_screen.of_invoices(self.env, self._origin.ids if self.env.user._is_internal() else [])

    @api.model
    def _search_recobro_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        levels = [level for level in value if level]
        items = self.env["recobro.item"].sudo()._search([("level_id", "in", levels)])
        found = [("id", "in", items.subselect("move_id"))]
        if False in value:
            every = self.env["recobro.item"].sudo()._search([("level_id", "!=", False)])
            found = ["|", *found, ("id", "not in", every.subselect("move_id"))]
        return found

    @api.model
    def _search_recobro_badge(self, operator, value):
        """Find invoices that are open by how they stand: collections' own tables say which."""
        if operator != "in":
            return NotImplemented
        if not (self.env.su or self.env.user._is_internal()):
            return Domain.FALSE  # a customer in the portal is not told
        found = Domain("id", "in", standing.invoices(self.env, [name for name in value if name]))
        if False in value:
            found |= Domain("id", "not in", standing.invoices(self.env, [name for name, _label in STANDINGS]))
        return found

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_recobro_disputes(self):
        """The tickets of an invoice, as far as the user may read them: a colleague only sees those that are theirs.

        Computed in sudo for who may read none, a customer in the portal: they are looked for as the user.
        """
        lines = self.env["recobro.dispute.line"].sudo(False)
        # Most invoices have none: that is asked first, for what the user may read of them takes longer to tell
        disputed = on_screen.disputed(self.env, self._origin.ids)
        if disputed and lines.has_access("read"):
            lines = lines.search([("move_id", "in", disputed)], order="id")
        lines = lines.sudo()
        by_invoice = lines.grouped("move_id")
        for move in self:
            of_move = by_invoice.get(move._origin, lines.browse())
            still_open = of_move.filtered(lambda line: line.dispute_id.kind != "final")
            move.recobro_dispute_ids = of_move.dispute_id
            move.recobro_open_dispute_ids = still_open.dispute_id
            move.recobro_disputed_amount = sum(still_open.mapped("amount"))

    def action_recobro_case(self):
        """Open the collections case of the invoice's customer."""
        self.ensure_one()
        return self.recobro_case_id.sudo(False)._get_records_action()

    def action_recobro_dispute(self):
        """Open the dialog “Open a dispute” on this invoice."""
        return self._recobro_dialog(self.env._("Open a dispute"), "recobro.dispute.open")

    def action_recobro_promise(self):
        """Open the dialog that takes a promise to pay this invoice."""
        return self._recobro_dialog(self.env._("Promise to pay"), "recobro.promise.take")

    def action_recobro_payment_plan(self):
        """Open the dialog that proposes a payment plan for this invoice."""
        return self._recobro_dialog(self.env._("Payment plan"), "recobro.payment.plan.make", dialog_size="extra-large")

    def action_recobro_payment_in_hand(self):
        """Open the dialog that takes a payment in hand for this invoice."""
        return self._recobro_dialog(self.env._("Payment in hand"), "recobro.payment.in.hand.take")

    def action_recobro_disputes(self):
        """Show all tickets of this invoice, closed ones too."""
        self.ensure_one()
        return self.recobro_dispute_ids._get_records_action(name=self.env._("Disputes"))

    def _recobro_dialog(self, name, model, **context):
        """Return the action that opens a dialog on what the customer answers about these invoices."""
        case = self.recobro_case_id.sudo(False)
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.company_id.sudo().root_id.id,
                "default_case_id": case.id if case and case.has_access("read") else False,
                "default_move_ids": self.ids,
                **context,
            },
        }

    def _recobro_mark(self):
        """Mark the customers of these entries as changed."""
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True) or move.statement_line_id)
        # An opening balance, a write-off: each receivable line is somebody's
        lines = (self - invoices).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        self.env["recobro.mark"]._add((named.partner_id.id, named.company_id.id) for named in [*invoices, *lines])

    def _post(self, soft=True):
        posted = super()._post(soft)
        posted._recobro_mark()
        return posted

    def button_draft(self):
        result = super().button_draft()
        invoices = self.filtered(lambda move: move.is_sale_document(include_receipts=True))
        self.env["recobro.mark"]._add_moves((move.partner_id.id, move.company_id.id, move.id) for move in invoices)
        (self - invoices)._recobro_mark()
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._recobro_mark_drafts()
        return result

    def action_toggle_block_payment(self):
        result = super().action_toggle_block_payment()
        self._recobro_mark()
        return result

    def unlink(self):
        self._recobro_mark_drafts()
        return super().unlink()

    def _recobro_mark_drafts(self):
        """A draft credit note that goes may be what kept a disputed amount from being chased."""
        self.filtered(lambda move: move.move_type == "out_refund")._recobro_mark()
