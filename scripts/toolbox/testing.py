"""``make test``: the checks of the code, the module's installation, and the tests."""

import subprocess

from toolbox import browser, glue, install_log, lint, mailbox, python_packages, translations
from toolbox.console import step
from toolbox.environment import ready
from toolbox.processes import attend, run
from toolbox.settings import CLONE

# Odoo's own checks that hold for any addon: indexes, names of fields, signatures of overridden methods.
ODOO_CHECKS = "/test_lint:TestIndex,/test_lint:TestNaming,/test_lint:TestLintOverrideSignatures"

# What some tests need and the module does not: a payment provider that pays nothing, and the apps that others meet.
ALSO_INSTALLED = ["payment_demo", "sale"]

ASSETS = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""

# All the tests at once: two processes, each with its copy of the database; a class's tests stay together.
PARALLEL = ["-n", "2", "--dist", "loadscope"]


def run_tests(settings, arguments):
    """Everything, or with arguments for pytest only the tests they choose; pytest's own answer."""
    if not arguments:
        lint.check(settings, python_packages.ensure(settings))
    with ready(settings) as environment:
        browser.ensure(settings)
        with environment.databases.passing("test", environment.books(*ALSO_INSTALLED)) as name:
            log = environment.odoo.install(name, environment.all_modules, "Tests: installing the module")
            install_log.check(log)
            if not arguments:
                glue.check(environment)
                translations.check(environment, name)
                _run_odoo_checks(environment, name)
            # Built inside a test they are undone with it, and the browser of the next one waits for them again
            environment.odoo.script(name, ASSETS, "Tests: bundling the pages' scripts and styles")
            environment.databases.keep_from_vacuum(name)
            return _run_pytest(environment, name, arguments)


def _run_odoo_checks(environment, template):
    """Odoo's own checks, on a copy of the database."""
    odoo = environment.odoo
    log = environment.settings.logs / "odoo-lint.log"
    log.unlink(missing_ok=True)
    with (
        step("Lint: Odoo's own checks"),
        environment.databases.passing("lint", template) as name,
        odoo.configured(name, http_port=mailbox.free_port()) as config,
    ):
        words = ["-c", config, "-i", "test_lint", "--test-tags", ODOO_CHECKS, "--stop-after-init"]
        run(odoo.command(*words), log, "Odoo's own checks found something", env=odoo.environment)


def _run_pytest(environment, name, arguments):
    """The tests, on the database with the module installed; pytest speaks last."""
    odoo = environment.odoo
    with odoo.configured(name) as config:
        options = [f"--odoo-config={config}", f"--odoo-database={name}", "--odoo-http"]
        command = [odoo.python, "-m", "pytest", *options, *(arguments or PARALLEL)]
        return attend(command, cwd=CLONE, env=odoo.environment, stdin=subprocess.DEVNULL)
