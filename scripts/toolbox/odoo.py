"""Odoo itself: its configuration, installing into a database, and its commands."""

import configparser
import contextlib
import os
import re
import secrets
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from toolbox.console import ToolboxError, step
from toolbox.odoo_source import OdooSource
from toolbox.postgres import Server
from toolbox.processes import last_lines, run
from toolbox.settings import CLONE, Settings

LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
# Nothing leaves the machine: what Odoo would ask of its makers' services fails at once at this closed port.
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Odoo:
    """Odoo with this clone's addons, ready to run on a database."""

    settings: Settings
    source: OdooSource
    python_packages: Path
    server: Server
    python: Path = field(init=False)

    def __post_init__(self):
        self.python = self.python_packages / "bin" / "python"

    @property
    def data_folder(self):
        """Where Odoo keeps the files that go with databases."""
        return self.settings.state / "data"

    @property
    def environment(self):
        """The variables under which Odoo runs."""
        ignored = ("ODOO_RC", "PGDATABASE", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if name not in ignored}
        search_path = [os.fspath(self.python.parent), os.fspath(self.server.programs), kept.get("PATH", "")]
        return kept | {
            **self.server.environment,
            "PATH": os.pathsep.join(search_path),
            "PYTHONPATH": os.fspath(self.source.home),
            "PYTHONPYCACHEPREFIX": os.fspath(self.settings.cache / "bytecode"),
            "PYTHONUNBUFFERED": "1",
            "https_proxy": NOWHERE,
            "HTTPS_PROXY": NOWHERE,
            "no_proxy": "127.0.0.1,localhost",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def command(self, *arguments):
        """Odoo's command line."""
        return [self.python, "-m", "odoo", *arguments]

    @contextlib.contextmanager
    def configured(self, database, **options):
        """The path of a configuration file for a database while the block runs.

        Its name carries this process, so that two commands don't meet. The server's password stays in the environment.
        """
        addons = [*self.source.addons, CLONE]
        values = {
            "addons_path": ",".join(map(os.fspath, addons)),
            "data_dir": self.data_folder,
            "db_name": database,
            "dbfilter": f"^{re.escape(database)}$",
            "list_db": False,
            "admin_passwd": secrets.token_urlsafe(24),
            "http_interface": "127.0.0.1",
            "smtp_server": "127.0.0.1",
            "smtp_port": 9,
            "max_cron_threads": 0,
            "with_demo": False,
            **options,
        }
        parser = configparser.RawConfigParser()
        parser["options"] = {name: str(value) for name, value in values.items()}
        path = self.settings.state / "config" / f"{database}.{os.getpid()}.conf"
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        path.touch(mode=0o600)
        with path.open("w") as file:
            parser.write(file)
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def install(self, database, modules, title, *options):
        """Install modules into a database; the log file that tells of it."""
        return self._load(database, modules, title, "-i", *options)

    def upgrade(self, database, modules, title):
        """Upgrade modules in a database; the log file that tells of it."""
        return self._load(database, modules, title, "-u")

    def _load(self, database, modules, title, switch, *options):
        log = self.settings.logs / f"{database}.log"
        log.unlink(missing_ok=True)
        names = ",".join(modules)
        failure = f"Odoo could not load {names}"
        with step(title, lambda: _progress(log)), self.configured(database) as config:
            words = ["-c", config, "-d", database, switch, names, "--stop-after-init", "--no-http", *options]
            run(self.command(*words), log, failure, env=self.environment, cwd=self.settings.state)
            self._check_installed(database, modules, failure, log)
        return log

    def _check_installed(self, database, modules, failure, log):
        """Odoo ends well even when it ignored a module that it couldn't find."""
        wanted = ", ".join(f"'{name}'" for name in modules)
        found = self.server.psql(
            f"SELECT name FROM ir_module_module WHERE state = 'installed' AND name IN ({wanted})", database
        )
        if missing := sorted(set(modules) - set(found.split())):
            raise ToolboxError(f"{failure}: {', '.join(missing)} missing. The end of {log}:\n{last_lines(log)}")

    def script(self, database, text, title):
        """Run a few lines of Python in Odoo's shell."""
        with step(title), self.configured(database) as config:
            result = subprocess.run(
                self.command("shell", "-c", config, "-d", database, "--no-http", "--log-level=warn"),
                input=text,
                env=self.environment,
                cwd=self.settings.state,
                capture_output=True,
                text=True,
                check=False,
            )
        if result.returncode:
            raise ToolboxError(f"{title}: it failed.\n{result.stderr[-2000:]}")
        return result.stdout


def _progress(log):
    """Which module Odoo is loading, by its log."""
    found = LOADING.findall(log.read_text(errors="replace")) if log.exists() else []
    return "module {1} of {2}: {0}".format(*found[-1]) if found else ""
