from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import GRADE_AT_LEAST, GRADE_FIGURES
from ..engine.figures import grade_words, grading

#: Figures that are shares of a whole.
_SHARES = ("on_time", "concentration")


class RecobroGradeLimit(models.Model):
    """One limit of a grade: a figure, and what it may be at most, or must be at least."""

    _name = "recobro.grade.limit"
    _description = "Limit of a grade"
    _order = "grade_id, id"

    grade_id = fields.Many2one("recobro.grade", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="grade_id.company_id", store=True)
    figure = fields.Selection(GRADE_FIGURES, required=True, default="days_late")
    bound = fields.Char("Is", compute="_compute_bound")
    value = fields.Float("Limit", digits=(16, 1), required=True)
    label = fields.Char("Figure in words", compute="_compute_bound")
    text = fields.Char("Limit in words", compute="_compute_text")

    _figure_once = models.UniqueIndex("(grade_id, figure)", "A grade has one limit for each figure: change that one.")

    @api.depends("figure")
    def _compute_bound(self):
        labels = dict(self._fields["figure"]._description_selection(self.env))
        for limit in self:
            limit.label = labels.get(limit.figure, "")
            limit.bound = self.env._("at least") if limit.figure in GRADE_AT_LEAST else self.env._("at most")

    @api.depends("figure", "value")
    def _compute_text(self):
        for limit in self:
            limit.text = grade_words.number(self.env, limit.figure, limit.value)

    @api.constrains("figure", "value")
    def _check_value(self):
        for limit in self:
            if limit.value < 0 and limit.figure != "days_late":
                raise ValidationError(
                    self.env._(
                        "“%(figure)s” is never below zero: give a limit of 0 or more. Only the days late can be, for "
                        "who pays early.",
                        figure=limit.label,
                    )
                )
            if limit.value > 100 and limit.figure in _SHARES:
                raise ValidationError(
                    self.env._("“%(figure)s” is never above 100: give a percentage.", figure=limit.label)
                )

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        grading.regrade(self.env)
        return limits

    def write(self, vals):
        done = super().write(vals)
        grading.regrade(self.env)
        return done

    def unlink(self):
        done = super().unlink()
        grading.regrade(self.env)
        return done
