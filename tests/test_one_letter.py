"""Invoices that fall due one after another: one formal letter at a time, one thing to approve, about all of them."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.placements import joining

from .common import MONDAY
from .letter_case import day
from .placement_case import PlacementCase
from .test_formal_letter_grace import FormalLetterCase
from .test_promises import day as day_of

#: What makes a level one of our own collecting.
_OURS = {"stage": "internal", "needs_approval": False, "grace_days": 0}


class OneAfterAnotherCase(FormalLetterCase):
    """A customer whose invoices reach the formal letter one after another, in a policy that leads no further."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.legal.active = False

    def owing(self, *days_late):
        """A customer whose invoices are late for so many days on the Monday; they are named by their order."""
        customer = self.create_debtor(late=days_late[0])
        for late in days_late[1:]:
            self.create_invoice(customer, 100, day(-late))
        self.invoices = self.env["account.move"].search([("partner_id", "=", customer.id)], order="id")
        return customer

    def names(self, action):
        """The invoices that wait in an action, or are in it, by their order."""
        items = action.line_ids.filtered(lambda line: line.state != "skipped").item_id
        return [place for place, invoice in enumerate(self.invoices) if invoice in items.move_id]

    def waiting_letters(self, customer):
        return self.letters_of(customer, "to_approve")

    def request(self, customer):
        """What asks for the approval."""
        return self.case_of(customer).activity_search(["recobro_module.activity_type_approve"])

    def approve(self, action, on):
        action.with_env(self.env_on(on)).action_approve()


class TestJoinTheLetter(OneAfterAnotherCase):
    def test_an_invoice_that_comes_before_the_approval_is_in_the_same_letter(self):
        customer = self.owing(5, 4)
        self.run_day(MONDAY)
        first = self.waiting_letters(customer)
        self.assertEqual(self.names(first), [0])
        self.run_day(day(1))
        letter = self.waiting_letters(customer)
        self.assertEqual((len(letter), self.names(letter)), (1, [0, 1]))
        self.assertEqual((letter.day, letter.amount), (MONDAY, 200), "it has waited since the first was proposed")
        self.assertEqual((first.state, first.reason), ("skipped", "joined"))
        activities = self.case_of(customer).activity_search(["recobro_module.activity_type_approve"])
        self.assertEqual(len(activities), 1, "and its approval is asked for once")

    def test_who_decides_on_the_letter_without_it_is_told_to_look_again(self):
        customer = self.owing(5, 4)
        self.run_day(MONDAY)
        dialog = self.env_on(day(1))["recobro.action.decide"].create(
            {"action_ids": [(6, 0, self.waiting_letters(customer).ids)]}
        )
        self.run_day(day(1))
        with self.assertRaisesRegex(UserError, "Reload"):
            dialog.action_approve()
        self.assertTrue(self.waiting_letters(customer))

    def test_what_was_paid_meanwhile_is_not_in_the_letter_that_is_planned_anew(self):
        customer = self.owing(5, 5, 4)
        self.run_day(MONDAY)
        self.pay_invoice(self.invoices[0], day=day(1))
        self.run_day(day(1))
        self.assertEqual(self.names(self.waiting_letters(customer)), [1, 2])

    def test_where_nothing_comes_the_letter_waits_as_it_is(self):
        customer = self.owing(5, -20)
        self.run_day(MONDAY)
        letter = self.waiting_letters(customer)
        self.run_days(day(1), day(4))
        self.assertEqual(self.waiting_letters(customer), letter)

    def test_on_a_day_on_which_nothing_is_planned_nothing_is_taken_back(self):
        customer = self.owing(5, 0)
        self.run_day(MONDAY)
        letter = self.waiting_letters(customer)
        self.run_day(day(5))
        self.assertEqual((letter.state, self.names(letter)), ("to_approve", [0]), "the fifth day is a Saturday")
        self.run_day(day(7))
        self.assertEqual(self.names(self.waiting_letters(customer)), [0, 1])

    def test_a_simulation_shows_it_and_changes_nothing(self):
        customer = self.owing(5, 4)
        self.run_day(MONDAY)
        letter = self.waiting_letters(customer)
        simulation = self.env_on(day(1))["recobro.policy.simulate"].create({"policy_id": self.policy.id, "day": day(1)})
        self.assertTrue(simulation.result)
        self.env.invalidate_all()
        self.assertEqual((self.waiting_letters(customer), letter.state), (letter, "to_approve"))

    def test_another_customer_is_another_letter(self):
        one, other = self.owing(5), self.create_debtor("Another", late=4)
        self.run_days(MONDAY, day(1))
        self.assertEqual([len(self.waiting_letters(customer)) for customer in (one, other)], [1, 1])

    def test_a_second_run_of_the_day_on_which_it_joined_plans_no_second_task(self):
        self.policy.entry_level_id = self.level
        self.level.copy({"policy_id": self.policy.id, "name": "Call", "delay_days": 0, "channel": "call", **_OURS})
        customer = self.owing(5, 4, -1)
        self.run_days(MONDAY, day(1))
        self.assertEqual(self.names(self.waiting_letters(customer)), [0, 1])
        self.assertFalse(self.tasks_of(customer), "the call lost to the letter")
        self.run_day(day(1))
        self.assertFalse(self.tasks_of(customer))
        self.run_day(day(2))
        self.assertEqual(self.names(self.tasks_of(customer)), [2])

    def test_what_is_in_the_envelope_stays_in_it_each_at_its_own_level(self):
        self.policy.entry_level_id = self.level
        own = self.level.copy({"policy_id": self.policy.id, "name": "Own letter", "delay_days": 0, **_OURS})
        customer = self.owing(5, 4, 0)
        self.run_day(MONDAY)
        self.assertEqual(self.names(self.waiting_letters(customer)), [0, 2])
        self.run_day(day(1))
        letter = self.waiting_letters(customer)
        self.assertEqual(self.names(letter), [0, 1, 2])
        levels = {line.item_id.move_id: line.level_id for line in letter.line_ids}
        self.assertEqual([levels[invoice] for invoice in self.invoices], [self.level, self.level, own])
        self.run_day(day(2))
        self.assertFalse(self.letters_of(customer), "nor does it get a letter of its own")

    def test_joined_by_a_later_letter_of_our_own_it_still_waits_for_its_approval(self):
        self.policy.entry_level_id = self.level
        self.level.copy({"policy_id": self.policy.id, "name": "Own letter", "delay_days": 30, **_OURS})
        customer = self.owing(5, 4, 29)
        self.put_on_ladder(self.invoices[2], 5)
        self.run_days(MONDAY, day(1))
        self.assertEqual(self.names(self.waiting_letters(customer)), [0, 1, 2])

    def test_its_request_is_called_as_the_highest_that_waits_and_is_of_who_answers_for_it_now(self):
        last = self.level.copy({"policy_id": self.policy.id, "name": "Last letter", "delay_days": 15})
        customer = self.owing(5, 14, 4)
        self.put_on_ladder(self.invoices[1], 5)
        self.run_day(MONDAY)
        self.assertEqual(self.request(customer).summary, "Formal letter")
        self.policy.user_id = new_test_user(self.env, "letters_now", "recobro_module.group_recobro_manager")
        self.run_day(day(1))
        self.assertEqual(self.waiting_letters(customer).level_id, last)
        request = self.request(customer)
        self.assertEqual((request.summary, request.user_id), ("Last letter", self.policy.user_id))


class TestTwoToApprove(OneAfterAnotherCase):
    """Two formal letters that wait, as before there was the rule that what comes joins."""

    def setUp(self):
        super().setUp()
        self.customer = self.owing(5, 4)
        with patch.object(joining, "_joinable", lambda policies: policies.level_ids.browse()):
            self.run_days(MONDAY, day(1))
        self.first, self.second = self.waiting_letters(self.customer)

    def test_once_one_is_approved_the_other_waits_until_its_days_have_passed(self):
        self.approve(self.first, day(1))
        with self.assertRaisesRegex(UserError, "one formal letter at a time"):
            self.approve(self.second, day(1))
        self.run_day(day(1))
        self.print_letters(self.first)
        self.record(self.first, "sent", day(1))
        self.record(self.first, "delivered", day(3))
        with self.assertRaisesRegex(UserError, "at a time: the one before gives them until 03/15/2026"):
            self.approve(self.second, day(13))
        self.approve(self.second, day(14))
        self.assertEqual(self.second.state, "planned")

    def test_of_both_at_once_the_first_is_approved(self):
        self.approve(self.second | self.first, day(1))
        self.assertEqual((self.first.state, self.second.state), ("planned", "to_approve"))


class TestOneLetterAtATime(OneAfterAnotherCase):
    def test_while_a_letter_is_to_be_posted_no_other_is_planned(self):
        customer = self.owing(5, 4)
        self.run_day(MONDAY)
        self.approve(self.waiting_letters(customer), MONDAY)
        self.run_day(day(1))
        self.assertFalse(self.waiting_letters(customer))
        self.assertEqual(self.reasons_of(customer), ["letter"])
        self.assertEqual(self.next_step(customer), ("Formal letter", False, "letter"))

    def test_while_its_days_run_what_comes_waits_and_then_goes_in_one_letter(self):
        customer = self.owing(5, 2, -1)
        letter = self.posted(customer)
        self.record(letter, "delivered", day(2))
        self.run_days(day(3), day(12))
        self.assertFalse(self.waiting_letters(customer), "the tenth day after the delivery is still theirs")
        self.assertEqual(self.reasons_of(customer), ["grace"])
        self.assertEqual(self.next_step(customer), ("Formal letter", day(13), "grace"))
        self.assertEqual(self.levels_of(self.invoices[1]), [], "nothing is skipped")
        self.run_day(day(14))
        self.assertEqual(self.names(self.waiting_letters(customer)), [1, 2])

    def test_an_answer_gives_its_days_anew_for_what_came_too(self):
        customer = self.owing(5, 2)
        self.record(self.posted(customer), "delivered", day(1))
        self.said(customer, day(7))
        self.run_days(day(3), day(17))
        self.assertFalse(self.waiting_letters(customer))
        self.run_day(day(18))
        self.assertEqual(self.names(self.waiting_letters(customer)), [1])

    def test_without_a_proof_its_days_are_taken_to_begin_when_that_is_asked_for(self):
        customer = self.owing(5, 2)
        self.posted(customer)
        self.run_days(day(3), day(18))
        self.assertEqual(self.reasons_of(customer)[0], "no_proof")
        self.assertFalse(self.waiting_letters(customer))
        # Asked for on the tenth day, and ten days more
        self.run_day(day(21))
        self.assertEqual(self.names(self.waiting_letters(customer)), [1], "nobody waits for ever")

    def test_once_all_of_a_letter_is_paid_its_days_are_over(self):
        customer = self.owing(5, 2)
        self.record(self.posted(customer), "delivered", day(1))
        self.run_day(day(3))
        self.assertFalse(self.waiting_letters(customer))
        self.pay_invoice(self.invoices[0], day=day(4))
        self.run_day(day(4))
        self.assertEqual(self.names(self.waiting_letters(customer)), [1])

    def test_a_letter_that_came_back_keeps_nothing_waiting(self):
        customer = self.owing(5, 2)
        letter = self.posted(customer)
        self.run_day(day(3))
        self.record(letter, "returned", day(3), reason="moved")
        self.run_day(day(4))
        self.assertEqual(self.names(self.waiting_letters(customer)), [0, 1], "both are in the next one")

    def test_a_further_letter_about_the_same_is_the_policys_own(self):
        self.level.copy({"policy_id": self.policy.id, "name": "Formal letter again", "delay_days": 15})
        customer = self.owing(5)
        self.record(self.posted(customer), "delivered", day(2))
        self.run_days(day(8), day(10))
        self.assertEqual(self.waiting_letters(customer).level_id.name, "Formal letter again")


class TestJoinAHandOver(PlacementCase):
    """A hand-over to the agency as of thirty days late."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["recobro.level"].create(
            {
                "policy_id": cls.policy.id,
                "name": "To the agency",
                "delay_days": 30,
                "stage": "agency",
                "channel": "placement",
                "agency_id": cls.agency.id,
            }
        )

    def setUp(self):
        super().setUp()
        self.policy.entry_level_id = self.level
        self.fresh = self.create_invoice(self.customer, 700, day_of(-29))

    def names(self, action):
        return sorted(action.line_ids.filtered(lambda line: line.state == "to_approve").mapped("name"))

    def test_what_comes_while_it_waits_is_handed_over_with_it(self):
        self.run_day(MONDAY)
        waiting = self.tasks_of(self.customer, "to_approve")
        self.assertEqual(self.names(waiting), [self.old.name])
        self.run_day(day_of(1))
        joined = self.tasks_of(self.customer, "to_approve")
        self.assertEqual((len(joined), self.names(joined)), (1, sorted([self.old.name, self.fresh.name])))
        self.assertEqual(joined.day, MONDAY)

    def test_the_rule_of_the_level_looks_at_all_of_it_together(self):
        self.level.select_amount = 1000
        self.old_two = self.create_invoice(self.customer, 600, day_of(-70))
        self.run_day(MONDAY)
        self.assertEqual(len(self.names(self.tasks_of(self.customer, "to_approve"))), 2)
        self.run_day(day_of(1))
        joined = self.tasks_of(self.customer, "to_approve")
        self.assertEqual(len(self.names(joined)), 3, "700 alone would not be selected")
        self.assertIn("1,800", joined.selection)

    def test_where_it_is_not_selected_with_the_new_one_it_waits_and_nobody_is_told(self):
        self.level.select_amount = 1000
        self.create_invoice(self.customer, 600, day_of(-70))
        self.run_day(MONDAY)
        waiting = self.tasks_of(self.customer, "to_approve")
        self.pay_invoice(self.old, day=MONDAY)
        self.fresh.button_draft()
        self.fresh.invoice_line_ids.price_unit = 300
        self.fresh.action_post()
        self.run_day(day_of(1))
        self.assertEqual(self.tasks_of(self.customer, "to_approve"), waiting)
        self.assertNotIn("not_selected", self.reasons_of(self.customer))
        self.assertFalse(self.case.activity_search(["recobro_module.activity_type_not_selected"]))
        waiting.action_cancel()
        self.run_days(day_of(1), day_of(2))
        self.assertIn("not_selected", self.reasons_of(self.customer), "once nothing waits they are told")

    def test_a_promise_that_keeps_the_new_one_here_changes_nothing_of_what_waits(self):
        self.run_day(MONDAY)
        waiting = self.tasks_of(self.customer, "to_approve")
        self.promise(100, day_of(3))
        self.run_day(day_of(1))
        self.assertEqual(self.tasks_of(self.customer, "to_approve"), waiting)
