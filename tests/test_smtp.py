"""Real mail over a real SMTP server on the loopback interface: what arrives is what is owed."""

import socket
from datetime import timedelta
from email import message_from_bytes, policy
from unittest.mock import patch

from aiosmtpd.controller import Controller

from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import run

from .common import MONDAY, RecobroCase


class Mailbox:
    """An SMTP server's handler that keeps what it gets, and refuses what it is told to refuse."""

    def __init__(self):
        self.received = []
        self.answers = []

    async def handle_DATA(self, server, session, envelope):
        """Keep the message, or give the next prepared answer."""
        if self.answers and not self.answers[0].startswith("250"):
            return self.answers.pop(0)
        self.received.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


class TestSmtp(RecobroCase):
    def setUp(self):
        super().setUp()
        self.mailbox = Mailbox()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        controller = Controller(self.mailbox, hostname="127.0.0.1", port=port)
        controller.start()
        self.addCleanup(controller.stop)
        self.env["ir.mail_server"].search([]).active = False
        self.env["ir.mail_server"].create(
            {
                "name": "Loopback",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_encryption": "none",
            }
        )

    def live(self, day):
        """Live a day; the mail queue really sends."""
        run.live(self.env_on(day), self.company, day)
        self.send_really(day)

    def send_really(self, day):
        """Let the mail queue send through the server."""
        mails = self.env_on(day)["mail.mail"].search([("state", "=", "outgoing"), ("recobro_action_id", "!=", False)])
        mails.scheduled_date = False
        with (
            patch.object(type(self.env["ir.mail_server"]), "_disable_send", lambda _server: False),
            mute_logger("odoo.addons.mail.models.mail_mail"),
        ):
            mails.send()
        self.env.invalidate_all()

    def test_the_right_person_gets_the_right_amount_and_a_reply_finds_its_case(self):
        customer = self.create_customer()
        treasurer = self.create_contact(customer, "Treasurer", self.treasury)
        invoice = self.create_invoice(customer, 1234.5, MONDAY - timedelta(days=4), ref="PO-77")
        self.live(MONDAY)
        [(recipients, mail)] = self.mailbox.received
        self.assertEqual(recipients, [treasurer.email])
        body = mail.get_body(("html",)).get_content()
        for words in (invoice.name, "1,234.50", "PO-77", "4 days"):
            self.assertIn(words, body)
        action = self.messages_to(customer)
        self.assertEqual(mail["Message-Id"], action.mail_id.message_id)
        self.assertEqual(action.message_id.res_id, self.case_of(customer).id)

    def test_a_full_disk_delays_the_mail_and_it_arrives_once(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.mailbox.answers = ["452 4.3.1 Insufficient system storage"]
        self.live(MONDAY)
        self.assertEqual((self.mailbox.received, self.levels_of(invoice)), ([], []))
        self.send_really(MONDAY)
        self.assertEqual((len(self.mailbox.received), self.levels_of(invoice)), (1, [-5]))
        self.send_really(MONDAY)
        self.assertEqual(len(self.mailbox.received), 1)

    def test_a_refusal_for_good_is_kept_on_the_action_with_the_servers_words(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.mailbox.answers = ["550 5.1.1 No such user"]
        self.live(MONDAY)
        [failed] = self.messages_to(customer, "failed")
        self.assertIn("No such user", failed.error)
        self.assertEqual(self.levels_of(invoice), [])
        self.send_really(MONDAY)
        self.assertEqual(self.mailbox.received, [])
