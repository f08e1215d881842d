"""The formal letter: its days count from the proof of delivery; until they have passed no legal step is proposed."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.recobro_module.engine.placements import formal_letter

from .common import MONDAY
from .letter_case import LetterCase, day


class FormalLetterCase(LetterCase):
    """A formal letter five days after the due date that gives ten days, and the hand-over to a lawyer as of day 16."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write({"name": "Formal letter", "stage": "pre_legal", "grace_days": 10})
        cls.lawyer = cls.env["recobro.agency"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": "Bufete Ruiz", "is_company": True}).id,
                "company_id": cls.company.id,
                "kind": "lawyer",
                "tariff_ids": [Command.create({"rate": 0.3})],
            }
        )
        cls.legal = cls.env["recobro.level"].create(
            {
                "policy_id": cls.policy.id,
                "name": "To the lawyer",
                "delay_days": 16,
                "stage": "legal",
                "channel": "legal",
                "agency_id": cls.lawyer.id,
            }
        )

    def posted(self, customer, on=MONDAY):
        """The formal letter of the customer, approved, printed and posted on a day."""
        self.run_day(on)
        action = self.letters_of(customer, "to_approve").with_env(self.env_on(on))
        action.action_approve()
        self.run_day(on)
        self.print_letters(action)
        self.record(action, "sent", on)
        return action

    def proposed(self, customer):
        """What waits for an approval of the legal hand-over."""
        return self.tasks_of(customer, "to_approve").filtered(lambda action: action.level_id == self.legal)

    def said(self, customer, on, **values):
        """A line of the log: the customer calls, unless told otherwise."""
        self.env_on(on)["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": customer.id,
                    "case_id": self.case_of(customer).id,
                    "channel": "call",
                    "direction": "in",
                    "result": "noted",
                    **values,
                }
            ]
        )

    def next_step(self, customer):
        """What the case says comes next: (level, day, why it waits)."""
        case = self.case_of(customer)
        return case.next_level_id.name, case.next_action_date, case.next_wait

    def asked_for_proof(self, customer):
        """The requests for the proof of delivery on the case."""
        return self.case_of(customer).activity_search(["recobro_module.activity_type_letter_proof"])


class TestGrace(FormalLetterCase):
    def test_its_days_count_from_the_proof_of_delivery_and_all_of_them_are_given(self):
        customer = self.create_debtor(late=6)
        letter = self.posted(customer)
        self.record(letter, "delivered", day(3))
        self.run_days(day(10), day(13))
        self.assertFalse(self.proposed(customer), "the tenth day after the delivery is still theirs")
        self.run_day(day(14))
        self.assertEqual(self.proposed(customer).level_id, self.legal)

    def test_while_they_run_it_is_written_down_once_and_the_case_says_until_when(self):
        customer = self.create_debtor(late=6)
        self.record(self.posted(customer), "delivered", day(3))
        self.run_days(day(9), day(12))
        self.assertEqual(self.reasons_of(customer), ["grace"])
        self.assertEqual(self.next_step(customer), ("To the lawyer", day(14), "grace"))

    def test_before_its_day_the_case_knows_already_that_the_days_run(self):
        customer = self.create_debtor(late=6)
        self.record(self.posted(customer), "delivered", day(3))
        self.run_day(day(4))
        self.assertFalse(self.reasons_of(customer))
        self.assertEqual(self.next_step(customer), ("To the lawyer", day(14), "grace"))

    def test_without_a_proof_it_waits_and_the_case_names_no_day(self):
        customer = self.create_debtor(late=6)
        self.posted(customer)
        self.refresh(customer, MONDAY)
        self.env.invalidate_all()
        self.assertEqual(self.next_step(customer), ("To the lawyer", False, "no_proof"))
        self.run_days(day(8), day(25))
        self.assertFalse(self.proposed(customer))
        self.assertEqual(self.reasons_of(customer), ["no_proof"])

    def test_the_proof_that_comes_late_gives_its_days_from_the_delivery(self):
        customer = self.create_debtor(late=6)
        letter = self.posted(customer)
        self.run_day(day(20))
        self.record(letter, "delivered", day(20), day=day(2))
        self.run_day(day(21))
        self.assertTrue(self.proposed(customer))

    def test_an_answer_gives_the_days_anew_from_its_day(self):
        customer = self.create_debtor(late=6)
        self.record(self.posted(customer), "delivered", day(2))
        self.said(customer, day(7))
        self.run_days(day(14), day(17))
        self.assertFalse(self.proposed(customer))
        self.run_day(day(18))
        self.assertTrue(self.proposed(customer))

    def test_a_visit_what_a_machine_wrote_and_our_own_calls_are_no_answers(self):
        customer = self.create_debtor(late=6)
        self.record(self.posted(customer), "delivered", day(2))
        self.said(customer, day(7), channel="portal", result="visited")
        self.said(customer, day(7), channel="email", result="noted", is_automatic=True)
        self.said(customer, day(7), direction="out", result="answered")
        self.said(customer, day(7), channel="note")
        self.run_day(day(14))
        self.assertTrue(self.proposed(customer))

    def test_what_they_say_when_we_call_them_is_an_answer_too(self):
        for result in ("promised", "disputed", "replied"):
            customer = self.create_debtor(f"Debtor {result}", late=6)
            self.record(self.posted(customer), "delivered", day(2))
            self.said(customer, day(7), direction="out", result=result)
            self.run_days(day(14), day(17))
            self.assertFalse(self.proposed(customer), result)
            self.run_day(day(18))
            self.assertTrue(self.proposed(customer), result)

    def test_a_letter_that_came_back_is_sent_again_and_proves_nothing(self):
        customer = self.create_debtor(late=6)
        letter = self.posted(customer)
        self.record(letter, "returned", day(8), reason="moved")
        self.run_days(day(9), day(15))
        self.assertFalse(self.proposed(customer))
        self.assertTrue(self.letters_of(customer, "to_approve"))
        self.assertFalse(self.asked_for_proof(customer))

    def test_an_invoice_that_never_had_the_letter_waits_for_nothing(self):
        customer = self.create_debtor(late=40)
        self.policy.entry_level_id = self.legal
        self.run_day(MONDAY)
        self.assertTrue(self.proposed(customer))

    def test_each_invoice_waits_for_its_own_letter(self):
        customer = self.create_debtor(late=6)
        self.record(self.posted(customer), "delivered", day(1))
        later = self.create_invoice(customer, 50, day(4))
        self.run_days(day(9), day(14))
        letter = self.posted(customer, day(15))
        self.record(letter, "delivered", day(16))
        self.run_day(day(22))
        self.assertEqual(self.proposed(customer).line_ids.item_id.move_id & later, later.browse())
        self.assertTrue(self.proposed(customer))

    def test_where_no_level_is_a_legal_step_nothing_waits(self):
        self.legal.active = False
        customer = self.create_debtor(late=6)
        self.posted(customer)
        self.run_days(day(1), day(14))
        self.assertFalse(self.reasons_of(customer))
        self.assertFalse(self.asked_for_proof(customer))


class TestDecided(FormalLetterCase):
    def waiting(self, customer):
        """The legal hand-over that waits for a person, two weeks after the letter was posted."""
        self.record(self.posted(customer), "delivered", day(2))
        self.run_day(day(14))
        return self.proposed(customer).with_env(self.env_on(day(14)))

    def test_who_decides_sees_what_became_of_the_letter(self):
        action = self.waiting(self.create_debtor(late=6))
        self.assertIn("they did not get in touch", str(action.decision))

    def test_that_they_took_our_call_is_not_called_silence(self):
        customer = self.create_debtor(late=6)
        action = self.waiting(customer)
        self.said(customer, day(13), direction="out", result="answered")
        seen = str(action.decision)
        self.assertIn("they did not get in touch", seen)
        self.assertNotIn("without an answer", seen)

    def test_once_a_lawyer_is_chosen_the_dialog_still_says_that_the_days_run(self):
        self.legal.agency_id = False
        customer = self.create_debtor(late=6)
        action = self.waiting(customer)
        self.said(customer, day(14))
        decide = self.env_on(day(14))["recobro.action.decide"]
        dialog = decide.create({"action_ids": [Command.set(action.ids)], "agency_id": self.lawyer.id})
        self.assertIn("count anew", str(dialog.cards))
        with self.assertRaisesRegex(UserError, "count anew"):
            dialog.action_approve()

    def test_an_answer_that_comes_while_it_waits_keeps_it_from_being_approved(self):
        customer = self.create_debtor(late=6)
        action = self.waiting(customer)
        self.said(customer, day(14))
        with self.assertRaisesRegex(UserError, "count anew"):
            action.action_approve()
        self.env.invalidate_all()
        self.assertIn("count anew", str(action.decision))

    def test_an_answer_that_comes_after_the_approval_keeps_the_case_here(self):
        customer = self.create_debtor(late=6)
        action = self.waiting(customer)
        action.action_approve()
        self.said(customer, day(14))
        self.env_on(day(14))["recobro.action"]._deliver_now(self.company.with_env(self.env_on(day(14))), customer.ids)
        self.env.invalidate_all()
        self.assertEqual((action.state, action.reason), ("skipped", "grace"))
        self.assertFalse(action.placement_ids)

    def test_one_whose_days_count_anew_does_not_keep_what_comes_from_being_approved(self):
        customer = self.create_debtor(late=6)
        later = self.create_invoice(customer, 50, day(-1))
        self.put_on_ladder(later, 5)
        action = self.waiting(customer)
        self.said(customer, day(14))
        self.run_day(day(15))
        came = self.proposed(customer) - action
        self.assertEqual(came.line_ids.item_id.move_id, later)
        self.assertEqual(action.state, "to_approve")
        came.with_env(self.env_on(day(15))).action_approve()
        self.assertEqual(came.state, "planned")


class TestProofAskedFor(FormalLetterCase):
    def test_ten_days_after_the_post_the_owner_is_asked_once(self):
        customer = self.create_debtor(late=6)
        letter = self.posted(customer)
        self.run_days(day(1), day(9))
        self.assertFalse(self.asked_for_proof(customer))
        self.run_day(day(10))
        [activity] = self.asked_for_proof(customer)
        self.assertIn("record the proof of delivery", activity.note)
        activity.unlink()
        self.run_days(day(11), day(14))
        self.assertFalse(self.asked_for_proof(customer))
        self.assertEqual(letter.proof_asked_on, day(10))

    def test_the_request_goes_when_it_is_known_what_became_of_the_letter(self):
        for step in ("delivered", "returned"):
            customer = self.create_debtor(f"Debtor {step}", late=6)
            letter = self.posted(customer)
            self.run_day(day(10))
            self.assertTrue(self.asked_for_proof(customer))
            self.record(letter, step, day(10), reason="moved")
            self.assertFalse(self.asked_for_proof(customer))

    def test_a_letter_that_was_approved_and_never_posted_leads_to_no_legal_step(self):
        customer = self.create_debtor(late=6)
        self.run_day(MONDAY)
        self.letters_of(customer, "to_approve").with_env(self.env_on(MONDAY)).action_approve()
        self.run_days(MONDAY, day(14))
        self.assertTrue(self.letters_of(customer, "missed"))
        self.assertFalse(self.proposed(customer))
        [activity] = self.asked_for_proof(customer)
        self.assertIn("never posted", activity.note)

    def two_asked_for(self, customer):
        """Two letters of a customer, each with an invoice of its own, whose proofs are both asked for."""
        first = self.posted(customer)
        # Planned before there was the rule that a customer has one formal letter at a time
        self.create_invoice(customer, 50, day(-5))
        with (
            patch.object(formal_letter, "is_written", lambda policies: False),
            patch.object(formal_letter, "waiting", lambda actions, as_of: {}),
        ):
            second = self.posted(customer, day(2))
        self.run_days(day(10), day(14))
        return first, second

    def test_the_proof_of_one_letter_leaves_the_request_for_the_other(self):
        customer = self.create_debtor(late=6)
        first, second = self.two_asked_for(customer)
        self.assertEqual(self.asked_for_proof(customer).note.count("record the proof"), 2)
        self.record(first, "delivered", day(14), day=day(3))
        [activity] = self.asked_for_proof(customer)
        self.assertEqual(activity.note.count("record the proof"), 1)
        self.assertIn(format_date(self.env, second.sent_on), activity.note)
        self.record(second, "delivered", day(14), day=day(3))
        self.assertFalse(self.asked_for_proof(customer))

    def test_a_letter_that_came_back_leaves_the_request_for_the_other(self):
        customer = self.create_debtor(late=6)
        first, second = self.two_asked_for(customer)
        self.record(second, "returned", day(14), reason="moved")
        [activity] = self.asked_for_proof(customer)
        self.assertIn(format_date(self.env, first.sent_on), activity.note)
        self.assertNotIn(format_date(self.env, second.sent_on), activity.note)

    def test_of_what_is_paid_no_proof_is_asked_for_any_more(self):
        customer = self.create_debtor(late=6)
        invoice = self.env["account.move"].search([("partner_id", "=", customer.id)])
        first, second = self.two_asked_for(customer)
        self.pay_invoice(invoice, day=day(14))
        self.refresh(customer, day(14))
        self.record(second, "delivered", day(14), day=day(3))
        self.assertFalse(self.asked_for_proof(customer))
        self.assertFalse(first.delivered_on)

    def test_a_letter_that_was_followed_by_another_for_the_same_is_not_asked_for(self):
        again = self.level.copy({"policy_id": self.policy.id, "name": "Formal letter again", "delay_days": 14})
        customer = self.create_debtor(late=6)
        first = self.posted(customer)
        self.run_days(day(1), day(9))
        second = self.posted(customer, day(10))
        self.assertEqual((second.level_id, first.proof_asked_on), (again, day(10)))
        self.assertFalse(self.asked_for_proof(customer))
        self.run_days(day(11), day(20))
        [activity] = self.asked_for_proof(customer)
        self.assertNotIn(format_date(self.env, first.sent_on), activity.note)
        self.record(second, "delivered", day(20), day=day(12))
        self.assertFalse(self.asked_for_proof(customer))
        self.assertFalse(first.delivered_on)
