"""WhatsApp without a service: a link that opens the chat with a text that is true when it is opened."""

from unittest.mock import patch
from urllib.parse import parse_qs, urlparse

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.models.recobro_action_whatsapp import RecobroActionWhatsapp

from .common import MONDAY, RecobroBrowserCase
from .test_call_script import CallCase, day


class WhatsappCase(CallCase):
    """The same, by WhatsApp."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.channel = "whatsapp"

    def chat_of(self, customer, user=None):
        """The (number, text) of the chat that the task of a customer opens."""
        task = self.call_to(customer).with_env(self.env_on(MONDAY)).with_user(user or self.collector)
        address = urlparse(task.action_open_whatsapp()["url"])
        self.assertEqual((address.scheme, address.netloc), ("https", "wa.me"))
        return address.path.strip("/"), parse_qs(address.query)["text"][0]


class TestTheChat(WhatsappCase):
    def test_the_task_is_an_activity_with_a_link_of_ours_and_the_script(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        task = self.call_to(customer)
        self.assertEqual(task.activity_id.user_id, self.collector)
        self.assertIn(f"/recobro/whatsapp/{task.id}", task.activity_id.note)
        self.assertIn("past due", task.activity_id.note)
        self.assertNotIn("wa.me", task.activity_id.note)

    def test_the_link_has_the_number_in_international_form_and_the_amount_and_the_page(self):
        customer = self.create_debtor()
        customer.country_id = self.env.ref("base.es")
        customer.child_ids.phone = "600 111 222"
        customer.child_ids.country_id = self.env.ref("base.es")
        self.run_day(MONDAY)
        number, text = self.chat_of(customer)
        self.assertEqual(number, "34600111222")
        self.assertIn("Anna Debtor", text)
        self.assertIn("100.00", text)
        self.assertIn("/my/collections/", text)

    def test_the_text_is_that_of_the_level_where_it_has_one(self):
        self.level.sms_template_id = self.env["sms.template"].create(
            {
                "name": "Short",
                "model_id": self.env["ir.model"]._get_id("recobro.action"),
                "body": "Please pay {{ object.get_letter().totals(object.get_letter().asked) }}",
            }
        )
        customer = self.create_debtor()
        self.run_day(MONDAY)
        self.assertEqual(self.chat_of(customer)[1].replace("\xa0", " "), "Please pay $ 100.00")

    def test_what_was_paid_since_is_not_in_the_text_and_nothing_left_opens_no_chat(self):
        customer = self.create_debtor()
        paid = self.create_invoice(customer, 250, day(-8))
        self.run_day(MONDAY)
        self.pay_invoice(paid, day=MONDAY)
        self.assertNotIn("350.00", self.chat_of(customer)[1])
        rest = self.env["account.move"].search([("partner_id", "=", customer.id), ("amount_residual", ">", 0)])
        self.pay_invoice(rest, day=MONDAY)
        with self.assertRaisesRegex(UserError, "There is nothing to write"):
            self.chat_of(customer)

    def test_a_number_that_cannot_be_used_is_named_with_what_to_do(self):
        customer = self.create_debtor()
        customer.child_ids.phone = "12"
        self.run_day(MONDAY)
        self.assertIn("no telephone number", self.call_to(customer).activity_id.note)
        with self.assertRaisesRegex(UserError, "Debtor has no telephone number"):
            self.chat_of(customer)

    def test_its_result_is_logged_as_whatsapp_and_the_ladder_goes_on(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        task = self.call_to(customer)
        dialog = self.dialog_of(task)
        self.assertEqual((dialog.channel, dialog.action_id), ("whatsapp", task))
        dialog.write({"result": "replied", "note": "Will pay"})
        dialog.action_log()
        self.assertEqual(task.state, "done")
        self.assertEqual(task.interaction_ids.channel, "whatsapp")
        self.assertEqual(task.line_ids.item_id.level_id, self.level)

    def test_who_has_a_service_sends_by_it_and_the_log_says_so(self):
        customer = self.create_debtor()
        with patch.object(RecobroActionWhatsapp, "_send_whatsapp", lambda action: True):
            self.run_day(MONDAY)
        [task] = self.tasks_of(customer, "done")
        self.assertFalse(task.activity_id)
        self.assertEqual(task.interaction_ids.mapped("result"), ["sent"])

    def test_an_accountant_opens_no_chat(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        accountant = new_test_user(
            self.env, "whatsapp_accountant", "account.group_account_invoice", company_id=self.company.id
        )
        with self.assertRaises(AccessError):
            self.chat_of(customer, accountant)


class TestTheLink(WhatsappCase, RecobroBrowserCase):
    def test_the_link_of_the_activity_goes_on_to_the_chat_or_to_the_task_that_says_why_not(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        task = self.call_to(customer)
        self.authenticate("call_collector", "call_collector")
        answer = self.url_open(f"/recobro/whatsapp/{task.id}", allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].startswith("https://wa.me/34600111222?text="))
        customer.child_ids.phone = False
        answer = self.url_open(f"/recobro/whatsapp/{task.id}", allow_redirects=False)
        self.assertIn(f"/odoo/collections-actions/{task.id}", answer.headers["Location"])
        self.assertEqual(self.url_open("/recobro/whatsapp/99999999").status_code, 404)

    def test_nobody_else_can_follow_it(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        task = self.call_to(customer)
        other = self.env["res.company"].create({"name": "Other company"})
        new_test_user(
            self.env, "stranger", "recobro_module.group_recobro_user", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        self.authenticate("stranger", "stranger")
        answer = self.url_open(f"/recobro/whatsapp/{task.id}", allow_redirects=False)
        self.assertNotIn("wa.me", answer.headers.get("Location", ""))
        self.assertNotIn(customer.name, answer.text)
