"""When the reports go out by mail, to whom, and in which language.

Each is due from the first working day of its month or week on, at the hour of the daily run, until that time is
over: a day on which the server slept is caught up. What was sent is kept by `recobro.figures.mail`, in the transaction
that queues the mails: it is sent once. What failed is tried again until it is sent, or somebody gives it up.
"""

import base64
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from .. import clock
from . import monthly, monthly_charts, team, team_words

MONTHLY, WEEKLY = "monthly", "weekly"
KINDS = (MONTHLY, WEEKLY)
#: Who may read each report: the figures of the ledger as on the dashboard, those of the team as in its report.
_GROUPS = {
    MONTHLY: ("recobro_module.group_recobro_user", "account.group_account_invoice", "account.group_account_readonly"),
    WEEKLY: ("recobro_module.group_recobro_manager",),
}
_FIELDS = {MONTHLY: "recobro_report_user_ids", WEEKLY: "recobro_team_user_ids"}
_REPORT = "recobro_module.report_monthly"
#: Headline figures that are told in the mail itself.
_TOLD = (1, 3, 5)


# -----------------------------------------------------------------------------
# WHO
# -----------------------------------------------------------------------------


def chosen(company, kind):
    """Return whom a main company (in sudo) chose for a report, those who may not read it any more included."""
    return company.with_context(active_test=False)[_FIELDS[kind]]


def recipients(company, kind):
    """Return those who get a report: chosen, and with the right to read it."""
    return chosen(company, kind).filtered(lambda user: not refusal(company, user, kind))


def refusal(company, user, kind):
    """Return why a user gets no report of a main company (both in sudo), in a sentence; None when nothing is wrong."""
    env = company.env
    if not user.active or user.share:
        return env._("%(user)s is not an active user of the company's own.", user=user.name)
    if company not in user.company_ids.root_id:
        return env._("%(user)s does not work in %(company)s.", user=user.name, company=company.name)
    if not any(user.has_group(group) for group in _GROUPS[kind]):
        if kind == WEEKLY:
            return env._("%(user)s is no manager of collections.", user=user.name)
        return env._("%(user)s may not read the figures of collections.", user=user.name)
    return None if user.email else env._("%(user)s has no e-mail address.", user=user.name)


# -----------------------------------------------------------------------------
# WHEN
# -----------------------------------------------------------------------------


def due(env, company):
    """Return [(kind, first day of what it is about)] of the reports of a main company that are to go out now.

    :param env: in sudo.
    """
    return owed(env, company) if clock.local_moment(env, company).hour >= company.recobro_run_hour else []


def owed(env, company):
    """Return [(kind, first day of what it is about)] of what should go out on this day, whatever the hour.

    What failed before and nobody gave up, and what is of the present month and week from its first working day on.
    """
    today = clock.local_moment(env, company).date()
    rows = env["recobro.figures.mail"].search([("company_id", "=", company.id)], order="period, id")
    known = {(row.kind, row.period) for row in rows}
    failed = [(row.kind, row.period) for row in rows if row.state == "failed"]
    turns = [(kind, *_turn(kind, today)) for kind in KINDS if recipients(company, kind)]
    return [one for one in failed if recipients(company, one[0])] + [
        (kind, period)
        for kind, period, since in turns
        if (kind, period) not in known and _first_working_day(company, since) <= today
    ]


def _first_working_day(company, since):
    """Return the first working day from a day on; that day itself where the calendar knows none."""
    return next(iter(clock.working_days(company, None, since)), since)


def _turn(kind, today):
    """Return (first day of what a report is about, first day on which it may go out).

    >>> from datetime import date
    >>> _turn("monthly", date(2026, 3, 9))
    (datetime.date(2026, 2, 1), datetime.date(2026, 3, 1))
    >>> _turn("weekly", date(2026, 3, 11))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 9))
    """
    if kind == MONTHLY:
        since = today.replace(day=1)
        return since - relativedelta(months=1), since
    since = today - timedelta(days=today.weekday())
    return since - timedelta(days=7), since


# -----------------------------------------------------------------------------
# WHAT
# -----------------------------------------------------------------------------


def send(row):
    """Queue a mail for each recipient of a report, in their language: it is read once a language.

    :param row: `recobro.figures.mail` (in sudo), which keeps the PDFs.
    """
    told = {}
    for user in recipients(row.company_id, row.kind):
        if user.lang not in told:
            told[user.lang] = _told_in(row, user)
        words, template, attachment = told[user.lang]
        queue(user, words, template, attachment, row)
    row.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()


def _told_in(row, user):
    """Return (words, template, PDF or None) of a report in the language of a user."""
    if row.kind == MONTHLY:
        words = report_of(user, row.company_id, row.period)
        return words, "recobro_module.mail_monthly", _kept_pdf(row, words)
    env = _speaking_to(user)
    words = team_words.TeamWords(env, team.read(env, row.company_id.with_env(env), row.period))
    return words, "recobro_module.mail_team", None


def report_of(user, company, first):
    """Return the `MonthReport` of a main company for a user."""
    env = _speaking_to(user)
    return monthly_charts.MonthReport(env, monthly.read(env, company.with_env(env), first))


def pdf_of(words):
    """Return (name, content) of the report on a month as a PDF.

    Where the program that makes PDFs is missing, Odoo says so: the report is not sent, and the watch tells it.
    """
    reports = words.env["ir.actions.report"].with_context(recobro_monthly=words)
    content, kind = reports._render_qweb_pdf(_REPORT, words.company.ids)
    name = f"{words.title} {words.company.name}".replace("/", "-").rstrip(".")
    return f"{name}.{kind}", content


def queue(user, words, template, attachment, row=None):
    """Queue one mail about a report; see `send`."""
    company = words.company
    sender = company.email_formatted or words.env.ref("base.user_root").email_formatted
    values = {"report": words, "user": user, "told": getattr(words, "tiles", None) and _told(words)}
    mail = {
        "subject": words.env._("%(title)s · %(company)s", title=words.title, company=company.name),
        "body_html": words.env["ir.qweb"]._render(
            template, {**values, "company": company, "base_url": company.get_base_url()}
        ),
        "email_from": sender,
        "reply_to": sender,
        "email_to": user.email_formatted,
        "author_id": company.partner_id.id,
        "attachment_ids": [(4, attachment.id)] if attachment else [],
        "auto_delete": True,
    }
    if row:
        mail |= {"model": row._name, "res_id": row.id}
    return words.env["mail.mail"].create(mail)


def _told(words):
    return [words.tiles[place] for place in _TOLD]


def _speaking_to(user):
    """Return the environment, in sudo, in which a report is written for a user: what is read is told to who may."""
    context = {key: value for key, value in user.env.context.items() if key in ("recobro_as_of", "tz")}
    if user.env.context.get("force_report_rendering"):
        context["force_report_rendering"] = True
    return user.env(su=True, context={**context, "lang": user.lang})


def _kept_pdf(row, words):
    """Return the PDF of a report in the language of `words`: made once a language, and kept beside the row."""
    lang = words.env.lang
    known = row.attachment_ids.filtered(lambda file: file.description == lang)
    if known:
        return known[:1]
    name, content = pdf_of(words)
    file = {"name": name, "datas": base64.b64encode(content), "description": lang}
    return row.env["ir.attachment"].create({**file, "res_model": row._name, "res_id": row.id})
