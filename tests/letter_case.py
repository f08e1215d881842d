"""What the tests of letters share: a level that writes on paper, customers with an address, and a printer of theirs."""

from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo.tools import html2plaintext

from odoo.addons.recobro_module.engine.channels import letter_print

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class LetterCase(RecobroCase):
    """A policy whose only level is a letter, five days after the due date, and a seller with an address and a bank."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["recobro.level"].create(
            {"policy_id": cls.policy.id, "name": "Letter", "delay_days": 5, "channel": "letter", "wait_days": 5}
        )
        (cls.policy.level_ids - cls.level).unlink()
        cls.company.partner_id.write({"street": "Main Street 1", "zip": "10001", "city": "New York"})
        cls.env["res.partner.bank"].create(
            {"acc_number": "ES9121000418450200051332", "partner_id": cls.company.partner_id.id}
        )

    def create_debtor(self, name="Debtor", amount=100, late=6, **values):
        """A customer with a postal address and one invoice that is late for so many days on the Monday."""
        address = {"street": "Side Street 2", "zip": "20002", "city": "Boston", **values}
        customer = self.create_customer(name, **address)
        self.create_invoice(customer, amount, day(-late))
        return customer

    def letters_of(self, customer, *states):
        """The letters planned for a customer."""
        actions = self.env_on(MONDAY)["recobro.action"]
        domain = [("partner_id", "=", customer.id), ("channel", "=", "letter")]
        return actions.search([*domain, ("state", "in", states or ("planned",))], order="id")

    @contextmanager
    def printer(self):
        """Letters come out of a printer of the tests: yields the list of their HTML, each a PDF of one page."""
        pages = []

        def pdf_of(_env, html):
            pages.append(html)
            content = BytesIO()
            canvas = Canvas(content)
            canvas.drawString(100, 100, f"Letter {len(pages)}")
            canvas.save()
            return content.getvalue()

        with (
            patch.object(letter_print, "pdf_of", pdf_of),
            patch.object(letter_print, "_check_printer", lambda env: None),
        ):
            yield pages

    def print_letters(self, actions):
        """Print letters as their button does; return (the dialog, the text of each letter printed anew)."""
        with self.printer() as pages:
            dialog = self.env["recobro.letter.print"].browse(actions.action_print_letters()["res_id"])
        self.env.flush_all()
        return dialog.with_env(actions.env), [html2plaintext(page.split("</head>")[1]) for page in pages]

    def record(self, actions, step, on, **values):
        """Record what became of letters in the dialog of its button."""
        button = {
            "sent": "action_letters_sent",
            "delivered": "action_letters_delivered",
            "returned": "action_letters_returned",
        }[step]
        context = getattr(actions, button)()["context"]
        dialog = self.env_on(on)["recobro.letter.proof"].with_context(**context).create({"day": on, **values})
        dialog.action_record()
        self.env.flush_all()
        self.env.invalidate_all()
        return dialog
