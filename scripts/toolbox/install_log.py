"""What Odoo's log tells about our modules: warnings that Odoo goes on from, and that we don't accept."""

import re

from toolbox.console import ToolboxError
from toolbox.settings import CLONE, MODULE

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d [\d:,]+ \d+ (?P<level>[A-Z]+) (?P<database>\S+) (?P<text>.*)", re.DOTALL)
BAD_LEVELS = {"WARNING", "ERROR", "CRITICAL"}
OURS = re.compile(rf"{MODULE}|\brecobro[._]")


def entries(text):
    """The log cut into entries: a line that doesn't begin with a date belongs to the entry before it.

    >>> log = "2026-01-01 10:00:00,000 1 INFO d a: one\\n2026-01-01 10:00:00,000 1 ERROR d b: two\\n  more\\n"
    >>> [entry["text"] for entry in entries(log)]
    ['a: one\\n', 'b: two\\n  more\\n']
    """
    parts = re.split(r"^(?=\d{4}-\d\d-\d\d \d\d:)", text, flags=re.MULTILINE)
    return [match.groupdict() for part in parts if (match := ENTRY.match(part))]


def problems(text):
    """The warnings and errors that name a module or a model of ours.

    >>> problems("2026-01-01 10:00:00,000 1 WARNING recobro_test x: no access rules for recobro.case\\n")
    ['x: no access rules for recobro.case']
    >>> problems("2026-01-01 10:00:00,000 1 WARNING recobro_test x: unaccent is missing\\n")
    []
    """
    found = []
    for entry in entries(text):
        message = entry["text"].replace(f"{CLONE}/", "").replace(entry["database"], "")
        if entry["level"] in BAD_LEVELS and OURS.search(message):
            found.append(message.strip())
    return found


def check(log):
    """Fail when the log has a warning or an error about us."""
    if found := problems(log.read_text(errors="replace")):
        quoted = "\n".join(f"    {message}" for message in found)
        raise ToolboxError(f"Installing the module gave {len(found)} warnings or errors:\n{quoted}", f"See {log}")
