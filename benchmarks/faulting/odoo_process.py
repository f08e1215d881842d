"""Odoo in a process of ours: the way in for the seeding and the bookkeeper, and a server that lives at another time.

python -m faulting.odoo_process --at 2025-03-30T00:59:40 --smtp-timeout 6 -- -c odoo.conf …
"""

import argparse
import contextlib
import sys


@contextlib.contextmanager
def opened(config_path, database):
    """An environment of the superuser on a database."""
    import odoo.init  # noqa: F401 - before any other part of it
    from odoo import SUPERUSER_ID, api
    from odoo.modules.registry import Registry
    from odoo.tools import config

    quiet = ["--no-http", "--log-level=warn", "--log-handler=py.warnings:ERROR"]
    config.parse_config(["-c", config_path, "-d", database, *quiet], setup_logging=True)
    with Registry(database).cursor() as cursor:
        yield api.Environment(cursor, SUPERUSER_ID, {})


def serve(at, smtp_timeout, arguments):
    """Run Odoo's server as its own command does, with the clock that began at the moment `at` (UTC).

    The clock goes on from there. PostgreSQL keeps the real time: only Odoo's scheduler asks it, and it runs what is
    due in both.
    """
    if at:
        from freezegun import freeze_time

        freeze_time(at, tick=True).start()
    import odoo.cli
    import odoo.init  # noqa: F401 - before any addon

    from odoo.addons.base.models import ir_mail_server

    if smtp_timeout:
        ir_mail_server.SMTP_TIMEOUT = smtp_timeout
    sys.argv = ["odoo", *arguments]
    odoo.cli.main()


def main():
    """Read the options and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at", default="")
    parser.add_argument("--smtp-timeout", type=float, default=0)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    serve(options.at, options.smtp_timeout, [word for word in options.arguments if word != "--"])


if __name__ == "__main__":
    main()
