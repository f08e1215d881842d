"""What agencies and lawyers brought back in a period, and what that cost: net back, side by side (METRICS.md)."""

from odoo.tools import SQL

from ...const import PLACEMENTS_JUDGED
from . import scope as scopes


def read(env, look):
    """Return a list of `id`, `name`, `kind`, `number`, `placed`, `collected`, `fee`, `cost`, `net`, the best net first.

    Of the placements that were with them in the period of a `Scope`, whole, with all that came of them until now.
    `before` is the net of those that were with them in the period before, None when there were none: what was with
    them in both counts in both. One statement.
    """
    scopes.flush(env, "recobro.placement", "recobro.agency")
    return env.execute_query_dict(
        SQL(
            """
            WITH placement AS (
                SELECT placement.*, scope.rate,
                       placed_on <= %(as_of)s AND (ended_on IS NULL OR ended_on > %(since)s) AS is_now,
                       placed_on <= %(since)s AND (ended_on IS NULL OR ended_on > %(before)s) AS is_before
                  FROM recobro_placement placement
                  JOIN %(scope)s ON scope.company_id = placement.company_id
                 WHERE placement.state IN %(states)s AND %(customers)s
            )
            SELECT agency.id, agency.name, agency.kind, COUNT(*) FILTER (WHERE is_now) AS number,
                   SUM(placement.amount * rate) FILTER (WHERE is_now)::float AS placed,
                   SUM(placement.amount_collected * rate) FILTER (WHERE is_now)::float AS collected,
                   SUM(placement.fee * rate) FILTER (WHERE is_now)::float AS fee,
                   SUM(placement.cost * rate) FILTER (WHERE is_now)::float AS cost,
                   SUM(placement.amount_net * rate) FILTER (WHERE is_now)::float AS net,
                   SUM(placement.amount_net * rate) FILTER (WHERE is_before)::float AS before
              FROM placement
              JOIN recobro_agency agency ON agency.id = placement.agency_id
             GROUP BY agency.id
            HAVING COUNT(*) FILTER (WHERE is_now) > 0
             ORDER BY net DESC, agency.id
            """,
            scope=look.rows,
            states=PLACEMENTS_JUDGED,
            as_of=look.as_of,
            since=look.since,
            before=look.before,
            customers=look.customers(SQL("placement.partner_id")),
        )
    )
