from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import DISPUTE_RESOLUTIONS, DISPUTE_STAGE_KINDS


class RecobroDisputeStage(models.Model):
    """A column of the disputes' board. Its kind says whether the SLA clock runs, and how a closed one ended."""

    _name = "recobro.dispute.stage"
    _description = "Stage of a dispute"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in the board")
    kind = fields.Selection(DISPUTE_STAGE_KINDS, required=True, default="open")
    resolution = fields.Selection(
        [choice for choice in DISPUTE_RESOLUTIONS if choice[0] != "paid"],
        help="How a dispute has ended that is moved here.",
    )
    rotting_threshold_days = fields.Integer(
        "Days to rot", help="Days in this stage after which it shows as stuck. 0: never."
    )

    @api.constrains("kind", "resolution")
    def _check_resolution(self):
        for stage in self:
            if (stage.kind == "final") != bool(stage.resolution):
                raise ValidationError(
                    self.env._(
                        "A closing stage, and no other, needs to say how disputes end in it: choose its resolution."
                    )
                )
