"""What a day makes of payment plans, written: amounts and states of the instalments, of the plans, and the log.

Only what changed is written, in a few statements however many plans there are.
"""

from odoo.tools import SQL, format_date

from ...const import PLAN_JUDGED
from . import plan_alerts

#: Columns of an instalment that follow from the money, with their type, by the name of each in `now`.
_KEPT = {
    "reduced": ("amount_reduced", SQL("numeric")),
    "paid": ("amount_paid", SQL("numeric")),
    "left": ("amount_left", SQL("numeric")),
    "complete_on": ("paid_on", SQL("date")),
    "missed_on": ("missed_on", SQL("date")),
    "state": ("state", SQL("varchar")),
}
#: What of `now` has another name in the instalment as it was read.
_BEFORE = {"complete_on": "paid_on"}


def write(env, as_of, rows):
    """Write what `payment_plans` found out about some plans; a plan that broke leaves a line in the log."""
    _write_instalments(env, rows)
    _write_plans(env, rows)
    plans = env["recobro.payment.plan"].sudo().with_context(tracking_disable=True)
    moved = {}
    for row in rows:
        if row["target"] != row["state"]:
            moved.setdefault((row["target"], _why(env, row)), []).append(row["id"])
    broken = plans
    for (target, why), ids in moved.items():
        ended = {"ended_on": as_of if why else False, "end_reason": why}
        changed = plans.browse(ids)._update_state(PLAN_JUDGED, target, **ended)
        broken |= changed if target == "broken" else plans
    env["recobro.interaction"]._log([_log_values(env, plan) for plan in broken])


def _why(env, row):
    """Return why a plan has ended; False of one that is in force again."""
    if row["target"] == "active":
        return False
    if row["target"] == "broken":
        return env._("Instalments were not paid in time.")
    agreed = sum(one["amount"] for one in row["instalments"])
    if row["currency"].compare_amounts(row["paid"], agreed) < 0:
        return env._("Nothing is left to pay.")
    return env._("Everything was paid.")


def _log_values(env, plan):
    missed = plan.installment_ids.filtered("missed_on")[-1:]
    values = {"plan": plan.name, "number": missed.number, "day": format_date(env, missed.due_date)}
    if missed.paid_on:
        summary = env._("%(plan)s is broken: instalment %(number)s, due on %(day)s, was paid late", **values)
    else:
        summary = env._("%(plan)s is broken: instalment %(number)s, due on %(day)s, was missed", **values)
    return plan_alerts.log_values(plan, "noted", summary, channel="note", is_automatic=True)


def _write_instalments(env, rows):
    changed = [
        (one["id"], *(one["now"][name] for name in _KEPT))
        for row in rows
        for one in row["instalments"]
        if any(one["now"][name] != one[_BEFORE.get(name, name)] for name in _KEPT)
    ]
    if not changed:
        return
    ids, *values = (list(column) for column in zip(*changed, strict=True))
    columns = [SQL.identifier(column) for column, _type in _KEPT.values()]
    arrays = [SQL("%s::%s[]", value, kind) for value, (_column, kind) in zip(values, _KEPT.values(), strict=True)]
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_payment_plan_installment one SET (%(columns)s) = ROW(%(now)s)
              FROM unnest(%(ids)s::int[], %(arrays)s) AS now(id, %(columns)s)
             WHERE one.id = now.id
            """,
            columns=SQL(", ").join(columns),
            now=SQL(", ").join(SQL("now.%s", column) for column in columns),
            ids=ids,
            arrays=SQL(", ").join(arrays),
        )
    )
    env["recobro.payment.plan.installment"].invalidate_model([column for column, _type in _KEPT.values()])


def _write_plans(env, rows):
    changed = []
    for row in rows:
        next_day = None
        if row["target"] == "active":
            next_day = min((one["due_date"] for one in row["instalments"] if one["now"]["left"]), default=None)
        now = (row["paid"], len(row["missed"]), next_day)
        if now != (row["paid_amount"], row["missed_count"], row["next_date"]):
            changed.append((row["id"], *now))
    if not changed:
        return
    env.cr.execute(
        SQL(
            """
            UPDATE recobro_payment_plan plan
               SET paid_amount = now.paid, missed_count = now.missed, next_date = now.next_date
              FROM unnest(%s::int[], %s::numeric[], %s::int[], %s::date[]) AS now(id, paid, missed, next_date)
             WHERE plan.id = now.id
            """,
            *[list(column) for column in zip(*changed, strict=True)],
        )
    )
    env["recobro.payment.plan"].invalidate_model(["paid_amount", "missed_count", "next_date"])
