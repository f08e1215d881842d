"""What a plan says of late payments holds for it, whatever becomes of the policy after it was proposed."""

from pathlib import Path

from odoo.exceptions import AccessError
from odoo.modules.migration import load_script

import odoo.addons.recobro_module as addon
from odoo.addons.recobro_module.engine.plans import payment_plans

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day

_UPGRADE = Path(addon.__file__).parent / "migrations" / "19.0.1.4.0" / "post-frozen-terms.py"


class TestFrozenTerms(PlanCase):
    def test_days_of_grace_that_were_offered_are_kept_although_the_policy_gives_none_when_it_is_accepted(self):
        self.policy.plan_tolerance_days = 5
        plan = self.offer()
        self.policy.plan_tolerance_days = 0
        payment_plans.start(plan, MONDAY)
        self.assertEqual((plan.tolerance_days, plan.installment_ids[0].deadline), (5, day(14)))
        self.judge(day(11))
        self.assertEqual((plan.state, plan.missed_count), ("active", 0))

    def test_a_plan_that_may_miss_two_payments_may_still_do_so_when_the_policy_allows_none_any_more(self):
        self.policy.plan_missed_limit = 2
        plan = self.plan()
        self.policy.plan_missed_limit = 1
        self.judge(day(10))
        self.assertEqual((plan.state, plan.missed_count), ("active", 1))
        self.judge(day(17))
        self.assertEqual((plan.state, plan.missed_count), ("broken", 2))

    def test_a_plan_that_may_miss_none_is_broken_although_the_policy_is_kinder_since(self):
        plan = self.plan()
        self.policy.plan_missed_limit = 3
        self.judge(day(10))
        self.assertEqual(plan.state, "broken")

    def test_its_words_are_its_own_and_those_of_a_draft_the_policy_s(self):
        self.policy.write({"plan_tolerance_days": 4, "plan_missed_limit": 2})
        plan = self.offer()
        self.policy.write({"plan_tolerance_days": 1, "plan_missed_limit": 3})
        letter = plan.get_letter()
        self.assertIn("4 working days later", letter.grace)
        self.assertIn("If 2 payments are missed", letter.end_if_missed)
        plan.action_cancel()
        letter = self.draft().get_letter()
        self.assertIn("one working day later", letter.grace)
        self.assertIn("If 3 payments are missed", letter.end_if_missed)

    def test_a_settlement_is_frozen_without_tolerance(self):
        plan = self.offer(discount=100)
        self.assertEqual((plan.tolerance_days, plan.missed_limit), (0, 1))
        self.assertIn("received it by its day.", plan.get_letter().grace)

    def test_a_plan_that_is_resumed_gives_the_days_it_was_agreed_with(self):
        self.policy.plan_tolerance_days = 3
        plan = self.plan()
        self.judge(day(14))
        self.assertEqual(plan.state, "broken")
        self.policy.plan_tolerance_days = 1
        plan.with_env(self.env_on(day(14))).action_resume()
        self.assertEqual(plan.installment_ids[0].deadline, day(17))

    def test_nobody_changes_what_was_agreed(self):
        plan = self.offer().with_user(self.env.user).sudo(False)
        for name in ("tolerance_days", "missed_limit"):
            with self.assertRaises(AccessError, msg=name):
                plan.write({name: 9})

    def test_the_update_gives_plans_proposed_before_what_the_policy_says_on_that_day(self):
        plan, settlement = self.plan(), self.offer(self.coming, discount=10)
        self.env.flush_all()
        self.env.cr.execute("UPDATE recobro_payment_plan SET tolerance_days = NULL, missed_limit = NULL")
        self.env.invalidate_all()
        load_script(str(_UPGRADE), "post-frozen-terms").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual((plan.tolerance_days, plan.missed_limit), (2, 1))
        self.assertEqual((settlement.tolerance_days, settlement.missed_limit), (0, 1))

    def test_the_update_names_the_plan_on_promises_that_one_replaced(self):
        promise = self.promise(1000, day(10))
        plan = self.plan()
        self.env.flush_all()
        self.env.cr.execute("UPDATE recobro_promise SET replaced_by_plan_id = NULL WHERE id = %s", [promise.id])
        self.env.invalidate_all()
        load_script(str(_UPGRADE), "post-frozen-terms").migrate(self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(promise.replaced_by_plan_id, plan)
