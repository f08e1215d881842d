from odoo import fields, models
from odoo.tools import SQL

from ..const import PLACEMENT_STATES
from ..engine import clock


class RecobroReportPlacement(models.Model):
    """Report: what agencies and lawyers were given, what came in, what it cost, what is left."""

    _name = "recobro.report.placement"
    _description = "Placements and what came back"
    _auto = False
    _order = "placed_on desc, id desc"
    _rec_name = "partner_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    agency_id = fields.Many2one("recobro.agency", "With", readonly=True)
    state = fields.Selection(PLACEMENT_STATES, readonly=True)
    placed_on = fields.Date("Handed over on", readonly=True)
    ended_on = fields.Date("Ended on", readonly=True)
    number = fields.Integer("Placements", readonly=True, aggregator="sum")
    days = fields.Integer("Days with them", readonly=True, aggregator="avg")
    amount = fields.Monetary("Handed over", readonly=True)
    collected = fields.Monetary(readonly=True)
    fee = fields.Monetary("Fee by success", readonly=True)
    cost = fields.Monetary("Costs", readonly=True)
    net_back = fields.Monetary("Net back", readonly=True)

    @property
    def _table_query(self):
        """Return the report's SELECT."""
        return SQL(
            """
            SELECT placement.id, placement.company_id, placement.currency_id, placement.partner_id,
                   placement.agency_id, placement.state, placement.placed_on, placement.ended_on, 1 AS number,
                   COALESCE(placement.ended_on, company.today) - placement.placed_on AS days, placement.amount,
                   placement.amount_collected AS collected, placement.fee, placement.cost,
                   placement.amount_net AS net_back
              FROM recobro_placement placement
              JOIN (%s) company ON company.id = placement.company_id
             WHERE placement.placed_on IS NOT NULL
            """,
            clock.days_of(self.env),
        )
