"""What a customer answers in the portal: disputes, promises, requests of plans, and what is said about a dispute."""

from datetime import timedelta

from odoo import SUPERUSER_ID
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.plans import plan_making

from .portal_case import PDF, PNG, PROGRAM, PortalCase


class TestDisputing(PortalCase):
    def test_the_form_proposes_what_can_be_disputed(self):
        text = self.get("dispute", query=f"?items={self.items(self.first, self.second)}").text
        self.assertIn('value="900.00"', text)
        self.assertIn('value="600.00"', text)
        self.assertIn(self.reason.name, text)

    def test_a_dispute_waits_for_a_person_and_holds_its_amount_for_some_days(self):
        self.policy.untaken_dispute_days = 3
        response = self.dispute(self.first, amount=250, files=[("note.pdf", PDF), ("photo.PNG", PNG)])
        self.assertEqual(response.status_code, 303)
        ticket = self.disputes()
        self.assertEqual((ticket.source, ticket.contact_id, ticket.amount), ("portal", self.treasurer, 250))
        self.assertFalse(ticket.is_taken)
        self.assertEqual(ticket.note, "Two crates are missing")
        self.assertEqual(set(ticket.attachment_ids.mapped("name")), {"note.pdf", "photo.png"})
        hold = ticket.hold_ids
        self.assertEqual((hold.amount, hold.date_until), (250, self.today + timedelta(days=2)))
        self.assertTrue(ticket.activity_ids, "nobody is told")
        self.assertIn("A person looks into it", self.url_open(response.headers["Location"]).text)

    def test_it_is_a_line_of_the_log(self):
        self.dispute(self.first)
        line = self.log("disputed")
        self.assertEqual((line.channel, line.direction, line.contact_id), ("portal", "in", self.treasurer))

    def test_several_invoices_make_one_dispute(self):
        self.dispute(self.first, self.second, amount=100)
        self.assertEqual(self.disputes().line_ids.move_id, self.first | self.second)

    def test_nothing_ticked_goes_back_and_says_so(self):
        response = self.get("dispute")
        self.assertEqual(response.status_code, 303)
        self.assertIn("Tick the invoices", self.url_open(response.headers["Location"]).text)

    def test_an_amount_out_of_range_is_refused_and_nothing_typed_is_lost(self):
        for amount in ("0", "-5", "nan", "inf", "1e18", "900.01", "", "much", "1,2,3", "9" * 40):
            with self.subTest(amount=amount):
                response = self.dispute(self.first, amount=amount, note="The third crate was wet")
                self.assert_refused(response, 422, "Enter an amount above zero")
                self.assertIn("The third crate was wet", response.text)
                self.assertIn(f'value="{amount or "900.00"}"', response.text)
        self.assertFalse(self.disputes())

    def test_an_amount_is_typed_as_the_readers_locale_writes_it(self):
        self.env.ref("base.lang_en").write({"decimal_point": ",", "thousands_sep": "."})
        large = self.create_invoice(self.customer, 4300, self.today - timedelta(days=3))
        page = self.get("dispute", query=f"?items={self.items(large)}").text
        self.assertIn('value="4300,00"', page, "the form writes it in another locale")
        self.assertIn('value="4300,00"', self.get("promise", query=f"?items={self.items(large)}").text)
        self.dispute(large, amount="1.234")
        self.assertEqual(self.disputes().amount, 1234)
        for text in ("1,234", "1,2345"):
            self.assert_refused(self.promise(large, amount=text), 422, "Write it like 1.234,56.")
        self.promise(large, amount="3.066,00")
        self.assertEqual(self.promises().amount, 3066)

    def test_what_could_be_a_thousand_or_one_is_not_guessed(self):
        large = self.create_invoice(self.customer, 4300, self.today - timedelta(days=3))
        response = self.dispute(large, amount="1.234")
        self.assert_refused(response, 422, "Write it like 1,234.56.")
        self.assertIn('value="1.234"', response.text)
        self.assert_refused(self.promise(large, amount="1.234"), 422, "Write it like 1,234.56.")
        self.dispute(large, amount="1,234")
        self.assertEqual(self.disputes().amount, 1234)

    def test_what_is_in_another_dispute_cannot_be_disputed_again(self):
        self.dispute(self.first, amount=700)
        self.assert_refused(self.dispute(self.first, amount=201), 422, "at most")
        self.assertEqual(self.dispute(self.first, amount=200).status_code, 303)

    def test_the_reason_and_the_words_are_needed(self):
        response = self.dispute(self.first, reason="999999", note="  ")
        self.assert_refused(response, 422, "Choose what it is about")
        self.assertIn("Tell us in a sentence", response.text)
        self.assertFalse(self.disputes())

    def test_a_contact_who_may_not_is_refused(self):
        self.treasury.may_dispute = False
        self.assert_refused(
            self.get("dispute", query=f"?items={self.items(self.first)}"), 403, "for a colleague of yours"
        )
        self.assert_refused(self.dispute(self.first), 403, "for a colleague of yours")
        self.assertFalse(self.disputes())


class TestFiles(PortalCase):
    def assert_file_refused(self, words, *files):
        response = self.dispute(self.first, files=files, note="See the photo")
        self.assert_refused(response, 422, words)
        self.assertIn("See the photo", response.text)
        self.assertIn("have to be chosen again", response.text)
        self.assertFalse(self.disputes())

    def test_a_program_is_refused_whatever_it_is_called(self):
        before = self.env["ir.attachment"].sudo().search_count([])
        self.assert_file_refused("neither a PDF nor a picture", ("delivery note.pdf", PROGRAM))
        self.assert_file_refused("neither a PDF nor a picture", ("x.svg", b"<svg onload='alert(1)'/>"))
        self.assert_file_refused("neither a PDF nor a picture", ("x.html", b"<script>alert(1)</script>"))
        self.assertEqual(self.env["ir.attachment"].sudo().search_count([]), before)

    def test_a_file_too_large_is_refused(self):
        self.assert_file_refused("is too large", ("photo.png", PNG + b"0" * 10 * 1024 * 1024))
        self.assert_file_refused("is too large", ("film.pdf", PDF + b"0" * 60 * 1024 * 1024))

    def test_too_many_files_are_refused(self):
        self.assert_file_refused("At most 5 files", *[(f"{number}.pdf", PDF) for number in range(6)])

    def test_an_empty_file_is_refused(self):
        self.assert_file_refused("is empty", ("photo.png", b""))

    def test_a_name_is_only_a_name(self):
        self.dispute(self.first, files=[("../../../etc/passwd.exe", PDF)])
        self.assertEqual(self.disputes().attachment_ids.name, "passwd.pdf")
        self.assertEqual(self.disputes().attachment_ids.mimetype, "application/pdf")


class TestPromising(PortalCase):
    def test_the_form_proposes_what_is_overdue(self):
        text = self.get("promise", query="?currency=USD").text
        self.assertIn('value="1500.00"', text)
        self.assertIn(self.first.name, text)
        self.assertNotIn(self.coming.name, text)

    def test_a_promise_holds_its_items_until_its_day(self):
        response = self.promise(self.first, note="After the board meets")
        self.assertEqual(response.status_code, 303)
        promise = self.promises()
        self.assertEqual((promise.amount, promise.state, promise.contact_id), (900, "open", self.treasurer))
        self.assertEqual((promise.channel, promise.note), ("portal", "After the board meets"))
        self.assertEqual(promise.date, self.today + timedelta(days=5))
        self.assertEqual(sum(promise.hold_ids.mapped("amount")), 900)
        self.assertEqual(self.log("promised").contact_id, self.treasurer)
        self.assertIn("we have noted the day", self.url_open(response.headers["Location"]).text)

    def test_it_follows_the_limits_of_the_policy(self):
        self.policy.promise_max_days = 10
        response = self.promise(self.first, day=str(self.today + timedelta(days=11)), note="Our bank is slow")
        self.assert_refused(response, 422, "Choose a day from today until")
        self.assertIn("Our bank is slow", response.text)
        for day in ("", "never", "2026-02-30", str(self.today - timedelta(days=1)), "99999-01-01"):
            self.assert_refused(self.promise(self.first, day=day), 422, "Choose a day from today until")
        self.assertFalse(self.promises())

    def test_no_more_promises_than_the_policy_takes(self):
        self.policy.promise_limit = 1
        self.promise(self.first)
        response = self.promise(self.first, day=str(self.today + timedelta(days=9)))
        self.assert_refused(response, 422, "Promises for these invoices so far: 1.")
        self.assertEqual(len(self.promises()), 1)

    def test_an_amount_out_of_range_is_refused(self):
        for amount in ("0", "-1", "NaN", "Infinity", "1e18", "900.01", "", "all"):
            with self.subTest(amount=amount):
                self.assert_refused(self.promise(self.first, amount=amount), 422, "Enter an amount above zero")
        self.assertFalse(self.promises())

    def test_a_later_promise_takes_the_place_of_the_earlier_and_says_so(self):
        self.promise(self.first)
        text = self.get("promise", query=f"?items={self.items(self.first)}").text
        self.assertIn("It takes the place of what you told us before", text)
        self.promise(self.first, day=str(self.today + timedelta(days=9)))
        self.assertEqual(self.promises().mapped("state"), ["open", "superseded"])

    def test_what_is_disputed_is_not_promised(self):
        self.dispute(self.first, amount=200)
        self.assert_refused(self.promise(self.first, amount="900"), 422, "at most $\xa0700.00")
        self.assertEqual(self.promise(self.first, amount="700").status_code, 303)

    def test_a_contact_who_may_not_is_refused(self):
        self.assert_refused(self.get("promise", contact=self.buyer), 403, "for a colleague of yours")
        self.assert_refused(self.promise(self.first, contact=self.buyer), 403, "for a colleague of yours")
        self.assertFalse(self.promises())


class TestAskingForAPlan(PortalCase):
    def ask(self, *moves, **values):
        """Send the form that asks for a plan."""
        who = {name: values.pop(name) for name in ("contact",) if name in values}
        data = {
            "items": self.items(*moves),
            "count": "3",
            "day": str(self.today + timedelta(days=7)),
            "note": "The season starts in March",
            **values,
        }
        return self.post("ask-plan", data=data, **who)

    def plans(self):
        return self.env["recobro.payment.plan"].search([("partner_id", "=", self.customer.id)])

    def test_the_form_shows_the_payments_before_anything_is_sent(self):
        text = self.get("ask-plan", query=f"?items={self.items(self.first)}&count=2&day={self.today}").text
        self.assertEqual(text.count("450.00"), 2)
        self.assertFalse(self.plans())

    def test_a_request_is_a_draft_that_holds_nothing(self):
        response = self.ask(self.first, self.second)
        self.assertEqual(response.status_code, 303)
        plan = self.plans()
        self.assertEqual((plan.state, plan.source, plan.contact_id), ("draft", "portal", self.treasurer))
        self.assertEqual((plan.amount, len(plan.installment_ids)), (1500, 3))
        self.assertFalse(plan.hold_ids)
        self.assertEqual(self.log("plan_asked").contact_id, self.treasurer)
        self.assertIn("We have your request", self.url_open(response.headers["Location"]).text)

    def test_a_second_request_is_refused_in_words(self):
        self.ask(self.first)
        self.assert_refused(self.ask(self.second), 422, "You have asked for a payment plan already")
        self.assertEqual(len(self.plans()), 1)

    def test_more_instalments_than_the_policy_has_are_refused(self):
        self.policy.plan_max_instalments = 4
        for count in ("5", "0", "-1", "many", "1e3", ""):
            response = self.ask(self.first, count=count)
            self.assert_refused(response, 422, "Choose from 1 to 4 instalments")
            self.assertIn("The season starts in March", response.text)
        self.assertFalse(self.plans())

    def test_a_contact_who_may_not_is_refused(self):
        self.assert_refused(self.ask(self.first, contact=self.buyer), 403, "for a colleague of yours")


class TestWhatBecameOfIt(PortalCase):
    def test_it_lists_disputes_promises_and_plans_in_plain_words(self):
        self.dispute(self.first, amount=100)
        self.promise(self.second)
        case = self.env["recobro.case"]._open_for(self.customer, self.company)
        terms = plan_making.propose_terms(self.env, self.company, self.customer, self.today, move_ids=self.coming.ids)
        plan = plan_making.make(case, terms, contact_id=self.treasurer.id)
        text = self.get("answers").text
        self.assertIn("A person will look at it soon", text)
        self.assertIn("You told us you will pay on", text)
        self.assertNotIn(plan.name, text, "a draft of a colleague is nobody else's")
        with self.mock_mail_gateway():
            plan.action_propose()
        self.assertIn("Our offer waits for your answer until", self.get("answers").text)
        self.assertIn("Our offer waits for your answer until", self.get().text)

    def test_a_closed_dispute_says_how_it_ended(self):
        self.dispute(self.first, amount=100)
        ticket = self.disputes()
        for action, words in (
            ("action_reject", "We could not agree with it"),
            ("action_agreement", "Closed with what we agreed"),
        ):
            getattr(ticket, action)()
            self.assertIn(words, self.get("answers").text)
            ticket.action_reopen()


class TestConversation(PortalCase):
    def setUp(self):
        super().setUp()
        self.dispute(self.first, amount=100, files=[("note.pdf", PDF)])
        self.ticket = self.disputes()

    def reply(self, text="Here is the list", files=(), **who):
        sent = [("files", (name, content, "application/pdf")) for name, content in files]
        return self.post("dispute", self.ticket.id, data={"text": text}, files=sent or None, **who)

    def page(self, **who):
        return self.get("dispute", self.ticket.id, **who).text

    def write(self, body, **values):
        """A colleague writes on the ticket."""
        with self.mock_mail_gateway():
            values = {"message_type": "comment", "subtype_xmlid": "mail.mt_comment", **values}
            return self.ticket.message_post(body=body, **values)

    def test_what_the_customer_wrote_and_what_was_sent_to_them_shows(self):
        self.write("Which crate do you mean?", partner_ids=self.treasurer.ids)
        text = self.page()
        for words in ("Two crates are missing", "note.pdf", "Which crate do you mean?"):
            self.assertIn(words, text)

    def by_mail(self, words):
        """The ticket came by mail: its mail is the first message, and its words are noted on it."""
        self.ticket.with_user(SUPERUSER_ID).write({"source": "mail", "note": words})
        self.ticket = self.ticket.with_user(SUPERUSER_ID)  # as the gateway
        return self.write(words, message_type="email", author_id=self.treasurer.id)

    def test_a_mail_that_opened_it_shows_once(self):
        self.by_mail("Three crates were broken")
        self.assertEqual(self.page().count("Three crates were broken"), 1)

    def test_a_mail_that_opened_it_and_shows_no_more_is_told_by_its_words(self):
        self.by_mail("Three crates were broken").unlink()
        self.write("A second mail", message_type="email", author_id=self.treasurer.id)
        text = self.page()
        for words in ("Three crates were broken", "A second mail"):
            self.assertEqual(text.count(words), 1)

    def test_what_is_internal_never_shows(self):
        self.write("They always complain", subtype_xmlid="mail.mt_note")
        self.ticket.message_unsubscribe(self.treasurer.ids)
        self.write("Is the warehouse sure?", partner_ids=self.env.user.partner_id.ids)
        text = self.page()
        self.assertNotIn("They always complain", text)
        self.assertNotIn("Is the warehouse sure?", text)

    def test_what_a_colleague_noted_of_a_call_does_not_show(self):
        ticket = self.env["recobro.dispute"]._open_ticket(
            self.customer,
            self.company,
            {self.second: 10},
            reason_id=self.reason.id,
            note="Shouted at me",
            subject="Angry",
        )
        text = self.get("dispute", ticket.id).text
        self.assertIn(self.second.name, text)
        self.assertNotIn("Shouted", text)
        self.assertNotIn("Angry", text)

    def test_a_reply_is_the_contacts_and_sets_the_clock_going_again(self):
        self.ticket.action_wait()
        response = self.reply("Crate 7\n<b>was wet</b>", files=[("list.pdf", PDF)])
        self.assertEqual(response.status_code, 303)
        message = self.ticket.message_ids.filtered(lambda message: message.author_id == self.treasurer)
        self.assertEqual(message.email_from, self.treasurer.email_formatted)
        self.assertIn("Crate 7<br", message.body)
        self.assertNotIn("<b>", message.body)
        self.assertEqual(message.attachment_ids.mapped("name"), ["list.pdf"])
        self.assertEqual(self.ticket.kind, "open")
        line = self.log("replied")
        self.assertEqual(
            (line.channel, line.contact_id, line.note), ("portal", self.treasurer, "Crate 7\n<b>was wet</b>")
        )
        kind = self.env.ref("recobro_module.activity_type_dispute_reply")
        self.assertIn(kind, self.ticket.activity_ids.activity_type_id)
        self.assertIn("Crate 7", self.url_open(response.headers["Location"]).text)

    def test_a_reply_with_a_bad_file_loses_nothing(self):
        response = self.reply("It took me an hour to write this", files=[("list.pdf", PROGRAM)])
        self.assert_refused(response, 422, "neither a PDF nor a picture")
        self.assertIn("It took me an hour to write this", response.text)
        self.assertFalse(self.log("replied"))

    def test_an_empty_reply_is_refused(self):
        self.assert_refused(self.reply(" \n "), 422, "Write what you want to tell us")

    def test_its_files_are_saved_and_never_shown_as_pages(self):
        file = self.ticket.attachment_ids
        response = self.get("dispute", self.ticket.id, "file", file.id)
        self.assertEqual(response.content, PDF)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")

    def test_files_of_colleagues_are_not_given(self):
        inside = self.env["ir.attachment"].create({"name": "margin.pdf", "raw": PDF})
        self.write("Look at our margin", subtype_xmlid="mail.mt_note", attachment_ids=inside.ids)
        beside = self.env["ir.attachment"].create(
            {"name": "beside.pdf", "raw": PDF, "res_model": "recobro.dispute", "res_id": self.ticket.id}
        )
        self.assertNotIn("margin.pdf", self.page())
        self.assertNotIn("beside.pdf", self.page())
        for file in (inside, beside):
            self.assertEqual(self.get("dispute", self.ticket.id, "file", file.id).status_code, 404)

    def test_the_contact_gets_our_answers_by_mail_with_a_link_to_the_page(self):
        with self.mock_mail_gateway():
            self.ticket.message_post(body="Which crate?", message_type="comment", subtype_xmlid="mail.mt_comment")
            self.env["mail.mail"].search([("model", "=", "recobro.dispute"), ("state", "=", "outgoing")]).send()
        mail = next(mail for mail in self._mails if self.treasurer.email in mail["email_to"][0])
        self.assertIn(f"/dispute/{self.ticket.id}", mail["body"])

    def test_who_may_not_dispute_reads_but_does_not_answer(self):
        self.treasury.may_dispute = False
        self.assertNotIn("Your answer", self.page())
        self.assert_refused(self.reply(), 403, "for a colleague of yours")

    def test_what_the_customer_wrote_is_changed_by_nobody(self):
        collector = new_test_user(self.env, "carla", "recobro_module.group_recobro_manager")
        with self.assertRaises(AccessError):
            self.ticket.with_user(collector).write({"note": "They admit that they are wrong"})
        self.ticket.with_user(collector).write({"subject": "Crates"})
        own = self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.second: 10}, reason_id=self.reason.id, note="Shouted"
        )
        own.with_user(collector).note = "Was angry"

    def test_a_colleague_does_not_speak_in_the_customers_name(self):
        collector = new_test_user(self.env, "carla", "recobro_module.group_recobro_manager")
        self.ticket = self.ticket.with_user(collector)
        self.ticket.sudo().message_unsubscribe(self.treasurer.ids)
        self.write("I withdraw it", author_id=self.treasurer.id)
        self.assertNotIn("I withdraw it", self.page(), "a note of ours is shown as theirs")
        self.write("Write to me", author_id=self.treasurer.id, partner_ids=self.treasurer.ids)
        shown = self.page().split("Write to me")[0].rsplit("<header", 1)[1]
        self.assertIn("carla", shown.lower())
        self.assertNotIn("Teresa", shown)

    def test_what_the_customer_answers_by_mail_or_logged_in_is_theirs(self):
        user = new_test_user(self.env, "teresa", "base.group_portal", partner_id=self.treasurer.id)
        self.authenticate("teresa", "teresa")
        self.reply("From my login")
        self.ticket = self.ticket.with_user(SUPERUSER_ID)  # as the gateway
        self.write("By mail", message_type="email", author_id=user.partner_id.id)
        text = self.page()
        for words in ("From my login", "By mail"):
            self.assertIn("teresa", text.split(words)[0].rsplit("<header", 1)[1].lower())
