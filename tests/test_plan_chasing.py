"""Chasing a payment plan: its instalments by their own ladder, its invoices not, and by theirs again when it breaks."""

from odoo.exceptions import ValidationError

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestLadder(PlanCase):
    def setUp(self):
        super().setUp()
        self.policy.write({"quiet_days": 0, "week_limit": 7, "contact_limit": 0})

    def levels(self, plan, number):
        """The levels that an instalment got, as days from its due date."""
        item = plan.installment_ids[number - 1].item_id
        lines = self.env["recobro.action.line"].search([("item_id", "=", item.id), ("state", "=", "done")], order="id")
        return [line.level_id.delay_days for line in lines]

    def body(self, message):
        return self.env["mail.mail"].sudo().browse(message.mail_id.id).body_html

    def test_an_instalment_is_chased_before_on_and_after_its_day_and_its_invoice_is_not(self):
        self.policy.plan_missed_limit = 2
        self.coming.button_draft()
        plan = self.plan()
        self.run_days(day(1), day(9))
        self.assertEqual(self.levels(plan, 1), [-3, 0, 2])
        self.assertEqual(self.levels(plan, 2), [])
        self.assertEqual(self.levels_of(self.overdue), [])

    def test_the_message_speaks_of_the_instalment_and_shows_the_invoice_apart(self):
        plan = self.plan()
        self.run_day(day(4))  # the notice, three days before
        self.run_day(day(7))
        message = self.messages_to(self.customer)[-1]
        self.assertIn(f"instalment 1 of 3 of payment plan {plan.name}, $\N{NO-BREAK SPACE}333.33", message.subject)
        self.assertEqual(
            message.template_id or message.level_id.template_id,
            self.env.ref("recobro_module.mail_template_instalment_due"),
        )
        text = self.body(message)
        self.assertIn(
            f"Instalment 1 of 3 of your payment plan {plan.name}, with $\N{NO-BREAK SPACE}333.33 to pay, falls due",
            text,
        )
        self.assertIn(f"Payment plan {plan.name}", text)
        self.assertIn("in your payment plan", text)
        self.assertNotIn("tell us when you can", text)  # a day told by mail would not stop the plan from breaking
        self.assertIn(self.overdue.name, text)
        # What is asked for in all: the plan, and the invoice that is not in it
        self.assertIn("1,300.00", text)

    def test_a_message_about_an_invoice_and_an_instalment_asks_to_quote_both(self):
        self.env["res.partner.bank"].create(
            {"acc_number": "ES9121000418450200051332", "partner_id": self.company.partner_id.id}
        )
        other = self.create_invoice(self.customer, 80, day(4))
        plan = self.plan()
        self.run_day(day(4))
        self.run_day(day(7))
        text = self.body(self.messages_to(self.customer)[-1])
        self.assertIn(plan.name, text)
        self.assertIn(f"{other.payment_reference}, {plan.name}</span>", " ".join(text.split()))

    def test_the_real_days_late_are_told_and_what_is_left_of_the_instalment(self):
        self.policy.plan_tolerance_days = 5
        plan = self.plan()
        self.run_day(day(4))
        self.run_day(day(7))
        self.pay(100, day(8))
        self.run_day(day(10))  # three days late: the reminder's day was a day ago
        text = self.body(self.messages_to(self.customer)[-1])
        self.assertIn("233.33 to pay, fell due on", text)
        self.assertIn("3 days ago", text)
        self.assertIn("so that your plan stays in force", text)
        self.assertEqual(self.levels(plan, 1), [-3, 0, 2])

    def test_a_paid_instalment_is_not_chased(self):
        plan = self.plan()
        self.pay(333.33, day(2))
        self.run_days(day(2), day(10))
        self.assertEqual(self.levels(plan, 1), [])
        self.assertEqual(plan.state, "active")

    def test_a_broken_plan_gives_its_invoice_back_to_the_ladder_where_it_stood(self):
        self.put_on_ladder(self.overdue, 3)
        plan = self.plan()
        self.pay(100, day(2))
        self.run_days(day(1), day(9))
        self.assertEqual(self.levels_of(self.overdue), [])
        self.run_day(day(10))
        self.assertEqual(plan.state, "broken")
        [task] = self.tasks_of(self.customer)
        [line] = task.line_ids
        self.assertEqual((line.level_id.delay_days, line.item_id, line.amount), (7, self.item(self.overdue), 900))
        self.assertEqual(self.overdue.invoice_date_due, day(-10))

    def test_an_instalment_on_its_day_is_not_said_again_by_a_second_run(self):
        plan = self.plan()
        self.run_day(day(4))
        self.run_day(day(7))
        self.run_day(day(7))
        self.assertEqual(self.levels(plan, 1), [-3, 0])

    def test_a_plan_that_ends_between_planning_and_sending_sends_nothing_about_its_instalments(self):
        plan = self.plan()
        self.run_day(day(7), send=False)
        plan.with_env(self.env_on(day(7))).action_break()
        with self.mock_mail_gateway():
            self.send_queue(day(7))
        self.assertEqual(self.levels(plan, 1), [])

    def test_the_case_s_figures_count_the_debt_once(self):
        plan = self.plan()
        self.judge(day(1))
        self.assertEqual((self.case.amount_open, self.case.amount_held, self.case.item_count), (1300, 1000, 2))
        self.assertEqual(self.chased(self.customer, day(1)), 1300)
        self.pay(1000, day(2))
        self.judge(day(2))
        self.assertEqual((plan.state, self.case.amount_open, self.case.amount_held), ("finished", 300, 0))

    def test_invoices_and_instalments_never_climb_each_other_s_ladder(self):
        self.policy.level_ids.filtered(lambda level: level.subject == "instalment").active = False
        plan = self.plan()
        self.run_days(day(6), day(9))
        self.assertEqual(self.levels(plan, 1), [])

    def test_old_debt_starts_at_no_level_for_instalments_and_a_used_level_keeps_its_subject(self):
        level = self.policy.level_ids.filtered(lambda level: (level.subject, level.delay_days) == ("instalment", 0))
        with self.assertRaisesRegex(ValidationError, "about invoices"), self.cr.savepoint():
            self.policy.entry_level_id = level
        self.plan()
        self.run_day(day(4))
        self.run_day(day(7))
        with self.assertRaisesRegex(ValidationError, "already used"):
            level.subject = "invoice"


class TestStandardLimits(PlanCase):
    """The shipped policy as it is: at most two messages a week, two days apart, and the usual levels."""

    def setUp(self):
        super().setUp()
        self.policy.sudo().is_on = False
        policy = self.env.ref("recobro_module.policy_default")
        policy.copy({"name": "As shipped", "company_id": self.company.id, "sequence": 0}).sudo().is_on = True

    def plan_due(self, due):
        """A plan of another customer whose first instalment falls due on a day, in force since this Monday."""
        self.customer = self.create_customer(f"Due {due}")
        invoice = self.create_invoice(self.customer, 1000, day(-10))
        self.refresh(self.customer, MONDAY)
        self.case = self.env_on(MONDAY)["recobro.case"]._open_for(self.customer, self.company)
        return self.plan(invoice, first_day=due, rhythm="monthly")

    def touches(self, plan):
        """When each level of the first instalment went out, by days from its due date."""
        item = plan.installment_ids[0].item_id
        lines = self.env["recobro.action.line"].search([("item_id", "=", item.id), ("state", "=", "done")], order="id")
        return {line.level_id.delay_days: line.action_id.day for line in lines}

    def test_whatever_the_day_of_the_week_the_reminder_comes_before_the_instalment_is_missed(self):
        plans = [self.plan_due(day(number)) for number in range(1, 15)]
        self.run_days(day(1), day(24))
        for number, plan in enumerate(plans, 1):
            first, touches = plan.installment_ids[0], self.touches(plan)
            # Agreed on the day before it falls due, it gets no notice any more
            self.assertEqual([*touches], [-7, 0, 2] if number > 1 else [0, 2], f"{first.due_date:%a %d %b}")
            if number > 1:  # else the quiet days after the proposal have not passed yet
                self.assertLessEqual(min(touches.values()), first.due_date)
            self.assertLessEqual(touches[2], first.deadline, f"{first.due_date:%a %d %b}")
            if number >= 7:  # agreed in good time: at least a working day is left to pay
                self.assertLess(touches[2], first.deadline, f"{first.due_date:%a %d %b}")
        # Of a plan due on a Monday: a week before, on the day, and two days later, with three working days left
        self.assertEqual([*self.touches(plans[13]).values()], [day(7), day(14), day(16)])
        self.assertEqual(plans[13].installment_ids[0].deadline, day(21))
