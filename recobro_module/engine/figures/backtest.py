"""The chances of recovery held to account: fitted on what was known on a past day, judged by what came after it.

On the day of the cut the chances are worked out as each night, of what had entered by then and had had its time to be
paid, with the grades that customers had then, and the causes known then. What became late between the cut and today, so
long ago that its time has passed too, is predicted by them. Beside it stands the naive forecast: the one share of all.
"""

from datetime import timedelta

from odoo.tools import SQL

from ...tools import backtest as formula
from ...tools import recovery as rates_of
from .. import open_items
from . import cohorts, recovery

#: Days of entries that are predicted at most, up to the last that had their time to be paid, and at least.
JUDGED_DAYS, LEAST_DAYS = 180, 30


def backtest(env, company, as_of):
    """Return how good the chances of `company` (a main company) were; nothing that is kept is read. Three statements.

    {"cut" (the day), "n" (entries judged), "amount", "brier", "brier_naive", "calibration" (by tenths, see
    `tools.backtest`), "buckets" ({bucket: {"predicted", "paid", "number"}})}; None where there was too little to fit
    on, or nothing to judge. A Brier score below the naive one says that the cohorts know something.
    """
    for model in recovery.READ:
        env[model].flush_model()
    last = recovery.last(as_of)
    cut = _cut(env, company, last)
    if cut is None:
        return None
    customers = cohorts.customers_then(env, company, cut)
    select = cohorts.query(env, company, recovery.since(cut), recovery.last(cut), customers)
    found = rates_of.rates(recovery.numbers(env, select))
    if not found:
        return None
    entries = {
        (bucket, segment, cause): numbers
        for bucket, segment, cause, *numbers in env.execute_query(cohorts.query(env, company, cut, last, customers))
        if cause is not None
    }
    if not entries:
        return None
    naive = found[None, None, None].rate
    judged = {key: formula.Judged(rates_of.rate_of(found, *key).rate, *numbers) for key, numbers in entries.items()}
    rows = list(judged.values())
    return {
        "cut": cut,
        "n": sum(row.number for row in rows),
        "amount": sum(row.amount for row in rows),
        "brier": formula.brier(rows),
        "brier_naive": formula.brier([formula.Judged(naive, *numbers) for numbers in entries.values()]),
        "calibration": formula.calibration(rows),
        "buckets": {
            bucket: _together([row for key, row in judged.items() if key[0] == bucket])
            for bucket in sorted({key[0] for key in judged})
        },
    }


def _cut(env, company, last):
    """Return the day of the cut: half a year before the last entry, sooner where there is less to fit on than to judge.

    None when the books have not begun long enough before.
    """
    [(first,)] = env.execute_query(
        SQL(
            """
            SELECT MIN(date) FROM account_move_line
             WHERE account_id = ANY(%s) AND parent_state = 'posted' AND company_id IN %s
            """,
            open_items.receivable_accounts(env),
            open_items.branches(company),
        )
    )
    if first is None:
        return None
    days = min(JUDGED_DAYS, ((last - first).days - cohorts.HORIZON_DAYS) // 2)
    return last - timedelta(days=days) if days >= LEAST_DAYS else None


def _together(rows):
    """Return what was predicted and what came of some rows, as shares of the amount."""
    amount = sum(row.amount for row in rows)
    return {
        "predicted": sum(row.predicted * row.amount for row in rows) / amount,
        "paid": sum(row.paid for row in rows) / amount,
        "number": sum(row.number for row in rows),
    }
