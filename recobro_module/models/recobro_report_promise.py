from odoo import fields, models
from odoo.tools import SQL

from ..const import PROMISE_STATES, PROMISE_VERDICTS


class RecobroReportPromise(models.Model):
    """Report: promises, and how they were kept, by amount and by count (METRICS.md)."""

    _name = "recobro.report.promise"
    _description = "Promises and how they were kept"
    _auto = False
    _order = "deadline desc, id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Taken by", readonly=True)
    grade_id = fields.Many2one("recobro.grade", readonly=True)
    made_on = fields.Date("Made on", readonly=True)
    deadline = fields.Date("To be paid by", readonly=True)
    state = fields.Selection(PROMISE_STATES, readonly=True)
    number = fields.Integer("Promises", readonly=True, aggregator="sum")
    kept_rate = fields.Float(
        "Kept (%)", digits=(5, 1), readonly=True, aggregator="avg", help="Of those that were judged, by count."
    )
    # No aggregator of their own: pivots ask for the sum in the company's currency too, where there are several
    amount = fields.Monetary("Promised", readonly=True)
    received = fields.Monetary(readonly=True, help="Not more than was promised.")

    @property
    def _table_query(self):
        """Return the report's SELECT."""
        return SQL(
            """
            SELECT promise.id, promise.company_id, promise.currency_id, promise.partner_id, promise.user_id,
                   figure.grade_id, promise.made_on, promise.deadline, promise.state, 1 AS number, promise.amount,
                   CASE WHEN promise.state IN %(verdicts)s THEN 100 * (promise.state = 'kept')::int END AS kept_rate,
                   LEAST(promise.received_amount, promise.amount) AS received
              FROM recobro_promise promise
              LEFT JOIN recobro_customer_figure figure
                ON figure.partner_id = promise.partner_id AND figure.company_id = promise.company_id
            """,
            verdicts=PROMISE_VERDICTS,
        )
