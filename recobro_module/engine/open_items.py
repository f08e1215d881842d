"""Step 1. What is open: the receivable journal items of a company, with their place on the ladder.

The unit is the journal item, so an invoice on instalments is chased instalment by instalment.
Nothing is locked and nothing but `recobro_item` is written.
"""

from odoo.tools import SQL

#: Payment states of an invoice whose money is on its way although its items are still open.
_IN_PAYMENT = ("in_payment", "paid", "reversed")

#: What an item keeps of its own, besides the day it was met.
_PLACE = ("case_id", "delay_days", "level_sequence", "level_id", "level_date")

#: For a few customers: a row that another transaction was faster to write makes this one begin anew by itself
#: (a serialization failure). For a whole ledger the question costs a third of the row; there the run begins anew when
#: the unique index refuses.
UNLESS_KNOWN = SQL("ON CONFLICT DO NOTHING")


def branches(company):
    """Return the ids of `company` and of all its branches, whoever asks."""
    return tuple(company.sudo().search([("id", "child_of", company.id)]).ids)


def property_sql(env, company, table, field):
    """Return the SQL of a company-dependent `field` of res.partner, as `company` sees it."""
    return env["res.partner"].with_company(company)._field_to_sql(table, field)


def query(env, company, as_of, partner_ids=None):
    """Return the SELECT of the open receivable items of `company`, one row an item.

    Amounts are what is still due: `open_amount` in the item's currency, `open_company` in the
    company's. An item is known by its journal item, so a new due date changes nothing else. Of an invoice that was set
    to draft and posted again (terms edited) the journal items are others, or other instalments: a mark, or the item
    that was closed meanwhile, tells, and it is found again by its instalment.

    :param partner_ids: commercial entities to look at; all when None.
    """
    env["recobro.mark"]._write_gathered()  # what was edited in this very transaction counts too
    kept = SQL(", ").join(
        SQL("COALESCE(again.%s, owed.%s) AS %s", *[SQL.identifier(name)] * 3) for name in ("item_id", *_PLACE)
    )
    return SQL(
        """
        WITH owed AS MATERIALIZED (%(owed)s),
        numbered AS (%(numbered)s),
        again AS (%(again)s)
        SELECT owed.line_id, owed.move_id, owed.currency_id, owed.decimal_places, owed.partner_id, owed.open_amount,
               owed.open_company, owed.due_date, %(as_of)s::date - owed.due_date AS days_past_due, owed.name, owed.ref,
               COALESCE(numbered.instalment, 1) AS instalment,
               COALESCE(numbered.instalment_count, 1) AS instalment_count,
               owed.no_followup, owed.blocked, owed.in_payment, owed.invoice_policy_id, %(kept)s,
               COALESCE(again.first_seen, owed.first_seen, %(as_of)s::date) AS first_seen,
               COALESCE(again.first_seen, owed.first_seen) IS NULL AS is_unmet,
               again.item_id IS NOT NULL OR owed.is_changed
               OR owed.known_instalment IS DISTINCT FROM COALESCE(numbered.instalment, 1)
               OR owed.known_count IS DISTINCT FROM COALESCE(numbered.instalment_count, 1) AS is_changed
          FROM owed
          LEFT JOIN numbered ON numbered.line_id = owed.line_id
          LEFT JOIN again ON again.line_id = owed.line_id
        """,
        owed=_owed(env, company, partner_ids),
        numbered=_NUMBERED,
        again=_again(),
        kept=kept,
        as_of=as_of,
    )


def _owed(env, company, partner_ids):
    """SELECT: the open receivable journal items, each with the item in collections that stands for it.

    `is_changed` tells whether something of them differs from what that item says (its instalment is in `known_…`),
    `is_part` tells those that ask for a part of their invoice: only these have to be numbered.
    """
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
               COALESCE(move.name, line.name) AS name, move.ref,
               move.move_type = 'entry' AS is_entry,
               move.move_type != 'entry' AND line.amount_currency != move.amount_total_in_currency_signed AS is_part,
               COALESCE(line.no_followup, FALSE) AS no_followup,
               COALESCE(move.payment_state = 'blocked', FALSE) AS blocked,
               COALESCE(move.payment_state = ANY(%(in_payment)s), FALSE) AS in_payment,
               move.recobro_policy_id AS invoice_policy_id,
               same.id AS item_id, same.first_seen, %(place)s,
               same.instalment AS known_instalment, same.instalment_count AS known_count,
               (same.move_id, same.partner_id, same.currency_id, same.due_date, same.amount_open,
                same.amount_open_company, same.name)
               IS DISTINCT FROM
               (line.move_id, COALESCE(partner.commercial_partner_id, partner.id), line.currency_id,
                COALESCE(line.date_maturity, line.date), line.amount_residual_currency, line.amount_residual,
                COALESCE(move.name, line.name)) AS is_changed
          FROM account_move_line line
          JOIN account_move move ON move.id = line.move_id
          JOIN res_partner partner ON partner.id = line.partner_id
          JOIN res_currency currency ON currency.id = line.currency_id
          LEFT JOIN (
               SELECT DISTINCT move_id FROM recobro_mark WHERE move_id IS NOT NULL
               ) redone ON redone.move_id = line.move_id AND move.move_type != 'entry'
          LEFT JOIN recobro_item same
            ON same.res_id = line.id AND same.res_model = 'account.move.line' AND same.state = 'open'
           AND redone.move_id IS NULL
         WHERE line.account_id = ANY(%(accounts)s)
           AND line.reconciled IS NOT TRUE
           AND line.parent_state = 'posted'
           AND line.amount_residual > 0
           AND line.company_id IN %(branches)s
           AND %(only)s
        """,
        accounts=receivable_accounts(env),
        place=_place("same"),
        in_payment=list(_IN_PAYMENT),
        branches=branches(company),
        only=only,
    )


#: Which instalment of its invoice an open item is, settled ones counted, for those that are a part of one.
_NUMBERED = SQL(
    """
    SELECT sibling.id AS line_id,
           ROW_NUMBER() OVER (PARTITION BY sibling.move_id ORDER BY sibling.date_maturity, sibling.id) AS instalment,
           COUNT(*) OVER (PARTITION BY sibling.move_id) AS instalment_count
      FROM account_move_line sibling
     WHERE sibling.display_type = 'payment_term'
       AND sibling.move_id IN (SELECT move_id FROM owed WHERE is_part)
    """
)


def _again():
    """SELECT: the item of what no open item stands for, but one did before.

    An entry that was settled and is open again, or an invoice whose journal items were made anew.
    """
    return SQL(
        """
        SELECT DISTINCT ON (found.line_id) found.line_id, known.id AS item_id, known.first_seen, %(place)s
          FROM (
               SELECT owed.line_id, closed.id
                 FROM owed
                 JOIN recobro_item closed ON closed.res_id = owed.line_id AND closed.state = 'closed'
                WHERE owed.item_id IS NULL AND owed.is_entry
               UNION ALL
               SELECT owed.line_id, other.id
                 FROM owed
                 LEFT JOIN numbered ON numbered.line_id = owed.line_id
                 JOIN recobro_item other
                   ON other.move_id = owed.move_id AND other.instalment = COALESCE(numbered.instalment, 1)
                WHERE owed.item_id IS NULL AND NOT owed.is_entry
               ) found
          JOIN recobro_item known ON known.id = found.id AND known.res_model = 'account.move.line'
         ORDER BY found.line_id, known.state DESC, known.id
        """,
        place=_place("known"),
    )


def _place(table):
    """Return the SQL columns of an item's place on the ladder."""
    return SQL(", ").join(SQL.identifier(table, name) for name in _PLACE)


def receivable_accounts(env):
    """Return the ids of the receivable accounts of all companies.

    As constants in a query they let PostgreSQL foresee how many journal items there are, and use core's partial index.
    """
    rows = env.execute_query(SQL("SELECT id FROM account_account WHERE account_type = 'asset_receivable'"))
    return [account for (account,) in rows]


def save(env, company, source, partner_ids=None):
    """Write into `recobro_item` what changed of the items it knows, and the end of those that are settled.

    :param source: SQL name of a table with the columns of `query`.
    :param partner_ids: the customers that `source` is about; all when None.
    """
    only = SQL("TRUE") if partner_ids is None else SQL("item.partner_id = ANY(%s)", list(partner_ids))
    # Let go of the old names first: terms that were edited may give one item the journal item of another
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item SET res_id = -item.id
              FROM %(source)s open
             WHERE open.is_changed AND open.item_id = item.id AND item.res_id != open.line_id
            """,
            source=source,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item
               SET res_id = open.line_id, move_id = open.move_id, partner_id = open.partner_id, name = open.name,
                   instalment = open.instalment, instalment_count = open.instalment_count,
                   due_date = open.due_date, currency_id = open.currency_id, state = 'open',
                   amount_open = open.open_amount, amount_open_company = open.open_company
              FROM %(source)s open
             WHERE open.is_changed AND open.item_id = item.id
            """,
            source=source,
        )
    )
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item
               SET state = 'closed', amount_open = 0, amount_open_company = 0
             WHERE item.state = 'open' AND item.company_id = %(company)s
               AND item.res_model = 'account.move.line'
               AND %(only)s
               AND item.id NOT IN (SELECT open.item_id FROM %(source)s open WHERE open.item_id IS NOT NULL)
            """,
            source=source,
            company=company.id,
            only=only,
        )
    )


def insert_new(env, company, as_of, source, unless_known=UNLESS_KNOWN):
    """Insert the items of `source` (columns of `query`) that collections meets for the first time.

    An item that an answer made known before is met by the run now.

    :param as_of: the day of the run that meets them; None when it is not a run, which will meet them later.
    :param unless_known: what to do about a row that another transaction was faster to write, see `UNLESS_KNOWN`.
    """
    env.cr.execute(
        SQL(
            """
            INSERT INTO recobro_item (company_id, partner_id, res_model, res_id, move_id, name, instalment,
                                      instalment_count, due_date, first_seen, currency_id, amount_open,
                                      amount_open_company, state)
            SELECT %(company)s, partner_id, 'account.move.line', line_id, move_id, name, instalment,
                   instalment_count, due_date, %(as_of)s::date, currency_id, open_amount,
                   open_company, 'open'
              FROM %(source)s
             WHERE item_id IS NULL
                %(unless_known)s
            """,
            source=source,
            company=company.id,
            as_of=as_of,
            unless_known=unless_known,
        )
    )
    if as_of:
        env.cr.execute(
            SQL(
                """
                UPDATE recobro_item item SET first_seen = %(as_of)s
                  FROM %(source)s open
                 WHERE open.is_unmet AND open.item_id = item.id AND item.first_seen IS NULL
                """,
                source=source,
                as_of=as_of,
            )
        )


def meet(env, company, as_of, partner_ids):
    """Make sure that every open item of some customers is known as a `recobro.item`; return them by due date.

    The daily job meets items by itself; a person may record an answer about an invoice of this very day.

    :param partner_ids: ids of commercial entities.
    """
    env.flush_all()
    table = SQL.identifier("recobro_tmp_met")
    env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
    env.cr.execute(
        SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query(env, company, as_of, partner_ids))
    )
    save(env, company, table, partner_ids)
    insert_new(env, company, None, table)
    items = env["recobro.item"].sudo()  # sudo: items are the engine's; who may ask was checked by the caller
    items.invalidate_model()
    return items.search(
        [("company_id", "=", company.id), ("partner_id", "in", list(partner_ids)), ("state", "=", "open")],
        order="due_date, id",
    )
