"""What `make bench` runs: the cases, each in a process of its own, a table, and `results/latest.json`.

    PYTHONPATH=<Odoo's source> python benchmarks/bench.py --config odoo.conf --core DB --addon DB \
        [--items 100000] [--repeats 5] [--peer WHEEL] [--results FILE] [CASE …]

DB of `--core` is a template with accounting, sales and a chart of accounts, that of `--addon` the same with the addon
installed; nothing is written in them. `--check` only looks whether it could begin.
"""

import argparse
import contextlib
import json
import signal
import subprocess
import sys
import tempfile
import traceback
from dataclasses import asdict
from pathlib import Path

import peer
import table
from cases import CASES
from harness import Bench, Row

RESULTS = Path(__file__).resolve().parent / "results" / "latest.json"
ITEMS_OF_A_CUSTOMER = 5
SECONDS_TO_STOP = 10


def parse_arguments():
    """The options, as words: `check` says what is wrong with them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE", help=f"of {', '.join(CASES)}; all when none is named")
    parser.add_argument("--config", default="", help="Odoo's configuration file")
    parser.add_argument("--core", default="", help="template database without the addon")
    parser.add_argument("--addon", default="", help="template database with the addon")
    parser.add_argument("--items", default="100000", help="open items of the ledger, five of each customer")
    parser.add_argument("--repeats", default="5", help="how often each thing is measured")
    parser.add_argument("--peer", default="", help="wheel or addons folder of OCA's account_credit_control")
    parser.add_argument("--results", type=Path, default=RESULTS, help="file that the rows are written into")
    parser.add_argument("--check", action="store_true", help="only look whether the options are good")
    parser.add_argument("--rows", type=Path, help=argparse.SUPPRESS)  # the process of one case leaves its rows there
    return parser.parse_args()


def check(arguments):
    """Return what is wrong with the options, in a sentence, or nothing."""
    unknown = [name for name in arguments.cases if name not in CASES]
    if unknown:
        return f"There is no case {', '.join(unknown)}. CASES takes: {' '.join(CASES)}"
    for name, least in (("items", 10), ("repeats", 1)):
        word = getattr(arguments, name)
        if not word.isdecimal() or int(word) < least:
            return f"{name.upper()} is a whole number from {least} on, not {word!r}: for example {name.upper()}={least}"
    if int(arguments.items) % ITEMS_OF_A_CUSTOMER:
        return f"ITEMS is divided by {ITEMS_OF_A_CUSTOMER}, the items of each customer: {arguments.items} can't be"
    if arguments.peer and not peer.is_there(Path(arguments.peer)):
        return f"{arguments.peer}: PEER is the path of a wheel, or of a folder with {peer.ADDON} in it"
    return ""


def run_case(name, arguments):
    """Run one case here, and leave each row in the file at once: what was measured before an error is kept."""
    items, repeats = int(arguments.items), int(arguments.repeats)
    customers = items // ITEMS_OF_A_CUSTOMER
    bench = Bench(arguments.config, arguments.core, arguments.addon, items, customers, repeats, arguments.peer or None)
    with arguments.rows.open("w") as file:
        try:
            for row in CASES[name](bench):
                print(json.dumps({**asdict(row), "part": name}), file=file, flush=True)
        except Exception as error:
            traceback.print_exc()
            failed = Row(name, items, None, None, met=False, note=f"failed: {type(error).__name__}: {error}"[:300])
            print(json.dumps({**asdict(failed), "part": name}), file=file, flush=True)
            return 1
    return 0


def run_apart(name, arguments):
    """Run one case in a process of its own and return its rows; one that died has a row that says so."""
    print(f"  {name} …", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows"
        options = ["config", "core", "addon", "items", "repeats", "peer"]
        words = [word for option in options for word in (f"--{option}", getattr(arguments, option))]
        code = _attend([sys.executable, __file__, name, *words, "--rows", rows])
        found = [json.loads(line) for line in rows.read_text().splitlines()] if rows.exists() else []
    if code and not any(row["note"].startswith("failed") for row in found):
        failed = Row(name, int(arguments.items), None, None, met=False, note=f"failed: its process ended with {code}")
        found.append({**asdict(failed), "part": name})
    if not found:
        found.append({**asdict(Row(name, int(arguments.items), None, None, note="gave no figure")), "part": name})
    return found


def _attend(command):
    """Run a program to its end; its exit code. When this one is ended, it gets time to drop its databases."""
    with subprocess.Popen(command) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(SECONDS_TO_STOP)
            process.kill()
            raise


def _interrupt(*_signal):
    raise KeyboardInterrupt


def keep(path, rows, items):
    """Write the rows into the file, instead of those that the same cases left for ledgers of the same size."""
    measured = {(row["part"], size) for row in rows for size in (row["items"], items)}
    kept = json.loads(path.read_text()) if path.exists() else []
    kept = [row for row in kept if (row.get("part"), row["items"]) not in measured]
    order = list(CASES)
    rows = sorted([*kept, *rows], key=lambda row: order.index(row["part"]) if row.get("part") in order else len(order))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("[\n" + ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in rows) + "\n]\n")


def main():
    """Run the cases, print the table, write the rows; the exit code says whether each case came to its end."""
    arguments = parse_arguments()
    if wrong := check(arguments):
        sys.exit(wrong)
    if arguments.check:
        return 0
    signal.signal(signal.SIGTERM, _interrupt)
    if arguments.rows:
        return run_case(arguments.cases[0], arguments)
    rows = []
    for name in arguments.cases or CASES:
        found = run_apart(name, arguments)
        rows += found
        keep(arguments.results, rows, int(arguments.items))
    print(table.text(rows))
    print(f"\nWritten into {arguments.results}")
    failed = sorted({row["part"] for row in rows if row["note"].startswith("failed")})
    if failed:
        print(f"FAILED: {', '.join(failed)}. What happened is told above the table.")
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
