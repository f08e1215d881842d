"""Letters are printed: judged again, written in the recipient's language, kept as they were printed (rule 3).

Each is a PDF of its own on its case; together they are one file to print in one go. What was paid meanwhile is not in
it; of what can't be printed, the reason is kept, and the others are printed.
"""

import logging
from dataclasses import dataclass, field

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import format_date

from odoo.addons.base.models.ir_actions_report import _wkhtml  # which build it is, Odoo says nowhere else

from ...tools.file_kinds import safe_name
from .. import clock, letter, message
from ..statement import statements
from .letter_pages import is_readable, join, number_pages

_logger = logging.getLogger(__name__)

REPORT = "recobro_module.report_letter"
#: By how much a build of the printing program without a patched Qt makes everything smaller, as measured.
_MADE_SMALLER = 1.3017
#: Letters printed at once at most: each takes the printing program some tenths of a second, and a person waits.
MOST_AT_ONCE = 100
#: Stages from which on a letter is written in the formal words, where its level says none.
_FORMAL = ("pre_legal", "legal")


class NotPrintable(UserError):
    """A letter can't be printed until a person does what the words say."""


@dataclass
class Printed:
    """What came of printing some letters: `recobro.action`s by what became of them, and the file to print."""

    letters: object
    left_out: object
    failed: dict = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True)
class _Sheet:
    """A letter that is written and not printed yet."""

    action: object
    statement: object
    letter: object
    subject: str
    html: str
    #: `ir.attachment`s that go with it: the invoices, where the level encloses them.
    enclosed: object


def print_letters(actions):
    """Print the letters of some actions, in the order given, and return what came of it as `Printed`.

    :param actions: `recobro.action` in sudo, of channel letter, planned or missed.
    """
    _check_printer(actions.env)
    nobody = actions.browse()
    printed = Printed(nobody, nobody)
    locked = actions.filtered(lambda action: action.try_lock_for_update())
    printed.failed.update(dict.fromkeys(actions - locked, actions.env._("A colleague is printing it just now.")))
    for company, batch in locked.grouped("company_id").items():
        _print_batch(printed, company, batch)
    printed.letters = actions & printed.letters  # in the order in which they were asked for
    if printed.letters:
        printed.content = join([action.letter_id.raw for action in printed.letters])
    return printed


def preview(action):
    """Return the HTML that the letter of `action` would have today, its words only. Writes nothing."""
    if action.state not in ("planned", "to_approve", "missed"):
        return False
    return _words(action)["body_html"]


def template_of(action):
    """Return the words of a letter: those of its level, else the shipped ones, formal from the pre-legal stage on."""
    name = "mail_template_letter_formal" if action.stage in _FORMAL else "mail_template_letter"
    return action.level_id.template_id or action.env.ref(f"recobro_module.{name}")


def _check_printer(env):
    if env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
        raise UserError(
            env._("This server can't print letters: the program wkhtmltopdf is not installed. Ask your administrator.")
        )


def _print_batch(printed, company, actions):
    """Print the letters of one company, from one verdict on all their customers."""
    env = actions.env
    as_of = clock.today(env, company)
    asked = {action.partner_id.id: set() for action in actions}
    for action in actions:
        asked[action.partner_id.id].update(action.line_ids.item_id.ids)
    found = statements(env, company, as_of, asked)
    standing = actions.filtered(lambda action: _still_stands(action, found[action.partner_id.id]))
    printed.left_out |= actions - standing
    letter.prefetch(env, found.values())
    for action in standing:
        try:
            with env.cr.savepoint():
                _keep(_write(action, found[action.partner_id.id]), company, as_of)
            printed.letters |= action
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except NotPrintable as error:
            printed.failed[action] = str(error)
        except Exception:
            _logger.exception("The letter of collections action %s could not be printed", action.id)
            printed.failed[action] = env._(
                "It could not be printed: check the template of its level, or ask your administrator."
            )


def _still_stands(action, statement):
    """Return whether the letter still has something to ask for; one that has not leaves the queue, with the reason."""
    if action.state == "planned":
        return message.still_stands(action, statement)
    standing = action.line_ids.filtered(
        lambda line: line.item_id.id in statement.by_item and not statement.by_item[line.item_id.id]["reason"]
    )
    return not message.left_out_reason(action, statement, standing)


# -------------------------------------------------------------------------
# WRITING
# -------------------------------------------------------------------------


def _write(action, statement):
    """Return the letter of an action, written in the recipient's language, as a `_Sheet`."""
    action = action.with_context(recobro_statements={action.id: statement})
    action = action.with_context(lang=language_of(action))
    words = action.get_letter()
    if not words.address:
        raise NotPrintable(
            action.env._("No postal address: give %(customer)s a street and a city.", customer=action.partner_id.name)
        )
    values = _words(action)
    enclosed = message.invoice_files(action)
    html = action.env["ir.qweb"]._render(
        REPORT,
        {
            "letter": words,
            "subject": values["subject"],
            "body": values["body_html"],
            "zoom": _zoom(),
            "enclosed": enclosed.mapped("name"),
        },
    )
    return _Sheet(action, statement, words, values["subject"], str(html), enclosed)


def _words(action):
    """Return {"subject", "body_html"} of a letter, in the recipient's language."""
    known = {"recobro_statements": action.env.context.get("recobro_statements", {})}
    # sudo: whoever prints, the text is the company's, and was written by who may write templates
    template = template_of(action).sudo().with_context(**known)
    return template._generate_template(action.ids, ("subject", "body_html"))[action.id]


def language_of(action):
    """Return the language that a letter is written in: the person's, else the customer's, else ours."""
    return action.contact_id.lang or action.partner_id.lang or action.env.lang


def _zoom():
    """Return by how much the page is enlarged, so that a millimetre on it is one on paper, in a window too.

    Builds of the printing program with a patched Qt print as they are told; the others, which many systems have, make
    everything smaller, always by as much, and can't be told not to.
    """
    return 1 if _wkhtml().is_patched_qt else _MADE_SMALLER


def pdf_of(env, html):
    """Return a letter as a PDF; its pages are numbered where there is more than one."""
    reports = env["ir.actions.report"].with_context(recobro_letter=True)
    return number_pages(
        reports._run_wkhtmltopdf(["<!DOCTYPE html>" + html], report_ref="recobro_module.action_report_letter")
    )


def _with_enclosures(env, content, enclosed):
    """Return a letter as a PDF with the files that go with it behind it."""
    for attachment in enclosed:
        if not is_readable(attachment.raw):
            raise NotPrintable(
                env._(
                    "%(file)s can't be enclosed: make the PDF of this invoice anew, or let the level attach none.",
                    file=attachment.name,
                )
            )
    return join([content, *(attachment.raw for attachment in enclosed)]) if enclosed else content


def _keep(sheet, company, as_of):
    """Print a letter and keep it on its case, in the place of one that was printed before and never sent."""
    # The words of the file's name are those of who keeps it, not of who reads it
    env = sheet.action.with_context(lang=sheet.action.env.user.lang).env
    action = sheet.action.with_env(env)
    name = env._("Letter %(customer)s %(day)s", customer=action.partner_id.name, day=as_of.isoformat())
    action.letter_id.exists().unlink()
    attachment = env["ir.attachment"].create(
        {
            "name": safe_name(name, "pdf"),
            "raw": _with_enclosures(env, pdf_of(env, sheet.html), sheet.enclosed),
            "mimetype": "application/pdf",
            "res_model": "recobro.case",
            "res_id": action.case_id.id,
            "company_id": company.id,
        }
    )
    action.write(
        {
            "letter_id": attachment.id,
            "printed_on": as_of,
            "subject": sheet.subject,
            "amount": sheet.statement.net_company,
            "fingerprint": sheet.statement.fingerprint,
            "error": False,
        }
    )
    note = env._("Printed to be sent on %(day)s: %(file)s", day=format_date(env, as_of), file=attachment.name)
    env["recobro.interaction"]._log([message.log_values(action, "queued", note=note, user_id=env.uid)])
