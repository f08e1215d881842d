"""Databases and the files that go with each: made under a temporary name, so that one that is there is whole."""

import contextlib
import os
import shutil
import time

from toolbox.console import ToolboxError
from toolbox.files import is_alive, remove

#: How often, and how many seconds apart, a database is tried to be removed that the server vacuums just now.
_TRIES_TO_DROP, _WAIT_TO_DROP = 15, 2

# Each test is rolled back. Vacuumed in between, a table is taken for empty, and the plans for it take seconds.
WITHOUT_VACUUM = """
DO $$ DECLARE name text;
BEGIN
    FOR name IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', name);
    END LOOP;
END $$
"""


class Databases:
    """The databases of one clone on its server."""

    def __init__(self, server, data_folder, prefix):
        self.server = server
        self.filestore = data_folder / "filestore"
        self.prefix = prefix
        self._drop_leftovers()

    def name(self, purpose):
        """The name of the clone's database for a purpose."""
        return f"{self.prefix}_{purpose}"

    def passing_name(self, purpose):
        """A name for a database that lives no longer than this command."""
        return f"{self.prefix}_{purpose}_p{os.getpid()}"

    def exists(self, name):
        """Whether a database of this name is there."""
        return self.server.psql(f"SELECT 1 FROM pg_database WHERE datname = '{name}'") == "1"

    def note(self, name):
        """The note that was left on a database."""
        return self.server.psql(
            f"SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{name}'"
        )

    def create(self, name, template=None):
        """A new database: empty, or a copy with its files."""
        if template:
            # By files: the template is large, and nobody is connected to it.
            self.server.program("createdb", "-T", template, "--strategy=file_copy", name)
            if (self.filestore / template).is_dir():
                shutil.copytree(self.filestore / template, self.filestore / name)
        else:
            self.server.program("createdb", "-T", "template0", "-E", "UTF8", "--lc-collate=C", name)

    def keep_from_vacuum(self, name):
        """Leave the tables of a database for tests, and of its copies, as they are."""
        self.server.psql(WITHOUT_VACUUM, name)

    def drop(self, name):
        """Remove a database and its files; who is connected is cut off.

        Only the server's own vacuum can't be: it is waited for.
        """
        for tries_left in reversed(range(_TRIES_TO_DROP)):
            try:
                self.server.program("dropdb", "--force", "--if-exists", name)
                break
            except ToolboxError as error:
                if not tries_left or "terminate process" not in str(error):
                    raise
                time.sleep(_WAIT_TO_DROP)
        remove(self.filestore / name)

    @contextlib.contextmanager
    def new(self, name, template=None, note=""):
        """A database under a temporary name, which takes ``name``, instead of an older one, if the block ends well."""
        temporary = self.passing_name("part")
        self.drop(temporary)
        self.create(temporary, template)
        try:
            yield temporary
        except BaseException:
            self.drop(temporary)
            raise
        self.drop(name)
        if (self.filestore / temporary).is_dir():
            (self.filestore / temporary).rename(self.filestore / name)
        self.server.psql(f"ALTER DATABASE {temporary} RENAME TO {name}; COMMENT ON DATABASE {name} IS '{note}'")

    @contextlib.contextmanager
    def passing(self, purpose, template=None):
        """A database that is dropped when the block ends."""
        name = self.passing_name(purpose)
        self.drop(name)
        self.create(name, template)
        try:
            yield name
        finally:
            self.drop(name)

    def _drop_leftovers(self):
        """Drop the passing databases of commands that were killed."""
        pattern = self.prefix.replace("_", r"\_")
        names = self.server.psql(rf"SELECT datname FROM pg_database WHERE datname LIKE '{pattern}\_%'")
        for name in names.split():
            process_id = name.rpartition("_p")[2].split("-")[0]
            if process_id.isdigit() and not is_alive(process_id):
                self.drop(name)
