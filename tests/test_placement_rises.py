"""What leads above our own collecting is decided by a person, who sees what they decide; what keeps it from there."""

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form

from odoo.addons.recobro_module.engine.placements import decision, placing

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day


class RiseCase(PlacementCase):
    """A policy whose first step after ten days is the hand-over to the agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.level_ids.filtered(lambda level: level.delay_days > 3).unlink()
        cls.level = cls.env["recobro.level"].create(
            {
                "policy_id": cls.policy.id,
                "name": "Agency",
                "delay_days": 10,
                "stage": "agency",
                "channel": "placement",
                "agency_id": cls.agency.id,
            }
        )
        cls.policy.entry_level_id = cls.level

    def proposed(self, when=MONDAY):
        """What the day proposes to hand over for the customer."""
        self.run_day(when)
        return self.tasks_of(self.customer, "to_approve")

    def decide(self, actions, when=MONDAY, user=None, **values):
        """The dialog of who decides."""
        env = self.as_user(user or self.manager, when)
        return env["recobro.action.decide"].create({"action_ids": [Command.set(actions.ids)], **values})

    def delivered(self, action, when=MONDAY):
        """The placement that came of an action once it was carried out."""
        self.env_on(when)["recobro.action"]._deliver_now(self.company.with_env(self.env_on(when)), self.customer.ids)
        self.env.invalidate_all()
        return action.placement_ids


class TestLevel(RiseCase):
    def test_a_hand_over_is_always_approved_and_stands_in_its_stage(self):
        self.assertTrue(self.level.needs_approval)
        self.assertEqual(self.level.kind, "task")
        for values, words in (
            ({"needs_approval": False}, "must approve"),
            ({"stage": "internal"}, "its stage must be"),
            ({"agency_id": self.lawyer.id}, "can't be whom"),
        ):
            with self.assertRaisesRegex(ValidationError, words):
                self.level.write(values)
            self.level.invalidate_recordset(flush=False)

    def test_an_agency_of_another_company_is_refused(self):
        other = self.setup_other_company()["company"]
        with self.assertRaisesRegex(ValidationError, "works for"):
            self.level.agency_id = self.create_agency("Elsewhere", [], company=other)

    def test_choosing_the_channel_gives_the_level_its_stage(self):
        form = Form(self.env["recobro.level"].with_context(default_policy_id=self.policy.id))
        form.channel = "legal"
        self.assertEqual(form.stage, "legal")


class TestProposed(RiseCase):
    def test_it_waits_for_a_person_with_only_what_is_late_enough(self):
        [action] = self.proposed()
        self.assertEqual((action.channel, action.level_id, action.agency_id), ("placement", self.level, self.agency))
        self.assertEqual(set(action.line_ids.mapped("name")), {self.overdue.name, self.old.name})
        self.run_days(day(1), day(20))
        self.assertEqual(action.state, "to_approve")
        self.assertFalse(self.env["recobro.placement"].search([("partner_id", "=", self.customer.id)]))

    def test_a_promise_that_is_not_due_keeps_it_here_and_is_written_down(self):
        self.promise(100, day(3))
        self.assertFalse(self.proposed())
        self.assertIn("held", self.reasons_of(self.customer))
        # Five days, and two working days of tolerance
        self.run_days(day(1), day(8))
        self.assertTrue(self.tasks_of(self.customer, "to_approve"))

    def test_a_dispute_keeps_only_its_own_amount_here(self):
        self.dispute(self.overdue, 400)
        [action] = self.proposed()
        self.assertEqual(
            {line.name: line.amount for line in action.line_ids}, {self.overdue.name: 600, self.old.name: 500}
        )

    def test_a_policy_that_leads_nowhere_asks_nothing_of_promises(self):
        self.level.active = False
        self.policy.entry_level_id = False
        self.promise(100, day(3))
        self.run_day(MONDAY)
        self.assertTrue(self.messages_to(self.customer))


class TestDecided(RiseCase):
    def test_what_is_seen_is_why_what_was_tried_and_what_it_costs(self):
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "case_id": self.case.id,
                    "channel": "call",
                    "direction": "out",
                    "result": "no_answer",
                    "summary": "Nobody <b>at</b> the desk",
                }
            ]
        )
        self.dispute(self.overdue, 400)
        seen = str(self.seen_by(self.manager, self.proposed()).decision)
        for words in (
            "70",
            "Call",
            "Nobody &lt;b&gt;at&lt;/b&gt; the desk",
            "DSP/",
            "160.00",
            "50.00",
            "890.00",
            "Too few",
        ):
            self.assertIn(words, seen)

    def test_what_is_seen_is_of_today(self):
        [action] = self.proposed()
        self.dispute(self.overdue, 400)
        self.pay(500, MONDAY, self.old)
        seen = str(self.seen_by(self.manager, action).decision)
        self.assertIn("600.00", seen)
        self.assertIn("60.00", seen)
        self.assertNotIn(self.old.name, seen)
        self.pay(1000, MONDAY, self.overdue)
        self.assertIn("Nothing of it", str(self.seen_by(self.manager, action).decision))

    def test_what_it_takes_to_see_many_does_not_grow_with_them(self):
        for number in range(5):
            customer = self.create_customer(f"More {number}")
            self.create_invoice(customer, 100, day(-30))
        self.run_day(MONDAY)
        waiting = self.env["recobro.action"].search(
            [("state", "=", "to_approve"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(waiting), 6)
        counts = []
        for actions in (waiting[:2], waiting):
            env = self.as_user(self.manager)
            decision.decisions(actions.with_env(env), MONDAY)
            env.invalidate_all()
            before = env.cr.sql_log_count
            decision.decisions(actions.with_env(env), MONDAY)
            counts.append(env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_with_its_history_the_net_that_usually_comes_back_is_seen(self):
        for number in range(3):
            customer = self.create_customer(f"Before {number}")
            invoice = self.create_invoice(customer, 100, day(-30))
            case = self.env_on(MONDAY)["recobro.case"]._open_for(customer, self.company)
            placing.place(case, self.agency, self.item(invoice), MONDAY)
            self.pay_invoice(invoice, 40, day(1))
            self.refresh(customer, day(2))
            placing.recall(case.placement_id.with_env(self.env_on(day(2))).sudo(), "Enough")
        [action] = self.proposed(day(3))
        seen = str(self.seen_by(self.manager, action, day(3)).decision)
        self.assertIn("usual", seen)
        self.assertIn("40", seen)

    def test_approved_it_is_handed_over_and_the_items_climb(self):
        [action] = self.proposed()
        self.decide(action).action_approve()
        placement = self.delivered(action)
        self.assertEqual((placement.state, placement.agency_id), ("placed", self.agency))
        self.assertEqual((placement.approved_by_id, placement.amount), (self.manager, 1500))
        self.assertEqual(action.state, "done")
        self.assertEqual(self.levels_of(self.overdue), [10])
        self.assertEqual(self.stage(MONDAY), "agency")
        self.run_days(day(1), day(5))
        self.assertFalse(self.tasks_of(self.customer, "to_approve", "planned"))

    def test_recalled_the_case_is_ours_again_although_a_level_handed_it_over(self):
        [action] = self.proposed()
        self.decide(action).action_approve()
        placement = self.delivered(action)
        env = self.as_user(self.manager, day(2))
        env["recobro.placement.end"].create({"placement_id": placement.id, "reason": "Enough"}).action_end()
        self.assertEqual(self.stage(day(2)), "internal")
        self.run_days(day(3), day(9))
        self.assertFalse(self.tasks_of(self.customer, "to_approve"), "a level is not given twice")

    def test_what_is_paid_after_it_was_approved_is_not_handed_over(self):
        [action] = self.proposed()
        self.decide(action).action_approve()
        self.pay(1000, MONDAY, self.overdue)
        self.assertEqual(self.delivered(action).line_ids.item_id.mapped("name"), [self.old.name])

    def test_a_promise_after_it_was_approved_keeps_it_here(self):
        [action] = self.proposed()
        self.decide(action).action_approve()
        self.promise(100, day(3))
        self.assertFalse(self.delivered(action))
        self.assertEqual((action.state, action.reason), ("skipped", "held"))

    def test_what_is_blocked_is_not_approved_and_it_says_why(self):
        [action] = self.proposed()
        self.promise(100, day(3))
        with self.assertRaisesRegex(UserError, "has promised"):
            self.decide(action).action_approve()
        self.assertEqual(action.state, "to_approve")
        self.assertIn("has promised", str(self.seen_by(self.manager, action).decision))

    def test_refused_it_waits_before_it_is_proposed_again_and_nothing_climbs(self):
        self.policy.refusal_days = 5
        [action] = self.proposed()
        with self.assertRaisesRegex(UserError, "why not"):
            self.decide(action).action_refuse()
        self.decide(action, reason="We are talking to their new owner").action_refuse()
        self.env.invalidate_all()
        self.assertEqual((action.state, action.reason, action.refused_until), ("skipped", "refused", day(5)))
        self.assertFalse(self.case.activity_search(["recobro_module.activity_type_approve"]))
        self.run_days(day(1), day(4))
        self.assertFalse(self.tasks_of(self.customer, "to_approve"))
        self.assertFalse(self.levels_of(self.old))
        self.run_day(day(7))
        self.assertTrue(self.tasks_of(self.customer, "to_approve"))
        said = self.case.interaction_ids.mapped("summary")
        self.assertTrue(any("new owner" in (line or "") for line in said))

    def test_any_step_that_a_person_refused_waits(self):
        self.level.active = False
        reminder = self.policy.level_ids.filtered(lambda level: level.delay_days == 3)
        reminder.needs_approval = True
        self.policy.entry_level_id = reminder
        [action] = self.proposed()
        self.assertFalse(action.is_rise)
        dialog = self.decide(action, reason="They are our largest customer")
        self.assertIn("What it says", dialog.cards)
        dialog.action_refuse()
        self.run_day(day(1))
        self.assertFalse(self.tasks_of(self.customer, "to_approve"))
        self.assertIn("refused", self.reasons_of(self.customer))

    def test_where_the_level_names_nobody_who_approves_chooses(self):
        self.level.agency_id = False
        [action] = self.proposed()
        with self.assertRaisesRegex(UserError, "choose whom"):
            self.decide(action).action_approve()
        dialog = Form(self.decide(action))
        self.assertIn("Choose whom", dialog.cards)
        dialog.agency_id = self.agency
        self.assertIn("200.00", dialog.cards)
        dialog.save().action_approve()
        self.assertEqual(self.delivered(action).agency_id, self.agency)

    def test_once_it_is_chosen_whom_a_promise_is_still_shown(self):
        self.level.agency_id = False
        [action] = self.proposed()
        self.promise(100, day(3))
        cards = str(self.decide(action, agency_id=self.agency.id).cards)
        self.assertIn("has promised", cards)
        self.assertNotIn("choose whom", cards)

    def test_many_are_approved_at_once(self):
        other = self.create_customer("Another")
        self.create_invoice(other, 250, day(-20))
        actions = self.proposed() | self.tasks_of(other, "to_approve")
        self.assertEqual(len(actions), 2)
        dialog = self.decide(actions)
        for customer in (self.customer, other):
            self.assertIn(customer.name, str(dialog.cards))
        dialog.action_approve()
        self.assertEqual(set(actions.mapped("state")), {"planned"})

    def test_of_many_the_blocked_one_waits(self):
        other = self.create_customer("Another")
        self.create_invoice(other, 250, day(-20))
        mine, others = self.proposed(), self.tasks_of(other, "to_approve")
        self.promise(100, day(3))
        self.decide(mine | others).action_approve()
        self.assertEqual((mine.state, others.state), ("to_approve", "planned"))

    def test_only_a_manager_decides(self):
        [action] = self.proposed()
        for user in (self.collector, self.accountant, self.employee):
            with self.assertRaises(AccessError):
                self.seen_by(user, action).action_decide()
            with self.assertRaises(AccessError):
                self.decide(action, user=user)
        self.seen_by(self.manager, action).action_decide()
