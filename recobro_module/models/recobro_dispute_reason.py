from odoo import fields, models

from ..const import DEPARTMENTS, ROOT_CAUSES


class RecobroDisputeReason(models.Model):
    """Why a customer disputes: which department it concerns, who answers for it, how fast, and its class of cause."""

    _name = "recobro.dispute.reason"
    _description = "Reason of a dispute"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="A fixed name for programs and imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    department = fields.Selection(DEPARTMENTS, required=True, default="sales")
    user_id = fields.Many2one(
        "res.users",
        "Default owner",
        domain=[("share", "=", False)],
        help="Who gets new disputes of this reason. Empty: the responsible of the customer's case.",
    )
    sla_hours = fields.Float(
        "SLA (hours)",
        default=72.0,
        required=True,
        help="Hours of the SLA calendar to resolve it: 72 h are three working days.",
    )
    root_cause = fields.Selection(ROOT_CAUSES, "Root cause", required=True, default="dispute")

    _sla_positive = models.Constraint("CHECK (sla_hours > 0)", "An SLA needs at least some time: give its hours.")
    _code_once = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Another reason has this code.")
