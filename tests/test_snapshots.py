"""What is kept of each day: balances, states and key figures that stay as they were, whatever is booked later."""

from datetime import date, timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.models import BaseModel
from odoo.service.model import call_kw
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from odoo.addons.recobro_module.engine.figures import control, daily, series

from .common import MONDAY, RecobroCase

STATES = series.STATES


class SnapshotCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer("Ash")

    def kept(self, day=MONDAY):
        """What is kept of the company on a day."""
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["recobro.snapshot"].search([("company_id", "=", self.company.id), ("day", "=", day)])

    def kept_of(self, customer, day=MONDAY):
        self.env.flush_all()
        return self.env["recobro.customer.snapshot"].search(
            [("company_id", "=", self.company.id), ("day", "=", day), ("partner_id", "=", customer.id)]
        )

    def series(self, since=MONDAY - timedelta(days=100), as_of=MONDAY, companies=None):
        self.env.flush_all()
        return series.series(self.env, companies or self.company, since, as_of)

    def rebuild(self, *days, company=None):
        for day in days:
            daily.rebuild(self.env(su=True), company or self.company, day)


class TestWhatIsKept(SnapshotCase):
    def test_a_day_is_kept_with_its_ages_credits_and_key_figures(self):
        for days, amount in ((-5, 100), (10, 200), (40, 300), (70, 400), (120, 500)):
            self.create_invoice(self.customer, amount, MONDAY - timedelta(days=days))
        self.create_credit_note(self.customer, 50, MONDAY)
        self.run_day(MONDAY)
        kept = self.kept()
        self.assertEqual([kept[key] for key in ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus")],
                         [100, 200, 300, 400, 500])  # fmt: skip
        self.assertEqual((kept.credit, kept.receivables, kept.in_credit, kept.source), (50, 1450, 0, "run"))
        found = control.figures(self.env, self.company, MONDAY)
        self.assertAlmostEqual(kept.dso, found.countback.days, 2)
        self.assertAlmostEqual(kept.effectiveness, found.effectiveness, 2)
        self.assertAlmostEqual(kept.days_late, found.days_late, 2)
        self.assertEqual(kept.dso_is_truncated, found.countback.is_truncated)
        self.assertEqual(kept.sales, found.sales)

    def test_customers_have_their_rows_only_while_something_is_open(self):
        paid = self.create_customer("Beech")
        self.pay_invoice(self.create_invoice(paid, 70, MONDAY), day=MONDAY)
        self.create_invoice(self.customer, 200, MONDAY - timedelta(days=10))
        self.create_credit_note(self.customer, 30, MONDAY)
        self.run_day(MONDAY)
        row = self.kept_of(self.customer)
        self.assertEqual((row.d1_30, row.credit, row.held), (200, 30, 0))
        self.assertFalse(self.kept_of(paid))

    def test_what_is_held_is_told_by_state_and_the_states_add_up_to_it(self):
        first = self.create_invoice(self.customer, 300, MONDAY - timedelta(days=10))
        self.create_invoice(self.customer, 200, MONDAY - timedelta(days=20))
        paused = self.create_customer("Cedar")
        self.create_invoice(paused, 80, MONDAY - timedelta(days=20))
        self.run_day(MONDAY - timedelta(days=1))
        line = first.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        item = self.env["recobro.item"].search([("res_id", "=", line.id), ("res_model", "=", "account.move.line")])
        hold = {"company_id": self.company.id, "date_from": MONDAY, "date_until": MONDAY + timedelta(days=20)}
        holds = self.env["recobro.hold"].sudo()
        # The dispute claims its amount first, the promise only what it left
        holds.create([
            {**hold, "name": "p", "reason": "promise", "partner_id": self.customer.id, "item_id": item.id},
            {**hold, "name": "d", "reason": "dispute", "partner_id": self.customer.id, "item_id": item.id,
             "amount": 120},
            {**hold, "name": "x", "reason": "pause", "partner_id": paused.id},
        ])  # fmt: skip
        self.run_day(MONDAY)
        kept = self.kept()
        self.assertEqual((kept.disputed, kept.promised, kept.paused, kept.held), (120, 180, 80, 380))
        self.assertEqual(sum(kept[name] for name in STATES), kept.held)
        self.assertEqual(self.kept_of(self.customer).held, 300)
        [entry] = [row for row in self.series() if row["day"] == MONDAY]
        self.assertEqual((entry["states"]["disputed"], entry["states"]["legal"]), (120, 0))

    def test_a_second_run_of_the_day_replaces_nothing(self):
        self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.create_invoice(self.customer, 900, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.kept().not_due, 100)

    def test_a_payment_or_an_entry_dated_back_shows_in_the_books_and_not_in_what_was_kept(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.pay_invoice(invoice, day=MONDAY + timedelta(days=2))
        self.create_invoice(self.customer, 45, MONDAY - timedelta(days=3), MONDAY - timedelta(days=3))
        self.assertEqual(control.figures(self.env, self.company, MONDAY).now.open_amount, 145)
        self.assertEqual((self.kept().not_due, self.kept().d1_30), (100, 0))

    def test_an_empty_ledger_is_kept_with_zeros_and_without_key_figures(self):
        self.run_day(MONDAY)
        [entry] = [row for row in self.series() if row["day"] == MONDAY]
        self.assertEqual((entry["open_amount"], entry["receivables"], entry["held"]), (0, 0, 0))
        for name in ("dso", "best_possible", "days_delinquent", "effectiveness", "days_late"):
            self.assertIsNone(entry[name], name)

    def test_of_a_ledger_with_credits_only_nothing_is_owed(self):
        self.create_credit_note(self.customer, 60, MONDAY)
        self.run_day(MONDAY)
        [entry] = [row for row in self.series() if row["day"] == MONDAY]
        self.assertEqual((entry["credit"], entry["receivables"], entry["in_credit"]), (60, 0, 60))
        self.assertIsNone(entry["dso"])

    def test_days_of_customers_are_dropped_after_ninety_and_ends_of_months_stay(self):
        self.create_invoice(self.customer, 100, date(2025, 10, 1))
        end, other = date(2025, 10, 31), date(2025, 11, 3)
        self.rebuild(end, other)
        self.run_day(MONDAY)
        self.assertTrue(self.kept_of(self.customer, end))
        self.assertFalse(self.kept_of(self.customer, other))
        self.assertTrue(self.kept(other), "the company's own stay")

    def test_the_number_of_statements_is_the_same_for_any_number_of_customers(self):
        def cost(day, number):
            for index in range(number):
                self.create_invoice(self.create_customer(f"{day} {index}"), 10, day)
            self.run_day(day)
            self.env.flush_all()
            daily.rebuild(self.env(su=True), self.company, day - timedelta(days=7))
            before = self.env.cr.sql_log_count
            daily.rebuild(self.env(su=True), self.company, day - timedelta(days=8))
            return self.env.cr.sql_log_count - before

        cost(MONDAY, 1)
        self.assertEqual(cost(MONDAY + timedelta(days=1), 1), cost(MONDAY + timedelta(days=2), 5))


class TestNothingIsChanged(SnapshotCase):
    def setUp(self):
        super().setUp()
        self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)

    def test_nobody_changes_or_deletes_a_day(self):
        for kept in (self.kept(), self.kept_of(self.customer)):
            with self.assertRaises(UserError):
                kept.sudo().not_due = 5
            with self.assertRaises(UserError):
                kept.sudo().unlink()

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_too(self):
        for table in ("recobro_snapshot", "recobro_customer_snapshot"):
            for statement in (f"UPDATE {table} SET credit = 1", f"DELETE FROM {table}", f"TRUNCATE {table}"):
                with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                    self.env.cr.execute(statement)

    def test_a_user_who_lived_a_day_can_be_deleted(self):
        user = new_test_user(self.env, "leaves", "recobro_module.group_recobro_manager", company_id=self.company.id,
                             company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        daily.rebuild(self.env(user=user.id, su=True), self.company, MONDAY - timedelta(days=1))
        user.unlink()
        self.env.flush_all()
        self.assertTrue(self.kept(MONDAY - timedelta(days=1)))

    def test_who_wrote_a_row_of_an_older_version_may_be_forgotten(self):
        self.env.cr.execute("ALTER TABLE recobro_snapshot ADD COLUMN IF NOT EXISTS create_uid int")
        self.env.cr.execute("UPDATE recobro_snapshot SET create_uid = 1 WHERE company_id = %s", [self.company.id])
        self.env.cr.execute("SELECT create_uid FROM recobro_snapshot WHERE company_id = %s", [self.company.id])
        self.assertEqual(self.env.cr.fetchall()[0], (1,))

    @mute_logger("odoo.sql_db")
    def test_an_upgrade_may_add_a_column_with_a_default_and_the_guard_is_back_after_it(self):
        def fill(model):
            column = SQL.identifier("date" if model._name == "recobro.interaction" else "day")
            model.env.cr.execute(SQL("UPDATE %s SET %s = '2020-01-01' WHERE id = (SELECT MIN(id) FROM %s)",
                                     SQL.identifier(model._table), column, SQL.identifier(model._table)))  # fmt: skip
            self.assertEqual(model.env.cr.rowcount, 1)

        for name in ("recobro.snapshot", "recobro.customer.snapshot", "recobro.interaction"):
            model = self.env[name]
            with patch.object(BaseModel, "_auto_init", fill):
                model._auto_init()
            model.init()
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(SQL("UPDATE %s SET company_id = 0", SQL.identifier(model._table)))

    def test_days_of_a_company_that_is_no_more_are_dropped(self):
        other = self.setup_other_company(name="Gone")["company"]
        self.env.cr.execute(
            "INSERT INTO recobro_customer_snapshot (company_id, day, partner_id) VALUES (%s, %s, %s), (%s, %s, %s)",
            [2**30, MONDAY, self.customer.id, other.id, MONDAY, self.customer.id],
        )
        model = self.env["recobro.customer.snapshot"].sudo()
        model._gc_of_no_company()
        self.assertFalse(model.search_count([("company_id", "=", 2**30)]))
        self.assertTrue(model.search_count([("company_id", "=", other.id)]))

    @mute_logger("odoo.sql_db")
    def test_the_door_of_the_sweep_leaves_the_company_and_ends_of_months_alone(self):
        self.rebuild(date(2026, 1, 31))
        self.env.cr.execute("SET LOCAL recobro.door = 'sweep'")
        for statement in (
            "DELETE FROM recobro_snapshot",
            "DELETE FROM recobro_customer_snapshot WHERE day = '2026-01-31'",
        ):
            with self.assertRaises(psycopg2.errors.CheckViolation), self.env.cr.savepoint():
                self.env.cr.execute(statement)

    def test_users_see_what_is_kept_of_their_companies_only(self):
        other = (
            self.company_data_2["company"] if hasattr(self, "company_data_2") else self.setup_other_company()["company"]
        )
        user = new_test_user(
            self.env, "kept", "recobro_module.group_recobro_user", company_id=other.id, company_ids=[(6, 0, other.ids)]
        )
        for model in ("recobro.snapshot", "recobro.customer.snapshot"):
            mine = [("company_id", "=", self.company.id)]
            self.assertTrue(self.env[model].sudo().search_count(mine))
            self.assertFalse(self.env[model].with_user(user).search_count(mine))


class TestSeries(SnapshotCase):
    def test_ends_of_months_and_the_day_itself_oldest_first_with_gaps_left_out(self):
        self.create_invoice(self.customer, 100, date(2025, 12, 20))
        self.rebuild(date(2025, 12, 31), date(2026, 1, 20), date(2026, 2, 28))
        self.run_day(MONDAY)
        rows = self.series()
        self.assertEqual([row["day"] for row in rows], [date(2025, 12, 31), date(2026, 2, 28), MONDAY])
        self.assertEqual([row["source"] for row in rows], ["rebuilt", "rebuilt", "run"])
        self.assertIsNone(rows[0]["states"])
        self.assertIsNone(rows[0]["held"])
        self.assertEqual(rows[0]["buckets"], [0, 100, 0, 0, 0])

    def test_the_end_of_a_month_on_which_no_run_took_place_is_rebuilt_by_the_next(self):
        self.create_invoice(self.customer, 100, date(2026, 2, 10))
        self.run_day(MONDAY)
        self.assertEqual(self.kept(date(2026, 2, 28)).source, "rebuilt")

    def test_it_is_one_statement(self):
        self.rebuild(date(2026, 1, 31), date(2026, 2, 28))
        self.env.flush_all()
        self.series()
        with self.assertQueryCount(1):
            series.series(self.env, self.company, date(2025, 1, 1), MONDAY)

    def test_the_turnover_is_of_twelve_months_in_a_row_and_none_of_fewer(self):
        ends, day = [], date(2026, 2, 28)
        for _number in range(13):
            ends.append(day)
            day = series.end_before(day)
        rows = [{"day": end, "sales": 90_000.0, "receivables": 145_000.0} for end in ends]
        times, days = series.turnover(rows)
        self.assertEqual((round(times, 3), round(days, 1)), (7.448, 49.0))
        self.assertIsNone(series.turnover(rows[:5] + rows[6:]))
        self.assertIsNone(series.turnover([]))

    def test_two_companies_are_in_the_currency_of_the_first_with_figures_of_their_sums(self):
        other = self.setup_other_company(name="In euros")["company"]
        other.currency_id = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {"currency_id": other.currency_id.id, "company_id": self.company.id, "name": date(2026, 1, 1), "rate": 0.5}
        )
        customer = self.create_customer("Elm")
        for company, amount in ((self.company, 1000), (other, 300)):
            invoice = self.env["account.move"].with_company(company).create({
                "move_type": "out_invoice", "partner_id": customer.id, "invoice_date": date(2026, 1, 10),
                "invoice_date_due": date(2026, 1, 20), "invoice_payment_term_id": False,
                "invoice_line_ids": [(0, 0, {"name": "Goods", "price_unit": amount, "tax_ids": []})],
            })  # fmt: skip
            invoice.action_post()
        both = self.company | other
        self.rebuild(date(2025, 12, 31), date(2026, 1, 31))
        self.rebuild(date(2025, 12, 31), date(2026, 1, 31), company=other)
        _before, row = self.series(companies=both)
        self.assertEqual((row["buckets"][1], row["receivables"], row["sales"]), (1600, 1600, 1600))
        direct = control.figures(self.env, both, date(2026, 1, 31))
        self.assertAlmostEqual(row["dso"], direct.countback.days)
        self.assertAlmostEqual(row["effectiveness"], direct.effectiveness)
        self.assertAlmostEqual(row["days_late"], direct.days_late, 2)

    def test_a_company_with_nothing_to_judge_leaves_the_days_late_of_the_others(self):
        other = self.setup_other_company(name="New")["company"]
        self.pay_invoice(self.create_invoice(self.customer, 100, date(2026, 1, 10)), day=date(2026, 1, 20))
        for company in (self.company, other):
            self.rebuild(date(2025, 12, 31), date(2026, 1, 31), company=company)
        self.assertEqual([row["days_late"] for row in self.series(companies=self.company | other)], [None, 10])

    def test_a_day_that_one_company_lacks_is_left_out(self):
        other = self.setup_other_company(name="Second")["company"]
        self.rebuild(date(2025, 12, 31), date(2026, 1, 31))
        self.rebuild(date(2025, 12, 31), date(2026, 2, 28), company=other)
        rows = self.series(companies=self.company | other)
        self.assertEqual([row["day"] for row in rows], [date(2025, 12, 31)])


class TestRebuild(SnapshotCase):
    def setUp(self):
        super().setUp()
        self.create_invoice(self.customer, 100, date(2025, 12, 20))

    def ask(self, user=None):
        env = self.env_on(MONDAY)
        jobs = env["recobro.snapshot.rebuild"]
        (jobs.with_user(user) if user else jobs)._ask(self.company)
        return jobs.sudo().search([("company_id", "=", self.company.id)])

    def work(self, days=None):
        """Let the scheduled action rebuild so many days, all when None; return how many it was told are left."""
        left = iter(range(days, -1, -1)) if days is not None else None
        with patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda cron, processed=0, **values: 1 if left is None or not processed else next(left) and 1,
        ):
            self.env_on(MONDAY)(su=True)["recobro.snapshot.rebuild"]._cron_rebuild()

    def days(self):
        self.env.flush_all()
        return daily.kept_days(self.env, self.company, date(2020, 1, 1), MONDAY)

    def test_the_ends_of_24_months_and_the_last_90_days_are_rebuilt_as_the_books_tell_them(self):
        job = self.ask()
        self.work()
        self.assertEqual((job.state, job.days_done, job.progress), ("done", job.days_total, 100))
        days = self.days()
        self.assertEqual(min(days), date(2024, 3, 31))
        self.assertIn(MONDAY - timedelta(days=90), days)
        self.assertNotIn(MONDAY, days, "today is not over")
        kept = self.kept(date(2025, 12, 31))
        self.assertEqual((kept.d1_30, kept.source), (100, "rebuilt"))
        self.assertEqual(self.kept_of(self.customer, date(2025, 12, 31)).d1_30, 100)

    def test_what_was_lived_stays_and_the_days_to_do_are_the_others(self):
        self.run_day(MONDAY - timedelta(days=3))
        self.create_invoice(self.customer, 900, MONDAY - timedelta(days=3), MONDAY - timedelta(days=3))
        job = self.ask()
        self.work()
        self.assertEqual(self.kept(MONDAY - timedelta(days=3)).source, "run")
        self.assertEqual(self.kept(MONDAY - timedelta(days=3)).not_due, 0)
        self.assertEqual(job.days_done, job.days_total)

    def test_cut_off_it_goes_on_where_it_was_and_a_second_request_is_the_same_job(self):
        job = self.ask()
        self.work(days=3)
        self.assertEqual((job.state, job.days_done), ("running", 4))
        self.assertEqual(self.ask(), job)
        self.work()
        self.assertEqual((job.state, job.days_done), ("done", job.days_total))

    def test_the_button_of_the_list_rebuilds_the_past_whatever_days_are_chosen(self):
        manager = new_test_user(self.env, "rebuilds", "recobro_module.group_recobro_manager",
                                company_id=self.company.id, company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        model = self.env_on(MONDAY)(user=manager.id)["recobro.snapshot"].with_company(self.company)
        jobs = self.env["recobro.snapshot.rebuild"].sudo()
        action = call_kw(model, "action_rebuild", [[]], {})
        self.assertEqual(action["res_model"], "recobro.snapshot.rebuild")
        self.assertTrue(jobs.search_count([("company_id", "=", self.company.id)]))
        daily.rebuild(self.env(su=True), self.company, MONDAY)
        self.assertTrue(call_kw(model, "action_rebuild", [self.kept().ids], {}))

    def test_a_day_that_is_still_lived_is_left_to_its_run(self):
        lived, over = date(2026, 2, 28), date(2026, 2, 27)
        runs = self.env["recobro.run"].sudo()
        run = runs.create({"company_id": self.company.id, "day": lived, "mode": "scheduled", "state": "waiting"})
        runs.create({"company_id": self.company.id, "day": over, "mode": "scheduled", "state": "cancelled"})
        self.ask()
        self.work()
        self.assertNotIn(lived, self.days())
        self.assertIn(over, self.days())
        self.run_day(MONDAY)
        self.assertNotIn(lived, self.days())
        run.state = "cancelled"
        self.run_day(MONDAY + timedelta(days=1))
        self.assertEqual(self.kept(lived).source, "rebuilt")

    def test_without_its_scheduled_action_it_is_said_what_to_do(self):
        self.env.ref("recobro_module.ir_cron_rebuild").unlink()
        with self.assertRaisesRegex(UserError, "Upgrade"):
            self.ask()

    def test_only_a_manager_may_ask(self):
        user = new_test_user(self.env, "asks", "recobro_module.group_recobro_user", company_id=self.company.id,
                             company_ids=[(6, 0, self.company.ids)])  # fmt: skip
        with self.assertRaises(AccessError):
            self.ask(user)
