"""Paid in full, but late: what a plan forgives a settlement does not, and what is told of it is true."""

from .plan_case import PlanCase
from .test_plan_settlement import SettlementCase
from .test_promises import day


class TestPaidLate(PlanCase):
    def log_of(self, plan):
        """What the log says of a plan, newest first."""
        lines = self.env["recobro.interaction"].search([("case_id", "=", self.case.id)], order="id desc")
        return [summary for summary in lines.mapped("summary") if plan.name in (summary or "")]

    def test_paid_in_full_a_day_late_before_anybody_looked_a_plan_is_finished(self):
        plan = self.plan(count=1)
        self.assertEqual(plan.installment_ids.deadline, day(9))
        self.pay(1000, day(10))
        self.judge(day(10))
        self.assertEqual((plan.state, plan.end_reason), ("finished", "Everything was paid."))
        self.assertEqual(self.instalments(plan, "state", "paid_on", "missed_on"), [("paid", day(10), day(10))])
        self.assertEqual(plan.missed_count, 1)
        self.assertFalse(self.told(plan, "missed"))
        self.assertFalse([summary for summary in self.log_of(plan) if "broken" in summary])
        self.judge(day(11))
        self.assertEqual(plan.state, "finished")

    def test_a_plan_that_was_found_broken_stays_so_when_all_is_paid_later(self):
        plan = self.plan(count=1)
        self.judge(day(10))
        self.pay(1000, day(11))
        self.judge(day(11))
        self.assertEqual((plan.state, plan.missed_count), ("broken", 1))

    def test_an_instalment_paid_late_says_so_and_asks_for_nothing(self):
        self.policy.plan_missed_limit = 2
        plan = self.plan()
        self.pay(333.33, day(10))
        self.judge(day(10))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        note = self.told(plan, "missed").note
        self.assertIn("was paid late, on 03/12/2026.", note)
        self.assertNotIn("still to be paid", note)


class TestSettlementPaidLate(SettlementCase):
    def test_a_settlement_paid_in_full_a_day_late_is_broken_and_says_that_it_was_late(self):
        plan = self.settlement(count=1)
        self.pay(800, day(8))
        self.judge(day(8))
        self.assertEqual(plan.state, "broken")
        self.assertFalse(self.credit_notes(plan))
        note = self.told(plan, "missed").note
        self.assertIn("was paid late, on 03/10/2026. The settlement is broken: nothing is forgiven", note)
        self.assertNotIn("still to be paid", note)
        logged = self.env["recobro.interaction"].search([("case_id", "=", self.case.id)], order="id desc", limit=1)
        self.assertIn(f"{plan.name} is broken: instalment 1, due on 03/09/2026, was paid late", logged.summary)
        self.assertEqual(self.chased(self.customer, day(8)), 200 + 300)
