"""The floor: the least that deciding a day can take, in the same database. One SQL pass and plain tables.

It reads and ages the open items, and writes one row a customer and one row a due item, into tables with no index but
the primary key. It knows no policies, no answers and no money that is not matched.
"""

from harness import measure

TABLES = """
CREATE TABLE floor_customer (partner_id int PRIMARY KEY, amount numeric, overdue numeric, d1_30 numeric, d31_60 numeric,
                             d61_90 numeric, d90_plus numeric, oldest date, items int);
CREATE TABLE floor_item (line_id int PRIMARY KEY, partner_id int, move_id int, currency_id int, due date, days int,
                         amount numeric, amount_company numeric);
"""
PASS = """
WITH open AS MATERIALIZED (
    SELECT line.id, partner.commercial_partner_id AS partner_id, line.move_id, line.currency_id, line.date_maturity,
           %(day)s - line.date_maturity AS days, line.amount_residual_currency, line.amount_residual
      FROM account_move_line line
      JOIN account_account account ON account.id = line.account_id
      JOIN res_partner partner ON partner.id = line.partner_id
     WHERE account.account_type = 'asset_receivable'
       AND line.reconciled IS NOT TRUE
       AND line.parent_state = 'posted'
       AND line.amount_residual > 0
       AND line.company_id = %(company)s
),
due AS (
    INSERT INTO floor_item
    SELECT id, partner_id, move_id, currency_id, date_maturity, days, amount_residual_currency, amount_residual
      FROM open WHERE days >= 0
)
INSERT INTO floor_customer
SELECT partner_id, SUM(amount_residual),
       SUM(amount_residual) FILTER (WHERE days > 0),
       SUM(amount_residual) FILTER (WHERE days BETWEEN 1 AND 30),
       SUM(amount_residual) FILTER (WHERE days BETWEEN 31 AND 60),
       SUM(amount_residual) FILTER (WHERE days BETWEEN 61 AND 90),
       SUM(amount_residual) FILTER (WHERE days > 90),
       MIN(date_maturity), COUNT(*)
  FROM open GROUP BY partner_id
"""


def measure_floor(env, company, day, repeats):
    """Return the seconds of each pass; each is rolled back."""

    def make_tables():
        env.cr.rollback()
        env.cr.execute(TABLES)

    def one_pass():
        env.cr.execute(PASS, {"day": day, "company": company.id})

    seconds, _statements = measure(one_pass, repeats, setup=make_tables)
    env.cr.rollback()
    return seconds
