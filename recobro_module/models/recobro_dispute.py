from odoo import api, fields, models

from ..const import DEPARTMENTS, DISPUTE_RESOLUTIONS, DISPUTE_SOURCES, ROOT_CAUSES


class RecobroDispute(models.Model):
    """A ticket on part or all of some invoices: its reason, its owner, its SLA, and how it ended.

    Only the disputed amount stops being chased. The SLA is a moment on a calendar of its own (`engine/sla.py`).
    """

    _name = "recobro.dispute"
    _description = "Dispute"
    _inherit = ["recobro.answer", "mail.tracking.duration.mixin"]
    _order = "deadline, id desc"
    _track_duration_field = "stage_id"

    _hold_reason = "dispute"

    subject = fields.Char(required=True)
    reason_id = fields.Many2one("recobro.dispute.reason", index=True, ondelete="restrict", tracking=True)
    department = fields.Selection(DEPARTMENTS)
    root_cause = fields.Selection(ROOT_CAUSES, "Root cause")
    source = fields.Selection(DISPUTE_SOURCES, required=True, readonly=True, default="person")
    stage_id = fields.Many2one(
        "recobro.dispute.stage", required=True, index=True, ondelete="restrict", tracking=True, copy=False
    )
    kind = fields.Selection(related="stage_id.kind", store=True, index=True)
    date_last_stage_update = fields.Datetime("In this stage since", readonly=True, copy=False)
    resolution = fields.Selection(DISPUTE_RESOLUTIONS, readonly=True, copy=False)
    line_ids = fields.One2many("recobro.dispute.line", "dispute_id", "Invoices")
    amount = fields.Monetary(compute="_compute_amount", store=True)
    taken_on = fields.Datetime("Taken on", readonly=True, copy=False, help="When a person of the company took it.")
    is_taken = fields.Boolean("Taken")

    # The SLA clock
    sla_hours = fields.Float("SLA (hours)", readonly=True)
    opened_at = fields.Datetime("Opened", required=True, readonly=True, default=fields.Datetime.now)
    resolved_at = fields.Datetime("Closed", readonly=True, copy=False)
    deadline = fields.Datetime(readonly=True, copy=False)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        for dispute in self:
            dispute.amount = sum(dispute.line_ids.mapped("amount"))
