"""``make replay``: a ledger played day by day on a new database, its mails kept in a folder."""

import subprocess
from pathlib import Path

from toolbox import mailbox
from toolbox.console import ToolboxError, say
from toolbox.environment import ready
from toolbox.processes import attend
from toolbox.settings import CLONE

SCRIPT = CLONE / "scripts" / "replay.py"
USAGE = "Say for example: make replay LEDGER=ledger.csv FROM=2012-01-01 TO=2012-12-31 MAILBOX=sent"


def replay(settings, ledger, first_day, last_day, mail, policy):
    """Run the replay script on a database of its own."""
    if not all((ledger, first_day, last_day, mail)):
        raise ToolboxError("A replay needs a ledger, its first and last day, and a mailbox.", USAGE)
    ledger, mail = Path(ledger).resolve(), Path(mail).resolve()
    if not ledger.is_file():
        raise ToolboxError(f"There is no ledger {ledger}.", USAGE)
    with ready(settings) as environment:
        books, odoo = environment.books(), environment.odoo
        with environment.databases.passing("replay", books) as name:
            odoo.install(name, environment.modules, "Replay: installing the module")
            with (
                mailbox.running(odoo.python, mail, settings.logs / "mail-server.log") as port,
                odoo.configured(name, smtp_port=port) as config,
            ):
                what = ["--ledger", ledger, "--from", first_day, "--to", last_day, "--mailbox", mail]
                words = [odoo.python, SCRIPT, "--config", config, "--database", name, *what]
                words += ["--policy", policy] if policy else []
                exit_code = attend(words, stdin=subprocess.DEVNULL, env=odoo.environment)
    say(f"  Every mail is kept in the Maildir {mail}.")
    return exit_code
