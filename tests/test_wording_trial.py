"""Two wordings of one level, tried on halves of the customers: who gets which, and when it says anything."""

from datetime import timedelta

from odoo.exceptions import ValidationError

from odoo.addons.recobro_module.tools import trial

from .common import MONDAY, RecobroCase


class TestTrial(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.policy.level_ids.filtered(lambda level: level.delay_days == -5)
        cls.second = cls.level.template_id.copy({"name": "Shorter", "subject": "In short"})
        cls.level.template_b_id = cls.second
        cls.customers = [cls.create_customer(f"Buyer {number}") for number in range(6)]
        cls.invoices = [cls.create_invoice(customer, 100, MONDAY) for customer in cls.customers]

    def written_with(self):
        """The template of the message of each customer."""
        return [self.messages_to(customer).template_id for customer in self.customers]

    def expected(self):
        chosen = [
            trial.is_second(self.level.id, customer.id, self.level.template_b_share) for customer in self.customers
        ]
        return [self.second if is_second else self.level.template_id for is_second in chosen]

    def test_a_part_of_the_customers_gets_the_second_wording_and_the_message_remembers_which(self):
        self.level.template_b_share = 50
        self.run_day(MONDAY)
        self.assertEqual(self.written_with(), self.expected())
        for customer in self.customers:
            message = self.messages_to(customer)
            self.assertEqual(message.subject == "In short", message.template_id == self.second)

    def test_without_a_second_wording_everybody_gets_the_first(self):
        self.level.template_b_id = False
        self.run_day(MONDAY)
        self.assertEqual(set(self.written_with()), {self.level.template_id})

    def test_a_handful_of_messages_says_nothing_and_it_says_how_many_it_takes(self):
        self.run_day(MONDAY)
        self.pay_invoice(self.invoices[0], day=MONDAY + timedelta(days=2))
        self.env.flush_all()
        self.env.invalidate_all()
        words = self.level.trial_result.split("\n")
        self.assertEqual(len(words), 3)
        self.assertIn("Shorter", words[1])
        self.assertIn("it takes about", words[2])

    def test_the_same_message_twice_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "the same message twice"):
            self.level.template_b_id = self.level.template_id
