"""The cash that is expected, week by week: what customers promised, and for the rest how each of them is used to pay.

Each open amount counts once. What an answer holds comes on the day of the answer: promises, instalments of plans,
payments in hand at maturity; what is disputed, placed or insolvent comes on no day. For the rest its customer's habit
tells: how many days late it paid what it paid in the last twelve months, by amount, of which only what is later than
the item is already counts; moved to its pay days. With fewer than `ENOUGH` payments the whole company's habit stands
for it, and what is later than anybody ever was is expected in no week.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...tools import forecast as formula
from ...tools.pay_days import next_pay_day, parse_pay_days
from .. import open_items
from . import balances, cash_in, paying

#: Weeks ahead that are told, and back at which the forecast is held to account.
WEEKS, LOOKED_BACK = 13, (4, 8, 13)
#: Payments from which a customer has a habit of its own.
ENOUGH = 5
SOURCES = ("promises", "instalments", "in_hand", "habits")

_SOURCE_OF_REASON = {"promise": "promises", "payment_in_hand": "in_hand"}
#: What an answer keeps from being expected by habit. A pause says nothing of the money.
_HELD = ("promise", "plan", "payment_in_hand", "dispute", "placement", "insolvency")
_MODELS = ("recobro.item", "recobro.hold", "recobro.payment.plan.installment", "res.partner")


def weeks(env, company, as_of, weeks=WEEKS):
    """Return what is expected of `company` (a main company) in each of so many weeks after `as_of`, the next one first.

    A list of {"start", "end" (dates), "promises", "instalments", "in_hand", "habits", "total"}, in its currency. What
    an answer said for a day that has passed is expected in the first week. Answers are those in force now.
    """
    balances.flush(env)
    for model in _MODELS:
        env[model].flush_model()
    found = [
        {
            "start": as_of + timedelta(days=7 * number + 1),
            "end": as_of + timedelta(days=7 * number + 7),
            **dict.fromkeys(SOURCES, 0.0),
        }
        for number in range(weeks)
    ]
    for source, day, amount in _answers(env, company, as_of) + [
        ("habits", *row) for row in _habits(env, company, as_of, 7 * weeks, _held(company, as_of))
    ]:
        number = formula.week_of(day, as_of)
        if number < weeks:
            found[number][source] += amount
    return [{**week, "total": sum(week[source] for source in SOURCES)} for week in found]


def error(env, company, as_of):
    """Return {4, 8, 13: {"error", "expected", "came"} or None}: what the forecast of so many weeks ago is worth.

    It is made again of the books as they were then, by habits only, for nobody kept what customers had promised; beside
    it stands the money that came since, week by week, for what was open then. `error` is Σ |expected − came| / Σ came;
    None when nothing came, or nothing could be told.
    """
    balances.flush(env)
    return {number: _error(env, company, as_of - timedelta(days=7 * number), number) for number in LOOKED_BACK}


def _error(env, company, then, number):
    expected, came = [0.0] * number, [0.0] * number
    nothing = SQL("SELECT NULL::int AS partner_id, NULL::int AS late, 0::numeric AS amount WHERE FALSE")
    for weekly, rows in (
        (expected, _habits(env, company, then, 7 * number, nothing)),
        (came, _came(env, company, then, then + timedelta(days=7 * number))),
    ):
        for day, amount in rows:
            week = formula.week_of(day, then)
            if week < number:
                weekly[week] += amount
    share = formula.weighted_error(expected, came) if any(expected) else None
    return None if share is None else {"error": share, "expected": sum(expected), "came": sum(came)}


# -----------------------------------------------------------------------------
# ANSWERS
# -----------------------------------------------------------------------------


def _answers(env, company, as_of):
    """Return [(source, day, amount)] of what answers in force say; one statement."""
    rows = env.execute_query(
        SQL(
            """
            SELECT reason, day, SUM(amount)::float FROM (%(claims)s) claim
             WHERE reason IN %(dated)s GROUP BY 1, 2
             UNION ALL
            SELECT 'plan', due_date, SUM(amount_open_company)::float
              FROM recobro_item
             WHERE res_model = %(instalment)s AND state = 'open' AND company_id = %(company)s
             GROUP BY due_date
            """,
            claims=_claims(company, as_of),
            dated=tuple(_SOURCE_OF_REASON),
            instalment=open_items.INSTALMENT,
            company=company.id,
        )
    )
    return [(_SOURCE_OF_REASON.get(reason, "instalments"), day, amount) for reason, day, amount in rows]


def _claims(company, as_of):
    """SELECT (partner_id, late, reason, day, amount): what answers hold of each item, together never more than it is.

    An amount that several hold is of the one that began first.
    """
    return SQL(
        """
        SELECT partner_id, late, reason, day,
               GREATEST(0, LEAST(claimed, whole - (SUM(claimed) OVER item - claimed))) AS amount
          FROM (
               SELECT item.id AS item_id, answer.id, item.partner_id, %(as_of)s - item.due_date AS late, answer.reason,
                      COALESCE(answer.expected_date, answer.date_until, %(as_of)s) AS day, answer.date_from,
                      item.amount_open_company AS whole,
                      CASE WHEN COALESCE(answer.amount, 0) = 0 OR answer.item_id IS NULL THEN item.amount_open_company
                           ELSE LEAST(answer.amount / NULLIF(item.amount_open, 0), 1) * item.amount_open_company
                      END AS claimed
                 FROM recobro_hold answer
                 JOIN recobro_item item
                   ON item.state = 'open' AND item.res_model = 'account.move.line'
                  AND item.company_id = answer.company_id AND item.partner_id = answer.partner_id
                  AND (answer.item_id IS NULL OR answer.item_id = item.id)
                WHERE answer.active AND answer.company_id = %(company)s AND answer.reason IN %(held)s
                  AND answer.date_from <= %(as_of)s
                  AND (answer.date_until IS NULL OR answer.date_until >= %(as_of)s)
               ) claim
        WINDOW item AS (PARTITION BY item_id ORDER BY date_from, id)
        """,
        as_of=as_of,
        company=company.id,
        held=_HELD,
    )


def _held(company, as_of):
    """SELECT (partner_id, late, amount): what habits have no say in."""
    return SQL("SELECT partner_id, late, SUM(amount) AS amount FROM (%s) claim GROUP BY 1, 2", _claims(company, as_of))


# -----------------------------------------------------------------------------
# HABITS
# -----------------------------------------------------------------------------


#: What is asked of habits, spread over days by them: `own` by each customer's, `shared` by the whole company's.
_SPREAD = SQL(
    """
    known AS (SELECT partner_id FROM paid GROUP BY partner_id HAVING SUM(number) >= %(enough)s),
    own AS (
        SELECT free.partner_id, free.late, paid.days - free.late AS after,
               free.amount * paid.amount
                   / SUM(paid.amount) OVER (PARTITION BY free.partner_id, free.late) AS amount
          FROM free
          JOIN known ON known.partner_id = free.partner_id
          JOIN paid ON paid.partner_id = free.partner_id AND paid.days > free.late
    ),
    rest AS (
        SELECT payer, late, SUM(amount) AS amount
          FROM free
         WHERE NOT EXISTS (SELECT FROM own WHERE (own.partner_id, own.late) = (free.partner_id, free.late))
         GROUP BY payer, late
    ),
    everybody AS (SELECT days, SUM(amount) AS amount FROM paid GROUP BY days),
    shared AS (
        SELECT rest.payer, everybody.days - rest.late AS after,
               rest.amount * everybody.amount
                   / SUM(everybody.amount) OVER (PARTITION BY rest.payer, rest.late) AS amount
          FROM rest JOIN everybody ON everybody.days > rest.late
    )
    """,
    enough=ENOUGH,
)


def _habits(env, company, as_of, horizon, held):
    """Return [(day, amount)] of what is expected by habit until so many days after `as_of`; one statement.

    :param held: SELECT (partner_id, late, amount) of what is not asked of habits.
    """
    rows = env.execute_query(
        SQL(
            """
            WITH paid AS MATERIALIZED (%(paid)s),
            open AS MATERIALIZED (%(open)s),
            free AS MATERIALIZED (%(free)s),
            %(spread)s
            SELECT payer, after, SUM(amount)::float
              FROM (
                   SELECT CASE WHEN COALESCE(partner.recobro_pay_days, '') != '' THEN own.partner_id END AS payer,
                          own.after, own.amount
                     FROM own JOIN res_partner partner ON partner.id = own.partner_id
                   UNION ALL
                   SELECT payer, after, amount FROM shared
                   ) expected
             WHERE after <= %(horizon)s
             GROUP BY payer, after
            """,
            paid=_paid(env, company, as_of),
            open=balances.open_on(env, company, as_of),
            free=_free(held),
            spread=_SPREAD,
            horizon=horizon,
        )
    )
    pay_days = _pay_days(env, {payer for payer, _after, _amount in rows if payer})
    return [(_moved(pay_days.get(payer), as_of + timedelta(days=after)), amount) for payer, after, amount in rows]


def _paid(env, company, as_of):
    """SELECT (partner_id, days, amount, number): how late each customer paid in the twelve months until a day."""
    return SQL(
        """
        SELECT COALESCE(partner.commercial_partner_id, partner.id) AS partner_id,
               part.max_date - COALESCE(item.date_maturity, item.date) AS days,
               SUM(part.amount) AS amount, COUNT(*) AS number
          FROM (%(matched)s) part
          JOIN account_move_line item ON item.id = part.debit_move_id
          JOIN account_move_line money ON money.id = part.credit_move_id
          JOIN res_partner partner ON partner.id = item.partner_id
         WHERE part.max_date <= %(as_of)s AND item.account_id = ANY(%(accounts)s)
           -- Matched in another currency, a part may be nothing in the company's: no payment to be used to
           AND part.amount > 0
           AND item.journal_id != ALL(%(banks)s) AND money.journal_id = ANY(%(banks)s)
         GROUP BY 1, 2
        """,
        matched=paying.matched(company, as_of),
        as_of=as_of,
        accounts=open_items.receivable_accounts(env),
        banks=paying.money_journals(env),
    )


def _free(held):
    """SELECT (partner_id, late, amount, payer): what is asked of habits, from the relation `open`.

    Less what is held, and less credits, which pay the oldest first. `payer`: the customer when it has pay days.
    """
    return SQL(
        """
        SELECT partner_id, late, amount, payer
          FROM (
               SELECT owed.partner_id, owed.late, owed.payer,
                      LEAST(left_over, SUM(left_over) OVER oldest - credit) AS amount
                 FROM (
                      SELECT asked.*, GREATEST(asked.owed - COALESCE(held.amount, 0), 0) AS left_over,
                             SUM(asked.owing_us) OVER (PARTITION BY asked.partner_id) AS credit
                        FROM (
                             SELECT partner.commercial_partner_id AS partner_id, open.days AS late,
                                    COALESCE(SUM(open.amount) FILTER (WHERE open.amount > 0), 0) AS owed,
                                    COALESCE(-SUM(open.amount) FILTER (WHERE open.amount < 0), 0) AS owing_us,
                                    CASE WHEN COALESCE(MAX(payer.recobro_pay_days), '') != ''
                                         THEN partner.commercial_partner_id END AS payer
                               FROM open
                               JOIN res_partner partner ON partner.id = open.partner_id
                               JOIN res_partner payer ON payer.id = partner.commercial_partner_id
                              GROUP BY partner.commercial_partner_id, open.days
                             ) asked
                        LEFT JOIN (%s) held ON held.partner_id = asked.partner_id AND held.late = asked.late
                      ) owed
               WINDOW oldest AS (PARTITION BY owed.partner_id ORDER BY owed.late DESC)
               ) free
         WHERE amount > 0
        """,
        held,
    )


def _pay_days(env, partner_ids):
    """Return {customer: its pay days} of those that have some."""
    # sudo: the days only, which move a sum from one week to another
    partners = env["res.partner"].sudo().browse(sorted(partner_ids)).exists()
    return {partner.id: parse_pay_days(partner.recobro_pay_days) for partner in partners}


def _moved(days, day):
    return next_pay_day(days, day - timedelta(days=1)) if days else day


def _came(env, company, then, until):
    """Return [(day, amount)] of the money matched after a day, until another, with what was open on the first."""
    came = cash_in.matched(env, company, then + timedelta(days=1), until, open_on=then)
    return env.execute_query(SQL("SELECT day, SUM(amount)::float FROM (%s) came GROUP BY 1", came))
