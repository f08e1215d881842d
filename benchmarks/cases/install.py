"""Installing the addon on a ledger of a million journal items: how long it takes, and whom it lets wait.

Odoo installs in a process of its own while accountants go on working: other connections change a row of each of their
tables again and again, and the longest wait of each is told.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time

import ledger
from harness import Row, peak_mb

GOAL = "under 60 s, no long lock on account_move_line"
LIMIT, LONG_LOCK = 60, 1.0
JOURNAL_ITEMS = 1_000_000
#: Of each customer: 5 open invoices, 10 paid ones and their payments, each of 2 journal items.
ITEMS_OF_A_CUSTOMER = 50
TABLES = ("account_move_line", "account_move", "res_partner")
PAUSE = 0.01


def run(bench):
    """The row of one installation."""
    with bench.copy(bench.core, "install") as database:
        number = _seed(bench, database)
        with contextlib.ExitStack() as stack:
            watches = [stack.enter_context(_Watch(bench, database, table)) for table in TABLES]
            start = time.perf_counter()
            _install(bench, database)
            seconds = time.perf_counter() - start
    waits = {watch.table: watch.longest for watch in watches}
    note = f"{number:,} journal items; longest wait of a change meanwhile: "
    note += ", ".join(f"{table} {wait:.2f} s" for table, wait in waits.items())
    met = seconds < LIMIT and waits["account_move_line"] < LONG_LOCK
    yield Row.of(
        "install on 1,000,000 journal items", bench.items, [seconds], peak_mb=peak_mb(), goal=GOAL, met=met, note=note
    )


def _seed(bench, database):
    """Write the ledger, and return how many journal items there are."""
    with bench.open(database) as env:
        customers = max(1, JOURNAL_ITEMS // ITEMS_OF_A_CUSTOMER)
        ledger.seed(env, customers, 5, paid_each=10)
        env.cr.commit()
        env.cr.execute("SELECT count(*) FROM account_move_line")
        [number] = env.cr.fetchone()
    return number


def _install(bench, database):
    """Install the addon as an administrator does, in a process of its own."""
    command = [sys.executable, "-m", "odoo", "-c", str(bench.config), "-d", database, "-i", "recobro_module"]
    options = ["--stop-after-init", "--no-http", "--log-level=error", "--max-cron-threads=0"]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    subprocess.run([*command, *options], check=True, env=environment)


class _Watch:
    """Somebody who changes a row of a table every moment, and notes the longest that this took."""

    def __init__(self, bench, database, table):
        self.bench, self.database, self.table = bench, database, table
        self.longest = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _work(self):
        from odoo.sql_db import db_connect

        with contextlib.closing(db_connect(self.database).cursor()) as cursor:
            while not self._stop.is_set():
                start = time.perf_counter()
                cursor.execute(f"UPDATE {self.table} SET id = id WHERE id = (SELECT max(id) FROM {self.table})")
                cursor.commit()
                self.longest = max(self.longest, time.perf_counter() - start)
                time.sleep(PAUSE)
