from odoo import api, fields, models


class RecobroDisputeOpenLine(models.TransientModel):
    """One open invoice in the dialog that opens a dispute: what is open, and how much of it is disputed."""

    _name = "recobro.dispute.open.line"
    _description = "Invoice to dispute"

    wizard_id = fields.Many2one("recobro.dispute.open", required=True, ondelete="cascade", index=True)
    move_id = fields.Many2one("account.move", required=True, ondelete="cascade")
    name = fields.Char("Invoice", compute="_compute_open")
    due_date = fields.Date("Due date", compute="_compute_open")
    currency_id = fields.Many2one("res.currency", compute="_compute_open")
    amount_open = fields.Monetary("Open", compute="_compute_open")
    amount_disputed = fields.Monetary(
        "Disputed already", compute="_compute_open", help="In tickets that are open on this invoice."
    )
    is_disputed = fields.Boolean("Dispute it")
    amount = fields.Monetary("Disputed", compute="_compute_amount", store=True, readonly=False)

    @api.depends("move_id")
    def _compute_open(self):
        """What is open goes by the open items that the user may read, so an invoice of somebody else shows nothing."""
        wizard = self.env["recobro.dispute.open"]
        items = wizard._open_items(self.move_id).grouped("move_id") if self.move_id else {}
        disputed = self._disputed_by_move()
        for line in self:
            of_move = items.get(line.move_id, self.env["recobro.open.item"])
            line.name = of_move[:1].name
            line.due_date = min(of_move.mapped("due_date"), default=False)
            line.currency_id = of_move[:1].currency_id
            line.amount_open = sum(of_move.mapped("amount_open"))
            line.amount_disputed = disputed.get(line.move_id.id, 0)

    def _disputed_by_move(self):
        lines = self.env["recobro.dispute.line"].search(
            [("move_id", "in", self.move_id.ids), ("dispute_id.kind", "!=", "final")]
        )
        return {move.id: sum(of_move.mapped("amount")) for move, of_move in lines.grouped("move_id").items()}

    @api.depends("is_disputed")
    def _compute_amount(self):
        for line in self:
            line.amount = line._amount_left() if line.is_disputed else 0

    def _amount_left(self):
        """Return what is open and not in a ticket yet."""
        return max(self.amount_open - self.amount_disputed, 0)
