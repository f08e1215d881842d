"""Who may see and work placements, and what no client may do behind the screens."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MONDAY
from .frames import rights
from .placement_case import PlacementCase
from .test_promises import day

MODELS = (
    "recobro.agency",
    "recobro.agency.tariff",
    "recobro.placement",
    "recobro.placement.line",
    "recobro.placement.bill",
)
#: What each kind of user may do with each of them.
ALLOWED = {
    "collector": ("r", "r", "r", "r", "r"),
    "manager": ("rwcd", "rwcd", "rw", "r", "r"),
    "accountant": ("r", "r", "r", "r", "r"),
    "auditor": ("r", "r", "r", "r", "r"),
    "employee": ("", "", "", "", ""),
    "portal": ("", "", "", "", ""),
}


class TestPlacementSecurity(PlacementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            "collector": cls.collector,
            "manager": cls.manager,
            "accountant": cls.accountant,
            "auditor": cls.create_user("placement_auditor", "account.group_account_readonly"),
            "employee": cls.employee,
            "portal": cls.portal,
        }
        cls.other_company = cls.setup_other_company()["company"]
        cls.stranger = new_test_user(
            cls.env,
            "placement_stranger",
            "recobro_module.group_recobro_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def propose(self, user):
        """A hand-over that somebody proposes."""
        env = self.as_user(user)
        env["recobro.placement.place"].create({"case_id": self.case.id, "agency_id": self.agency.id}).action_propose()
        self.env.invalidate_all()
        return self.case.placement_id

    def end(self, placement, user, reason="They shouted"):
        env = self.as_user(user)
        env["recobro.placement.end"].create({"placement_id": placement.id, "reason": reason}).action_end()
        self.env.invalidate_all()

    def test_each_kind_of_user_may_do_what_its_work_needs_and_no_more(self):
        for name, letters in ALLOWED.items():
            for model, allowed in zip(MODELS, letters, strict=True):
                self.assertEqual(rights(self.as_user(self.users[name])[model]), set(allowed), f"{name} on {model}")

    def test_nobody_sees_what_is_of_a_company_that_is_not_theirs(self):
        placement = self.place()
        self.pay(100, day(2), self.overdue)
        self.judge(day(3))
        self.seen_by(self.manager, placement).action_bill()
        env = self.as_user(self.stranger)
        env = env(context={**env.context, "allowed_company_ids": self.other_company.ids})
        for record in (self.agency, self.agency.tariff_ids, placement, placement.line_ids, placement.bill_ids):
            self.assertTrue(record)
            self.assertFalse(env[record._name].search([("id", "in", record.ids)]), record._name)
        with self.assertRaises(AccessError):
            placement.with_env(env).action_end()
        with self.assertRaises(AccessError):
            placement.with_env(env).action_documents()

    def test_a_collector_proposes_and_a_manager_hands_over(self):
        with self.assertRaises(AccessError):
            self.as_user(self.collector)["recobro.placement.place"].create(
                {"case_id": self.case.id, "agency_id": self.agency.id}
            ).action_place()
        proposed = self.propose(self.collector)
        self.assertEqual((proposed.state, proposed.amount), ("proposed", 1500))
        self.assertFalse(proposed.hold_ids or proposed.placed_on)
        [asked] = proposed.sudo().activity_ids
        self.assertEqual(asked.user_id, self.manager)
        with self.assertRaises(AccessError):
            self.seen_by(self.collector, proposed).action_place()
        self.pay(400, MONDAY, self.overdue)
        self.seen_by(self.manager, proposed).action_place()
        self.env.invalidate_all()
        self.assertEqual((proposed.state, proposed.amount, proposed.approved_by_id), ("placed", 1100, self.manager))
        self.assertFalse(proposed.sudo().activity_ids)
        with self.assertRaisesRegex(UserError, "faster"):
            self.seen_by(self.manager, proposed).action_place()

    def test_a_manager_refuses_a_proposal_with_a_reason(self):
        proposed = self.propose(self.collector)
        with self.assertRaises(AccessError):
            self.end(proposed, self.collector)
        with self.assertRaisesRegex(UserError, "Write down why"):
            self.end(proposed, self.manager, " ")
        self.end(proposed, self.manager, "Too small")
        self.assertEqual((proposed.state, proposed.end_reason), ("refused", "Too small"))
        self.assertFalse(self.case.placement_id)

    def test_only_a_manager_recalls(self):
        placement = self.place()
        for user in (self.collector, self.accountant, self.employee):
            with self.assertRaises(AccessError):
                self.end(placement, user)
            with self.assertRaises(AccessError):
                self.seen_by(user, placement).action_end()
        self.end(placement, self.manager)
        self.assertEqual(placement.state, "recalled")
        with self.assertRaisesRegex(UserError, "can be recalled"):
            self.end(placement, self.manager)

    def test_what_was_agreed_is_not_rewritten(self):
        placement = self.seen_by(self.manager, self.place())
        for values in (
            {"state": "recalled"},
            {"agency_id": self.lawyer.id},
            {"fixed_cost": 0},
            {"line_ids": [Command.clear()]},
            {"partner_id": self.create_customer("Other").id},
            {"end_reason": "x"},
        ):
            with self.assertRaises(AccessError, msg=values):
                placement.write(values)
        placement.write({"until": day(120), "note": "Ask for Ana"})
        with self.assertRaises(AccessError):
            self.as_user(self.manager)["recobro.placement"].create(
                {"partner_id": self.customer.id, "agency_id": self.agency.id}
            )
        with self.assertRaises(UserError):
            placement.sudo().unlink()

    def test_a_collector_who_may_not_see_the_case_hands_nothing_over(self):
        env = self.as_user(self.stranger)
        env = env(context={**env.context, "allowed_company_ids": self.other_company.ids})
        with self.assertRaises(AccessError):
            env["recobro.placement.place"].create(
                {"case_id": self.case.id, "agency_id": self.agency.id}
            ).action_propose()

    def test_an_agency_of_another_company_gets_nothing_of_ours(self):
        elsewhere = self.create_agency("Elsewhere", [(0, False, 0.1)], company=self.other_company)
        with self.assertRaisesRegex(UserError, "does not work for this company"):
            self.place(agency=elsewhere)

    def test_who_has_a_case_is_known_to_whoever_may_see_the_case(self):
        self.place()
        form = self.env["recobro.case"].get_view(view_type="form")["arch"]
        self.assertIn('name="placed_with"', form)
        for user in (self.collector, self.accountant, self.users["auditor"]):
            case = self.seen_by(user, self.case)
            self.assertEqual((case.placed_with, case.placed_until), ("Cobros del Norte", day(90)))
            self.assertTrue(case.placement_ids.read(["fee"]))

    def test_what_a_placement_holds_ends_with_it_alone(self):
        placement = self.place()
        with self.assertRaisesRegex(UserError, "belongs to"):
            self.seen_by(self.collector, placement.hold_ids).action_end()
        with self.assertRaises(AccessError):
            self.seen_by(self.manager, placement.hold_ids).write({"active": False})
