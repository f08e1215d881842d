"""What promises, disputes and payments in hand have in common: what they hold, and who is told."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError

from odoo.addons.recobro_module.engine import open_items, run
from odoo.addons.recobro_module.engine.plans import payment_plans, plan_agreement, plan_making

from .common import MONDAY
from .test_payments_in_hand import PaymentInHandCase, day


class TestWhatAnswersHold(PaymentInHandCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer()
        cls.invoice = cls.create_invoice(cls.customer, 100, MONDAY)
        cls.collector = cls.env["res.users"].create(
            {
                "name": "Carmen",
                "login": "carmen.answers",
                "email": "carmen@seller.example",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [Command.set(cls.env.ref("recobro_module.group_recobro_user").ids)],
            }
        )

    def dispute(self, amount, on=MONDAY):
        tickets = self.env_on(on)["recobro.dispute"]
        reason = self.env.ref("recobro_module.dispute_reason_price")
        return tickets._open_ticket(self.customer, self.company, {self.invoice: amount}, reason_id=reason.id)

    def as_collector(self, records):
        return records.with_user(self.collector).with_context(allowed_company_ids=self.company.ids)

    def test_what_did_not_change_leaves_no_mark_so_the_refresh_comes_to_rest(self):
        self.dispute(40)
        self.take(MONDAY, day(20), self.invoice, amount=60)
        self.refresh(self.customer, MONDAY)
        self.env["recobro.mark"].sudo().search([]).unlink()
        self.refresh(self.customer, MONDAY)
        self.assertFalse(self.env["recobro.mark"].search_count([]))

    def test_nobody_makes_a_hold_of_an_answer_endless_or_wider(self):
        payment = self.take(MONDAY, day(20), self.invoice, amount=60)
        [hold] = self.as_collector(payment.hold_ids)
        for values in ({"date_until": False}, {"amount": 0}, {"active": False}):
            with self.subTest(values), self.assertRaisesRegex(AccessError, "kept by collections"):
                hold.write(values)
        with self.assertRaisesRegex(AccessError, "kept by collections"):
            self.as_collector(self.env["recobro.hold"]).create(
                {
                    "name": "For ever",
                    "reason": "dispute",
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "source_model": "recobro.dispute",
                    "source_id": self.dispute(10).id,
                }
            )

    def test_each_payment_that_passed_its_maturity_is_told_although_an_earlier_one_still_waits(self):
        other = self.create_invoice(self.customer, 50, MONDAY)
        first = self.take(MONDAY, day(1), self.invoice)
        second = self.take(MONDAY, day(8), other)
        self.run_days(MONDAY, day(14))
        kind = self.env.ref("recobro_module.activity_type_matured")
        [alert] = self.case_of(self.customer).activity_ids.filtered(lambda one: one.activity_type_id == kind)
        self.assertIn(first.name, alert.note)
        self.assertIn(second.name, alert.note)

    def test_who_has_left_the_company_is_told_nothing(self):
        self.run_day(MONDAY)
        self.case_of(self.customer).user_id = self.collector
        self.take(MONDAY, day(1), self.invoice)
        self.collector.active = False
        self.run_days(day(1), day(7))
        kind = self.env.ref("recobro_module.activity_type_matured")
        alert = self.case_of(self.customer).activity_ids.filtered(lambda one: one.activity_type_id == kind)
        self.assertTrue(alert.user_id.active)

    def test_a_message_names_each_answer_beside_its_part(self):
        ticket = self.dispute(40)
        self.take(MONDAY, MONDAY + timedelta(days=20), self.invoice, amount=25)
        self.run_day(MONDAY)
        [message] = self.messages_to(self.customer)
        text = self.env["mail.mail"].sudo().browse(message.mail_id.id).body_html
        self.assertIn(f"{ticket.name}: we are looking into it with you", text)
        self.assertIn("payment on its way, for 03/22/2026", text)
        self.assertEqual(message.amount, 35)


class TestQueryCount(PaymentInHandCase):
    def test_a_day_with_every_kind_of_answer_takes_as_many_queries_for_twenty_customers_as_for_five(self):
        self.policy.plan_tolerance_days = 2
        self.decide(self.make_customers(1, 0), 8)  # what is read once only, such as the types of activity
        few = self.decide(self.make_customers(5, 14), 22)
        many = self.decide(self.make_customers(20, 28), 36)
        self.assertEqual(many, few)

    def make_customers(self, number, first):
        """Customers who promised, disputed, handed something over and have two payment plans on a Monday.

        They do nothing of what they said, but for the first instalment of the second plan.
        """
        env = self.env_on(day(first))
        customers = self.env["res.partner"].union(
            *(self.create_customer(f"Customer {first} {index}") for index in range(number))
        )
        invoices = {customer: self.create_invoice(customer, 300, day(first - 1)) for customer in customers}
        items = open_items.meet(env, self.company, day(first), customers.ids).grouped("partner_id")
        for customer, invoice in invoices.items():
            env["recobro.dispute"]._open_ticket(customer, self.company, {invoice: 50})
            case = env["recobro.case"]._open_for(customer, self.company)
            env["recobro.promise"]._take(case, items[customer], 100, day(first + 1))
            env["recobro.payment.in.hand"].sudo().create(
                {
                    "kind": "cheque",
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "currency_id": invoice.currency_id.id,
                    "amount": 60,
                    "maturity": day(first + 1),
                    "item_ids": items[customer].ids,
                }
            )
            self.plan(env, case, self.create_invoice(customer, 100, day(first - 1)), day(first + 1), 2)
            kept = self.create_invoice(customer, 200, day(first - 1))
            self.plan(env, case, kept, day(first + 2), 4)
            self.pay_invoice(kept, 50, day(first + 2))
            env["recobro.dispute"]._open_ticket(customer, self.company, {kept: 70})
        return customers

    def plan(self, env, case, invoice, first_day, count):
        """A weekly plan for an invoice, in force."""
        items = open_items.meet(env, self.company, first_day, case.partner_id.ids)
        mine = items.filtered(lambda item: item.move_id == invoice)
        terms = plan_making.Terms(items=mine, first_day=first_day, rhythm="weekly", count=count)
        plan = plan_making.make(case, terms)
        plan_agreement.freeze(plan)
        plan._update_state(("draft",), "proposed", proposed_on=first_day)
        payment_plans.start(plan, first_day)

    def decide(self, customers, number):
        """How many statements a day takes from a cold cache on which the promises are broken and the cheques late."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env_on(day(number))
        record = env["recobro.run"].sudo()._start(self.company, day(number), "manual")
        env.flush_all()
        before = self.env.cr.sql_log_count
        run.decide(env(su=True), self.company, day(number), record)
        env.flush_all()
        count = self.env.cr.sql_log_count - before
        answers = [("partner_id", "in", customers.ids)]
        self.assertEqual(set(env["recobro.promise"].search(answers).mapped("state")), {"broken"})
        self.assertTrue(all(env["recobro.payment.in.hand"].search(answers).mapped("alerted_on")))
        plans = env["recobro.payment.plan"].search(answers)
        self.assertEqual(sorted(plans.mapped("state")), ["active"] * len(customers) + ["broken"] * len(customers))
        self.assertEqual(set(plans.mapped("paid_amount")), {0, 50})
        messages = self.env["recobro.action"].search([*answers, ("run_id", "=", record.id), ("kind", "=", "message")])
        self.assertEqual(messages.partner_id, customers)
        return count
