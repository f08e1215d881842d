"""Other programs, run with a log file and an error that quotes its end."""

import collections
import contextlib
import shutil
import signal
import subprocess
from pathlib import Path

from toolbox.console import ToolboxError
from toolbox.settings import is_root

LINES_QUOTED = 15
SECONDS_TO_STOP = 15


def bound(command):
    """The command, ended by the system when this process is killed, so that none is left behind that works on."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--", *command] if setpriv else command


def last_lines(path, count=LINES_QUOTED):
    """The end of a log file, indented."""
    if not path.exists():
        return ""
    with path.open(errors="replace") as lines:
        return "".join(f"    {line}" for line in collections.deque(lines, count)).rstrip()


def run(command, log, failure, advice="", **options):
    """Run a program to its end, its output in ``log``; ``failure`` names what failed when it ends with an error."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        output.write(f"$ {' '.join(map(str, command))}\n")
        output.flush()
        try:
            result = subprocess.run(
                bound(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **options,
            )
        except OSError as error:
            raise ToolboxError(f"{failure}: {error}", advice) from error
    if result.returncode:
        raise ToolboxError(f"{failure}. The end of {log}:\n{last_lines(log)}", advice)


def attend(command, interruptible=True, **options):
    """Run a program in the foreground to its end; its exit code.

    Ctrl-C reaches it too: it gets time to put its things away; one that is not ``interruptible`` goes on.
    """
    before = signal.getsignal(signal.SIGINT)
    if not interruptible:
        signal.signal(signal.SIGINT, lambda *_signal: None)
    process = subprocess.Popen(bound(command), **options)
    try:
        return process.wait()
    finally:
        stop(process, signal.SIGINT)
        signal.signal(signal.SIGINT, before)


def command_line(process_id):
    """The command line of a process, or nothing when there is no such process."""
    if Path("/proc/self").exists():
        path = Path(f"/proc/{process_id}/cmdline")
        return path.read_text().replace("\0", " ") if path.exists() else ""
    return read(["ps", "-o", "command=", "-p", str(process_id)])


def read(command, **options):
    """What a program prints, or nothing when it isn't there or ends with an error."""
    try:
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, **options
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


def install_debian_package(package, log, purpose):
    """Install a package of the machine's own Debian where this is possible; say what to install where it isn't."""
    apt = shutil.which("apt-get")
    if not (apt and is_root()):
        command = f"sudo apt-get install {package}" if apt else f"your system's package like Debian's {package}"
        raise ToolboxError(f"{purpose} needs {package}, which is not installed.", f"Install it: {command}")
    failure = f"{package}, which {purpose} needs, could not be installed"
    run([apt, "update"], log, failure)
    run(
        [apt, "install", "-y", "--no-install-recommends", package],
        log,
        failure,
        advice=f"Try it by hand: apt-get install {package}",
    )


@contextlib.contextmanager
def in_background(command, log, **options):
    """Run a program while the block runs, and then end it: by its own process, never by name."""
    with log.open("a") as output:
        process = subprocess.Popen(
            bound(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process, kindly=signal.SIGTERM):
    """End a process that we started: kindly first."""
    if process.poll() is None:
        process.send_signal(kindly)
        try:
            process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
