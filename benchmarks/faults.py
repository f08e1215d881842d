"""What `make faults` runs: real Odoo workers, a real mail server and a database server of their own, and what breaks.

    python benchmarks/faults.py [--customers 5000] [--seed 1] [--results FILE] [--scenarios NAME,NAME]

At the end of each scenario every message that arrived is counted against every message that was owed, by the books
alone. The exit code is 1 when anything does not come out. An hour of waiting takes a minute here (`processes.HASTE`).
"""

import argparse
import contextlib
import json
import random
import signal
import subprocess
import sys
import traceback
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(REPOSITORY / "scripts"))

from faulting import accounting, scenarios, stage  # noqa: E402 - the search path comes first
from faulting.processes import environment  # noqa: E402

from toolbox import faulting as toolbox  # noqa: E402
from toolbox.console import say, step  # noqa: E402
from toolbox.settings import read_settings  # noqa: E402

RESULTS = Path(__file__).resolve().parent / "results" / "faults.json"
#: A scenario is about nothing with less.
FEWEST = 100
COLUMNS = ("owed", "received", "failed", "settled", "twice")


def parse_arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenarios", default="", help="names or parts of names, with commas between; all when empty")
    parser.add_argument("--customers", type=int, default=5000, help="of the largest scenario; the others have less")
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="of what chance decides")
    parser.add_argument("--results", type=Path, default=RESULTS)
    return parser.parse_args()


def chosen(text):
    """The names of the scenarios that are asked for, in their order."""
    wanted = [part.strip() for part in text.split(",") if part.strip()]
    names = [name for name in scenarios.SCENARIOS if not wanted or any(part in name for part in wanted)]
    if not names:
        sys.exit(f"There is no scenario “{text}”. There are: {', '.join(scenarios.SCENARIOS)}")
    return names


class Templates(contextlib.ExitStack):
    """The seeded databases by the share of the customers that is in them, made when one is first asked for."""

    def __init__(self, odoo, databases, template, customers):
        super().__init__()
        self.odoo, self.databases, self.template, self.customers = odoo, databases, template, customers
        self.names = {}

    def __getitem__(self, share):
        if share not in self.names:
            self.names[share] = self._seed(max(FEWEST, int(self.customers * share)))
        return self.names[share]

    def _seed(self, number):
        name = self.enter_context(self.databases.passing(f"seeded_{number}", self.template))
        with step(f"Ledger: {number} customers"), self.odoo.configured(name) as config:
            words = [self.odoo.python, "-m", "faulting.seeding", "--config", config, "--database", name]
            command = [str(word) for word in (*words, "--customers", number)]
            subprocess.run(command, check=True, env=environment(self.odoo), cwd=self.odoo.settings.state)
        return name


def play(name, theatre):
    """Play one scenario and return its count; an error of its own is a violation too."""
    with step(f"{name}"):
        try:
            return scenarios.SCENARIOS[name](theatre)
        except (stage.NotOver, Exception) as error:  # whatever happens, the other scenarios are played
            traceback.print_exc()
            result = accounting.Count(violations=[f"{type(error).__name__}: {error}"])
            result.figures, result.seconds = {}, 0
            return result


def row_of(name, result, arguments):
    """What is kept of a scenario."""
    return {
        "scenario": name,
        "customers": arguments.customers,
        "seed": arguments.seed,
        "seconds": result.seconds,
        **{column: getattr(result, column) for column in COLUMNS},
        "reasons": dict(result.reasons),
        **result.figures,
        "violations": result.violations[: accounting.TOLD],
        "violations in all": len(result.violations),
    }


def show(rows):
    """Print the table, and then every violation."""
    say(f"{'scenario':<26}{'seconds':>9}" + "".join(f"{column:>10}" for column in COLUMNS) + f"{'wrong':>8}")
    for row in rows:
        say(
            f"{row['scenario']:<26}{row['seconds']:>9}"
            + "".join(f"{row[column]:>10}" for column in COLUMNS)
            + f"{row['violations in all']:>8}"
        )
    say("\ntwice: arrived again with the same Message-Id, having been on the wire when something was cut")
    for row in rows:
        for violation in row["violations"]:
            say(f"✗ {row['scenario']}: {violation}")


def keep(path, rows):
    """Write the rows into the file; those of scenarios that were not played now stay as they are."""
    before = json.loads(path.read_text()) if path.exists() else []
    known = {row["scenario"]: row for row in [*before, *rows]}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([known[name] for name in scenarios.SCENARIOS if name in known], indent=1) + "\n")


def main():
    """Play the scenarios, print and keep what came of them."""
    arguments = parse_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # put things away when it is ended from outside
    names = chosen(arguments.scenarios)
    say(f"Seed of chance: {arguments.seed}")
    rows = []
    with toolbox.own_stage(read_settings()) as (environment_, embedded, template):
        odoo, databases = environment_.odoo, environment_.databases
        with Templates(odoo, databases, template, arguments.customers) as templates:
            theatre = stage.Theatre(odoo, databases, embedded, templates, arguments.customers, arguments.seed)
            for name in names:
                rows.append(row_of(name, play(name, theatre), arguments))
                say(json.dumps(rows[-1]))
    show(rows)
    keep(arguments.results, rows)
    return int(any(row["violations"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
