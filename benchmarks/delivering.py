"""What delivers in the benchmarks: a batch of ours, a batch of core's, and processes that each do many of them.

    python benchmarks/delivering.py --config odoo.conf --database DB --work ours --messages 400

is one such process: it says when it is ready, begins when it is told to, and prints its rate as JSON.
"""

import argparse
import json
import subprocess
import sys
import time

import ledger
import like_template
from harness import Bench, peak_mb

BATCH = 50
WARM_UP = 10


def lived(env):
    """The environment of somebody who lives on the ledger's day, with English as they read it."""
    from odoo.addons.recobro_module.engine import clock

    return env(context={**env.context, "recobro_as_of": clock.lived(ledger.DAY), "lang": "en_US"})


def prepare(env):
    """Leave all that was planned ready to be delivered, make core's template, and commit."""
    env["recobro.run"].search([]).state = "delivering"
    template = like_template.create(env)
    env["ir.model.data"].create(
        {"module": "benchmarks", "name": "template", "model": template._name, "res_id": template.id}
    )
    env.flush_all()
    env.cr.commit()


def waiting(env):
    """How many messages wait to be delivered."""
    return env["recobro.action"].search_count([("state", "=", "planned"), ("kind", "=", "message")])


def ours(env, messages, _part=0):
    """Deliver so many messages, or up to a batch more, as the scheduled action does: noted, made, committed."""
    from odoo.addons.recobro_module.engine import delivery, retries

    done = 0
    while done < messages and (batch := retries.persistently(env, delivery.deliver_some)):
        env.cr.commit()
        done += batch
    return done


def core(env, messages, part=0):
    """Queue so many mails of a like template with core's `send_mail_batch`, committed by batches of the same size.

    :param part: which of the customers, for processes at the same time.
    """
    template = env.ref("benchmarks.template")
    domain = [("email", "like", "@customer.example"), ("invoice_ids", "!=", False)]
    customers = env["res.partner"].search(domain, order="id", offset=part * messages, limit=messages).ids
    for start in range(0, len(customers), BATCH):
        template.send_mail_batch(customers[start : start + BATCH], force_send=False)
        env.cr.commit()
    return len(customers)


WORKS = {"ours": ours, "core": core}


def rates(bench, database, work, processes, messages):
    """Let so many processes do `messages` each, all at once; messages a second of all, and the peak memory of one."""
    command = [sys.executable, __file__, "--config", bench.config, "--database", database, "--work", work]
    started = [
        subprocess.Popen(
            [*command, "--messages", str(messages), "--part", str(part)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for part in range(processes)
    ]
    for process in started:
        process.stdout.readline()
    for process in started:
        process.stdin.write("begin\n")
        process.stdin.flush()
    found = [json.loads(process.communicate()[0]) for process in started]
    return sum(one["rate"] for one in found), max(one["peak_mb"] for one in found)


def main():
    """One process: get warm, wait for the others, deliver, tell the rate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("config", "database"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--work", choices=WORKS, required=True)
    parser.add_argument("--messages", type=int, required=True)
    parser.add_argument("--part", type=int, default=0)
    arguments = parser.parse_args()
    work = WORKS[arguments.work]
    bench = Bench(arguments.config, arguments.database, arguments.database, 0, 1, 1)
    with bench.open(arguments.database) as env:
        env = lived(env)
        work(env, WARM_UP, arguments.part)
        print("ready", flush=True)
        sys.stdin.readline()
        start = time.perf_counter()
        done = work(env, arguments.messages, arguments.part)
        print(json.dumps({"rate": done / (time.perf_counter() - start), "peak_mb": peak_mb()}), flush=True)


if __name__ == "__main__":
    main()
