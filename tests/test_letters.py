"""Letters on paper: printed in one go, true on the day they are printed, and what became of each is proven."""

from base64 import b64decode

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import html2plaintext, mute_logger

from odoo.addons.recobro_module.engine.channels import letter_pages, letter_print

from .common import MONDAY
from .letter_case import LetterCase, day


class TestTheQueue(LetterCase):
    def test_a_letter_waits_to_be_printed_and_nothing_goes_out_by_itself(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        [letter] = self.letters_of(customer)
        self.assertEqual((letter.kind, letter.is_delivered, letter.letter_state), ("task", True, "to_print"))
        self.assertFalse(letter.mail_id or letter.activity_id)

    def test_several_letters_are_printed_as_one_file_and_each_is_kept_on_its_case(self):
        customers = [self.create_debtor(f"Debtor {number}") for number in range(3)]
        self.run_day(MONDAY)
        letters = self.env["recobro.action"].union(*(self.letters_of(customer) for customer in customers))
        dialog, texts = self.print_letters(letters)
        self.assertEqual(len(texts), 3)
        self.assertEqual(len(letter_pages._pages(b64decode(dialog.file))), 3)
        self.assertEqual(dialog.letter_count, 3)
        for letter in letters:
            self.assertEqual((letter.state, letter.letter_state), ("planned", "printed"))
            kept = letter.letter_id
            self.assertEqual((kept.res_model, kept.res_id), ("recobro.case", letter.case_id.id))
            [line] = letter.interaction_ids
            self.assertEqual((line.channel, line.result), ("letter", "queued"))
            self.assertIn(kept.name, line.note)

    def test_a_letter_that_was_missed_can_still_be_printed_and_sent(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        self.run_day(day(14))
        [letter] = self.letters_of(customer, "missed").with_env(self.env_on(day(14)))
        _dialog, [text] = self.print_letters(letter)
        self.assertIn("20 days late", text)
        self.record(letter, "sent", day(14))
        self.assertEqual(letter.state, "done")

    def test_of_more_letters_than_can_be_printed_at_once_none_is_lost(self):
        customers = [self.create_debtor(f"Debtor {number}") for number in range(2)]
        self.run_day(MONDAY)
        letters = self.env["recobro.action"].union(*(self.letters_of(customer) for customer in customers))
        self.patch(letter_print, "MOST_AT_ONCE", 1)
        with self.assertRaisesRegex(UserError, "1 letters at most"):
            letters.action_print_letters()
        self.assertEqual(set(letters.mapped("state")), {"planned"})


class TestItsVerdict(LetterCase):
    def test_an_invoice_paid_after_it_was_planned_is_not_in_the_letter(self):
        customer = self.create_debtor()
        paid = self.create_invoice(customer, 250, day(-8))
        self.run_day(MONDAY)
        self.pay_invoice(paid, day=MONDAY)
        _dialog, [text] = self.print_letters(self.letters_of(customer))
        self.assertNotIn(paid.name, text)
        self.assertNotIn("250.00", text)
        self.assertIn("100.00", text)

    def test_a_letter_with_nothing_left_to_ask_for_is_left_out_and_the_dialog_says_why(self):
        customer = self.create_debtor()
        other = self.create_debtor("Other")
        self.run_day(MONDAY)
        letters = self.letters_of(customer) | self.letters_of(other)
        invoice = self.env["account.move"].search([("partner_id", "=", customer.id), ("state", "=", "posted")])
        self.pay_invoice(invoice, day=MONDAY)
        dialog, texts = self.print_letters(letters)
        self.assertEqual((len(texts), dialog.action_ids), (1, self.letters_of(other)))
        self.assertEqual((letters[0].state, letters[0].reason), ("skipped", "settled"))
        self.assertIn(customer.name, dialog.notes)
        self.assertIn("Settled", dialog.notes)

    def test_printed_again_it_is_of_the_moment_and_takes_the_place_of_the_one_before(self):
        customer = self.create_debtor()
        second = self.create_invoice(customer, 250, day(-8))
        self.run_day(MONDAY)
        letter = self.letters_of(customer)
        _dialog, [text] = self.print_letters(letter)
        self.assertIn("250.00", text)
        first = letter.letter_id
        self.pay_invoice(second, day=MONDAY)
        customer.street = "New Street 9"
        _dialog, [text] = self.print_letters(letter)
        self.assertNotIn("250.00", text)
        self.assertIn("New Street 9", text)
        self.assertFalse(first.exists())

    def test_the_dialog_warns_of_a_letter_whose_account_has_changed_since_it_was_printed(self):
        customer = self.create_debtor()
        second = self.create_invoice(customer, 250, day(-8))
        self.run_day(MONDAY)
        letter = self.letters_of(customer)
        self.print_letters(letter)
        context = letter.action_letters_sent()["context"]
        dialog = self.env_on(MONDAY)["recobro.letter.proof"].with_context(**context)
        self.assertFalse(dialog.create({}).changed)
        self.pay_invoice(second, day=MONDAY)
        self.assertEqual(dialog.create({}).changed, customer.name)

    def test_nothing_is_printed_while_collections_are_stopped(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        letter = self.letters_of(customer)
        self.company.recobro_stopped = True
        dialog, texts = self.print_letters(letter)
        self.assertEqual((texts, letter.reason), ([], "stopped"))
        self.assertIn("stopped", dialog.notes)


class TestWhatItSays(LetterCase):
    def text_to(self, customer):
        """The text of the only letter to a customer, printed on the Monday."""
        self.run_day(MONDAY)
        [text] = self.print_letters(self.letters_of(customer))[1]
        return text

    def test_it_names_each_item_with_its_days_late_and_its_total_and_where_to_pay(self):
        customer = self.create_debtor(amount=100, late=6)
        second = self.create_invoice(customer, 1250, day(-40))
        self.create_invoice(customer, 900, day(10))
        text = self.text_to(customer)
        self.assertIn("6 days late", text)
        self.assertIn("40 days late", text)
        self.assertIn(second.name, text)
        self.assertIn("1,350.00", text)
        self.assertNotIn("900.00", text)
        self.assertIn("ES9121000418450200051332", text)

    def test_it_gives_the_day_to_pay_by_from_the_grace_days_of_its_level(self):
        self.level.grace_days = 7
        text = self.text_to(self.create_debtor())
        self.assertIn("March 9, 2026", text)

    def test_what_is_disputed_is_not_asked_for_and_the_letter_says_so(self):
        customer = self.create_debtor(amount=100)
        invoice = self.create_invoice(customer, 500, day(-10))
        self.refresh(customer, MONDAY)
        self.run_day(MONDAY)
        item = self.items_of(invoice)
        hold = {"name": "Price", "partner_id": customer.id, "company_id": self.company.id, "date_from": MONDAY}
        self.env["recobro.hold"].create({**hold, "date_until": day(30), "item_id": item.id, "amount": 200})
        [text] = self.print_letters(self.letters_of(customer))[1]
        self.assertIn("of $ 500.00", text.replace("\xa0", " "))
        self.assertIn("400.00", text)
        self.assertIn("not part of this letter", text)

    def test_it_goes_to_the_person_at_their_own_address_else_to_that_of_the_company(self):
        customer = self.create_debtor(zip="20002")
        self.level.recipient_role_ids = [Command.create({"role_id": self.treasury.id})]
        anna = self.create_contact(customer, "Anna Adams", self.treasury, street=False, city=False)
        text = self.text_to(customer)
        self.assertIn("Attn. Anna Adams", text)
        self.assertIn("Side Street 2", text)
        anna.write({"street": "Own Road 3", "city": "Salem"})
        [letter] = self.letters_of(customer)
        [text] = self.print_letters(letter)[1]
        self.assertIn("Own Road 3", text)
        self.assertNotIn("Side Street 2", text)

    def test_it_is_written_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("es_ES")
        text = self.text_to(self.create_debtor(lang="es_ES"))
        self.assertIn("2 de marzo de 2026", text)

    def test_a_pre_legal_letter_is_formal_tells_of_earlier_messages_and_waits_for_its_approval(self):
        self.level.write({"stage": "pre_legal", "grace_days": 10})
        customer = self.create_debtor()
        self.run_day(MONDAY)
        [letter] = self.letters_of(customer, "to_approve")
        self.assertIn("within", letter.preview)
        with self.assertRaises(UserError):
            letter.action_print_letters()
        whose = {"company_id": self.company.id, "partner_id": customer.id, "case_id": letter.case_id.id}
        what = {"channel": "email", "direction": "out", "result": "sent", "date": f"{day(-7)} 10:00:00"}
        self.env["recobro.interaction"]._log([{**whose, **what}])
        letter.action_approve()
        [text] = self.print_letters(letter)[1]
        self.assertIn("Formal demand for payment", text)
        self.assertIn("10 days of receiving", text.replace("*", ""))
        self.assertIn("February 23, 2026", text)

    def test_the_dialog_that_decides_on_it_opens_with_the_letter_in_view(self):
        self.level.write({"stage": "pre_legal", "grace_days": 10})
        customer = self.create_debtor()
        self.run_day(MONDAY)
        action = self.letters_of(customer, "to_approve").action_decide()
        dialog = Form(self.env_on(MONDAY)[action["res_model"]].with_context(**action["context"]))
        self.assertIn("within", html2plaintext(dialog.cards))

    def test_a_template_written_for_e_mail_prints_without_its_button(self):
        self.level.template_id = self.env.ref("recobro_module.mail_template_reminder")
        text = self.text_to(self.create_debtor())
        self.assertIn("overlooked", text)
        self.assertNotIn("See your account", text)
        self.assertNotIn("http", text)


class TestWhatCannotBePrinted(LetterCase):
    def test_a_customer_without_an_address_is_named_and_the_others_are_printed(self):
        nowhere = self.create_debtor("Nowhere", street=False)
        somewhere = self.create_debtor("Somewhere")
        self.run_day(MONDAY)
        dialog, texts = self.print_letters(self.letters_of(nowhere) | self.letters_of(somewhere))
        self.assertEqual((len(texts), dialog.action_ids.partner_id), (1, somewhere))
        self.assertIn("give Nowhere a street and a city", dialog.notes)
        self.assertEqual(self.letters_of(nowhere).letter_state, "to_print")

    def test_words_that_break_stop_only_their_own_letter(self):
        broken = self.level.copy({"delay_days": 6, "name": "Broken"})
        broken.template_id = self.env.ref("recobro_module.mail_template_letter").copy(
            {"body_html": '<p t-out="object.get_letter().nothing"/>'}
        )
        late, fine = self.create_debtor("Late", late=8), self.create_debtor("Fine", late=5)
        self.put_on_ladder(self.env["account.move"].search([("partner_id", "=", late.id)]), 5)
        self.run_day(MONDAY)
        with (
            mute_logger("odoo.addons.recobro_module.engine.channels.letter_print"),
            mute_logger("odoo.addons.mail.models.mail_render_mixin"),
        ):
            dialog, texts = self.print_letters(self.letters_of(late) | self.letters_of(fine))
        self.assertEqual((len(texts), dialog.action_ids.partner_id), (1, fine))
        self.assertIn("check the template", dialog.notes)

    def test_where_the_printing_program_is_missing_a_message_says_so(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        self.patch(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda self: "install")
        with self.assertRaisesRegex(UserError, "wkhtmltopdf is not installed"):
            self.letters_of(customer).action_print_letters()

    def test_by_the_address_of_the_report_no_letter_is_printed(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        with self.assertRaisesRegex(AccessError, "Letters to print"):
            self.env["ir.actions.report"]._render_qweb_html(letter_print.REPORT, self.letters_of(customer).ids)


class TestOnPaper(LetterCase):
    def test_a_letter_comes_out_of_the_printing_program_with_numbered_pages_where_it_is_long(self):
        if self.env["ir.actions.report"].get_wkhtmltopdf_state() == "install":
            self.skipTest("wkhtmltopdf is not installed")
        short, long = self.create_debtor("Short"), self.create_debtor("Long")
        for number in range(40):
            self.create_invoice(long, 100 + number, day(-20))
        self.run_day(MONDAY)
        letters = self.letters_of(short) | self.letters_of(long)
        dialog = self.env["recobro.letter.print"].browse(letters.action_print_letters()["res_id"])
        self.assertFalse(dialog.notes)
        pages = [len(letter_pages._pages(letter.letter_id.raw)) for letter in letters]
        self.assertEqual(pages[0], 1)
        self.assertGreater(pages[1], 1)
        self.assertEqual(len(letter_pages._pages(b64decode(dialog.file))), sum(pages))
