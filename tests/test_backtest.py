"""The chances of recovery held to account by what came after they were worked out."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.figures import backtest
from odoo.addons.recobro_module.tools import recovery as formula

from ledger_replay import control

from .common import MONDAY
from .test_customer_figures import FigureCase, day


class TestBacktest(FigureCase):
    def setUp(self):
        super().setUp()
        self.patch(formula, "LEAST", 1)
        self.customer = self.create_customer("Good")

    def judged(self):
        self.env.flush_all()
        return backtest.backtest(self.env(su=True), self.company, MONDAY)

    def test_little_history_says_nothing(self):
        self.create_invoice(self.customer, 100, day(-120))
        self.assertIsNone(self.judged())

    def test_a_world_that_goes_on_as_it_was_is_predicted_better_than_by_one_share_for_all(self):
        # What becomes a day late is paid on the 10th day half of the time; what is 40 days late never is
        for start in (-600, -500, -450, -230, -200, -180):
            self.pay_invoice(self.create_invoice(self.customer, 100, day(start)), day=day(start + 10))
            self.create_invoice(self.customer, 100, day(start))
        found = self.judged()
        self.assertEqual(found["cut"], MONDAY - timedelta(days=270))
        self.assertLess(found["brier"], found["brier_naive"])
        self.assertGreater(found["n"], 6)
        self.assertEqual(found["n"], sum(row["number"] for row in found["calibration"]))
        self.assertAlmostEqual(found["buckets"]["d1_30"]["paid"], 0.5)
        self.assertEqual(found["buckets"]["d90_plus"]["paid"], 0)

    def test_what_came_after_the_cut_is_not_fitted_on(self):
        for start in (-600, -500, -450):
            self.create_invoice(self.customer, 100, day(start))
        for start in (-230, -200, -180):
            self.pay_invoice(self.create_invoice(self.customer, 100, day(start)), day=day(start + 10))
        found = self.judged()
        self.assertEqual(found["buckets"]["d1_30"]["paid"], 1)
        self.assertLess(found["buckets"]["d1_30"]["predicted"], 0.5)

    def test_it_reads_nothing_that_is_kept_and_takes_the_same_statements_for_any_size(self):
        self.pay_invoice(self.create_invoice(self.customer, 100, day(-600)), day=day(-590))
        self.pay_invoice(self.create_invoice(self.customer, 100, day(-200)), day=day(-190))
        self.judged()

        def cost():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            backtest.backtest(self.env(su=True), self.company, MONDAY)
            return self.env.cr.sql_log_count - before

        few = cost()
        for start in range(-620, -600):
            self.pay_invoice(self.create_invoice(self.customer, 100, day(start)), day=day(start + 10))
        self.assertEqual(cost(), few)

    def test_with_a_short_history_the_cut_leaves_as_much_to_fit_on_as_to_judge(self):
        for start in (-330, -320, -310):
            self.create_invoice(self.customer, 100, day(start), day(start))
        for start in (-150, -140):
            self.create_invoice(self.customer, 100, day(start), day(start))
        # From the first day 240 days are known; 90 of them are waited for, and the rest is halved
        self.assertEqual(self.judged()["cut"], day(-90 - 75))

    def test_the_replay_reports_it_and_without_history_says_that_it_knows_nothing(self):
        reported = control.figures(self.env, MONDAY)["backtest"]
        self.assertEqual(reported, {"brier": None, "brier_naive": None, "n": 0})

    def test_who_may_read_the_chances_sees_in_the_app_how_good_they_were(self):
        user = new_test_user(self.env, "held", "recobro_module.group_recobro_user", company_id=self.company.id,
                             company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        page = self.env_on(MONDAY)["recobro.recovery.backtest"].with_user(user)
        self.assertIn("too little history", page.create({}).result)
        for start in (-600, -500, -450, -230, -200, -180):
            self.pay_invoice(self.create_invoice(self.customer, 100, day(start)), day=day(start + 10))
        self.assertIn("Brier score", page.create({}).result)

    def test_nobody_sees_how_good_they_were_of_a_company_of_others(self):
        other = self.setup_other_company(name="Other")["company"]
        user = new_test_user(self.env, "foreign", "recobro_module.group_recobro_user", company_id=other.id,
                             company_ids=[(6, 0, other.ids)])  # fmt: skip
        pages = self.env_on(MONDAY)(user=user.id)["recobro.recovery.backtest"].with_company(other)
        self.assertIn("too little history", pages.create({}).result)
        with self.assertRaises(AccessError):
            call_kw(pages, "web_save", [[], {"company_id": self.company.id}], {"specification": {"result": {}}})
