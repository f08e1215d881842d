"""Before it is too late to tell an insurer of arrears, who answers for it is told."""

from collections import defaultdict

from odoo.tools import SQL, format_amount, format_date

from . import alerts, open_items

ALERT = "recobro_module.activity_type_insurance"


def watch(env, company, as_of, items):
    """Alert the owners of the insurances of `company` whose deadline to notify arrears is near on `as_of`.

    One statement, and one batch of activities for who is to be told.

    :param items: SQL name of a relation with the columns of `open_items.query`.
    """
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT * FROM (
                SELECT insurance.id, insurance.warn_days, SUM(open.open_company) AS amount,
                       MIN(open.due_date) + insurance.notify_days AS deadline
                  FROM recobro_credit_insurance insurance
                  JOIN %(items)s open ON open.partner_id = insurance.partner_id
                 WHERE insurance.company_id = %(company)s AND insurance.active
                   AND %(as_of)s BETWEEN insurance.date_from AND COALESCE(insurance.date_until, 'infinity')
                   AND open.line_id > 0 AND open.open_company > 0 AND open.due_date < %(as_of)s
                   AND open.due_date > COALESCE(insurance.notified_until, '-infinity')
                 GROUP BY insurance.id
            ) arrears
             WHERE deadline - warn_days <= %(as_of)s
            """,
            items=items,
            company=company.id,
            as_of=as_of,
        )
    )
    found = {row["id"]: row for row in rows}
    if found:
        # sudo: the run tells the owners, whoever started it
        records = env["recobro.credit.insurance"].sudo().browse(found)
        alerts.alert(
            records.with_context(mail_activity_quick_update=True),
            ALERT,
            lambda env, record: _words(env, record, found[record.id]),
            as_of,
            _owner,
        )


def figures(records, as_of):
    """Return {customer id: {"amount_open", "overdue": [(due date, amount)]}} of the insured customers of one company.

    Amounts in the company's currency; what was paid since is not in them.
    """
    # sudo: whoever may read an insurance may read what is open of its customer
    env = records.env(su=True)
    customers = records.partner_id.ids
    if not customers:
        return {}
    env.flush_all()
    rows = env.execute_query_dict(
        SQL(
            "SELECT partner_id, due_date, open_company FROM (%s) open WHERE line_id > 0",
            open_items.query(env, records.company_id, as_of, customers),
        )
    )
    found = defaultdict(lambda: {"amount_open": 0.0, "overdue": []})
    for row in rows:
        amount = float(row["open_company"])
        found[row["partner_id"]]["amount_open"] += amount
        if row["due_date"] < as_of and amount > 0:
            found[row["partner_id"]]["overdue"].append((row["due_date"], amount))
    return found


def _owner(record):
    return record.user_id.filtered("active") or alerts.owner_of(record.env["recobro.case"])


def _words(env, record, row):
    return env._(
        "Tell %(insurer)s by %(day)s of the arrears of %(customer)s, %(amount)s: later they may not be covered.",
        insurer=record.insurer_id.display_name,
        customer=record.partner_id.display_name,
        day=format_date(env, row["deadline"]),
        amount=format_amount(env, float(row["amount"]), record.currency_id),
    )
