"""``make faults``: Odoo's workers, the mail server and the database server are broken, and what arrives is counted."""

import contextlib
import subprocess

from toolbox import odoo_source, postgres, python_packages
from toolbox.console import ToolboxError
from toolbox.databases import Databases
from toolbox.environment import Environment
from toolbox.files import only_one
from toolbox.odoo import Odoo
from toolbox.processes import attend
from toolbox.settings import CLONE

SCRIPT = CLONE / "benchmarks" / "faults.py"
PREFIX = "recobro_faults"
#: What was committed is on the disk: a server that is stopped as in a crash may lose nothing.
#: After a crash it is up again soon: by default it first asks for each of its files to be on the disk.
DURABLE = {**postgres.OPTIONS, "synchronous_commit": "on", "recovery_init_sync_method": "syncfs"}


def play(settings, scenarios, customers, seed):
    """Run the script of the faults."""
    words = ["--scenarios", scenarios] if scenarios else []
    for option, number in (("--customers", customers), ("--seed", seed)):
        if number and not number.isdecimal():
            raise ToolboxError(f"{number!r} is no number.", 'Say for example: make faults SCENARIOS="kill workers"')
        words += [option, number] if number else []
    python = python_packages.ensure(settings) / "bin" / "python"
    return attend([python, SCRIPT, *words], stdin=subprocess.DEVNULL)


@contextlib.contextmanager
def own_stage(settings):
    """An Environment on a database server that is nobody else's, the server, and the template with the addon.

    The server is stopped at the end, however it was left; the template is kept until the addon's code changes.
    """
    packages, source = python_packages.ensure(settings), odoo_source.ensure(settings)
    programs = postgres.programs_folder(packages)
    folder = settings.server.with_name(f"{settings.server.name}.faults")
    embedded = postgres.EmbeddedServer(folder, programs, settings.logs / "postgres-faults.log", DURABLE)
    with only_one(settings.state / "faults.lock", "playing faults"):
        server = embedded.start()
        try:
            odoo = Odoo(settings, source, packages, server)
            environment = Environment(settings, odoo, Databases(server, odoo.data_folder, PREFIX))
            yield environment, embedded, _template(environment)
        finally:
            embedded.stop()


def _template(environment):
    """The name of a database with the addon installed."""
    databases, modules = environment.databases, environment.modules
    name, note = databases.name("template"), environment.fingerprint()
    if not databases.exists(name) or databases.note(name) != note:
        with databases.new(name, environment.books(), note) as new:
            environment.odoo.install(new, modules, "Database: installing the module")
    return name
