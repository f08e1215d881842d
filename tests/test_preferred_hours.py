"""A message is made at the hours at which its recipient wants to hear from us, and says what is true then."""

from datetime import datetime, timedelta

from odoo.addons.recobro_module.engine import delivery, run
from odoo.addons.recobro_module.engine.clock import lived

from .common import MONDAY, RecobroCase


class TestPreferredHours(RecobroCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.person = self.create_contact(
            self.customer, "Anna", self.treasury, tz="UTC", recobro_hour_from=9, recobro_hour_to=11.5
        )

    def env_at(self, hour, later=0):
        """The environment of an hour of the Monday, or of a day so many days later, in UTC."""
        moment = datetime.combine(MONDAY, datetime.min.time()) + timedelta(days=later, hours=hour)
        return self.env(context={**self.env.context, "recobro_as_of": lived(moment)})

    def live(self, hour, later=0):
        """Decide and deliver the day at an hour."""
        env = self.env_at(hour, later)
        with self.mock_mail_gateway():
            run.live(env, self.company, MONDAY + timedelta(days=later))
        self.env.invalidate_all()

    def deliver(self, hour, later=0):
        """Deliver what waits at an hour."""
        with self.mock_mail_gateway():
            delivery.deliver_all(self.env_at(hour, later), self.company)
        self.env.invalidate_all()

    def test_a_message_is_made_only_when_the_hours_of_its_recipient_have_come(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.live(7)
        [message] = self.messages_to(self.customer, "planned")
        self.assertEqual(message.not_before_hour, datetime(2026, 3, 2, 9))
        self.assertFalse(message.mail_id)
        self.deliver(8.9)
        self.assertEqual(message.state, "planned")
        self.deliver(9)
        self.assertEqual((message.state, message.day), ("sending", MONDAY))

    def test_the_delivery_is_woken_at_that_moment(self):
        triggers = self.env["ir.cron.trigger"].sudo()
        before = triggers.search([])
        self.create_invoice(self.customer, 100, MONDAY)
        self.live(7)
        woken = (triggers.search([]) - before).filtered(lambda one: one.call_at == datetime(2026, 3, 2, 9))
        self.assertIn(self.env.ref("recobro_module.ir_cron_deliver_1"), woken.cron_id)

    def test_within_the_hours_and_without_any_it_goes_at_once(self):
        other = self.create_customer("Other")
        self.create_invoice(self.customer, 100, MONDAY)
        self.create_invoice(other, 100, MONDAY)
        self.live(10)
        self.assertEqual(len(self.messages_to(self.customer, "sending")), 1)
        self.assertEqual(len(self.messages_to(other, "sending")), 1)

    def test_after_the_hours_it_waits_for_the_next_working_day_and_is_of_that_day(self):
        self.create_invoice(self.customer, 100, MONDAY + timedelta(days=4))
        self.live(20, 4)
        [message] = self.messages_to(self.customer, "planned")
        self.assertEqual(message.not_before_hour, datetime(2026, 3, 9, 9))
        self.deliver(9, 7)
        self.assertEqual((message.state, message.day), ("sending", MONDAY + timedelta(days=7)))
        self.assertIn("3 days", message.mail_id.body_html)

    def test_the_hours_are_of_the_contact_s_own_clock(self):
        self.person.tz = "America/New_York"
        self.create_invoice(self.customer, 100, MONDAY)
        self.live(10)
        [message] = self.messages_to(self.customer, "planned")
        self.assertEqual(message.not_before_hour, datetime(2026, 3, 2, 14))

    def test_the_hours_of_a_contact_without_a_time_zone_are_the_company_s(self):
        self.person.tz = False
        self.company.partner_id.tz = "Europe/Madrid"
        self.create_invoice(self.customer, 100, MONDAY)
        self.live(6)
        [message] = self.messages_to(self.customer, "planned")
        self.assertEqual(message.not_before_hour, datetime(2026, 3, 2, 8))

    def test_what_is_paid_while_it_waits_is_not_asked_for(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.live(7)
        self.pay_invoice(invoice, day=MONDAY)
        self.deliver(9)
        self.assertFalse(self.messages_to(self.customer, "sending", "done"))
        self.assertEqual(self.reasons_of(self.customer), ["settled"])

    def test_the_run_of_the_day_ends_although_a_message_waits(self):
        self.create_invoice(self.customer, 100, MONDAY)
        env = self.env_at(7)
        record = env["recobro.run"].sudo()._start(self.company, MONDAY, "manual")
        run.decide(env, self.company, MONDAY, record)
        self.deliver(7)
        run.finish(record)
        self.assertEqual(record.state, "done")

    def test_what_a_person_sends_with_their_own_hands_goes_now(self):
        self.create_invoice(self.customer, 100, MONDAY + timedelta(days=6))
        env = self.env_at(7)
        case = env["recobro.case"].sudo()._open_for(self.customer, self.company)
        with self.mock_mail_gateway():
            env["recobro.action.send"].with_context(default_case_id=case.id).create({}).action_send()
        self.assertEqual(len(self.messages_to(self.customer, "sending", "done")), 1)
