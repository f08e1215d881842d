from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import SELECTING_STAGES
from ..engine.placements import selection_words


class RecobroLevelSelection(models.AbstractModel):
    """Whom a level of the stages agency and legal selects: by amount, by grade, by the chance of recovery.

    What is empty asks for nothing: a level without any of them is proposed for whoever comes to it.
    """

    _name = "recobro.level.selection"
    _description = "Selection by a level"

    select_currency_id = fields.Many2one("res.currency", compute="_compute_select_currency_id")
    select_amount = fields.Monetary(
        "Amount of at least",
        currency_field="select_currency_id",
        help="So much must be chaseable of what the level would hand over: without what is disputed, promised or held. "
        "0: any amount. In the company's currency.",
    )
    select_grade_ids = fields.Many2many(
        "recobro.grade",
        string="Grades",
        domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]",
        help="Only customers of these grades. Empty: any grade, and customers without one.",
    )
    select_probability = fields.Float(
        "Chance of recovery of at least",
        digits=(3, 2),
        help="So likely must it be that the amount is paid within 90 days, by what was paid in the last 24 months of "
        "amounts as old, by customers of the same grade. 0: not asked.",
    )
    select_words = fields.Char("Who is selected", compute="_compute_select_words")

    _check_select_amount = models.Constraint(
        "CHECK (select_amount IS NULL OR select_amount >= 0)",
        "The amount that selects a customer can't be negative: use 0 for any amount.",
    )
    _check_select_probability = models.Constraint(
        "CHECK (select_probability IS NULL OR select_probability BETWEEN 0 AND 1)",
        "A chance of recovery is between 0 and 100 %.",
    )

    @api.depends("policy_id.company_id")
    @api.depends_context("company")
    def _compute_select_currency_id(self):
        for level in self:
            level.select_currency_id = (level.policy_id.company_id or self.env.company).currency_id

    @api.depends("select_amount", "select_grade_ids.name", "select_grade_ids.sequence", "select_probability")
    @api.depends_context("lang", "company")
    def _compute_select_words(self):
        for level in self:
            # sudo: a policy of all companies may name grades of one that the reader is not in
            level.select_words = selection_words.rule(self.env, level.sudo(), level.select_currency_id)

    @api.constrains("select_grade_ids", "policy_id")
    def _check_select_grades(self):
        for level in self:
            foreign = level.select_grade_ids.company_id - level.policy_id.company_id
            if foreign:
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” selects by a grade of %(company)s only: choose grades of all companies, "
                        "or those of the policy's own.",
                        level=level.name,
                        company=foreign[0].name,
                    )
                )

    def _selects(self):
        """Return the levels in force that select: only they cost anything when a day is planned."""
        rising = self.filtered(lambda level: level.active and level.stage in SELECTING_STAGES)
        return rising.filtered(lambda level: level.select_amount or level.select_probability or level.select_grade_ids)
