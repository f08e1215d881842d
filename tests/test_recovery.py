"""The chance of recovery: the share of what became so late that was paid within 90 days, as METRICS.md defines it."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import SQL

from odoo.addons.recobro_module.engine.figures import recovery
from odoo.addons.recobro_module.tools import ageing
from odoo.addons.recobro_module.tools import recovery as formula

from .common import MONDAY
from .test_customer_figures import FigureCase, day


def kept_rates(env, company):
    """The chances that are kept: {(bucket, segment): `Rate`}, with None for a whole bucket, and for the company."""
    env["recobro.recovery.rate"].flush_model()
    rows = env.execute_query(
        SQL(
            """
            SELECT CASE WHEN cohort != 'company' THEN bucket END,
                   CASE WHEN cohort = 'segment' THEN NULLIF(segment, %s) END, cohort = 'segment',
                   rate, sample, amount, amount_paid
              FROM recobro_recovery_rate WHERE company_id = %s AND rate IS NOT NULL AND cohort != 'cause'
            """,
            recovery.NO_GRADE,
            company.id,
        )
    )
    return {
        (bucket, segment or ("" if is_segment else None)): formula.Rate(float(rate), sample, float(amount), float(paid))
        for bucket, segment, is_segment, rate, sample, amount, paid in rows
    }


class TestRecovery(FigureCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        # A handful of invoices says enough here
        self.patch(formula, "LEAST", 1)

    def rates(self, when=MONDAY):
        """The chances of the company as they are worked out on a day."""
        env = self.env_on(when)(su=True)
        company = self.company.with_env(env)
        recovery.keep(env, company, when)
        return kept_rates(env, company)

    def late(self, amount, due, **values):
        """An invoice of the customer, due so many days from the Monday."""
        return self.create_invoice(self.customer, amount, day(due), **values)

    def rate(self, bucket, when=MONDAY):
        """(rate, observations, amount) of a bucket over all grades, before it leans on anything else."""
        found = self.rates(when).get((bucket, None))
        return found and (found.paid / found.amount, found.sample, found.amount)

    def test_what_was_paid_in_ninety_days_counts_by_amount(self):
        in_time, too_late = self.late(300, -200), self.late(700, -200)
        self.pay_invoice(in_time, day=day(-200 + 91))
        self.pay_invoice(too_late, day=day(-200 + 92))
        self.assertEqual(self.rate("d1_30"), (0.3, 2, 1000.0))

    def test_a_company_with_little_history_has_no_chance_of_anything_rather_than_none(self):
        self.patch(formula, "LEAST", 11)  # each of them entered five ages
        for _number in range(2):
            self.late(1000, -200)
        self.assertEqual(self.rates(), {})

    def test_what_was_paid_before_it_became_so_late_never_entered(self):
        invoice = self.late(1000, -200)
        self.pay_invoice(invoice, 400, day(-200 + 10))
        self.pay_invoice(invoice, 300, day(-200 + 40))
        self.assertEqual(self.rate("d1_30"), (0.7, 1, 1000.0))
        self.assertEqual(self.rate("d31_60"), (0.5, 1, 600.0))
        self.assertEqual(self.rate("d61_90"), (0, 1, 300.0))

    def test_paid_on_the_due_day_it_was_never_late(self):
        self.pay_invoice(self.late(1000, -200), day=day(-200))
        self.assertIsNone(self.rate("d1_30"))
        self.assertEqual(self.rate("not_due"), (1, 1, 1000.0))

    def test_a_credit_note_is_no_recovery(self):
        invoice = self.late(1000, -200)
        note = self.create_credit_note(self.customer, 1000, day(-190))
        lines = (invoice | note).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.reconcile()
        self.assertEqual(self.rate("d1_30"), (0, 1, 1000.0))

    def test_what_entered_less_than_ninety_days_ago_is_not_judged_yet(self):
        self.late(1000, -90)
        self.assertIsNone(self.rate("d1_30"))
        self.assertEqual(self.rate("d1_30", day(1)), (0, 1, 1000.0))

    def test_what_entered_over_two_years_ago_is_not_judged_any_more(self):
        self.pay_invoice(self.late(1000, -800), day=day(-750))
        self.assertIsNone(self.rate("d1_30"))

    def test_an_invoice_booked_late_enters_where_it_stands(self):
        self.late(1000, -200, invoiced=day(-160))
        self.assertIsNone(self.rate("d1_30"))
        self.assertEqual(self.rate("d31_60"), (0, 1, 1000.0))

    def test_grades_are_told_apart_and_few_observations_lean_on_the_age(self):
        other = self.create_customer("Other")
        grade = self.env["recobro.grade"].create({"name": "Z", "company_id": self.company.id, "sequence": 0})
        for number in range(3):
            self.pay_invoice(self.late(100, -200 - number), day=day(-150))
            self.create_invoice(other, 100, day(-200 - number))
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.grade_id, grade)
        found = self.rates()
        self.assertEqual((found["d1_30", "Z"].sample, found["d1_30", "Z"].paid), (3, 300.0))
        all_of_it = found[None, None].rate
        of_age = (6 * 0.5 + 24 * all_of_it) / 30
        self.assertAlmostEqual(found["d1_30", None].rate, of_age, 4)
        self.assertAlmostEqual(found["d1_30", "Z"].rate, (3 * 1 + 27 * of_age) / 30, 4)

    def test_the_chance_of_a_customer_is_the_same_in_python_and_in_the_database(self):
        for number in range(4):
            self.pay_invoice(self.late(100 + number, -200), day=day(-190 + 30 * number))
        found = self.rates()
        for days in (-3, 0, 1, 30, 31, 90, 91, 400):
            expected = formula.chance(found, [(ageing.bucket(days), "", 100.0)])
            select = recovery.rate_sql(self.company, SQL("%s", days), SQL("%s", ""))
            [(rate,)] = self.env.execute_query(SQL("SELECT %s", select))
            self.assertAlmostEqual(float(rate), expected, 4, f"{days} days")

    def test_without_any_history_nothing_is_known(self):
        self.assertEqual(self.rates(), {})
        self.assertIsNone(formula.chance({}, [("d1_30", "", 100.0)]))

    def test_it_is_worked_out_each_night_and_before_the_decision_where_some_level_asks_for_it(self):
        self.late(1000, -200)
        own = [("company_id", "=", self.company.id)]
        kept = self.env["recobro.recovery.rate"]
        self.run_day(MONDAY)
        self.assertEqual(set(kept.search(own).mapped("as_of")), {MONDAY})
        decided = recovery.make_ready
        decided(self.env, self.company, day(1), self.policy)
        self.assertEqual(set(kept.search(own).mapped("as_of")), {MONDAY}, "no level asks for it")
        self.policy.level_ids[-1].write({"stage": "agency", "select_probability": 0.2})
        decided(self.env, self.company, day(1), self.policy)
        self.assertEqual(set(kept.search(own).mapped("as_of")), {day(1)})
        self.run_day(day(2))
        self.assertEqual(set(kept.search(own).mapped("as_of")), {day(2)})

    def test_causes_are_told_apart_by_what_was_closed_last_and_lean_on_the_grade(self):
        other = self.create_customer("Other")
        for number in range(3):
            self.pay_invoice(self.late(100, -200 - number), day=day(-150))
            self.create_invoice(other, 100, day(-200 - number))
        cases = self.env["recobro.case"].sudo()
        for cause, closed in (("dispute", day(-40)), ("illiquidity", day(-20))):
            cases.create({"company_id": self.company.id, "partner_id": self.customer.id, "state": "closed",
                          "outcome": "paid", "root_cause": cause, "closed_on": closed})  # fmt: skip
        found = self.rates()
        rows = self.env["recobro.recovery.rate"].search(
            [("company_id", "=", self.company.id), ("cohort", "=", "cause"), ("bucket", "=", "d1_30")]
        )
        by_cause = {row.cause: row for row in rows}
        self.assertEqual(set(by_cause), {"illiquidity", "none"})
        self.assertEqual(by_cause["illiquidity"].sample, 3)
        self.assertIn("Illiquidity", by_cause["illiquidity"].display_name)
        of_grade = formula.rate_of(found, "d1_30", "").rate
        self.assertAlmostEqual(by_cause["illiquidity"].rate, (3 * 1 + 27 * of_grade) / 30, 4)
        for cause, row in (("illiquidity", by_cause["illiquidity"].rate), ("friction", of_grade), (None, of_grade)):
            given = () if cause is None else (SQL("%s", cause),)
            select = recovery.rate_sql(self.company, SQL("%s", 10), SQL("%s", ""), *given)
            [(rate,)] = self.env.execute_query(SQL("SELECT %s", select))
            self.assertAlmostEqual(float(rate), row, 4, cause)

    def test_the_expected_loss_is_what_the_chances_leave_of_what_is_open(self):
        for _number in range(2):
            self.pay_invoice(self.late(100, -200), day=day(-190))
        self.late(800, -10)
        self.run_day(MONDAY)
        [(rate,)] = self.env.execute_query(
            SQL("SELECT %s", recovery.rate_sql(self.company, SQL("10"), SQL("''"), SQL("''")))
        )
        found = recovery.expected_loss(self.env, self.company, MONDAY)
        self.assertAlmostEqual(found["amount"], 800 * (1 - float(rate)), 2)
        self.assertEqual((found["judged"], found["unknown"]), (800, 0))

    def test_a_grade_that_has_another_name_now_leaves_nothing_behind(self):
        grade = self.env["recobro.grade"].create({"name": "Z", "company_id": self.company.id, "sequence": 0})
        for number in range(3):
            self.pay_invoice(self.late(100, -200 - number), day=day(-150))
        self.keep()
        self.assertIn(("d1_30", "Z"), self.rates())
        grade.name = "Q"
        found = self.rates()
        self.assertIn(("d1_30", "Q"), found)
        self.assertNotIn(("d1_30", "Z"), found)

    def test_what_it_takes_does_not_grow_with_the_ledger(self):
        def statements():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rates()
            return self.env.cr.sql_log_count - before

        self.late(1000, -200)
        statements()
        few = statements()
        for number in range(8):
            self.pay_invoice(self.create_invoice(self.create_customer(f"More {number}"), 100, day(-150)), day=day(-100))
        self.assertEqual(statements(), few)

    def test_the_list_shows_it_by_age_and_grade_and_weighs_by_amount(self):
        self.pay_invoice(self.late(900, -200), day=day(-190))
        self.late(100, -200)
        self.rates()
        env = self.env(user=self.create_reader())
        rows = env["recobro.recovery.rate"].search([("company_id", "=", self.company.id), ("cohort", "=", "segment")])
        self.assertIn("no grade", rows[0].display_name)
        [(_company, rate)] = env["recobro.recovery.rate"]._read_group(
            [("id", "in", rows.ids)], ["company_id"], ["rate:avg"]
        )
        self.assertAlmostEqual(rate, sum(row.rate * row.amount for row in rows) / sum(rows.mapped("amount")), 3)

    def test_only_the_company_itself_reads_it_and_nobody_writes_it(self):
        self.late(1000, -200)
        self.rates()
        reader = self.create_reader()
        mine = self.env["recobro.recovery.rate"].with_user(reader).search([])
        self.assertEqual(mine.company_id, self.company)
        with self.assertRaises(AccessError):
            mine[0].rate = 1
        other = self.setup_other_company()["company"]
        reader.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        self.assertFalse(self.env["recobro.recovery.rate"].with_user(reader).search([]))
        portal = new_test_user(self.env, "recovery_portal", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["recobro.recovery.rate"].with_user(portal).search([])

    def create_reader(self):
        """A collector, who may read reports."""
        return self.env["res.users"].create(
            {
                "name": "Reader",
                "login": "recovery_reader",
                "group_ids": [Command.set(self.env.ref("recobro_module.group_recobro_user").ids)],
                "company_ids": [Command.set(self.company.ids)],
                "company_id": self.company.id,
            }
        )

    def test_chances_are_read_by_age(self):
        self.late(300, -200)
        self.rates()
        model = self.env["recobro.recovery.rate"].sudo()
        ages = ["not_due", "d1_30", "d31_60", "d61_90", "d90_plus"]
        domain = [("company_id", "=", self.company.id), ("cohort", "=", "bucket")]
        self.assertEqual(model.search(domain).mapped("bucket"), ages)
        self.assertEqual([bucket for (bucket,) in model._read_group(domain, ["bucket"])], ages)
        self.assertEqual(
            [bucket for bucket, _chance in model._read_group(domain, ["bucket"], ["rate:avg"], order="bucket DESC")],
            ages[::-1],
        )
        self.assertEqual(model.search([("company_id", "=", self.company.id)])[-1:].cohort, "company")
