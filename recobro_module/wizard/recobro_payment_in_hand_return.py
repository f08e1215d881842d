from odoo import fields, models
from odoo.exceptions import UserError

from ..engine import clock


class RecobroPaymentInHandReturn(models.TransientModel):
    """Dialog: the bank has returned a payment. Why, what it costs, and on which day."""

    _name = "recobro.payment.in.hand.return"
    _description = "Payment returned by the bank"

    payment_id = fields.Many2one("recobro.payment.in.hand", required=True, readonly=True)
    partner_id = fields.Many2one(related="payment_id.partner_id")
    currency_id = fields.Many2one(related="payment_id.currency_id")
    amount = fields.Monetary(related="payment_id.amount")
    maturity = fields.Date(related="payment_id.maturity")
    state = fields.Selection(related="payment_id.state")
    reason = fields.Char("Bank's reason", required=True, help="The code or the words of the bank.")
    costs = fields.Monetary("Bank's costs", help="For us to know: the message to the customer does not say them.")
    day = fields.Date(
        "Returned on", required=True, default=lambda self: clock.today(self.env, self.env.company.root_id)
    )

    def action_return(self):
        """End the hold, let the ladder go on with the message for returns, and tell the owner of the case."""
        self.ensure_one()
        payment = self.payment_id
        if not (self.reason or "").strip():
            raise UserError(self.env._("Give the bank's reason: its code or its words."))
        if self.currency_id.compare_amounts(self.costs, 0) < 0:
            raise UserError(
                self.env._("The costs of a return can't be negative: leave them empty when there are none.")
            )
        if self.day > payment._today():
            raise UserError(self.env._("The bank can't have returned it on a day to come: check the date."))
        payment._check_may_close(("in_hand", "collected"))._set_returned(self.reason.strip(), self.costs, self.day)
        return {"type": "ir.actions.act_window_close"}
