"""What becomes of a proposal of an agency: with the plan that is made of it, and when others act at the same moment."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.placements import placing, proposals

from .agency_case import AgencyCase


class ProposalCase(AgencyCase):
    """A collector answers for the placement; the manager decides on every settlement."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement.sudo().user_id = cls.collector

    @property
    def proposal(self):
        return self.placement.proposal_ids[:1]

    @property
    def plan(self):
        return self.proposal.plan_id

    def accept(self, button="action_keep", user=None, **values):
        """Open the dialog as the button does, keep what it proposes, and return the mails that the agency got."""
        proposal = self.proposal.with_user(user or self.collector)
        action = proposal.action_accept()
        env = proposal.env(context={**proposal.env.context, **action["context"]})
        form = Form(env[action["res_model"]])
        for name, value in values.items():
            form[name] = value
        dialog = form.save()
        return self.told(getattr(dialog, button))

    def press(self, button, user=None):
        """Press a button of the plan, and return the mails that the agency got."""
        return self.told(getattr(self.plan.with_user(user or self.manager), button))

    def told(self, button):
        with self.mock_mail_gateway():
            button()
        self.env.invalidate_all()
        return self._new_mails.filtered(lambda mail: self.ana.partner_id in mail.recipient_ids)

    def asked(self):
        """The activities that ask us to decide on the proposal."""
        return self.placement.activity_ids.filtered(
            lambda one: one.activity_type_id == self.env.ref("recobro_module.activity_type_proposal")
        )


class TestDecidedWithThePlan(ProposalCase):
    def test_nothing_is_told_of_a_draft_and_the_screens_say_that_it_is_there(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.assertFalse(self.accept())
        self.assertEqual((self.proposal.state, self.plan.state), ("proposed", "draft"))
        self.assertFalse(self.proposal.decided_by_id)
        self.assertFalse(self.asked())
        self.assertEqual(self.plan.proposal_ids, self.proposal)
        self.assertEqual(self.proposal.action_open_plan()["res_id"], self.plan.id)
        self.assertIn("We are preparing it", self.text_of(self.open(self.placement.id)))
        with self.assertRaisesRegex(UserError, f"{self.plan.name} was made of it"):
            self.proposal.with_user(self.manager).action_accept()
        with self.assertRaisesRegex(UserError, f"{self.plan.name} was made of it"):
            proposals.refuse(self.proposal.sudo(), "No")

    def test_a_settlement_is_accepted_once_the_manager_approves_it(self):
        self.assert_done(self.propose(kind="settlement", amount="600", count="1"))
        self.assertFalse(self.accept("action_propose"))
        self.assertEqual((self.proposal.state, self.plan.state), ("proposed", "to_approve"))
        [mail] = self.press("action_approve")
        self.assertEqual((self.proposal.state, self.proposal.decided_by_id), ("accepted", self.manager))
        self.assertEqual(self.plan.state, "proposed")
        self.assertIn("$ 600.00 in one payment", mail.body_html.replace("\xa0", " "))
        self.assertIn("Accepted", self.text_of(self.open(self.placement.id)))

    def test_the_mail_says_what_was_kept_not_what_was_proposed(self):
        self.assert_done(self.propose(kind="settlement", amount="600", count="3"))
        [mail] = self.accept("action_propose", self.manager, discount=0.0, instalment_count=2)
        words = mail.body_html.replace("\xa0", " ")
        self.assertIn("$ 1,500.00 in 2 payments", words)
        self.assertNotIn("600", words)
        self.assertEqual(self.proposal.state, "accepted")

    def test_the_mail_of_a_promise_says_the_promise(self):
        self.assert_done(self.propose(amount="500"))
        [mail] = self.accept("action_take", promise_amount=400)
        self.assertIn("a promise of $ 400.00", mail.body_html.replace("\xa0", " "))
        self.assertNotIn("500", mail.body_html.replace("\xa0", " ").split("promise of")[1][:30])

    def test_a_plan_that_is_not_approved_leaves_the_agency_waiting_and_can_be_proposed_again(self):
        self.assert_done(self.propose(kind="settlement", amount="600", count="1"))
        self.accept("action_propose")
        self.assertFalse(self.press("action_refuse"))
        self.assertEqual((self.proposal.state, self.plan.state), ("proposed", "draft"))
        [activity] = self.asked()
        self.assertEqual(activity.user_id, self.collector)
        self.assertIn("was not approved", activity.note)
        self.press("action_propose", self.collector)
        self.assertFalse(self.asked())
        self.assertEqual(len(self.press("action_approve")), 1)
        self.assertEqual(self.proposal.state, "accepted")

    def test_a_plan_that_is_cancelled_before_it_is_proposed_gives_the_proposal_back(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.accept()
        self.assertFalse(self.press("action_cancel"))
        self.assertEqual(self.proposal.state, "proposed")
        self.assertFalse(self.plan)
        self.assertIn("Accept or refuse it", self.asked().note)
        self.assertEqual(len(self.accept("action_propose", self.manager)), 1)
        self.assertEqual((self.proposal.state, self.plan.state), ("accepted", "proposed"))

    def test_what_becomes_of_a_plan_that_was_proposed_changes_nothing_of_the_proposal(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.accept("action_propose", self.manager)
        self.assertFalse(self.press("action_cancel"))
        self.assertEqual((self.proposal.state, self.plan.state), ("accepted", "cancelled"))
        self.assertFalse(self.asked())

    def test_who_withdraws_what_a_plan_was_made_of_lets_us_know(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.accept()
        plan = self.plan
        self.assert_done(self.send(self.placement.id, "proposal", self.proposal.id, "withdraw"))
        self.assertEqual((self.proposal.state, plan.state), ("withdrawn", "draft"))
        self.assertIn(plan.name, self.asked().note)
        with self.mock_mail_gateway():
            plan.with_user(self.manager).action_propose()
        self.assertEqual(self.proposal.state, "withdrawn")
        self.assertFalse(self._new_mails.filtered(lambda mail: self.ana.partner_id in mail.recipient_ids))


class TestTheCaseIsOver(ProposalCase):
    def test_a_plan_outlives_the_placement_and_nobody_is_told_any_more(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.accept()
        plan = self.plan
        placing.recall(self.placement.sudo(), "Enough")
        self.assertEqual((self.proposal.state, plan.state), ("withdrawn", "draft"))
        with self.mock_mail_gateway():
            plan.with_user(self.manager).action_propose()
        self.assertFalse(self._new_mails.filtered(lambda mail: self.ana.partner_id in mail.recipient_ids))

    def test_what_survived_a_recall_lapses_with_its_plan(self):
        self.assert_done(self.propose(kind="plan", count="3"))
        self.accept()
        plan, proposal = self.plan, self.proposal
        placing.recall(self.placement.sudo(), "Enough")
        proposal.sudo().write({"state": "proposed", "plan_id": plan.id})
        plan.with_user(self.manager).action_cancel()
        self.assertEqual(proposal.state, "withdrawn")
        self.assertFalse(self.asked())

    def test_a_proposal_of_a_case_that_was_recalled_can_not_be_accepted_or_refused(self):
        self.assert_done(self.propose())
        proposal = self.proposal
        dialog = proposal.with_user(self.manager).action_accept()
        placing.recall(self.placement.sudo(), "Enough")
        proposal.sudo().state = "proposed"
        with self.assertRaisesRegex(UserError, "not with the agency any more"):
            proposal.with_user(self.manager).action_accept()
        env = self.env(user=self.manager, context={**self.env.context, **dialog["context"]})
        with self.assertRaisesRegex(UserError, "not with the agency any more"), self.env.cr.savepoint():
            Form(env["recobro.promise.take"]).save().action_take()
        with self.assertRaisesRegex(UserError, "not with the agency any more"):
            proposals.refuse(proposal.sudo(), "No")


class TestTwoAtOnce(ProposalCase):
    def test_a_second_proposal_comes_back_with_what_was_typed_even_if_the_first_was_not_seen(self):
        self.assert_done(self.propose())
        nothing = self.env["recobro.placement.proposal"]
        with patch.object(proposals, "waiting", lambda placement: nothing.sudo()), mute_logger("odoo.sql_db"):
            self.assert_wrong(self.propose(user=self.luis, note="Kept words"), "waits already", "Kept words")
        self.assertEqual(len(self.placement.proposal_ids), 1)

    def test_one_waits_for_each_case(self):
        self.assert_done(self.propose())
        self.assert_done(self.propose(self.other, self.sonia, day=str(self.today + timedelta(days=3)), amount="10"))
        self.assertEqual(self.other.proposal_ids.state, "proposed")
