"""Messages by SMS: made, judged once more, sent, and what becomes of them told to the ladder."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import run
from odoo.addons.recobro_module.engine.channels import sms_reports
from odoo.addons.recobro_module.engine.clock import lived
from odoo.addons.sms.tools.sms_api import SmsApi

from .common import MONDAY
from .sms_case import ANNA, OFFICE, SmsCase


class TestSms(SmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels.write({"channel": "sms", "template_id": False})

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.anna = self.create_contact(self.customer, "Anna", self.treasury, phone=ANNA)

    def message(self):
        """The one message of the customer."""
        return self.env["recobro.action"].search([("partner_id", "=", self.customer.id), ("kind", "=", "message")])

    def test_an_sms_says_what_is_owed_with_one_link_and_goes_to_the_number_of_the_role(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY - timedelta(days=3), name="INV/7")
        self.put_on_ladder(invoice, 0)
        self.live()
        message = self.message()
        self.assertEqual((message.state, message.channel, message.email_to), ("sending", "sms", ANNA))
        self.send_sms()
        [(number, text)] = self.taken
        self.assertEqual(number, ANNA)
        self.assertIn("$ 100.00", text.replace("\N{NO-BREAK SPACE}", " "))
        self.assertIn("3 days ago", text)
        self.assertEqual(text.count("http"), 1)
        self.assertIn("/my/collections/", text)

    def test_the_ladder_goes_up_when_the_provider_has_it_and_the_log_says_when_it_arrived(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.levels_of(invoice), [])
        self.send_sms()
        self.assertEqual((self.message().state, self.levels_of(invoice)), ("done", [-5]))
        self.assertEqual(self.results(self.message()), ["queued", "sent"])
        for _twice in range(2):
            self.report(self.message(), "delivered")
        self.assertEqual(self.results(self.message()), ["queued", "sent", "delivered"])

    def test_it_stands_in_the_chatter_of_the_case(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        posted = self.message().message_id
        self.assertEqual(
            (posted.message_type, posted.model, posted.res_id), ("sms", "recobro.case", self.case_of(self.customer).id)
        )
        self.assertIn("/my/collections/", posted.body)
        self.assertIn("/my/collections/", self.message().preview)

    def test_what_is_paid_before_it_goes_is_not_asked_for(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.pay_invoice(invoice, day=MONDAY)
        self.send_sms()
        self.assertFalse(self.taken)
        self.assertEqual((self.message().state, self.message().reason), ("skipped", "settled"))
        self.assertEqual(self.env["sms.sms"].search([("recobro_action_id", "=", self.message().id)]).state, "canceled")

    def test_what_changes_before_it_goes_is_said_anew(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.pay_invoice(invoice, 40, MONDAY)
        self.send_sms()
        self.assertFalse(self.taken)
        self.deliver()
        self.send_sms()
        [(_number, text)] = self.taken
        self.assertIn("60.00", text)
        self.assertEqual(self.message().state, "done")

    def test_one_that_is_not_true_any_more_stops_no_other(self):
        other = self.create_customer("Other", phone=OFFICE)
        mine, _theirs = (self.create_invoice(one, 100, MONDAY) for one in (self.customer, other))
        self.live()
        self.pay_invoice(mine, day=MONDAY)
        self.send_sms()
        self.assertEqual([number for number, _text in self.taken], [OFFICE])
        self.assertEqual(self.messages_to(other).state, "done")

    def test_nothing_goes_out_once_collections_are_stopped(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.company.recobro_stopped = True
        self.send_sms()
        self.assertFalse(self.taken)
        self.assertEqual(self.message().reason, "stopped")

    def test_a_number_that_does_not_exist_is_not_used_again_until_somebody_confirms_it(self):
        self.levels.keeps_channel = True
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.send_sms(every="wrong_number_format")
        self.assertEqual((self.message().state, self.levels_of(invoice)), ("failed", []))
        line = self.message().interaction_ids.filtered(lambda one: one.result == "failed")
        self.assertEqual(line.email, ANNA)
        self.run_day(MONDAY + timedelta(days=2))
        self.assertIn("no_address", self.reasons_of(self.customer))
        self.anna.action_recobro_confirm_address()
        self.live(MONDAY + timedelta(days=3))
        self.assertEqual(len(self.messages_to(self.customer, "sending")), 1)

    def test_one_that_never_arrived_puts_the_level_back_and_tells_the_owner(self):
        self.levels.keeps_channel = True
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.live()
        self.send_sms()
        self.assertEqual(self.items_of(invoice).level_id.delay_days, 0)
        self.report(self.message(), "not_delivered")
        self.assertEqual(self.message().state, "failed")
        self.assertEqual(self.items_of(invoice).level_id.delay_days, -5)
        told = self.case_of(self.customer).activity_ids.activity_type_id
        self.assertEqual(told, self.env.ref("recobro_module.activity_type_delivery"))

    def test_a_provider_that_is_down_delays_it_and_at_last_it_has_failed(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        for attempt in range(1, 7):
            self.send_sms(every="server_error")
            self.assertEqual((self.message().state, self.message().attempts), ("planned", attempt))
            self.assertTrue(self.message().not_before_hour)
            self.message().sudo().not_before_hour = False
            self.deliver()
        self.send_sms(every="server_error")
        self.assertEqual(self.message().state, "failed")
        self.assertFalse(self.message().interaction_ids.filtered(lambda one: one.result == "failed" and one.email))

    def test_a_provider_that_cannot_be_reached_is_a_delay_too(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        with mute_logger("odoo.addons.sms.models.sms_sms"):
            self.send_sms(every=ConnectionError("no route"))
        self.assertEqual(self.message().state, "planned")
        self.message().sudo().not_before_hour = False
        self.deliver()
        self.send_sms()
        self.assertEqual((self.message().state, len(self.taken)), ("done", 1))

    def test_a_late_report_on_an_sms_that_was_made_again_changes_nothing(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        first = self.message().sms_uuid
        self.send_sms(every="server_error")
        self.message().sudo().not_before_hour = False
        self.deliver()
        tracker = self.env["sms.tracker"].sudo().search([("sms_uuid", "=", first)])
        tracker._action_update_from_provider_error("invalid_destination")
        self.env.invalidate_all()
        self.assertEqual(self.message().state, "sending")

    def test_a_number_on_the_blacklist_gets_no_sms(self):
        self.env["phone.blacklist"].create({"number": ANNA})
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.assertFalse(self.messages_to(self.customer, "planned", "sending"))
        self.assertEqual(self.reasons_of(self.customer), ["no_address"])

    def test_a_number_that_is_put_on_the_blacklist_after_the_planning_gets_no_sms(self):
        self.create_invoice(self.customer, 100, MONDAY)
        env = self.env_on(MONDAY)
        record = env["recobro.run"].sudo()._start(self.company, MONDAY, "manual")
        run.decide(env, self.company, MONDAY, record)
        self.env["phone.blacklist"].create({"number": ANNA})
        self.deliver()
        self.assertEqual(self.reasons_of(self.customer), ["no_address"])

    def test_who_opts_out_is_put_on_the_blacklist_and_the_log_says_so(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.env["sms.tracker"].sudo().search(
            [("sms_uuid", "=", self.message().sms_uuid)]
        )._action_update_from_sms_state("error", failure_type="sms_optout")
        self.env.invalidate_all()
        self.assertEqual(self.results(self.message())[-1], "opted_out")
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", ANNA)]))

    def test_somebody_who_cancels_it_in_the_queue_leaves_it_out(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.env["sms.sms"].search([("uuid", "=", self.message().sms_uuid)]).action_set_canceled()
        self.env.invalidate_all()
        self.assertEqual((self.message().state, self.message().reason), ("skipped", "cancelled"))

    def test_what_was_sent_and_not_recorded_catches_up(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.env["sms.sms"].search([("uuid", "=", self.message().sms_uuid)]).state = "pending"
        sms_reports.settle(self.env_on(MONDAY))
        self.env.invalidate_all()
        self.assertEqual((self.message().state, self.levels_of(invoice)), ("done", [-5]))

    def test_one_that_somebody_removed_does_not_hold_its_items_for_ever(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.env["sms.sms"].search([("uuid", "=", self.message().sms_uuid)]).unlink()
        sms_reports.settle(self.env_on(MONDAY))
        self.env.invalidate_all()
        self.assertEqual((self.message().state, self.message().reason), ("skipped", "cancelled"))

    def test_one_that_cannot_be_written_fails_alone(self):
        other = self.create_customer("Other", phone=OFFICE)
        self.levels.sms_template_id = self.text.copy({"body": "{{ 1 / (object.partner_id.name != 'Other') }}"})
        for customer in (self.customer, other):
            self.create_invoice(customer, 100, MONDAY)
        with mute_logger("odoo.addons.recobro_module.engine.message", "odoo.addons.mail.models.mail_render_mixin"):
            self.live()
        self.assertEqual(self.messages_to(other, "failed").state, "failed")
        self.assertEqual(self.message().state, "sending")

    def test_the_text_is_in_the_recipient_s_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.text.with_context(lang="es_ES").body = "Hola: {{ object.get_letter().url }}"
        self.anna.lang = "es_ES"
        self.create_invoice(self.customer, 100, MONDAY)
        self.live()
        self.send_sms()
        self.assertTrue(self.taken[0][1].startswith("Hola: http"))

    def test_nobody_gets_an_sms_at_night_but_who_says_they_want_it(self):
        night = self.create_customer("Night", phone=OFFICE, recobro_hour_from=20, recobro_hour_to=24, tz="UTC")
        self.anna.tz = "UTC"
        for customer in (self.customer, night):
            self.create_invoice(customer, 100, MONDAY)
        env = self.env_at(MONDAY, 22)
        with self.mock_mail_gateway():
            run.live(env, self.company, MONDAY)
        self.env.invalidate_all()
        self.assertEqual(str(self.message().not_before_hour), "2026-03-03 08:00:00")
        self.assertEqual(self.messages_to(night, "sending").email_to, OFFICE)

    def test_it_counts_for_the_quiet_days_and_the_log_names_the_number(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.create_invoice(self.customer, 100, MONDAY + timedelta(days=6))
        self.live()
        self.send_sms()
        self.live(MONDAY + timedelta(days=1))
        self.assertIn("quiet_days", self.reasons_of(self.customer))
        self.assertEqual(self.message().interaction_ids.mapped("email"), [ANNA, ANNA])

    def test_a_level_by_sms_needs_its_text_and_the_text_must_be_ours(self):
        level = self.levels[0]
        with self.assertRaisesRegex(ValidationError, "choose the text"):
            level.sms_template_id = False
        foreign = self.env["sms.template"].create(
            {"name": "Foreign", "model_id": self.env["ir.model"]._get_id("res.partner"), "body": "x"}
        )
        with self.assertRaisesRegex(ValidationError, "collections actions"):
            level.sms_template_id = foreign

    def test_whoever_approves_one_sees_what_it_says(self):
        level = self.levels.filtered(lambda one: one.delay_days == -5)
        level.needs_approval = True
        self.create_invoice(self.customer, 100, MONDAY + timedelta(days=5))
        self.live()
        [waiting] = self.tasks_of(self.customer, "to_approve")
        manager = new_test_user(self.env, "boss of sms", "recobro_module.group_recobro_manager")
        manager.write({"company_id": self.company.id, "company_ids": [Command.set(self.company.ids)]})
        seen = waiting.with_user(manager).with_context(recobro_as_of=lived(MONDAY))
        self.assertIn("/my/collections/", seen.preview)
        seen.action_approve()
        self.deliver()
        self.send_sms()
        self.assertEqual(len(self.taken), 1)


class TestQueue(SmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.levels.write({"channel": "sms", "template_id": False})
        cls.other = cls.setup_other_company()["company"]
        cls.other.partner_id.tz = "UTC"
        cls.other_policy = cls.policy.copy({"name": "Other", "company_id": cls.other.id, "sequence": 1})
        cls.other_policy.sudo().is_on = True
        cls.other.recobro_stopped = False

    def test_the_scheduled_queue_sends_those_of_two_companies_each_by_its_own_account(self):
        companies = self.company | self.other
        for company in companies:
            customer = self.create_customer(f"Customer of {company.name}", phone=OFFICE)
            self.create_invoice(customer, 100, MONDAY, company_id=company.id, journal_id=self.journal_of(company).id)
            with self.mock_mail_gateway():
                run.live(self.env_on(MONDAY), company.with_env(self.env_on(MONDAY)), MONDAY)
        self.env.invalidate_all()
        actions = self.env["recobro.action"].search([("company_id", "in", companies.ids), ("channel", "=", "sms")])
        self.assertEqual(actions.mapped("state"), ["sending", "sending"])
        senders = []
        send = SmsApi.__init__

        def note(api, env, account=None):
            send(api, env, account=account)
            senders.append(env.company)

        with (
            self.provider(),
            patch.object(SmsApi, "__init__", note),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cursor,
        ):
            env = self.env_on(MONDAY)(cr=cursor, su=True)
            cron = env.ref("sms.ir_cron_sms_scheduler_action")
            progress = env["ir.cron.progress"].create({"cron_id": cron.id, "remaining": 0, "done": 0})
            at_work = {"ir_cron_progress_id": progress.id, "cron_id": cron.id}
            env["sms.sms"].with_context(**at_work)._process_queue()
        self.env.invalidate_all()
        self.assertEqual(actions.mapped("state"), ["done", "done"])
        self.assertEqual(set(senders), set(companies))

    def journal_of(self, company):
        """The journal of sales of a company."""
        return self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)
