"""Files that are either whole or not there, and locks between commands that run at once."""

import contextlib
import fcntl
import os
import shutil
import time

from toolbox.console import tell

TRIES = 10


@contextlib.contextmanager
def whole_or_nothing(target):
    """A temporary name beside ``target``, renamed to it when the block ends well and removed when it doesn't."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(target)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        remove(temporary)


def _remove_leftovers(target):
    """Remove what commands that were killed left beside the target."""
    for leftover in target.parent.glob(f".{target.name}.*.part*"):
        if not is_alive(leftover.name.removeprefix(f".{target.name}.").split(".")[0]):
            remove(leftover)


def is_alive(process_id):
    """Whether a process with this number runs on this machine, and isn't this one."""
    if not process_id.isdigit() or int(process_id) == os.getpid():
        return False
    try:
        os.kill(int(process_id), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def remove(path):
    """Remove a file or a folder with all that is in it, if it's there."""
    if not path.is_dir() or path.is_symlink():
        path.unlink(missing_ok=True)
        return
    for _try in range(TRIES):
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        time.sleep(0.5)  # A program whose command was killed may still be writing.
    shutil.rmtree(path)


@contextlib.contextmanager
def only_one(lock_file, doing):
    """Wait until no other command does the same; the lock falls when the process ends, however it ends."""
    lock_file.parent.mkdir(parents=True, exist_ok=True)
    with lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell(f"  waiting for another command that is {doing} …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Users:
    """Who uses a thing at the moment, so that the last one out can turn it off."""

    def __init__(self, lock_file):
        lock_file.parent.mkdir(parents=True, exist_ok=True)
        self.lock = lock_file.open("w")

    def enter(self):
        """Be counted as a user."""
        fcntl.flock(self.lock, fcntl.LOCK_SH)

    def leave(self):
        """Stop being a user; true when no other one is left, and then none can enter until ``close``."""
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self):
        """Let others in again."""
        self.lock.close()
