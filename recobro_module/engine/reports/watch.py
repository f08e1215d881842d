"""What is wrong with the reports by mail: one that failed, mails that did not leave, a reader without the right."""

from odoo.tools import format_date

from . import mailing


def troubles(env, company):
    """Yield (kind of alert, function that says it in the language of an environment) of a main company.

    :param env: in sudo.
    """
    if not any(mailing.chosen(company, kind) for kind in mailing.KINDS):
        return
    words = _not_sent(env, company)
    if words:
        yield "report", words
    if _refusals(env, company):
        yield "recipient", lambda env: " ".join(_refusals(env(su=True), company))


def _not_sent(env, company):
    """Return a function that says why a report does not go out, None when nothing is wrong."""
    scheduled = env.ref("recobro_module.ir_cron_figures_mail", raise_if_not_found=False)
    if not scheduled or not scheduled.active:
        return lambda env: env._("The scheduled action that sends the reports by mail is switched off or deleted.")
    last = env["recobro.figures.mail"].search([("company_id", "=", company.id), ("state", "=", "failed")], limit=1)
    if last and (last.kind, last.period) in mailing.due(env, company):
        return lambda env: env._(
            "The report about the time from %(day)s could not be sent. It is tried again each hour. It says: %(error)s",
            day=format_date(env, last.period),
            error=last.error,
        )
    rows = env["recobro.figures.mail"].search([("company_id", "=", company.id)], limit=10)
    mails = [("model", "=", rows._name), ("res_id", "in", rows.ids), ("state", "=", "exception")]
    stuck = env["mail.mail"].search(mails, limit=1)
    if stuck:
        return lambda env: env._(
            "A report did not reach %(address)s. The mail server says: %(error)s",
            address=stuck.email_to,
            error=stuck.failure_reason or "",
        )
    return None


def _refusals(env, company):
    """Return why some of those who were chosen get no report, a sentence each."""
    company = company.with_env(env)
    found = [mailing.refusal(company, user, kind) for kind in mailing.KINDS for user in mailing.chosen(company, kind)]
    return list(dict.fromkeys(filter(None, found)))
