"""The money matched with items: what keeps promises and fills payment plans is read here, anew each time."""

from odoo.tools import SQL

from ..tools.promises import Money


def of(env, item_ids):
    """Return {item id: {id of the entry of a payment: `Money`}} of what is matched with some items now.

    Payments are entries of a bank, cash or card journal. A credit note, a write-off or an exchange difference is
    none: it never keeps a promise (METRICS.md). They are known by their entry: to match a bank transaction anew makes
    its journal items anew, and the money is the same.
    """
    matched = {}
    for item, payment, day, amount, _amount_company in read(env, item_ids):
        matched.setdefault(item, {})[payment] = Money(day, amount)
    return matched


def read(env, item_ids):
    """Return what `of` does as rows: item, entry, day, amount in the currency of the item and of the company."""
    return env.execute_query(
        SQL(
            """
            SELECT item.id, move.id, move.date, SUM(part.debit_amount_currency), SUM(part.amount)
              FROM recobro_item item
              JOIN account_partial_reconcile part ON part.debit_move_id = item.res_id
              JOIN account_move_line payment ON payment.id = part.credit_move_id
              JOIN account_move move ON move.id = payment.move_id
              JOIN account_journal journal ON journal.id = move.journal_id
             WHERE item.id = ANY(%(items)s) AND item.res_model = 'account.move.line'
               AND move.state = 'posted' AND move.move_type = 'entry' AND journal.type IN ('bank', 'cash', 'credit')
             GROUP BY item.id, move.id
            """,
            items=list(item_ids),
        )
    )
