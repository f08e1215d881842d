"""What ``make`` calls: one command a target. It needs nothing but Python; it installs the rest itself."""

import argparse
import signal
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - said in words, before any import that an older Python can't read
    sys.exit("This needs Python 3.10 to 3.13. Install one of these and give its name: make PYTHON=python3.13 …")

from toolbox import (
    benchmarking,
    core_tests,
    demo,
    faulting,
    housekeeping,
    lint,
    python_packages,
    replaying,
    shell,
    testing,
    translations,
)
from toolbox.console import ToolboxError
from toolbox.settings import read_settings

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def parse_arguments():
    """The command and its options."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("demo").add_argument("--port", type=int, default=8069)
    commands.add_parser("test").add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("core-tests").add_argument("--suite", default="full")
    for name in ("lint", "format", "shell", "translations", "clean"):
        commands.add_parser(name)
    replay = commands.add_parser("replay")
    for option in ("ledger", "from", "to", "mailbox", "policy"):
        replay.add_argument(f"--{option}", default="")
    faults = commands.add_parser("faults")
    for option in ("scenarios", "customers", "seed"):
        faults.add_argument(f"--{option}", default="")
    bench = commands.add_parser("bench")
    for option in ("items", "repeats", "peer", "cases"):
        bench.add_argument(f"--{option}", default="")
    return parser.parse_args()


COMMANDS = {
    "demo": lambda arguments, settings: demo.serve(settings, arguments.port),
    "test": lambda arguments, settings: testing.run_tests(
        settings, [word for word in arguments.arguments if word != "--"]
    ),
    "core-tests": lambda arguments, settings: core_tests.compare(settings, arguments.suite),
    "lint": lambda _arguments, settings: lint.check(settings, python_packages.ensure(settings)),
    "format": lambda _arguments, settings: lint.tidy(settings, python_packages.ensure(settings)),
    "shell": lambda _arguments, settings: shell.open_shell(settings),
    "translations": lambda _arguments, settings: translations.renew(settings),
    "replay": lambda arguments, settings: replaying.replay(
        settings,
        arguments.ledger,
        getattr(arguments, "from"),
        arguments.to,
        arguments.mailbox,
        arguments.policy,
    ),
    "bench": lambda arguments, settings: benchmarking.bench(
        settings, arguments.cases, items=arguments.items, repeats=arguments.repeats, peer=arguments.peer
    ),
    "faults": lambda arguments, settings: faulting.play(
        settings, arguments.scenarios, arguments.customers, arguments.seed
    ),
}


def interrupt(*_signal):
    """Put things away when somebody ends this, by Ctrl-C or from outside, and don't be cut off in that."""
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def main():
    """Run one command; an error is a sentence, not a trace."""
    for number in ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:  # as under nohup
            signal.signal(number, interrupt)
    arguments = parse_arguments()
    settings = read_settings()
    try:
        if arguments.command == "clean":
            return housekeeping.clean(settings)
        with housekeeping.registered(settings):
            return COMMANDS[arguments.command](arguments, settings) or 0
    except ToolboxError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0 if arguments.command == "demo" else 130


if __name__ == "__main__":
    sys.exit(main())
