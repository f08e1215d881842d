"""What customers paid in a year and have open at the end of a day, from the books: what they are judged by.

Of one main company with its branches. Only money counts as paid, part by part, on the day on which it was matched.
"""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from .. import open_items


def lateness(env, company, as_of):
    """SELECT: `amount` and `late` (Σ amount × days, early ones negative) of all customers together.

    Of what they paid of their invoices in the year until `as_of`, and of what they have overdue at its end. Nothing is
    grouped: a ledger of any size is gone through once.
    """
    year = SQL("(%s)", matched(company, as_of))
    return SQL(
        """
        SELECT SUM(amount) AS amount, SUM(late) AS late
          FROM (
               SELECT SUM(part.amount) AS amount,
                      SUM(part.amount * (part.max_date - COALESCE(item.date_maturity, item.date))) AS late
                 FROM %(paid)s
                UNION ALL
               SELECT SUM(amount), SUM(amount * days) FROM (%(open)s) open WHERE is_asked AND days > 0
               ) judged
        """,
        paid=paid_parts(env, as_of, year),
        open=open_lines(env, company, as_of, year),
    )


def matched(company, as_of):
    """SELECT: what was matched in the year until `as_of`, and after it."""
    return SQL(
        """
        SELECT debit_move_id, credit_move_id, amount, max_date
          FROM account_partial_reconcile
         WHERE max_date > %s AND company_id IN %s
        """,
        as_of - relativedelta(years=1),
        open_items.branches(company),
    )


def paid(env, as_of):
    """SELECT: what each customer paid of its invoices, from the relation `matched`: amount, days × amount, in time.

    Of an invoice in instalments each is judged by its own due date, and what was paid in parts by the day of each part.
    """
    return SQL(
        """
        SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id,
               COUNT(DISTINCT item.move_id) FILTER (WHERE item.reconciled) AS number,
               SUM(part.amount) AS amount,
               SUM(part.amount * (part.max_date - COALESCE(item.date_maturity, item.date))) AS late,
               SUM(part.amount) FILTER (WHERE part.max_date <= COALESCE(item.date_maturity, item.date)) AS in_time
          FROM %(parts)s
         GROUP BY 1
        """,
        parts=paid_parts(env, as_of, SQL("matched")),
    )


def paid_parts(env, as_of, source):
    """Return the SQL of FROM: each `part` that was paid in money of an `item` until the day, with its `partner`.

    :param source: SQL of the relation of `matched`.
    """
    return SQL(
        """
        %(source)s part
          JOIN account_move_line item ON item.id = part.debit_move_id AND part.max_date <= %(as_of)s
           AND item.account_id = ANY(%(accounts)s) AND item.journal_id != ALL(%(banks)s)
          JOIN account_move_line money ON money.id = part.credit_move_id AND money.journal_id = ANY(%(banks)s)
          JOIN res_partner partner ON partner.id = item.partner_id
        """,
        source=source,
        as_of=as_of,
        accounts=open_items.receivable_accounts(env),
        banks=money_journals(env),
    )


def owing(env, company, as_of):
    """SELECT: what each customer owes at the end of the day, net of what it is owed, and what of it is overdue."""
    return SQL(
        """
        SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id, SUM(amount) AS amount,
               SUM(CASE WHEN is_asked AND days > 0 THEN amount ELSE 0 END) AS overdue,
               SUM(CASE WHEN is_asked AND days > 0 THEN amount * days ELSE 0 END) AS late,
               MIN(date) AS first_day
          FROM (%s) open
          JOIN res_partner partner ON partner.id = open.partner_id
         GROUP BY 1
        """,
        open_lines(env, company, as_of, SQL("matched")),
    )


def open_lines(env, company, as_of, source):
    """SELECT: what is open at the end of the day, and whether it is asked for: what was matched only later is open.

    :param source: SQL of the relation of `matched`.
    """
    return SQL(
        """
        SELECT item.partner_id, item.date, item.amount_residual AS amount, %(days)s AS days,
               item.amount_residual > 0 AND item.journal_id != ALL(%(banks)s) AS is_asked
          FROM account_move_line item
         WHERE item.account_id = ANY(%(accounts)s) AND item.reconciled IS NOT TRUE
           AND item.parent_state = 'posted' AND item.company_id IN %(branches)s AND item.date <= %(as_of)s
           AND item.partner_id IS NOT NULL
         UNION ALL
        SELECT item.partner_id, item.date, side.sign * part.amount, %(days)s,
               side.sign > 0 AND item.journal_id != ALL(%(banks)s)
          FROM %(source)s part
         CROSS JOIN LATERAL (VALUES (part.debit_move_id, 1), (part.credit_move_id, -1)) AS side(line_id, sign)
          JOIN account_move_line item ON item.id = side.line_id
         WHERE part.max_date > %(as_of)s AND item.account_id = ANY(%(accounts)s) AND item.date <= %(as_of)s
           AND item.partner_id IS NOT NULL
        """,
        as_of=as_of,
        days=SQL("%s - COALESCE(item.date_maturity, item.date)", as_of),
        accounts=open_items.receivable_accounts(env),
        banks=money_journals(env),
        branches=open_items.branches(company),
        source=source,
    )


def money_journals(env):
    """Return the ids of the journals whose entries are money: of a bank, cash or a card (as for promises)."""
    rows = env.execute_query(SQL("SELECT id FROM account_journal WHERE type IN ('bank', 'cash', 'credit')"))
    return [journal for (journal,) in rows]
