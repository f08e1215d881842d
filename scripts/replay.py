"""What ``make replay`` calls once the database and the mail server are there: live a ledger day by day.

With ``--check`` alone beside its files and days it only says whether they can be used, and needs nothing but Python.
"""

import argparse
import json
import sys
import time
from datetime import timedelta

from ledger_replay.keeping import Journal, check_mailbox, prepare_mailbox
from ledger_replay.ledger import ReplayError, read_days, read_ledger

STARTED = time.monotonic()
#: What a person did, by channel, in the counts of a month.
_TASKS = {
    "call": "calls",
    "letter": "letters",
    "placement": "hand-overs to an agency",
    "legal": "hand-overs to a lawyer",
}


def parse_arguments():
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("ledger", "from", "to", "mailbox"):
        parser.add_argument(f"--{option}", required=True)
    parser.add_argument("--policy", default="", help="A or B for a playbook, or a policy's name or external id")
    parser.add_argument("--config", help="Odoo's configuration file; its SMTP server keeps the mail")
    parser.add_argument("--database", help="a database with the module and a chart of accounts, and nothing else")
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def tell(text):
    """Say how far it is, on standard error: standard output is for the result."""
    print(f"  {text}", file=sys.stderr, flush=True)


def read(ledger, first, last, mailbox):
    """Return (invoices issued up to the last day, first day, last day), or raise ReplayError; nothing is written."""
    days = read_days(first, last)
    invoices = read_ledger(ledger)
    check_mailbox(mailbox)
    return [invoice for invoice in invoices if invoice.invoiced <= days[1]], *days


def replay(env, invoices, first, last, journal, policy=""):
    """Live each day from the first to the last, and return the figures of the last."""
    from ledger_replay import control
    from ledger_replay.books import Books
    from ledger_replay.daily import Collections
    from ledger_replay.disputes import Disputes

    books = Books(env, invoices)
    collections = Collections(env, policy)
    disputes = Disputes(books, invoices)
    for earlier in sorted(books.days_before(first) | disputes.days_before(first)):
        books.live(earlier)
        disputes.live(collections.env_on(earlier), earlier)
    env.cr.commit()
    counts = {}
    for day in (first + timedelta(days=number) for number in range((last - first).days + 1)):
        posted, paid = books.live(day)
        disputes.live(collections.env_on(day), day)
        env.cr.commit()
        entries = collections.live(day)
        journal.write(entries)
        _count(counts, posted, paid, entries)
        while collections.notes:
            tell(collections.notes.pop(0))
        if day == last or (day + timedelta(days=1)).day == 1:
            words = ", ".join(f"{number} {what}" for what, number in counts.items())
            tell(f"{day:%Y-%m}: {words} ({time.monotonic() - STARTED:.0f} s)")
            counts.clear()
    return {
        **books.figures(last),
        "cases_open": env["recobro.case"].search_count(
            [("state", "=", "open"), ("company_id", "=", env.company.root_id.id)]
        ),
        **collections.figures(collections.env_on(last)),
        **control.figures(collections.env_on(last), last),
        "messages": journal.messages,
        "disputes": disputes.figures(collections.env_on(last)),
        "left_out": dict(sorted(collections.left_out.items())),
        "seconds": round(time.monotonic() - STARTED, 1),
    }


def _count(counts, posted, paid, entries):
    """Add a day to the counts of its month."""
    today = {"invoices": posted, "payments": paid, "messages": 0, "calls": 0}
    for entry in entries:
        what = "messages" if entry["message_id"] else _TASKS.get(entry["channel"], "other tasks")
        today[what] = today.get(what, 0) + 1
    for what, number in today.items():
        counts[what] = counts.get(what, 0) + number


def open_books(config_path, database):
    """Return the environment of a database, as the scheduled actions have it."""
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    words = ["-c", config_path, "-d", database, "--no-http", "--log-level=warn", "--log-handler=py.warnings:ERROR"]
    config.parse_config(words, setup_logging=True)
    cursor = Registry(database).cursor()
    # The database is dropped in the end: there is no need to wait for its disk.
    cursor.execute("SET synchronous_commit TO off")
    return api.Environment(cursor, SUPERUSER_ID, {})


def main():
    """Check, live the days, print the figures; an error is a sentence, not a trace."""
    arguments = parse_arguments()
    days = getattr(arguments, "from"), arguments.to
    try:
        invoices, first, last = read(arguments.ledger, *days, arguments.mailbox)
        if arguments.check:
            return 0
        prepare_mailbox(arguments.mailbox)
        env = open_books(arguments.config, arguments.database)
        with env.cr, Journal(arguments.mailbox) as journal:
            figures = replay(env, invoices, first, last, journal, arguments.policy)
    except ReplayError as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
