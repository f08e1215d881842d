"""The money of payment plans: which of it fills which instalment, read anew from the reconciliations each time.

Payments fill the first instalment first, by their day; one that was undone is simply not there any more. What else
takes from the debt (a credit note, a write-off) first takes what of the item is not in the plan, then the last
instalments; the credit notes for a plan's own discount take nothing.
"""

from datetime import date

from odoo.tools import SQL

from ...const import PLAN_JUDGED
from ...tools.instalments import fill, lower, share
from .. import matched_money
from ..open_items import IN_PAYMENT


def read(env, company, customers, also_stopped=False):
    """Return the plans of some customers that money can change, as dicts, with their `lines` and `instalments`.

    :param also_stopped: whether with those that a person has ended, which money changes no more.
    """
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT plan.id, plan.name, plan.partner_id, plan.case_id, plan.currency_id, plan.state, plan.is_settlement,
                   plan.resumed_on, plan.next_date, plan.missed_limit,
                   COALESCE(plan.paid_amount, 0) AS paid_amount, COALESCE(plan.missed_count, 0) AS missed_count,
                   (%(lines)s) AS lines, (%(instalments)s) AS instalments
              FROM recobro_payment_plan plan
             WHERE plan.company_id = %(company)s AND plan.partner_id = ANY(%(customers)s)
               AND %(which)s
             ORDER BY plan.id
            """,
            lines=_LINES,
            instalments=_INSTALMENTS,
            company=company.id,
            customers=customers,
            which=SQL("plan.started_on IS NOT NULL")
            if also_stopped
            else SQL("plan.state IN %s AND plan.is_stopped IS NOT TRUE", PLAN_JUDGED),
        )
    )
    for row in rows:
        row["currency"] = env["res.currency"].browse(row["currency_id"])
        row["lines"] = [_line(line) for line in row["lines"] or ()]
        row["instalments"] = [_instalment(one) for one in row["instalments"] or ()]
    return rows


#: The lines of a plan. What is open is what the books say: the item in collections closes when its customer changes.
#: `is_away`: its invoice is a draft for a while, so what is open of it says nothing; `is_out`: it is not to be asked
#: for; `owner`: who owes it now; `own_credit`: what the credit notes for the plan's own discount have taken, whichever
#: of its invoice's items they were made for.
_LINES = SQL(
    """
    SELECT jsonb_agg(jsonb_build_object(
               'id', line.id, 'item', line.item_id, 'amount', line.amount, 'then', line.amount_then,
               'before', line.matched_before, 'credit_note', line.credit_note_id,
               'open', CASE WHEN owed.parent_state = 'posted' THEN owed.amount_residual_currency ELSE 0 END,
               'open_company', CASE WHEN owed.parent_state = 'posted' THEN owed.amount_residual ELSE 0 END,
               'is_away', COALESCE(move.state = 'draft', FALSE),
               'is_out', owed.no_followup IS TRUE OR COALESCE(move.payment_state = ANY(%(out)s), FALSE),
               'owner', COALESCE(payer.commercial_partner_id, move.commercial_partner_id),
               'own_credit', COALESCE((
                   SELECT SUM(part.debit_amount_currency)
                     FROM account_partial_reconcile part
                     JOIN account_move_line credit ON credit.id = part.credit_move_id
                    WHERE part.debit_move_id = item.res_id AND credit.move_id IN (
                        SELECT own.credit_note_id FROM recobro_payment_plan_line own WHERE own.plan_id = plan.id
                    )
               ), 0)) ORDER BY item.due_date, item.id)
      FROM recobro_payment_plan_line line
      JOIN recobro_item item ON item.id = line.item_id
      LEFT JOIN account_move_line owed ON owed.id = item.res_id
      LEFT JOIN account_move move ON move.id = item.move_id
      LEFT JOIN res_partner payer ON payer.id = owed.partner_id
     WHERE line.plan_id = plan.id
    """,
    out=["blocked", *IN_PAYMENT],
)
_INSTALMENTS = SQL(
    """
    SELECT jsonb_agg(jsonb_build_object(
               'id', one.id, 'number', one.number, 'due_date', one.due_date, 'deadline', one.deadline,
               'amount', one.amount, 'reduced', COALESCE(one.amount_reduced, 0), 'paid', COALESCE(one.amount_paid, 0),
               'left', COALESCE(one.amount_left, 0), 'paid_on', one.paid_on, 'missed_on', one.missed_on,
               'state', one.state, 'item', one.item_id, 'item_state', item.state, 'item_open', item.amount_open,
               'item_company', item.amount_open_company) ORDER BY one.number)
      FROM recobro_payment_plan_installment one
      LEFT JOIN recobro_item item ON item.id = one.item_id
     WHERE one.plan_id = plan.id
    """
)


def _line(line):
    before = {int(payment): amount for payment, amount in (line["before"] or {}).items()}
    return {**line, "before": before}


def _instalment(one):
    days = {
        name: one[name] and date.fromisoformat(one[name]) for name in ("due_date", "deadline", "paid_on", "missed_on")
    }
    return {**one, **days}


def fill_up(env, rows):
    """Add to each plan of `read` what its money makes of it.

    To each line `rest`: what of the item the plan still has to itself. To each instalment `now`: its amounts reduced,
    paid and left, and the day of the money that completed it (`complete_on`); and `parts`: which money it was.
    """
    matched = matched_money.of(env, {line["item"] for row in rows for line in row["lines"]})
    for row in rows:
        money, reduction = [], 0.0
        for line in row["lines"]:
            parts, taken_off = _of_line(line, matched.get(line["item"], {}))
            money += parts
            reduction += taken_off
        _fill_row(row, money, reduction)


def _of_line(line, matched):
    """Return the money that fills the plan from one of its items, [(day, amount, payment)], and what was taken off."""
    since = sorted(
        (money.day, amount, payment)
        for payment, money in matched.items()
        if (amount := money.amount - line["before"].get(payment, 0.0)) > 0
    )
    parts, room = [], line["amount"]
    for day, amount, payment in since:
        part = min(amount, room)
        room -= part
        if part > 0:
            parts.append((day, part, payment))
    gone = 0.0 if line["is_away"] else line["then"] - line["open"] - sum(amount for _day, amount, _payment in since)
    taken_off = min(room, max(0.0, gone - line["own_credit"] - (line["then"] - line["amount"])))
    line["rest"] = room - taken_off
    return parts, taken_off


def _fill_row(row, money, reduction):
    rounding = row["currency"].rounding
    amounts = [one["amount"] for one in row["instalments"]]
    # Of a settlement what goes beyond the payments that are missing takes from its discount
    missing = max(0.0, sum(amounts) - sum(amount for _day, amount, _payment in money))
    lowered = lower(amounts, row["currency"].round(min(reduction, missing)))
    found = fill(lowered, [(day, amount) for day, amount, _payment in money], rounding)
    for one, amount, filled, parts in zip(
        row["instalments"], lowered, found, share(lowered, money, rounding), strict=True
    ):
        one["parts"] = parts
        one["now"] = {
            "reduced": row["currency"].round(one["amount"] - amount),
            "paid": filled.amount,
            "left": row["currency"].round(amount - filled.amount),
            "complete_on": filled.complete_on,
        }
    row["paid"] = row["currency"].round(sum(one["now"]["paid"] for one in row["instalments"]))
