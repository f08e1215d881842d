from odoo import api, fields, models

#: Figures shown on a case, and the fields of `recobro.customer.figure` they come from.
_FIGURES = {
    "grade_reason": "grade_reason",
    "paid_count": "paid_count",
    "judged_amount": "amount_judged",
    "days_late": "days_late",
    "on_time": "on_time",
    "lately_broken_promises": "broken_promises",
    "exposure": "exposure",
    "credit_limit": "credit_limit",
    "exposure_ratio": "exposure_ratio",
    "customer_months": "months",
    "concentration": "concentration",
}


class RecobroCaseFigures(models.AbstractModel):
    """How the customer of a case pays, and how much it owes, as the daily job last found it."""

    _name = "recobro.case.figures"
    _description = "Figures of a case's customer"

    currency_id = fields.Many2one("res.currency")
    grade_id = fields.Many2one("recobro.grade", readonly=True, index="btree_not_null")
    grade_color = fields.Integer(related="grade_id.color", string="Colour of the grade")

    has_figures = fields.Boolean(compute="_compute_figures")
    grade_reason = fields.Char("Why this grade", compute="_compute_figures")
    paid_count = fields.Integer("Paid invoices", compute="_compute_figures")
    judged_amount = fields.Monetary("Judged on", compute="_compute_figures")
    days_late = fields.Float(
        "Average days late", digits=(16, 1), compute="_compute_figures", help="Weighted by amount. Below zero: early."
    )
    on_time = fields.Float("Paid on time (%)", digits=(5, 1), compute="_compute_figures", help="By amount.")
    lately_broken_promises = fields.Integer("Promises broken lately", compute="_compute_figures")
    exposure = fields.Monetary(
        compute="_compute_figures", help="All that the customer owes, due or not, net of credits."
    )
    credit_limit = fields.Monetary("Credit limit", compute="_compute_figures")
    exposure_ratio = fields.Float("Credit limit used (%)", digits=(16, 1), compute="_compute_figures")
    customer_months = fields.Integer("Months as a customer", compute="_compute_figures")
    concentration = fields.Float("Share of the ledger (%)", digits=(5, 2), compute="_compute_figures")

    @api.depends("partner_id", "company_id")
    def _compute_figures(self):
        model = self.env["recobro.customer.figure"]
        found = model.search([("partner_id", "in", self.partner_id.ids), ("company_id", "in", self.company_id.ids)])
        known = {(figure.partner_id, figure.company_id): figure for figure in found}
        for case in self:
            figure = known.get((case.partner_id, case.company_id), model)
            case.has_figures = bool(figure)
            for name, column in _FIGURES.items():
                case[name] = figure[column]
