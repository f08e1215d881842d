"""Who sends the letters of a replay: printed and posted on the day they may go out, delivered some days later."""

import contextlib
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo.exceptions import UserError
from odoo.tools import html2plaintext

from odoo.addons.recobro_module.engine.channels import letter_print

#: Days from the post to the proof of delivery.
DELIVERED_AFTER = timedelta(days=3)


class Letters:
    """A collector who prints and posts by the buttons, and records each proof of delivery."""

    def __init__(self, company):
        self.company = company

    def live(self, env, day):
        """Print and post what may go out, and record what was delivered on a day; return notes on what was not."""
        letters = self._find(env, ("state", "=", "planned"))
        notes = []
        for start in range(0, len(letters), letter_print.MOST_AT_ONCE):
            notes += self._post(env, letters[start : start + letter_print.MOST_AT_ONCE], day)
        posted = self._find(
            env, ("state", "=", "done"), ("sent_on", "<=", day - DELIVERED_AFTER), ("delivered_on", "=", False)
        )
        if posted:
            _record(env, posted.action_letters_delivered(), day)
        return notes

    def _find(self, env, *conditions):
        domain = [("company_id", "=", self.company.id), ("channel", "=", "letter"), *conditions]
        return env["recobro.action"].search(domain, order="id")

    def _post(self, env, letters, day):
        with _printer(env):
            dialog = env["recobro.letter.print"].browse(letters.action_print_letters()["res_id"])
        if dialog.action_ids:
            _record(env, dialog.action_sent(), day)
        missing = letters.filtered(lambda letter: letter.state == "planned")
        return [f"{day}: {letter.display_name} was not printed" for letter in missing]


def _record(env, opened, day):
    """Fill in the dialog that a button of letters opens: it happened today."""
    env["recobro.letter.proof"].with_context(**opened["context"]).create({"day": day}).action_record()


@contextlib.contextmanager
def _printer(env):
    """Print with Odoo's own program; where a machine lacks it, each letter is a page with its words."""
    try:
        letter_print._check_printer(env)
    except UserError:
        with (
            patch.object(letter_print, "_check_printer", lambda env: None),
            patch.object(letter_print, "pdf_of", _plain_page),
        ):
            yield
    else:
        yield


def _plain_page(_env, html):
    content = BytesIO()
    canvas = Canvas(content)
    text = canvas.beginText(50, 800)
    text.textLines(html2plaintext(html))
    canvas.drawText(text)
    canvas.save()
    return content.getvalue()
