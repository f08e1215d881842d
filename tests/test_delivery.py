"""From actions to mails: judged again before each goes, and what became of each is kept (DESIGN.md, rules 3 and 11)."""

import smtplib
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import MailDeliveryException
from odoo.addons.recobro_module.engine import delivery, queue, run

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestBetweenPlanningAndSending(RecobroCase):
    def test_an_invoice_paid_after_planning_is_not_written_about(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.plan_only(MONDAY)
        self.pay_invoice(invoice, day=MONDAY)
        self.deliver(MONDAY)
        self.assertFalse(self.messages_to(customer))
        self.assertEqual(self.reasons_of(customer), ["settled"])
        self.assertEqual(self.levels_of(invoice), [])

    def test_an_invoice_paid_while_its_mail_waits_in_the_queue_is_not_written_about(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.pay_invoice(invoice, day=MONDAY)
        self.send(MONDAY)
        self.assertFalse(self._mails)
        [message] = self.messages_to(customer, "skipped")
        self.assertEqual(message.reason, "settled")
        self.assertEqual(message.mail_id.state, "cancel")
        self.assertEqual(message.interaction_ids.sorted("id").mapped("result"), ["queued", "cancelled"])

    def test_a_partial_payment_while_the_mail_waits_makes_a_new_mail_with_the_new_amount(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.pay_invoice(invoice, 40, day=MONDAY)
        self.send(MONDAY)
        self.assertFalse(self._mails)
        self.deliver(MONDAY)
        [message] = self.messages_to(customer)
        self.assertEqual(message.line_ids.amount, 60)
        self.assertEqual(len(self._mails), 1)

    def test_a_hold_set_while_the_mail_waits_stops_it(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.env["recobro.hold"].create(
            {
                "name": "Wrong price",
                "reason": "dispute",
                "company_id": self.company.id,
                "partner_id": customer.id,
                "item_id": self.items_of(invoice).id,
                "date_from": MONDAY,
            }
        )
        self.send(MONDAY)
        self.assertFalse(self._mails)
        self.assertEqual(self.reasons_of(customer), ["held"])

    def test_a_mail_that_waited_over_midnight_is_made_anew_with_the_real_days_late(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-3))
        self.run_day(MONDAY, send=False)
        self.send(day(1))
        self.assertFalse(self._mails)
        self.deliver(day(1))
        [message] = self.messages_to(customer)
        self.assertEqual((message.day, message.line_ids.days_past_due), (day(1), 4))
        self.assertEqual(self.levels_of(invoice), [3])

    def test_the_stop_button_also_stops_what_is_queued(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.company.recobro_stopped = True
        self.send(MONDAY)
        self.assertFalse(self._mails)
        self.assertEqual(self.reasons_of(customer), ["stopped"])

    def plan_only(self, as_of):
        """Decide the day without delivering it."""
        env = self.env_on(as_of)
        record = env["recobro.run"].sudo()._start(self.company, as_of, "manual")
        run.decide(env, self.company, as_of, record)

    def deliver(self, as_of):
        """Deliver what is planned and let the mail queue send."""
        with self.mock_mail_gateway():
            delivery.deliver_all(self.env_on(as_of), self.company)
            self.send_queue(as_of)
        self.env.invalidate_all()

    def send(self, as_of):
        """Let the mail queue send."""
        with self.mock_mail_gateway():
            self.send_queue(as_of)
        self.env.invalidate_all()


class TestWhatBecameOfIt(RecobroCase):
    def test_a_level_goes_up_only_when_the_message_went_out(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.assertEqual(self.levels_of(invoice), [])
        self.assertEqual(self.messages_to(customer, "sending").interaction_ids.mapped("result"), ["queued"])
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual(self.levels_of(invoice), [-5])
        self.assertEqual(self.messages_to(customer).interaction_ids.sorted("id").mapped("result"), ["queued", "sent"])

    def test_a_mail_server_down_for_an_hour_delays_the_mail_and_loses_nothing(self):
        customers = [self.create_customer(name) for name in ("One", "Two")]
        invoices = [self.create_invoice(customer, 100, MONDAY) for customer in customers]
        record = self.run_day(MONDAY, send=False)
        for _attempt in range(3):
            self.send_with_error(ConnectionRefusedError("refused"), connect=True)
        mails = self.messages_to(customers[0], "sending").mail_id | self.messages_to(customers[1], "sending").mail_id
        self.assertEqual(mails.mapped("state"), ["outgoing", "outgoing"])
        waits = [mail.scheduled_date - fields.Datetime.now() for mail in mails]
        self.assertTrue(all(timedelta(minutes=15) < wait <= timedelta(minutes=20) for wait in waits))
        alerts = record.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref("recobro_module.activity_type_delivery")
        )
        self.assertEqual(len(alerts), 1)
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual([self.levels_of(invoice) for invoice in invoices], [[-5], [-5]])
        self.assertEqual(len(self._mails), 2)

    def test_a_temporary_refusal_is_tried_again_with_the_same_mail(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        mail = self.messages_to(customer, "sending").mail_id
        self.send_with_error(smtplib.SMTPResponseException(452, b"disk full"))
        self.assertEqual((mail.state, self.levels_of(invoice)), ("outgoing", []))
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual(self.messages_to(customer).mail_id, mail)

    def test_a_lost_connection_is_tried_again(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        with self.assertRaises(smtplib.SMTPServerDisconnected):
            self.send_with_error(smtplib.SMTPServerDisconnected("gone"))
        self.assertEqual(self.messages_to(customer, "sending").mail_id.state, "outgoing")

    def test_a_permanent_refusal_holds_the_level_and_gives_the_owner_an_activity(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        refused = smtplib.SMTPRecipientsRefused({"customer@customer.example": (550, b"no such user")})
        self.send_with_error(refused)
        [message] = self.messages_to(customer, "failed")
        self.assertIn("550", message.error)
        self.assertEqual(self.levels_of(invoice), [])
        self.assertEqual(
            self.case_of(customer).activity_ids.activity_type_id, self.env.ref("recobro_module.activity_type_delivery")
        )
        self.run_day(day(2))
        self.assertFalse(self.messages_to(customer), "an address that was refused is not used again")
        self.assertIn("no_address", self.reasons_of(customer))
        customer.action_recobro_confirm_address()
        self.run_day(day(3))
        self.assertEqual(self.levels_of(invoice), [0])

    def test_a_bounce_puts_the_level_back_and_gives_the_owner_an_activity(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.put_on_ladder(invoice, -5)
        self.run_day(MONDAY)
        case = self.case_of(customer)
        case.with_context(recobro_as_of=lived(MONDAY))._message_receive_bounce(customer.email_normalized, customer)
        self.env.invalidate_all()
        self.assertEqual(self.items_of(invoice).level_id.delay_days, -5)
        self.assertEqual(len(case.activity_ids), 1)
        self.assertIn("bounced", case.interaction_ids.mapped("result"))
        self.run_days(day(1), day(4))
        self.assertFalse(self.messages_to(customer))

    def test_one_customer_whose_message_cannot_be_made_does_not_stop_the_others(self):
        bad, good = self.create_customer("Bad"), self.create_customer("Good")
        template = self.policy.level_ids.filtered(lambda level: level.delay_days == -5).template_id
        template.body_html = "<p><t t-out=\"1 / (object.partner_id.name != 'Bad')\"/></p>"
        for customer in (bad, good):
            self.create_invoice(customer, 100, MONDAY)
        with mute_logger("odoo.addons.recobro_module.engine.message", "odoo.addons.mail.models.mail_render_mixin"):
            self.run_day(MONDAY)
        self.assertEqual(len(self.messages_to(good)), 1)
        [failed] = self.messages_to(bad, "failed")
        self.assertIn("zero", failed.error)
        self.assertTrue(self.case_of(bad).activity_ids)

    def test_a_mail_that_left_is_never_queued_again_when_recording_it_fails_and_the_record_catches_up(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        with (
            self.mock_mail_gateway(),
            patch("odoo.addons.recobro_module.engine.queue._record_sent", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.recobro_module.models.mail_mail"),
        ):
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        [waiting] = self.messages_to(customer, "sending")
        self.assertEqual(waiting.mail_id.state, "sent")
        queue.settle(self.env_on(MONDAY))
        self.env.invalidate_all()
        self.assertEqual((waiting.state, self.levels_of(invoice)), ("done", [-5]))

    def test_a_message_whose_mail_somebody_removed_does_not_hold_its_items_for_ever(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        self.messages_to(customer, "sending").mail_id.sudo().unlink()
        queue.settle(self.env_on(MONDAY))
        self.env.invalidate_all()
        self.assertEqual(self.reasons_of(customer), ["cancelled"])
        self.run_day(day(1))
        self.assertEqual(self.levels_of(invoice), [0])

    def send_with_error(self, error, connect=False):
        """Let the queue send through a server that fails, at the connection or at the message."""

        def fail(*args, **kwargs):
            raise error

        self.env["mail.mail"].search([("state", "=", "outgoing")]).scheduled_date = False
        with self.mock_mail_gateway():
            target = "_connect__" if connect else "send_email"
            if not connect and not isinstance(error, smtplib.SMTPServerDisconnected):
                error = self.as_core_says_it(error)
            with (
                patch.object(type(self.env["ir.mail_server"]), target, fail),
                mute_logger("odoo.addons.mail.models.mail_mail"),
            ):
                self.send_queue(MONDAY)
        self.env.invalidate_all()

    def as_core_says_it(self, error):
        """The exception that core makes of an SMTP error, with the server's answer in its text."""
        return MailDeliveryException("Mail Delivery Failed", f"{type(error).__name__}: {error}")


class TestCutOff(RecobroCase):
    def test_a_run_cut_off_between_batches_goes_on_where_it_was(self):
        customers = [self.create_customer(f"Customer {number}") for number in range(3)]
        for customer in customers:
            self.create_invoice(customer, 100, MONDAY)
        env = self.env_on(MONDAY)
        record = env["recobro.run"].sudo()._start(self.company, MONDAY, "manual")
        run.decide(env, self.company, MONDAY, record)
        self.assertEqual(delivery.deliver_batch(env, limit=1, company=self.company), 1)
        env.invalidate_all()
        self.run_day(MONDAY)
        self.assertEqual([len(self.messages_to(customer)) for customer in customers], [1, 1, 1])
        self.assertEqual(
            len(self.env["mail.mail"].search([("recobro_action_id.partner_id", "in", [c.id for c in customers])])), 3
        )

    def test_the_scheduled_actions_run_deliver_and_refresh(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, fields.Date.today())
        self.company.recobro_run_hour = 0
        (self.env["res.company"].search([("parent_id", "=", False)]) - self.company).recobro_stopped = True
        self.policy.calendar_id = self.every_day()
        with self.enter_registry_test_mode(), self.mock_mail_gateway():
            for name in ("ir_cron_run", "ir_cron_deliver_1", "ir_cron_refresh"):
                self.env.ref(f"recobro_module.{name}").sudo().method_direct_trigger()
        self.env.invalidate_all()
        record = self.env["recobro.run"].search([("company_id", "=", self.company.id)])
        self.assertEqual((record.mode, record.state, record.planned_messages), ("scheduled", "done", 1))
        self.assertEqual(len(self.messages_to(customer, "sending", "done")), 1)
        self.assertEqual(self.case_of(customer).amount_open, 100)

    def test_a_run_that_fails_tells_a_person_once_keeps_nothing_half_made_and_is_tried_again(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        runs = self.env_on(MONDAY)["recobro.run"].sudo()
        with (
            patch("odoo.addons.recobro_module.engine.saving._insert_lines", side_effect=ValueError("broken")),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *args, **kwargs: 1),
            mute_logger("odoo.addons.recobro_module.models.recobro_run"),
        ):
            failed = [runs._start(self.company, MONDAY, "scheduled") for _number in range(2)]
            for record in failed:
                record._decide_and_commit()
        self.assertEqual([record.state for record in failed], ["failed", "failed"])
        self.assertEqual([len(record.activity_ids) for record in failed], [1, 0])
        self.assertIn("broken", failed[0].error)
        self.assertFalse(self.case_of(customer))
        self.run_day(MONDAY)
        self.assertEqual(len(self.messages_to(customer)), 1)

    def every_day(self):
        """A calendar without a day off, so that the test doesn't depend on the day it runs."""
        return self.env["resource.calendar"].create(
            {
                "name": "Every day",
                "company_id": self.company.id,
                "attendance_ids": [
                    fields.Command.create(
                        {
                            "name": str(weekday),
                            "dayofweek": str(weekday),
                            "hour_from": 0,
                            "hour_to": 24,
                            "day_period": "morning",
                        }
                    )
                    for weekday in range(7)
                ],
            }
        )


class TestTasks(RecobroCase):
    def test_a_call_is_an_activity_of_the_owner_and_marking_it_done_lets_the_ladder_go_on(self):
        collector = self.env["res.users"].create(
            {
                "name": "Collector",
                "login": "collector of the test",
                "group_ids": [fields.Command.link(self.env.ref("recobro_module.group_recobro_user").id)],
            }
        )
        customer = self.create_customer()
        customer.with_company(self.company).recobro_user_id = collector
        invoice = self.create_invoice(customer, 100, day(-7))
        self.put_on_ladder(invoice, 3)
        self.run_day(MONDAY)
        case = self.case_of(customer)
        [activity] = case.activity_ids
        self.assertEqual((activity.user_id, activity.date_deadline), (collector, MONDAY), "it is for today")
        activity.with_user(collector).action_feedback(feedback="They pay on Friday")
        self.env.invalidate_all()
        self.assertEqual(self.levels_of(invoice), [7])
        self.assertEqual(case.interaction_ids.filtered("note").note, "They pay on Friday")

    def test_a_call_that_is_no_longer_needed_leaves_the_list_when_the_case_closes(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, day(-7))
        self.put_on_ladder(invoice, 3)
        self.run_day(MONDAY)
        self.pay_invoice(invoice, day=MONDAY)
        self.run_day(day(1))
        case = self.case_of(customer, "closed")
        self.assertEqual((case.outcome, len(case.activity_ids)), ("paid", 0))
        self.assertEqual(self.tasks_of(customer, "skipped").reason, "settled")
