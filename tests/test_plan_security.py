"""Who may see and work payment plans, and what no client may do behind the screens."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.plans import plan_making

from .common import MONDAY
from .frames import rights
from .plan_case import PlanCase
from .test_promises import day

MODELS = ("recobro.payment.plan", "recobro.payment.plan.line", "recobro.payment.plan.installment")
#: What each kind of user may do with a plan, its items and its instalments.
ALLOWED = {
    "collector": ("rwc", "r", "r"),
    "manager": ("rwc", "r", "r"),
    "accountant": ("r", "r", "r"),
    "auditor": ("r", "r", "r"),
    "employee": ("", "", ""),
    "portal": ("", "", ""),
    "public": ("", "", ""),
}
BUTTONS = (
    *("action_propose", "action_propose_on_paper", "action_approve", "action_approve_on_paper", "action_refuse"),
    *("action_cancel", "action_break", "action_resume"),
)


class TestPlanSecurity(PlanCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = {
            "collector": "recobro_module.group_recobro_user",
            "manager": "recobro_module.group_recobro_manager",
            "accountant": "account.group_account_invoice",
            "auditor": "account.group_account_readonly",
            "employee": "base.group_user",
            "portal": "base.group_portal",
            "public": "base.group_public",
        }
        cls.users = {name: cls.create_user(f"plan_{name}", group) for name, group in groups.items()}
        cls.other_company = cls.setup_other_company()["company"]
        cls.stranger = new_test_user(
            cls.env,
            "plan_stranger",
            "recobro_module.group_recobro_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )

    def seen_by(self, name, record):
        """The record as a user sees it."""
        return record.with_env(self.as_user(self.users[name]))

    def seen_by_stranger(self, record):
        """The record as the manager of another company sees it."""
        env = self.as_user(self.stranger)
        return record.with_env(env(context={**env.context, "allowed_company_ids": self.other_company.ids}))

    def test_nobody_reads_the_letter_of_a_plan_they_may_not_see(self):
        plan = self.offer()
        self.assertTrue(self.seen_by("auditor", plan).get_letter().title)
        for seen in (self.seen_by("employee", plan), self.seen_by("portal", plan), self.seen_by_stranger(plan)):
            with self.assertRaises(AccessError):
                seen.get_letter()

    def test_each_kind_of_user_may_do_what_its_work_needs_and_no_more(self):
        for name, letters in ALLOWED.items():
            for model, allowed in zip(MODELS, letters, strict=True):
                self.assertEqual(rights(self.seen_by(name, self.env[model])), set(allowed), f"{name} on {model}")

    def test_nobody_sees_or_decides_the_plans_of_a_company_that_is_not_theirs(self):
        plan = self.plan()
        for record in (plan, plan.line_ids, plan.installment_ids):
            self.assertFalse(self.seen_by_stranger(record).search([("id", "in", record.ids)]))
            with self.assertRaises(AccessError), self.cr.savepoint():
                self.seen_by_stranger(record).read(["company_id"])
        for button in BUTTONS:
            with self.subTest(button), self.assertRaises(AccessError), self.cr.savepoint():
                getattr(self.seen_by_stranger(plan), button)()
        self.assertEqual(plan.state, "active")

    def test_only_collectors_press_the_buttons(self):
        plan = self.draft()
        for name in ("accountant", "auditor", "employee", "portal", "public"):
            for button in BUTTONS:
                with self.subTest(f"{name} {button}"), self.assertRaises(AccessError), self.cr.savepoint():
                    getattr(self.seen_by(name, plan), button)()
        self.assertEqual(plan.state, "draft")

    def test_what_only_the_manager_decides_no_collector_does(self):
        plan = self.plan()
        for button in BUTTONS[2:]:
            with self.subTest(button), self.assertRaises(AccessError), self.cr.savepoint():
                getattr(self.seen_by("collector", plan), button)()
        self.assertEqual(plan.state, "active")

    def test_nobody_makes_or_rewrites_a_plan_round_its_dialogs(self):
        plan = self.draft()
        mine = self.seen_by("manager", plan)
        with self.assertRaises(AccessError), self.cr.savepoint():
            mine.create({"partner_id": self.customer.id, "amount": 1, "currency_id": plan.currency_id.id})
        for values in (
            {"state": "active"},
            {"amount": 1},
            {"discount": 999},
            {"approved_by_id": self.env.uid},
            {"valid_until": day(900)},
            {"missed_count": 0, "resumed_on": MONDAY},
            {"is_stopped": True},
            {"partner_id": self.create_customer("Other").id},
            {"line_ids": [Command.update(plan.line_ids.id, {"amount": 1})]},
            {"installment_ids": [Command.update(plan.installment_ids[0].id, {"due_date": day(300)})]},
        ):
            with self.subTest(values), self.assertRaises(AccessError), self.cr.savepoint():
                mine.write(values)
        for record in (mine.line_ids, mine.installment_ids):
            with self.assertRaises(AccessError), self.cr.savepoint():
                record.unlink()
        mine.write({"note": "They ask for the summer"})

    def test_a_plan_is_never_deleted(self):
        plan = self.draft()
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.seen_by("manager", plan).unlink()
        with self.assertRaisesRegex(UserError, "is kept"):
            plan.sudo().unlink()

    def test_a_contact_of_another_customer_can_not_be_put_on_a_plan(self):
        other = self.create_contact(self.create_customer("Other"), "Somebody")
        with self.assertRaisesRegex(UserError, "does not belong"):
            self.seen_by("collector", self.draft()).write({"contact_id": other.id})

    def test_items_of_another_company_s_ledger_can_be_in_no_plan(self):
        env = self.env(context={**self.env.context, "allowed_company_ids": self.other_company.ids})
        theirs = type("Other", (type(self),), {"env": env}).create_invoice(self.customer, 500, day(-5))
        self.env["recobro.item"].sudo().create(
            {
                "name": theirs.name,
                "company_id": self.other_company.id,
                "partner_id": self.customer.id,
                "res_id": theirs.line_ids.filtered(lambda line: line.account_type == "asset_receivable").id,
                "move_id": theirs.id,
                "due_date": day(-5),
                "currency_id": theirs.currency_id.id,
                "amount_open": 500,
            }
        )
        terms = plan_making.Terms(items=self.items_of(theirs).sudo(), first_day=day(7))
        with self.assertRaisesRegex(UserError, "still owes"):
            plan_making.make(self.case.with_env(self.env_on(MONDAY)), terms)

    def test_two_colleagues_who_propose_the_same_draft_send_it_once(self):
        plan = self.offer()
        with self.assertRaisesRegex(UserError, "faster"):
            plan.action_propose()
