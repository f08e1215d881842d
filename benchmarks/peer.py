"""The peer that is to be beaten: OCA's account_credit_control, for those who bring it (a wheel or an addons folder).

    python benchmarks/peer.py --config odoo.conf --core DB --addons FOLDER --customers 20000 --items-each 5

measures it in a process of its own, so that nothing of it is in that of the others, and prints its figures as JSON.
It is used as its users do: its policy of three reminders is the company's, and a run generates the lines of a day.
"""

import argparse
import configparser
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from harness import Bench, peak_mb, vacuum

ADDON = "account_credit_control"


def measure_peer(bench):
    """Return the peer's seconds, lines, queries and peak memory for a day on a ledger like the one of `bench`."""
    with tempfile.TemporaryDirectory() as folder:
        options = {
            "config": bench.config,
            "core": bench.core,
            "addons": addons_folder(Path(bench.peer), Path(folder)),
            "customers": bench.customers,
            "items-each": bench.items_each,
        }
        words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
        print("  the peer …", file=sys.stderr, flush=True)
        told = subprocess.run([sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(told.splitlines()[-1])


def is_there(path):
    """Whether the path is of a wheel, or of a folder with the addon in it."""
    return zipfile.is_zipfile(path) or (path / ADDON / "__manifest__.py").is_file()


def addons_folder(path, temporary):
    """The folder that has the addon in it; a wheel is unpacked into a temporary one."""
    if path.is_dir():
        return path
    with zipfile.ZipFile(path) as wheel:
        wheel.extractall(temporary)
    return temporary / "odoo" / "addons"


def parse_arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("config", "core", "addons"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("customers", "items-each"):
        parser.add_argument(f"--{name}", type=int, required=True)
    return parser.parse_args()


def main():
    """Install the peer in a copy of the core, seed the ledger, and time one run of it."""
    arguments = parse_arguments()
    items = arguments.customers * arguments.items_each
    bench = Bench(arguments.config, arguments.core, "", items, arguments.customers, 1)
    parser = configparser.RawConfigParser()
    parser.read(arguments.config)
    bench.configure(f"--addons-path={parser['options']['addons_path']},{arguments.addons}")
    with bench.copy(bench.core, "peer") as name:
        install(name)
        with bench.open(name) as env:
            figures = generate(env, arguments.customers, arguments.items_each)
    print(json.dumps(figures))


def install(database):
    """Install the addon into a database."""
    from odoo.modules.registry import Registry

    Registry.new(database, update_module=True, install_modules=[ADDON])


def generate(env, customers, items_each):
    """Generate the lines of the ledger's day and return the figures."""
    import ledger

    ledger.seed(env, customers, items_each)
    policy = env.ref(f"{ADDON}.credit_control_3_time")
    policy.account_ids = env["account.account"].search([("account_type", "=", "asset_receivable")])
    env.company.credit_policy_id = policy
    env.cr.commit()
    vacuum(env, *ledger.TABLES, analyze=True)
    run = env["credit.control.run"].create({"date": ledger.DAY, "policy_ids": policy.ids})
    env.flush_all()
    before, start = env.cr.sql_log_count, time.perf_counter()
    run.generate_credit_lines()
    env.flush_all()
    seconds, queries = time.perf_counter() - start, env.cr.sql_log_count - before
    lines = env["credit.control.line"].search_count([("run_id", "=", run.id)])
    return {"seconds": round(seconds, 2), "lines": lines, "queries": queries, "peak_mb": peak_mb()}


if __name__ == "__main__":
    main()
