"""Where everything lies, as the environment and the machine tell it."""

import hashlib
import os
import socket
from dataclasses import dataclass
from pathlib import Path

MODULE = "recobro_module"
ODOO_SERIES = "19.0"
CLONE = Path(__file__).resolve().parents[2]
SYSTEM_CACHE = Path("/var/cache/recobro")
SYSTEM_STATE = Path("/var/lib/recobro")


def is_root():
    """Whether this runs with all rights, as in a container."""
    return os.geteuid() == 0


def open_to_others(folder):
    """Whether another user of the machine can walk into the folder: each one above it must allow it."""
    existing = [path for path in (folder, *folder.parents) if path.exists()]
    return all(path.stat().st_mode & 0o001 for path in existing)


def short_hash(text):
    """A few characters that stand for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Settings:
    """The folders of one clone, and what its user brings along."""

    cache: Path
    """Can be shared by clones: Odoo, Python packages, prettier."""
    state: Path
    """This clone's own: databases, configuration, logs, mail."""
    server: Path
    """The embedded database server's folder."""
    odoo_home: str
    """The user's own Odoo 19, or nothing."""
    own_server: bool
    """Whether the user names a PostgreSQL server by the usual variables."""
    database_prefix: str

    @property
    def logs(self):
        """The folder of log files."""
        return self.state / "log"

    @property
    def addons(self):
        """This repository's addons: the module and what goes with it."""
        manifests = sorted(CLONE.glob(f"{MODULE}*/__manifest__.py"))
        return [manifest.parent for manifest in manifests]


def _cache_folder(environment):
    """The shared cache. As root the database server runs as another user, who must reach the programs in it."""
    if environment.get("RECOBRO_CACHE"):
        return Path(environment["RECOBRO_CACHE"]).expanduser().resolve()
    home = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    cache = Path(home).resolve() / "recobro"
    return SYSTEM_CACHE if is_root() and not open_to_others(cache) else cache


def _server_folder(state):
    """The database server's folder: in the state folder unless its user couldn't reach it there."""
    out_of_reach = is_root() and not open_to_others(state)
    return SYSTEM_STATE / short_hash(str(state)) / "postgres" if out_of_reach else state / "postgres"


def read_settings(environment=os.environ):
    """The settings of this clone on this machine; makes the state folder."""
    if is_root():
        os.umask(0o022)
    state = Path(environment.get("RECOBRO_STATE") or CLONE / ".build").resolve()
    (state / "log").mkdir(parents=True, exist_ok=True)
    own_server = bool(environment.get("PGHOST") or environment.get("PGPORT"))
    place = short_hash(f"{socket.gethostname()}:{state}")
    return Settings(
        cache=_cache_folder(environment),
        state=state,
        server=_server_folder(state),
        odoo_home=environment.get("ODOO_HOME", ""),
        own_server=own_server,
        database_prefix=f"recobro_{place}" if own_server else "recobro",
    )
