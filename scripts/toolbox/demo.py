"""``make demo``: the demo ledger in a database, and Odoo on it in the foreground."""

import contextlib
import time
import urllib.error
import urllib.request

from toolbox import mailbox
from toolbox.console import STARTED, ToolboxError, say, step
from toolbox.environment import ready
from toolbox.files import only_one
from toolbox.processes import in_background, last_lines

SECONDS_TO_START = 120
# What the database itself could send outside: by mail servers set up in it, or to its makers' update service.
QUIET = """
UPDATE ir_mail_server SET active = false;
UPDATE fetchmail_server SET active = false;
UPDATE ir_cron SET active = false WHERE id IN
    (SELECT res_id FROM ir_model_data WHERE module = 'mail' AND name = 'ir_cron_module_update_notification');
"""
ASSETS = """
bundle = env["ir.qweb"]._get_asset_bundle("web.assets_web")
bundle.js(), bundle.css()
env.cr.commit()
"""


def database(environment):
    """The name of the demo's database: made or upgraded when it isn't what the code says."""
    databases, odoo, modules = environment.databases, environment.odoo, environment.all_modules
    name, note = databases.name("demo"), environment.fingerprint()
    with only_one(environment.settings.state / "demo.lock", "preparing the demo's database"):
        if not databases.exists(name):
            with databases.new(name, note=note) as new:
                odoo.install(new, modules, "Demo: installing Odoo, the module and the demo ledger", "--with-demo")
                _make_quick_and_quiet(environment, new)
        elif databases.note(name) != note:
            with _not_in_use(), databases.new(name, template=name, note=note) as new:
                odoo.upgrade(new, modules, "Demo: upgrading the module, for its code changed")
                _make_quick_and_quiet(environment, new)
    return name


def _make_quick_and_quiet(environment, name):
    """Bundle the web client's files, so that the first page comes at once, and send nothing outside."""
    environment.odoo.script(name, ASSETS, "Demo: bundling the web client")
    environment.odoo.server.psql(QUIET, name)


@contextlib.contextmanager
def _not_in_use():
    """Say what to do when the database can't be copied for somebody is connected to it."""
    try:
        yield
    except ToolboxError as error:
        if "being accessed by other users" in str(error):
            raise ToolboxError(
                "The demo's database is to be upgraded, but it is in use.", "Stop the demo or shell that runs, first."
            ) from error
        raise


def serve(settings, port):
    """Run the demo until it is interrupted."""
    if mailbox.is_listening(port):
        raise ToolboxError(f"Something listens on port {port} already.", f"Take another: make demo PORT={port + 1}")
    with ready(settings) as environment:
        name = database(environment)
        environment.odoo.server.psql(QUIET, name)
        with mailbox_running(environment) as smtp_port:
            _serve(environment, name, port, smtp_port)


def mail_folder(settings):
    """The Maildir where all mail of the demo lands."""
    return settings.state / "mail"


def mailbox_running(environment):
    """The port of the mail server that fills this folder, while the block runs."""
    settings = environment.settings
    return mailbox.running(environment.odoo.python, mail_folder(settings), settings.logs / "mail-server.log")


def _serve(environment, name, port, smtp_port):
    """Odoo itself, and the lines that say it is ready."""
    odoo = environment.odoo
    log = environment.settings.logs / "demo.log"
    log.unlink(missing_ok=True)
    ports = {"http_port": port, "gevent_port": mailbox.free_port(), "smtp_port": smtp_port}
    with (
        odoo.configured(name, **ports, max_cron_threads=1) as config,
        in_background(odoo.command("-c", config), log, env=odoo.environment) as process,
    ):
        with step("Demo: starting Odoo"):
            _wait_until_ready(process, port, log)
        say(f"  Odoo's log is {log}")
        say(f"  Every mail is kept in the Maildir {mail_folder(environment.settings)} and goes nowhere else.")
        say(
            f"Ready after {time.monotonic() - STARTED:.0f} s: http://127.0.0.1:{port} login admin, password admin"
            " (Ctrl-C stops it)"
        )
        if process.wait():
            raise ToolboxError(f"Odoo ended with an error. The end of {log}:\n{last_lines(log)}")


def _wait_until_ready(process, port, log):
    """Wait for the login page."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ToolboxError(f"Odoo doesn't start. The end of {log}:\n{last_lines(log)}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/web/login", timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise ToolboxError(f"Odoo gives no page within {SECONDS_TO_START} s. The end of {log}:\n{last_lines(log)}")
