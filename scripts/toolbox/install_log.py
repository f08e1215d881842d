"""What Odoo's log tells about our modules: warnings that Odoo goes on from, and that we don't accept.

The log is of a database where all that we depend on was installed before: what is warned of in it is our making, even
where Odoo does not name us, as for attributes that it ignores. Warnings of Python itself count where they name us.
"""

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
    """The warnings and errors about us.

    >>> problems("2026-01-01 10:00:00,000 1 WARNING recobro_test x: no access rules for recobro.case\\n")
    ['x: no access rules for recobro.case']
    >>> problems("2026-01-01 10:00:00,000 1 WARNING recobro_test odoo.registry: _sql_constraints is ignored\\n")
    ['odoo.registry: _sql_constraints is ignored']
    >>> problems("2026-01-01 10:00:00,000 1 WARNING ? py.warnings: /lib/x.py:1: DeprecationWarning: x\\n")
    []
    """
    found = []
    for entry in entries(text):
        message = entry["text"].replace(f"{CLONE}/", "").replace(entry["database"], "")
        while_loading = entry["database"] != "?" and not message.startswith("py.warnings")
        if entry["level"] in BAD_LEVELS and (while_loading or OURS.search(message)):
            found.append(message.strip())
    return found


def check(log):
    """Fail when the log has a warning or an error about us."""
    if found := problems(log.read_text(errors="replace")):
        quoted = "\n".join(f"    {message}" for message in found)
        raise ToolboxError(f"Installing the module gave {len(found)} warnings or errors:\n{quoted}", f"See {log}")
