from odoo import api, fields, models
from odoo.tools import SQL

from ..const import BUCKET_SELECTION
from ..engine.figures.recovery import NO_GRADE
from ..tools.loose_fields import LooseMany2one


class RecobroRecoveryRate(models.Model):
    """How much of what became so late was paid within 90 days, by customers of one grade: a row a cohort.

    Kept by the daily job while some level selects by it (`engine/figures/recovery.py`). Nobody writes it by hand.
    """

    _name = "recobro.recovery.rate"
    _description = "Chance of recovery"
    _order = "company_id, cohort, bucket, segment"
    # The rows are written by SQL, all of a company at once
    _log_access = False

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cohort = fields.Selection(
        [("segment", "Age and grade"), ("bucket", "Age"), ("company", "Everything")],
        "By",
        required=True,
        readonly=True,
        help="An age and grade with few observations leans on its age, and that on everything the company has.",
    )
    bucket = fields.Selection([*BUCKET_SELECTION, ("all", "All ages")], "Days late", required=True, readonly=True)
    segment = fields.Char("Grade", required=True, readonly=True, help="Of the customer today; “–”: it has none.")
    rate = fields.Float(
        "Chance",
        readonly=True,
        aggregator="avg",
        help="The share of the amount that was paid within 90 days, drawn towards that of the age while there are "
        "fewer than 30 observations. Of several cohorts: weighted by amount.",
    )
    sample = fields.Integer("Observations", readonly=True, help="Items that became so late in the last 24 months.")
    amount = fields.Monetary("Became so late", readonly=True)
    amount_paid = fields.Monetary(
        "Paid within 90 days", readonly=True, help="In money: no credit notes, no write-offs."
    )
    as_of = fields.Date("As of", required=True, readonly=True)

    _cohort_unique = models.UniqueIndex(
        "(company_id, cohort, bucket, segment)", "This cohort already has its chance of recovery."
    )

    @api.depends("cohort", "bucket", "segment")
    @api.depends_context("lang")
    def _compute_display_name(self):
        buckets = dict(self._fields["bucket"]._description_selection(self.env))
        for rate in self:
            words = [buckets.get(rate.bucket, "")]
            if rate.cohort == "segment":
                no_grade = rate.segment == NO_GRADE
                words.append(self.env._("no grade") if no_grade else rate.segment)
            rate.display_name = " · ".join(words)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Weigh the chances of several cohorts by amount: their plain average would say nothing."""
        if aggregate_spec == "rate:avg":
            rate, amount = (self._field_to_sql(self._table, name, query) for name in ("rate", "amount"))
            return SQL("SUM(%s * %s) / NULLIF(SUM(%s) FILTER (WHERE %s IS NOT NULL), 0)", rate, amount, amount, rate)
        return super()._read_group_select(aggregate_spec, query)
