"""``make bench``: the benchmarks, on copies of two databases, one with the module and one without."""

import os
import subprocess
from pathlib import Path

from toolbox import python_packages
from toolbox.environment import ready
from toolbox.mailbox import free_port
from toolbox.processes import attend
from toolbox.settings import CLONE

SCRIPT = CLONE / "benchmarks" / "bench.py"


def bench(settings, cases, **options):
    """Run the cases, all when none is named; an option (items, repeats, peer) that is empty is left to the script."""
    if options["peer"]:
        options["peer"] = os.fspath(Path(options["peer"]).expanduser().resolve())
    words = [f"--{name}={value.strip()}" for name, value in options.items() if value] + cases.replace(",", " ").split()
    python = python_packages.ensure(settings) / "bin" / "python"
    # Before anything else is made: preparing takes minutes.
    if wrong := subprocess.run([python, SCRIPT, "--check", *words], check=False).returncode:
        return wrong
    with ready(settings) as environment:
        odoo, core = environment.odoo, environment.books("sale")
        with environment.databases.passing("bench", core) as addon:
            odoo.install(addon, environment.modules, "Benchmarks: installing the module")
            with odoo.configured(addon, http_port=free_port()) as config:
                command = [odoo.python, SCRIPT, "--config", config, "--core", core, "--addon", addon, *words]
                return attend(command, stdin=subprocess.DEVNULL, cwd=CLONE, env=odoo.environment)
