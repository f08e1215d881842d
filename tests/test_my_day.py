"""My day: which cases need a person, in which order, how many, why, and how one is taken out of it for a while."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import worklist

from .common import MONDAY, RecobroCase, lived

COLLECTOR = "base.group_user,recobro_module.group_recobro_user"


class MyDayCase(RecobroCase):
    """Two collectors, and customers with cases of their own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.carla, cls.dario = [
            new_test_user(
                cls.env, login=f"day_{name}", groups=COLLECTOR, company_id=cls.company.id, company_ids=cls.company
            )
            for name in ("carla", "dario")
        ]
        cls.company.recobro_day_capacity = 25

    @classmethod
    def case(cls, name, overdue, **values):
        """An open case of Carla with so much overdue."""
        customer = cls.create_customer(name)
        amounts = {"amount_open": overdue, "amount_overdue": overdue, "amount_net": overdue, "amount_1_30": overdue}
        return (
            cls.env["recobro.case"]
            .sudo()
            .create(
                {"partner_id": customer.id, "company_id": cls.company.id, "user_id": cls.carla.id, "opened_on": MONDAY}
                | amounts
                | values
            )
        )

    @classmethod
    def ask(cls, case, user=None, day=MONDAY, kind="mail.mail_activity_data_todo", **values):
        """An activity on the case that is due on `day`."""
        return case.activity_schedule(kind, date_deadline=day, user_id=(user or cls.carla).id, **values)

    def seen_by(self, user, day=MONDAY):
        """The cases of the worklist, in the order in which `user` sees them on `day`."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"recobro_as_of": lived(day), "allowed_company_ids": self.company.ids}
        cases = self.env(user=user, su=False, context=context)["recobro.case"]
        return cases.search([("day_place", "in", ("today", "left_out", "aside"))], order="day_score desc")

    def names(self, cases, place="today"):
        return [case.partner_id.name for case in cases if case.day_place == place]


class TestOrder(MyDayCase):
    def test_the_case_with_the_larger_amount_comes_first(self):
        for name, amount in (("Small", 100), ("Large", 5000), ("Middle", 700)):
            self.ask(self.case(name, amount))
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Large", "Middle", "Small"])

    def test_what_is_held_is_no_reason_to_call(self):
        self.ask(self.case("Disputed", 5000, amount_held=4900))
        self.ask(self.case("Free", 700))
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Free", "Disputed"])

    def test_of_like_amounts_a_broken_promise_comes_first(self):
        self.ask(self.case("Quiet", 1000))
        self.ask(self.case("Broke its word", 1000, broken_promise_count=2))
        cases = self.seen_by(self.carla)
        self.assertEqual(self.names(cases), ["Broke its word", "Quiet"])
        self.assertIn("promises broken: 2", cases[0].day_parts)

    def test_a_case_without_an_amount_is_not_forgotten(self):
        self.ask(self.case("Nothing open", 0), summary="Ask for the order number")
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Nothing open"])

    def test_the_chance_that_is_known_of_its_age_and_grade_weighs(self):
        rates = [("d1_30", 0.98), ("d90_plus", 0.5)]
        self.env["recobro.recovery.rate"].sudo().create(
            [
                {"company_id": self.company.id, "cohort": "bucket", "bucket": bucket, "segment": "", "rate": rate}
                | {"sample": 100, "as_of": MONDAY}
                for bucket, rate in rates
            ]
        )
        self.ask(self.case("Pays anyway", 1500))
        self.ask(self.case("May go either way", 1000, amount_1_30=0, amount_90_plus=1000))
        cases = self.seen_by(self.carla)
        self.assertEqual(self.names(cases), ["May go either way", "Pays anyway"])
        self.assertIn("98 % of the like is paid", cases[1].day_parts)

    def test_the_cause_of_its_trouble_weighs_and_is_said(self):
        rates = [("none", 0.98), ("illiquidity", 0.5)]
        self.env["recobro.recovery.rate"].sudo().create(
            [
                {"company_id": self.company.id, "cohort": "cause", "bucket": "d1_30", "segment": "–", "rate": rate}
                | {"sample": 100, "as_of": MONDAY, "cause": cause}
                for cause, rate in rates
            ]
        )
        troubled = self.case("Was short of money", 1000)
        self.case("Earlier", 0, partner_id=troubled.partner_id.id, state="closed").write(
            {"closed_on": MONDAY - timedelta(days=40), "root_cause": "illiquidity"}
        )
        self.ask(self.case("Pays anyway", 1500))
        self.ask(troubled)
        cases = self.seen_by(self.carla)
        self.assertEqual(self.names(cases), ["Was short of money", "Pays anyway"])
        self.assertIn("50 % is paid by customers like it (no grade, after illiquidity)", cases[0].day_parts)
        self.assertIn("98 % of the like is paid", cases[1].day_parts)


class TestWhoseDay(MyDayCase):
    def test_what_is_due_tomorrow_is_not_in_the_day(self):
        self.ask(self.case("Tomorrow", 100), day=MONDAY + timedelta(days=1))
        self.assertFalse(self.seen_by(self.carla))

    def test_what_a_colleague_has_to_do_is_in_the_colleagues_day(self):
        self.ask(self.case("For Dario", 100), user=self.dario)
        self.assertFalse(self.seen_by(self.carla))
        self.assertEqual(self.names(self.seen_by(self.dario)), ["For Dario"])

    def test_the_team_sees_what_needs_a_colleague(self):
        case = self.ask(self.case("For Dario", 100), user=self.dario)
        cases = self.env(user=self.carla)["recobro.case"].with_context(recobro_as_of=lived(MONDAY))
        self.assertEqual(cases.search([("day_place", "=", "colleague")]).ids, [case.res_id])

    def test_a_case_of_another_company_is_not_seen(self):
        other = self.setup_other_company()["company"]
        case = self.case("Elsewhere", 100, company_id=other.id)
        self.ask(case)
        self.assertFalse(self.seen_by(self.carla))

    def test_a_plan_that_the_customer_asks_for_needs_who_has_to_answer(self):
        case = self.case("Asks for a plan", 100)
        plan = (
            self.env["recobro.payment.plan"]
            .sudo()
            .create(
                {"case_id": case.id, "partner_id": case.partner_id.id, "company_id": self.company.id, "amount": 100}
            )
        )
        plan.activity_schedule("recobro_module.activity_type_plan_asked", MONDAY, user_id=self.carla.id)
        cases = self.seen_by(self.carla)
        self.assertEqual(self.names(cases), ["Asks for a plan"])
        self.assertEqual(cases.day_why, "The customer asks for a payment plan.")
        self.assertEqual(cases.day_next, "Propose a plan, or say why not.")

    def test_it_says_why_and_what_to_do_next(self):
        case = self.case("Broke it", 100)
        self.ask(case, kind="recobro_module.activity_type_promise", day=MONDAY - timedelta(days=3))
        cases = self.seen_by(self.carla)
        self.assertEqual(cases.day_why, "A promise to pay was not kept. Waiting for 3 days.")
        self.assertEqual(cases.day_next, "Call and agree on a new day, or on a payment plan.")


class TestCapacity(MyDayCase):
    def setUp(self):
        super().setUp()
        self.cases = [self.case(f"Buyer {number}", 1000 * number) for number in range(1, 6)]
        for case in self.cases:
            self.ask(case)
        self.carla.recobro_day_capacity = 3

    def day_of(self, user):
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": self.company.ids}
        self.env.flush_all()
        return self.env(user=user, su=False, context=context)["recobro.case"].get_my_day()

    def test_the_day_is_cut_to_what_one_can_do_and_the_rest_can_be_seen(self):
        cases = self.seen_by(self.carla)
        self.assertEqual(self.names(cases), ["Buyer 5", "Buyer 4", "Buyer 3"])
        self.assertEqual(self.names(cases, "left_out"), ["Buyer 2", "Buyer 1"])
        self.assertEqual(cases.mapped("day_rank"), [1, 2, 3, 0, 0])
        day = self.day_of(self.carla)
        self.assertEqual((day["today"], day["left_out"], day["capacity"]), (3, 2, 3))

    def test_who_has_no_number_of_its_own_has_the_companys(self):
        self.carla.recobro_day_capacity = 0
        self.company.recobro_day_capacity = 4
        self.assertEqual(len(self.names(self.seen_by(self.carla))), 4)

    def test_what_was_done_today_does_not_bring_in_another_one(self):
        case = self.cases[-1]
        self.env["recobro.interaction"].with_user(self.carla)._log(
            [
                {"company_id": self.company.id, "partner_id": case.partner_id.id, "case_id": case.id}
                | {
                    "channel": "call",
                    "direction": "out",
                    "result": "answered",
                    "date": fields.Datetime.to_datetime(MONDAY),
                }
            ]
        )
        case.activity_ids.unlink()
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Buyer 4", "Buyer 3"])
        self.assertEqual(self.day_of(self.carla)["done"], 1)

    def test_the_next_case_is_the_one_after_this_and_then_the_first_that_is_left(self):
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": self.company.ids}
        self.env.flush_all()

        def after(case):
            action = case.with_env(self.env(user=self.carla, su=False, context=context)).action_next_case()
            return action["params"]["action"]["res_id"]

        third, fourth, fifth = self.cases[2:]
        self.assertEqual([after(case) for case in (fifth, fourth, third)], [fourth.id, third.id, fifth.id])
        (fourth | third).activity_ids.unlink()
        self.carla.recobro_day_capacity = 1
        action = fifth.with_env(self.env(user=self.carla, su=False, context=context)).action_next_case()
        self.assertEqual(action["params"]["message"], "That was the last one of your day.")

    def test_the_worklist_takes_as_many_statements_for_five_cases_as_for_one(self):
        def statements(count):
            self.env.flush_all()
            self.env.invalidate_all()
            cases = self.env["recobro.case"].browse([case.id for case in self.cases[:count]])
            before = self.env.cr.sql_log_count
            cases.mapped("day_why")
            return self.env.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(5), statements(1))

    def test_a_list_works_the_day_out_once_and_the_next_list_anew(self):
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": self.company.ids}
        cases = self.env(user=self.carla, su=False, context=context)["recobro.case"]

        def listed():
            self.env.flush_all()
            self.env.invalidate_all()
            found = cases.web_search_read(
                [("day_place", "in", ("today", "left_out"))],
                {"day_rank": {}, "day_why": {}, "day_next": {}},
                limit=3,
                order="day_score desc, id",
            )
            return [row["id"] for row in found["records"]]

        with patch.object(worklist, "_needs", wraps=worklist._needs) as worked_out:
            first = listed()
            self.assertEqual((worked_out.call_count, len(first)), (1, 3))
            cases.browse(first[0]).sudo().activity_ids.unlink()
            self.assertNotIn(first[0], listed())
            self.assertEqual(worked_out.call_count, 2)
        sent = cases.with_context(recobro_day={"found": {}}).browse(first[1])
        self.assertEqual(sent.day_place, "today", "what a client sends under its name is nothing")


class TestSetAside(MyDayCase):
    def setUp(self):
        super().setUp()
        self.theirs = self.case("Set aside", 1000)
        self.ask(self.theirs)

    def set_aside(self, until, user=None, reason="Back on Thursday"):
        case = self.theirs.with_user(user or self.carla)
        case = case.with_context(recobro_as_of=lived(MONDAY))
        action = case.action_snooze()
        wizard = case.env[action["res_model"]].with_context(**action["context"])
        wizard = wizard.create({"case_id": case.id, "date_until": until, "reason": reason})
        wizard.action_snooze()

    def test_it_leaves_the_day_and_is_back_by_itself_on_its_day(self):
        until = MONDAY + timedelta(days=3)
        self.set_aside(until)
        self.assertEqual(self.names(self.seen_by(self.carla), "aside"), ["Set aside"])
        self.assertEqual(self.names(self.seen_by(self.carla, until - timedelta(days=1)), "aside"), ["Set aside"])
        self.assertEqual(self.names(self.seen_by(self.carla, until)), ["Set aside"])

    def test_it_is_in_the_log_with_its_reason(self):
        self.set_aside(MONDAY + timedelta(days=3))
        line = self.theirs.interaction_ids
        self.assertEqual((line.channel, line.result, line.user_id), ("note", "noted", self.carla))
        self.assertIn("Back on Thursday", line.summary)

    def test_messages_go_on_for_it_is_no_hold(self):
        self.set_aside(MONDAY + timedelta(days=3))
        self.assertFalse(self.env["recobro.hold"].search([("partner_id", "=", self.theirs.partner_id.id)]))

    def test_an_answer_brings_it_back_before_its_day(self):
        self.set_aside(MONDAY + timedelta(days=3))
        self.env["recobro.interaction"]._log(
            [
                {"company_id": self.company.id, "partner_id": self.theirs.partner_id.id, "case_id": self.theirs.id}
                | {"channel": "email", "direction": "in", "result": "replied"}
                | {"date": fields.Datetime.now() + timedelta(minutes=1)}
            ]
        )
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Set aside"])

    def test_it_can_be_taken_back_at_once(self):
        self.set_aside(MONDAY + timedelta(days=3))
        self.theirs.with_user(self.carla).action_unsnooze()
        self.assertEqual(self.names(self.seen_by(self.carla)), ["Set aside"])

    def test_a_day_that_is_not_later_is_refused(self):
        with self.assertRaisesRegex(UserError, "choose a later day"):
            self.set_aside(MONDAY)

    def test_an_accountant_may_not_set_a_case_aside(self):
        accountant = new_test_user(
            self.env,
            login="day_accountant",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=self.company,
        )
        with self.assertRaises(AccessError):
            self.set_aside(MONDAY + timedelta(days=3), user=accountant)
        with self.assertRaises(AccessError):
            self.theirs.with_user(accountant).action_unsnooze()
