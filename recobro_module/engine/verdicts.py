"""Step 2. The one verdict: how much of each open item may be asked for today (DESIGN.md, rule 2).

Chaseable = max(0, open − money received and not yet matched − what is held). Asked by planning,
sending, simulation, portal and screens; a bounded number of statements, whatever holds there are.

Money that is not matched yet is taken to pay the oldest items first. It is:
- what is open on the credit side: credit notes, payments that were not allocated;
- bank lines of the customer that are not reconciled, as far as they exceed the payments already
  registered and not yet seen in the bank (those are the same money);
- and an invoice whose payment is on its way counts as paid.
"""

from odoo.tools import SQL

from . import open_items

#: Customers of a batch of messages at most: whose money is looked up one by one.
_FEW = 100


def _money(env, company, partner_ids=None):
    """Return the SELECT (partner_id, credit) of money received and not yet matched, in company currency."""

    def only(source):
        """Return the condition that a row of `source` is about the customers asked for."""
        if partner_ids is None:
            return SQL("TRUE")
        people = SQL("SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)", list(partner_ids))
        if len(partner_ids) <= _FEW:
            # An array, not a join: what is known of these customers is looked up, and nobody else's money is read
            return SQL("%s = ANY(ARRAY(%s))", SQL.identifier(source, "partner_id"), people)
        # Of many, PostgreSQL would go through the array for each row
        return SQL("%s IN (%s)", SQL.identifier(source, "partner_id"), people)

    return SQL(
        """
        SELECT partner_id, SUM(credit) + GREATEST(0, SUM(bank) - SUM(expected)) AS credit
          FROM (
               SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id,
                      -line.amount_residual AS credit, 0 AS bank, 0 AS expected
                 FROM account_move_line line
                 JOIN res_partner partner ON partner.id = line.partner_id
                WHERE line.account_id = ANY(%(accounts)s)
                  AND line.reconciled IS NOT TRUE
                  AND line.parent_state = 'posted'
                  AND line.amount_residual < 0
                  AND line.company_id IN %(branches)s AND %(only_line)s
               UNION ALL
               SELECT COALESCE(partner.commercial_partner_id, partner.id), 0, -suspense.balance, 0
                 FROM account_bank_statement_line bank
                 JOIN account_move move ON move.id = bank.move_id AND move.state = 'posted'
                 JOIN account_journal journal ON journal.id = bank.journal_id
                 JOIN account_move_line suspense
                   ON suspense.move_id = move.id AND suspense.account_id = journal.suspense_account_id
                 JOIN res_partner partner ON partner.id = bank.partner_id
                WHERE bank.is_reconciled IS NOT TRUE
                  AND bank.amount > 0
                  AND bank.company_id IN %(branches)s AND %(only_bank)s
               UNION ALL
               SELECT COALESCE(partner.commercial_partner_id, partner.id),
                      CASE WHEN payment.move_id IS NULL AND payment.state = 'in_process' AND NOT EXISTS (
                               SELECT FROM account_move__account_payment linked WHERE linked.payment_id = payment.id
                           ) THEN payment.amount_company_currency_signed ELSE 0 END,
                      0, payment.amount_company_currency_signed
                 FROM account_payment payment
                 JOIN res_partner partner ON partner.id = payment.partner_id
                WHERE payment.state IN ('in_process', 'paid')
                  AND payment.is_matched IS NOT TRUE
                  AND payment.payment_type = 'inbound'
                  AND payment.partner_type = 'customer'
                  AND payment.company_id IN %(branches)s AND %(only_payment)s
               ) received
         GROUP BY partner_id
        """,
        accounts=open_items.receivable_accounts(env),
        branches=open_items.branches(company),
        only_line=only("line"),
        only_bank=only("bank"),
        only_payment=only("payment"),
    )


def _holds(company, as_of):
    """Return the SELECT (partner_id, item_id, everything, amount, reason, parts) of the holds in force.

    `parts` is a JSON list of {"reason", "amount" (0: all), "reference", "expected"}, one for each hold, oldest first.
    """
    return SQL(
        """
        SELECT partner_id, item_id, bool_or(amount IS NULL OR amount = 0) AS everything, SUM(amount) AS amount,
               MIN(reason) AS reason,
               jsonb_agg(jsonb_build_object('reason', reason, 'amount', COALESCE(amount, 0), 'reference', reference,
                                            'expected', expected_date) ORDER BY date_from, id) AS parts
          FROM recobro_hold
         WHERE active AND company_id = %(company)s
           AND date_from <= %(as_of)s AND (date_until IS NULL OR date_until >= %(as_of)s)
         GROUP BY partner_id, item_id
        """,
        company=company.id,
        as_of=as_of,
    )


def query(env, company, as_of, source, partner_ids=None):
    """Return the SELECT of the verdicts on the open items in `source`, one row an item.

    To the columns of `open_items.query` it adds `held_amount`, `hold_reason`, `hold_parts` (what holds it, see
    `_holds`) and `chased_amount` in the item's currency, `covered_company` and `chased_company` in the company's, the
    customer's `credit`, and `reason`, which says why nothing of it is chased (empty when something is).

    :param source: SQL of a relation with at least `line_id`, `item_id`, `partner_id`, `due_date` and the amounts and
        flags of `open_items.query`; all its columns are passed on, and it is read twice.
    """
    of_payers = SQL(
        "(SELECT * FROM %s paid WHERE partner_id IN (SELECT partner_id FROM money WHERE credit != 0))", source
    )
    return SQL(
        """
        WITH money AS MATERIALIZED (%(money)s),
        holds AS (%(holds)s),
        covered AS (
            SELECT line_id,
                   GREATEST(0, LEAST(free_company, credit - (
                       SUM(free_company) OVER (PARTITION BY partner_id ORDER BY due_date, line_id) - free_company
                   ))) AS amount
              FROM (%(asked_of_payers)s) asked
        ),
        netted AS (
            SELECT asked.*, COALESCE(covered.amount, 0) AS covered_company
              FROM (%(asked)s) asked LEFT JOIN covered ON covered.line_id = asked.line_id
        )
        SELECT netted.*,
               free_company - covered_company AS chased_company,
               CASE WHEN free_company <= 0 THEN 0
                    WHEN covered_company = 0 THEN open_amount - held_amount
                    ELSE ROUND((open_amount - held_amount) * (free_company - covered_company) / free_company,
                               decimal_places)
               END AS chased_amount,
               CASE WHEN no_followup THEN 'no_followup'
                    WHEN blocked THEN 'blocked'
                    WHEN in_payment THEN 'in_payment'
                    WHEN free_company <= 0 THEN 'held'
                    WHEN free_company - covered_company <= 0 THEN 'covered'
               END AS reason
          FROM netted
        """,
        money=_money(env, company, partner_ids),
        holds=_holds(company, as_of),
        asked=_asked(company, source),
        asked_of_payers=_asked(company, of_payers),
    )


def _asked(company, source):
    """SELECT: the open items of `source` with what is left of each after holds (`free_company`), before any money.

    From the relations `money` and `holds` of `query`.
    """
    return SQL(
        """
        SELECT free.*,
               CASE WHEN excluded OR open_amount < 0 THEN 0
                    WHEN hold_parts IS NULL THEN open_company
                    WHEN open_amount = 0 THEN 0
                    ELSE ROUND(open_company * (open_amount - held_amount) / open_amount, %(decimals)s)
               END AS free_company
          FROM (
               SELECT open.*, COALESCE(money.credit, 0) AS credit,
                      COALESCE(own.reason, whole.reason) AS hold_reason,
                      COALESCE(whole.parts, own.parts) AS hold_parts,
                      CASE WHEN whole.partner_id IS NOT NULL OR own.everything THEN open.open_amount
                           ELSE LEAST(open.open_amount, COALESCE(own.amount, 0)) END AS held_amount,
                      open.no_followup OR open.blocked OR open.in_payment AS excluded
                 FROM %(source)s open
                 LEFT JOIN money ON money.partner_id = open.partner_id
                 LEFT JOIN holds own ON own.item_id = open.item_id
                 LEFT JOIN holds whole ON whole.partner_id = open.partner_id AND whole.item_id IS NULL
               ) free
        OFFSET 0  -- a fence: what is computed here is used several times
        """,
        source=source,
        decimals=company.currency_id.decimal_places,
    )


def flush(env):
    """Write to the database what the ORM still keeps back of the tables the verdict reads."""
    for model in (
        "account.move",
        "account.move.line",
        "account.payment",
        "account.bank.statement.line",
        "account.account",
        "account.journal",
        "res.partner",
        "res.currency",
        "recobro.item",
        "recobro.hold",
        "recobro.policy",
        "recobro.level",
        "recobro.level.role",
        "recobro.contact.role",
        "recobro.action",
        "recobro.action.line",
        "recobro.case",
        "recobro.interaction",
    ):
        env[model].flush_model()


def judge(env, company, as_of, partner_ids):
    """Return the verdicts on all open items of some customers, as dicts ordered by customer and due date.

    Nothing is written and no table is made, so it may be asked on a read-only cursor.

    :param partner_ids: ids of commercial entities.
    """
    if not partner_ids:
        return []
    flush(env)
    judged = of_customers(env, company, as_of, partner_ids)
    return env.execute_query_dict(SQL("SELECT * FROM (%s) verdict ORDER BY partner_id, due_date, line_id", judged))


def of_customers(env, company, as_of, partner_ids):
    """Return the SELECT of `query` on all open items of some customers. Call `flush` before it is executed."""
    return SQL(
        "WITH owing AS MATERIALIZED (%s) %s",
        open_items.query(env, company, as_of, partner_ids),
        SQL("SELECT * FROM (%s) verdict", query(env, company, as_of, SQL("owing"), partner_ids)),
    )
