"""Invoices enclosed in a letter: their PDFs follow it in the same file, and the letter names them."""

from base64 import b64decode, b64encode
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from odoo.addons.recobro_module.engine.channels import letter_pages

from .common import MONDAY
from .letter_case import LetterCase, day


def pdf(pages=1):
    """A PDF of so many pages, as a field of files takes it."""
    content = BytesIO()
    canvas = Canvas(content)
    for number in range(pages):
        canvas.drawString(100, 100, f"Page {number}")
        canvas.showPage()
    canvas.save()
    return b64encode(content.getvalue())


class TestEnclosures(LetterCase):
    def setUp(self):
        super().setUp()
        self.level.attach_invoices = True
        self.customer = self.create_debtor()
        self.invoice = self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        self.give(self.invoice, pdf(2))

    def give(self, invoice, content):
        """Give an invoice its PDF, as Odoo keeps it once it was sent."""
        invoice.invoice_pdf_report_file = content
        invoice.invalidate_recordset(["invoice_pdf_report_id"])

    def pages(self, letter):
        return len(letter_pages._pages(letter.letter_id.raw))

    def test_the_invoices_follow_the_letter_that_names_them(self):
        self.run_day(MONDAY)
        letter = self.letters_of(self.customer)
        dialog, [text] = self.print_letters(letter)
        self.assertEqual(self.pages(letter), 3)
        self.assertEqual(len(letter_pages._pages(b64decode(dialog.file))), 3)
        self.assertIn(f"Enclosed: {self.invoice.invoice_pdf_report_id.name}", text)

    def test_what_was_paid_meanwhile_is_not_enclosed(self):
        paid = self.create_invoice(self.customer, 250, day(-8))
        self.give(paid, pdf(4))
        self.run_day(MONDAY)
        self.pay_invoice(paid, day=MONDAY)
        letter = self.letters_of(self.customer)
        self.print_letters(letter)
        self.assertEqual(self.pages(letter), 3)

    def test_an_invoice_without_a_file_and_a_level_that_attaches_none_leave_the_letter_alone(self):
        self.create_invoice(self.customer, 250, day(-8))
        self.run_day(MONDAY)
        letter = self.letters_of(self.customer)
        self.print_letters(letter)
        self.assertEqual(self.pages(letter), 3)
        self.level.attach_invoices = False
        _dialog, [text] = self.print_letters(letter)
        self.assertEqual(self.pages(letter), 1)
        self.assertNotIn("Enclosed", text)

    def test_a_file_that_can_not_be_read_is_named_and_the_other_letters_are_printed(self):
        self.give(self.invoice, b64encode(b"%PDF-1.4 broken"))
        other = self.create_debtor("Other")
        self.run_day(MONDAY)
        letters = self.letters_of(self.customer) | self.letters_of(other)
        dialog, _texts = self.print_letters(letters)
        self.assertEqual(dialog.action_ids, self.letters_of(other))
        self.assertIn(self.invoice.invoice_pdf_report_id.name, dialog.notes)
        self.assertFalse(self.letters_of(self.customer).letter_id)

    def test_a_letter_that_was_missed_has_them_too(self):
        self.run_day(MONDAY)
        self.run_day(day(14))
        letter = self.letters_of(self.customer, "missed").with_env(self.env_on(day(14)))
        self.print_letters(letter)
        self.assertEqual(self.pages(letter), 3)
