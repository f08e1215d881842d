from odoo import fields, models
from odoo.tools import SQL

from ..const import DEPARTMENTS, DISPUTE_RESOLUTIONS
from ..engine import clock
from ..engine.figures import exposure


class RecobroReportDispute(models.Model):
    """Report: disputes, how long they took and how they ended, by reason and department."""

    _name = "recobro.report.dispute"
    _description = "Disputes and how they ended"
    _auto = False
    _order = "opened_on desc, id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    reason_id = fields.Many2one("recobro.dispute.reason", readonly=True)
    department = fields.Selection(DEPARTMENTS, readonly=True)
    resolution = fields.Selection(DISPUTE_RESOLUTIONS, readonly=True)
    opened_on = fields.Date("Opened on", readonly=True)
    closed_on = fields.Date("Closed on", readonly=True)
    number = fields.Integer("Disputes", readonly=True, aggregator="sum")
    still_open = fields.Integer("Still open", readonly=True, aggregator="sum")
    amount = fields.Monetary(readonly=True)
    cycle_hours = fields.Float("Cycle time (hours)", digits=(16, 1), readonly=True, aggregator="avg")
    raw_hours = fields.Float("Time open (hours)", digits=(16, 1), readonly=True, aggregator="avg")
    in_time_rate = fields.Float(
        "Within the SLA (%)",
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="Of those that are closed, and those that are open and past it.",
    )

    @property
    def _table_query(self):
        """Return the report's SELECT."""
        return SQL(
            """
            SELECT dispute.id, dispute.company_id, company.currency_id, dispute.partner_id, dispute.user_id,
                   dispute.reason_id, dispute.department, dispute.resolution, %(opened_on)s AS opened_on,
                   dispute.closed_on, 1 AS number, (dispute.kind != 'final')::int AS still_open,
                   dispute.amount_company AS amount,
                   CASE WHEN dispute.kind = 'final' THEN dispute.cycle_hours END AS cycle_hours,
                   CASE WHEN dispute.kind = 'final' THEN dispute.raw_hours END AS raw_hours,
                   CASE WHEN dispute.kind = 'final'
                        THEN 100 * (dispute.cycle_hours <= dispute.sla_hours + 1.0 / 3600)::int
                        WHEN %(is_late)s THEN 0 END AS in_time_rate
              FROM recobro_dispute dispute
              JOIN (%(companies)s) company ON company.id = dispute.company_id
             WHERE dispute.partner_id IS NOT NULL
            """,
            opened_on=clock.day_sql(SQL("dispute.opened_at"), SQL("company.zone")),
            is_late=exposure.past_sla(SQL("dispute"), clock.moment(self.env)),
            companies=clock.days_of(self.env),
        )
