"""``make shell``: Odoo's shell on the demo's database."""

import sys

from toolbox import demo
from toolbox.console import ToolboxError
from toolbox.environment import ready
from toolbox.processes import attend


def open_shell(settings):
    """Talk to the demo's database, or run the script that comes on standard input."""
    if not sys.stdin:
        raise ToolboxError("There is no standard input.", "Give a script: make shell < script.py")
    with ready(settings) as environment:
        name = demo.database(environment)
        odoo = environment.odoo
        with demo.mailbox_running(environment) as smtp_port, odoo.configured(name, smtp_port=smtp_port) as config:
            quiet = ["--log-level=warn", "--log-handler=py.warnings:ERROR"]
            words = odoo.command("shell", "-c", config, "--no-http", *quiet)
            return attend(words, interruptible=False, env=odoo.environment)
