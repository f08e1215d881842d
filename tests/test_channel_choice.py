"""By which channel a contact is reached: what they prefer comes before the level's, within what it can be."""

from datetime import timedelta

from odoo.tools import SQL

from odoo.addons.recobro_module.engine import recipients

from .common import MONDAY
from .sms_case import ANNA, BERT, OFFICE, SmsCase


class TestPreference(SmsCase):
    def channels(self, customer):
        """The channels of the messages made for a customer."""
        return self.messages_to(customer, "sending", "done").mapped("channel")

    def customer_with(self, name="Anna", **values):
        """A customer with one contact for treasury who has a number, and the contact."""
        customer = self.create_customer(f"Customer of {name}")
        return customer, self.create_contact(customer, name, self.treasury, **{"phone": ANNA, **values})

    def test_who_prefers_sms_gets_the_message_by_sms_where_the_level_has_a_text(self):
        customer, _anna = self.customer_with(recobro_channel="sms")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["sms"])

    def test_without_a_text_for_it_no_sms_goes_out(self):
        self.levels.sms_template_id = False
        customer, _anna = self.customer_with(recobro_channel="sms")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["email"])

    def test_who_prefers_mail_gets_it_instead_of_an_sms(self):
        self.levels.channel = "sms"
        customer, _anna = self.customer_with(recobro_channel="email")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["email"])

    def test_a_level_that_insists_keeps_its_channel(self):
        self.levels.keeps_channel = True
        customer, _anna = self.customer_with(recobro_channel="sms")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["email"])

    def test_a_preference_for_calls_does_not_turn_a_mail_into_a_task(self):
        customer, _anna = self.customer_with(recobro_channel="call")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["email"])
        self.assertFalse(self.tasks_of(customer))

    def test_a_preference_that_cannot_be_kept_is_left_aside(self):
        customer, _anna = self.customer_with(recobro_channel="sms", phone="12")
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["email"])

    def test_who_has_only_a_number_is_reached_by_sms_instead_of_by_nobody(self):
        customer = self.create_customer("Only a number", email=False, phone=OFFICE)
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        self.assertEqual(self.channels(customer), ["sms"])
        self.assertEqual(self.messages_to(customer, "sending").email_to, OFFICE)

    def test_of_two_with_the_role_those_of_one_channel_are_written_to_together(self):
        customer, anna = self.customer_with(recobro_channel="sms")
        self.create_contact(customer, "Bert", self.treasury, phone=BERT)
        self.create_invoice(customer, 100, MONDAY)
        self.live()
        message = self.messages_to(customer, "sending")
        self.assertEqual((message.channel, message.contact_id, message.email_to), ("sms", anna, ANNA))

    def test_who_can_be_written_to_comes_before_who_has_only_a_number(self):
        customer = self.create_customer("Two people", email=False)
        for roles in (self.env["recobro.contact.role"], self.treasury):
            customer.child_ids.unlink()
            self.create_contact(customer, "Anna", roles, phone=ANNA, email=False)
            bert = self.create_contact(customer, "Bert", roles)
            found = recipients.query(self.wanted(customer), best=True)
            self.assertEqual(self.env.execute_query(found), [(customer.id, "message", [bert.id], "email")])

    def test_two_people_without_a_role_are_no_better_told_apart_by_their_channels(self):
        customer = self.create_customer("Two people", email=False)
        self.create_contact(customer, "Anna", phone=ANNA, recobro_channel="sms")
        self.create_contact(customer, "Bert", phone=BERT)
        self.assertFalse(self.env.execute_query(recipients.query(self.wanted(customer), best=True)))

    def wanted(self, customer):
        """What is asked of the recipients: a message of a level by e-mail that has a text for SMS too."""
        self.env.flush_all()
        level = self.levels.filtered(lambda one: one.delay_days == 0)
        return SQL(
            "(SELECT %s AS partner_id, 'message' AS kind, %s AS level_id, 'email' AS channel)", customer.id, level.id
        )

    def test_who_prefers_whatsapp_is_written_to_instead_of_called_and_all_the_items_are_in_it(self):
        customer, anna = self.customer_with(recobro_channel="whatsapp")
        invoices = [self.create_invoice(customer, 100, MONDAY - timedelta(days=7)) for _number in range(2)]
        for invoice in invoices:
            self.put_on_ladder(invoice, 3)
        self.live()
        task = self.tasks_of(customer)
        self.assertEqual((task.channel, task.contact_id, len(task.line_ids)), ("whatsapp", anna, 2))

    def test_a_letter_is_what_the_level_says(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days == 7).channel = "letter"
        customer, _anna = self.customer_with(recobro_channel="whatsapp")
        self.put_on_ladder(self.create_invoice(customer, 100, MONDAY - timedelta(days=7)), 3)
        self.live()
        self.assertEqual(self.tasks_of(customer).channel, "letter")

    def test_the_simulation_shows_the_channel_it_would_be(self):
        customer, _anna = self.customer_with(recobro_channel="sms")
        self.create_invoice(customer, 100, MONDAY)
        wizard = self.env["recobro.policy.simulate"].create(
            {"policy_id": self.policy.id, "company_id": self.company.id, "day": MONDAY}
        )
        [row] = [row for row in wizard._simulate()["planned"] if row["customer"] == customer]
        self.assertEqual(row["channel"], "sms")
