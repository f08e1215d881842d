"""All that a command needs, made from nothing: Odoo, the Python packages, the server, the databases."""

import ast
import contextlib
import hashlib
from dataclasses import dataclass

from toolbox import odoo_source, postgres, python_packages
from toolbox.console import ToolboxError
from toolbox.databases import Databases
from toolbox.files import only_one
from toolbox.odoo import Odoo
from toolbox.settings import MODULE, Settings, short_hash

BOOKS = """
company = env.company
company.country_id = env.ref("base.us")
env["account.chart.template"].try_loading("generic_coa", company, install_demo=False)
env.cr.commit()
"""


@dataclass
class Environment:
    """Everything up and ready."""

    settings: Settings
    odoo: Odoo
    databases: Databases

    @property
    def modules(self):
        """The module: what is measured, replayed and broken, without what meets other apps."""
        return self.all_modules[:1]

    @property
    def all_modules(self):
        """The addons of this repository: the module first, then those that meet other apps and bring them along."""
        names = [addon.name for addon in self.settings.addons]
        if MODULE not in names:
            raise ToolboxError(f"There is no {MODULE} in this repository.")
        return names

    def needed_modules(self, name=MODULE):
        """The modules of Odoo that an addon of this repository depends on."""
        manifest = next(addon for addon in self.settings.addons if addon.name == name) / "__manifest__.py"
        depends = ast.literal_eval(manifest.read_text())["depends"]
        return [needed for needed in depends if needed not in self.all_modules]

    def fingerprint(self):
        """Changes when a file of the addons changes."""
        digest = hashlib.sha256()
        for addon in self.settings.addons:
            for path in sorted(addon.rglob("*")):
                if path.is_file() and path.suffix not in (".pyc", ".md", ".rst"):
                    digest.update(f"{path.relative_to(addon.parent)}\n".encode() + path.read_bytes())
        return digest.hexdigest()[:16]

    def books(self, *more):
        """The template database: what the module needs, with a chart of accounts and without demo data.

        :param more: names of further modules of Odoo.
        """
        needed = [*self.needed_modules(), *more]
        key = short_hash(f"{self.odoo.source.key} {self.odoo.python_packages} {needed}")
        name = self.databases.name(f"books_{key}")
        with only_one(self.settings.state / "books.lock", "preparing the database with the books"):
            if not self.databases.exists(name):
                with self.databases.new(name) as database:
                    self.odoo.install(database, needed, "Database: installing Odoo's accounting")
                    self.odoo.script(database, BOOKS, "Database: loading the chart of accounts")
        return name


@contextlib.contextmanager
def ready(settings):
    """The environment while the block runs."""
    packages = python_packages.ensure(settings)
    source = odoo_source.ensure(settings)
    with postgres.running(settings, packages) as server:
        odoo = Odoo(settings, source, packages, server)
        databases = Databases(server, odoo.data_folder, settings.database_prefix)
        yield Environment(settings, odoo, databases)
