"""``make replay``: a ledger played day by day on a new database, its mails kept in a folder."""

import subprocess
from pathlib import Path

from ledger_replay.keeping import journal_path, prepare_mailbox
from ledger_replay.ledger import ReplayError, read_days, read_ledger
from toolbox import mailbox
from toolbox.console import ToolboxError, tell
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
    _check(ledger, first_day, last_day, mail)
    tell(f"  Every mail is kept in the Maildir {mail}, what was sent and called in {journal_path(mail)}.")
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
                # The last it prints is its result, so nothing is said after it.
                return attend(words, stdin=subprocess.DEVNULL, env=odoo.environment)


def _check(ledger, first_day, last_day, mail):
    """Refuse what can't be replayed before anything is made, and then empty the mailbox of an earlier replay."""
    try:
        read_days(first_day, last_day)
        read_ledger(ledger)
        prepare_mailbox(mail)
    except ReplayError as error:
        raise ToolboxError(str(error)) from error
