"""Step 1, kept: what collections know of each open item, in `recobro_item`. What the books say of it comes along."""

from odoo.tools import SQL

#: For a few customers: a row that another transaction was faster to write makes this one begin anew by itself
#: (a serialization failure). For a whole ledger the question costs a third of the row; there the run begins anew when
#: the unique index refuses.
UNLESS_KNOWN = SQL("ON CONFLICT DO NOTHING")


def save(env, company, source, partner_ids=None):
    """Write into `recobro_item` what changed of the items it knows, and the end of those that are settled.

    :param source: SQL name of a table with the columns of `open_items.query`.
    :param partner_ids: the customers that `source` is about; all when None.
    """
    only = SQL("TRUE") if partner_ids is None else SQL("item.partner_id = ANY(%s)", list(partner_ids))
    [(is_changed,)] = env.execute_query(
        SQL("SELECT COALESCE(bool_or(is_changed AND item_id IS NOT NULL), FALSE) FROM %s open", source)
    )
    if is_changed:
        _save_changes(env, source)
    # Where as many are known to be open as are open, none has to be looked for that was settled
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_item item
               SET state = 'closed', amount_open = 0, amount_open_company = 0
             WHERE item.state = 'open' AND item.company_id = %(company)s
               AND item.res_model = 'account.move.line'
               AND %(only)s
               AND (SELECT COUNT(*) FROM recobro_item item
                     WHERE item.state = 'open' AND item.company_id = %(company)s
                       AND item.res_model = 'account.move.line' AND %(only)s)
                   != (SELECT COUNT(open.item_id) FROM %(source)s open WHERE open.line_id > 0)
               AND item.id NOT IN (SELECT open.item_id FROM %(source)s open WHERE open.item_id IS NOT NULL)
            """,
            source=source,
            company=company.id,
            only=only,
        )
    )


def _save_changes(env, source):
    """Write into `recobro_item` what changed of the items that are still open."""
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


def insert_new(env, company, as_of, source, unless_known=UNLESS_KNOWN):
    """Insert the items of `source` (columns of `open_items.query`) that collections meets for the first time.

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
              FROM %(source)s open
             WHERE open.item_id IS NULL
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
