"""What agencies and lawyers brought back in a period, and what that cost: net back, side by side (METRICS.md)."""

from odoo.tools import SQL

from ...const import PLACEMENTS_JUDGED
from . import scope as scopes


def read(env, look):
    """Return a list of `id`, `name`, `kind`, `number`, `placed`, `collected`, `fee`, `cost`, `net`, the best net first.

    Of the placements that were with them in the period of a `Scope`, whole, with all that came of them until now.
    One statement.
    """
    scopes.flush(env, "recobro.placement", "recobro.agency")
    return env.execute_query_dict(
        SQL(
            """
            SELECT agency.id, agency.name, agency.kind, COUNT(*) AS number,
                   SUM(placement.amount * scope.rate)::float AS placed,
                   SUM(placement.amount_collected * scope.rate)::float AS collected,
                   SUM(placement.fee * scope.rate)::float AS fee, SUM(placement.cost * scope.rate)::float AS cost,
                   SUM(placement.amount_net * scope.rate)::float AS net
              FROM recobro_placement placement
              JOIN recobro_agency agency ON agency.id = placement.agency_id
              JOIN %s ON scope.company_id = placement.company_id
             WHERE placement.state IN %s AND placement.placed_on <= %s
               AND (placement.ended_on IS NULL OR placement.ended_on > %s) AND %s
             GROUP BY agency.id
             ORDER BY net DESC, agency.id
            """,
            look.rows,
            PLACEMENTS_JUDGED,
            look.as_of,
            look.since,
            look.customers(SQL("placement.partner_id")),
        )
    )
