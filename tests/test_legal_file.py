"""The legal file of a case that is with a lawyer: deadlines on somebody's list, costs in the result, and an outcome."""

from datetime import date, timedelta
from pathlib import Path

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.modules.migration import load_script
from odoo.tests import new_test_user
from odoo.tools import mute_logger

import odoo.addons.recobro_module as addon
from odoo.addons.recobro_module.engine.placements import legal_file, placing

from .common import MONDAY
from .frames import rights
from .placement_case import PlacementCase
from .test_promises import day

_UPGRADE = Path(addon.__file__).parent / "migrations" / "19.0.1.6.0" / "post-milestone-codes.py"


class LegalCase(PlacementCase):
    """A case that is with a lawyer, before the court by an order for payment."""

    def setUp(self):
        super().setUp()
        self.file = self.place(agency=self.lawyer)

    def plan(self, procedure="payment_order", user=None, when=MONDAY):
        """The usual milestones of a procedure, planned by a person."""
        self.file.procedure = procedure
        self.seen_by(user or self.collector, self.file, when).action_plan_milestones()
        self.env.invalidate_all()
        return self.file.milestone_ids

    def add(self, name, deadline, user=None, **values):
        """A milestone that a person adds."""
        env = self.as_user(user or self.collector)
        values = {"placement_id": self.file.id, "name": name, "deadline": deadline, **values}
        return env["recobro.legal.milestone"].create(values).with_env(self.env)

    def done(self, milestone, when, user=None, **values):
        """A milestone done on a day."""
        self.seen_by(user or self.collector, milestone, when).write({"done_on": when, **values})
        self.env.invalidate_all()

    def asked(self, milestones=None):
        """{milestone: (who has it on their list, by when)}, for those that are on one."""
        waiting = (milestones or self.file.milestone_ids).filtered(lambda one: one.sudo().activity_id.active)
        return {one.name: (one.sudo().activity_id.user_id, one.sudo().activity_id.date_deadline) for one in waiting}

    def said(self):
        """What the log of the case says, oldest first."""
        return self.case.interaction_ids.sorted("id").mapped("summary")

    def decide(self, outcome, user=None, when=MONDAY, **values):
        """The outcome of the file, recorded in its dialog."""
        env = self.as_user(user or self.manager, when)
        env["recobro.legal.outcome"].create(
            {"placement_id": self.file.id, "outcome": outcome, "day": when, **values}
        ).action_record()
        self.env.invalidate_all()


class TestMilestones(LegalCase):
    def test_the_usual_milestones_of_a_procedure_are_planned_with_their_days(self):
        milestones = self.plan()
        self.assertEqual(
            [(one.name, one.deadline) for one in milestones],
            [
                ("Claim filed", MONDAY + timedelta(days=15)),
                ("Claim admitted", MONDAY + timedelta(days=60)),
                ("Order served on the customer", MONDAY + timedelta(days=90)),
                # 20 working days after Sunday, May the 31st, and 20 more
                ("Payment or opposition due", date(2026, 6, 26)),
                ("Enforcement asked for", date(2026, 7, 24)),
            ],
        )
        self.assertEqual(self.file.claimed_amount, 1500)
        self.assertEqual(self.file.legal_deadline, MONDAY + timedelta(days=15))
        self.assertEqual(milestones.user_id, self.manager, "who answers for the lawyer")
        with self.assertRaisesRegex(UserError, "in the file already"):
            self.plan()

    def test_each_procedure_has_its_own(self):
        counts = {}
        for procedure in ("payment_order", "ordinary", "exchange", "other"):
            self.file.milestone_ids.unlink()
            counts[procedure] = len(self.plan(procedure))
        self.assertEqual(counts, {"payment_order": 5, "ordinary": 7, "exchange": 4, "other": 2})

    def test_a_usual_one_is_known_whatever_it_is_called_and_in_every_language(self):
        milestones = self.plan()
        self.seen_by(self.manager, milestones[0]).name = "Demanda presentada"
        with self.assertRaisesRegex(UserError, "in the file already"):
            self.plan()
        later = self.plan("ordinary")
        self.assertEqual(len(later.filtered(lambda one: one.code == "filed")), 1)
        self.assertEqual(
            set(later.mapped("code")) - set(milestones.mapped("code")),
            {
                "answer_due",
                "hearing",
                "trial",
                "judgment",
            },
        )
        with self.assertRaises(AccessError):
            self.seen_by(self.manager, milestones[0]).code = "trial"

    def test_the_update_gives_those_of_before_their_code_whatever_language_they_were_planned_in(self):
        self.env["res.lang"]._activate_lang("es_ES")
        spanish = self.plan().with_context(lang="es_ES")
        codes = spanish.mapped("code")
        for milestone, usual in zip(spanish[:3], legal_file.usual(spanish.env, "payment_order"), strict=False):
            milestone.sudo().name = usual[1]
        again = self.add("Claim admitted", day(3))
        self.env.flush_all()
        self.env.cr.execute("UPDATE recobro_legal_milestone SET code = NULL")
        self.env.invalidate_all()
        load_script(str(_UPGRADE), "post-milestone-codes").migrate(self.env.cr, "19.0.1.5.0")
        self.env.invalidate_all()
        self.assertEqual(spanish.mapped("code"), codes)
        self.assertFalse(again.code, "each once in a file")
        with self.assertRaisesRegex(UserError, "in the file already"):
            self.plan()

    def test_one_that_a_person_adds_is_never_taken_for_a_usual_one(self):
        self.add("Claim filed", day(3))
        self.assertEqual(self.plan().filtered("code").mapped("name")[0], "Claim filed")

    def test_without_a_procedure_there_is_nothing_to_plan(self):
        with self.assertRaisesRegex(UserError, "Choose the procedure first"):
            self.seen_by(self.collector, self.file).action_plan_milestones()

    def test_an_open_one_is_once_on_the_list_of_who_is_responsible(self):
        hearing = self.add("Hearing", day(30), user_id=self.collector.id)
        self.assertEqual(self.asked(), {"Hearing": (self.collector, day(30))})
        activity = hearing.sudo().activity_id
        self.assertEqual((activity.res_model, activity.res_id), ("recobro.placement", self.file.id))
        self.seen_by(self.manager, hearing).write({"deadline": day(40), "user_id": self.manager.id})
        self.assertEqual(self.asked(), {"Hearing": (self.manager, day(40))})
        self.assertEqual(len(self.file.sudo().activity_ids), 1)
        self.seen_by(self.manager, hearing).unlink()
        self.assertFalse(self.file.sudo().activity_ids)

    def test_a_deadline_that_somebody_took_from_the_list_is_back_the_next_day(self):
        hearing = self.add("Hearing", day(30))
        hearing.sudo().activity_id.unlink()
        self.env.invalidate_all()
        self.assertFalse(self.asked())
        self.run_day(day(1))
        self.env.invalidate_all()
        self.assertEqual(self.asked()["Hearing"][1], day(30))

    def test_a_milestone_done_is_off_the_list_and_in_the_log(self):
        hearing = self.add("Hearing", day(30))
        self.done(hearing, day(2), note="Adjourned")
        self.assertFalse(self.asked())
        self.assertFalse(self.file.sudo().activity_ids)
        self.assertIn(f"Legal file {self.file.name}: Hearing, done on 03/04/2026. Adjourned", self.said())

    def test_done_in_the_list_of_activities_is_done_in_the_file(self):
        hearing = self.add("Hearing", day(30), user_id=self.collector.id)
        activity = hearing.sudo().activity_id.with_env(self.as_user(self.collector, day(3)))
        activity.action_feedback(feedback="They agree")
        self.env.invalidate_all()
        self.assertEqual((hearing.done_on, hearing.note), (day(3), "They agree"))
        self.assertEqual(sum("Hearing" in line for line in self.said()), 1)

    def test_one_that_is_opened_again_is_on_the_list_again(self):
        hearing = self.add("Hearing", day(30))
        self.done(hearing, day(2))
        self.seen_by(self.collector, hearing).done_on = False
        self.assertEqual(self.asked(), {"Hearing": (self.manager, day(30))})

    def test_what_follows_is_due_so_long_after_what_was_done(self):
        filed, admitted, served, due, enforced = self.plan()
        self.done(filed, day(5))
        self.assertEqual(admitted.deadline, day(50))
        self.assertEqual(self.asked()["Claim admitted"][1], day(50))
        self.assertEqual(served.deadline, day(80))
        # the court's notice says another day: from there on nothing moves by itself
        self.seen_by(self.collector, due).deadline = day(200)
        before = enforced.deadline
        self.done(served, day(60))
        self.assertEqual((due.deadline, enforced.deadline), (day(200), before))

    def test_nothing_is_done_on_a_day_to_come(self):
        hearing = self.add("Hearing", day(30))
        with self.assertRaisesRegex(ValidationError, "still to come"):
            self.done(hearing, MONDAY, done_on=day(9))

    def test_a_list_of_them_is_marked_done_at_once(self):
        hearing, trial = self.add("Hearing", day(3)), self.add("Trial", day(9))
        self.seen_by(self.collector, hearing | trial, day(1)).action_done()
        self.assertEqual((hearing | trial).mapped("done_on"), [day(1), day(1)])

    def test_late_is_what_is_open_after_its_day(self):
        hearing, trial = self.add("Hearing", day(3)), self.add("Trial", day(9))
        seen = self.seen_by(self.collector, hearing | trial, day(4))
        self.assertEqual(seen.mapped("is_late"), [True, False])

    def test_what_is_settled_needs_no_deadline_until_the_payment_is_undone(self):
        self.add("Hearing", day(30))
        payments = self.pay(1000, day(3), self.overdue), self.pay(500, day(3), self.old)
        self.judge(day(3))
        self.assertEqual(self.file.state, "finished")
        self.assertFalse(self.asked())
        self.undo(payments[0])
        self.judge(day(4))
        self.assertEqual(self.file.state, "placed")
        self.assertEqual(self.asked(), {"Hearing": (self.manager, day(30))})

    def test_the_days_of_the_court_go_on_after_the_case_was_recalled(self):
        self.add("Hearing", day(30))
        placing.recall(self.file.sudo(), "We do it ourselves")
        self.assertEqual(self.asked(), {"Hearing": (self.manager, day(30))})

    def test_a_case_that_is_closed_has_no_deadlines(self):
        self.add("Hearing", day(30))
        self.case.sudo()._set_closed("uncollectible", day(2))
        self.assertFalse(self.asked())

    def test_an_agency_has_no_legal_file(self):
        placing.recall(self.file.sudo(), "Not yet")
        self.file = self.place()
        with self.assertRaisesRegex(UserError, "only a case that is with a lawyer"):
            self.add("Hearing", day(30))
        with self.assertRaisesRegex(UserError, "with a lawyer"):
            self.seen_by(self.manager, self.file).action_plan_milestones()
        with self.assertRaisesRegex(UserError, "only a case that is with a lawyer"):
            self.decide("won")


class TestLegalCosts(LegalCase):
    def cost(self, amount, user=None, **values):
        """A cost that a person writes down."""
        env = self.as_user(user or self.collector)
        return env["recobro.legal.cost"].create(
            {"placement_id": self.file.id, "name": "Fee of the court", "amount": amount, **values}
        )

    def test_costs_are_off_what_comes_back(self):
        self.lawyer.fixed_cost = 0
        self.pay(300, day(3), self.overdue)
        self.judge(day(3))
        self.assertEqual((self.file.fee, self.file.cost, self.file.amount_net), (90, 0, 210))
        self.cost(80)
        self.cost(45, day=day(2), partner_id=self.customer.id)
        self.assertEqual((self.file.legal_cost, self.file.cost, self.file.amount_net), (125, 125, 85))
        self.cost(-60)
        self.assertEqual((self.file.cost, self.file.amount_net), (65, 145))

    def test_they_come_beside_the_cost_of_each_case(self):
        placing.recall(self.file.sudo(), "Again, on other terms")
        self.lawyer.fixed_cost = 50
        self.file = self.place(agency=self.lawyer)
        self.cost(80)
        self.assertEqual((self.file.cost, self.file.amount_net), (130, -130))
        self.assertEqual(self.file.to_bill, 50, "what others are paid is on no bill of the lawyer")

    def test_a_cost_is_of_some_amount_and_stays_with_its_file(self):
        cost = self.cost(10)
        with self.assertRaises(AccessError):
            cost.placement_id = self.file
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            self.cost(0)

    def test_an_agency_has_none(self):
        placing.recall(self.file.sudo(), "Not yet")
        self.file = self.place()
        with self.assertRaisesRegex(UserError, "only a case that is with a lawyer"):
            self.cost(10)


class TestOutcome(LegalCase):
    def owner_is_asked(self):
        """The activity that asks the owner of the case how it ends."""
        return self.case.sudo().activity_search(["recobro_module.activity_type_legal_over"])

    def test_it_is_kept_and_in_the_log_and_the_case_stays_with_the_lawyer(self):
        self.decide("won", when=day(20), note="All of it, and the costs")
        self.assertEqual((self.file.legal_outcome, self.file.legal_outcome_on), ("won", day(20)))
        self.assertIn(
            f"Legal file {self.file.name}: Judgment for us on 03/22/2026. All of it, and the costs", self.said()
        )
        self.assertEqual(self.file.state, "placed")
        self.assertFalse(self.owner_is_asked())

    def test_one_that_is_lost_asks_the_owner_how_the_case_ends(self):
        for outcome in ("lost", "uncollectible"):
            self.decide(outcome)
            self.assertEqual(len(self.owner_is_asked()), 1)
        self.assertIn("Decide how the case ends", self.owner_is_asked().note)
        self.decide("settled")
        self.assertFalse(self.owner_is_asked(), "it is over otherwise")

    def test_a_case_that_is_closed_asks_nobody_any_more(self):
        self.decide("uncollectible")
        self.case.sudo()._set_closed("uncollectible", day(1))
        self.assertFalse(self.owner_is_asked())
        self.decide("uncollectible")
        self.assertFalse(self.owner_is_asked())

    def test_it_can_be_recorded_of_a_case_that_was_recalled_but_not_before_its_day(self):
        placing.recall(self.file.sudo(), "Enough")
        self.decide("withdrawn")
        with self.assertRaisesRegex(UserError, "still to come"):
            self.decide("won", day=day(3))

    def test_only_a_manager_records_it(self):
        for user in (self.collector, self.accountant, self.employee):
            with self.assertRaises(AccessError):
                self.decide("won", user=user)
            with self.assertRaises(AccessError):
                self.seen_by(user, self.file).action_legal_outcome()
        for values in ({"legal_outcome": "won"}, {"legal_outcome_on": MONDAY}, {"legal_cost": 0}):
            with self.assertRaises(AccessError, msg=values):
                self.seen_by(self.manager, self.file).write(values)


class TestLegalSecurity(LegalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.auditor = cls.create_user("legal_auditor", "account.group_account_readonly")
        cls.other_company = cls.setup_other_company()["company"]
        cls.stranger = new_test_user(
            cls.env,
            "legal_stranger",
            "recobro_module.group_recobro_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.hearing = self.add("Hearing", day(30))
        self.cost = self.env["recobro.legal.cost"].create(
            {"placement_id": self.file.id, "name": "Fee of the court", "amount": 80}
        )

    def test_each_kind_of_user_may_do_what_its_work_needs_and_no_more(self):
        allowed = {
            self.collector: ("rwcd", "rwcd", ""),
            self.manager: ("rwcd", "rwcd", "rwcd"),
            self.accountant: ("r", "r", ""),
            self.auditor: ("r", "r", ""),
            self.employee: ("", "", ""),
            self.portal: ("", "", ""),
        }
        models = ("recobro.legal.milestone", "recobro.legal.cost", "recobro.legal.outcome")
        for user, letters in allowed.items():
            for model, expected in zip(models, letters, strict=True):
                self.assertEqual(rights(self.as_user(user)[model]), set(expected), f"{user.login} on {model}")

    def test_a_manager_keeps_the_file_and_a_collector_reads_it(self):
        values = {"court": "First instance 4", "legal_number": "512/2026", "procedure": "ordinary"}
        self.seen_by(self.manager, self.file).write(
            {**values, "milestone_ids": [Command.create({"name": "Trial", "deadline": day(60)})]}
        )
        self.assertEqual(self.seen_by(self.collector, self.file).court, "First instance 4")
        self.assertEqual(self.asked()["Trial"], (self.manager, day(60)))
        with self.assertRaises(AccessError):
            self.seen_by(self.collector, self.file).write(values)

    def test_whoever_reads_the_placement_reads_its_legal_file(self):
        for user in (self.collector, self.accountant, self.auditor):
            seen = self.seen_by(user, self.file)
            self.assertEqual(seen.milestone_ids.mapped("name"), ["Hearing"])
            self.assertEqual(seen.legal_cost_ids.mapped("amount"), [80])
        for user in (self.accountant, self.auditor):
            with self.assertRaises(AccessError):
                self.seen_by(user, self.file).action_plan_milestones()

    def test_nobody_sees_or_adds_to_a_file_of_a_company_that_is_not_theirs(self):
        env = self.as_user(self.stranger)
        env = env(context={**env.context, "allowed_company_ids": self.other_company.ids})
        for record in (self.hearing, self.cost):
            self.assertFalse(env[record._name].search([("id", "in", record.ids)]), record._name)
            with self.assertRaises(AccessError):
                record.with_env(env).write({"name": "x"})
        for model, values in (
            ("recobro.legal.milestone", {"deadline": day(3)}),
            ("recobro.legal.cost", {"amount": 1}),
        ):
            with self.assertRaises(AccessError):
                env[model].create({"placement_id": self.file.id, "name": "x", **values})

    def test_no_client_closes_an_activity_of_somebody_else_by_a_milestone(self):
        other = self.case.sudo().activity_schedule("mail.mail_activity_data_todo", user_id=self.manager.id)
        for values in ({"activity_id": other.id}, {"wait_days": 3}, {"placement_id": self.file.id}):
            with self.assertRaises(AccessError, msg=values):
                self.seen_by(self.collector, self.hearing).write(values)
        with self.assertRaises(AccessError):
            self.add("Trial", day(3), activity_id=other.id)
