from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import DISPUTE_RESOLUTIONS, DISPUTE_STAGE_KINDS

#: What a stage does to the disputes in it.
_MEANING = ("kind", "resolution")


class RecobroDisputeStage(models.Model):
    """A column of the disputes' board. Its kind says whether the SLA clock runs, and how a closed one ended."""

    _name = "recobro.dispute.stage"
    _description = "Stage of a dispute"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean("Folded in the board")
    kind = fields.Selection(DISPUTE_STAGE_KINDS, "Type", required=True, default="open")
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

    def write(self, vals):
        if not any(name in vals and stage[name] != (vals[name] or False) for stage in self for name in _MEANING):
            return super().write(vals)
        self._refuse_with_disputes()
        before = self._meanings()
        result = super().write(vals)
        self._require(before, self._all())
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        self._require(self._meanings(), self._all() - self)

    def _all(self):
        return self.search([])  # pylint: disable=no-search-all # a board has few columns

    def _meanings(self):
        return {(stage.kind, stage.resolution) for stage in self}

    def _require(self, meanings, stages):
        """Refuse to be left without a stage of each meaning: the buttons and the daily job move disputes there."""
        if meanings - stages._meanings():
            raise UserError(
                self.env._(
                    "This is the last stage of its kind, and disputes need one to go to: add another one first, "
                    "or rename this one."
                )
            )

    def _refuse_with_disputes(self):
        """What a stage means may not change under the disputes in it: their clocks and holds went by it."""
        # sudo: the disputes of other companies count as well
        if self.env["recobro.dispute"].sudo().search_count([("stage_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "There are disputes in this stage: add another stage instead of changing what this one means."
                )
            )
