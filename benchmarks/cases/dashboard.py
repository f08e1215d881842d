"""The dashboard's data: of a day that the daily job kept, and of another one, worked out from the books."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

import day
import ledger
from harness import Row, measure, vacuum

SECONDS_KEPT, STATEMENTS, SECONDS_OTHER = 1, 20, 5
#: The goals are for a ledger of this size.
JUDGED_FROM = 1_000_000
MONTHS, DAYS_OF_CUSTOMERS = 24, 90
#: Paid invoices of each customer, so that there were sales and payments in each of the months.
PAID_EACH = 5


def run(bench):
    """A row of the kept day, one of another day, and one of what the page asks for after it is there."""
    with bench.copy(bench.addon, "dashboard") as name, bench.open(name) as env:
        from odoo.addons.recobro_module.engine import clock

        ledger.seed(env, bench.customers, bench.items_each, PAID_EACH)
        env.ref("recobro_module.policy_default").action_switch_on()
        company = env.company.root_id
        env = env(context={**env.context, "recobro_as_of": clock.lived(ledger.DAY)})
        _live(env, company)
        _keep_the_past(env, company)
        model = env["recobro.dashboard"]
        other = (ledger.DAY - timedelta(days=DAYS_OF_CUSTOMERS + 10)).isoformat()
        yield _row(bench, env, "dashboard: a day that was kept", model.get_data, {}, SECONDS_KEPT, STATEMENTS)
        yield _row(
            bench, env, "dashboard: another day, from the books", model.get_data, {"as_of": other}, SECONDS_OTHER
        )
        yield _row(bench, env, "dashboard: forecast and costs, after the page", model.get_later, {})


def _live(env, company):
    """Decide the day, have it gone out, and keep its figures as the daily job does."""
    from odoo.addons.recobro_module.engine import snapshot

    day.decide(env, company, ledger.DAY)
    day.commit(env)
    day.deliver_all(env, ledger.DAY)
    snapshot.take(env, company, ledger.DAY)
    day.commit(env)


def _keep_the_past(env, company):
    """Let the day's balances have been kept on each day of 24 months, those of customers on 90 days and month ends."""
    ends = [ledger.DAY.replace(day=1) - relativedelta(months=months, days=1) for months in range(MONTHS)]
    lately = [ledger.DAY - timedelta(days=number) for number in range(1, DAYS_OF_CUSTOMERS)]
    for table in ("recobro_snapshot", "recobro_customer_snapshot"):
        env.cr.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attname NOT IN ('id', 'day')",
            [table],
        )
        names = ", ".join(f'"{name}"' for (name,) in env.cr.fetchall())
        env.cr.execute(
            f"INSERT INTO {table} (day, {names}) SELECT past.day, {names} FROM {table} kept,"
            " unnest(%s::date[]) AS past(day) WHERE kept.company_id = %s AND kept.day = %s ON CONFLICT DO NOTHING",
            [sorted({*ends, *lately}), company.id, ledger.DAY],
        )
    day.commit(env)
    vacuum(env, "recobro_snapshot", "recobro_customer_snapshot", analyze=True)


def _row(bench, env, case, function, filters, most_seconds=None, most_statements=None):
    """The row of a call that the page makes, from an empty cache of the ORM."""
    seconds, statements = measure(lambda: function(filters), bench.repeats, env, env.invalidate_all)
    row = Row.of(case, bench.items, seconds, statements)
    if most_seconds:
        row.goal = f"≤ {most_seconds} s" + (f" and ≤ {most_statements} statements" if most_statements else "")
        kept = row.median_s <= most_seconds and (not most_statements or statements <= most_statements)
        row.met = kept if bench.items >= JUDGED_FROM else None
    return row
