"""What stops the instalments of a plan from being asked for, and what becomes of a plan when its customer changes."""

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestOtherAnswers(PlanCase):
    def dispute(self, amount, on=None):
        return self.env_on(on or day(1))["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.overdue: amount}
        )

    def holds(self, plan):
        """What is held of each instalment, and why."""
        holds = plan.hold_ids.grouped("item_id")
        return [[(hold.amount, hold.reason) for hold in holds.get(one.item_id, ())] for one in plan.installment_ids]

    def test_an_invoice_disputed_whole_is_chased_by_no_instalment_and_breaks_no_plan(self):
        plan = self.plan()
        ticket = self.dispute(1000)
        self.judge(day(1))
        self.assertEqual(self.chased(self.customer, day(1)), 300)
        self.assertEqual(self.holds(plan), [[(333.33, "dispute")], [(333.33, "dispute")], [(333.34, "dispute")]])
        self.assertEqual(
            set(plan.hold_ids.filtered(lambda hold: hold.reason == "dispute").mapped("reference")), {ticket.name}
        )
        self.judge(day(20))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))

    def test_a_part_that_is_disputed_takes_from_the_last_instalments(self):
        plan = self.plan()
        self.dispute(500)
        self.judge(day(1))
        self.assertEqual(self.holds(plan), [[], [(166.66, "dispute")], [(333.34, "dispute")]])
        self.assertEqual(self.chased(self.customer, day(1)), 500 + 300)
        self.judge(day(10))  # the first one is as due as it was
        self.assertEqual(plan.state, "broken")

    def test_a_dispute_of_what_is_not_in_the_plan_stops_no_instalment(self):
        self.dispute(400, MONDAY)
        plan = self.plan(count=2)
        self.judge(day(1))
        self.assertEqual(self.holds(plan), [[], []])
        self.assertEqual(self.chased(self.customer, day(1)), 600 + 300)

    def test_an_invoice_that_is_blocked_or_excluded_is_not_chased_by_its_instalments(self):
        plan = self.plan()
        for record, name, value in (
            (self.overdue, "payment_state", "blocked"),
            (self.receivable(self.overdue), "no_followup", True),
        ):
            before = record[name]
            with self.subTest(name):
                record[name] = value
                self.env.flush_all()
                self.judge(day(10))
                self.assertEqual((plan.state, self.chased(self.customer, day(10))), ("active", 300))
            record[name] = before
            self.env.flush_all()
        self.judge(day(9))
        self.assertEqual(self.chased(self.customer, day(9)), 1300)
        self.judge(day(10))
        self.assertEqual(plan.state, "broken")

    def test_a_resumed_plan_asks_for_nothing_that_was_disputed_meanwhile(self):
        plan = self.plan()
        self.judge(day(10))
        self.dispute(1000, day(10))
        plan.with_env(self.env_on(day(11))).action_resume()
        self.assertEqual((plan.state, self.chased(self.customer, day(11))), ("active", 300))

    def test_a_transfer_of_the_instalment_counts_for_it_although_older_debt_is_chased(self):
        self.create_invoice(self.customer, 5000, day(-40))
        self.refresh(self.customer, MONDAY)
        plan = self.plan()
        before = self.chased(self.customer, day(10))
        self.receive_in_bank(self.customer, 333.33, day(7))
        self.judge(day(10))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))
        self.assertEqual(self.chased(self.customer, day(10)), before - 333.33)
        self.judge(day(17))  # enough for the first, not for the second one too
        self.assertEqual((plan.state, plan.missed_count), ("broken", 1))


class TestCustomers(PlanCase):
    def test_a_customer_that_becomes_part_of_a_group_keeps_its_plan(self):
        plan = self.plan()
        group = self.create_customer("Group")
        self.customer.write({"is_company": False, "parent_id": group.id})
        self.run_day(day(1))
        self.assertEqual((plan.state, plan.partner_id, plan.paid_amount), ("active", group, 0))
        self.assertEqual(self.open_items(plan), [333.33, 333.33, 333.34])
        self.assertEqual(plan.installment_ids.item_id.partner_id, group)
        self.assertEqual((plan.case_id.partner_id, plan.hold_ids.partner_id), (group, group))
        self.assertEqual((self.held(self.overdue), self.chased(group, day(1))), (1000, 1300))
        self.assertEqual(self.chased(self.customer, day(1)), 0)
        self.pay(1000, day(2))
        self.refresh(group, day(2))
        self.env.invalidate_all()
        self.assertEqual(plan.state, "finished")

    def test_the_one_minute_look_at_the_group_finds_the_plan_too(self):
        plan = self.plan()
        group = self.create_customer("Group")
        self.customer.write({"is_company": False, "parent_id": group.id})
        self.judge(day(1), group)
        self.assertEqual((plan.state, plan.partner_id, self.chased(group, day(1))), ("active", group, 1300))

    def test_a_plan_ends_when_its_invoice_is_another_customer_s_and_nobody_is_said_to_have_paid(self):
        plan = self.plan()
        other = self.create_customer("Other")
        self.overdue.button_draft()
        self.overdue.partner_id = other
        self.overdue.action_post()
        self.run_day(day(1))
        self.assertEqual((plan.state, plan.end_reason), ("cancelled", "One of its invoices is another customer's now."))
        self.assertIn("another customer's now", self.told(plan, "answer").note)
        self.assertEqual((self.open_items(plan), len(plan.hold_ids)), ([], 0))
        self.assertEqual(self.chased(other, day(1)), 1000)
