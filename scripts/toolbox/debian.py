"""Debian packages unpacked into a folder of ours, without touching what the machine has installed."""

import os
import shutil
from pathlib import Path

from toolbox.console import ToolboxError, step
from toolbox.processes import read, run

KEYRINGS = [Path(f"/usr/share/keyrings/debian-archive-keyring.{ending}") for ending in ("gpg", "pgp")]
OWN_ODOO = (
    "Give the path of an Odoo 19 that you have instead, a checkout or an installation: make ODOO_HOME=/path/to/odoo …"
)


class PrivateApt:
    """An apt with its own list of sources, in a folder of ours: it needs no rights and changes nothing outside."""

    def __init__(self, folder, suites, log):
        self.folder = folder
        self.suites = suites
        self.log = log
        self._check_machine()

    def _check_machine(self):
        """Only Debian and what is made from it has the tools."""
        missing = [name for name in ("apt-get", "dpkg-deb") if not shutil.which(name)]
        if missing or not any(keyring.exists() for keyring in KEYRINGS):
            raise ToolboxError("Odoo 19 is taken from Debian's packages, and this machine is no Debian.", OWN_ODOO)

    @staticmethod
    def mirrors():
        """The addresses of the mirrors in the machine's own apt configuration."""
        listed = read(["apt-get", "indextargets", "--format", "$(SITE) $(COMPONENT)"])
        sites = [line.split()[0] for line in listed.splitlines() if line.endswith(" main")]
        return [site for site in dict.fromkeys(sites) if "security" not in site]

    def options(self):
        """What makes apt keep to the folder."""
        places = {
            "Dir::Etc::SourceList": self.folder / "sources.list",
            "Dir::Etc::SourceParts": "/dev/null",
            "Dir::State::Lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
        }
        return [word for name, value in places.items() for word in ("-o", f"{name}={value}")]

    def update(self):
        """Read the lists of packages from the first mirror that has our suites."""
        mirrors = self.mirrors()
        if not mirrors:
            raise ToolboxError("The machine's apt names no Debian mirror.", f"See /etc/apt/sources.list. {OWN_ODOO}")
        for place in ("lists/partial", "cache/archives/partial", "packages"):
            (self.folder / place).mkdir(parents=True, exist_ok=True)
        keyring = next(keyring for keyring in KEYRINGS if keyring.exists())
        for mirror in mirrors:
            lines = [f"deb [signed-by={keyring}] {mirror} {suite} main\n" for suite in self.suites]
            (self.folder / "sources.list").write_text("".join(lines))
            try:
                # Without this option apt is content with the old lists, or with none.
                strict = ["-o", "APT::Update::Error-Mode=any"]
                run(["apt-get", *self.options(), *strict, "update"], self.log, "Debian's lists could not be read")
                return
            except ToolboxError as error:
                last_error = error
        raise ToolboxError(str(last_error), f"Is the network there? Call again to go on. {OWN_ODOO}")

    def download(self, packages):
        """The packages' files; a name may carry its suite: ``name/suite``."""
        run(
            ["apt-get", *self.options(), "download", *packages],
            self.log,
            "Debian's packages could not be downloaded",
            advice=f"Call again to go on. {OWN_ODOO}",
            cwd=self.folder / "packages",
        )
        return sorted((self.folder / "packages").glob("*.deb"))


def unpack(packages, suites, root, log):
    """Download packages and unpack them all into the folder ``root``."""
    workshop = root.with_name(f"{root.name}.apt")
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(parents=True)
    apt = PrivateApt(workshop, suites, log)
    try:
        with step("Odoo 19: reading Debian's lists of packages"):
            apt.update()
        with step("Odoo 19: downloading (130 MB)"):
            files = apt.download(packages)
        root.mkdir()
        with step("Odoo 19: unpacking"):
            for file in files:
                run(["dpkg-deb", "-x", os.fspath(file), os.fspath(root)], log, f"{file.name} could not be unpacked")
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
