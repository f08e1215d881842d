"""What is wrong with the reports by mail: one that failed, mails that did not arrive, a reader without the right."""

import logging
from datetime import timedelta

from odoo.tools import format_date

from .. import clock
from . import mailing

_logger = logging.getLogger(__name__)
#: How late the scheduled action may be before somebody is told.
_PATIENCE = timedelta(hours=3)


def troubles(env, company):
    """Yield (kind of alert, function that says it in the language of an environment) of a main company.

    :param env: in sudo.
    """
    if not any(mailing.chosen(company, kind) for kind in mailing.KINDS):
        return
    for kind, sentences in (("report", _not_sent), ("recipient", _refusals)):
        if sentences(env, company):
            yield kind, lambda env, sentences=sentences: " ".join(sentences(env(su=True), company))


def _not_sent(env, company):
    """Return what keeps reports from those who were chosen, a sentence each."""
    company = company.with_env(env)
    try:
        with env.cr.savepoint():
            is_owed = bool(mailing.owed(env, company))
    except Exception as error:  # whatever it is, somebody has to be told: nothing goes out until it is mended
        _logger.exception("What reports %s is owed can't be told", company.name)
        return [env._("The reports can't be sent. The server says: %(error)s", error=error)]
    return [*_standstill(env, is_owed), *_failed(env, company), *_not_arrived(env, company)]


def _standstill(env, is_owed):
    """Return why nothing goes out at all, as a list."""
    scheduled = env.ref("recobro_module.ir_cron_figures_mail", raise_if_not_found=False)
    if not scheduled or not scheduled.active:
        return [env._("The scheduled action that sends the reports by mail is switched off or deleted.")]
    if is_owed and scheduled.nextcall < clock.moment(env) - _PATIENCE:
        return [env._("The scheduled action that sends the reports by mail does not run, although it is its time.")]
    return []


def _failed(env, company):
    """Return a sentence for each report that could not be sent and that nobody gave up."""
    found = []
    for row in env["recobro.figures.mail"].search([("company_id", "=", company.id), ("state", "=", "failed")]):
        if not mailing.recipients(company, row.kind):
            continue
        values = {"day": format_date(env, row.period), "error": row.error}
        if row.kind == mailing.MONTHLY:
            found.append(
                env._(
                    "The monthly report from %(day)s could not be sent, and is tried each hour. It says: %(error)s",
                    **values,
                )
            )
        else:
            found.append(
                env._(
                    "The team's week from %(day)s could not be sent, and is tried each hour. It says: %(error)s",
                    **values,
                )
            )
    return found


def _not_arrived(env, company):
    """Return a sentence for each address that the last report of a kind did not reach."""
    rows = env["recobro.figures.mail"]
    for kind in mailing.KINDS:
        rows |= rows.search([("company_id", "=", company.id), ("kind", "=", kind)], limit=1)
    return [
        env._(
            "The report from %(day)s did not reach %(address)s. The mail server says: %(error)s",
            day=format_date(env, row.period),
            address=mail.email_to,
            error=mail.failure_reason or "",
        )
        for row in rows
        for mail in row._not_arrived()
    ]


def _refusals(env, company):
    """Return why some of those who were chosen get no report, a sentence each."""
    company = company.with_env(env)
    found = [mailing.refusal(company, user, kind) for kind in mailing.KINDS for user in mailing.chosen(company, kind)]
    return list(dict.fromkeys(filter(None, found)))
