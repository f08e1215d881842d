from odoo import api, fields, models
from odoo.tools import SQL

from ..const import BUCKET_SELECTION, ROOT_CAUSES
from ..engine.figures.recovery import NO_CAUSE, NO_GRADE
from ..tools.loose_fields import LooseMany2one

#: What became so late, by age. Before it is due, the 90 days run from the day of its invoice.
_BUCKETS = [(key, "Not due yet (from its invoice)" if key == "not_due" else label) for key, label in BUCKET_SELECTION]
_BUCKETS += [("all", "All ages")]
_COHORTS = [
    ("cause", "Age, grade and cause"),
    ("segment", "Age and grade"),
    ("bucket", "Age"),
    ("company", "Everything"),
]
#: Fields that are read in the order of their choices, by age, instead of by the letters of their keys.
_RANKED = {"bucket": [key for key, _label in _BUCKETS], "cohort": [key for key, _label in _COHORTS]}


class RecobroRecoveryRate(models.Model):
    """How much of what became so late was paid within 90 days, by customers of one grade and cause: a row a cohort.

    Kept each night by the daily job (`engine/figures/recovery.py`). Nobody writes it by hand.
    """

    _name = "recobro.recovery.rate"
    _description = "Chance of recovery"
    _order = "company_id, cohort, bucket, segment, cause"
    # The rows are written by SQL, all of a company at once
    _log_access = False

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    cohort = fields.Selection(
        _COHORTS,
        "By",
        required=True,
        readonly=True,
        help="A cause with few observations leans on its age and grade, those on their age, and that on everything the "
        "company has.",
    )
    bucket = fields.Selection(
        _BUCKETS,
        "Days late",
        required=True,
        readonly=True,
        help="When its 90 days begin: on the day it became so late; of what is not due yet, on the day of its invoice.",
    )
    segment = fields.Char("Grade", required=True, readonly=True, help="Of the customer today; “–”: it has none.")
    cause = fields.Selection(
        [*ROOT_CAUSES, (NO_CAUSE, "None known")],
        "Root cause",
        readonly=True,
        help="Of the case or dispute of the customer that was closed last.",
    )
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
        "(company_id, cohort, bucket, segment, COALESCE(cause, ''))", "This cohort already has its chance of recovery."
    )

    @api.depends("cohort", "bucket", "segment", "cause")
    @api.depends_context("lang")
    def _compute_display_name(self):
        buckets, causes = (dict(self._fields[name]._description_selection(self.env)) for name in ("bucket", "cause"))
        for rate in self:
            words = [buckets.get(rate.bucket, "")]
            if rate.cohort in ("segment", "cause"):
                no_grade = rate.segment == NO_GRADE
                words.append(self.env._("no grade") if no_grade else rate.segment)
            if rate.cause:
                words.append(causes[rate.cause])
            rate.display_name = " · ".join(words)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by age and by how wide a cohort is."""
        if field_name in _RANKED:
            value = self._field_to_sql(alias, field_name, query)
            return SQL("%s %s %s", self._rank(field_name, value), direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)

    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort groups as records are."""
        ranked = {term: self._rank(term, value) if term in _RANKED else value for term, value in groupby_terms.items()}
        result = super()._read_group_orderby(order, ranked, query)
        groupby_terms.update({term: value for term, value in ranked.items() if term not in _RANKED})
        return result

    @staticmethod
    def _rank(name, value):
        return SQL("array_position(%s, %s::text)", _RANKED[name], value)

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Weigh the chances of several cohorts by amount: their plain average would say nothing."""
        if aggregate_spec == "rate:avg":
            rate, amount = (self._field_to_sql(self._table, name, query) for name in ("rate", "amount"))
            return SQL("SUM(%s * %s) / NULLIF(SUM(%s) FILTER (WHERE %s IS NOT NULL), 0)", rate, amount, amount, rate)
        return super()._read_group_select(aggregate_spec, query)
