"""Faults in what is only looked at: told to a person, they keep nothing else of the day from being done."""

import logging

from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

_WARNING = "mail.mail_activity_data_warning"


def tried(env, faults, function, *args):
    """Call `function(env, *args)`, of which nothing is kept when it fails; its fault is logged, and added to `faults`.

    What other workers are in the way of is no fault: the whole transaction is tried again (`retries`).
    """
    try:
        with env.cr.savepoint():
            function(env, *args)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        _logger.exception("%s.%s failed", function.__module__, function.__name__)
        faults.append(str(error) or type(error).__name__)


def tell(run, faults):
    """Keep on the run what failed at its end, and tell a person, unless the last time is still to be looked at."""
    if not faults:
        return
    env = run.env
    failed = [("company_id", "=", run.company_id.id), ("error", "!=", False), ("state", "=", "done")]
    before = env["recobro.run"].search([*failed, ("id", "!=", run.id)], order="id desc", limit=1)
    run.error = env._(
        "The messages went out and the cases are closed as on any day, but some figures of it could not be kept. It "
        "says: %(error)s",
        error="\n".join(faults),
    )
    if not before.activity_search([_WARNING]):
        run._warn(env._("Figures of the day are missing"), run.error)
