"""``make shell``: Odoo's shell on the demo's database."""

import subprocess
import sys

from toolbox import demo
from toolbox.console import ToolboxError
from toolbox.environment import ready


def open_shell(settings):
    """Talk to the demo's database, or run the script that comes on standard input."""
    if not sys.stdin:
        raise ToolboxError("There is no standard input.", "Give a script: make shell < script.py")
    with ready(settings) as environment:
        name = demo.database(environment)
        odoo = environment.odoo
        with odoo.configured(name) as config:
            words = odoo.command("shell", "-c", config, "--no-http", "--log-level=warn")
            result = subprocess.run(words, env=odoo.environment, check=False)
    return result.returncode
