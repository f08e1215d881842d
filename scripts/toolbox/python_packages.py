"""The virtual environment with Odoo's requirements, the database server and the tools."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from toolbox.console import ToolboxError, step, tell
from toolbox.files import only_one, remove
from toolbox.processes import install_debian_package, read, run
from toolbox.settings import short_hash

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements.txt"
OLDEST, NEWEST = (3, 10), (3, 13)
STAMP = "complete"


def ensure(settings):
    """The folder of the virtual environment; makes it when it isn't there or isn't whole."""
    python = _fitting_python()
    version = read([python, "-c", "import sys; print(sys.version)"]) + os.path.realpath(python)
    folder = settings.cache / f"python-{short_hash(version + REQUIREMENTS.read_text())}"
    if not (folder / STAMP).exists():
        with only_one(settings.cache / f"{folder.name}.lock", "installing the Python packages"):
            if not (folder / STAMP).exists():
                _make(python, folder, settings.logs / "python-packages.log")
    return folder


def _fitting_python():
    """The Python that runs this, or another one on the path when this one is too old or too new."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return sys.executable
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f"python3.{minor}"):
            return found
    raise ToolboxError(
        f"This needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}; there is only {sys.version.split()[0]}.",
        "Install one of these and give its name: make PYTHON=python3.13 …",
    )


def _make(python, folder, log):
    """Make the environment in its place, for it can't be moved, and mark it as whole at the end."""
    with step("Python packages: making an environment"):
        remove(folder)
        _make_environment(python, folder, log)
    with step("Python packages: installing"):
        _install(folder, log)
    (folder / STAMP).touch()


def _make_environment(python, folder, log):
    """Debian keeps part of ``venv`` in a package of its own."""
    if subprocess.run([python, "-c", "import ensurepip, venv"], capture_output=True, check=False).returncode:
        install_debian_package("python3-venv", log, "An environment for Python packages")
    run([python, "-m", "venv", folder], log, "The Python environment could not be made")


def _install(folder, log):
    """Install the pinned packages with uv, which is fast; with pip where uv can't."""
    python = folder / "bin" / "python"
    advice = "Is the network there? Call again to go on."
    pip = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    run([*pip, "uv"], log, "Python packages could not be installed", advice)
    uv = [folder / "bin" / "uv", "pip", "install", "--quiet", "--python", python]
    try:
        run([*uv, "-r", REQUIREMENTS], log, "uv failed", env=_uv_environment(python))
    except ToolboxError:
        tell("  note: uv could not install the Python packages: trying pip, which takes longer.")
        run([*pip, "-r", REQUIREMENTS], log, "Python packages could not be installed", advice)


def _uv_environment(python):
    """uv doesn't read pip's configuration: hand it the index that is set there, and trust whom the system trusts."""
    trust = {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"}  # The older and the newer name.
    configured = read([python, "-m", "pip", "config", "get", "global.index-url"]).strip()
    index = os.environ.get("PIP_INDEX_URL") or configured
    return ({"UV_DEFAULT_INDEX": index} if index else {}) | trust | os.environ
