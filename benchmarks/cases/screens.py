"""Opening screens: what the browser reads of a case, an invoice, a customer, and of lists of 80, as a collector.

A screen of Odoo's own is read with the addon's fields and without, in turns, in one database. No screen may ask the
database once for each record: as many statements for 80 as for 8.
"""

import gc
import statistics
import time

import day
import ledger
from harness import Row
from reading import Screen

LIMIT = 1.1
FEW, MANY = 8, 80
#: Customers who dispute an invoice: one of so many.
DISPUTED_EACH = 8
OWED = [("move_type", "=", "out_invoice"), ("state", "=", "posted"), ("amount_residual", ">", 0)]
#: How often each screen is opened, for each repeat of the benchmarks.
OPENED = 20
#: Name, model, view; of a list the domain of its menu.
FORMS = (
    ("open a case", "recobro.case", None),
    ("open an invoice", "account.move", "account.view_move_form"),
    ("open a disputed invoice", "account.move", "account.view_move_form"),
    ("open a customer", "res.partner", "base.view_partner_form"),
)
LISTS = (
    ("list of 80 cases", "recobro.case", None, [("state", "=", "open")]),
    ("list of 80 invoices", "account.move", "account.view_out_invoice_tree", [("move_type", "=", "out_invoice")]),
    ("list of 80 customers", "res.partner", "base.view_partner_tree", [("is_company", "=", True)]),
    ("list of 80 open items", "recobro.open.item", None, []),
)
#: What Odoo alone does not show at all has nothing to be compared with.
ONLY_OURS = ("open a case", "open a disputed invoice")


def run(bench):
    """A row for each screen."""
    with bench.copy(bench.addon, "screens") as database, bench.open(database) as env:
        customers = live(env, max(bench.customers, MANY), bench.items_each)
        times = bench.repeats * OPENED
        for name, model, view in FORMS:
            yield _row(bench, name, *_measure_form(collector(env), name, model, view, customers, times))
        for name, model, view, domain in LISTS:
            yield _row(bench, name, *_measure_list(collector(env), model, view, domain, times))


def live(env, customers, items_each):
    """Live a day of collections: messages have gone out, some invoices are disputed; return the ids of customers."""
    company = day.begin(env, customers, items_each)
    day.decide(env, company, ledger.DAY)
    day.deliver_all(env, ledger.DAY)
    chased = env["recobro.case"].search([("state", "=", "open")], limit=MANY, order="id").partner_id
    reason = env.ref("recobro_module.dispute_reason_price")
    for customer in chased[::DISPUTED_EACH]:
        owed = env["account.move"].search([("partner_id", "=", customer.id), *OWED], limit=1)
        amounts = {owed: owed.amount_residual / 2}
        env["recobro.dispute"]._open_ticket(customer, company, amounts, reason_id=reason.id)
    day.commit(env)
    return chased.ids


def collector(env):
    """The environment of a collector who is an accountant too."""
    groups = ("recobro_module.group_recobro_manager", "account.group_account_manager", "base.group_partner_manager")
    login = "collector"
    user = env["res.users"].search([("login", "=", login)]) or env["res.users"].create(
        {"name": "Collector", "login": login, "group_ids": [(4, env.ref(name).id) for name in groups]}
    )
    return env(user=user.id, context={"lang": "en_US"})


def _measure_form(env, name, model, view, customers, times):
    """Return {with the addon's fields: seconds of each opening}, and the statements of one."""
    screen = Screen(env[model], "form", view)
    ids = _ids(env, name, model, customers)
    kinds = (True,) if name in ONLY_OURS else (True, False)
    seconds = _in_turns(lambda turn, kind: screen.open(ids[turn % len(ids)], kind), kinds, times)
    return seconds, [_statements(env, lambda: screen.open(ids[0]))]


def _measure_list(env, model, view, domain, times):
    """Return {with the addon's fields: seconds of each reading}, and the statements for few records and for many."""
    screen = Screen(env[model], "list", view)
    kinds = (True,) if model.startswith("recobro") else (True, False)
    seconds = _in_turns(lambda _turn, kind: screen.list(domain, MANY, kind), kinds, times)
    return seconds, [_statements(env, lambda number=number: screen.list(domain, number)) for number in (FEW, MANY)]


def _in_turns(read, kinds, times):
    """Read with the addon's fields and without in turns, `times` times each; return {kind: seconds}."""
    seconds = {kind: [] for kind in kinds}
    for turn in range(-2, times):
        for kind in kinds if turn % 2 else reversed(kinds):
            gc.collect(0)
            start = time.perf_counter()
            read(turn, kind)
            if turn >= 0:  # the first ones warm up
                seconds[kind].append(time.perf_counter() - start)
    return seconds


def _ids(env, name, model, customers):
    """The ids of records to open: of customers who owe something."""
    domain = [("id" if model == "res.partner" else "partner_id", "in", list(customers[:MANY]))]
    found = env[model].search(domain + OWED if model == "account.move" else domain)
    if model == "account.move":
        found = found.filtered(lambda invoice: bool(invoice.recobro_dispute_ids) == (name in ONLY_OURS))
    assert found, f"nothing to open for “{name}”"
    return found[:MANY].ids


def _statements(env, read):
    """How many statements a reading takes, when it is not the first."""
    read()
    before = env.cr.sql_log_count
    read()
    return env.cr.sql_log_count - before


def _row(bench, name, seconds, statements):
    """The row of one screen: [statements] of a form, [for few records, for many] of a list."""
    goals, met, notes = [], [], []
    if False in seconds:
        ratio = statistics.median(seconds[True]) / statistics.median(seconds[False])
        goals.append(f"≤ {LIMIT} × without the addon's fields")
        met.append(ratio <= LIMIT)
        notes.append(f"{ratio:.3f} × without the addon's fields")
    if len(statements) > 1:
        goals.append("no query per record")
        met.append(statements[-1] <= statements[0])
        notes.append(f"{statements[0]} statements for {FEW} records, {statements[-1]} for {MANY}")
    more = {"goal": ", ".join(goals), "met": all(met) if met else None, "note": "; ".join(notes)}
    return Row.of(name, bench.items, seconds[True], statements[-1], **more)
