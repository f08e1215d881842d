"""How a case ends: who says so, what is asked about it, and that a cause that comes back is seen."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MONDAY, RecobroCase


class TestClosing(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(cls.env, "closing_collector", groups="recobro_module.group_recobro_user")
        cls.manager = new_test_user(cls.env, "closing_manager", groups="recobro_module.group_recobro_manager")

    def chased_case(self, name="Customer"):
        """The open case of a customer who is late."""
        customer = self.create_customer(name, email="pay@example.com")
        self.create_invoice(customer, 100, MONDAY - timedelta(days=3))
        self.run_day(MONDAY)
        case = self.case_of(customer)
        case.sudo().write({"user_id": self.collector.id, "stage": "internal"})
        return case

    def dialog(self, case, user, **values):
        """The dialog as a colleague has it open."""
        return self.env["recobro.case.close"].with_user(user).create({"case_id": case.id, **values})

    def asked(self, case):
        """The post-mortems that wait in somebody's list."""
        return case.activity_search(["recobro_module.activity_type_post_mortem"])

    def test_a_manager_closes_a_case_with_its_outcome_and_what_it_taught(self):
        case = self.chased_case()
        self.assertEqual(case.with_user(self.manager).action_close()["res_model"], "recobro.case.close")
        dialog = self.dialog(
            case,
            self.manager,
            outcome="uncollectible",
            root_cause="illiquidity",
            prevention="A credit check at the first order",
            improvement="Check new customers",
            improvement_user_id=self.collector.id,
        )
        self.assertTrue(dialog.is_asked)
        dialog.action_close()
        self.assertEqual((case.state, case.outcome, case.closed_stage), ("closed", "uncollectible", "internal"))
        self.assertEqual((case.root_cause, case.post_mortem_on is not False), ("illiquidity", True))
        self.assertFalse(self.asked(case), "what was answered is not asked again")
        step = case.activity_search(["recobro_module.activity_type_improvement"])
        self.assertEqual((step.user_id, step.summary), (self.collector, "Check new customers"))

    def test_a_loss_closes_without_a_post_mortem_and_asks_the_owner_for_one(self):
        case = self.chased_case()
        self.dialog(case, self.manager, outcome="written_off").action_close()
        self.assertEqual(case.state, "closed")
        self.assertEqual(self.asked(case).user_id, self.collector)
        self.dialog(case, self.collector, root_cause="friction").action_close()
        self.assertEqual((case.root_cause, case.outcome), ("friction", "written_off"))
        self.assertFalse(self.asked(case))

    def test_what_is_paid_within_our_own_collecting_asks_nothing(self):
        case = self.chased_case()
        case.sudo()._set_closed("paid", MONDAY)
        self.assertFalse(self.asked(case))

    def test_what_was_paid_after_a_lawyer_s_letter_asks_what_it_taught(self):
        case = self.chased_case()
        case.sudo().stage = "pre_legal"
        case.sudo()._set_closed("paid", MONDAY)
        self.assertEqual((case.closed_stage, self.asked(case).user_id), ("pre_legal", self.collector))

    def test_a_collector_looks_back_and_does_not_decide_how_a_case_ended(self):
        case = self.chased_case()
        with self.assertRaises(UserError):
            case.with_user(self.collector).action_close()
        with self.assertRaises(AccessError):
            self.dialog(case, self.collector, outcome="written_off").action_close()
        self.assertEqual(case.state, "open")
        case.sudo()._set_closed("paid", MONDAY)
        with self.assertRaises(AccessError):
            self.dialog(case, self.collector, outcome="written_off").action_close()
        self.dialog(case, self.collector, root_cause="dispute", lessons="Ask for the order number").action_close()
        self.assertEqual((case.outcome, case.root_cause), ("paid", "dispute"))

    def test_a_manager_corrects_the_outcome_of_what_the_books_took_for_paid(self):
        case = self.chased_case()
        case.sudo()._set_closed("paid", MONDAY)
        self.dialog(case, self.manager, outcome="written_off").action_close()
        self.assertEqual(case.outcome, "written_off")
        self.assertTrue(self.asked(case))

    def test_a_step_without_anybody_to_do_it_is_refused_and_nothing_is_closed(self):
        case = self.chased_case()
        with self.assertRaisesRegex(UserError, "who does"):
            self.dialog(case, self.manager, improvement="Check new customers").action_close()
        self.assertEqual(case.state, "open")

    def test_a_cause_that_comes_back_is_counted(self):
        cases = [self.chased_case(f"Customer {number}") for number in range(3)]
        for case in cases:
            self.dialog(case, self.manager, root_cause="friction").action_close()
        self.assertEqual(cases[0].alike_count, 2)
        other = self.chased_case("Another")
        self.assertEqual(self.dialog(other, self.manager, root_cause="friction").alike_count, 3)
        self.assertEqual(self.dialog(other, self.manager, root_cause="dispute").alike_count, 0)
