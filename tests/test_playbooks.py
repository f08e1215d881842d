"""The playbooks A and B: chosen in one click, not switched on by it, never mixed; who changes keeps its place."""

import ast
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from .common import MONDAY
from .test_promises import PromiseCase, day


class PlaybookDialogCase(PromiseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user("playbook_manager", "recobro_module.group_recobro_manager")
        cls.policy.sudo().is_on = False

    def dialog(self, user=None, **values):
        """The dialog of who chooses."""
        return self.as_user(user or self.manager)["recobro.playbook.choose"].create(
            {"company_id": self.company.id, **values}
        )

    def chosen(self, key, **values):
        """The policy that one click makes."""
        dialog = self.dialog(**values)
        opened = dialog.action_choose_a() if key == "a" else dialog.action_choose_b()
        self.assertEqual(opened["res_model"], "recobro.policy")
        return self.env["recobro.policy"].browse(opened["res_id"])

    def ladder(self, policy):
        """The steps of a policy: (days, channel, whether a person approves it)."""
        levels = policy.invoice_level_ids.sorted(lambda level: (level.delay_days, level.sequence))
        return [(level.delay_days, level.channel, level.needs_approval) for level in levels]


class TestChosen(PlaybookDialogCase):
    def test_a_is_our_own_collecting_a_formal_letter_and_court_if_selected(self):
        policy = self.chosen("a")
        self.assertEqual(
            self.ladder(policy),
            [
                (-5, "email", False),
                (0, "email", False),
                (3, "email", False),
                (7, "call", False),
                (15, "email", False),
                (30, "call", False),
                (45, "letter", True),
                (56, "legal", True),
            ],
        )
        letter, legal = policy.invoice_level_ids.filtered(lambda level: level.delay_days > 30).sorted("delay_days")
        self.assertEqual((letter.stage, letter.grace_days), ("pre_legal", 10))
        self.assertEqual((legal.stage, legal.select_amount, legal.select_probability), ("legal", 1000, 0.2))

    def test_b_is_our_own_collecting_thirty_days_of_an_agency_and_court_if_selected(self):
        policy = self.chosen("b")
        self.assertEqual(
            self.ladder(policy)[5:],
            [
                (21, "call", False),
                (26, "email", False),
                (30, "placement", True),
                (60, "legal", True),
            ],
        )
        agency = policy.invoice_level_ids.filtered(lambda level: level.channel == "placement")
        self.assertEqual((agency.stage, agency.agency_days), ("agency", 30))

    def test_it_is_ready_to_simulate_and_not_switched_on(self):
        policy = self.chosen("a")
        self.assertEqual((policy.is_on, policy.active, policy.company_id), (False, True, self.company))
        self.assertEqual(policy.user_id, self.manager)
        self.assertTrue(policy.instalment_level_ids, "instalments of plans are reminded of too")
        self.assertFalse(policy.entry_level_id)
        shipped = self.env.ref("recobro_module.policy_playbook_a")
        self.assertEqual((shipped.active, shipped.is_on), (False, False))

    def test_a_suspension_of_supply_comes_only_for_who_asks_for_it(self):
        for key, days in (("a", 37), ("b", 18)):
            self.assertNotIn("suspension", [channel for _days, channel, _approved in self.ladder(self.chosen(key))])
            policy = self.chosen(key, with_suspension=True)
            self.assertIn((days, "suspension", True), self.ladder(policy))

    def test_it_speaks_every_language_that_the_shipped_one_does(self):
        self.env["res.lang"]._activate_lang("es_ES")
        shipped = self.env.ref("recobro_module.policy_playbook_b")
        spanish = shipped.with_context(lang="es_ES")
        spanish.name = "B · Agencia y después juzgado"
        shipped.with_context(active_test=False, lang="es_ES").level_ids[0].name = "Aviso previo"
        grades = self.env["recobro.grade"].search([("name", "in", ("C", "D"))])
        policy = self.chosen("b", whom="grades", grade_ids=[Command.set(grades.ids)])
        self.assertEqual(policy.with_context(lang="es_ES").name, "B · Agencia y después juzgado (C y D)")
        self.assertEqual(policy.with_context(lang="es_ES").level_ids.sorted("delay_days")[1].policy_id, policy)
        self.assertIn("Aviso previo", policy.with_context(lang="es_ES").level_ids.mapped("name"))
        self.assertEqual(policy.with_context(lang="en_US").name, "B · Agency, then court (C and D)")

    def test_for_some_customers_it_comes_before_the_one_for_everybody(self):
        everybody = self.chosen("a")
        grade = self.env.ref("recobro_module.grade_d")
        segment = self.chosen("a", whom="grades", grade_ids=[Command.set(grade.ids)])
        self.assertLess(segment.sequence, everybody.sequence)
        self.assertEqual(segment.domain, f"[('recobro_grade_id', 'in', [{grade.id}])]")
        named = self.chosen("b", whom="domain", domain="[('name', 'ilike', 'promiser')]")
        self.assertEqual(named.domain, "[('name', 'ilike', 'promiser')]")

    def test_it_comes_before_a_policy_that_has_the_same_customers_now(self):
        self.policy.sudo().write({"domain": "[]", "sequence": 50, "is_on": True})
        self.assertLess(self.chosen("a").sequence, 50)

    def test_who_is_not_said_is_asked_for(self):
        for values, words in (
            ({"whom": "grades"}, "Choose the grades"),
            ({"whom": "domain"}, "which customers"),
            ({"whom": "domain", "domain": "[('name', '="}, "can't be read"),
            ({"whom": "domain", "domain": "__import__('os')"}, "can't be read"),
        ):
            with self.assertRaisesRegex(UserError, words):
                self.dialog(**values).action_choose_a()
        with self.assertRaisesRegex(ValidationError, "can't be read"):
            self.dialog(whom="domain", domain="[('no_such_field', '=', 1)]").action_choose_a()

    def test_both_ladders_are_seen_before_one_is_chosen(self):
        form = Form(self.as_user(self.manager)["recobro.playbook.choose"])
        for words in ("+45", "Formal letter", "10", "days of grace", "A person approves it", "1,000"):
            self.assertIn(words, form.ladder_a)
        self.assertNotIn("Suspension of supply", form.ladder_a)
        self.assertIn("for 30 days", " ".join(form.ladder_b.split()))
        form.with_suspension = True
        self.assertIn("Suspension of supply", form.ladder_a)

    def test_only_a_manager_chooses(self):
        for user in (self.collector, self.accountant, self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.dialog(user)

    def test_a_shipped_playbook_that_was_deleted_is_said_to_be(self):
        self.env.ref("recobro_module.policy_playbook_a").unlink()
        dialog = self.dialog()
        self.assertIn("deleted", dialog.ladder_a)
        with self.assertRaisesRegex(UserError, "was deleted"):
            dialog.action_choose_a()


class TestNeverMixed(PlaybookDialogCase):
    @contextmanager
    def refusing(self, words):
        """What is done is refused with these words, and nothing of it is kept."""
        with self.assertRaisesRegex(ValidationError, words), self.env.cr.savepoint():
            yield

    def add_level(self, policy, **values):
        return self.env["recobro.level"].create({"policy_id": policy.id, "name": "Other", "delay_days": 40, **values})

    def test_a_has_no_agency_and_b_no_formal_letter(self):
        a, b = self.chosen("a"), self.chosen("b")
        with self.refusing("no step of the playbook “A"):
            self.add_level(a, stage="agency", channel="placement")
        with self.refusing("no step of the playbook “B"):
            self.add_level(b, stage="pre_legal", channel="letter")
        with self.refusing("no step of the playbook “B"):
            a.playbook = "b"
        self.policy.playbook = False
        self.add_level(self.policy, stage="agency", channel="placement")
        self.add_level(self.policy, stage="pre_legal", channel="letter", delay_days=50)

    def test_both_are_not_in_force_for_the_same_customers_and_one_button_changes_over(self):
        a, b = self.chosen("a"), self.chosen("b")
        a.action_switch_on()
        with self.refusing("never mixed"):
            b.action_switch_on()
        simulation = self.as_user(self.manager)["recobro.policy.simulate"].create({"policy_id": b.id})
        self.assertEqual(simulation.replaced, a.name)
        self.assertEqual(simulation.task_count + simulation.message_count, 1, "seen is what b would do, without a")
        simulation.action_switch_over()
        self.env.invalidate_all()
        self.assertEqual((a.is_on, b.is_on), (False, True))
        with self.assertRaises(AccessError):
            b.with_user(self.collector).action_switch_over()

    def test_the_same_customers_spelled_in_another_order_are_the_same(self):
        grades = self.env["recobro.grade"].search([("name", "in", ("C", "D"))])
        a = self.chosen("a", whom="grades", grade_ids=[Command.set(grades.ids)])
        b = self.chosen("b", whom="grades", grade_ids=[Command.set(grades.ids[::-1])])
        a.domain = str([("name", "=", "Ash"), *ast.literal_eval(a.domain)])
        b.domain = str([*ast.literal_eval(b.domain), ("name", "in", ["Ash"])])
        a.action_switch_on()
        with self.refusing("never mixed"):
            b.action_switch_on()

    def test_beside_a_policy_for_the_customers_with_a_tag_a_playbook_is_chosen(self):
        self.policy.sudo().write({"domain": "[('category_id.name', 'in', ['Key account'])]", "is_on": True})
        a, b = self.chosen("a"), self.chosen("b")
        a.domain = b.domain = self.policy.domain
        a.action_switch_on()
        with self.refusing("never mixed"):
            b.action_switch_on()

    def test_for_other_customers_or_another_company_both_may_be_in_force(self):
        grade = self.env.ref("recobro_module.grade_d")
        a = self.chosen("a")
        b = self.chosen("b", whom="grades", grade_ids=[Command.set(grade.ids)])
        a.action_switch_on()
        b.action_switch_on()
        self.assertTrue(a.is_on and b.is_on)
        with self.refusing("never mixed"):
            b.domain = "[]"
        other = self.setup_other_company()["company"]
        elsewhere = self.env["recobro.playbook.choose"].create({"company_id": other.id})._make("b")
        elsewhere.sudo().is_on = True
        with self.refusing("never mixed"):
            elsewhere.company_id = False


class TestPlaceOnTheLadder(PlaybookDialogCase):
    def test_who_changes_from_a_to_b_keeps_its_place_and_gets_no_step_again(self):
        a, b = self.chosen("a"), self.chosen("b")
        self.policy = a
        self.put_on_ladder(self.overdue, 15)
        a.action_switch_on()
        b.action_switch_over()
        # Ten days late, and at the 15th day by a pause: the call of the 21st is next, nothing below it
        self.run_days(MONDAY, day(10))
        self.assertFalse(self.messages_to(self.customer))
        self.run_day(day(11))
        [call] = self.tasks_of(self.customer)
        self.assertEqual((call.channel, call.level_id.policy_id, call.level_id.delay_days), ("call", b, 21))

    def test_who_had_the_formal_letter_of_a_gets_no_agency_of_b(self):
        a, b = self.chosen("a"), self.chosen("b")
        self.policy = a
        invoice = self.create_invoice(self.customer, 4000, day(-50))
        self.put_on_ladder(invoice, 45)
        a.action_switch_on()
        b.action_switch_over()
        self.run_days(MONDAY, day(4))
        self.assertNotIn("placement", self.tasks_of(self.customer, "to_approve", "planned", "done").mapped("channel"))

    def check_old_debt(self, key):
        """Debt of 200 days is met by a playbook for the first time."""
        invoice = self.create_invoice(self.customer, 4000, day(-200))
        self.chosen(key).action_switch_on()
        self.run_day(MONDAY)
        self.assertEqual(self.levels_of(invoice), [3])
        self.assertFalse(self.tasks_of(self.customer, "to_approve", "planned"))

    def test_old_debt_begins_with_a_reminder_in_a_and_never_with_a_letter_or_a_court(self):
        self.check_old_debt("a")

    def test_old_debt_begins_with_a_reminder_in_b_and_never_with_an_agency_or_a_court(self):
        self.check_old_debt("b")
