from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import trial


class RecobroLevelTrial(models.AbstractModel):
    """A second wording of a level's message, tried on a part of the customers, and what came of both.

    Who gets which is settled by the customer and the level alone (`tools/trial.py`): it stays so from day to day.
    """

    _name = "recobro.level.trial"
    _description = "Second wording of a follow-up level"

    template_b_id = fields.Many2one(
        "mail.template",
        "Second wording, on trial",
        domain=[("model", "=", "recobro.action")],
        ondelete="restrict",
        help="A part of the customers gets this message in place of the other, always the same ones.",
    )
    template_b_share = fields.Integer("Customers who get it (%)", default=50)
    trial_result = fields.Text("What came of both", compute="_compute_trial_result")

    _check_template_b_share = models.Constraint(
        "CHECK (template_b_share BETWEEN 1 AND 99)", "The second wording goes to 1 to 99 % of the customers."
    )

    @api.constrains("template_b_id", "template_id")
    def _check_template_b(self):
        for level in self:
            if level.template_b_id and level.template_b_id.model != "recobro.action":
                raise ValidationError(
                    self.env._(
                        "The second wording of the level “%(level)s” must be a template of collections actions.",
                        level=level.name,
                    )
                )
            if level.template_b_id and level.template_b_id == level.template_id:
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” has the same message twice: choose another one to compare it with.",
                        level=level.name,
                    )
                )

    def _template_for(self, partner):
        """Return the template of the message of this level to a customer."""
        is_second = self.template_b_id and trial.is_second(self.id, partner.id, self.template_b_share)
        return self.template_b_id if is_second else self.template_id

    def _templates(self):
        """Return the templates of this level's own messages."""
        return self.template_id | self.template_b_id

    @api.depends("template_id", "template_b_id")
    @api.depends_context("lang")
    def _compute_trial_result(self):
        tried = self.filtered(lambda level: level.template_b_id and level._origin.id)
        found = self.env["recobro.report.action"]._read_group(
            [("level_id", "in", tried._origin.ids), ("kind", "=", "message"), ("is_judged", "=", True)],
            ["level_id", "template_id"],
            ["__count", "paid:sum"],
        )
        counts = {(level.id, template.id): (paid or 0, number) for level, template, number, paid in found}
        for level in self:
            level.trial_result = level in tried and level._result_in_words(counts)

    def _result_in_words(self, counts):
        first, second = [
            counts.get((self._origin.id, template._origin.id), (0, 0))
            for template in (self.template_id, self.template_b_id)
        ]
        words = [
            self.env._(
                "%(template)s: %(paid)s of %(number)s paid something within 7 days.",
                template=template.name,
                paid=paid,
                number=number,
            )
            for template, (paid, number) in ((self.template_id, first), (self.template_b_id, second))
        ]
        return "\n".join([*words, self._difference_in_words(first, second)])

    def _difference_in_words(self, first, second):
        found = trial.difference(first, second)
        number = trial.needed((first[0] + second[0]) / (first[1] + second[1]) if found else 0.3)
        if not found:
            return self.env._(
                "To see a difference of 10 points it takes about %(number)s messages of each wording.", number=number
            )
        values = {
            "points": f"{100 * found.value:+.0f}",
            "low": f"{100 * found.low:+.0f}",
            "high": f"{100 * found.high:+.0f}",
        }
        if not found.is_told:
            return self.env._(
                "The second brings %(points)s points, between %(low)s and %(high)s: it may be chance. To see a "
                "difference of 10 points it takes about %(number)s messages of each.",
                number=number,
                **values,
            )
        if found.value > 0:
            return self.env._(
                "The second works better: %(points)s points, between %(low)s and %(high)s in 95 of 100.", **values
            )
        return self.env._(
            "The second works worse: %(points)s points, between %(low)s and %(high)s in 95 of 100.", **values
        )
