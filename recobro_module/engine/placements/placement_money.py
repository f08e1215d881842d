"""The money of placements: what came for which item while it was with whom, read anew from the reconciliations."""

from odoo.tools import SQL

from ...const import PLACEMENTS_JUDGED
from ...tools.placed_money import Received, Share, attribute
from .. import matched_money

#: States in which the placement had a last day: later money is not its own.
_ENDED = ("returned", "recalled")


def read(env, company, customers):
    """Return the placements of some customers, as dicts in the order they were made, with their `lines`.

    Of each line, `open` is what the books say is open of its item; `is_away`: its invoice is a draft for a while.
    """
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT placement.id, placement.partner_id, placement.state, placement.placed_on, placement.until,
                   placement.ended_on, placement.end_reason IS NOT NULL AS is_by_person,
                   jsonb_agg(jsonb_build_object(
                       'id', line.id, 'item', line.item_id, 'amount', line.amount, 'rate', COALESCE(line.rate, 0),
                       'before', line.matched_before, 'currency', line.currency_id,
                       'was', jsonb_build_array(COALESCE(line.collected, 0), COALESCE(line.collected_company, 0),
                                                COALESCE(line.fee, 0)),
                       'open', CASE WHEN owed.parent_state = 'posted' THEN owed.amount_residual_currency ELSE 0 END,
                       'is_away', COALESCE(move.state = 'draft', FALSE)
                   ) ORDER BY line.id) AS lines
              FROM recobro_placement placement
              JOIN recobro_placement_line line ON line.placement_id = placement.id
              JOIN recobro_item item ON item.id = line.item_id
              LEFT JOIN account_move_line owed ON owed.id = item.res_id
              LEFT JOIN account_move move ON move.id = item.move_id
             WHERE placement.company_id = %(company)s AND placement.partner_id = ANY(%(customers)s)
               AND placement.state IN %(judged)s
             GROUP BY placement.id
             ORDER BY placement.placed_on, placement.id
            """,
            company=company.id,
            customers=customers,
            judged=PLACEMENTS_JUDGED,
        )
    )
    for row in rows:
        for line in row["lines"]:
            line["before"] = {int(payment): amount for payment, amount in (line["before"] or {}).items()}
            line["currency"] = env["res.currency"].browse(line["currency"])
    return rows


def fill_up(env, company, rows):
    """Add to each line of the placements of `read` what was collected for it and the fee: `now`, as in `was`."""
    shares = [
        Share(
            line["id"],
            line["item"],
            line["amount"],
            row["placed_on"],
            row["ended_on"] if row["state"] in _ENDED or row["is_by_person"] else None,
            line["before"],
        )
        for row in rows
        for line in row["lines"]
    ]
    collected = attribute(shares, _received(env, {share.item for share in shares}))
    here = company.currency_id
    for row in rows:
        for line in row["lines"]:
            amount, amount_company = collected[line["id"]]
            amount_company = here.round(amount_company)
            line["now"] = (line["currency"].round(amount), amount_company, here.round(amount_company * line["rate"]))


def _received(env, item_ids):
    """Return {item id: {id of the entry of a payment: `Received`}} of what is matched with some items now.

    Money of a bank, cash or card journal, as for promises: a credit note or a write-off brings nothing in.
    """
    matched = {}
    for item, payment, day, amount, amount_company in matched_money.read(env, item_ids):
        matched.setdefault(item, {})[payment] = Received(day, float(amount), float(amount_company))
    return matched
