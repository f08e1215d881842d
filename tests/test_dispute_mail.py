"""Disputes by mail: from a customer, from a stranger, and from somebody who says to be a customer."""

from base64 import b64encode
from datetime import datetime, time, timedelta
from time import process_time

from odoo import api
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.recobro_module.engine.disputes import dispute_alerts

from .common import MONDAY, RecobroCase, lived
from .frames import AtOnceCase

MAIL = """{headers}To: {to}
From: {email_from}
Subject: {subject}
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

{body}
"""

MAIL_WITH_FILE = """Return-Path: {email_from}
To: {to}
From: {email_from}
Subject: Damaged
Message-ID: <with-a-file@customer.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="border"

--border
Content-Type: text/html; charset=utf-8

<p>Look at <b>{number}</b><script>alert(1)</script><img src="x" onerror="alert(1)"></p>
--border
Content-Type: application/pdf; name="photo.pdf"
Content-Disposition: attachment; filename="photo.pdf"
Content-Transfer-Encoding: base64

{file}
--border--
"""


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class DisputeMailCase(RecobroCase):
    """A customer with a treasurer and two overdue invoices, one of them with the customer's own reference."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        alias = cls.env.ref("recobro_module.mail_alias_dispute")
        # A domain of its own: the mail to it is this company's
        alias.alias_domain_id = cls.env["mail.alias.domain"].create({"name": "in.seller.example"})
        cls.company.alias_domain_id = alias.alias_domain_id
        cls.alias = alias.alias_full_name
        cls.manager = mail_new_test_user(
            cls.env,
            "dispute_mail_manager",
            groups="recobro_module.group_recobro_manager",
            company_id=cls.company.id,
            name="Marta Manager",
            email="marta@seller.example",
        )
        cls.collector = mail_new_test_user(
            cls.env,
            "dispute_mail_collector",
            groups="recobro_module.group_recobro_user",
            company_id=cls.company.id,
            name="Carla Collector",
            email="carla@seller.example",
        )
        cls.policy.user_id = cls.manager
        cls.policy.untaken_dispute_days = 3
        levels = cls.policy.level_ids
        levels.filtered(lambda level: level.channel == "call").unlink()
        levels.exists().filtered(lambda level: level.delay_days == 15).delay_days = 8

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.anna = self.create_contact(self.customer, "Anna", self.treasury)
        self.customer.with_company(self.company).recobro_user_id = self.collector
        self.first = self.create_invoice(self.customer, 100, day(-2))
        self.second = self.create_invoice(self.customer, 40, day(-1), ref="PO-47110815")
        self.number = 0

    def process(self, source, when=MONDAY, model=False):
        """Let the gateway process the source of a mail, on a day; return the new tickets.

        :param model: what the mail server, which is the company's, makes of mails that no alias gets.
        """
        threads = self.env_on(when)["mail.thread"]
        threads = threads.with_company(self.company) if model else threads
        before = self.env["recobro.dispute"].search([])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread", "odoo.addons.mail.models"):
            threads.message_process(model, source)
            self.env.flush_all()
            self.sent = [mail for mail in self._mails if "seller.example" not in str(mail["email_to"])]
        self.env.invalidate_all()
        return self.env["recobro.dispute"].search([]) - before

    def receive(
        self, subject="This is wrong", body="Hello", email_from=None, headers=None, when=MONDAY, model=False, **values
    ):
        """A mail to the address for disputes comes in; return the new tickets."""
        self.number += 1
        email_from = email_from or self.anna.email_formatted
        if headers is None:
            headers = [f"Return-Path: <{email_from.rpartition('<')[2].strip('>')}>"]
        source = MAIL.format(
            **{
                "to": self.alias,
                "email_from": email_from,
                "subject": subject,
                "body": body,
                "headers": "".join(f"{header}\n" for header in headers),
                "message_id": f"<dispute-mail-{self.number}@customer.example>",
                **values,
            }
        )
        return self.process(source, when, model)

    def answer(self, ticket, *headers, email_from=None):
        """Somebody answers a ticket by mail; return its kind after that."""
        email_from = email_from or self.anna.email
        message = ticket.message_ids.filtered(lambda found: found.message_type == "email")[-1:]
        path = f"Return-Path: <{email_from}>"
        new = self.receive(
            "Re: more", "Here it is", email_from, headers=[path, f"References: {message.message_id}", *headers]
        )
        self.assertFalse(new, "it is an answer")
        self.assertIn("Here it is", str(ticket.message_ids[:1].body), "which is there to be read")
        return ticket.kind

    def assertInbox(self, ticket, doubt):
        """The ticket waits for a person to find whose it is, holds nothing, and somebody is told."""
        self.assertEqual(len(ticket), 1)
        self.assertFalse(ticket.partner_id or ticket.case_id or ticket.line_ids or ticket.taken_on or ticket.hold_ids)
        self.assertEqual((ticket.doubt, ticket.source, ticket.company_id), (doubt, "mail", self.company))
        [activity] = ticket.activity_ids
        self.assertEqual(activity.activity_type_id, self.env.ref("recobro_module.activity_type_dispute_new"))
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(dict(ticket._fields["doubt"]._description_selection(self.env))[doubt], str(activity.note))
        self.assertEqual(self.chased(self.customer, MONDAY), 140)
        self.assertFalse(self.sent, "nothing is sent to anybody outside")


class TestKnownSender(DisputeMailCase):
    def test_a_customers_mail_that_names_an_invoice_holds_what_is_open_on_it(self):
        self.pay_invoice(self.first, 30, day(-1))
        ticket = self.receive(f"About {self.first.name}", "The quantity is wrong.")
        self.assertEqual((ticket.partner_id, ticket.contact_id), (self.customer, self.anna))
        self.assertEqual((ticket.source, ticket.company_id), ("mail", self.company))
        self.assertEqual(ticket.case_id, self.case_of(self.customer))
        self.assertEqual(ticket.subject, f"About {self.first.name}")
        self.assertIn("The quantity is wrong.", ticket.note)
        self.assertEqual(ticket.reason_id.code, "other")
        self.assertEqual(ticket.line_ids.move_id, self.first)
        self.assertEqual(ticket.amount, 70)
        self.assertFalse(ticket.taken_on or ticket.doubt)
        self.assertEqual(self.chased(self.customer, MONDAY), 40)
        self.assertFalse(self.sent, "nothing is sent to anybody outside")
        self.assertEqual(ticket.activity_ids.user_id, self.collector)

    def test_it_holds_for_the_days_of_the_policy_until_a_person_takes_it(self):
        ticket = self.receive(f"About {self.first.name}")
        self.assertEqual(self.chased(self.customer, day(2)), 40)
        self.assertEqual(self.chased(self.customer, day(3)), 140)
        ticket.with_user(self.collector).with_context(recobro_as_of=lived(day(1))).action_take()
        self.env.invalidate_all()
        self.assertEqual(self.chased(self.customer, day(30)), 40)

    def test_an_invoice_is_found_by_the_customers_reference_and_as_people_write_numbers(self):
        self.assertEqual(self.receive(body="our order po 47110815 was short").line_ids.move_id, self.second)
        loose = self.first.name.replace("/", " ").lower()
        self.assertEqual(self.receive(body=f"see {loose}, please").line_ids.move_id, self.first)

    def test_a_mail_that_names_no_invoice_holds_nothing(self):
        ticket = self.receive(body="You are all thieves")
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertFalse(ticket.line_ids or ticket.hold_ids)
        self.assertEqual(self.chased(self.customer, MONDAY), 140)

    def test_invoices_of_another_customer_and_what_is_settled_are_left_alone(self):
        other = self.create_invoice(self.create_customer("Other"), 70, day(-2))
        self.pay_invoice(self.second, day=day(-1))
        ticket = self.receive(body=f"{other.name} and {self.second.name} are wrong")
        self.assertEqual(ticket.partner_id, self.customer)
        self.assertFalse(ticket.line_ids)

    def test_the_invoices_in_the_letter_that_is_answered_are_not_disputed(self):
        body = f"{self.second.name} is wrong.\n\nOn Monday, Seller wrote:\n> {self.first.name}  100.00\n> Kind regards"
        self.assertEqual(self.receive(body=body).line_ids.move_id, self.second)
        body = f"Please look at it.\n\n-----Mensaje original-----\nDe: Seller\n{self.first.name}  100.00"
        ticket = self.receive(body=body)
        self.assertFalse(ticket.line_ids)
        self.assertEqual(ticket.note, "Please look at it.")

    def test_what_is_disputed_already_is_not_disputed_twice(self):
        self.env["recobro.dispute"]._open_ticket(self.customer, self.company, {self.first: 60}, subject="Before")
        ticket = self.receive(body=f"{self.first.name} and {self.second.name}")
        self.assertEqual({line.move_id: line.amount for line in ticket.line_ids}, {self.first: 40, self.second: 40})

    def test_who_writes_for_two_records_of_one_company_is_known(self):
        self.create_contact(self.customer, "Anna again", email=self.anna.email)
        self.assertEqual(self.receive().partner_id, self.customer)

    def test_of_several_companies_it_is_the_one_that_the_customer_owes(self):
        other = self.env["res.company"].create({"name": "Another seller"})
        other.alias_domain_id = self.company.alias_domain_id
        for body in (self.first.name, "no number"):
            self.run_day(day(1))
            self.assertEqual(self.receive(body=body).company_id, self.company)
        self.customer.company_id = self.company
        self.assertEqual(self.receive().partner_id, self.customer)
        self.first.company_id.alias_domain_id = False
        self.assertEqual(self.receive().doubt, "unknown", "the address is another company's now")

    def test_the_files_of_the_mail_are_on_the_ticket_and_its_html_is_harmless(self):
        source = MAIL_WITH_FILE.format(
            to=self.alias,
            email_from=self.anna.email,
            number=self.first.name,
            file=b64encode(b"%PDF-1.4 a broken pallet").decode(),
        )
        ticket = self.process(source)
        self.assertEqual(ticket.line_ids.move_id, self.first)
        self.assertEqual(ticket.attachment_ids.mapped("name"), ["photo.pdf"])
        self.assertEqual(ticket.attachment_ids.raw, b"%PDF-1.4 a broken pallet")
        body = ticket.message_ids.filtered(lambda message: message.message_type == "email").body
        self.assertNotIn("alert(1)", body + ticket.note)

    def test_the_same_mail_twice_makes_one_ticket(self):
        self.assertTrue(self.receive(message_id="<twice@customer.example>"))
        self.assertFalse(self.receive(message_id="<twice@customer.example>"))

    def test_an_answer_is_added_to_its_ticket_and_ends_the_wait_for_the_customer(self):
        ticket = self.receive(f"About {self.first.name}")
        ticket.action_wait()
        self.assertEqual(self.answer(ticket), "open")
        self.assertEqual(ticket.stage_id, self.env.ref("recobro_module.dispute_stage_review"))

    def test_a_colleague_of_who_wrote_answers_too_even_from_an_address_that_somebody_else_has(self):
        ticket = self.receive(f"About {self.first.name}")
        bob = self.create_contact(self.customer, "Bob")
        for number in range(2):
            ticket.action_wait()
            self.assertEqual(self.answer(ticket, email_from=bob.email), "open", number)
            self.create_customer("A namesake", email=bob.email, customer_rank=9)

    def test_an_answer_that_is_not_the_customers_leaves_the_clock_still(self):
        ticket = self.receive(f"About {self.first.name}")
        ticket.action_wait()
        self.create_customer("Other")
        forged = "Authentication-Results: mx.seller.example; spf=fail smtp.mailfrom=customer.example; dmarc=fail"
        for whose, headers, values in (
            ("a machine's", ["Auto-Submitted: auto-replied"], {}),
            ("a forger's", [forged], {}),
            ("a stranger's", [], {"email_from": "who@nowhere.example"}),
            ("another customer's", [], {"email_from": "other@customer.example"}),
            ("a colleague's", [], {"email_from": self.collector.email}),
        ):
            with self.subTest(whose):
                self.assertEqual(self.answer(ticket, *headers, **values), "waiting")
        self.assertIn(self.collector.partner_id, ticket.message_partner_ids, "who works on it is told of all of them")

    def test_a_customers_portal_user_opens_a_ticket_that_nobody_has_taken(self):
        user = mail_new_test_user(
            self.env, "dispute_mail_portal", groups="base.group_portal", email="p@customer.example"
        )
        user.partner_id.parent_id = self.customer
        ticket = self.receive(f"About {self.first.name}", email_from="p@customer.example")
        self.assertEqual((ticket.partner_id, ticket.user_id), (self.customer, self.collector))
        self.assertEqual(ticket.create_uid, self.env.ref("base.user_root"), "the gateway opens it, not the customer")
        self.assertFalse(ticket.taken_on)


class TestDoubtfulSender(DisputeMailCase):
    def test_a_stranger_lands_in_the_inbox(self):
        ticket = self.receive(f"About {self.first.name}", email_from="Nobody <who@nowhere.example>")
        self.assertInbox(ticket, "unknown")
        self.assertIn("who@nowhere.example", ticket.email_from)

    def test_an_address_of_two_customers_is_nobodys(self):
        twin = self.create_customer("Twin", email=self.anna.email)
        self.assertEqual(self.receive().partner_id, self.customer, "no customer yet: nothing was sold to the twin")
        self.create_invoice(twin, 10, day(-2))
        self.assertInbox(self.receive(f"About {self.first.name}"), "ambiguous")

    def test_a_sender_who_fails_the_check_of_the_own_domain_lands_in_the_inbox(self):
        headers = ["Authentication-Results: mx.seller.example; spf=fail smtp.mailfrom=customer.example; dmarc=fail"]
        self.assertInbox(self.receive(f"About {self.first.name}", headers=headers), "authentication")

    def test_what_a_forger_adds_below_our_own_servers_header_counts_for_nothing(self):
        headers = [
            "Authentication-Results: mx.seller.example; dmarc=fail",
            "Authentication-Results: mx.seller.example; dmarc=pass",
        ]
        self.assertInbox(self.receive(f"About {self.first.name}", headers=headers), "authentication")

    def test_other_signs_of_a_false_sender(self):
        anna, path = self.anna.email, f"Return-Path: <{self.anna.email}>"
        for doubt, values in {
            "two_senders": {"email_from": f"{anna}, eve@evil.example", "headers": []},
            "reply_to": {"headers": [path, "Reply-To: eve@evil.example"]},
            "envelope": {"headers": ["Return-Path: <eve@evil.example>"]},
            "name": {"email_from": f'"boss@other.example" <{anna}>', "headers": [path]},
        }.items():
            with self.subTest(doubt):
                self.assertInbox(self.receive(f"About {self.first.name}", **values), doubt)

    def test_a_false_sender_is_seen_whichever_way_the_mail_comes_to_disputes(self):
        headers = ["Authentication-Results: mx.seller.example; spf=fail smtp.mailfrom=customer.example; dmarc=fail"]
        fetched = {"to": "post@elsewhere.example", "model": "recobro.dispute"}
        self.assertInbox(self.receive(f"About {self.first.name}", headers=headers, **fetched), "authentication")
        self.assertEqual(self.receive(f"About {self.first.name}", **fetched).line_ids.move_id, self.first)

    def test_a_mail_with_blank_lines_without_end_is_read_in_a_moment(self):
        # Each blank line was read on to the last of them: half a minute for these, in the gateway of all mail
        began = process_time()
        ticket = self.receive(body=f"{self.second.name} is wrong.{chr(10) * 40_000}The end")
        self.assertLess(process_time() - began, 10)
        self.assertEqual(ticket.line_ids.move_id, self.second)

    def test_of_a_mail_as_long_as_one_likes_the_beginning_is_read(self):
        ticket = self.receive(body=f"{self.second.name} is wrong.\n{'No. ' * 200_000}\n{self.first.name}")
        self.assertEqual(ticket.line_ids.move_id, self.second)

    def test_a_machine_and_a_colleague_open_no_ticket_of_a_customer(self):
        headers = [f"Return-Path: <{self.anna.email}>", "Auto-Submitted: auto-replied"]
        self.assertInbox(self.receive(f"Out of office {self.first.name}", headers=headers), "automatic")
        self.assertInbox(self.receive(f"Fwd: {self.first.name}", email_from=self.collector.email), "colleague")

    def test_odd_mails_are_kept_and_break_nothing(self):
        for number, source in enumerate(
            (
                "\n\n",
                "From:\nSubject:\n\n\n",
                f"From: =?utf-8?q?=FF=FE?= <a@@b>\nSubject: {'x' * 3000}\n\nHi",
                f"From: a@b.example\nReply-To: {'(' * 3000}\n\nHi",
                "From: a@b.example\nContent-Type: text/html\n\n<!DOCTYPE x><<p></div><blockquote>",
            )
        ):
            ticket = self.process(f"To: {self.alias}\nMessage-ID: <odd-{number}@x.example>\n{source}")
            self.assertEqual(len(ticket), 1)
            self.assertTrue(ticket.doubt and ticket.subject and len(ticket.subject) <= 200)
        source = (
            f"To: {self.alias}\nFrom: José <j@b.example>\nSubject: Reclamación\nMessage-ID: <odd-5@x.example>\n\nMañana"
        )
        self.assertEqual(self.process(source.encode("latin-1")).doubt, "unknown")

    def test_what_a_stranger_sends_stops_nothing_however_often(self):
        for _time in range(3):
            self.receive(f"About {self.first.name}", email_from="who@nowhere.example")
        self.run_day(day(1))
        self.assertEqual(self.messages_to(self.customer).amount, 140)

    def test_a_forged_sender_who_writes_every_day_stops_the_ladder_for_the_policys_days_only(self):
        for number in range(12):
            self.receive(f"About {self.first.name} and {self.second.name}", when=day(number))
            self.run_day(day(number))
        sent = self.messages_to(self.customer)
        self.assertEqual(sent[0].day, day(3), "the first day after those that an untaken dispute holds")
        self.assertGreaterEqual(len(sent), 2)
        self.assertFalse([message for message in sent if message.line_ids.filtered(lambda line: not line.amount)])


class TestInbox(DisputeMailCase):
    def setUp(self):
        super().setUp()
        self.ticket = self.receive(f"About {self.first.name}", email_from="who@nowhere.example")

    def test_who_finds_the_customer_gives_it_its_invoices_its_case_and_its_hold(self):
        ticket = self.ticket.with_user(self.collector).with_context(recobro_as_of=lived(day(1)))
        ticket.partner_id = self.anna
        self.assertEqual((ticket.partner_id, ticket.line_ids.move_id), (self.customer, self.first))
        self.assertEqual(ticket.case_id, self.case_of(self.customer))
        self.env.invalidate_all()
        self.assertFalse(ticket.activity_ids)
        self.assertEqual(self.chased(self.customer, day(20)), 40)
        self.assertIn("disputed", self.case_of(self.customer).interaction_ids.mapped("result"))

    def test_who_finds_the_customer_has_taken_the_ticket_however_late_that_is(self):
        ticket = self.ticket.with_user(self.collector).with_context(recobro_as_of=lived(day(9)))
        ticket.partner_id = self.customer
        self.env.invalidate_all()
        self.assertEqual(ticket.taken_on.date(), day(9))
        self.assertEqual(ticket.user_id, self.collector)
        self.assertEqual(ticket.held_from, day(9), "nothing was held while it was nobody's")
        self.assertTrue(ticket.hold_ids)
        self.assertEqual(self.chased(self.customer, day(9)), 40)

    def test_who_finds_the_customer_for_a_colleague_leaves_the_ticket_to_them(self):
        self.ticket.with_user(self.manager).write({"partner_id": self.customer.id, "user_id": self.collector.id})
        self.assertEqual(self.ticket.user_id, self.collector)
        self.assertTrue(self.ticket.is_taken)

    def test_nobody_takes_what_is_nobodys_but_anybody_closes_it(self):
        ticket = self.ticket.with_user(self.collector)
        with self.assertRaisesRegex(ValidationError, "choose the customer first"), self.env.cr.savepoint():
            ticket.action_take()
        ticket.action_reject()
        self.assertEqual(ticket.kind, "final")

    def test_the_customer_is_chosen_once(self):
        self.ticket.with_user(self.collector).partner_id = self.customer
        with self.assertRaises(AccessError):
            self.ticket.with_user(self.collector).partner_id = self.create_customer("Other")

    def test_the_daily_job_lives_with_what_is_nobodys(self):
        dispute_alerts.alert(self.env_on(day(20)), self.company, datetime.combine(day(20), time(12)))
        self.run_day(day(1))
        self.assertTrue(self.messages_to(self.customer))


class TestWhoMayOpen(DisputeMailCase):
    def test_a_plain_employee_opens_no_ticket_by_calling_what_the_gateway_calls(self):
        employee = mail_new_test_user(self.env, "dispute_mail_employee", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.env["recobro.dispute"].with_user(employee).message_new({"subject": "x", "email_from": self.anna.email})

    def test_the_settings_show_both_addresses(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.recobro_dispute_address, self.alias)
        self.assertTrue(settings.recobro_reply_address)


class TestAnswerAtTheSameMoment(AtOnceCase):
    """With real transactions: the customer's answer comes in while a colleague works on the ticket."""

    def make(self, env):
        """A ticket that waits for its customer, committed."""
        env = env(context={"tracking_disable": True, "mail_activity_quick_update": True})
        company = self.make_company(env, "At the same moment")
        partner = env["res.partner"].create({"name": "One", "is_company": True, "email": "one@customer.example"})
        ticket = env["recobro.dispute"]._open_ticket(partner, company, {}, source="mail", subject="Wrong")
        ticket.action_wait()
        return {"company": company.id, "partner": partner.id, "ticket": ticket.id}

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"tracking_disable": True})
            ticket = env["recobro.dispute"].browse(self.made["ticket"])
            ticket.activity_ids.unlink()
            if ticket.kind != "final":
                ticket.action_reject()
            env["res.company"].browse(self.made["company"]).recobro_stopped = True

    def work(self, cr):
        """The ticket, as somebody has it in a transaction of their own."""
        context = {"allowed_company_ids": [self.made["company"]], "tracking_disable": True}
        return api.Environment(cr, api.SUPERUSER_ID, context)["recobro.dispute"].browse(self.made["ticket"])

    def post(self, ticket):
        message = ticket.message_post(
            body="Here it is", message_type="email", subtype_xmlid="mail.mt_comment", author_id=self.made["partner"]
        )
        ticket.env.flush_all()
        self.assertTrue(message.exists())

    def test_it_is_kept_while_a_colleague_changes_the_ticket(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            colleagues, gateways = self.work(one), self.work(two)
            self.assertEqual((colleagues.kind, gateways.kind), ("waiting", "waiting"))
            colleagues.action_reject()
            one.flush()
            self.post(gateways)
            self.assertEqual(gateways.kind, "waiting")
            two.rollback()
            one.rollback()

    def test_it_is_kept_when_the_colleague_was_faster_by_a_moment(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            colleagues, gateways = self.work(one), self.work(two)
            self.assertEqual((colleagues.kind, gateways.kind), ("waiting", "waiting"))
            colleagues.action_reject()
            one.commit()
            with mute_logger("odoo.sql_db"):
                self.post(gateways)
            two.rollback()
            two.clear()
            self.assertEqual(gateways.kind, "final", "what the colleague decided stands")

    def test_it_sets_the_clock_going_when_nobody_works_on_the_ticket(self):
        with self.registry.cursor() as two:
            gateways = self.work(two)
            self.post(gateways)
            self.assertEqual(gateways.kind, "open")
            two.rollback()
