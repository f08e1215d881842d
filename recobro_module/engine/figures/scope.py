"""What a look at the figures is about: the companies, the day, the period, and the customers when not all of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

#: Months that a period may have.
PERIODS = (1, 3, 12)


@dataclass(frozen=True)
class Scope:
    """The companies and customers whose figures are read, on a day, and the period that ends on it.

    A period is so many calendar months; `since` is the last day before it, `before` that before the period before.

    :param companies: main companies; amounts are in the currency of the first, at the rates of the day.
    :param is_today: whether what is kept of the present moment may be shown: states are not known of a past day.
    :param rates: {company id: rate into the currency of the first company}.
    :param grade: id of a grade, 0 for customers without one, None for all.
    :param owner: id of the user who answers for the customer's open case, None for all.
    """

    companies: object
    as_of: date
    months: int = 1
    is_today: bool = True
    rates: dict = field(default_factory=dict)
    grade: int | None = None
    owner: int | None = None

    @property
    def since(self):
        """Return the last day before the period."""
        return begin_of_period(self.as_of, self.months)

    @property
    def before(self):
        """Return the last day before the period before."""
        return begin_of_period(self.since, self.months)

    @property
    def is_filtered(self):
        """Return whether it is about some of the customers only."""
        return self.grade is not None or self.owner is not None

    @property
    def rows(self):
        """Return the SQL of a relation `scope (company_id, rate)`, a row a company."""
        values = SQL(", ").join(
            SQL("(%s, %s::float)", company.id, self.rates.get(company.id, 1.0)) for company in self.companies
        )
        return SQL("(VALUES %s) AS scope (company_id, rate)", values)

    def customers(self, partner):
        """Return the SQL condition that the customer of a row is looked at; the row is joined with `scope`.

        :param partner: SQL of the id of its commercial entity.
        """
        conditions = [SQL("TRUE")]
        if self.grade is not None:
            graded = SQL(
                """EXISTS (
                    SELECT FROM recobro_customer_figure graded
                     WHERE graded.company_id = scope.company_id AND graded.partner_id = %s AND graded.grade_id %s
                )""",
                partner,
                SQL("= %s", self.grade) if self.grade else SQL("IS NOT NULL"),
            )
            conditions.append(graded if self.grade else SQL("NOT %s", graded))
        if self.owner is not None:
            conditions.append(
                SQL(
                    """EXISTS (
                        SELECT FROM recobro_case owned
                         WHERE owned.company_id = scope.company_id AND owned.partner_id = %s AND owned.state = 'open'
                           AND owned.user_id = %s
                    )""",
                    partner,
                    self.owner,
                )
            )
        return SQL(" AND ").join(conditions)


def of(env, companies, as_of, months=1, *, is_today=True, grade=None, owner=None):
    """Return the `Scope` of some main companies (in sudo) on a day, with the rates of the day."""
    target = companies[:1].currency_id
    rates = {
        company.id: company.currency_id._get_conversion_rate(company.currency_id, target, companies[:1], as_of)
        for company in companies
    }
    return Scope(companies, as_of, months, is_today, rates, grade, owner)


def flush(env, *models):
    """Write what the ORM keeps back of the tables that are read."""
    for model in (*models, "recobro.case", "recobro.customer.figure"):
        env[model].flush_model()


def begin_of_period(as_of, months):
    """Return the last day before the calendar months, so many of them, the last of which ends on `as_of`.

    >>> begin_of_period(date(2026, 3, 31), 1), begin_of_period(date(2026, 3, 10), 3)
    (datetime.date(2026, 2, 28), datetime.date(2025, 12, 31))
    """
    return as_of.replace(day=1) - relativedelta(months=months - 1) - timedelta(days=1)


def in_currency(env, scope, amount, currency, company_id):
    """Return an amount that is in a currency of its own, in that of the first company at the rates of the day.

    :param currency: its id.
    """
    target = scope.companies[:1].currency_id
    if currency == target.id:
        return amount
    company = env["res.company"].sudo().browse(company_id)
    return env["res.currency"].browse(currency)._convert(amount, target, company, scope.as_of, round=False)
