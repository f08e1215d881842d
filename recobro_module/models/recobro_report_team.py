from odoo import fields, models
from odoo.tools import SQL

from ..const import ANSWERS
from ..engine import clock


class RecobroReportTeam(models.Model):
    """Report: what each collector did and what came of it: contacts, promises, money that came in late, open cases.

    A row is one thing that happened on a day. Money is that of the collector who has the customer's case, when it came
    after the due date: what is paid in time nobody collected.
    """

    _name = "recobro.report.team"
    _description = "The team's work"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "user_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    user_id = fields.Many2one("res.users", "Collector", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    case_id = fields.Many2one("recobro.case", readonly=True)
    day = fields.Date(readonly=True)
    what = fields.Selection(
        [
            ("contact", "Contact"),
            ("promise", "Promise"),
            ("money", "Money that came late"),
            ("case", "Open case"),
        ],
        "What happened",
        readonly=True,
    )
    open_cases = fields.Integer("Open cases", readonly=True, aggregator="sum", help="As of today.")
    contacts = fields.Integer(readonly=True, aggregator="sum", help="Calls and messages that a person logged.")
    answered = fields.Integer("Contacts answered", readonly=True, aggregator="sum")
    right_party = fields.Integer(
        "Right-party contacts",
        readonly=True,
        aggregator="sum",
        help="Contacts answered by somebody whose role can act on the payment.",
    )
    # The rates of METRICS.md: each row says yes, no or nothing, and their average is the rate of any group of them
    contact_rate = fields.Float(
        "Contact rate (%)", digits=(5, 1), readonly=True, aggregator="avg", help="Contacts answered / contacts."
    )
    right_party_rate = fields.Float(
        "Right party (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Right-party contacts / contacts answered.",
    )
    promise_rate = fields.Float(
        "Promise rate (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Right-party contacts that ended in a promise / right-party contacts.",
    )
    promises = fields.Integer("Promises taken", readonly=True, aggregator="sum")
    kept = fields.Integer("Promises kept", readonly=True, aggregator="sum")
    collected = fields.Monetary(readonly=True, help="Money on overdue invoices of the collector's customers.")

    @property
    def _table_query(self):
        """Return the report's SELECT: what happened, one below the other.

        Each branch gives its rows ids of its own, by the records that they are of: a row keeps its id, and what is
        asked of the report reaches the branches, for no row has to be numbered among all.
        """
        return SQL(
            """
            SELECT event.source::bigint * 4 + event.branch AS id, event.company_id,
                   company.currency_id, event.user_id, event.partner_id, event.case_id, event.day, event.what,
                   (event.what = 'case')::int AS open_cases, (event.what = 'contact')::int AS contacts,
                   (event.what = 'contact' AND event.is_good)::int AS answered,
                   (event.what = 'contact' AND event.is_good AND event.is_right)::int AS right_party,
                   CASE WHEN event.what = 'contact' THEN 100 * event.is_good::int END AS contact_rate,
                   CASE WHEN event.what = 'contact' AND event.is_good THEN 100 * event.is_right::int
                    END AS right_party_rate,
                   CASE WHEN event.what = 'contact' AND event.is_good AND event.is_right
                        THEN 100 * event.is_promised::int END AS promise_rate,
                   (event.what = 'promise')::int AS promises,
                   (event.what = 'promise' AND event.is_good)::int AS kept, event.collected
              FROM (%(contacts)s UNION ALL %(promises)s UNION ALL %(money)s UNION ALL %(cases)s) event
              JOIN res_company company ON company.id = event.company_id
            """,
            contacts=_contacts(self.env),
            promises=_PROMISES,
            money=_MONEY,
            cases=_cases(self.env),
        )


def _contacts(env):
    return SQL(
        """
        SELECT line.id AS source, 0 AS branch, 'contact' AS what, line.company_id, line.user_id, line.partner_id,
               line.case_id, %(day)s AS day, line.result = ANY(%(answers)s) AS is_good, 0::numeric AS collected,
               EXISTS (
                   SELECT FROM recobro_contact_role_res_partner_rel held
                     JOIN recobro_contact_role role ON role.id = held.role_id
                    WHERE held.partner_id = line.contact_id AND role.can_act
               ) AS is_right, line.result = 'promised' AS is_promised
          FROM recobro_interaction line
          JOIN (%(companies)s) company ON company.id = line.company_id
         WHERE line.is_automatic IS NOT TRUE AND line.placement_id IS NULL AND line.direction = 'out'
           AND line.channel NOT IN ('note', 'portal')
           AND line.result NOT IN ('queued', 'cancelled', 'failed', 'bounced', 'visited', 'downloaded')
           AND NOT EXISTS (SELECT FROM recobro_interaction later WHERE later.corrects_id = line.id)
        """,
        day=clock.day_sql(SQL("line.date"), SQL("company.zone")),
        answers=list(ANSWERS),
        companies=clock.days_of(env),
    )


_PROMISES = SQL(
    """
    SELECT promise.id, 1, 'promise', promise.company_id, promise.user_id, promise.partner_id, promise.case_id,
           promise.made_on, promise.state = 'kept', 0, FALSE, FALSE
      FROM recobro_promise promise
    """
)
_MONEY = SQL(
    """
    SELECT part.id, 2, 'money', collection.company_id, collection.user_id, collection.partner_id, collection.id,
           part.max_date, TRUE, part.amount, FALSE, FALSE
      FROM recobro_item item
      JOIN recobro_case collection ON collection.id = item.case_id
      JOIN account_partial_reconcile part ON part.debit_move_id = item.res_id
      JOIN account_move_line money ON money.id = part.credit_move_id
      JOIN account_journal journal ON journal.id = money.journal_id AND journal.type IN ('bank', 'cash', 'credit')
     WHERE item.res_model = 'account.move.line' AND part.max_date > item.due_date
       AND collection.user_id IS NOT NULL
    """
)


def _cases(env):
    return SQL(
        """
        SELECT collection.id, 3, 'case', collection.company_id, collection.user_id, collection.partner_id,
               collection.id, company.today, TRUE, 0, FALSE, FALSE
          FROM recobro_case collection
          JOIN (%s) company ON company.id = collection.company_id
         WHERE collection.state = 'open' AND collection.user_id IS NOT NULL
        """,
        clock.days_of(env),
    )
