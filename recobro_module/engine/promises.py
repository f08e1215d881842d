"""Promises to pay, judged: the money they received, their verdicts, what they hold, and who is told (DESIGN.md).

Reading is by SQL, the money is allotted in memory (`tools/promises.py`), and writing is in batches: the number of
statements depends neither on the customers nor on the promises.
"""

from datetime import timedelta

from odoo.tools import SQL

from ..const import PROMISE_VERDICTS
from ..tools.promises import Promise, allot, verdict
from . import holding, looked_at, matched_money, open_items, policies, promise_alerts
from .plans import instalment_money

#: States of a promise that money can still change.
JUDGED = ("open", *PROMISE_VERDICTS)


def settle(env, company, as_of, partner_ids=None):
    """Give the promises of `company` the verdict that the money of today makes of them.

    :param partner_ids: commercial entities to look at; when None those with an open promise, a verdict of the last
        months or a mark.
    """
    env.flush_all()
    env["recobro.mark"]._write_gathered()
    customers = _customers(env, company, as_of, partner_ids)
    if not customers:
        return
    items = open_items.meet(env, company, as_of, customers)
    items |= open_items.of_kind(env, company, customers, open_items.INSTALMENT)
    rows = _read(env, company, customers)
    _judge(env, company, as_of, rows)
    changed = _write(env, as_of, rows)
    _hold(env, company, as_of, rows, items)
    count_broken(env, company, customers)
    promise_alerts.tell(env, company, as_of, rows, changed)


def _customers(env, company, as_of, partner_ids):
    """Return the ids of the customers whose promises are looked at."""
    since = as_of - timedelta(days=looked_at.LOOKED_AT_DAYS)
    changing = SQL("(state = 'open' OR verdict_date >= %s)", since)
    return looked_at.customers(env, company, "recobro_promise", SQL("state IN %s", JUDGED), changing, partner_ids)


def _read(env, company, customers):
    """Return the promises that money can change, as dicts in the order they were made; `before` says on which items."""
    rows = env.execute_query_dict(
        SQL(
            """
            SELECT promise.id, promise.partner_id, promise.currency_id, promise.case_id, promise.state,
                   promise.amount, promise.date, promise.deadline, promise.verdict_date,
                   COALESCE(promise.received_amount, 0) AS received_amount,
                   jsonb_agg(jsonb_build_array(line.item_id, line.matched_before)) AS lines
              FROM recobro_promise promise
              JOIN recobro_promise_line line ON line.promise_id = promise.id
             WHERE promise.company_id = %(company)s AND promise.partner_id = ANY(%(customers)s)
               AND promise.state IN %(judged)s
             GROUP BY promise.id
             ORDER BY promise.made_on, promise.id
            """,
            company=company.id,
            customers=customers,
            judged=JUDGED,
        )
    )
    for row in rows:
        row["before"] = {
            item: {int(payment): amount for payment, amount in (before or {}).items()}
            for item, before in row.pop("lines")
        }
        row["currency"] = env["res.currency"].browse(row["currency_id"])
    return rows


def money_of(env, item_ids):
    """Return what `matched_money.of` does, with the money of the instalments of plans among the items."""
    # sudo: items and plans are the engine's; who may ask was checked by the caller
    items = env["recobro.item"].sudo().browse(item_ids)
    planned = items.filtered(lambda item: item.res_model == open_items.INSTALMENT)
    return {**matched_money.of(env, items.ids), **(instalment_money.of(planned) if planned else {})}


def _judge(env, company, as_of, rows):
    """Add to each row what it received (`received`) and the state that makes of it (`target`)."""
    matched = money_of(env, {item for row in rows for item in row["before"]})
    received = allot([Promise(row["id"], row["amount"], row["deadline"], row["before"]) for row in rows], matched)
    bank_day = policies.last_bank_day(env, company)
    rules = policies.of_customers(env, company, {row["partner_id"] for row in rows})
    default = env["recobro.policy"].sudo().new({})
    for row in rows:
        row["received"] = row["currency"].round(received[row["id"]])
        row["target"] = verdict(
            row["state"],
            row["amount"],
            row["received"],
            row["deadline"],
            as_of,
            bank_day,
            rules.get(row["partner_id"], default).promise_bank_wait_days,
            row["currency"].rounding,
        )


def _write(env, as_of, rows):
    """Write what the promises received, and their new states; return the rows whose state changed."""
    promises = env["recobro.promise"].sudo().with_context(tracking_disable=True)
    received, verdicts_given, changed = {}, {}, []
    for row in rows:
        if row["target"] != row["state"]:
            verdicts_given.setdefault((row["target"], row["received"]), []).append(row["id"])
            changed.append(row)
        elif row["currency"].compare_amounts(row["received"], row["received_amount"]):
            received.setdefault(row["received"], []).append(row["id"])
    for (target, amount), ids in verdicts_given.items():
        day = as_of if target in PROMISE_VERDICTS else False
        promises.browse(ids)._update_state(JUDGED, target, received_amount=amount, verdict_date=day)
    for amount, ids in received.items():
        promises.browse(ids).write({"received_amount": amount})
    return changed


# -- what they hold -----------------------------------------------------------


def _hold(env, company, as_of, rows, items):
    """Let each open promise hold what is still missing of it, and the others nothing.

    Only what changes is placed: a hold that is placed leaves a mark, and the mark brings the customer here again.
    """
    known = holding.holds_on(env, company, as_of, {item for row in rows for item in row["before"]})
    placed = _held_by_promises(known)
    free = holding.free_amounts(items, [hold for hold in known if hold["source_model"] != "recobro.promise"])
    records = {item.id: item for item in items}
    oldest_first = {item: place for place, item in enumerate(free)}
    wanted = {}
    for row in rows:
        parts = {}
        if row["target"] == "open":
            still_open = sorted(records.keys() & row["before"].keys(), key=oldest_first.get)
            room = {item: free[item] for item in still_open}
            parts = holding.spread(room, row["amount"] - row["received"])
            parts = {item: row["currency"].round(part) for item, part in parts.items()}
            for item, part in parts.items():
                free[item] -= part
        if _differs(row["currency"], parts, placed.get(row["id"], {})):
            promise = env["recobro.promise"].sudo().browse(row["id"])
            wanted[promise] = {records[item]: {"amount": part} for item, part in parts.items() if part}
    holding.place(wanted)


def _held_by_promises(holds):
    placed = {}
    for hold in holds:
        if hold["source_model"] == "recobro.promise":
            placed.setdefault(hold["source_id"], {})[hold["item_id"]] = hold["amount"]
    return placed


def _differs(currency, parts, placed):
    return parts.keys() != placed.keys() or any(
        currency.compare_amounts(part, placed[item]) for item, part in parts.items()
    )


def count_broken(env, company, partner_ids=None):
    """Keep on the cases of some customers (all when None) how many of their promises are broken."""
    env["recobro.promise"].flush_model()
    env["recobro.case"].flush_model()
    env.cr.execute(
        SQL(
            """
            WITH counted AS (
                SELECT known.id, COUNT(promise.id) AS number
                  FROM recobro_case known
                  LEFT JOIN recobro_promise promise
                    ON promise.partner_id = known.partner_id AND promise.company_id = known.company_id
                   AND promise.state = 'broken'
                 WHERE known.company_id = %(company)s AND %(only)s
                 GROUP BY known.id
            )
            UPDATE recobro_case collection SET broken_promise_count = counted.number
              FROM counted
             WHERE counted.id = collection.id AND COALESCE(collection.broken_promise_count, 0) != counted.number
            """,
            company=company.id,
            only=SQL("TRUE") if partner_ids is None else SQL("known.partner_id = ANY(%s)", list(partner_ids)),
        )
    )
    env["recobro.case"].invalidate_model(["broken_promise_count"])
