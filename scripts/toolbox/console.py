"""What the person at the terminal sees: steps with their time, and errors that say what to do.

How far it is goes to standard error, so that standard output has only what was asked for.
"""

import contextlib
import sys
import threading
import time

STARTED = time.monotonic()
QUIET_SECONDS = 15  # Without a terminal, a long step says that often that it's still at work.


class ToolboxError(Exception):
    """Something failed: the text says what, and ``advice`` what the person can do."""

    def __init__(self, text, advice=""):
        super().__init__(text)
        self.advice = advice

    def __str__(self):
        text = super().__str__()
        return f"{text}\n  {self.advice}" if self.advice else text


def say(text):
    """One line on standard output, at once."""
    print(text, flush=True)


def tell(text):
    """One line about how it goes, on standard error, at once."""
    print(text, file=sys.stderr, flush=True)


class _Ticker(threading.Thread):
    """Shows that a step is still at work, and with what."""

    def __init__(self, title, detail):
        super().__init__(daemon=True)
        self.title = title
        self.detail = detail or (lambda: "")
        self.started = time.monotonic()
        self.over = threading.Event()
        self.on_terminal = sys.stderr.isatty()

    def run(self):
        """Rewrite the step's line on a terminal; elsewhere add a line now and then."""
        while not self.over.wait(1 if self.on_terminal else QUIET_SECONDS):
            text = f"  {self.title} … {self.seconds():.0f} s {self.detail()}".rstrip()
            if self.on_terminal:
                print(f"\r\x1b[K{text[:100]}", end="", file=sys.stderr, flush=True)
            else:
                tell(text)

    def seconds(self):
        """How long the step has taken so far."""
        return time.monotonic() - self.started

    def finish(self, mark):
        """Stop the ticker, and leave one line about the step."""
        self.over.set()
        self.join()
        start = "\r\x1b[K" if self.on_terminal else ""
        tell(f"{start}{mark} {self.title} ({self.seconds():.1f} s)")


@contextlib.contextmanager
def step(title, detail=None):
    """Show a step while it runs; ``detail()`` gives a few words on where it is."""
    if not sys.stderr.isatty():
        tell(f"  {title} …")
    ticker = _Ticker(title, detail)
    ticker.start()
    try:
        yield
    except BaseException:
        ticker.finish("✗")
        raise
    ticker.finish("✓")
