"""The discount for paying early, where the customer pays: what a mail has promised is what the page asks for."""

from datetime import timedelta

from odoo import Command

from .test_portal_payment import PaymentCase


class TestTheDiscount(PaymentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        terms = cls.env["account.payment.term"].create(
            {
                "name": "2/10, net 30",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100, "nb_days": 30})],
            }
        )
        cls.give_terms = {"invoice_payment_term_id": terms.id, "invoice_date_due": False}
        cls.cheap = cls.create_discounted(cls.customer, 1000)

    @classmethod
    def create_discounted(cls, customer, amount, invoiced=-5):
        invoiced = cls.today + timedelta(days=invoiced)
        return cls.create_invoice(customer, amount, invoiced, invoiced, **cls.give_terms)

    def words(self, *moves):
        return self.open_page(self.lines_of(*moves)).text.replace("\xa0", " ")

    def test_an_invoice_paid_by_itself_costs_less_and_is_settled(self):
        text = self.words(self.cheap)
        self.assertIn("Pay $ 980.00", text)
        self.assertIn("−$ 20.00", text)
        self.assertIn("Discount for paying by", text)
        transaction = self.start(self.lines_of(self.cheap), 980)
        self.assertEqual(transaction.amount, 980)
        self.pay(transaction)
        self.assertEqual(self.cheap.amount_residual, 0)
        self.assertIn(self.cheap.payment_state, ("paid", "in_payment"))

    def test_the_full_amount_is_refused_while_less_is_enough(self):
        self.refuse("What is open of this is $ 980.00", self.lines_of(self.cheap), 1000)

    def test_several_at_once_are_paid_in_full_and_told_which_is_cheaper_by_itself(self):
        text = self.words(self.first, self.cheap)
        self.assertIn("Pay $ 1,900.00", text)
        self.assertIn(f"Invoice {self.cheap.name} paid by itself", text)
        self.pay(self.start(self.lines_of(self.first, self.cheap), 1900))
        self.assertEqual((self.first.amount_residual, self.cheap.amount_residual), (0, 0))

    def test_after_its_last_day_it_is_the_full_amount(self):
        late = self.create_discounted(self.customer, 500, invoiced=-11)
        text = self.words(late)
        self.assertIn("Pay $ 500.00", text)
        self.assertNotIn("Discount", text)

    def test_what_was_paid_in_part_has_lost_it(self):
        self.pay_invoice(self.cheap, 100, self.today)
        self.assertIn("Pay $ 900.00", self.words(self.cheap))

    def test_what_a_credit_pays_a_part_of_has_lost_it(self):
        # The oldest first: 900 and 600, and a hundred of this one
        self.create_credit_note(self.customer, 1600, self.today)
        text = self.words(self.cheap)
        self.assertIn("Pay $ 900.00", text)
        self.assertNotIn("Discount", text)
