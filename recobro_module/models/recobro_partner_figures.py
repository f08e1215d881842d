from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine import on_screen
from ..engine.figures import grade_words

#: Fields of a customer that a domain can ask for, and the columns of `recobro.customer.figure` they show.
_SEARCHED = {
    "recobro_grade_id": "grade_id",
    "recobro_days_late": "days_late",
    "recobro_on_time": "on_time",
    "recobro_broken_promises": "broken_promises",
    "recobro_exposure": "exposure",
    "recobro_exposure_ratio": "exposure_ratio",
    "recobro_months": "months",
    "recobro_concentration": "concentration",
}
_SHOWN = {
    **_SEARCHED,
    "recobro_paid_count": "paid_count",
    "recobro_judged_amount": "amount_judged",
    "recobro_credit_limit": "credit_limit",
}
_NAMES = {column: name for name, column in _SHOWN.items()}
_COMPARISONS = ("<", "<=", ">", ">=")


def _by(column):
    """Return the search method of the field that shows a `column`."""
    return lambda partners, operator, value: partners._search_recobro_figure(column, operator, value)


class RecobroPartnerFigures(models.AbstractModel):
    """How a customer pays, and how much it owes, as the daily job last found it; for policies to choose customers by.

    Of the active company: a contact shows the figures of the company it belongs to. What has no value is found by no
    comparison: nobody knows whether who never paid anything pays late.
    """

    _name = "recobro.partner.figures"
    _description = "Figures of a customer, on the contact"

    recobro_currency_id = fields.Many2one("res.currency")

    recobro_grade_id = fields.Many2one(
        "recobro.grade",
        "Grade",
        compute="_compute_recobro_figures",
        search=_by("grade_id"),
        compute_sudo=True,
        groups="base.group_user",
        help="How well the customer pays, by the rules in Collections › Configuration › Grades.",
    )
    recobro_grade_color = fields.Integer(
        related="recobro_grade_id.color", string="Colour of the grade", groups="base.group_user"
    )
    recobro_grade_reason = fields.Char(
        "Why this grade", compute="_compute_recobro_grade_reason", compute_sudo=True, groups="base.group_user"
    )
    recobro_paid_count = fields.Integer(
        "Paid invoices",
        compute="_compute_recobro_figures",
        compute_sudo=True,
        groups="base.group_user",
        help="In the last twelve months.",
    )
    recobro_judged_amount = fields.Monetary(
        "Judged on",
        compute="_compute_recobro_figures",
        compute_sudo=True,
        currency_field="recobro_currency_id",
        groups="base.group_user",
        help="What was paid in the last twelve months, and what is overdue.",
    )
    recobro_days_late = fields.Float(
        "Average days late",
        digits=(16, 1),
        compute="_compute_recobro_figures",
        search=_by("days_late"),
        compute_sudo=True,
        groups="base.group_user",
        help="Weighted by amount, of what was paid in the last twelve months and what is overdue. Below zero: early.",
    )
    recobro_on_time = fields.Float(
        "Paid on time (%)",
        digits=(5, 1),
        compute="_compute_recobro_figures",
        search=_by("on_time"),
        compute_sudo=True,
        groups="base.group_user",
        help="By amount, of what was paid in the last twelve months and what is overdue.",
    )
    recobro_broken_promises = fields.Integer(
        "Broken promises",
        compute="_compute_recobro_figures",
        search=_by("broken_promises"),
        compute_sudo=True,
        groups="base.group_user",
        help="In the last twelve months.",
    )
    recobro_exposure = fields.Monetary(
        "Exposure",
        compute="_compute_recobro_figures",
        search=_by("exposure"),
        compute_sudo=True,
        currency_field="recobro_currency_id",
        groups="base.group_user",
        help="All that the customer owes, due or not, net of credits.",
    )
    recobro_credit_limit = fields.Monetary(
        "Credit limit in force",
        compute="_compute_recobro_figures",
        compute_sudo=True,
        currency_field="recobro_currency_id",
        groups="base.group_user",
    )
    recobro_exposure_ratio = fields.Float(
        "Credit limit used (%)",
        digits=(16, 1),
        compute="_compute_recobro_figures",
        search=_by("exposure_ratio"),
        compute_sudo=True,
        groups="base.group_user",
    )
    recobro_months = fields.Integer(
        "Months as a customer",
        compute="_compute_recobro_figures",
        search=_by("months"),
        compute_sudo=True,
        groups="base.group_user",
        help="Since the first invoice.",
    )
    recobro_concentration = fields.Float(
        "Share of the ledger (%)",
        digits=(5, 2),
        compute="_compute_recobro_figures",
        search=_by("concentration"),
        compute_sudo=True,
        groups="base.group_user",
        help="Of all that customers owe the company.",
    )

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("commercial_partner_id", "user_id")
    @api.depends_context("company", "uid")
    def _compute_recobro_figures(self):
        on_screen.show(self, _SHOWN, self._recobro_figures())

    @api.depends("recobro_grade_id", "recobro_paid_count")
    @api.depends_context("company", "uid")
    def _compute_recobro_grade_reason(self):
        grades = self.env["recobro.grade"]._in_force(self.env.company.root_id)
        for partner in self:
            partner.recobro_grade_reason = False
            if partner.recobro_months or partner.recobro_judged_amount or partner.recobro_exposure:
                values = grade_words.values_of(partner, _NAMES)
                partner.recobro_grade_reason = grade_words.reason(self.env, partner.recobro_grade_id, grades, values)

    def _recobro_figures(self):
        """Return {contact id: row of `recobro.customer.figure`} for who may see the customer's place in collections."""
        visible = self.sudo(False).filtered("recobro_is_visible")._origin
        return on_screen.figures_of(self.env, self.env.company.root_id, visible.ids)

    # -------------------------------------------------------------------------
    # SEARCH
    # -------------------------------------------------------------------------

    @api.model
    def _recobro_figure_names(self):
        """Return the names of the fields by which a domain can choose customers."""
        return list(_SEARCHED)

    @api.model
    def _search_recobro_figure(self, column, operator, value):
        """Return the domain of the contacts of customers whose figure compares so, of those that the user sees."""
        if column == "grade_id" and operator == "any":
            operator, value = "in", self.env["recobro.grade"].search(value).ids
        if operator in _COMPARISONS and column != "grade_id":
            # Told to the database as it is: Odoo would take what has no value for a zero
            condition = SQL("%s %s %s", SQL.identifier(column), SQL(operator), float(value))
        elif operator == "in":
            known = [float(one) if column != "grade_id" else one for one in value if one or column != "grade_id"]
            condition = SQL("%s = ANY(%s)", SQL.identifier(column), known)
        else:
            return NotImplemented
        found = self._recobro_customers_where(condition)
        if operator == "in" and column == "grade_id" and False in value:
            found |= ~self._recobro_customers_where(SQL("grade_id IS NOT NULL"))
        return found

    @api.model
    def _recobro_customers_where(self, condition):
        """Return the domain of the contacts whose customer has figures in the active company that meet a condition."""
        self.env["recobro.customer.figure"].flush_model()
        customers = SQL(
            "(SELECT partner_id FROM recobro_customer_figure WHERE company_id = %s AND %s)",
            self.env.company.root_id.id,
            condition,
        )
        domain = Domain("commercial_partner_id", "in", customers)
        if not (self.env.su or self._recobro_sees_all()):
            domain &= Domain("commercial_partner_id.user_id", "=", self.env.uid)
        return domain
