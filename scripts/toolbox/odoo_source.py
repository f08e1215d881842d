"""Odoo 19 itself: the user's own, or Debian's package unpacked into the cache."""

import re
from dataclasses import dataclass
from pathlib import Path

from toolbox import debian
from toolbox.console import ToolboxError
from toolbox.files import only_one, whole_or_nothing
from toolbox.settings import ODOO_SERIES, short_hash

PACKAGES = [
    "odoo-19/sid",
    # The package links its fonts and scripts to these.
    "libjs-jquery/sid",
    "libjs-jquery-form/sid",
    "libjs-underscore/sid",
    "fonts-roboto-unhinted/sid",
    "fonts-montserrat/sid",
    "fonts-ocr-b/sid",
    # Newer ones renamed their files, and the links would lead nowhere.
    "fonts-font-awesome/trixie",
    "fonts-inconsolata/trixie",
]
SUITES = ["sid", "trixie"]
PACKAGES_FOLDER = "usr/lib/python3/dist-packages"
# Debian leaves this script out for its licence; without the file every page logs an error.
STRIPPED = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
STUB = "/* The background blur of calls is not part of this distribution. */\n"


@dataclass(frozen=True)
class OdooSource:
    """A tree that holds the Python package ``odoo``."""

    home: Path

    @property
    def addons(self):
        """The folder of addons beside the package: a checkout has it; Debian's is an incomplete leftover."""
        inside = self.home / "odoo" / "addons" / "web" / "__manifest__.py"
        beside = self.home / "addons" / "web" / "__manifest__.py"
        return [self.home / "addons"] if beside.exists() and not inside.exists() else []

    def addon(self, name):
        """The folder of one of Odoo's own addons."""
        folders = [folder / name for folder in (self.home / "odoo" / "addons", *self.addons)]
        return next(folder for folder in folders if (folder / "__manifest__.py").exists())

    @property
    def key(self):
        """Changes when the tree is another one or of another day."""
        release = self.home / "odoo" / "release.py"
        return short_hash(f"{self.home}:{release.stat().st_mtime_ns}")


def ensure(settings):
    """The Odoo to use; fetches one when the user brings none."""
    if settings.odoo_home:
        return _own(Path(settings.odoo_home).expanduser().resolve())
    name = f"odoo-{ODOO_SERIES}-{short_hash(' '.join(PACKAGES))}"
    root = settings.cache / name
    if not root.is_dir():
        with only_one(settings.cache / f"{name}.lock", "fetching Odoo 19"):
            if not root.is_dir():
                _fetch(root, settings.logs / "odoo-fetch.log")
    return OdooSource(root / PACKAGES_FOLDER)


def _own(path):
    """The user's own tree: a checkout, an installation, or the folder ``odoo`` in one of these."""
    for home in (path, path.parent, path / PACKAGES_FOLDER, *path.glob("lib/python3*/site-packages")):
        release = home / "odoo" / "release.py"
        if release.is_file():
            version = re.search(r"version_info\s*=\s*\(\D*(\d+)[,\s]+(\d+)", release.read_text())
            if not version or ".".join(version.groups()) != ODOO_SERIES:
                raise ToolboxError(f"The Odoo at ODOO_HOME={path} is not Odoo {ODOO_SERIES}.")
            return OdooSource(home)
    raise ToolboxError(
        f"There is no Odoo at ODOO_HOME={path}.",
        "Give the folder of an Odoo 19 checkout (with odoo-bin in it), or the one where its package odoo is installed.",
    )


def _fetch(root, log):
    """Unpack Debian's Odoo into the folder ``root``."""
    with whole_or_nothing(root) as temporary:
        debian.unpack(PACKAGES, SUITES, temporary, log)
        stripped = temporary / PACKAGES_FOLDER / STRIPPED
        stripped.parent.mkdir(parents=True, exist_ok=True)
        stripped.write_text(STUB)
