"""What collecting cost: people's time, messages, agencies and lawyers; per company and period, stage, case, agency."""

from datetime import timedelta

from odoo.addons.recobro_module.engine.figures import costs

from .common import MONDAY, RecobroCase
from .placement_case import PlacementCase

LATER = MONDAY + timedelta(days=60)


class TestCosts(RecobroCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer("Ash")
        self.invoice = self.create_invoice(self.customer, 1000, MONDAY)
        self.company.write({
            "recobro_hour_cost": 30, "recobro_minutes_call": 10, "recobro_minutes_visit": 60,
            "recobro_minutes_other": 4, "recobro_cost_email": 0.5, "recobro_cost_letter": 2,
        })  # fmt: skip
        self.run_day(MONDAY)
        self.case = self.case_of(self.customer)

    def period(self, since=MONDAY - timedelta(days=1), as_of=LATER, companies=None):
        self.env.flush_all()
        return costs.of_period(self.env, companies or self.company, since, as_of)

    def log(self, channel, result="answered", **values):
        return self.env["recobro.interaction"]._log([{
            "company_id": self.company.id, "partner_id": self.customer.id, "case_id": self.case.id, "channel": channel,
            "direction": "out", "result": result, "date": MONDAY.strftime("%Y-%m-%d 10:00:00"), **values,
        }])  # fmt: skip

    def test_time_is_that_of_what_people_logged(self):
        before = self.period()
        for channel in ("call", "call", "visit", "note"):
            self.log(channel)
        found = self.period()
        self.assertEqual(found["minutes"] - before["minutes"], 10 + 10 + 60 + 4)
        self.assertEqual(found["time"] - before["time"], 42)
        self.assertEqual(sum(found["stages"].values()), found["time"] + found["channels"])

    def test_what_a_machine_an_agency_or_the_customer_did_takes_no_time(self):
        before = self.period()["minutes"]
        self.log("call", is_automatic=True)
        self.log("email", "sent")
        self.log("portal", "visited", direction="in")
        self.log("email", "replied", direction="in")
        self.log("call", agency_id=self.ref("base.main_company"))
        self.assertEqual(self.period()["minutes"], before)

    def test_the_day_of_work_is_that_of_the_company_as_everywhere(self):
        self.company.partner_id.tz = False
        self.company.resource_calendar_id.tz = "Pacific/Kiritimati"
        self.log("call", date=f"{MONDAY} 12:00:00")  # the 3rd over there
        self.assertFalse(self.period(as_of=MONDAY)["minutes"])
        self.assertTrue(self.period(as_of=MONDAY + timedelta(days=1))["minutes"])

    def test_a_correction_takes_no_time_twice(self):
        line = self.log("call")
        before = self.period()["minutes"]
        self.log("call", corrects_id=line.id)
        self.assertEqual(self.period()["minutes"], before)

    def test_messages_cost_what_their_channel_does(self):
        found = self.period()
        self.assertEqual(found["messages"], {"email": 1})
        self.assertEqual(found["channels"], 0.5)

    def test_the_cost_to_collect_is_by_the_money_that_came_late(self):
        self.assertIsNone(self.period()["cost_to_collect"])
        self.pay_invoice(self.invoice, 400, MONDAY)
        self.assertIsNone(self.period()["cost_to_collect"], "it was not late")
        self.pay_invoice(self.invoice, 100, MONDAY + timedelta(days=5))
        found = self.period()
        self.assertEqual(found["collected"], 100)
        self.assertAlmostEqual(found["cost_to_collect"], found["total"] / 100)

    def test_a_case_knows_what_it_cost(self):
        self.log("call")
        self.env.flush_all()
        found = costs.of_cases(self.env, self.company, self.case.ids, LATER)[self.case.id]
        self.assertEqual((found["time"], found["channels"], found["total"]), (5, 0.5, 5.5))

    def test_other_days_and_companies_are_not_in_it(self):
        self.log("call")
        other = self.setup_other_company(name="Other")["company"]
        self.assertEqual(self.period(companies=other)["total"], 0)
        self.assertEqual(self.period(MONDAY, LATER)["total"], 0)

    def test_a_company_that_has_set_nothing_says_so(self):
        self.assertTrue(self.period()["is_set"])
        self.company.write({"recobro_hour_cost": 0, "recobro_cost_email": 0, "recobro_cost_letter": 0})
        self.assertFalse(self.period()["is_set"])


class TestCostsOfAgencies(PlacementCase):
    def test_fees_fall_to_the_days_of_the_money_and_fixed_costs_to_the_hand_over(self):
        self.place(self.old)
        self.pay_invoice(self.old, 200, MONDAY + timedelta(days=10))
        self.pay_invoice(self.old, 300, MONDAY + timedelta(days=40))
        self.judge(MONDAY + timedelta(days=41))
        self.env.flush_all()

        def of(first, last):
            found = costs.of_period(
                self.env, self.company, MONDAY + timedelta(days=first), MONDAY + timedelta(days=last)
            )
            return round(found["fees"], 2), found["costs"], found["agencies"]

        self.assertEqual(of(-1, 0), (0, 50, {self.agency.id: {"fees": 0, "costs": 50}}))
        self.assertEqual(of(0, 30)[:2], (40, 0))
        self.assertEqual(of(30, 60)[:2], (60, 0))
        of_case = costs.of_cases(self.env, self.company, self.case.ids, MONDAY + timedelta(days=60))[self.case.id]
        self.assertEqual((round(of_case["fees"], 2), of_case["costs"]), (100, 50))

    def test_money_that_is_nothing_in_the_currency_of_the_company_has_no_share_of_a_fee(self):
        self.place(self.old)
        self.pay_invoice(self.old, 200, MONDAY + timedelta(days=10))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET amount = 0 WHERE debit_move_id IN %s", [tuple(self.old.line_ids.ids)]
        )
        found = costs.of_period(self.env, self.company, MONDAY - timedelta(days=1), MONDAY + timedelta(days=30))
        self.assertEqual(found["costs"], 50)
