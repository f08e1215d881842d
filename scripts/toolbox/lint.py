"""Checks of the code that need no database."""

import shutil
import subprocess
from pathlib import Path

from toolbox.console import ToolboxError, say, step, tell
from toolbox.files import only_one, whole_or_nothing
from toolbox.processes import run
from toolbox.settings import CLONE, short_hash

NODE_PACKAGES = CLONE / "scripts" / "package.json"
PRETTIER_GLOBS = ["recobro_module*/**/*.{xml,js,scss}"]


def check(settings, python_packages):
    """Run every check, show what each one finds, and fail at the end if one found something."""
    checks = _checks(settings, python_packages)
    failed = [name for name, command in checks.items() if not _passes(name, command)]
    if failed:
        raise ToolboxError(f"Not clean: {', '.join(failed)}.", "`make format` mends what is only a matter of form.")


def tidy(settings, python_packages):
    """Rewrite what is only a matter of form."""
    ruff = python_packages / "bin" / "ruff"
    for words in (["check", "--fix", "--quiet"], ["format", "--quiet"]):
        subprocess.run([ruff, *words, CLONE], cwd=CLONE, check=False)
    if prettier := _prettier(settings):
        subprocess.run([*prettier, "--write", "--log-level=warn", *PRETTIER_GLOBS], cwd=CLONE, check=True)


def _checks(settings, python_packages):
    """The checks and their commands."""
    tools = python_packages / "bin"
    addons, config = settings.addons, ["--config", CLONE / ".oca_hooks.cfg"]
    commands = {
        "ruff": [tools / "ruff", "check", "--quiet", CLONE],
        "ruff format": [tools / "ruff", "format", "--quiet", "--diff", CLONE],
    }
    if addons:
        # The addon's own readme is in its folder readme/.
        options = ["--rcfile", CLONE / "pyproject.toml", "--disable=missing-readme", "--jobs=2"]
        commands["pylint-odoo"] = [tools / "pylint", *options, *addons]
        commands["texts"] = [tools / "python", CLONE / "scripts" / "check_texts.py", *addons]
        commands["oca-checks-odoo-module"] = [tools / "oca-checks-odoo-module", *config, *addons]
        catalogues = [path for addon in addons for path in sorted(addon.glob("i18n/*.po*"))]
        if catalogues:
            commands["oca-checks-po"] = [tools / "oca-checks-po", *config, *catalogues]
        if prettier := _prettier(settings):
            commands["prettier"] = [*prettier, "--check", "--log-level=warn", *PRETTIER_GLOBS]
    return commands


def _passes(name, command):
    """Run one check and show what it finds; true when that is nothing."""
    try:
        with step(f"Lint: {name}"):
            result = subprocess.run(
                command, cwd=CLONE, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
            )
            if result.returncode:
                raise ToolboxError(result.stdout + result.stderr)
    except ToolboxError as error:
        say(str(error))
        return False
    return True


def _prettier(settings):
    """The command that runs prettier, or nothing where there is no npm: prettier is the only thing that needs it."""
    if not shutil.which("npm"):
        tell("  note: no npm on this machine: prettier, for the form of XML, JavaScript and SCSS, is left out.")
        return None
    folder = settings.cache / f"node-{short_hash(NODE_PACKAGES.read_text())}"
    with only_one(settings.cache / f"{folder.name}.lock", "installing prettier"):
        if not folder.is_dir():
            _install_prettier(folder, settings.logs / "prettier.log")
    plugin = folder / "node_modules" / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    return [folder / "node_modules" / ".bin" / "prettier", f"--plugin={plugin}", "--no-error-on-unmatched-pattern"]


def _install_prettier(folder: Path, log):
    """Install prettier with its plugin for XML."""
    with step("Lint: installing prettier"), whole_or_nothing(folder) as temporary:
        temporary.mkdir()
        shutil.copy(NODE_PACKAGES, temporary)
        npm = ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
        run(npm, log, "prettier could not be installed", "Is the network there? Call again to go on.", cwd=temporary)
