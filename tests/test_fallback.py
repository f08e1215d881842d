"""A message that could not be delivered goes another way on the same day; only then is somebody told."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError

from odoo.addons.recobro_module.engine import queue, run
from odoo.addons.recobro_module.engine.channels import fallback
from odoo.addons.recobro_module.engine.clock import lived

from .common import MONDAY
from .sms_case import ANNA, OFFICE, SmsCase


class TestFallback(SmsCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer(email=False)
        self.anna = self.create_contact(self.customer, "Anna", self.treasury, phone=ANNA)
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)

    def actions(self):
        """All that was planned for the customer, oldest first."""
        return self.env["recobro.action"].search([("partner_id", "=", self.customer.id)], order="id")

    def told(self):
        """The kinds of activities on the case."""
        return self.case_of(self.customer).activity_ids.activity_type_id

    def bounce(self, email="anna@customer.example"):
        """Let the last e-mail come back."""
        self.case_of(self.customer).with_context(recobro_as_of=lived(MONDAY))._message_receive_bounce(email, self.anna)
        self.env.invalidate_all()

    def send_mail(self):
        """Let the mail queue send."""
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()

    def refuse(self, kind, words):
        """Let the mail server refuse the mail that waits."""
        mail = self.actions()[-1].mail_id
        mail.write({"state": "exception", "failure_type": kind, "failure_reason": words})
        queue.record(mail.with_env(self.env_on(MONDAY)), kind, words)
        self.env.invalidate_all()

    def test_a_mail_that_is_refused_goes_by_sms_on_the_same_day_for_the_same_level(self):
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        mail, sms = self.actions()
        self.assertEqual((mail.state, sms.state, sms.channel, sms.day), ("failed", "planned", "sms", MONDAY))
        self.assertEqual((sms.instead_of_id, sms.level_id), (mail, mail.level_id))
        self.assertFalse(self.told())
        self.deliver()
        self.send_sms()
        self.assertEqual([number for number, _text in self.taken], [ANNA])
        self.assertEqual(self.levels_of(self.invoice), [-5])

    def test_a_mail_that_comes_back_later_goes_by_sms_too(self):
        self.live()
        self.send_mail()
        self.bounce()
        self.deliver()
        self.assertEqual(self.actions().mapped("channel"), ["email", "sms"])
        self.assertEqual(self.levels_of(self.invoice), [])
        self.send_sms()
        self.assertEqual(self.levels_of(self.invoice), [-5])

    def test_then_somebody_calls_and_only_when_nothing_is_left_the_owner_is_told(self):
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.deliver()
        self.send_sms(every="wrong_number_format")
        self.deliver()
        call = self.actions()[-1]
        self.assertEqual((call.kind, call.channel, call.state), ("task", "call", "planned"))
        self.assertTrue(call.is_delivered)
        self.assertEqual(call.line_ids.item_id, self.items_of(self.invoice))
        self.assertNotIn(self.env.ref("recobro_module.activity_type_delivery"), self.told())
        call.with_context(recobro_as_of=lived(MONDAY)).sudo()._set_done()
        self.assertEqual(self.levels_of(self.invoice), [-5])

    def test_without_a_telephone_the_owner_is_told_at_once(self):
        self.anna.phone = False
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.assertEqual(len(self.actions()), 1)
        self.assertEqual(self.told(), self.env.ref("recobro_module.activity_type_delivery"))

    def test_another_address_of_the_customer_is_tried_before_another_channel(self):
        self.customer.email = "office@customer.example"
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.deliver()
        first, second = self.actions()
        self.assertEqual(second.channel, "email")
        self.assertIn("office@customer.example", second.email_to)
        self.refuse("mail_email_invalid", "no such mailbox")
        self.assertEqual(self.actions()[-1].channel, "sms")

    def test_what_last_worked_for_the_contact_comes_first(self):
        self.customer.email = "office@customer.example"
        self.live()
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "case_id": self.case_of(self.customer).id,
                    "contact_id": self.anna.id,
                    "channel": "call",
                    "direction": "out",
                    "result": "answered",
                    "summary": "Spoke with Anna",
                }
            ]
        )
        self.refuse("mail_email_invalid", "no such mailbox")
        self.assertEqual(self.actions()[-1].channel, "call")

    def test_a_level_that_insists_goes_no_other_way(self):
        self.levels.keeps_channel = True
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.assertEqual(len(self.actions()), 1)
        self.assertEqual(self.told(), self.env.ref("recobro_module.activity_type_delivery"))

    def test_an_account_without_credit_falls_back_to_mail_and_blames_no_number(self):
        self.anna.recobro_channel = "sms"
        self.live()
        self.send_sms(every="insufficient_credit")
        self.deliver()
        self.assertEqual(self.actions().mapped("channel"), ["sms", "email"])
        self.assertFalse(self.env["recobro.interaction"].search([("result", "=", "failed"), ("email", "=", ANNA)]))

    def test_a_fault_of_ours_is_no_reason_to_call_everybody(self):
        self.levels.channel = "sms"
        self.levels.template_id = False
        self.live()
        self.send_sms(every="insufficient_credit")
        self.assertEqual(len(self.actions()), 1)
        self.assertEqual(self.told(), self.env.ref("recobro_module.activity_type_delivery"))

    def test_an_invoice_that_is_paid_meanwhile_is_not_asked_for_by_the_other_channel(self):
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.pay_invoice(self.invoice, day=MONDAY)
        self.deliver()
        self.assertEqual((self.actions()[-1].state, self.actions()[-1].reason), ("skipped", "settled"))

    def test_an_item_that_has_gone_on_since_is_not_chased_again_by_an_old_bounce(self):
        self.live()
        self.send_mail()
        self.run_day(MONDAY + timedelta(days=2))
        self.assertEqual(self.levels_of(self.invoice), [-5, 0])
        first = self.actions()[0]
        first.with_context(recobro_as_of=lived(MONDAY)).sudo()._set_failed("came back")
        self.assertFalse(fallback.fall_back(first.sudo()))

    def test_who_was_put_on_the_blacklist_after_the_planning_is_reached_another_way(self):
        env = self.env_on(MONDAY)
        run.decide(env, self.company, MONDAY, env["recobro.run"].sudo()._start(self.company, MONDAY, "manual"))
        self.env["mail.blacklist"].create({"email": self.anna.email})
        self.deliver()
        self.assertEqual(self.messages_to(self.customer, "sending").channel, "sms")

    def test_a_second_run_of_the_day_does_nothing_more(self):
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.deliver()
        before = self.actions()
        self.live()
        self.assertEqual(self.actions(), before)

    def test_a_number_that_somebody_found_wrong_on_the_telephone_gets_no_sms(self):
        self.live()
        self.log_call("wrong_number")
        self.refuse("mail_email_invalid", "no such mailbox")
        self.assertNotIn("sms", self.actions().mapped("channel"))

    def test_who_says_on_the_telephone_that_they_want_no_sms_gets_none(self):
        self.live()
        self.log_call("opted_out", channel="sms")
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", ANNA)]))
        with self.assertRaisesRegex(UserError, "valid telephone number"):
            self.log_call("opted_out", channel="sms", contact_id=self.customer.id)

    def log_call(self, result, **values):
        """Log a contact with Anna by hand."""
        dialog = {
            "case_id": self.case_of(self.customer).id,
            "contact_id": self.anna.id,
            "result": result,
            "date": fields.Datetime.now(),
            **values,
        }
        self.env["recobro.interaction.log"].create(dialog).action_log()

    def test_a_number_of_the_company_is_tried_by_sms_only_once(self):
        self.customer.phone = OFFICE
        self.live()
        self.refuse("mail_email_invalid", "no such mailbox")
        self.deliver()
        self.send_sms(every="wrong_number_format")
        self.deliver()
        self.assertEqual(self.actions()[-1].email_to, OFFICE)
        self.send_sms(every="wrong_number_format")
        self.deliver()
        self.assertEqual(self.actions().mapped("channel"), ["email", "sms", "sms", "call"])
