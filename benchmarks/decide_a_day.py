"""How long a company's day takes to decide: seconds and SQL statements of each step, by size of the ledger.

    PYTHONPATH=<Odoo's source> python benchmarks/decide_a_day.py --config odoo.conf --database DB \
        [--customers 2000] [--items 5]

The database has recobro_module and a chart of accounts; use a copy. One customer and one invoice are made by Odoo and
cloned by SQL, with due dates from 99 days ago to 20 days ahead. All is done in one transaction that is rolled back.
The first day meets every item for the first time; the next day finds them in collections already. Delivery of the
messages is not measured: nothing is rendered or sent. Times are of one run, with the database's cache warm from the
seeding.
"""

import argparse
import json
import time
from collections import defaultdict
from contextlib import contextmanager
from datetime import date, timedelta
from unittest.mock import patch

MONDAY = date(2026, 3, 2)
TABLES = {"res_partner": "res.partner", "account_move": "account.move", "account_move_line": "account.move.line"}
STEPS = ("open items", "verdicts", "planning", "saving")


def parse_arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="Odoo's configuration file")
    parser.add_argument("--database", required=True, help="a database with the module and a chart of accounts")
    parser.add_argument("--customers", type=int, default=2000)
    parser.add_argument("--items", type=int, default=5, help="open invoices of each customer")
    return parser.parse_args()


def open_database(config_path, database):
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    quiet = ["--no-http", "--log-level=warn", "--log-handler=py.warnings:ERROR"]
    config.parse_config(["-c", config_path, "-d", database, *quiet], setup_logging=True)
    return api.Environment(Registry(database).cursor(), SUPERUSER_ID, {})


def make_invoice(env):
    """Make one customer with one posted invoice, as Odoo does, and return the invoice."""
    from odoo import Command

    customer = env["res.partner"].create({"name": "Bench", "is_company": True, "email": "bench@customer.example"})
    line = Command.create({"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": []})
    days = {"invoice_date": MONDAY - timedelta(days=120), "invoice_date_due": MONDAY, "invoice_payment_term_id": False}
    invoice = env["account.move"].create(
        {"move_type": "out_invoice", "partner_id": customer.id, "invoice_line_ids": [line], **days}
    )
    invoice.action_post()
    env.flush_all()
    return invoice


def clone(env, table, source_id, number, **changed):
    """Insert copies of a row and return the id of the first; `changed` are SQL expressions of `n`, from 0 on."""
    env.cr.execute(f"SELECT max(id) + 1 FROM {table}")
    [first] = env.cr.fetchone()
    names = [name for name, field in env[TABLES[table]]._fields.items() if field.store and field.column_type]
    changed = {"id": "own_id", **changed}
    values = ", ".join(changed.get(name, f'source."{name}"') for name in names)
    env.cr.execute(
        f"""INSERT INTO {table} ({", ".join(f'"{name}"' for name in names)}) SELECT {values} FROM {table} source,
            LATERAL (SELECT n, {first} + n AS own_id FROM generate_series(0, {number - 1}) n) WHERE source.id = %s""",
        [source_id],
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")
    return first


def seed(env, customers, items):
    """Clone one customer and its invoice: `customers` times `items` open invoices."""
    invoice, number = make_invoice(env), customers * items
    email = "'bench' || n || '@customer.example'"
    of_partner = {"commercial_partner_id": "own_id", "email": email, "email_normalized": email}
    partner = f"{clone(env, 'res_partner', invoice.partner_id.id, customers, **of_partner)} + n / {items}"
    due = f"DATE '{MONDAY}' + 20 - n * 7 %% 120"
    copied = {"partner_id": partner, "commercial_partner_id": partner, "partner_shipping_id": partner}
    named = {"name": "'BENCH/' || n", "sequence_number": "n", "invoice_date_due": due}
    move = clone(env, "account_move", invoice.id, number, **copied, **named)
    for line in invoice.line_ids:
        of_line = {"move_id": f"{move} + n", "move_name": "'BENCH/' || n", "date_maturity": due, "partner_id": partner}
        of_line = of_line if line.date_maturity else {**of_line, "date_maturity": "NULL"}
        clone(env, "account_move_line", line.id, number, **of_line)
    env.invalidate_all()
    env.cr.execute(f"ANALYZE {', '.join(TABLES)}")


def live(env, day):
    """Decide a day and return its figures; the tables are analyzed first, as autovacuum does overnight."""
    from odoo.addons.recobro_module.engine import planning, saving

    figures = defaultdict(lambda: {"seconds": 0, "statements": 0})

    @contextmanager
    def measured(step):
        start, count = time.monotonic(), env.cr.sql_log_count
        yield
        figures[step]["seconds"] += time.monotonic() - start
        figures[step]["statements"] += env.cr.sql_log_count - count

    materialize = planning._materialize
    names = {planning.OPEN: STEPS[0], planning.VERDICT: STEPS[1]}

    def materialize_measured(env, table, select):
        with measured(names.get(table, "other tables")):
            materialize(env, table, select)

    env.cr.execute("ANALYZE recobro_item, recobro_case, recobro_action, recobro_action_line")
    run = env["recobro.run"]._start(env.company.root_id, day, "manual")
    with patch.object(planning, "_materialize", materialize_measured), measured("plan"):
        plan = planning.plan(env, run.company_id, day)
    with measured("saving"):
        saving.save(env, plan, run)
        env.flush_all()
    whole = figures["plan"]
    figures["planning"] = {key: whole[key] - figures[STEPS[0]][key] - figures[STEPS[1]][key] for key in whole}
    steps = {step: {key: round(value, 2) for key, value in figures[step].items()} for step in STEPS}
    return {"steps": steps, "messages": plan.messages, "tasks": plan.tasks, "left_out": plan.left_out}


def main():
    """Seed, live two days, print, roll back."""
    arguments = parse_arguments()
    env = open_database(arguments.config, arguments.database)
    try:
        env.company.root_id.partner_id.email = "billing@seller.example"
        env.ref("recobro_module.policy_default").action_switch_on()
        seed(env, arguments.customers, arguments.items)
        days = {name: live(env, day) for name, day in (("first day", MONDAY), ("next day", MONDAY + timedelta(days=1)))}
    finally:
        env.cr.rollback()
        env.cr.close()
    print(f"{arguments.customers} customers x {arguments.items} open invoices")
    print(f"{'':<12}{'step':<12}{'seconds':>9}{'statements':>12}")
    for name, day in days.items():
        for step, figures in day["steps"].items():
            print(f"{name:<12}{step:<12}{figures['seconds']:>9.2f}{figures['statements']:>12}")
    print(json.dumps({"customers": arguments.customers, "items": arguments.items, **days}))


if __name__ == "__main__":
    main()
