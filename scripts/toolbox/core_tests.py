"""``make core-tests``: Odoo's own tests of the modules that the addon meets, without the addon and with it.

The list of those that pass without it and don't pass with it must be empty. Both are run here, side by side: which
tests of Odoo's pass depends on its version, on the machine and on the other modules.
"""

import contextlib
import json
from collections import Counter

from toolbox import browser, mailbox
from toolbox.console import ToolboxError, say, step
from toolbox.environment import ready
from toolbox.processes import in_background, last_lines
from toolbox.settings import CLONE

SCRIPT = CLONE / "scripts" / "run_suites.py"
RESULT = CLONE / "benchmarks" / "results" / "core_tests.json"
MODULES = ["account", "account_payment", "portal", "sms", "sale", "mail"]
PASSED = "passed"
# How often a test must differ again, by itself, before it counts.
TIMES_AGAIN = 3

# The fast suite: the small modules, and of the large ones what posts, pays, reconciles, sends, writes and merges.
CLASSES = {
    "account": [
        "TestAccountAccount",
        "TestAccountBankStatementLine",
        "TestAccountComposerPerformance",
        "TestAccountEarlyPaymentDiscount",
        "TestAccountJournalDashboard",
        "TestAccountLockException",
        "TestAccountMergeWizard",
        "TestAccountMove",
        "TestAccountMoveOutRefundOnchanges",
        "TestAccountMovePaymentsWidget",
        "TestAccountMoveReconcile",
        "TestAccountMoveSend",
        "TestAccountPartner",
        "TestAccountPayment",
        "TestAccountPaymentDuplicateMoves",
        "TestAccountPaymentItems",
        "TestAccountPaymentMethodLine",
        "TestAccountPaymentRegister",
        "TestAccountPaymentTerms",
        "TestCheckAccountMoves",
        "TestCompanyBranch",
        "TestDownloadDocs",
        "TestMergePartner",
        "TestPortalAttachment",
        "TestPortalInvoice",
        "TestTransferWizard",
    ],
    "mail": [
        "MailCase",
        "TestIrMailServer",
        "TestMailActivityChatter",
        "TestMailActivityIntegrity",
        "TestMailComposerForm",
        "TestMailComposerRendering",
        "TestMailComposerUI",
        "TestMailMessage",
        "TestMailRender",
        "TestMailRenderSecurity",
        "TestMailTemplate",
        "TestMailTemplateReset",
        "TestMailTools",
        "TestPartner",
        "TestUser",
    ],
    "sale": [
        "TestAccessRights",
        "TestSaleFlow",
        "TestSaleOrder",
        "TestSaleOrderCreditLimit",
        "TestSaleOrderInvoicing",
        "TestSalePayment",
        "TestSaleRefund",
        "TestSaleToInvoice",
    ],
}
SUITES = {
    "full": [f"/{module}" for module in MODULES],
    "fast": [f"/{module}:{name}" for module, names in CLASSES.items() for name in names]
    + [f"/{module}" for module in MODULES if module not in CLASSES],
}


def compare(settings, suite):
    """Run a suite twice, and say which tests differ; 1 when some do."""
    if suite not in SUITES:
        raise ToolboxError(f"There is no suite {suite} of core tests.", f"Say SUITE= one of: {', '.join(SUITES)}")
    with ready(settings) as environment:
        browser.ensure(settings)
        with _databases(environment) as names:
            title = f"Core tests: the {suite} suite, without and with the module"
            without, with_addon = _run(environment, names, suite, SUITES[suite], title)
            suspects = differing(without["tests"], with_addon["tests"])
            differences = _confirmed(environment, names, suspects)
    report = summed_up(suite, without, with_addon, suspects, differences)
    if suite == "full":
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(report, indent=2) + "\n")
    _tell(report)
    return 1 if differences else 0


@contextlib.contextmanager
def _databases(environment):
    """The names of two databases with Odoo's modules, the second with the addon as well."""
    databases, odoo = environment.databases, environment.odoo
    with databases.passing("core", environment.books()) as without:
        odoo.install(without, MODULES, "Core tests: installing Odoo's modules")
        with databases.passing("core_addon", without) as with_addon:
            odoo.install(with_addon, environment.all_modules, "Core tests: installing the module")
            for name in (without, with_addon):
                databases.keep_from_vacuum(name)
            yield without, with_addon


def _run(environment, names, part, tags, title):
    """Run the chosen tests on each of the databases, side by side; the results in that order."""
    logs = [environment.settings.logs / f"core-tests-{part}-{side}.log" for side in ("without", "with")]
    with contextlib.ExitStack() as stack:
        stack.enter_context(step(title, lambda: _progress(logs)))
        runs = [stack.enter_context(_running(environment, *pair, tags)) for pair in zip(names, logs, strict=True)]
        for process in runs:
            process.wait()
    return [_result(log) for log in logs]


@contextlib.contextmanager
def _running(environment, name, log, tags):
    """The process that runs the tests on one database."""
    odoo, result = environment.odoo, log.with_suffix(".json")
    for path in (log, result):
        path.unlink(missing_ok=True)
    with odoo.configured(name, http_port=mailbox.free_port()) as config:
        what = ["--tags", ",".join(tags), "--modules", ",".join(MODULES), "--result", result]
        command = [odoo.python, SCRIPT, "--config", config, "--database", name, *what]
        with in_background(command, log, env=odoo.environment) as process:
            yield process


def _progress(logs):
    """How many tests have begun."""
    begun = [log.read_text(errors="replace").count(": Starting ") for log in logs if log.exists()]
    return " and ".join(map(str, begun)) + " tests begun"


def _result(log):
    """What a run wrote; one that wrote nothing, or ran nothing, is an error."""
    result = log.with_suffix(".json")
    if not result.exists():
        raise ToolboxError(f"The core tests did not come to their end. The end of {log}:\n{last_lines(log)}")
    found = json.loads(result.read_text())
    if PASSED not in {outcome for outcome, _seconds in found["tests"].values()}:
        raise ToolboxError(f"Not one of the core tests passed. The end of {log}:\n{last_lines(log)}")
    return found


def differing(without, with_addon):
    """The tests that pass without the addon and don't with it: failed, skipped, or not even there.

    >>> before = {"a": ["passed", 1], "b": ["failed", 1], "c": ["passed", 1], "d": ["passed", 1]}
    >>> differing(before, {"a": ["passed", 2], "b": ["failed", 1], "c": ["failed", 1]})
    ['c', 'd']
    """
    missing = [None, 0]
    return sorted(
        name
        for name, (outcome, _seconds) in without.items()
        if outcome == PASSED and with_addon.get(name, missing)[0] != PASSED
    )


def _confirmed(environment, names, suspects):
    """Those suspects that differ each time again, when only their classes are run.

    A tour of Odoo's may click before the page listens, on a slow machine above all, and pass the next time.
    """
    for number in range(1, TIMES_AGAIN + 1):
        if not suspects:
            break
        tags = sorted({class_tag(name) for name in suspects})
        title = f"Core tests: {len(suspects)} that differ, once more"
        without, with_addon = _run(environment, names, f"again-{number}", tags, title)
        again = differing(without["tests"], with_addon["tests"])
        suspects = [name for name in suspects if name in again]
    return suspects


def class_tag(name):
    """What chooses the class of a test.

    >>> class_tag("sale.tests.test_sale_order.TestSaleOrder.test_sale_order")
    '/sale:TestSaleOrder'
    """
    module, *_file, test_class, _method = name.split(".")
    return f"/{module}:{test_class}"


def summed_up(suite, without, with_addon, suspects, differences):
    """The result, to be kept."""
    return {
        "suite": suite,
        "modules": MODULES,
        "without": _counts(without),
        "with": _counts(with_addon),
        "failed_without": sorted(name for name, (outcome, _s) in without["tests"].items() if outcome != PASSED),
        "did_not_differ_again": [name for name in suspects if name not in differences],
        "differences": differences,
    }


def _counts(result):
    """How many tests ended how, and the seconds they took."""
    outcomes = Counter(outcome for outcome, _seconds in result["tests"].values())
    return {"tests": outcomes.total(), **dict(sorted(outcomes.items())), "seconds": result["seconds"]}


def _tell(report):
    """The counts, and the names of the tests that differ."""
    for title in ("without", "with"):
        say(f"{title:8} " + ", ".join(f"{number} {what}" for what, number in report[title].items()))
    if report["differences"]:
        say("These pass without the addon and not with it:")
    else:
        say("Every test that passes without the addon passes with it.")
    for name in report["differences"]:
        say(f"  {name}")
