"""What ``make core-tests`` calls on a database: run test suites of Odoo's own modules and write how each test ended.

The suites run once everything is loaded, those too that Odoo runs in the midst of an installation: at that moment an
addon that depends on their modules isn't there yet, so nothing would be learnt of it.
"""

import argparse
import json
import time
from pathlib import Path

PASSED, SKIPPED, FAILED, NOT_RUN = "passed", "skipped", "failed", "not run"


def parse_arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("config", "database", "tags", "modules", "result"):
        parser.add_argument(f"--{option}", required=True)
    return parser.parse_args()


def open_registry(config_path, database, tags):
    """Load the database as Odoo does for tests, with its web server, but run none of them yet."""
    from odoo import http
    from odoo.modules.registry import Registry
    from odoo.service import server
    from odoo.tools import config

    config.parse_config(["-c", config_path, "-d", database], setup_logging=True)
    config["test_enable"] = True  # gives the registry its read-only connections
    config["test_tags"] = ""
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(http.root)
    server.server.start()
    registry = Registry(database)
    config["test_tags"] = tags
    return registry


def make_recorder():
    """A test result of Odoo's that remembers each test's outcome."""
    from odoo.tests.result import OdooTestResult

    class Recorder(OdooTestResult):
        def __init__(self):
            super().__init__()
            self.outcomes, self.times = {}, {}

        def startTest(self, test):
            super().startTest(test)
            self.outcomes[short_name(test)] = PASSED

        def stopTest(self, test):
            super().stopTest(test)
            self.times[short_name(test)] = round(time.time() - self.time_start, 2)

        def addSkip(self, test, reason):
            super().addSkip(test, reason)
            self.outcomes[short_name(test)] = SKIPPED

        def addError(self, test, err):
            self._note_failure(test)
            super().addError(test, err)

        def addFailure(self, test, err):
            self._note_failure(test)
            super().addFailure(test, err)

        def _note_failure(self, test):
            if not self._soft_fail:  # else Odoo tries it again
                self.outcomes[short_name(test)] = FAILED

    return Recorder()


def short_name(test):
    """``module.tests.file.Class.method``; a part of a test stands for the whole of it."""
    while parent := getattr(test, "test_case", None):
        test = parent
    return test.id().removeprefix("odoo.addons.")


def run_suites(registry, modules):
    """Run what the tags choose of the modules; each test's outcome and seconds."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules import module
    from odoo.tests import loader

    suites = {position: loader.make_suite(modules, position) for position in ("at_install", "post_install")}
    if any(suite.has_http_case() for suite in suites.values()):
        with registry.cursor() as cursor:
            api.Environment(cursor, SUPERUSER_ID, {})["ir.qweb"]._pregenerate_assets_bundles()
    wanted = [short_name(test) for suite in suites.values() for test in suite]
    recorder = make_recorder()
    for position, suite in suites.items():
        registry.loaded = registry.ready = position == "post_install"
        module.current_test = True
        suite(recorder)
        module.current_test = False
    outcomes = dict.fromkeys(wanted, NOT_RUN) | recorder.outcomes
    return {name: [outcome, recorder.times.get(name, 0)] for name, outcome in outcomes.items()}


def main():
    """Run and write."""
    arguments = parse_arguments()
    registry = open_registry(arguments.config, arguments.database, arguments.tags)
    started = time.monotonic()
    tests = run_suites(registry, arguments.modules.split(","))
    result = {"seconds": round(time.monotonic() - started), "tests": tests}
    Path(arguments.result).write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
