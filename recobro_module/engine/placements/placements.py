"""Placements, settled: the money they brought in, what is over, what they hold, and who is told.

Each day for the company, and within a minute for the customers whose account changed. The number of statements depends
neither on the customers nor on the placements.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...const import PLACEMENTS_JUDGED
from .. import looked_at, open_items
from . import holds, legal_file, placement_alerts, placement_money


def settle(env, company, as_of, partner_ids=None):
    """Give the placements of `company` the money that came for them, and end those that are over on `as_of`.

    :param partner_ids: commercial entities to look at; when None those with a placement that is out, one that ended in
        the last months, or a mark.
    """
    env.flush_all()
    env["recobro.mark"]._write_gathered()
    customers = _customers(env, company, as_of, partner_ids)
    if not customers:
        return
    if partner_ids is None:
        legal_file.keep_asked(env, company)
    open_items.meet(env, company, as_of, customers)
    rows = placement_money.read(env, company, customers)
    placement_money.fill_up(env, company, rows)
    _write_money(env, company, rows)
    _judge(rows, as_of)
    _follow(env, rows, as_of)


def _customers(env, company, as_of, partner_ids):
    since = as_of - timedelta(days=looked_at.LOOKED_AT_DAYS)
    changing = SQL("(state = 'placed' OR ended_on >= %s)", since)
    judged = SQL("state IN %s", PLACEMENTS_JUDGED)
    return looked_at.customers(env, company, "recobro_placement", judged, changing, partner_ids)


def _write_money(env, company, rows):
    """Write what the lines collected and what it costs, where that changed."""
    lines = env["recobro.placement.line"].sudo()
    changed = {
        line["id"]: line["now"]
        for row in rows
        for line in row["lines"]
        if line["currency"].compare_amounts(line["now"][0], line["was"][0])
        or any(
            company.currency_id.compare_amounts(*pair) for pair in zip(line["now"][1:], line["was"][1:], strict=True)
        )
    }
    for line in lines.browse(changed):
        collected, collected_company, fee = changed[line.id]
        line.write({"collected": collected, "collected_company": collected_company, "fee": fee})
    env.flush_all()


def _judge(rows, as_of):
    """Add to each row the state that the money and the day make of it (`target`)."""
    with_somebody = {row["partner_id"] for row in rows if row["state"] == "placed"}
    for row in rows:
        row["target"] = row["state"]
        if row["state"] not in ("placed", "finished") or row["is_by_person"]:
            continue
        if _is_complete(row):
            row["target"] = "finished"
        elif as_of > row["until"] or (row["state"] == "finished" and row["partner_id"] in with_somebody):
            row["target"] = "returned"
        else:
            row["target"] = "placed"


def _is_complete(row):
    """Return whether nothing more is expected: each item is paid, or closed in the books."""

    def is_over(line):
        settled = line["currency"].compare_amounts(line["open"], 0) <= 0 and not line["is_away"]
        return settled or line["currency"].compare_amounts(line["now"][0], line["amount"]) >= 0

    return all(is_over(line) for line in row["lines"])


def _follow(env, rows, as_of):
    """Let the states, the holds, the log and the alerts follow from what was judged."""
    records = env["recobro.placement"].sudo().with_context(tracking_disable=True)

    def turning(target):
        return records.browse([row["id"] for row in rows if row["target"] == target != row["state"]])

    finished, returned, revived = turning("finished"), turning("returned"), turning("placed")
    finished._update_state(("placed",), "finished", ended_on=as_of)
    for record in returned:
        record._update_state(("placed", "finished"), "returned", ended_on=record.until)
    for record in revived:
        case = env["recobro.case"].sudo()._open_for(record.partner_id, record.company_id)
        record._update_state(("finished",), "placed", ended_on=False, case_id=case.id)
    holds.hold(records.browse([row["id"] for row in rows if row["target"] == "placed"]))
    holds.release(finished | returned)
    placement_alerts.over(returned)
    placement_alerts.log(
        finished, "taken_back", lambda one: env._("All that was with %(agency)s is settled", agency=one.agency_id.name)
    )
    placement_alerts.log(
        returned, "taken_back", lambda one: env._("The time of %(agency)s is over", agency=one.agency_id.name)
    )
    placement_alerts.log(
        revived,
        "handed_over",
        lambda one: env._("A payment was undone: with %(agency)s again", agency=one.agency_id.name),
    )
