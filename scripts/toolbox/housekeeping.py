"""``make clean``: stop what runs in this clone, and remove what it made."""

import contextlib
import os
import signal
import time

from toolbox import postgres
from toolbox.console import ToolboxError, say, step
from toolbox.files import remove
from toolbox.processes import command_line

SECONDS_TO_STOP = 60
SECONDS_TO_KEEP_LOGS = 24 * 60 * 60


@contextlib.contextmanager
def registered(settings):
    """Leave this process's number while the block runs, so that ``make clean`` can end it."""
    _remove_old_logs(settings)
    mark = settings.state / "running" / str(os.getpid())
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _remove_old_logs(settings):
    """Remove the logs of databases that are long gone."""
    for log in settings.logs.glob("*_p*.log"):
        if time.time() - log.stat().st_mtime > SECONDS_TO_KEEP_LOGS:
            log.unlink(missing_ok=True)


def clean(settings):
    """Remove the clone's databases, configuration, logs and mail; the shared cache stays."""
    running = [int(mark.name) for mark in settings.state.glob("running/*") if _is_ours(mark.name)]
    for process_id in running:
        with step(f"Stopping process {process_id}"):
            os.kill(process_id, signal.SIGTERM)
            _wait_for(process_id)
    postgres.remove_embedded(settings)
    remove(settings.state)
    say(f"Removed {settings.state}. What clones share stays in {settings.cache}: remove it by hand if you want to.")
    if settings.own_server:
        say(f"The databases {settings.database_prefix}_* on your PostgreSQL server stay: drop them with dropdb.")


def _is_ours(process_id):
    """Whether a process is still the command that left its number: numbers are used again."""
    return "recobro.py" in command_line(process_id)


def _wait_for(process_id):
    """Wait until the process has put its things away."""
    deadline = time.monotonic() + SECONDS_TO_STOP
    while _is_ours(process_id):
        if time.monotonic() > deadline:
            raise ToolboxError(f"Process {process_id} doesn't stop.", "End it by hand and call again.")
        time.sleep(0.1)
