"""What a replay leaves: the Maildir with the messages, and the journal beside it."""

import contextlib
import email
import email.utils
import json
import os
import shutil
from pathlib import Path

from ledger_replay.ledger import ReplayError

#: The folders of a Maildir.
FOLDERS = ("cur", "new", "tmp")
#: All addresses of a replay end like this: it is reserved, so no message could ever reach anybody.
DOMAIN = ".example"
JOURNAL = "journal.jsonl"


def journal_path(mailbox):
    """Return the path of the journal that goes with a Maildir."""
    return Path(mailbox).resolve().parent / JOURNAL


def prepare_mailbox(mailbox):
    """Make `mailbox` an empty Maildir; raise ReplayError when it holds anything but the mail of an earlier replay."""
    mailbox = Path(mailbox).resolve()
    check_mailbox(mailbox)
    for folder in FOLDERS:
        shutil.rmtree(mailbox / folder, ignore_errors=True)
        (mailbox / folder).mkdir(parents=True)
    for path in (mailbox / JOURNAL, journal_path(mailbox)):
        path.unlink(missing_ok=True)


def check_mailbox(mailbox):
    """Raise ReplayError when preparing the Maildir or its journal would remove what is not a replay's."""
    mailbox = Path(mailbox).resolve()
    advice = "Give another MAILBOX, or move it away."
    if mailbox.exists() and not mailbox.is_dir():
        raise ReplayError(f"{mailbox} is a file, not a folder. {advice}")
    strange = [path.name for path in mailbox.glob("*") if path.name not in (*FOLDERS, JOURNAL)]
    if strange:
        raise ReplayError(f"{mailbox} holds other things than a replay's mail, such as {strange[0]}. {advice}")
    for path in (path for folder in FOLDERS for path in (mailbox / folder).glob("*")):
        if not _is_of_a_replay(path):
            raise ReplayError(f"{mailbox} holds mail that is not of a replay, such as {path.name}. {advice}")
    journal = journal_path(mailbox)
    if journal.exists() and not _is_journal(journal):
        raise ReplayError(f"{journal} is not the journal of a replay, and would be replaced. {advice}")


def _is_of_a_replay(path):
    """Whether a message went to addresses that can only be a replay's."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        message = email.message_from_binary_file(file)
    receivers = email.utils.getaddresses(message.get_all("To", []) + message.get_all("Cc", []))
    return bool(receivers) and all(address.endswith(DOMAIN) for _name, address in receivers)


def _is_journal(path):
    """Whether the first line of a file is one of a journal."""
    with path.open(encoding="utf-8", errors="replace") as file:
        line = file.readline()
    try:
        return not line or "message_id" in json.loads(line)
    except (ValueError, TypeError):
        return False


class Journal:
    """One line a message or call; the Maildir keeps a second name of the file, lest the next replay replaces it."""

    def __init__(self, mailbox):
        self.path = journal_path(mailbox)
        self.file = self.path.open("x", encoding="utf-8")
        self.messages = 0
        with contextlib.suppress(OSError):  # where the file system has no second names there is one
            os.link(self.path, Path(mailbox) / JOURNAL)

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self.file.close()

    def write(self, entries):
        """Append entries (dicts), in their order."""
        for entry in entries:
            self.file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self.messages += entry["message_id"] is not None
        self.file.flush()
