from odoo import fields, models
from odoo.tools import SQL

from ..const import ACTION_KINDS, ACTION_STATES, ANSWERS, NO_ANSWERS, STAGES
from ..engine import clock

#: Days within which an answer or money is put down to an action.
WITHIN_DAYS = 7


class RecobroReportAction(models.Model):
    """Report: what was done, and what came of it within seven days, by level, channel, template and weekday.

    Whatever came in those days is put down to it: of two actions within a week to both. What was lately done has not
    had its days yet, and `is_judged` tells it.
    """

    _name = "recobro.report.action"
    _description = "Actions and what came of them"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    case_id = fields.Many2one("recobro.case", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    policy_id = fields.Many2one("recobro.policy", readonly=True)
    level_id = fields.Many2one("recobro.level", readonly=True)
    stage = fields.Selection(STAGES, readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env["recobro.level"]._fields["channel"]._description_selection(self.env),
        readonly=True,
    )
    kind = fields.Selection(ACTION_KINDS, "Type", readonly=True)
    template_id = fields.Many2one("mail.template", "Written with", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    day = fields.Date(readonly=True)
    weekday = fields.Selection(
        [
            ("1", "Monday"),
            ("2", "Tuesday"),
            ("3", "Wednesday"),
            ("4", "Thursday"),
            ("5", "Friday"),
            ("6", "Saturday"),
            ("7", "Sunday"),
        ],
        readonly=True,
    )
    state = fields.Selection(ACTION_STATES, readonly=True)
    is_judged = fields.Boolean("Seven days have passed", readonly=True)
    number = fields.Integer("Actions", readonly=True, aggregator="sum")
    done = fields.Integer(readonly=True, aggregator="sum")
    amount = fields.Monetary("Balance then", readonly=True, help="All that the customer owed, net of credits.")
    answered = fields.Integer("Answered within 7 days", readonly=True, aggregator="sum")
    answer_rate = fields.Float("Answered (%)", digits=(5, 1), readonly=True, aggregator="avg")
    paid = fields.Integer("Paid something within 7 days", readonly=True, aggregator="sum")
    paid_rate = fields.Float("Paid something (%)", digits=(5, 1), readonly=True, aggregator="avg")
    amount_paid = fields.Monetary(
        "Paid of it within 7 days", readonly=True, help="Money on the invoices that the action was about."
    )

    @property
    def _table_query(self):
        """Return the report's SELECT. What came of an action is asked for once, and only where it is shown."""
        return SQL(
            """
            SELECT report.*, 1 AS number, (state = 'done')::int AS done,
                   CASE WHEN is_judged THEN has_answer::int END AS answered,
                   CASE WHEN is_judged THEN 100 * has_answer::int END AS answer_rate,
                   CASE WHEN is_judged THEN (amount_paid > 0)::int END AS paid,
                   CASE WHEN is_judged THEN 100 * (amount_paid > 0)::int END AS paid_rate
              FROM (
                   SELECT action.id, action.company_id, company.currency_id, action.case_id, action.partner_id,
                          action.policy_id, action.level_id, level.stage, action.channel, action.kind,
                          action.template_id, COALESCE(action.user_id, collection.user_id) AS user_id,
                          action.day, EXTRACT(ISODOW FROM action.day)::int::text AS weekday, action.state,
                          action.amount,
                          action.state = 'done' AND action.day < company.today - %(days)s AS is_judged,
                          (%(answers)s) AS has_answer, (%(money)s) AS amount_paid
                     FROM recobro_action action
                     JOIN (%(companies)s) company ON company.id = action.company_id
                     LEFT JOIN recobro_case collection ON collection.id = action.case_id
                     LEFT JOIN recobro_level level ON level.id = action.level_id
                   ) report
            """,
            days=WITHIN_DAYS,
            answers=_ANSWERED,
            money=_PAID,
            companies=clock.days_of(self.env),
        )


#: Whether the customer of `action` answered in the days after it.
_ANSWERED = SQL(
    """
    EXISTS (
        SELECT FROM recobro_interaction line
         WHERE line.case_id = action.case_id AND line.is_automatic IS NOT TRUE
           AND line.date >= %(begin)s AND line.date < %(end)s
           AND (line.result = ANY(%(answers)s) OR line.direction = 'in' AND line.result != ALL(%(no_answers)s))
    )
    """,
    begin=clock.begin_sql(SQL("action.day"), SQL("company.zone")),
    end=clock.begin_sql(SQL("(action.day + %s)", WITHIN_DAYS + 1), SQL("company.zone")),
    answers=list(ANSWERS),
    no_answers=list(NO_ANSWERS),
)
#: What of the invoices of `action` was paid in money in the days after it.
_PAID = SQL(
    """
    SELECT COALESCE(SUM(part.amount), 0)
      FROM recobro_action_line line
      JOIN recobro_item item ON item.id = line.item_id AND item.res_model = 'account.move.line'
      JOIN account_partial_reconcile part ON part.debit_move_id = item.res_id
      JOIN account_move_line money ON money.id = part.credit_move_id
      JOIN account_journal journal ON journal.id = money.journal_id AND journal.type IN ('bank', 'cash', 'credit')
     WHERE line.action_id = action.id AND line.state = 'done'
       AND part.max_date > action.day AND part.max_date <= action.day + %(days)s
    """,
    days=WITHIN_DAYS,
)
