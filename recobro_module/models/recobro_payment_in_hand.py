from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from ..const import PAYMENT_IN_HAND_KINDS, PAYMENT_IN_HAND_STATES
from ..engine import clock, payments_in_hand, returns

#: What a person may still change of a payment that was recorded; the rest is cancelled and recorded anew.
_OPEN_TO_CHANGE = ("kind", "maturity", "reference", "note", "contact_id", "channel", "user_id")


class RecobroPaymentInHand(models.Model):
    """A payment that the customer has handed over and the bank has yet to pay out, with its maturity.

    Its items are not chased until then. Returned by the bank, the ladder goes on where it was. Whoever may create one
    may do so by the dialog or by RPC: what can't be meant is refused here, and what follows from it is written here.
    """

    _name = "recobro.payment.in.hand"
    _description = "Payment in hand"
    _inherit = ["recobro.answer"]
    _order = "maturity desc, id desc"

    _hold_reason = "payment_in_hand"

    # -------------------------------------------------------------------------
    # FIELDS
    # -------------------------------------------------------------------------

    kind = fields.Selection(PAYMENT_IN_HAND_KINDS, "Type", required=True, default="direct_debit", tracking=True)
    state = fields.Selection(
        PAYMENT_IN_HAND_STATES, required=True, readonly=True, default="in_hand", index=True, tracking=True, copy=False
    )
    amount = fields.Monetary(required=True)
    maturity = fields.Date(required=True, tracking=True, help="The day on which the bank pays it out.")
    held_until = fields.Date(
        "Held until", readonly=True, copy=False, help="The last day on which its items are not chased: the bank days."
    )
    reference = fields.Char(help="The number of the note or cheque, or the batch of the direct debit.")
    item_ids = fields.Many2many("recobro.item", string="Items")
    alerted_on = fields.Date(readonly=True, copy=False, help="When its owner was told that nobody has closed it.")
    return_reason = fields.Char("Reason of the return", readonly=True, tracking=True, copy=False)
    return_costs = fields.Monetary("Costs of the return", readonly=True, copy=False)
    returned_on = fields.Date("Returned on", readonly=True, copy=False)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A payment of nothing holds nothing: give its amount.")
    _costs_not_negative = models.Constraint(
        "CHECK (return_costs IS NULL OR return_costs >= 0)", "The costs of a return can't be negative."
    )
    _waiting_idx = models.Index("(company_id, held_until) WHERE state = 'in_hand'")

    @api.depends("name", "kind", "reference")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for payment in self:
            called = payment.reference or (payment.name if payment.name != "/" else "")
            payment.display_name = f"{kinds.get(payment.kind, '')} {called}".strip()

    @api.constrains("item_ids", "partner_id", "company_id", "currency_id")
    def _check_items(self):
        for payment in self:
            # sudo: items of another company can't be read by who names them, and are refused
            items = payment.sudo().item_ids
            if not items:
                raise ValidationError(self.env._("Choose at least one invoice that the payment is for."))
            if items.partner_id != payment.partner_id or items.company_id != payment.company_id:
                raise ValidationError(
                    self.env._("A payment is of one customer: choose invoices of that customer only.")
                )
            if items.currency_id != payment.currency_id:
                raise ValidationError(
                    self.env._("A payment is in one currency: choose invoices in that currency, one payment for each.")
                )

    # -------------------------------------------------------------------------
    # WHAT A PERSON MAY WRITE
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        payments = self
        if not self.env.su:
            kept = self._kept_by_engine() - {"company_id"}
            for vals in vals_list:
                self._check_not_kept(kept & set(vals))
            # Nor by a default in the context
            payments = self.with_context(clean_context(self.env.context))
        payments = super(RecobroPaymentInHand, payments).create(vals_list)
        payments_in_hand.record(payments)
        return payments

    def write(self, vals):
        if not self.env.su:
            fixed = {name for name, field in self._fields.items() if field.store and field._module == "recobro_module"}
            self._check_not_kept(fixed.difference(_OPEN_TO_CHANGE) & set(vals))
        moved = self.browse()
        if "maturity" in vals:
            moved = self.filtered(lambda payment: payment.maturity != fields.Date.to_date(vals["maturity"]))
            self._check_in_hand(moved)
        result = super().write(vals)
        if moved:
            payments_in_hand.move(moved)
        return result

    def _kept_by_engine(self):
        return {name for name, field in self._fields.items() if field.store and field.readonly}

    def _check_not_kept(self, names):
        """Refuse to a person what the screens show read-only: by RPC too."""
        if names:
            field = self._fields[min(names)]
            raise AccessError(
                self.env._(
                    "“%(field)s” of a payment in hand can't be changed: cancel the payment and record it again.",
                    field=field._description_string(self.env),
                )
            )

    def _check_in_hand(self, payments):
        closed = payments.filtered(lambda payment: payment.state != "in_hand")
        if closed:
            raise UserError(
                self.env._(
                    "%(payment)s is not in hand any more, so its maturity can't change.",
                    payment=closed[0].display_name,
                )
            )

    def _prepare_hold_vals(self):
        return {**super()._prepare_hold_vals(), "expected_date": self.maturity}

    # -------------------------------------------------------------------------
    # STATES
    # -------------------------------------------------------------------------

    def _set_collected(self):
        """The bank has paid it out and the books show it: there is nothing left to hold."""
        collected = self._update_state(("in_hand",), "collected")
        payments_in_hand.release(collected)
        return collected

    def _set_returned(self, reason, costs, day):
        """The bank has returned it, also one it had paid out: the ladder goes on, with a message of its own.

        :param reason: the bank's code or words.
        :param costs: what the bank charges, in the payment's currency; never told to the customer.
        :param day: the bank's date of the return.
        """
        returned = self._update_state(
            ("in_hand", "collected"), "returned", return_reason=reason, return_costs=costs, returned_on=day
        )
        returns.follow_up(returned)
        return returned

    def _set_cancelled(self):
        """It was recorded by mistake, or given back: its items are chased again."""
        cancelled = self._update_state(("in_hand",), "cancelled")
        payments_in_hand.release(cancelled)
        return cancelled

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def _check_may_close(self, states):
        """Return `self` in sudo for who may write it, when something is in one of `states`."""
        self.check_access("write")
        if not self.filtered(lambda payment: payment.state in states):
            raise UserError(self.env._("This payment was already closed: reload the page to see how."))
        # sudo: states and holds are the engine's; the right to write the payment was just checked
        return self.sudo()

    def action_collected(self):
        """A person knows that the bank has paid out. Its items stay held for the bank days: the books follow."""
        closing = self._check_may_close(("in_hand",))
        payments_in_hand.let_books_follow(closing._update_state(("in_hand",), "collected"))

    def action_cancel(self):
        """Cancel what was recorded by mistake, or given back to the customer."""
        self._check_may_close(("in_hand",))._set_cancelled()

    def action_return(self):
        """Open the dialog that records the return by the bank."""
        self.ensure_one()
        self._check_may_close(("in_hand", "collected"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Returned by the bank"),
            "res_model": "recobro.payment.in.hand.return",
            "view_mode": "form",
            "target": "new",
            "context": {"default_payment_id": self.id},
        }

    def action_open_case(self):
        """Open the customer's case."""
        self.ensure_one()
        cases = self.env["recobro.case"]
        case = cases.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "open"),
            ]
        )
        if not (case or self.case_id):
            raise UserError(self.env._("No case is open for this customer: nothing is due yet."))
        return (case or self.case_id)._get_records_action()

    def _today(self):
        """Return the day it is for the company of this payment."""
        return clock.today(self.env, self.company_id)
