"""A process that is another user at work: it registers the payments it is told to, one a line.

    python -m faulting.bookkeeper --config odoo.conf --database DB

Each line in is a JSON list of ids of invoices of one customer; each line out says when their payment was committed, and
how long it took.
"""

import argparse
import json
import sys
import time
from functools import partial

from faulting.odoo_process import opened


def pay(env, invoice_ids, answer):
    """Register one payment over what is open of the invoices, as the dialog of Odoo does."""
    answer["tries"] += 1
    wizard = env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice_ids)
    wizard.create({"group_payment": True})._create_payments()


def serve(env, lines, out):
    """Pay what each line says and answer it; Odoo itself tries again when somebody else was faster."""
    from odoo.service.model import retrying

    user = env["res.users"].search([("login", "=", "bookkeeper")])
    env = env(user=user.id)
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in lines:
        invoices, began = json.loads(line), time.time()
        answer = {"invoices": invoices, "began": began, "error": None, "tries": 0}
        try:
            # Odoo's own wrapper of a request: it commits, and tries again after a serialization failure
            retrying(partial(pay, env, invoices, answer), env)
        except Exception as error:
            env.cr.rollback()
            answer["error"] = f"{type(error).__name__}: {error}"
        print(json.dumps({**answer, "committed": time.time()}), file=out, flush=True)


def main():
    """Open the database and serve what comes on standard input."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    arguments = parser.parse_args()
    with opened(arguments.config, arguments.database) as env:
        serve(env, sys.stdin, sys.stdout)


if __name__ == "__main__":
    main()
