from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import TONE_VERDICTS
from ..engine.placements import tone_review

#: What a person writes of a review; the rest is the sample's.
_OF_PEOPLE = ("verdict", "note")


class RecobroToneReview(models.Model):
    """A line that an agency wrote last month, chosen at random for one of us to read, and what they say of it."""

    _name = "recobro.tone.review"
    _description = "Tone review of an agency"
    _order = "month desc, agency_id, id"

    agency_id = fields.Many2one("recobro.agency", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="agency_id.company_id", store=True, index=True)
    month = fields.Date(required=True, readonly=True, help="Its first day.")
    line_id = fields.Many2one("recobro.interaction", required=True, readonly=True, ondelete="restrict")
    written_on = fields.Datetime(related="line_id.date", string="Written on")
    agency_author = fields.Char(related="line_id.agency_author")
    partner_id = fields.Many2one(related="line_id.partner_id", string="Customer")
    placement_id = fields.Many2one(related="line_id.placement_id", string="Placement")
    channel = fields.Selection(related="line_id.channel")
    result = fields.Selection(related="line_id.result")
    said = fields.Text(related="line_id.note", string="What they wrote")
    verdict = fields.Selection(TONE_VERDICTS)
    note = fields.Text("Why", help="What to say to the agency about it.")
    state = fields.Selection(
        [("to_read", "To read"), ("read", "Read")], required=True, readonly=True, default="to_read"
    )
    reviewer_id = fields.Many2one("res.users", "Read by", readonly=True, ondelete="set null")
    reviewed_on = fields.Datetime("Read on", readonly=True)

    _line_once = models.UniqueIndex("(line_id)", "This line was chosen already.")
    _month_idx = models.Index("(agency_id, month)")

    @api.depends("agency_id", "month")
    def _compute_display_name(self):
        for review in self:
            month = fields.Date.to_string(review.month) or ""
            review.display_name = f"{review.agency_id.name or ''} {month[:7]}"

    def write(self, vals):
        """Refuse to a person what was chosen; a verdict is theirs, with the moment it was given."""
        kept = [name for name in vals if name not in _OF_PEOPLE]
        if self.env.su:
            return super().write(vals)
        if kept:
            raise AccessError(self.env._("Of a review only the verdict and the reason are yours to write."))
        if "verdict" in vals and not vals["verdict"]:
            raise UserError(self.env._("A verdict can be changed, not taken back: choose another one."))
        result = super().write(vals)
        if tone_review.without_reason(self):
            raise UserError(
                self.env._("Write under “Why” what was wrong and what to say to the agency: it can't guess it.")
            )
        if "verdict" in vals:
            tone_review.given(self)
        return result

    def action_fine(self):
        """Say that the tone and the facts of some lines are fine."""
        self.write({"verdict": "fine"})
