from odoo import fields, models

from ..const import PLAN_REMAINDERS


class RecobroAnswerLimits(models.AbstractModel):
    """What a policy accepts as an answer of its customers, and for how long it waits: promises, disputes, plans.

    Amounts are in the company's currency.
    """

    _name = "recobro.answer.limits"
    _description = "Limits of what customers answer"

    currency_id = fields.Many2one("res.currency")

    # Promises
    promise_tolerance_days = fields.Integer(
        "Promise tolerance", default=2, help="Working days after the promised day before a promise is broken."
    )
    promise_max_days = fields.Integer(
        "Longest promise", default=30, help="Days ahead that a promised payment may lie at most."
    )
    promise_limit = fields.Integer(
        "Promises for the same items",
        default=2,
        help="How many promises for the same items a collector may take; a further one needs the manager.",
    )
    promise_bank_wait_days = fields.Integer(
        "Wait for the bank",
        default=3,
        help="Days that the verdict on a promise waits, at most, until the bank is read up to its deadline.",
    )

    # Payments in hand
    payment_in_hand_days = fields.Integer(
        "Bank days",
        default=2,
        help="Working days after the maturity of a direct debit, promissory note, confirming or cheque before its "
        "items are chased again.",
    )
    returned_template_id = fields.Many2one(
        "mail.template",
        "Template after a return",
        domain=[("model", "=", "recobro.action")],
        ondelete="set null",
        help="What the next message says, whatever its level, when the bank has returned a payment.",
    )

    # Disputes
    untaken_dispute_days = fields.Integer(
        "Dispute by mail holds",
        default=3,
        help="Days that a dispute by mail or from the portal holds its amount, at most, until a person takes it.",
    )
    dispute_alert_days = fields.Integer(
        "Dispute open too long",
        default=5,
        help="Days after which the owner of a dispute that is open is told. 0: never.",
    )
    credit_note_alert_days = fields.Integer(
        "Draft credit note left",
        default=5,
        help="Days after which the accountant is reminded of a draft credit note of a dispute. 0: never.",
    )

    # Silence
    silence_contacts = fields.Integer(
        "Silence",
        default=3,
        help="Contacts without an answer after which the owner of the case is told. 0: never.",
    )

    # Payment plans
    plan_max_instalments = fields.Integer(
        "Most instalments", default=12, help="A plan with more instalments needs the manager."
    )
    plan_max_months = fields.Integer("Longest plan", default=12, help="A plan of more months needs the manager.")
    plan_minimum_instalment = fields.Monetary(
        "Smallest instalment", help="A plan with smaller instalments needs the manager. In the company's currency."
    )
    plan_approval_amount = fields.Monetary(
        "Plans approved above",
        default=10000.0,
        help="A plan for more than this needs the manager. In the company's currency; 0: every plan does.",
    )
    settlement_approval_amount = fields.Monetary(
        "Discounts approved above",
        help="A settlement that forgives more than this needs the manager. In the company's currency; 0: each does.",
    )
    plan_remainder = fields.Selection(
        PLAN_REMAINDERS, "Cents left over", default="last", required=True, help="Where what can't be divided goes."
    )
    plan_tolerance_days = fields.Integer(
        "Plan tolerance",
        default=5,  # the reminder of the usual levels comes before it is over, however weekends put it off
        help="Working days after its due date before an instalment is missed. A settlement has none: kept to the day.",
    )
    plan_missed_limit = fields.Integer(
        "Missed instalments", default=1, help="After so many missed instalments a plan is broken."
    )
    plan_offer_days = fields.Integer(
        "Offer stands", default=7, help="Days that a proposed plan waits for the customer; it holds its items so long."
    )

    # Agencies and lawyers
    refusal_days = fields.Integer(
        "Refused step",
        default=30,
        help="Days before a step above our own collecting that somebody refused is proposed again.",
    )
    placement_holds_all = fields.Boolean(
        "All own messages pause",
        default=True,
        help="While some items of a customer are with an agency or a lawyer, we write to them about nothing. "
        "Otherwise we go on reminding of what was not handed over.",
    )

    _check_refusal = models.Constraint(
        "CHECK (refusal_days > 0)", "A refused step waits for a day at least before it is proposed again."
    )
    _check_answers = models.Constraint(
        "CHECK (LEAST(promise_tolerance_days, promise_bank_wait_days, payment_in_hand_days, untaken_dispute_days, "
        "dispute_alert_days, credit_note_alert_days, silence_contacts) >= 0)",
        "The limits for promises, disputes and alerts can't be negative.",
    )
    _check_promises = models.Constraint(
        "CHECK (promise_max_days > 0 AND promise_limit > 0)",
        "At least one promise, and one day ahead, must be allowed: to take none, don't record any.",
    )
    _check_plans = models.Constraint(
        "CHECK (LEAST(plan_minimum_instalment, plan_approval_amount, settlement_approval_amount, "
        "plan_tolerance_days) >= 0)",
        "The limits for payment plans can't be negative.",
    )
    _check_plan_numbers = models.Constraint(
        "CHECK (LEAST(plan_max_instalments, plan_max_months, plan_missed_limit, plan_offer_days) > 0)",
        "At least one instalment, month, missed instalment and day to accept must be allowed.",
    )
