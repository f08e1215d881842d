"""What a caller has before them: the person, the account of the moment, what was said, what is open, what to offer."""

from datetime import timedelta

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import html2plaintext

from odoo.addons.recobro_module.engine import delivery, run

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class CallCase(RecobroCase):
    """A policy whose only level is a call, five days after the due date, to the treasury."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["recobro.level"].create(
            {
                "policy_id": cls.policy.id,
                "name": "Call",
                "delay_days": 5,
                "channel": "call",
                "script": "<p>A short call that solves.</p>",
                "recipient_role_ids": [Command.create({"role_id": cls.treasury.id})],
            }
        )
        (cls.policy.level_ids - cls.level).unlink()
        cls.collector = new_test_user(
            cls.env, "call_collector", "recobro_module.group_recobro_user", company_id=cls.company.id
        )
        cls.policy.user_id = cls.collector

    def create_debtor(self, name="Debtor", amount=100, late=6):
        """A customer with a treasurer and one invoice that is late for so many days on the Monday."""
        customer = self.create_customer(name)
        self.create_contact(customer, f"Anna {name}", self.treasury, phone="+34 600 111 222")
        self.create_invoice(customer, amount, day(-late))
        return customer

    def call_to(self, customer):
        """The call planned for a customer on the Monday."""
        [call] = self.tasks_of(customer)
        return call

    def dialog_of(self, call, on=MONDAY):
        """The dialog that logs the call, as its button opens it for the collector."""
        context = call.with_user(self.collector).action_log_call()["context"]
        return self.env_on(on)["recobro.interaction.log"].with_user(self.collector).with_context(**context).create({})


class TestTheScript(CallCase):
    def script_for(self, customer):
        """The text of the activity that hands over the call to a customer."""
        self.run_day(MONDAY)
        return html2plaintext(self.call_to(customer).activity_id.note)

    def test_it_says_whom_to_call_what_is_owed_and_since_when(self):
        customer = self.create_debtor(amount=100, late=6)
        self.create_invoice(customer, 1250, day(-40))
        text = self.script_for(customer)
        self.assertIn("Anna Debtor", text)
        self.assertIn("Treasury", text)
        self.assertIn("+34 600 111 222", text)
        self.assertIn("1,350.00", text)
        self.assertIn("40 days", text)
        self.assertIn("A short call that solves.", text)

    def test_it_says_what_was_said_last_and_nothing_of_what_only_waits(self):
        customer = self.create_debtor()
        self.run_day(MONDAY)
        call = self.call_to(customer)
        whose = {"company_id": self.company.id, "partner_id": customer.id, "case_id": call.case_id.id}
        lines = [
            {"channel": "email", "direction": "out", "result": "queued", "note": "Waits"},
            {"channel": "call", "direction": "in", "result": "answered", "note": "They pay on <Friday>"},
        ]
        self.env["recobro.interaction"]._log([{**whose, **line} for line in lines])
        text = html2plaintext(self.dialog_of(call).script)
        self.assertIn("They pay on <Friday>", text)
        self.assertNotIn("Waits", text)

    def test_it_tells_of_promises_and_disputes_that_are_open(self):
        customer = self.create_debtor()
        promised, disputed = self.create_invoice(customer, 250, day(-8)), self.create_invoice(customer, 500, day(-9))
        self.run_day(MONDAY)
        self.env_on(MONDAY)["recobro.promise.take"].create(
            {
                "case_id": self.case_of(customer).id,
                "promise_item_ids": [Command.set(self.items_of(promised).ids)],
                "promise_amount": 250,
                "promise_date": day(3),
            }
        ).action_take()
        reason = self.env["recobro.dispute.reason"].search([], limit=1)
        dialog = self.env_on(MONDAY)["recobro.dispute.open"].with_context(default_move_ids=disputed.ids)
        dialog.create({"reason_id": reason.id}).action_open()
        text = html2plaintext(self.dialog_of(self.call_to(customer)).script)
        self.assertIn("Promised $ 250.00", text.replace("\xa0", " "))
        self.assertIn(disputed.name, text)
        self.assertIn("100.00 past due", text)

    def test_it_says_what_the_caller_may_offer_within_the_policys_limits(self):
        self.policy.write({"plan_max_instalments": 4, "plan_max_months": 3, "plan_approval_amount": 2000})
        self.policy.promise_max_days = 15
        text = self.script_for(self.create_debtor())
        self.assertIn("within 15 days", text)
        self.assertIn("4 instalments at most, over 3 months", text)
        self.assertIn("2,000.00", text)
        self.policy.plan_approval_amount = 0
        self.assertIn("which the manager approves", self.script_for(self.create_debtor("Second")))

    def test_in_the_dialog_it_is_of_the_moment_and_a_payment_is_not_asked_for_again(self):
        customer = self.create_debtor(amount=100)
        paid = self.create_invoice(customer, 250, day(-8))
        self.run_day(MONDAY)
        call = self.call_to(customer)
        self.assertIn("350.00", html2plaintext(call.activity_id.note))
        self.pay_invoice(paid, day=MONDAY)
        text = html2plaintext(self.dialog_of(call).script)
        self.assertIn("100.00", text)
        self.assertNotIn("350.00", text)

    def test_a_call_that_nobody_planned_has_its_script_too(self):
        customer = self.create_debtor(late=1)
        self.run_day(MONDAY)
        self.refresh(customer, MONDAY)
        case = self.case_of(customer) or self.env["recobro.case"].create({"partner_id": customer.id})
        context = case.with_user(self.collector).action_log_call()["context"]
        dialog = self.env_on(MONDAY)["recobro.interaction.log"].with_user(self.collector).with_context(**context)
        self.assertIn("100.00", html2plaintext(dialog.create({}).script))

    def test_it_is_in_the_language_of_the_caller(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        text = self.script_for(self.create_debtor(late=6))
        self.assertIn("24/02/2026", text)


class TestManyCalls(CallCase):
    def statements_to_hand_over(self, number):
        """How many statements it takes to hand over so many calls in one batch."""
        for name in range(number):
            self.create_debtor(f"Debtor {name} of {number}")
        env = self.env_on(MONDAY)
        run.decide(env, self.company, MONDAY, env["recobro.run"].sudo()._start(self.company, MONDAY, "manual"))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        delivery.deliver_batch(self.env_on(MONDAY), company=self.company)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_the_scripts_of_a_dozen_calls_take_hardly_more_statements_than_those_of_four(self):
        counts = [self.statements_to_hand_over(number) for number in (1, 4, 12)]
        # An activity takes statements of its own, which are Odoo's
        self.assertLessEqual(counts[2] - counts[1], 3 * 8)
