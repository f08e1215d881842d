from odoo import api, fields, models

from ..engine.figures import customer_figures, grade_words
from ..tools.loose_fields import LooseMany2one

_NAMES = {name: name for name in customer_figures.COLUMNS}


class RecobroCustomerFigure(models.Model):
    """How one customer (commercial entity) pays a main company, and how much it owes: a row, kept by the daily job.

    By the last twelve months (`engine/figures/customer_figures.py`). Nobody writes it by hand.
    """

    _name = "recobro.customer.figure"
    _description = "Figures of a customer"
    _order = "exposure desc, id"
    _rec_name = "partner_id"
    # The rows are written by SQL, a whole company at once
    _log_access = False

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    grade_id = fields.Many2one("recobro.grade", readonly=True, index="btree_not_null")
    color = fields.Integer(related="grade_id.color")
    grade_reason = fields.Char("Why this grade", compute="_compute_grade_reason")

    # How it pays
    paid_count = fields.Integer("Paid invoices", readonly=True, help="In the last twelve months.")
    amount_judged = fields.Monetary(
        "Judged on", readonly=True, help="What was paid in the last twelve months, and what is overdue."
    )
    days_late = fields.Float(
        "Average days late",
        digits=(16, 1),
        readonly=True,
        aggregator="avg",
        help="Weighted by amount, of what was paid in the last twelve months and what is overdue. Below zero: early.",
    )
    on_time = fields.Float(
        "Paid on time (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="By amount, of what was paid in the last twelve months and what is overdue.",
    )
    broken_promises = fields.Integer("Broken promises", readonly=True, help="In the last twelve months.")

    # What is at stake
    exposure = fields.Monetary(readonly=True, help="All that the customer owes, due or not, net of credits.")
    credit_limit = fields.Monetary("Credit limit", readonly=True)
    exposure_ratio = fields.Float(
        "Credit limit used (%)", digits=(16, 1), readonly=True, aggregator="avg", help="Of the credit limit."
    )
    concentration = fields.Float(
        "Share of the ledger (%)", digits=(5, 2), readonly=True, help="Of all that customers owe the company."
    )
    customer_since = fields.Date("Customer since", readonly=True, help="The day of the first invoice.")
    months = fields.Integer("Months as a customer", readonly=True, aggregator="avg")

    _customer_unique = models.UniqueIndex("(company_id, partner_id)", "This customer already has its figures.")

    @api.depends("partner_id")
    def _compute_display_name(self):
        for figure in self:
            figure.display_name = figure.partner_id.sudo().display_name or self.env._("Customer removed")

    @api.depends("grade_id", "company_id")
    def _compute_grade_reason(self):
        for company, figures in self.grouped("company_id").items():
            grades = self.env["recobro.grade"]._in_force(company)
            for figure in figures:
                values = grade_words.values_of(figure, _NAMES)
                figure.grade_reason = grade_words.reason(self.env, figure.grade_id, grades, values)

    def action_open_customer(self):
        """Open the customer."""
        self.ensure_one()
        return self.partner_id._get_records_action()
