from odoo import fields, models

from ..const import PAYMENT_IN_HAND_KINDS, PAYMENT_IN_HAND_STATES


class RecobroPaymentInHand(models.Model):
    """A payment that the customer has handed over and the bank has yet to pay out, with its maturity.

    Its items are not chased until then. Returned by the bank, the ladder goes on where it was.
    """

    _name = "recobro.payment.in.hand"
    _description = "Payment in hand"
    _inherit = ["recobro.answer"]
    _order = "maturity desc, id desc"

    _hold_reason = "payment_in_hand"

    kind = fields.Selection(PAYMENT_IN_HAND_KINDS, required=True, default="direct_debit")
    state = fields.Selection(
        PAYMENT_IN_HAND_STATES, required=True, readonly=True, default="in_hand", index=True, tracking=True
    )
    amount = fields.Monetary(required=True)
    maturity = fields.Date(required=True, tracking=True)
    reference = fields.Char(help="The number of the note or cheque, or the batch of the direct debit.")
    item_ids = fields.Many2many("recobro.item", string="Items")
    return_reason = fields.Char("Reason of the return", readonly=True, tracking=True)
    return_costs = fields.Monetary("Costs of the return", readonly=True)
    returned_on = fields.Date("Returned on", readonly=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A payment of nothing holds nothing: give its amount.")
