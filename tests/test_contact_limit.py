"""A customer is contacted only so often in a week, over all channels."""

from datetime import timedelta

from odoo.addons.recobro_module.engine import delivery, run
from odoo.addons.recobro_module.engine.clock import lived

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestContactLimit(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"quiet_days": 0, "week_limit": 7, "contact_limit": 2})

    def owe(self, customer, *days):
        """Let a message about an invoice come on each of some days."""
        return [self.create_invoice(customer, 100, day(number + 5)) for number in days]

    def owe_a_call(self, customer, number=0):
        """Let a call come on a day."""
        invoice = self.create_invoice(customer, 100, day(number - 7))
        self.put_on_ladder(invoice, 3)
        return invoice

    def make_call(self, customer, number):
        """Log the planned call of the customer, on a day."""
        [call] = self.tasks_of(customer)
        call.with_context(recobro_as_of=lived(day(number))).sudo()._set_done()

    def test_messages_beyond_the_limit_wait_until_seven_days_have_passed(self):
        customer = self.create_customer()
        self.owe(customer, 0, 1, 2)
        self.run_days(MONDAY, day(6))
        self.assertEqual(self.messages_to(customer).mapped("day"), [MONDAY, day(1)])
        self.assertIn("contact_limit", self.reasons_of(customer))
        self.run_day(day(7))
        self.assertEqual(self.messages_to(customer).mapped("day"), [MONDAY, day(1), day(7)])

    def test_a_call_that_was_made_counts_and_one_that_was_not_does_not(self):
        called, uncalled = self.create_customer("Called"), self.create_customer("Uncalled")
        for customer in (called, uncalled):
            self.owe_a_call(customer)
            self.owe(customer, 1, 2)
        self.run_day(MONDAY)
        self.make_call(called, 0)
        self.run_days(day(1), day(2))
        self.assertEqual(self.messages_to(called).mapped("day"), [day(1)])
        self.assertEqual(self.messages_to(uncalled).mapped("day"), [day(1), day(2)])

    def test_a_call_counts_from_the_day_it_was_made_however_long_ago_it_was_planned(self):
        customer = self.create_customer()
        self.policy.contact_limit = 1
        self.policy.level_ids.filtered(lambda level: level.channel == "call").wait_days = 30
        self.owe_a_call(customer)
        self.owe(customer, 15, 18)
        self.run_day(MONDAY)
        self.make_call(customer, 14)
        self.run_days(day(15), day(18))
        self.assertFalse(self.messages_to(customer))
        self.run_day(day(21))
        self.assertEqual(self.messages_to(customer).mapped("day"), [day(21)])

    def test_of_one_day_the_message_takes_the_place_of_the_call(self):
        customer = self.create_customer()
        self.policy.contact_limit = 1
        self.owe_a_call(customer)
        [other] = self.owe(customer, 0)
        self.run_day(MONDAY)
        self.assertEqual(len(self.messages_to(customer)), 1)
        self.assertFalse(self.tasks_of(customer))
        self.assertEqual(self.reasons_of(customer), ["contact_limit"])
        self.pay_invoice(other, day=MONDAY)
        self.run_day(day(7))
        self.assertEqual(len(self.tasks_of(customer)), 1)

    def test_a_message_waits_when_the_last_contact_was_made_after_it_was_planned(self):
        customer = self.create_customer()
        self.policy.contact_limit = 1
        self.owe_a_call(customer)
        self.run_day(MONDAY)
        self.owe(customer, 1)
        env = self.env_on(day(1))
        run.decide(env, self.company, day(1), env["recobro.run"].sudo()._start(self.company, day(1), "manual"))
        self.make_call(customer, 1)
        delivery.deliver_all(env, self.company)
        self.env.invalidate_all()
        self.assertFalse(self.messages_to(customer, "sending", "done"))
        self.assertEqual(self.reasons_of(customer), ["contact_limit"])

    def test_without_a_limit_nothing_waits_for_it(self):
        customer = self.create_customer()
        self.policy.contact_limit = 0
        self.owe(customer, 0, 1, 2, 3)
        self.run_days(MONDAY, day(3))
        self.assertEqual(len(self.messages_to(customer)), 4)

    def test_a_manager_may_set_the_limit_aside_for_the_next_message(self):
        customer = self.create_customer()
        self.policy.contact_limit = 1
        self.owe(customer, 0, 1)
        self.run_day(MONDAY)
        context = {"recobro_as_of": lived(day(1)), "default_case_id": self.case_of(customer).id}
        wizard = self.env["recobro.action.send"].with_context(**context).create({})
        self.assertEqual(wizard.reason, "contact_limit")
        wizard.ignore_limits = True
        self.assertFalse(wizard.reason)
        with self.mock_mail_gateway():
            wizard.action_send()
        self.assertEqual(len(self.messages_to(customer, "sending", "done")), 2)
