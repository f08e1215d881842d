"""What a customer reads: the day's facts, in a table that adds up, in the reader's language (DESIGN.md, rule 1)."""

from datetime import timedelta

from odoo.tools import html2plaintext

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestWhatAMessageSays(RecobroCase):
    def text_to(self, customer, on=MONDAY):
        """Live the day and return the subject and the plain text of the only message to the customer."""
        self.run_day(on, send=False)
        [message] = self.messages_to(customer, "sending")
        return message.mail_id.subject, html2plaintext(message.mail_id.body_html)

    def test_the_days_late_are_the_real_ones_and_not_those_of_the_level(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, day(-19))
        _subject, text = self.text_to(customer)
        self.assertIn("19 days late", text)
        self.assertIn("19 days ago", text)

    def test_a_notice_that_goes_out_on_the_due_date_says_today(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        subject, text = self.text_to(customer)
        self.assertIn("falls due today", text)
        self.assertIn(invoice.name, subject)
        self.assertNotIn("late", text)

    def test_one_day_is_not_written_in_the_plural(self):
        customer = self.create_customer()
        self.put_on_ladder(self.create_invoice(customer, 100, day(-1)), -5)
        _subject, text = self.text_to(customer)
        self.assertIn("1 day late", text)
        self.assertNotIn("1 days", text)

    def test_each_instalment_has_its_line_and_the_customers_order_is_named(self):
        customer = self.create_customer()
        invoice = self.create_instalments(customer, 900, day(-40), [0, 30, 60])
        invoice.ref = "PO-118"
        _subject, text = self.text_to(customer)
        for number in (1, 2, 3):
            self.assertIn(f"Instalment {number} of 3", text)
        self.assertIn("PO-118", text)

    def test_a_disputed_amount_is_set_apart_with_its_reason(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(-5))
        self.refresh_items(customer)
        self.hold(invoice, 300)
        _subject, text = self.text_to(customer)
        asked, apart = text.split("Set apart")
        self.assertIn("700.00", asked)
        self.assertIn("300.00", apart)
        self.assertIn("we are looking into it with you", apart)

    def test_a_credit_note_is_shown_and_taken_off_the_balance(self):
        customer = self.create_customer()
        self.create_invoice(customer, 1000, day(-5))
        self.create_credit_note(customer, 250, day(-2))
        subject, text = self.text_to(customer)
        self.assertRegex(text, r"credits not yet matched\s+−\$\s250\.00")
        self.assertRegex(text, r"Balance\s+\$\s750\.00")
        self.assertIn("750.00", subject)

    def test_two_currencies_are_two_tables(self):
        customer = self.create_customer()
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.create_invoice(customer, 100, day(-5))
        self.create_invoice(customer, 80, day(-5), currency_id=euro.id)
        _subject, text = self.text_to(customer)
        self.assertIn("(USD)", text)
        self.assertIn("(EUR)", text)
        self.assertEqual(text.count("Balance"), 2)

    def test_each_person_addressed_is_greeted(self):
        customer = self.create_customer()
        for name in ("Ann Brown", "Bob Green"):
            self.create_contact(customer, name, self.treasury)
        self.create_invoice(customer, 100, day(-5))
        _subject, text = self.text_to(customer)
        self.assertIn("Hello Ann Brown and Bob Green,", text)

    def test_a_spanish_contact_reads_spanish_with_spanish_figures(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env.ref("base.module_recobro_module")._update_translations(["es_ES"])
        customer = self.create_customer()
        self.create_contact(customer, "José Núñez", self.treasury, lang="es_ES")
        self.create_invoice(customer, 1234.5, day(-5))
        subject, text = self.text_to(customer)
        self.assertIn("Hola, José Núñez:", text)
        self.assertIn("5 días de retraso", text)
        self.assertIn("1.234,50", text)
        self.assertIn("25/02/2026", text)
        self.assertIn("Recordatorio", subject)

    def test_it_says_where_to_pay_and_whom_to_talk_to(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "ES9121000418450200051332", "partner_id": self.company.partner_id.id}
        )
        self.policy.user_id.write({"name": "Laura Collector", "email": "laura@seller.example"})
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-5))
        _subject, text = self.text_to(customer)
        self.assertIn("ES9121000418450200051332", text)
        self.assertIn(invoice.payment_reference, text)
        self.assertIn("laura@seller.example", text)
        self.assertIn("/my/collections/", text)

    def test_making_a_message_writes_to_no_invoice_and_no_customer(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-5))
        self.env.flush_all()
        before = self.versions(invoice, customer)
        self.run_day(MONDAY, send=False)
        self.env.flush_all()
        self.assertEqual(self.versions(invoice, customer), before)
        self.assertFalse(invoice.access_token)

    # -- helpers --------------------------------------------------------------

    def versions(self, invoice, customer):
        """Where the rows of the invoice and the customer are in the database: each write moves a row."""
        self.env.cr.execute(
            "SELECT (SELECT ctid::text FROM account_move WHERE id = %s),"
            " (SELECT ctid::text FROM res_partner WHERE id = %s)",
            (invoice.id, customer.id),
        )
        return self.env.cr.fetchone()

    def refresh_items(self, customer):
        """Let collections meet the customer's items without writing to the customer."""
        self.policy.sudo().is_on = True
        self.put_on_ladder(self.env["account.move"].search([("partner_id", "=", customer.id)]), 0)

    def hold(self, invoice, amount):
        """Dispute an amount of an invoice."""
        item = self.items_of(invoice)
        self.env["recobro.hold"].create(
            {
                "name": "Price",
                "reason": "dispute",
                "partner_id": item.partner_id.id,
                "item_id": item.id,
                "amount": amount,
                "company_id": self.company.id,
                "date_from": day(-10),
            }
        )
