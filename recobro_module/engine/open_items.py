"""Step 1. What is open: the receivable journal items of a company, with their place on the ladder.

The unit is the journal item, so an invoice on instalments is chased instalment by instalment. The instalments of
payment plans in force are items too: their amounts are the plans' to keep (`payment_plans`), here they are only read.
Nothing is locked and nothing is written but what collections know of them (`known_items`).
"""

from odoo.tools import SQL

from . import known_items

#: Payment states of an invoice whose money is on its way although its items are still open.
IN_PAYMENT = ("in_payment", "paid", "reversed")

#: Columns of an open item that the books say, and those that the item in collections does.
_OWING = (
    *("line_id", "move_id", "currency_id", "decimal_places", "partner_id", "open_amount", "open_company", "due_date"),
    *("days_past_due", "name", "ref", "instalment", "instalment_count", "no_followup", "blocked", "in_payment"),
    "invoice_policy_id",
)
_PLACE = ("case_id", "delay_days", "level_sequence", "level_id", "level_date")
_FOUND = ("item_id", *_PLACE, "first_seen", "is_unmet", "is_changed")

#: What an item may stand for.
JOURNAL_ITEM, INSTALMENT = "account.move.line", "recobro.payment.plan.installment"


def branches(company):
    """Return the ids of `company` and of all its branches, whoever asks."""
    return tuple(company.sudo().search([("id", "child_of", company.id)]).ids)


def property_sql(env, company, table, field):
    """Return the SQL of a company-dependent `field` of res.partner, as `company` sees it."""
    return env["res.partner"].with_company(company)._field_to_sql(table, field)


def query(env, company, as_of, partner_ids=None):
    """Return the SELECT of the open receivable items of `company`, one row an item.

    `line_id` is the id of the journal item; that of an instalment of a plan is minus the id of the instalment. Amounts
    are what is still due: `open_amount` in the item's currency, `open_company` in the company's. An item is known by
    its journal item, so a new due date changes nothing else. Of an invoice that was set to draft and posted again
    (terms edited) the journal items are others, or other instalments: a mark, or the item that was closed meanwhile,
    tells, and it is found again by its instalment.

    :param partner_ids: commercial entities to look at; all when None.
    """
    found = SQL(", ").join(
        SQL("CASE WHEN again.line_id IS NULL THEN owed.%s ELSE again.%s END AS %s", *[SQL.identifier(name)] * 3)
        for name in _FOUND
    )
    return SQL(
        """
        WITH owed AS MATERIALIZED (%(owed)s),
        again AS (%(again)s)
        SELECT %(owing)s, %(found)s
          FROM owed LEFT JOIN again ON again.line_id = owed.line_id
        """,
        owed=_owed(env, company, as_of, partner_ids),
        again=_again(as_of, SQL("owed")),
        owing=_columns("owed", _OWING),
        found=found,
    )


def fill(env, table, company, as_of, partner_ids=None):
    """Make the temporary `table` (SQL name) with the rows of `query`: the way for a whole ledger."""
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    env.cr.execute(
        SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, _owed(env, company, as_of, partner_ids))
    )
    env.cr.execute(SQL("ANALYZE %s", table))
    env.cr.execute(
        SQL(
            "UPDATE %s owed SET (%s) = ROW(%s) FROM (%s) again WHERE again.line_id = owed.line_id",
            table,
            SQL(", ").join(SQL.identifier(name) for name in _FOUND),
            _columns("again", _FOUND),
            _again(as_of, table),
        )
    )


def _columns(table, names):
    """Return the SQL of some columns of a relation."""
    return SQL(", ").join(SQL.identifier(table, name) for name in names)


def _owed(env, company, as_of, partner_ids):
    """SELECT: the open receivable journal items, each with the item in collections that stands for it.

    `is_changed`: something of them differs from what that item says. An item that asks for the whole of its invoice
    has no siblings, so most need not be numbered.
    """
    env["recobro.mark"]._write_gathered()  # what was edited in this very transaction counts too
    journal_items = _journal_items(env, company, as_of, partner_ids)
    return SQL("%s UNION ALL %s", journal_items, _instalments(company, as_of, partner_ids))


def _count_siblings(which):
    """Return the SQL expression of the number of instalments of the invoice of `line`, settled ones too; at least 1."""
    return SQL(
        """
        CASE WHEN move.move_type = 'entry' OR line.amount_currency = move.amount_total_in_currency_signed THEN 1
             ELSE GREATEST(1, (
                 SELECT COUNT(*) FROM account_move_line sibling
                  WHERE sibling.move_id = line.move_id AND sibling.display_type = 'payment_term' AND %s
             )) END
        """,
        which,
    )


_INSTALMENT = _count_siblings(SQL("(sibling.date_maturity, sibling.id) <= (line.date_maturity, line.id)"))
_INSTALMENT_COUNT = _count_siblings(SQL("TRUE"))
#: Whether something of a journal item differs from what the item `same` says, which stands for it.
_IS_CHANGED = SQL(
    """
    (same.partner_id, same.move_id, same.currency_id, same.due_date, same.amount_open,
     same.amount_open_company, same.instalment, same.instalment_count, same.name)
    IS DISTINCT FROM
    (COALESCE(partner.commercial_partner_id, partner.id), line.move_id, line.currency_id,
     COALESCE(line.date_maturity, line.date), line.amount_residual_currency, line.amount_residual,
     %(instalment)s, %(instalment_count)s, COALESCE(move.name, line.name))
    """,
    instalment=_INSTALMENT,
    instalment_count=_INSTALMENT_COUNT,
)


def _journal_items(env, company, as_of, partner_ids):
    """SELECT: the rows of `_owed` that are journal items."""
    only = SQL("TRUE")
    if partner_ids is not None:
        only = SQL(
            "line.partner_id IN (SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s))", list(partner_ids)
        )
    return SQL(
        """
        SELECT line.id AS line_id, line.move_id, line.currency_id, currency.decimal_places,
               COALESCE(partner.commercial_partner_id, partner.id) AS partner_id,
               line.amount_residual_currency AS open_amount,
               line.amount_residual AS open_company,
               COALESCE(line.date_maturity, line.date) AS due_date,
               %(as_of)s::date - COALESCE(line.date_maturity, line.date) AS days_past_due,
               COALESCE(move.name, line.name) AS name, move.ref,
               %(instalment)s AS instalment, %(instalment_count)s AS instalment_count,
               move.move_type = 'entry' AS is_entry,
               COALESCE(line.no_followup, FALSE) AS no_followup,
               COALESCE(move.payment_state = 'blocked', FALSE) AS blocked,
               COALESCE(move.payment_state = ANY(%(in_payment)s), FALSE) AS in_payment,
               move.recobro_policy_id AS invoice_policy_id,
               same.id AS item_id, %(place)s,
               COALESCE(same.first_seen, %(as_of)s::date) AS first_seen, same.first_seen IS NULL AS is_unmet,
               %(is_changed)s AS is_changed
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN res_partner partner ON partner.id = line.partner_id
          JOIN res_currency currency ON currency.id = line.currency_id
          LEFT JOIN (
               SELECT DISTINCT move_id FROM recobro_mark WHERE move_id IS NOT NULL AND active IS NOT FALSE
               ) redone ON redone.move_id = line.move_id AND move.move_type != 'entry'
          LEFT JOIN recobro_item same
            ON same.res_id = line.id AND same.res_model = 'account.move.line' AND same.state = 'open'
           AND redone.move_id IS NULL
         WHERE line.account_id = ANY(%(accounts)s) AND line.reconciled IS NOT TRUE
           AND line.parent_state = 'posted' AND line.amount_residual > 0
           AND line.company_id IN %(branches)s AND %(only)s
        """,
        as_of=as_of,
        instalment=_INSTALMENT,
        instalment_count=_INSTALMENT_COUNT,
        is_changed=_IS_CHANGED,
        place=_columns("same", _PLACE),
        in_payment=list(IN_PAYMENT),
        accounts=receivable_accounts(env),
        branches=branches(company),
        only=only,
    )


def _instalments(company, as_of, partner_ids):
    """SELECT: the rows of `_owed` that are instalments of plans in force, as the plans keep them."""
    return SQL(
        """
        SELECT -item.res_id, NULL::int, item.currency_id, currency.decimal_places, item.partner_id, item.amount_open,
               item.amount_open_company, item.due_date, %(as_of)s::date - item.due_date, item.name, NULL::varchar,
               item.instalment, item.instalment_count, TRUE, FALSE, FALSE, FALSE, NULL::int,
               item.id, %(place)s, item.first_seen, FALSE, FALSE
          FROM recobro_item item
          JOIN res_currency currency ON currency.id = item.currency_id
         WHERE item.res_model = 'recobro.payment.plan.installment' AND item.state = 'open'
           AND item.company_id = %(company)s AND %(only)s
        """,
        as_of=as_of,
        place=_columns("item", _PLACE),
        company=company.id,
        only=SQL("TRUE") if partner_ids is None else SQL("item.partner_id = ANY(%s)", list(partner_ids)),
    )


def stands_for(item, row):
    """Return the SQL condition that the open `item` (SQL name) stands for a `row` (SQL name) with a `line_id`."""
    return SQL(
        """
        %(item)s.res_id = ABS(%(row)s.line_id) AND %(item)s.state = 'open'
        AND %(item)s.res_model
            = CASE WHEN %(row)s.line_id > 0 THEN 'account.move.line' ELSE 'recobro.payment.plan.installment' END
        """,
        item=item,
        row=row,
    )


def _again(as_of, owed):
    """SELECT: the item of what no open item stands for, but one did before, with the columns `_FOUND`.

    An entry that was settled and is open again, or an invoice whose journal items were made anew. No item stands for
    two: the other journal item is then met for the first time.

    :param owed: SQL name of a relation with the columns of `_owed`.
    """
    return SQL(
        """
        SELECT DISTINCT ON (item_id) line_id, item_id, %(kept)s, first_seen, is_unmet, TRUE AS is_changed
          FROM (
               SELECT DISTINCT ON (found.line_id) found.line_id, known.id AS item_id, %(place)s,
                      COALESCE(known.first_seen, %(as_of)s::date) AS first_seen, known.first_seen IS NULL AS is_unmet
                 FROM (
                      SELECT owed.line_id, closed.id
                        FROM %(owed)s owed
                        JOIN recobro_item closed ON closed.res_id = owed.line_id AND closed.state = 'closed'
                       WHERE owed.item_id IS NULL AND owed.is_entry
                       UNION ALL
                      SELECT owed.line_id, other.id
                        FROM %(owed)s owed
                        JOIN recobro_item other ON other.move_id = owed.move_id AND other.instalment = owed.instalment
                       WHERE owed.item_id IS NULL AND NOT owed.is_entry
                      ) found
                 JOIN recobro_item known ON known.id = found.id AND known.res_model = 'account.move.line'
                ORDER BY found.line_id, known.state DESC, known.id
               ) best
         ORDER BY item_id, line_id
        """,
        kept=_columns("best", _PLACE),
        place=_columns("known", _PLACE),
        as_of=as_of,
        owed=owed,
    )


def receivable_accounts(env):
    """Return the ids of the receivable accounts of all companies.

    As constants in a query they let PostgreSQL foresee how many journal items there are, and use core's partial index.
    """
    rows = env.execute_query(SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'"))
    return [account for (account,) in rows]


def meet(env, company, as_of, partner_ids):
    """Make sure that every open journal item of some customers is known as a `recobro.item`; return them by due date.

    The daily job meets items by itself; a person may record an answer about an invoice of this very day. Instalments
    of plans are not among them: they are an answer themselves.

    :param partner_ids: ids of commercial entities.
    """
    env.flush_all()
    table = SQL.identifier("recobro_tmp_met")
    fill(env, table, company, as_of, partner_ids)
    known_items.save(env, company, table, partner_ids)
    known_items.insert_new(env, company, None, table)
    env["recobro.item"].invalidate_model()
    return of_kind(env, company, partner_ids, JOURNAL_ITEM)


def of_kind(env, company, partner_ids, model):
    """Return the open items of some customers that stand for a `model`, by due date; see `meet`."""
    # sudo: items are the engine's; who may ask was checked by the caller
    items = env["recobro.item"].sudo()
    customers = ("partner_id", "in", list(partner_ids))
    domain = [("company_id", "=", company.id), customers, ("state", "=", "open"), ("res_model", "=", model)]
    return items.search(domain, order="due_date, id")
