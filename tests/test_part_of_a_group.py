"""A customer becomes part of another one: its case, its answers and its log go on as that one's."""

from odoo.addons.recobro_module.engine import belonging, refresh
from odoo.addons.recobro_module.engine.plans import payment_plans

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestPartOfAGroup(PlanCase):
    def setUp(self):
        super().setUp()
        self.group = self.create_customer("Group")

    def join_group(self):
        """The customer becomes a contact of the group."""
        self.customer.write({"is_company": False, "parent_id": self.group.id})
        self.env.flush_all()

    def dispute(self, amount):
        return self.env_on(MONDAY)["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.overdue.with_env(self.env_on(MONDAY)): amount}
        )

    def cheque(self, amount, matures):
        return self.env_on(MONDAY)["recobro.payment.in.hand"].create(
            {
                "kind": "cheque",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "currency_id": self.company.currency_id.id,
                "amount": amount,
                "maturity": matures,
                "item_ids": self.item(self.overdue).ids,
            }
        )

    def test_its_open_case_goes_on_as_the_group_s_and_no_step_is_repeated(self):
        self.run_day(MONDAY)
        levels = self.levels_of(self.overdue)
        self.assertTrue(levels)
        self.join_group()
        self.run_day(day(1))
        self.assertEqual((self.case.partner_id, self.case.state), (self.group, "open"))
        self.assertEqual((self.case_of(self.group), len(self.case_of(self.customer))), (self.case, 0))
        self.assertEqual(self.case.item_ids.partner_id, self.group)
        self.assertEqual((self.levels_of(self.overdue), self.case.amount_open), (levels, 1300))

    def test_with_a_case_of_the_group_there_is_one_case_and_nothing_of_either_is_lost(self):
        theirs = self.create_invoice(self.group, 40, day(-3))
        self.run_day(MONDAY)
        other = self.case_of(self.group)
        self.assertTrue(other and self.case)
        before = len(self.case.interaction_ids | other.interaction_ids)
        self.join_group()
        self.run_day(day(1))
        kept = self.case_of(self.group)
        self.assertEqual(len(kept), 1)
        self.assertEqual(((self.case | other) - kept).mapped("outcome"), ["merged"])
        self.assertEqual(kept.item_ids, self.items_of(self.overdue) | self.items_of(theirs))
        self.assertGreaterEqual(len(kept.interaction_ids), before)
        self.assertEqual(kept.interaction_ids.partner_id, self.group)

    def test_what_it_promised_disputed_and_handed_over_is_the_group_s_and_held_as_before(self):
        promise = self.promise(100, day(5), self.coming)
        ticket, cheque = self.dispute(50), self.cheque(60, day(5))
        before = self.chased(self.customer, day(1))
        self.assertEqual(before, 1300 - 100 - 50 - 60)
        self.join_group()
        self.run_day(day(1))
        for answer in (promise, ticket, cheque):
            self.assertEqual((answer.partner_id, answer.case_id.partner_id), (self.group, self.group), answer)
            self.assertEqual(answer.hold_ids.partner_id, self.group, answer)
        self.assertEqual((self.chased(self.group, day(1)), self.chased(self.customer, day(1))), (before, 0))

    def test_a_promise_is_kept_by_money_that_comes_after_it(self):
        promise = self.promise(1000, day(5))
        self.join_group()
        self.run_day(day(1))
        self.pay(1000, day(3))
        self.judge(day(3), self.group)
        self.assertEqual(promise.state, "kept")

    def test_broken_promises_of_both_are_counted_together(self):
        promise = self.promise(1000, day(2))
        self.join_group()
        self.run_days(day(1), day(7))
        self.assertEqual((promise.state, self.case_of(self.group).broken_promise_count), ("broken", 1))

    def test_a_pause_of_the_customer_is_a_pause_of_the_group(self):
        pause = self.env["recobro.hold"].create(
            {
                "name": "New system",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": MONDAY,
                "date_until": day(30),
            }
        )
        self.join_group()
        self.run_day(day(1))
        self.assertEqual((pause.partner_id, self.chased(self.group, day(1))), (self.group, 0))

    def test_the_one_minute_look_follows_too(self):
        promise = self.promise(100, day(5))
        self.join_group()
        self.pay(10, day(1))
        refresh.refresh(self.env_on(day(1)))
        self.env.invalidate_all()
        self.assertEqual((promise.partner_id, self.case_of(self.group)), (self.group, self.case))

    def test_a_plan_that_is_accepted_on_the_very_day_goes_on(self):
        plan = self.offer()
        self.join_group()
        payment_plans.start(plan, MONDAY)
        self.env.invalidate_all()
        self.assertEqual((plan.state, plan.partner_id, plan.case_id.partner_id), ("active", self.group, self.group))

    def test_a_group_s_case_in_another_company_is_left_to_that_company(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        theirs = self.env["recobro.case"].create({"partner_id": self.customer.id, "company_id": other.id})
        self.join_group()
        self.run_day(day(1))
        self.assertEqual((self.case.partner_id, theirs.partner_id), (self.group, self.customer))
        belonging.follow(self.env, other)
        self.assertEqual(theirs.partner_id, self.group)

    def test_where_nobody_moved_it_is_one_question(self):
        self.env.flush_all()
        with self.assertQueryCount(1):
            self.assertEqual(belonging.follow(self.env, self.company, self.customer.ids), self.customer.ids)

    def test_ten_customers_take_as_many_statements_as_three(self):
        few, many = self.cost_of(3, "A"), self.cost_of(10, "B")
        self.assertEqual(many, few)

    def cost_of(self, number, name):
        """How many statements it takes to follow some customers with a case into a group of their own each."""
        for index in range(number):
            customer = self.create_customer(f"{name} {index}")
            self.env["recobro.case"]._open_for(customer, self.company)
            group = self.create_customer(f"Group {name} {index}")
            customer.write({"is_company": False, "parent_id": group.id})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        belonging.follow(self.env, self.company)
        return self.env.cr.sql_log_count - before
