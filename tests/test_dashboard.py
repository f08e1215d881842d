"""The dashboard: what it tells of a day, for whom, and the records behind it."""

from datetime import date, timedelta

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.figures import daily, promises_kept

from .common import MONDAY, RecobroCase
from .placement_case import PlacementCase

ONE_DAY = timedelta(days=1)
BEFORE = date(2026, 2, 28)


class DashboardCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer("Ash")

    def data(self, on=MONDAY, user=None, method="get_data", companies=None, **filters):
        """What the dashboard gets, for somebody who lives on a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env_on(on)
        companies = companies or self.company
        context = {**env.context, "allowed_company_ids": companies.ids}
        return getattr(env(user=user or env.user, context=context)["recobro.dashboard"], method)(filters)

    def later(self, **values):
        return self.data(method="get_later", **values)

    def aged(self, *pairs):
        """Invoices of the customer, each so many days late."""
        return [
            self.create_invoice(self.customer, amount, MONDAY - days * ONE_DAY, MONDAY - (days + 30) * ONE_DAY)
            for days, amount in pairs
        ]


class TestWhatItTells(DashboardCase):
    def test_of_today_it_tells_what_the_daily_job_kept(self):
        self.aged((-5, 100), (10, 200), (40, 300), (70, 150), (120, 250))
        self.run_day(MONDAY)
        found = self.data()
        self.assertEqual((found["as_of"], found["is_kept"], found["is_today"]), (MONDAY, True, True))
        self.assertEqual(found["ageing"]["buckets"], [100, 200, 300, 150, 250])
        self.assertEqual(found["ageing"]["over_60"]["now"], 0.4)
        self.assertEqual(found["key"]["receivables"]["now"], 1000)
        kept = self.env["recobro.snapshot"].search([("company_id", "=", self.company.id), ("day", "=", MONDAY)])
        self.assertAlmostEqual(found["key"]["dso"]["now"], kept.dso, 2)
        self.assertAlmostEqual(found["key"]["effectiveness"]["now"], kept.effectiveness, 2)
        # What is booked later on the day shows from the next run on: the page says which day it is of
        self.aged((1, 999))
        self.assertEqual(self.data()["ageing"]["buckets"], [100, 200, 300, 150, 250])

    def test_a_weekend_after_the_last_run_shows_its_day_and_a_week_after_it_the_books(self):
        self.aged((10, 200))
        self.run_day(MONDAY)
        self.assertEqual(self.data(MONDAY + 3 * ONE_DAY)["as_of"], MONDAY)
        found = self.data(MONDAY + 7 * ONE_DAY)
        self.assertEqual((found["as_of"], found["is_kept"]), (MONDAY + 7 * ONE_DAY, False))
        self.assertEqual(found["ageing"]["buckets"], [0, 200, 0, 0, 0])

    def test_a_past_day_is_worked_out_from_the_books_and_later_payments_do_not_change_it(self):
        [invoice] = self.aged((40, 300))
        before = self.data(as_of="2026-02-20")
        self.pay_invoice(invoice, 300, MONDAY - ONE_DAY)
        after = self.data(as_of="2026-02-20")
        self.assertEqual((before["is_today"], before["exposure"]), (False, None))
        self.assertEqual(after["ageing"], before["ageing"])
        self.assertEqual(after["key"], before["key"])
        self.assertEqual(after["debtors"]["customers"][0]["amount"], 300)
        self.assertNotIn("risk_d90_plus", after["links"])

    def test_the_change_is_since_the_last_day_before_the_period(self):
        self.aged((40, 300))
        daily.rebuild(self.env(su=True), self.company, BEFORE)
        self.aged((10, 200))
        self.run_day(MONDAY)
        found = self.data()
        self.assertEqual(found["since"], BEFORE)
        self.assertEqual(found["key"]["receivables"], {"now": 500, "before": 300})
        self.assertEqual([row["day"] for row in found["trend"]], [BEFORE, MONDAY])

    def test_without_a_day_before_there_is_no_change_and_no_zero(self):
        self.aged((10, 200))
        found = self.data()
        self.assertEqual(found["key"]["receivables"], {"now": 200, "before": None})
        self.assertIsNone(found["promises"]["now"]["count"])
        self.assertIsNone(found["disputes"]["now"]["hours"])

    def test_a_ledger_with_nothing_in_it_is_told_as_empty(self):
        found = self.data()
        self.assertTrue(found["is_empty"])
        self.assertIsNone(found["key"]["dso"]["now"])
        self.assertIsNone(found["ageing"]["over_60"]["now"])
        self.assertEqual(found["debtors"]["customers"], [])
        self.later()

    def test_the_effectiveness_of_three_months_is_that_of_the_books(self):
        self.aged((10, 200), (45, 300), (80, 500))
        self.pay_invoice(self.aged((50, 400))[0], 400, date(2026, 2, 20))
        for day in (date(2025, 12, 31), date(2026, 1, 31), BEFORE):
            daily.rebuild(self.env(su=True), self.company, day)
        books = self.data(months=3, as_of=MONDAY.isoformat())
        self.run_day(MONDAY)
        kept = self.data(months=3)
        self.assertEqual((books["is_kept"], kept["is_kept"]), (False, True))
        self.assertIsNotNone(kept["key"]["effectiveness"]["now"])
        self.assertAlmostEqual(kept["key"]["effectiveness"]["now"], books["key"]["effectiveness"]["now"], 2)

    def test_the_turnover_is_of_the_twelve_months_that_are_over_and_of_those_before_the_period(self):
        ends, day = [], BEFORE
        for _number in range(14):
            ends.append(day)
            day = day.replace(day=1) - ONE_DAY
        self.create_invoice(self.customer, 1200, MONDAY + 30 * ONE_DAY, date(2025, 1, 15))
        for end in reversed(ends):
            if end > date(2025, 2, 28):
                self.create_invoice(self.customer, 100, MONDAY + 30 * ONE_DAY, end.replace(day=10))
            daily.rebuild(self.env(su=True), self.company, end)
        found = self.data(as_of="2026-02-28")["key"]["turnover"]
        # 1,200 sold in twelve months; owed 1,200 at first and 100 more at each end: 1,800 on average
        self.assertAlmostEqual(found["now"], 1200 / 1800)
        self.assertAlmostEqual(found["days"], 365 * 1.5)
        # A month earlier: 1,100 sold, owed 1,200 twice and then 100 more at each end
        self.assertAlmostEqual(found["before"], 1100 / ((2 * 1200 + sum(range(1300, 2400, 100))) / 13))
        self.assertIsNone(self.data(as_of="2025-02-28")["key"]["turnover"]["now"])

    def test_what_is_likely_to_be_lost_is_told_of_today_and_of_who_was_chosen(self):
        self.aged((10, 200))
        self.run_day(MONDAY)
        self.assertIsNone(self.later()["loss"])  # nothing is known of any chance
        self.env.cr.execute(
            "UPDATE recobro_recovery_rate SET rate = 0.75 WHERE company_id = %s AND cohort = 'company'",
            [self.company.id],
        )
        self.assertEqual(self.later()["loss"], {"amount": 50, "judged": 200, "unknown": 0})
        owner = self.case_of(self.customer).user_id = self.env.user
        self.assertEqual(self.later(owner=owner.id)["loss"]["amount"], 50)
        self.assertIsNone(self.later(owner=self.env.ref("base.user_root").id)["loss"])
        self.assertIsNone(self.later(as_of="2026-02-20")["loss"])

    def test_a_daily_job_that_is_switched_off_is_told_on_the_first_page(self):
        self.aged((10, 200))
        self.run_day(MONDAY)
        job = self.env.ref("recobro_module.ir_cron_run")
        for name in ("ir_cron_run", "ir_cron_deliver_1", "ir_cron_refresh"):
            self.env.ref(f"recobro_module.{name}").active = True
        self.assertNotIn("switched off", self.later()["trouble"] or "")
        job.active = False
        self.assertIn(f"“{job.name}” is switched off", self.later()["trouble"])

    def test_what_rolled_on_is_told_from_what_was_kept_a_month_ago(self):
        self.aged((35, 400), (10, 100))
        daily.rebuild(self.env(su=True), self.company, date(2026, 2, 2))
        self.run_day(MONDAY)
        rolls = self.data()["roll_rates"]
        self.assertEqual(rolls["before"], [100, 400, 0, 0, 0])
        self.assertEqual(rolls["rates"], [1, 1, None, None])

    def test_the_first_ten_customers_are_named_with_their_share(self):
        for number in range(12):
            self.create_invoice(self.create_customer(f"Oak {number:02}"), 100 + number, MONDAY - 5 * ONE_DAY)
        self.run_day(MONDAY)
        debtors = self.data()["debtors"]
        self.assertEqual((debtors["number"], len(debtors["customers"])), (12, 10))
        first = debtors["customers"][0]
        self.assertEqual((first["name"], first["amount"], first["overdue"]), ("Oak 11", 111, 111))
        self.assertTrue(first["case_id"])
        self.assertAlmostEqual(debtors["top_share"], (12 * 105.5 - 201) / (12 * 105.5))

    def test_recovery_is_what_was_paid_in_money_of_what_entered_a_bucket_in_the_period(self):
        # It ends 90 days before: entered from 1 to 2 December 2025, and in November before
        day = date(2025, 12, 1)
        paid, credited, late = (
            self.create_invoice(self.customer, amount, day, day - 30 * ONE_DAY) for amount in (600, 300, 100)
        )
        self.pay_invoice(paid, 600, day + 60 * ONE_DAY)
        self.pay_invoice(late, 100, day + 95 * ONE_DAY)
        note = self.create_credit_note(self.customer, 300, day + 10 * ONE_DAY)
        (credited | note).line_ids.filtered(lambda line: line.account_id.reconcile).reconcile()
        found = self.later()["recovery"]
        self.assertEqual((found["since"], found["until"]), (date(2025, 11, 30), date(2025, 12, 2)))
        self.assertEqual(found["buckets"]["d1_30"]["now"], (1000, 600, 0.6))
        self.assertEqual(found["buckets"]["d1_30"]["before"], (0, 0, None))


class TestFilters(DashboardCase):
    def setUp(self):
        super().setUp()
        self.other = self.create_customer("Beech")
        self.aged((10, 200), (70, 300))
        self.create_invoice(self.other, 50, MONDAY - 5 * ONE_DAY)
        self.run_day(MONDAY)

    def test_of_who_answers_for_the_case(self):
        owner = new_test_user(
            self.env, "dash_owner", "recobro_module.group_recobro_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.case_of(self.other).user_id = owner
        found = self.data(owner=owner.id)
        self.assertEqual(found["ageing"]["buckets"], [0, 50, 0, 0, 0])
        self.assertEqual([row["name"] for row in found["debtors"]["customers"]], ["Beech"])
        self.assertIn(owner.id, [pair[0] for pair in found["owners"]])
        # The key figures stay those of all customers, and the page says so
        self.assertEqual((found["is_filtered"], found["key"]["receivables"]["now"]), (True, 550))

    def test_of_a_segment_or_of_customers_without_one(self):
        grade = self.env["recobro.grade"].search([], limit=1)
        self.env.cr.execute(
            "UPDATE recobro_customer_figure SET grade_id = %s WHERE partner_id = %s", (grade.id, self.other.id)
        )
        self.assertEqual(self.data(segment=grade.id)["ageing"]["buckets"], [0, 50, 0, 0, 0])
        self.assertEqual(self.data(segment=0)["ageing"]["buckets"], [0, 200, 0, 300, 0])

    def test_the_items_of_a_past_day_are_those_of_the_chosen_customers(self):
        grade = self.env["recobro.grade"].search([], limit=1)
        self.env.cr.execute(
            "UPDATE recobro_customer_figure SET grade_id = %s WHERE partner_id = %s", (grade.id, self.other.id)
        )
        owner = new_test_user(
            self.env, "dash_past", "recobro_module.group_recobro_user", company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )  # fmt: skip
        self.case_of(self.customer).user_id = owner
        for filters in ({"segment": grade.id}, {"segment": 0}, {"owner": owner.id}, {"owner": owner.id, "segment": 0}):
            with self.subTest(filters=filters):
                found = self.data(as_of="2026-02-27", **filters)
                action = found["links"]["open"]
                lines = self.env[action["res_model"]].search(action["domain"])
                self.assertEqual(sum(lines.mapped("balance")), sum(found["ageing"]["buckets"]))
                self.assertTrue(lines)

    def test_what_makes_no_sense_is_left_out(self):
        plain = self.data()
        for filters in (
            {"as_of": "soon"}, {"as_of": ["x"]}, {"months": 7}, {"segment": "1; DROP"}, {"owner": {}}, {"more": 1},
        ):  # fmt: skip
            with self.subTest(filters=filters):
                self.assertEqual(self.data(**filters)["ageing"], plain["ageing"])
        self.env.flush_all()
        for nothing in (None, [], "x"):
            self.env_on(MONDAY)["recobro.dashboard"].get_data(nothing)

    def test_a_day_to_come_is_today(self):
        self.assertEqual(self.data(as_of="2031-01-01")["as_of"], MONDAY)
        for slip in ("0001-01-05", "0026-03-02"):
            self.assertEqual(self.data(as_of=slip, months=12)["as_of"], MONDAY)
            self.assertTrue(self.later(as_of=slip, months=12)["forecast"])

    def test_the_records_behind_each_figure_can_be_opened(self):
        """Every domain is one that its list takes, of today and of another day, filtered or not."""
        for filters in ({}, {"as_of": "2026-02-10"}, {"owner": self.env.uid, "segment": 0, "months": 12}):
            for name, action in self.data(**filters)["links"].items():
                with self.subTest(link=name, filters=filters):
                    self.env_on(MONDAY)[action["res_model"]].search(action["domain"], limit=3)

    def test_the_items_of_a_bucket_are_those_of_the_figure(self):
        found = self.data()
        for key, amount in zip(("d1_30", "d61_90"), (250, 300), strict=True):
            action = found["links"][f"bucket_{key}"]
            items = self.env_on(MONDAY)[action["res_model"]].search(action["domain"])
            self.assertEqual(sum(items.mapped("amount_open_company")), amount)
        action = self.data(as_of="2026-02-25")["links"]["bucket_d61_90"]
        lines = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(sum(lines.mapped("balance")), 300)


class TestAtRisk(PlacementCase):
    """What is at risk counts once, under the first reason that is true of it."""

    def risks(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env_on(MONDAY)["recobro.dashboard"].get_data({})["exposure"]

    def test_an_item_with_three_reasons_counts_once(self):
        self.run_day(MONDAY)
        before = self.risks()
        self.assertEqual(before["risks"]["dispute"], 0)
        ticket = self.dispute(self.overdue, 10)
        ticket.sudo().deadline = "2026-02-27 10:00:00"
        items = self.items_of(self.overdue)
        promise = self.env_on(MONDAY)["recobro.promise"]._take(self.case, items, 20, MONDAY + 3 * ONE_DAY)
        promise.sudo().state = "broken"
        residual = self.overdue.amount_residual
        found = self.risks()
        self.assertEqual((found["risks"]["dispute"], found["risks"]["promise"]), (residual, 0))
        self.assertEqual(found["total"], before["total"] + residual)
        ticket.sudo().deadline = "2026-03-27 10:00:00"
        found = self.risks()
        self.assertEqual((found["risks"]["dispute"], found["risks"]["promise"]), (0, residual))
        # With a lawyer all that is open of the customer is at risk, and nothing of it twice
        self.case.sudo().stage = "legal"
        found = self.risks()
        self.assertEqual((found["risks"]["promise"], found["risks"]["legal"]), (0, self.case.amount_open))

    def test_a_dispute_that_waits_past_its_sla_is_in_the_figure_and_in_its_list(self):
        self.run_day(MONDAY)
        ticket = self.dispute(self.overdue, 10).sudo()
        ticket.write({"kind": "waiting", "deadline": False, "sla_hours": 8, "sla_consumed": 9})
        self.env.flush_all()
        self.env.invalidate_all()
        found = self.env_on(MONDAY)["recobro.dashboard"].get_data({})
        self.assertEqual(found["exposure"]["risks"]["dispute"], self.overdue.amount_residual)
        action = found["links"]["risk_dispute"]
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), ticket.sudo(False))

    def test_agencies_stand_side_by_side_with_what_came_back(self):
        self.place()
        self.run_day(MONDAY)
        [row] = self.env_on(MONDAY)["recobro.dashboard"].get_data({})["agencies"]
        self.assertEqual((row["name"], row["number"]), (self.agency.name, 1))
        self.assertEqual(row["net"], row["collected"] - row["fee"] - row["cost"])
        self.assertIsNone(row["before"])
        # In April it was with them in both months, the one that ends and the one before
        [row] = self.env_on(date(2026, 4, 20))["recobro.dashboard"].get_data({})["agencies"]
        self.assertEqual(row["before"], row["net"])


class TestPromises(DashboardCase):
    def test_the_vector_of_the_metrics(self):
        self.create_invoice(self.customer, 9000, MONDAY - 5 * ONE_DAY)
        self.run_day(MONDAY)
        case = self.case_of(self.customer)
        for state, amount, received in (
            ("kept", 1000, 1000), ("partly_kept", 2000, 500), ("broken", 500, 0), ("kept", 3000, 3000),
            ("open", 700, 0), ("withdrawn", 900, 0),
        ):  # fmt: skip
            self.env["recobro.promise"].sudo().create(
                {
                    "partner_id": self.customer.id, "case_id": case.id, "company_id": self.company.id,
                    "state": state, "amount": amount, "received_amount": received, "date": MONDAY,
                    "verdict_date": MONDAY if state in ("kept", "partly_kept", "broken") else False,
                    "currency_id": self.company.currency_id.id,
                }
            )  # fmt: skip
        found = self.data()["promises"]
        self.assertEqual(found["now"]["count"], 0.5)
        self.assertAlmostEqual(found["now"]["amount"], 0.6923, 4)
        self.assertEqual(found["before"]["number"], 0)
        self.assertEqual(found["open"], {"number": 1, "amount": 700})
        self.assertEqual(
            promises_kept.shares(self.env, self.company, MONDAY),
            {name: found["now"][name] for name in ("count", "amount")},
        )


class TestForWhom(DashboardCase):
    def create_user(self, name, groups, companies=None):
        companies = companies or self.company
        return new_test_user(
            self.env, f"dash_{name}", groups, company_id=companies[0].id, company_ids=[Command.set(companies.ids)]
        )

    def test_collectors_managers_and_accountants_see_it_and_nobody_else(self):
        self.aged((10, 200))
        self.run_day(MONDAY)
        for group in (
            "recobro_module.group_recobro_user", "recobro_module.group_recobro_manager",
            "account.group_account_invoice", "account.group_account_readonly",
        ):  # fmt: skip
            user = self.create_user(group.split(".")[1], group)
            with self.subTest(group=group):
                self.assertEqual(self.data(user=user)["ageing"]["buckets"], [0, 200, 0, 0, 0])
                self.later(user=user)
        for group in ("base.group_user", "base.group_portal", "base.group_public"):
            user = self.create_user(group.split(".")[1], group)
            for method in ("get_data", "get_later"):
                with self.subTest(group=group, method=method), self.assertRaises(AccessError):
                    self.data(user=user, method=method)

    def test_who_may_not_read_the_books_has_no_link_into_them(self):
        self.aged((10, 200))
        collector = self.create_user("collector", "recobro_module.group_recobro_user")
        links = self.data(user=collector)["links"]
        self.assertIn("bucket_d1_30", links)
        self.assertNotIn("account.move.line", {action["res_model"] for action in links.values()})

    def test_another_company_is_not_in_it_and_several_are_in_the_currency_of_the_first(self):
        other = self.setup_other_company()["company"]
        other.currency_id = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {"currency_id": other.currency_id.id, "rate": 0.5, "name": "2026-01-01", "company_id": self.company.id}
        )
        self.aged((10, 200))
        abroad = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.create_customer("Abroad").id,
                    "company_id": other.id,
                    "invoice_date": date(2026, 1, 1),
                    "invoice_date_due": date(2026, 1, 10),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": 70, "tax_ids": []})],
                }
            )
        )
        abroad.action_post()
        self.assertEqual(self.data()["ageing"]["buckets"], [0, 200, 0, 0, 0])
        both = self.data(companies=self.company | other)
        self.assertEqual(both["ageing"]["buckets"], [0, 200, 140, 0, 0])
        self.assertEqual(both["debtors"]["total"], 340)
        self.assertEqual(both["companies"], [self.company.name, other.name])
        user = self.create_user("elsewhere", "recobro_module.group_recobro_user", other)
        self.assertEqual(self.data(user=user, companies=other)["ageing"]["buckets"], [0, 0, 70, 0, 0])
        with self.assertRaises(AccessError):
            self.data(user=user, companies=self.company)


class TestItsCost(DashboardCase):
    def statements(self, on):
        self.data(on)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env_on(on)["recobro.dashboard"].get_data({})
        return self.env.cr.sql_log_count - before

    def test_a_kept_day_takes_twenty_statements_at_most_however_many_customers_there_are(self):
        self.aged((10, 200))
        self.run_day(MONDAY)
        few = self.statements(MONDAY)
        self.assertLessEqual(few, 20)
        for number in range(12):
            self.create_invoice(self.create_customer(f"Oak {number}"), 100, MONDAY - 5 * ONE_DAY)
        self.run_day(MONDAY + ONE_DAY)
        self.assertEqual(self.statements(MONDAY + ONE_DAY), few)

    def test_it_is_read_without_a_write(self):
        self.aged((10, 200), (100, 50))
        self.run_day(MONDAY)
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor(readonly=True) as cursor:
            env = self.env_on(MONDAY)(cr=cursor)
            for filters in ({}, {"as_of": "2026-02-10"}, {"segment": 0}):
                self.assertTrue(env["recobro.dashboard"].get_data(filters)["currency_id"])
                env["recobro.dashboard"].get_later(filters)
