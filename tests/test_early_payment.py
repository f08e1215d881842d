"""The discount for paying early, told to who may still take it; and the leaflet with the first message of all."""

import base64

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import html2plaintext

from .common import MONDAY, RecobroCase
from .test_customer_figures import day

PDF = base64.b64encode(b"%PDF-1.7 a page")


class MessageCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer()
        # A month before the due date: some have terms that give a discount for ten days
        cls.policy.level_ids[:1].copy({"policy_id": cls.policy.id, "delay_days": -25, "name": "Long before"})
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "2/10, net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )

    def message(self, on=MONDAY, customer=None):
        """Live the day and return the only message to the customer."""
        self.run_day(on, send=False)
        [message] = self.messages_to(customer or self.customer, "sending")
        return message

    def text(self, on=MONDAY):
        return html2plaintext(self.message(on).mail_id.body_html)

    def invoice_with_discount(self, amount=1000, invoiced=-5):
        return self.create_invoice(
            self.customer,
            amount,
            day(invoiced),
            day(invoiced),
            invoice_payment_term_id=self.terms.id,
            invoice_date_due=False,
        )


class TestTheDiscountForPayingEarly(MessageCase):
    def test_it_is_told_with_what_is_saved_and_the_last_day(self):
        invoice = self.invoice_with_discount()
        text = self.text()
        self.assertIn(f"Pay invoice {invoice.name} by 03/07/2026", text)
        self.assertRegex(text, r"\$\s980\.00 is enough: you save \$\s20\.00")

    def test_on_its_last_day_it_says_today(self):
        self.invoice_with_discount(invoiced=-10)
        self.assertIn("today and", self.text())

    def test_after_its_last_day_nothing_is_said(self):
        self.invoice_with_discount(invoiced=-11)
        self.assertNotIn("you save", self.text())

    def test_who_has_something_overdue_is_not_told(self):
        self.invoice_with_discount()
        self.put_on_ladder(self.create_invoice(self.customer, 100, day(-4)), 3)
        self.assertNotIn("you save", self.text())

    def test_an_invoice_paid_in_part_has_lost_it(self):
        invoice = self.invoice_with_discount()
        self.pay_invoice(invoice, 100, day(-1))
        self.assertNotIn("you save", self.text())

    def test_what_a_credit_covers_in_part_has_lost_it(self):
        self.invoice_with_discount()
        self.create_credit_note(self.customer, 50, day(-1))
        self.assertNotIn("you save", self.text())

    def test_terms_without_a_discount_say_nothing(self):
        self.create_invoice(self.customer, 1000, day(25))
        self.assertNotIn("you save", self.text())

    def test_several_are_told_each_by_itself_the_one_that_ends_first_at_the_top(self):
        later, sooner = self.invoice_with_discount(), self.invoice_with_discount(500, -8)
        text = self.text()
        self.assertLess(text.index(f"Pay invoice {sooner.name}"), text.index(f"Pay invoice {later.name}"))


class TestTheLeaflet(MessageCase):
    def setUp(self):
        super().setUp()
        self.create_invoice(self.customer, 100, day(-5))
        self.leaflet = self.add_leaflet("en_US")
        self.policy.sends_leaflet = True

    def add_leaflet(self, lang, name="how to pay.pdf", **values):
        return self.env["recobro.leaflet"].create(
            {"policy_id": self.policy.id, "lang": lang, "file": PDF, "filename": name, **values}
        )

    def test_it_goes_with_the_first_message_and_with_no_other(self):
        first = self.message()
        self.assertEqual(first.mail_id.attachment_ids.mapped("name"), ["how to pay.pdf"])
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.create_invoice(self.customer, 100, day(7))
        self.run_day(day(10), send=False)
        second = self.messages_to(self.customer, "sending")
        self.assertTrue(second.mail_id)
        self.assertFalse(second.mail_id.attachment_ids)

    def test_where_the_policy_sends_none_none_goes(self):
        self.policy.sends_leaflet = False
        self.assertFalse(self.message().mail_id.attachment_ids)

    def test_the_reader_gets_the_one_in_their_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.add_leaflet("es_ES", "cómo pagar.pdf")
        self.customer.lang = "es_ES"
        self.assertEqual(self.message().mail_id.attachment_ids.mapped("name"), ["cómo pagar.pdf"])

    def test_a_first_message_that_could_not_be_delivered_brings_it_again(self):
        first = self.message()
        first.sudo()._set_failed("no such address")
        self.env["recobro.item"].sudo().search([("partner_id", "=", self.customer.id)]).delay_days = -1000
        self.run_day(day(7), send=False)
        again = self.messages_to(self.customer, "sending")
        self.assertEqual(again.mail_id.attachment_ids.mapped("name"), ["how to pay.pdf"])

    def test_what_went_out_keeps_the_leaflet_of_its_day(self):
        first = self.message()
        self.leaflet.write({"file": base64.b64encode(b"%PDF-1.7 another"), "filename": "new.pdf"})
        self.assertEqual(first.mail_id.attachment_ids.raw, b"%PDF-1.7 a page")
        self.leaflet.unlink()
        self.assertTrue(first.mail_id.attachment_ids.exists())

    def test_a_file_that_is_no_pdf_or_picture_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "PDF or a picture"):
            self.add_leaflet("en_US", "leaflet.pdf", company_id=self.company.id, file=base64.b64encode(b"MZ evil"))

    def test_nobody_makes_a_leaflet_of_a_file_by_its_number(self):
        secret = self.env["ir.attachment"].sudo().create({"name": "payroll", "raw": b"%PDF-1.7 secret"})
        with self.assertRaises(AccessError):
            self.leaflet.with_user(self.env.user).write({"attachment_id": secret.id})
        with self.assertRaises(AccessError):
            self.env["recobro.leaflet"].with_user(self.env.user).create(
                {"policy_id": self.policy.id, "lang": "en_US", "company_id": self.company.id}
                | {"attachment_id": secret.id}
            )

    def test_only_managers_choose_it(self):
        values = {"name": "Collector", "login": "collector of leaflets", "company_id": self.company.id}
        values |= {"company_ids": self.company.ids}
        group = self.env.ref("recobro_module.group_recobro_user")
        collector = self.env["res.users"].create({**values, "group_ids": [(4, group.id)]})
        self.assertTrue(self.leaflet.with_user(collector).file)
        with self.assertRaises(AccessError):
            self.leaflet.with_user(collector).filename = "other.pdf"
        with self.assertRaises(AccessError):
            self.policy.with_user(collector).action_make_leaflets()

    def test_the_usual_page_is_made_in_every_language_that_has_none(self):
        self.leaflet.unlink()
        self.policy.with_context(force_report_rendering=True).action_make_leaflets()
        [made] = self.policy.leaflet_ids.filtered(lambda leaflet: leaflet.lang == "en_US")
        self.assertTrue(base64.b64decode(made.file).startswith(b"%PDF-"))
        self.assertIn(self.company.name, made.filename)
        with self.assertRaisesRegex(UserError, "every language already"):
            self.policy.action_make_leaflets()

    def test_a_batch_without_leaflets_asks_nothing_for_them(self):
        self.policy.sends_leaflet = False
        other = self.create_customer("Other")
        self.create_invoice(other, 100, day(-5))
        message = self.message()
        self.assertFalse((message | self.messages_to(other, "sending")).mail_id.attachment_ids)
