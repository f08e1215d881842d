"""What was owed on any day, sold and paid: from journal items and reconciliations, never from today's residual.

Of one main company with its branches, in its currency. What was matched only after the day is open on it, and an entry
that was dated back shows, for it is in the books (METRICS.md, common rules). Nothing is written.
"""

from calendar import monthrange
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ...const import AGEING_BUCKETS
from .. import open_items
from . import paying

#: Months of sales that are looked at, at most.
_MONTHS = 24
_READ = ("account.move", "account.move.line", "account.partial.reconcile", "account.account", "account.journal")


@dataclass(frozen=True)
class Balances:
    """What is owed at the end of a day.

    :param buckets: what is asked for, by age, in the order of `AGEING_BUCKETS`; credits are not in it.
    :param credits: what was paid, or is owed to customers, and is not matched: a positive amount.
    :param receivables: net by customer and none below zero: what the days' sales outstanding are worked out of.
    :param in_credit: what those customers have to their credit who owe less than that: a positive amount.
    """

    buckets: tuple
    credits: float
    receivables: float
    in_credit: float

    @property
    def not_due(self):
        """Return what is not due yet, never more than is owed in all."""
        return min(self.buckets[0], self.receivables)

    @property
    def open_amount(self):
        """Return what is open in all, credits taken off."""
        return sum(self.buckets) - self.credits


def flush(env):
    """Write what the ORM keeps back of the tables that are read here."""
    for model in _READ:
        env[model].flush_model()


def at(env, company, as_of):
    """Return the `Balances` of `company` (a main company) at the end of a day; one statement."""
    buckets = _buckets()
    [(*found, credit, receivables, in_credit)] = env.execute_query(
        SQL(
            """
            SELECT %(sums)s, COALESCE(SUM(credit), 0), COALESCE(SUM(GREATEST(net, 0)), 0),
                   COALESCE(SUM(GREATEST(-net, 0)), 0)
              FROM (
                   SELECT %(buckets)s, -SUM(amount) FILTER (WHERE amount < 0) AS credit, SUM(amount) AS net
                     FROM (%(open)s) open LEFT JOIN res_partner partner ON partner.id = open.partner_id
                    GROUP BY COALESCE(partner.commercial_partner_id, partner.id)
                   ) customer
            """,
            sums=SQL(", ").join(SQL("COALESCE(SUM(%s), 0)", SQL.identifier(key)) for key in buckets),
            buckets=SQL(", ").join(SQL("%s AS %s", amount, SQL.identifier(key)) for key, amount in buckets.items()),
            open=open_on(env, company, as_of),
        )
    )
    return Balances(tuple(map(float, found)), float(credit), float(receivables), float(in_credit))


def by_customer(env, company, as_of):
    """SELECT: what each customer has open at the end of a day: `partner_id`, an amount a bucket, `credit`."""
    columns = [SQL("%s AS %s", amount, SQL.identifier(key)) for key, amount in _buckets().items()]
    return SQL(
        """
        SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id, %(columns)s,
               COALESCE(-SUM(amount) FILTER (WHERE amount < 0), 0) AS credit
          FROM (%(open)s) open JOIN res_partner partner ON partner.id = open.partner_id
         GROUP BY 1
        HAVING SUM(ABS(amount)) > 0
        """,
        columns=SQL(", ").join(columns),
        open=open_on(env, company, as_of),
    )


def _buckets():
    """Return {key: SQL of the amount in a bucket} of the rows of `open_on`."""
    found = {}
    for key, _label, first, last in AGEING_BUCKETS:
        edges = [SQL("days >= %s", first)] if first is not None else []
        edges += [SQL("days <= %s", last)] if last is not None else []
        found[key] = SQL("COALESCE(SUM(amount) FILTER (WHERE amount > 0 AND %s), 0)", SQL(" AND ").join(edges))
    return found


def open_on(env, company, as_of):
    """SELECT: what is open at the end of a day: customer, days past due, amount (below zero of a credit).

    What is open now of items of that day or before, and what of them was matched after it, a row each.
    """
    accounts = open_items.receivable_accounts(env)
    branches = open_items.branches(company)
    return SQL(
        """
        SELECT item.partner_id, %(days)s AS days, item.amount_residual AS amount
          FROM account_move_line item
         WHERE item.account_id = ANY(%(accounts)s) AND item.reconciled IS NOT TRUE
           AND item.parent_state = 'posted' AND item.company_id IN %(branches)s AND item.date <= %(as_of)s
         UNION ALL
        SELECT item.partner_id, %(days)s, side.sign * part.amount
          FROM account_partial_reconcile part
         CROSS JOIN LATERAL (VALUES (part.debit_move_id, 1), (part.credit_move_id, -1)) AS side(line_id, sign)
          JOIN account_move_line item ON item.id = side.line_id
         WHERE part.max_date > %(as_of)s AND part.company_id IN %(branches)s
           AND item.account_id = ANY(%(accounts)s) AND item.date <= %(as_of)s
        """,
        days=SQL("%s - COALESCE(item.date_maturity, item.date)", as_of),
        accounts=accounts,
        branches=branches,
        as_of=as_of,
    )


# -----------------------------------------------------------------------------
# SOLD
# -----------------------------------------------------------------------------


def sales_by_month(env, company, as_of):
    """Return [(days, sales)] by month, the present one first with the days of it that have passed; one statement.

    Invoices less refunds, tax included, by invoice date. Before the first month with sales there is no history.
    """
    first = as_of.replace(day=1) - relativedelta(months=_MONTHS - 1)
    rows = dict(
        env.execute_query(
            SQL(
                """
                SELECT date_trunc('month', invoice_date)::date, SUM(amount_total_signed)
                  FROM account_move
                 WHERE state = 'posted' AND move_type IN ('out_invoice', 'out_refund', 'out_receipt')
                   AND company_id IN %s AND invoice_date BETWEEN %s AND %s
                 GROUP BY 1
                """,
                open_items.branches(company),
                first,
                as_of,
            )
        )
    )
    months = []
    month = as_of.replace(day=1)
    while rows and month >= min(rows):
        days = as_of.day if not months else monthrange(month.year, month.month)[1]
        months.append((days, float(rows.get(month, 0))))
        month -= relativedelta(months=1)
    return months


# -----------------------------------------------------------------------------
# PAID
# -----------------------------------------------------------------------------


def written_off(env, company, since, as_of):
    """Return what of invoices was matched after `since` and until `as_of` with entries that are neither money nor a
    credit note nor a difference of exchange; one statement. A difference that a payment closed is in the payment.
    """
    [(amount,)] = env.execute_query(
        SQL(
            """
            SELECT COALESCE(SUM(part.amount), 0)
              FROM account_partial_reconcile part
              JOIN account_move_line item ON item.id = part.debit_move_id
              JOIN account_move_line other ON other.id = part.credit_move_id
              JOIN account_move entry ON entry.id = other.move_id
              JOIN account_journal journal ON journal.id = other.journal_id
             WHERE part.max_date > %(since)s AND part.max_date <= %(as_of)s AND part.company_id IN %(branches)s
               AND item.account_id = ANY(%(accounts)s) AND %(is_written_off)s
               AND EXISTS (
                   SELECT FROM account_move invoice
                    WHERE invoice.id = item.move_id AND invoice.move_type IN ('out_invoice', 'out_receipt')
               )
            """,
            since=since,
            as_of=as_of,
            branches=open_items.branches(company),
            accounts=open_items.receivable_accounts(env),
            is_written_off=is_written_off(company),
        )
    )
    return float(amount)


def is_written_off(company):
    """Return the SQL condition that what is matched with a line is written off.

    Of the line `other`, its `entry` and its `journal`: neither money nor a credit note nor a difference of exchange.
    """
    return SQL(
        "journal.type = 'general' AND entry.move_type = 'entry' AND other.journal_id != ALL(%s)",
        company.sudo().search([("id", "child_of", company.id)]).currency_exchange_journal_id.ids,
    )


def lateness(env, company, as_of):
    """Return (Σ amount, Σ amount × days late) of the year that ends on `as_of`; one statement.

    Of what was paid, part by part, the days from its due date; of what is open and overdue those until the day.
    """
    [(amount, late)] = env.execute_query(
        SQL(
            "SELECT COALESCE(amount, 0), COALESCE(late, 0) FROM (%s) judged",
            paying.lateness(env, company, as_of),
        )
    )
    return float(amount), float(late)
