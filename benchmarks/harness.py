"""What every case of the benchmarks is given: databases to measure on, a clock, and the line of its result."""

import contextlib
import gc
import os
import resource
import shutil
import signal
import statistics
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


@dataclass
class Row:
    """One line of the table and of `latest.json`."""

    case: str
    items: int
    median_s: float | None
    spread: float | None
    """(slowest - fastest) / median of the repeats."""
    queries: int | None = None
    peak_mb: float | None = None
    ratio_floor: float | None = None
    """How many times the time of the floor."""
    ratio_peer: float | None = None
    """How many times faster than the peer."""
    goal: str = ""
    met: bool | None = None
    note: str = ""

    @classmethod
    def of(cls, case, items, seconds, queries=None, **more):
        """The row of a case that took these `seconds`, one of each repeat."""
        median = statistics.median(seconds)
        spread = (max(seconds) - min(seconds)) / median if median else 0.0
        return cls(case, items, round(median, 4), round(spread, 3), queries, **{"peak_mb": peak_mb(), **more})


@dataclass
class Bench:
    """What a case is called with."""

    config: str
    """Path of Odoo's configuration file."""
    core: str
    """Template database: accounting, sales, a chart of accounts, no demo data, without the addon."""
    addon: str
    """The same with the addon installed."""
    items: int
    customers: int
    repeats: int
    peer: str | None = None
    """Path of the peer's wheel or addons folder, for those who have it."""
    _configured: ClassVar[bool] = False

    @property
    def items_each(self):
        """Open items of each customer."""
        return max(1, self.items // self.customers)

    @contextlib.contextmanager
    def copy(self, template, purpose):
        """The name of a copy of a database with its files; dropped when the block ends."""
        # The number of this process at the end: what a killed process leaves is found by it, and dropped by the next.
        name = f"{template}_{purpose}_p{os.getpid()}"
        self._release(template)
        _drop(name)
        filestore = self._filestore(template)
        subprocess.run(["createdb", "-T", template, "--strategy=file_copy", name], check=True)
        try:
            if filestore.is_dir():
                shutil.copytree(filestore, self._filestore(name))
            yield name
        finally:
            with _undisturbed():
                self._release(name)
                _drop(name)
                shutil.rmtree(self._filestore(name), ignore_errors=True)

    @contextlib.contextmanager
    def open(self, database):
        """An environment of the superuser; rolled back and closed at the end. A case commits by itself if it must."""
        self.configure()
        from odoo import SUPERUSER_ID, api
        from odoo.modules.registry import Registry

        cursor = Registry(database).cursor()
        try:
            yield api.Environment(cursor, SUPERUSER_ID, {})
        finally:
            cursor.rollback()
            cursor.close()

    def configure(self, *options):
        """Set Odoo up in this process, once; with `options` of its command line anew."""
        if self._configured and not options:
            return
        from odoo.tools import config

        quiet = ["--no-http", "--log-level=warn", "--log-handler=py.warnings:ERROR"]
        config.parse_config(["-c", str(self.config), "-d", self.core, *quiet, *options], setup_logging=True)
        Bench._configured = True

    def _filestore(self, database):
        self.configure()
        from odoo.tools import config

        return Path(config.filestore(database))

    def _release(self, database):
        """Close what this process holds open of a database: a database in use can be neither copied nor dropped."""
        self.configure()
        from odoo.modules.registry import Registry
        from odoo.sql_db import close_db

        Registry.delete(database)
        close_db(database)


@contextlib.contextmanager
def _undisturbed():
    """Let no Ctrl-C, or end from outside, cut the block off."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _drop(database):
    subprocess.run(["dropdb", "--force", "--if-exists", database], check=True, stderr=subprocess.DEVNULL)


def measure(function, repeats, env=None, setup=None):
    """Call `function` several times; return the seconds of each call and the statements of the last.

    :param env: whose cursor counts the statements; what its ORM still keeps back is written within the time.
    :param setup: called before each, not timed: this is the place to roll back what the last call wrote.
    """
    seconds, statements = [], None
    for _number in range(repeats):
        if setup:
            setup()
        gc.collect()
        before, start = env.cr.sql_log_count if env else 0, time.perf_counter()
        function()
        if env:
            env.flush_all()
            statements = env.cr.sql_log_count - before
        seconds.append(time.perf_counter() - start)
    return seconds, statements


def peak_mb():
    """The peak of this process's resident memory, in MB."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def vacuum(env, *tables, analyze=False):
    """Roll back, and clear away what that and others left in the tables; all of them when none is named.

    :param analyze: whether the server looks at what is in them, too, as it does by itself after a while.
    """
    env.cr.rollback()
    connection = env.cr._cnx
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {'(ANALYZE) ' if analyze else ''}{', '.join(tables)}")
    finally:
        connection.autocommit = False
    env.invalidate_all()
