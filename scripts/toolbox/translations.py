"""The catalogues of terms: exported from a database, merged, and checked."""

import subprocess

from toolbox.console import ToolboxError, step
from toolbox.environment import ready
from toolbox.processes import run
from toolbox.settings import CLONE

# The addons of Odoo whose Spanish is taken over where the term is the same.
MEMORY = ["base", "mail", "account"]
CHECK = CLONE / "scripts" / "check_translations.py"


def renew(settings):
    """Write each addon's catalogue anew, and merge it into the translations: new terms come in empty."""
    with ready(settings) as environment, environment.databases.passing("terms", environment.books()) as name:
        environment.odoo.install(name, environment.all_modules, "Translations: installing the module")
        _compare(environment, name, "--write")


def check(environment, database):
    """Fail when a term is missing in a catalogue, or has no Spanish."""
    _compare(environment, database)


def _compare(environment, database, *options):
    """Export the terms of each addon, and hold them against its catalogues."""
    odoo, folder = environment.odoo, environment.settings.state / "terms"
    folder.mkdir(exist_ok=True)
    with step("Translations: exporting and comparing"), odoo.configured(database) as config:
        for addon in environment.settings.addons:
            exported = folder / f"{addon.name}.pot"
            words = ["i18n", "export", "-c", config, "-d", database, "-l", "pot", "-o", exported, addon.name]
            log = environment.settings.logs / "terms.log"
            run(odoo.command(*words), log, "The terms could not be exported", env=odoo.environment)
    memory = [odoo.source.addon(name) / "i18n" for name in MEMORY]
    for addon in environment.settings.addons:
        command = [odoo.python, CHECK, *options, folder / f"{addon.name}.pot", addon / "i18n", "--memory", *memory]
        if subprocess.run(command, stdin=subprocess.DEVNULL, check=False).returncode:
            raise ToolboxError(f"The translations of {addon.name} are not complete.", "`make translations` adds terms.")
