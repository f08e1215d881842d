from odoo import api, fields, models

from ..const import INSTALMENT_STATES


class RecobroPaymentPlanInstallment(models.Model):
    """One payment of a plan: its day, its amount, and what has come in of it. In force, it is an item under collection.

    Which money fills it follows from the reconciliations of the plan's items (`engine/plans/payment_plans.py`).
    """

    _name = "recobro.payment.plan.installment"
    _description = "Instalment of a payment plan"
    _order = "plan_id, number"

    plan_id = fields.Many2one("recobro.payment.plan", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="plan_id.company_id", store=True)
    partner_id = fields.Many2one(related="plan_id.partner_id")
    currency_id = fields.Many2one(related="plan_id.currency_id")
    number = fields.Integer(required=True, readonly=True, help="From 1 on, in the order they fall due.")
    is_down_payment = fields.Boolean("Down payment", readonly=True)
    due_date = fields.Date("Due date", required=True, readonly=True)
    deadline = fields.Date(readonly=True, help="The last day on which money keeps it: the due date and the tolerance.")
    amount = fields.Monetary(required=True, readonly=True, help="As agreed.")
    amount_reduced = fields.Monetary(
        "Taken off", readonly=True, help="By credit notes: they make the plan shorter, from its end."
    )
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_left = fields.Monetary("Left", readonly=True)
    paid_on = fields.Date("Paid on", readonly=True, help="The day of the money that completed it.")
    missed_on = fields.Date("Missed on", readonly=True, help="The day on which it was found not paid in time.")
    state = fields.Selection(INSTALMENT_STATES, required=True, readonly=True, default="waiting", index=True)
    item_id = fields.Many2one("recobro.item", readonly=True, index="btree_not_null", ondelete="set null")

    _amount_positive = models.Constraint("CHECK (amount > 0)", "An instalment has an amount above zero.")
    _number_once = models.UniqueIndex("(plan_id, number)", "A plan numbers each instalment once.")

    @api.depends("number", "plan_id.name")
    @api.depends_context("recobro_of_customer")
    def _compute_display_name(self):
        """Name an instalment by its plan; where instalments of all customers are together, by its customer."""
        of_customer = self.env.context.get("recobro_of_customer")
        for instalment in self:
            plan = instalment.plan_id
            instalment.display_name = self.env._(
                "%(plan)s, instalment %(number)s of %(count)s",
                plan=plan.partner_id.display_name if of_customer else plan.name,
                number=instalment.number,
                count=len(plan.installment_ids),
            )
