"""The grade of a customer: by limits a manager reads and changes, with its reason; policies and lists choose by it."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.figures import customer_figures
from odoo.addons.recobro_module.engine.figures.customer_figures import make_ready
from odoo.addons.recobro_module.tools.grades import first_kept

from .common import MONDAY
from .test_customer_figures import VECTOR, FigureCase, day


class GradeCase(FigureCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        grades = ("a", "b", "c", "d")
        cls.a, cls.b, cls.c, cls.d = (cls.env.ref(f"recobro_module.grade_{letter}") for letter in grades)
        cls.punctual, cls.slow, cls.new = (cls.create_customer(name) for name in ("Punctual", "Slow", "New"))

        cls.pays(cls.punctual, (100, 0), (100, -3), (100, 1))
        cls.pays(cls.slow, *VECTOR)
        cls.pays(cls.new, (100, 0), (100, 0))
        cls.keep()


class TestGrades(GradeCase):
    def test_a_customer_has_the_first_grade_whose_limits_it_keeps(self):
        grades = [self.figure_of(customer).grade_id for customer in (self.punctual, self.slow, self.new)]
        self.assertEqual(grades, [self.b, self.c, self.env["recobro.grade"]])

    def test_the_grade_in_the_database_is_the_one_of_the_rule_in_words(self):
        grades = [
            (grade, [(limit.figure, limit.value) for limit in grade.limit_ids]) for grade in self.a | self.b | self.c
        ]
        for customer in (self.punctual, self.slow):
            figure = self.figure_of(customer)
            values = {"days_late": figure.days_late, "on_time": figure.on_time, "broken_promises": 0}
            self.assertEqual(first_kept(grades, values), figure.grade_id)

    def test_the_reason_says_what_keeps_it_from_the_grade_above(self):
        reason = self.figure_of(self.slow).grade_reason
        self.assertIn("Not B", reason)
        self.assertIn("Average days late: 22.7, at most 15", reason)

    def test_the_reason_of_the_best_grade_says_what_it_keeps(self):
        self.a.limit_ids.filtered(lambda limit: limit.figure == "on_time").value = 60
        figure = self.figure_of(self.punctual)
        self.assertEqual(figure.grade_id, self.a)
        self.assertIn("Average days late: -0.7, at most 3", figure.grade_reason)
        self.assertIn("Credit limit used (%): none, at most 100", figure.grade_reason)

    def test_with_fewer_than_three_paid_invoices_there_is_none_and_that_is_said(self):
        self.assertIn("2 of the 3 paid invoices", self.figure_of(self.new).grade_reason)

    def test_a_limit_that_a_manager_changes_counts_at_once_on_cases_too(self):
        self.create_invoice(self.slow, 100, day(-5))
        self.run_day(MONDAY)
        self.assertEqual(self.case_of(self.slow).grade_id, self.c)
        self.b.limit_ids.filtered(lambda limit: limit.figure == "days_late").value = 30
        self.assertEqual(self.figure_of(self.slow).grade_id, self.b)
        self.assertEqual(self.case_of(self.slow).grade_id, self.b)

    def test_a_grade_that_is_archived_or_deleted_is_nobodys(self):
        self.b.active = False
        self.assertEqual(self.figure_of(self.punctual).grade_id, self.c)
        self.c.unlink()
        self.assertEqual(self.figure_of(self.punctual).grade_id, self.d)

    def test_a_grade_of_another_company_is_not_given(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["recobro.grade"].create({"name": "X", "sequence": 1, "company_id": other.id})
        self.assertEqual(self.figure_of(self.punctual).grade_id, self.b)

    def test_who_has_used_up_the_credit_limit_is_not_an_a(self):
        self.a.limit_ids.filtered(lambda limit: limit.figure == "on_time").value = 60
        self.company.account_use_credit_limit = True
        self.punctual.with_company(self.company).credit_limit = 100
        self.create_invoice(self.punctual, 150, day(5))
        self.keep()
        figure = self.figure_of(self.punctual)
        figure.invalidate_recordset()
        self.assertEqual(figure.grade_id, self.b)
        self.assertIn("Credit limit used (%): 150, at most 100", figure.grade_reason)

    def test_a_grade_reads_as_its_limits(self):
        self.assertIn("Average days late at most 15", self.b.limits_text)
        self.assertIn("Paid on time (%) at least 80", self.a.limits_text)
        self.assertEqual(self.d.limits_text, "No limit: everybody else")
        self.assertGreaterEqual(self.c.with_company(self.company).customer_count, 1)

    def test_a_limit_that_makes_no_sense_is_refused_with_what_to_do(self):
        limit = self.a.limit_ids.filtered(lambda limit: limit.figure == "on_time")
        with self.assertRaisesRegex(ValidationError, "never above 100"):
            limit.value = 120
        with self.assertRaisesRegex(ValidationError, "never below zero"):
            limit.value = -1
        self.b.limit_ids.filtered(lambda limit: limit.figure == "days_late").value = -1
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env["recobro.grade.limit"].create({"grade_id": self.a.id, "figure": "on_time", "value": 1})

    def test_only_managers_change_grades_and_nobody_changes_figures(self):
        collector = self._user("recobro_module.group_recobro_user")
        with self.assertRaises(AccessError):
            self.b.with_user(collector).name = "BB"
        with self.assertRaises(AccessError):
            self.b.limit_ids[0].with_user(collector).value = 99
        figure = self.figure_of(self.slow)
        self.assertTrue(figure.with_user(collector).grade_reason)
        with self.assertRaises(AccessError):
            figure.with_user(collector).days_late = 0
        with self.assertRaises(AccessError):
            figure.with_user(self.env.user).days_late = 0

    def test_the_figures_of_another_company_are_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._user("recobro_module.group_recobro_user", company=other)
        found = self.env["recobro.customer.figure"].with_user(stranger).search([])
        self.assertNotIn(self.company, found.company_id)

    def _user(self, group, company=None):
        company = company or self.company
        values = {"name": "User", "login": f"user of {group}", "company_id": company.id, "company_ids": company.ids}
        return self.env["res.users"].create({**values, "group_ids": [(4, self.env.ref(group).id)]})


class TestWhoChoosesByIt(GradeCase):
    def find(self, *domain):
        """Which of the three customers a search finds."""
        three = self.punctual | self.slow | self.new
        return self.env["res.partner"].with_company(self.company).search([("id", "in", three.ids), *domain])

    def test_customers_are_found_by_their_figures(self):
        self.assertEqual(self.find(("recobro_days_late", ">", 10)), self.slow)
        self.assertEqual(self.find(("recobro_days_late", "<=", 10)), self.punctual | self.new)
        self.assertEqual(self.find(("recobro_on_time", ">=", 90)), self.new)
        self.assertEqual(self.find(("recobro_months", ">=", 4), ("recobro_days_late", "=", 22.7)), self.slow)
        self.assertEqual(self.find(("recobro_broken_promises", "=", 0)), self.punctual | self.slow | self.new)
        self.assertFalse(self.find(("recobro_exposure_ratio", ">", 0)))

    def test_customers_are_found_by_their_grade(self):
        self.assertEqual(self.find(("recobro_grade_id", "=", self.c.id)), self.slow)
        self.assertEqual(self.find(("recobro_grade_id", "in", [self.b.id, self.c.id])), self.punctual | self.slow)
        self.assertEqual(self.find(("recobro_grade_id", "=", False)), self.new)
        self.assertEqual(self.find(("recobro_grade_id", "!=", False)), self.punctual | self.slow)
        self.assertEqual(self.find(("recobro_grade_id", "not in", [self.c.id])), self.punctual | self.new)
        self.assertEqual(self.find(("recobro_grade_id", "ilike", "C")), self.slow)
        self.assertEqual(self.find(("recobro_grade_id.name", "=", "C")), self.slow)

    def test_who_has_no_value_is_found_by_no_comparison(self):
        self.create_invoice(self.create_customer("Fresh"), 100, day(5))
        self.keep()
        fresh = self.env["res.partner"].search([("name", "=", "Fresh")])
        for operator in ("<=", ">="):
            found = self.env["res.partner"].search([("id", "=", fresh.id), ("recobro_days_late", operator, 0)])
            self.assertFalse(found)

    def test_invoices_are_found_by_how_their_customer_pays(self):
        invoice = self.create_invoice(self.slow, 10, day(5))
        other = self.create_invoice(self.punctual, 10, day(5))
        moves = self.env["account.move"].with_company(self.company)
        both = [("id", "in", (invoice | other).ids)]
        self.assertEqual(moves.search([*both, ("commercial_partner_id.recobro_days_late", ">", 10)]), invoice)
        self.assertEqual(moves.search([*both, ("commercial_partner_id.recobro_grade_id", "ilike", "C")]), invoice)

    def test_a_contact_shows_the_figures_of_its_company(self):
        contact = self.create_contact(self.slow, "Office").with_company(self.company)
        self.assertEqual((contact.recobro_grade_id, contact.recobro_days_late), (self.c, 22.7))
        self.assertIn("Not B", contact.recobro_grade_reason)

    def test_in_another_company_the_customer_is_another(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += other
        elsewhere = self.slow.with_company(other)
        self.assertFalse(elsewhere.recobro_grade_id)
        self.assertFalse(elsewhere.search([("id", "=", self.slow.id), ("recobro_days_late", ">", 10)]))

    def test_a_salesperson_sees_and_finds_the_figures_of_own_customers_alone(self):
        values = {"name": "Sales", "login": "sales of figures", "company_id": self.company.id}
        values |= {"company_ids": self.company.ids, "group_ids": [(6, 0, [self.env.ref("base.group_user").id])]}
        seller = self.env["res.users"].create(values)
        self.slow.user_id = seller
        theirs, others = (customer.with_user(seller) for customer in (self.slow, self.punctual))
        self.assertEqual((theirs.recobro_days_late, theirs.recobro_grade_id.name), (22.7, "C"))
        self.assertFalse(others.recobro_grade_id or others.recobro_days_late)
        found = theirs.search([("id", "in", (self.slow | self.punctual).ids), ("recobro_months", ">", 0)])
        self.assertEqual(found, self.slow)

    def test_the_portal_user_reads_nothing_of_it(self):
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal of figures",
                "partner_id": self.slow.id,
                "group_ids": [(6, 0, [self.env.ref("base.group_portal").id])],
            }
        )
        with self.assertRaises(AccessError):
            self.slow.with_user(portal).recobro_grade_id  # noqa: B018
        for model in ("recobro.customer.figure", "recobro.grade", "recobro.leaflet"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(portal).search([])

    def test_a_policy_takes_the_customers_of_a_grade_and_leaves_the_others_to_the_next(self):
        for customer in (self.punctual, self.slow):
            self.create_invoice(customer, 100, day(-5))
        gentle = self.policy.copy({"name": "Gentle", "sequence": 0, "company_id": self.company.id})
        gentle.domain = f"[('recobro_grade_id', 'in', {self.b.ids})]"
        gentle.sudo().is_on = True
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(self.punctual).policy_id, gentle)
        self.assertEqual(self.messages_to(self.slow).policy_id, self.policy)

    def test_a_policy_by_figures_works_before_any_run_has_kept_them(self):
        self.create_invoice(self.slow, 100, day(-5))
        self.env.cr.execute("DELETE FROM recobro_customer_figure")
        self.env.invalidate_all()
        self.policy.domain = "[('recobro_days_late', '>', 10)]"
        dialog = self.env["recobro.policy.simulate"].create(
            {"policy_id": self.policy.id, "company_id": self.company.id, "day": MONDAY}
        )
        self.assertEqual(dialog.message_count, 1)

    def test_where_no_policy_asks_for_figures_nothing_is_asked_of_the_database(self):
        policies = self.env["recobro.policy"]._in_force(self.company)
        policies.mapped("domain")
        with self.assertQueryCount(0):
            make_ready(self.env, self.company, MONDAY, policies)

    def test_the_form_of_a_customer_shows_why(self):
        view = self.env["res.partner"].get_view(self.env.ref("base.view_partner_form").id, "form")
        self.assertIn("recobro_grade_reason", view["arch"])

    def test_a_case_shows_how_its_customer_pays(self):
        self.create_invoice(self.slow, 100, day(-5))
        self.run_day(MONDAY)
        case = self.case_of(self.slow)
        self.assertEqual(case.grade_id, self.c)
        self.assertAlmostEqual(case.days_late, self.figure_of(self.slow).days_late)
        self.assertIn("Not B", case.grade_reason)

    def test_all_companies_are_worked_out_at_once_when_the_addon_comes(self):
        self.env.cr.execute("DELETE FROM recobro_customer_figure")
        customer_figures.keep_all(self.env)
        self.env.invalidate_all()
        self.assertTrue(self.figure_of(self.slow))
