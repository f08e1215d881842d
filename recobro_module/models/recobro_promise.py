from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..const import PROMISE_STATES
from ..engine import clock, holding, promising

#: What was agreed and is not read-only by its field; the read-only fields were agreed too, or follow from the money.
_AGREED = ("partner_id", "currency_id")


class RecobroPromise(models.Model):
    """A promise to pay: an amount, by a day, for some items. Its verdict is given from reconciliations.

    open → kept / partly kept / broken, given again whenever the money changes (`engine/promises.py`); or withdrawn by
    a person, or superseded by a later promise for the same items. While open its items are not chased, up to what is
    still missing of the promised amount.
    """

    _name = "recobro.promise"
    _description = "Promise to pay"
    _inherit = ["recobro.answer"]
    _order = "date desc, id desc"

    _hold_reason = "promise"

    state = fields.Selection(PROMISE_STATES, required=True, readonly=True, default="open", index=True, tracking=True)
    made_on = fields.Date("Made on", required=True, readonly=True, default=fields.Date.context_today)
    date = fields.Date("Pays on", required=True, readonly=True)
    deadline = fields.Date(readonly=True, help="The last day on which money keeps it: the day and the tolerance.")
    amount = fields.Monetary(required=True, readonly=True)
    received_amount = fields.Monetary("Received", readonly=True)
    verdict_date = fields.Date("Verdict on", readonly=True)
    withdrawn_on = fields.Date("Withdrawn on", readonly=True)
    is_renegotiated = fields.Boolean("Renegotiated", readonly=True, help="It took the place of an earlier promise.")
    superseded_by_id = fields.Many2one("recobro.promise", "Superseded by", readonly=True, index="btree_not_null")
    replaced_by_plan_id = fields.Many2one(
        "recobro.payment.plan",
        "Replaced by plan",
        readonly=True,
        index="btree_not_null",
        help="The payment plan that took its place when the customer accepted it.",
    )
    line_ids = fields.One2many("recobro.promise.line", "promise_id", "Items", readonly=True)

    _amount_positive = models.Constraint("CHECK (amount > 0)", "A promise of nothing is no promise: give its amount.")
    _judged_idx = models.Index("(company_id, partner_id, state)")

    @api.constrains("contact_id", "partner_id")
    def _check_contact(self):
        for promise in self:
            # sudo: only whose contact it is, to refuse another customer's
            contact = promise.sudo().contact_id
            if contact and contact.commercial_partner_id != promise.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s does not belong to %(customer)s: choose one of its contacts.",
                        contact=contact.display_name,
                        customer=promise.sudo().partner_id.display_name,
                    )
                )

    # -------------------------------------------------------------------------
    # WHO WRITES WHAT
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise AccessError(self.env._("A promise is taken with the dialog of the case, the invoice or the call."))
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to a person what was agreed: by RPC and import too, a promise is what the customer said."""
        fields_of_it = ((name, self._fields[name]) for name in vals if name in self._fields)
        kept = [name for name, field in fields_of_it if name in _AGREED or (field.store and field.readonly)]
        if kept and not self.env.su:
            raise AccessError(
                self.env._(
                    "“%(field)s” of a promise can't be changed: withdraw it, or take another promise in its place.",
                    field=self._fields[kept[0]].string,
                )
            )
        return super().write(vals)

    @api.model
    def _take(self, case, items, amount, date, **values):
        """Take a promise and return it. The one way in; see `engine.promising.take` for the values and the refusals."""
        return promising.take(case, items, amount, date, **values)

    def _prepare_hold_vals(self):
        return {**super()._prepare_hold_vals(), "date_from": self.made_on, "expected_date": self.date}

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_withdraw(self):
        """Withdraw promises that stand: they hold nothing any more and count in no figure."""
        self.check_access("write")
        withdrawn = self.env["recobro.promise"]
        for company, promises in self.grouped("company_id").items():
            today = clock.today(self.env, company)
            # sudo: the state and the holds are the engine's; the right to write the promise was checked above
            withdrawn |= promises.sudo()._update_state(("open",), "withdrawn", withdrawn_on=today)
        if not withdrawn:
            raise UserError(self.env._("Only a promise that is open can be withdrawn."))
        holding.end(withdrawn)

    def action_open_case(self):
        """Open the case of the customer."""
        self.ensure_one()
        return self.case_id._get_records_action()
