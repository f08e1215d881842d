"""A cheque, a note or a promise for an instalment of a plan: held, judged on its money, never beyond its last day."""

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestHandedOver(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.payment_in_hand_days = 2

    def dialog(self, when=MONDAY):
        """The dialog as the button of the case opens it, for a collector."""
        env = self.as_user(self.collector, when)
        action = self.case.with_env(env).action_payment_in_hand()
        return Form(env[action["res_model"]].with_context(**{**env.context, **action["context"]}))

    def hand_over(self, instalment, matures, when=MONDAY, **values):
        """A cheque for an instalment, recorded with the dialog."""
        form = self.dialog(when)
        form.kind = "cheque"
        form.item_ids.clear()
        form.item_ids.add(instalment.item_id)
        for name, value in {"maturity": matures, **values}.items():
            form[name] = value
        form.save().action_record()
        return self.env["recobro.payment.in.hand"].search([("partner_id", "=", self.customer.id)], limit=1)

    def test_an_instalment_can_be_chosen_and_none_that_is_to_come_is_proposed(self):
        plan = self.plan()
        form = self.dialog()
        self.assertEqual(form.item_ids[:], self.item(self.coming))
        self.assertLessEqual(plan.installment_ids.item_id, form.free_item_ids[:])

    def test_it_holds_the_instalment_which_is_not_missed_while_the_bank_has_its_days(self):
        plan = self.plan()
        cheque = self.hand_over(plan.installment_ids[0], day(9))
        self.assertEqual((cheque.amount, cheque.hold_ids.item_id), (333.33, plan.installment_ids[0].item_id))
        self.assertEqual(cheque.held_until, day(11))
        self.judge(day(11))
        self.assertEqual((plan.state, plan.missed_count, cheque.state), ("active", 0, "in_hand"))
        self.judge(day(12))
        self.assertEqual((plan.state, plan.missed_count), ("broken", 1))

    def test_one_that_comes_after_the_last_day_of_the_instalment_is_refused_with_that_day(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "instalment 1 of 3 has to be paid by 03/11/2026"):
            self.hand_over(plan.installment_ids[0], day(10))

    def test_paid_out_and_matched_it_is_collected(self):
        plan = self.plan()
        cheque = self.hand_over(plan.installment_ids[0], day(5))
        self.pay(333.33, day(6))
        for _twice in range(2):
            self.judge(day(6))
        self.assertEqual((plan.installment_ids[0].state, cheque.state), ("paid", "collected"))
        self.assertFalse(cheque.hold_ids)

    def test_of_a_part_of_an_instalment_the_rest_is_asked_for(self):
        plan = self.plan()
        self.hand_over(plan.installment_ids[0], day(9), amount=100)
        self.assertAlmostEqual(self.chased(self.customer, day(8)), 1300 - 100)
        self.judge(day(10))
        self.assertEqual(plan.missed_count, 1)

    def test_returned_by_the_bank_the_instalment_is_missed(self):
        plan = self.plan()
        cheque = self.hand_over(plan.installment_ids[0], day(9))
        self.judge(day(10))
        cheque.with_env(self.env_on(day(10))).sudo()._set_returned("AM04", 0, day(10))
        self.judge(day(10))
        self.assertEqual((plan.state, plan.missed_count), ("broken", 1))

    def test_when_the_plan_is_broken_off_it_holds_the_invoices_of_the_plan(self):
        plan = self.plan()
        cheque = self.hand_over(plan.installment_ids[0], day(9))
        plan.with_env(self.env_on(day(1))).action_break()
        self.judge(day(1))
        self.assertEqual((cheque.state, cheque.item_ids), ("in_hand", self.item(self.overdue)))
        self.assertEqual(self.held(self.overdue), 333.33)
        self.assertAlmostEqual(self.chased(self.customer, day(1)), 1300 - 333.33)
        self.pay(1000, day(9))
        self.judge(day(9))
        self.assertEqual(cheque.state, "collected")


class TestPromised(PlanCase):
    def promise_of(self, instalment, pays, amount=333.33, when=MONDAY):
        """A promise for an instalment."""
        env = self.env_on(when)
        item = instalment.item_id.with_env(env)
        return env["recobro.promise"]._take(self.case.with_env(env), item, amount, pays)

    def test_it_holds_the_instalment_and_is_kept_by_the_money_that_pays_it(self):
        plan = self.plan()
        promise = self.promise_of(plan.installment_ids[0], day(8))
        self.assertEqual(promise.hold_ids.item_id, plan.installment_ids[0].item_id)
        self.assertAlmostEqual(self.chased(self.customer, day(8)), 1300 - 333.33)
        self.pay(333.33, day(8))
        self.judge(day(8))
        self.assertEqual((promise.state, plan.installment_ids[0].state), ("kept", "paid"))
        self.assertFalse(promise.hold_ids)

    def test_money_pays_the_instalment_before_it_first(self):
        plan = self.plan()
        promise = self.promise_of(plan.installment_ids[1], day(14))
        self.pay(333.33, day(5))
        self.assertEqual(self.states(promise, day(5)), ["open"])
        self.pay(400, day(12))
        self.assertEqual(self.states(promise, day(12)), ["kept"])
        self.assertEqual(promise.received_amount, 333.33)

    def test_what_had_come_in_before_keeps_nothing(self):
        plan = self.plan()
        self.pay(100, day(1))
        self.judge(day(1))
        promise = self.promise_of(plan.installment_ids[0], day(8), 233.33, day(2))
        self.assertEqual(self.states(promise, day(2)), ["open"])
        self.pay(233.33, day(8))
        self.assertEqual(self.states(promise, day(8)), ["kept"])

    def test_broken_the_instalment_is_missed(self):
        plan = self.plan()
        promise = self.promise_of(plan.installment_ids[0], day(8))
        self.judge(day(14))
        self.judge(day(14))
        self.assertEqual((promise.state, plan.state), ("broken", "broken"))

    def test_beyond_the_last_day_of_the_instalment_it_is_refused(self):
        plan = self.plan()
        with self.assertRaisesRegex(UserError, "instalment 1 of 3 has to be paid by 03/11/2026"):
            self.promise_of(plan.installment_ids[0], day(10))

    def test_kept_it_stays_so_when_the_plan_is_cancelled(self):
        plan = self.plan()
        promise = self.promise_of(plan.installment_ids[0], day(8))
        self.pay(333.33, day(3))
        self.assertEqual(self.states(promise, day(3)), ["kept"])
        plan.with_env(self.env_on(day(4))).action_cancel()
        self.assertEqual(self.states(promise, day(20)), ["kept"])

    def test_it_is_recorded_from_the_case_and_names_the_instalment(self):
        plan = self.plan()
        env = self.as_user(self.collector)
        action = self.case.with_env(env).action_promise()
        form = Form(env[action["res_model"]].with_context(**{**env.context, **action["context"]}))
        form.promise_item_ids.clear()
        form.promise_item_ids.add(plan.installment_ids[0].item_id)
        self.assertEqual(form.promise_amount, 333.33)
        form.promise_date = day(8)
        form.save().action_take()
        promise = self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)], limit=1)
        self.assertEqual(promise.line_ids.item_id.display_name, f"{plan.name}, instalment 1 of 3")
