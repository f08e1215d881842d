"""A mail server on this machine alone, which keeps every message in a folder and sends none on."""

import contextlib
import socket
import time

from toolbox.console import ToolboxError
from toolbox.processes import in_background, last_lines

SECONDS_TO_START = 15


def free_port():
    """A port that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_listening(port):
    """Whether something listens on the port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def running(python, folder, log):
    """The port of a mail server while the block runs; ``folder`` is a Maildir, made when it isn't there."""
    port = free_port()
    folder.parent.mkdir(parents=True, exist_ok=True)
    handler = ["-c", "aiosmtpd.handlers.Mailbox", folder]
    command = [python, "-m", "aiosmtpd", "-n", "-l", f"127.0.0.1:{port}", *handler]
    with in_background(command, log) as process:
        deadline = time.monotonic() + SECONDS_TO_START
        while not is_listening(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise ToolboxError(f"The mail server for {folder} doesn't start:\n{last_lines(log)}")
            time.sleep(0.1)
        yield port
