"""Payment plans where a branch invoices: agreed with the main company, booked where the invoice is."""

from .common import MONDAY
from .test_plan_settlement import SettlementCase
from .test_promises import day


class TestBranch(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.env.user.company_ids += cls.branch

    def setUp(self):
        super().setUp()
        self.of_branch = self.create_invoice(self.customer, 500, day(-5), company_id=self.branch.id)
        self.refresh(self.customer, MONDAY)

    def test_an_invoice_of_a_branch_is_in_a_plan_of_the_main_company_with_the_others(self):
        plan = self.plan(self.overdue, self.of_branch, count=3)
        self.assertEqual(self.of_branch.company_id, self.branch)
        self.assertEqual((plan.company_id, plan.amount), (self.company, 1500))
        self.assertEqual((self.held(self.of_branch), self.held(self.overdue)), (500, 1000))
        self.match(self.receive(500, day(2)).move_id, self.of_branch)
        self.judge(day(2))
        self.assertEqual(self.instalments(plan), [("paid", 500, 0), ("open", 0, 500), ("open", 0, 500)])
        self.assertEqual(self.open_items(plan), [500, 500])

    def test_a_plan_for_a_branch_s_invoice_that_breaks_gives_it_back(self):
        self.coming.button_draft()
        plan = self.plan(self.of_branch)
        self.judge(day(10))
        self.assertEqual(plan.state, "broken")
        self.assertEqual(self.held(self.of_branch), 0)
        self.assertEqual(self.chased(self.customer, day(10)), 1500)

    def test_what_a_settlement_forgives_of_a_branch_s_invoice_is_credited_by_the_branch(self):
        plan = self.settlement(self.of_branch, discount=100)
        self.match(self.receive(400, day(2)).move_id, self.of_branch)
        self.judge(day(2))
        note = self.credit_notes(plan)
        self.assertEqual(plan.state, "finished")
        self.assertEqual((note.company_id, note.state, note.amount_total), (self.branch, "draft", 100))
        self.assertEqual(note.reversed_entry_id, self.of_branch)
        note.action_post()
        self.judge(day(3))
        self.assertEqual((self.of_branch.amount_residual, plan.state), (0, "finished"))
        self.assertEqual(self.chased(self.customer, day(3)), 1000 + 300)
