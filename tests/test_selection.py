"""Whom a level selects: by amount, grade and chance of recovery; who is not selected stays, and its owner decides."""

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form
from odoo.tools import SQL

from odoo.addons.recobro_module.engine import planning

from .common import MONDAY
from .test_placement_rises import RiseCase
from .test_promises import day


class SelectionCase(RiseCase):
    """The hand-over to the agency after ten days: only from 1,000 on; the customer owes 1,500."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.select_amount = 1000
        cls.grade = cls.env["recobro.grade"].create({"name": "Z", "company_id": cls.company.id, "sequence": 90})
        cls.better = cls.env["recobro.grade"].create({"name": "Y", "company_id": cls.company.id, "sequence": 91})

    def graded(self, grade, customer=None):
        """Give the customer a grade, whatever its figures say."""
        self.env["recobro.customer.figure"].sudo().search(
            [("partner_id", "=", (customer or self.customer).id)]
        ).unlink()
        return (
            self.env["recobro.customer.figure"]
            .sudo()
            .create({"company_id": self.company.id, "partner_id": (customer or self.customer).id, "grade_id": grade.id})
        )

    def recovers(self, rate, bucket="all", segment="", cohort="company", cause=False):
        """Let the chance of a cohort be so much, as it was worked out on the Monday."""
        return (
            self.env["recobro.recovery.rate"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "cohort": cohort,
                    "bucket": bucket,
                    "segment": segment,
                    "cause": cause,
                    "rate": rate,
                    "sample": 40,
                    "as_of": MONDAY,
                }
            )
        )

    def told(self):
        """What the owner of the case is asked because it is not selected."""
        return self.case.activity_search(["recobro_module.activity_type_not_selected"])

    def statements(self):
        """How many statements planning the Monday takes."""
        env = self.env_on(MONDAY)
        env.invalidate_all()
        before = env.cr.sql_log_count
        planning.plan(env, self.company, MONDAY)
        return env.cr.sql_log_count - before


class TestRule(SelectionCase):
    def test_a_rule_reads_as_a_sentence(self):
        self.level.write({"select_grade_ids": [Command.set((self.grade | self.better).ids)], "select_probability": 0.2})
        words = self.level.select_words.replace("\N{NO-BREAK SPACE}", " ")
        for part in ("$ 1,000", "Z or Y", "20 %"):
            self.assertIn(part, words)
        self.level.write({"select_amount": 0, "select_grade_ids": [Command.clear()], "select_probability": 0})
        self.assertFalse(self.level.select_words)

    def test_a_grade_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        foreign = self.env["recobro.grade"].create({"name": "X", "company_id": other.id})
        with self.assertRaisesRegex(ValidationError, "only: choose grades"):
            self.level.select_grade_ids = foreign

    def test_the_rules_go_with_a_copied_policy(self):
        self.level.select_grade_ids = self.grade
        copied = self.policy.copy().level_ids.filtered("select_amount")
        self.assertEqual((copied.select_amount, copied.select_grade_ids), (1000, self.grade))

    def test_where_no_level_selects_nothing_is_asked_of_the_database(self):
        self.level.select_amount = 0
        self.statements()
        none = self.statements()
        self.level.select_amount = 1000
        some = self.statements()
        self.level.write({"select_probability": 0.2, "select_grade_ids": [Command.set(self.grade.ids)]})
        self.statements()  # the first time there is nothing to go by yet
        all_of_it = self.statements()
        self.assertEqual(some - none, 4)
        self.assertLessEqual(all_of_it - some, 4)
        for number in range(3):
            self.create_invoice(self.create_customer(f"More {number}"), 2000, day(-30))
        self.statements()
        self.assertEqual(self.statements(), all_of_it)


class TestSelected(SelectionCase):
    def test_who_passes_is_proposed_and_it_is_kept_by_what(self):
        [action] = self.proposed()
        self.assertIn("1,500", action.selection)
        self.assertIn("at least", action.selection)
        self.assertFalse(self.told())
        self.assertIn("Selected", str(self.seen_by(self.manager, action).decision))

    def test_who_is_too_small_stays_and_the_owner_is_told_once(self):
        self.level.select_amount = 2000
        self.assertFalse(self.proposed())
        [activity] = self.told()
        for words in ("Not selected", "1,500", "2,000", "decide how the case ends"):
            self.assertIn(words, activity.note)
        left_out = self.env["recobro.action"].search([("partner_id", "=", self.customer.id), ("state", "=", "skipped")])
        self.assertEqual(left_out.reason, "not_selected")
        self.assertIn("Not selected", left_out.selection)
        activity.unlink()
        self.run_days(day(1), day(4))
        self.assertFalse(self.told())
        self.assertEqual(self.reasons_of(self.customer), ["not_selected"])
        self.assertEqual((self.case.next_wait, self.case.next_action_date), ("not_selected", False))

    def test_what_is_disputed_does_not_count_towards_the_amount(self):
        self.dispute(self.overdue, 600)
        self.assertFalse(self.proposed())
        self.assertIn("900", self.told().note)

    def test_grown_large_enough_it_is_proposed_and_the_request_goes(self):
        self.level.select_amount = 2000
        self.proposed()
        self.create_invoice(self.customer, 700, day(-9), day(-40))
        self.refresh(self.customer, MONDAY)
        self.assertTrue(self.proposed(day(1)))
        self.assertFalse(self.told())
        self.assertFalse(self.case.not_selected_level_id)

    def test_a_level_asks_for_grades(self):
        self.level.select_grade_ids = self.grade
        self.graded(self.better)
        self.assertFalse(self.proposed())
        self.assertIn("grade Y (Z)", self.told().note)
        self.graded(self.grade)
        self.assertTrue(self.proposed(day(1)))

    def test_who_has_no_grade_is_of_none(self):
        self.level.select_grade_ids = self.grade
        self.assertFalse(self.proposed())
        self.assertIn("no grade yet (Z)", self.told().note)

    def test_the_chance_is_weighted_by_amount(self):
        # 1,000 less than sixty days late and 500 more than sixty
        self.level.write({"select_amount": 0, "select_probability": 0.5})
        self.recovers(0.6, "d1_30", cohort="bucket")
        self.recovers(0.3, "d61_90", cohort="bucket")
        self.recovers(0.9)
        [action] = self.proposed()
        self.assertEqual(action.selection_facts["chance"], 0.5)
        self.assertIn("50 % (at least 50 %)", action.selection)

    def troubled(self, cause, customer=None):
        """The last case of the customer that was closed had this cause."""
        values = {"partner_id": (customer or self.customer).id, "company_id": self.company.id, "state": "closed"}
        self.env["recobro.case"].sudo().create(
            {**values, "opened_on": day(-90), "closed_on": day(-5), "root_cause": cause}
        )

    def recovers_after(self, rate, cause, grade="–"):
        """Let the chance of what is overdue be so much after a cause."""
        for bucket in ("d1_30", "d31_60", "d61_90"):
            self.recovers(rate, bucket, grade, "cause", cause)

    def test_the_chance_is_that_of_customers_with_its_grade_and_cause(self):
        self.level.write({"select_amount": 0, "select_probability": 0.5})
        self.recovers(0.9)
        self.recovers_after(0.9, "none", self.grade.name)
        self.recovers_after(0.3, "dispute", self.grade.name)
        self.graded(self.grade)
        self.troubled("dispute")
        self.assertFalse(self.proposed())
        self.assertIn("of customers like it (grade Z, after a dispute) 30 % (at least 50 %)", self.told().note)

    def test_who_never_had_trouble_is_judged_by_those_who_had_none(self):
        self.level.write({"select_amount": 0, "select_probability": 0.5})
        self.recovers(0.1)
        self.recovers_after(0.3, "dispute", self.grade.name)
        self.recovers_after(0.7, "none", self.grade.name)
        self.graded(self.grade)
        [action] = self.proposed()
        self.assertEqual((action.selection_facts["cause"], action.selection_facts["like"]), (None, 1))
        self.assertIn("like it (grade Z) 70 % (at least 50 %)", action.selection)

    def test_where_nothing_is_known_of_the_like_nobody_is_said_to_be_like_it(self):
        self.level.write({"select_amount": 0, "select_probability": 0.5})
        self.recovers(0.6)
        self.graded(self.grade)
        self.troubled("dispute")
        [action] = self.proposed()
        self.assertIn("chance of recovery 60 % (at least 50 %)", action.selection)

    def test_causes_take_as_many_statements_whatever_the_number_of_customers(self):
        self.level.select_probability = 0.2
        self.recovers(0.5)
        self.troubled("dispute")
        self.statements()
        one = self.statements()
        for number in range(3):
            customer = self.create_customer(f"More {number}")
            self.create_invoice(customer, 2000, day(-30))
            self.troubled("illiquidity", customer)
        self.statements()
        self.assertEqual(self.statements(), one)

    def test_too_small_a_chance_keeps_it_here(self):
        self.level.select_probability = 0.5
        self.recovers(0.4)
        self.assertFalse(self.proposed())
        self.assertIn("40 % (at least 50 %)", self.told().note)
        self.assertNotIn("1,500", self.told().note, "only what is missing is said")

    def test_a_chance_that_nobody_knows_keeps_nobody_out(self):
        self.level.select_probability = 0.5
        self.recovers(0)
        self.env.cr.execute("UPDATE recobro_recovery_rate SET rate = NULL")
        [action] = self.proposed()
        self.assertIn("not known yet", action.selection)

    def test_the_simulation_says_why(self):
        small = self.create_customer("Small")
        self.create_invoice(small, 420, day(-20))
        env = self.env_on(MONDAY)
        result = env["recobro.policy.simulate"].create({"policy_id": self.policy.id, "company_id": self.company.id})
        text = str(result.result).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Selected: $ 1,500", text)
        self.assertIn("Not selected: $ 420 (at least $ 1,000)", text)

    def simulated(self, when):
        """What the dialog shows of a day."""
        env = self.env_on(MONDAY)
        dialog = {"policy_id": self.policy.id, "company_id": self.company.id, "day": when}
        return str(env["recobro.policy.simulate"].create(dialog).result)

    def kept(self):
        """All rates and figures that are kept of the company."""
        self.env.flush_all()
        found = []
        for table in ("recobro_recovery_rate", "recobro_customer_figure"):
            rows = SQL("SELECT * FROM %s WHERE company_id = %s ORDER BY id", SQL.identifier(table), self.company.id)
            found.append(self.env.execute_query(rows))
        return found

    def test_the_simulation_of_another_day_changes_nothing_by_which_customers_are_selected(self):
        self.level.write({"select_amount": 0, "select_probability": 0.5})
        self.recovers(0.4)
        self.graded(self.grade)
        before = self.kept()
        self.assertTrue(self.simulated(day(-400)))
        self.assertEqual(self.kept(), before)
        self.assertFalse(self.proposed())
        self.assertIn("40 % (at least 50 %)", self.told().note)

    def test_where_nothing_is_kept_yet_the_simulation_keeps_nothing_either(self):
        self.level.write({"select_amount": 0, "select_probability": 0.5, "select_grade_ids": self.grade.ids})
        self.env.cr.execute("DELETE FROM recobro_recovery_rate")
        self.env.cr.execute("DELETE FROM recobro_customer_figure")
        self.env.invalidate_all()
        self.assertIn("no grade yet (Z)", self.simulated(MONDAY))
        self.assertEqual(self.kept(), [[], []])

    def test_what_was_typed_is_still_there_after_a_simulation(self):
        self.level.select_probability = 0.5
        self.customer.ref = "Typed and not saved yet"
        self.simulated(MONDAY)
        self.assertEqual(self.customer.ref, "Typed and not saved yet")
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.ref, "Typed and not saved yet")

    def test_who_hands_over_by_hand_sees_the_rule_and_may_set_it_aside(self):
        self.level.select_amount = 2000
        env = self.as_user(self.manager)
        dialog = Form(env["recobro.placement.place"].with_context(default_case_id=self.case.id))
        dialog.agency_id = self.agency
        self.assertIn("Not selected", dialog.selection)
        placed = dialog.save().action_place()
        self.assertEqual(placed["res_model"], "recobro.placement")

    def test_who_reads_spanish_sees_three_conditions_that_do_not_hold(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.level.write({"select_amount": 2000, "select_probability": 0.5, "select_grade_ids": self.better.ids})
        self.recovers(0.4)
        env = self.as_user(self.manager)
        env = env(context={**env.context, "lang": "es_ES"})
        dialog = Form(env["recobro.placement.place"].with_context(default_case_id=self.case.id))
        dialog.agency_id = self.agency
        for words in ("2.000", "(Y)", "40 % ("):
            self.assertIn(words, dialog.selection)

    def test_a_rule_that_does_not_hold_any_more_warns_who_decides(self):
        [action] = self.proposed()
        self.pay(800, MONDAY, self.overdue)
        seen = str(self.seen_by(self.manager, action).decision)
        self.assertIn("Not selected", seen)
        self.assertIn("Selected", action.selection)
