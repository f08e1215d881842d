from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import formatLang

from ..engine.disputes import disputes
from ..tools.loose_fields import LooseMany2one

#: What a person may say of an invoice in a dispute; the rest is the engine's.
_OF_PEOPLE = {"dispute_id", "move_id", "amount"}


class RecobroDisputeLine(models.Model):
    """The disputed amount of one invoice."""

    _name = "recobro.dispute.line"
    _description = "Invoice of a dispute"
    _order = "dispute_id, id"

    dispute_id = fields.Many2one("recobro.dispute", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    move_id = LooseMany2one("account.move", "Invoice", required=True, index=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount = fields.Monetary("Disputed", required=True)
    amount_company = fields.Monetary(
        "Disputed (company currency)",
        compute="_compute_amount_company",
        store=True,
        currency_field="company_currency_id",
        help="At the rate of the invoice.",
    )
    amount_open = fields.Monetary("Open", compute="_compute_open")
    due_date = fields.Date("Due date", compute="_compute_open")
    credit_note_id = LooseMany2one("account.move", "Credit note", readonly=True, index="btree_not_null", copy=False)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A disputed amount must be above zero.")
    _move_once = models.UniqueIndex(
        "(dispute_id, move_id)", "This invoice is in the dispute already: change its amount."
    )

    @api.depends("amount", "move_id")
    def _compute_amount_company(self):
        for line in self:
            invoice = line.move_id.sudo().exists()  # sudo: only its rate is taken
            rate = abs(invoice.amount_total_signed / invoice.amount_total) if invoice.amount_total else 1
            line.amount_company = line.company_id.currency_id.round(line.amount * rate)

    @api.depends("move_id")
    def _compute_open(self):
        for line in self:
            invoice = line.move_id.sudo().exists()  # sudo: who works on the dispute may see what it is about
            line.amount_open = invoice.amount_residual
            line.due_date = invoice.invoice_date_due

    def action_open_move(self):
        """Open the invoice; who may not see it is told so."""
        return self.move_id._get_records_action()

    # -------------------------------------------------------------------------
    # CONSTRAINTS
    # -------------------------------------------------------------------------

    @api.constrains("move_id", "amount", "dispute_id")
    def _check_invoice(self):
        for line in self:
            # sudo: whether it fits is decided on the invoice as it is, whoever disputes it
            invoice = line.move_id.sudo().exists()
            dispute = line.dispute_id.sudo()
            if (
                invoice.move_type not in ("out_invoice", "out_receipt")
                or invoice.state != "posted"
                or invoice.commercial_partner_id != dispute.partner_id
                or invoice.company_id.root_id != dispute.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "Only posted invoices of %(customer)s in %(company)s can be disputed here: "
                        "take out the others.",
                        customer=dispute.partner_id.display_name,
                        company=dispute.company_id.name,
                    )
                )
            if invoice.currency_id != dispute.currency_id:
                raise ValidationError(
                    self.env._("A dispute is in one currency: open another one for invoices in other currencies.")
                )

    @api.constrains("move_id", "amount", "dispute_id")
    def _check_amount(self):
        for line in self:
            invoice = line.move_id.sudo()  # sudo: as _check_invoice
            left = disputes.disputable(invoice, besides=line.dispute_id)[invoice]
            if invoice.currency_id.compare_amounts(line.amount, left) > 0:
                raise ValidationError(
                    self.env._(
                        "Of %(invoice)s, %(left)s can be disputed: what is open and in no other dispute. "
                        "Enter at most that.",
                        invoice=invoice.name,
                        left=formatLang(self.env, left, currency_obj=invoice.currency_id),
                    )
                )

    # -------------------------------------------------------------------------
    # WHAT CHANGES WHAT IS HELD
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su and set(vals) - _OF_PEOPLE:
                raise AccessError(self.env._("Of an invoice in a dispute only the amount can be changed."))
            # No default names a credit note
            vals.setdefault("credit_note_id", False)
            dispute = self.env["recobro.dispute"].browse(vals.get("dispute_id"))
            if not dispute.line_ids and vals.get("move_id"):
                # sudo: a dispute is in the currency of its invoice, whoever names it
                dispute.sudo().currency_id = self.env["account.move"].sudo().browse(vals["move_id"]).currency_id
        lines = super().create(vals_list)
        # Of what it was created in: a default may have named it
        lines.dispute_id._check_open_for_changes()
        lines._hold_again()
        return lines

    def write(self, vals):
        if not self.env.su and set(vals) - {"amount"}:
            raise AccessError(self.env._("Of an invoice in a dispute only the amount can be changed."))
        if "amount" in vals:
            self.dispute_id._check_open_for_changes()
        result = super().write(vals)
        if "amount" in vals:
            self._hold_again()
        return result

    def unlink(self):
        disputed = self.dispute_id
        disputed._check_open_for_changes()
        result = super().unlink()
        disputed._require_invoices()
        disputes.settle_for(disputed.sudo().filtered("is_live"))  # sudo: holds are the engine's
        return result

    def _hold_again(self):
        # sudo: holds are the engine's. A ticket that is just being opened is not live yet
        disputes.settle_for(self.dispute_id.sudo().filtered("is_live"))
