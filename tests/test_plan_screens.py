"""The screens of payment plans: the dialog that shows what its terms make, buttons, acceptance on paper, policies."""

from base64 import b64encode
from datetime import date, timedelta

from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .common import MONDAY, RecobroCase, lived

_PDF = b64encode(b"%PDF-1.4\n%%EOF\n")


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class PlanScreens(RecobroCase):
    """A customer with 1 000 overdue, a policy with limits, and people with different rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write(
            {
                "plan_max_instalments": 6,
                "plan_max_months": 6,
                "plan_minimum_instalment": 50,
                "plan_approval_amount": 2000,
                "settlement_approval_amount": 100,
                "plan_remainder": "last",
            }
        )
        cls.collector = cls.create_user("plan_collector", "recobro_module.group_recobro_user")
        cls.manager = cls.create_user("plan_manager", "recobro_module.group_recobro_manager")
        cls.accountant = cls.create_user("plan_accountant", "account.group_account_invoice")

    @classmethod
    def create_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login,
            groups,
            email=f"{login}@seller.example",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer("Instalment Payer")
        self.overdue = self.create_invoice(self.customer, 1000, day(-10))
        self.refresh(self.customer, MONDAY)
        self.case = self.env_on(MONDAY)["recobro.case"]._open_for(self.customer, self.company)

    def as_user(self, user=None, when=MONDAY):
        """The environment of a user who lives on a day, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"recobro_as_of": lived(when), "allowed_company_ids": self.company.ids}
        return self.env(user=user or self.collector, su=False, context=context)

    def dialog(self, user=None, when=MONDAY, **context):
        """The dialog as the button of the case opens it."""
        env = self.as_user(user, when)
        action = self.case.with_env(env).action_payment_plan()
        return Form(env[action["res_model"]].with_context(**{**env.context, **action["context"], **context}))

    def change_dialog(self, plan, user=None):
        """The dialog as the button of a draft opens it."""
        env = self.as_user(user)
        return Form(env["recobro.payment.plan.make"].with_context(default_plan_id=plan.id))

    def plan(self):
        """The one plan of the customer."""
        return self.env["recobro.payment.plan"].search([("partner_id", "=", self.customer.id)])

    def propose(self, user=None):
        """Propose a plan with the dialog as it opens; return it."""
        with self.mock_mail_gateway():
            self.dialog(user).save().action_propose()
        return self.plan()

    @staticmethod
    def schedule(form):
        """The rows of the schedule beside the terms, as lists of words without spaces at their ends."""
        rows = html.fromstring(str(form.preview)).xpath("//tbody/tr")
        return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]

    def amounts(self, form):
        """The amounts of the schedule."""
        return [row[2] for row in self.schedule(form)]

    @staticmethod
    def words(form):
        """All that stands beside the terms."""
        return " ".join(html.fromstring(str(form.preview)).text_content().split())


class TestDialog(PlanScreens):
    def test_it_opens_with_what_is_overdue_in_three_instalments_and_shows_them(self):
        form = self.dialog()
        self.assertEqual((form.debt, form.instalment_count), (1000, 3))
        self.assertEqual(self.amounts(form), ["$ 333.33", "$ 333.33", "$ 333.34"])
        self.assertEqual([row[3] for row in self.schedule(form)], ["$ 666.67", "$ 333.34", "$ 0.00"])
        self.assertFalse(form.refusal)
        self.assertFalse(form.approval_reason)

    def test_the_schedule_follows_each_term_as_it_is_typed(self):
        form = self.dialog()
        form.first_date = date(2026, 3, 31)
        self.assertEqual(
            [row[1] for row in self.schedule(form)], ["Tue 31 Mar 2026", "Thu 30 Apr 2026", "Sun 31 May 2026"]
        )
        form.instalment_count = 4
        self.assertEqual(self.amounts(form), ["$ 250.00"] * 4)
        form.split = "each"
        form.instalment_amount = 300
        self.assertEqual(self.amounts(form), ["$ 300.00", "$ 300.00", "$ 300.00", "$ 100.00"])
        form.down_payment = 400
        self.assertEqual(self.amounts(form), ["$ 400.00", "$ 300.00", "$ 300.00"])
        self.assertIn("Down payment", self.schedule(form)[0][1])
        form.rhythm = "weekly"
        self.assertEqual(self.schedule(form)[-1][1], "Tue 14 Apr 2026")
        form.discount = 100
        self.assertEqual(self.amounts(form), ["$ 400.00", "$ 300.00", "$ 200.00"])
        self.assertIn("Forgiven when all is paid in time $ 100.00", self.words(form))

    def test_the_cent_that_is_left_over_goes_where_the_policy_says(self):
        self.create_invoice(self.customer, 100, day(-5))
        self.pay_invoice(self.overdue, day=day(-1))
        self.assertEqual(self.amounts(self.dialog()), ["$ 33.33", "$ 33.33", "$ 33.34"])
        self.policy.plan_remainder = "first"
        self.assertEqual(self.amounts(self.dialog()), ["$ 33.34", "$ 33.33", "$ 33.33"])

    def test_why_it_cannot_be_is_said_at_once_and_what_was_typed_stays(self):
        form = self.dialog()
        form.discount = 1000
        form.note = "Agreed with Rosa"
        self.assertIn("discount must be smaller", form.refusal)
        self.assertIn("discount must be smaller", self.words(form))
        self.assertEqual(self.schedule(form), [])
        wizard = form.save()
        with self.assertRaisesRegex(UserError, "discount must be smaller"):
            wizard.action_propose()
        self.assertEqual((wizard.discount, wizard.note), (1000, "Agreed with Rosa"))
        self.assertFalse(self.plan())

    def test_what_is_still_missing_is_said_in_words(self):
        form = self.dialog()
        form.split = "each"
        self.assertEqual(form.refusal, "Say how much each instalment is.")
        form.instalment_amount = 500
        form.item_ids.clear()
        self.assertEqual(form.refusal, "Choose at least one open invoice.")
        with self.assertRaisesRegex(UserError, "at least one open invoice"):
            form.save().action_keep()

    def test_why_the_manager_decides_is_said_before_anybody_is_asked(self):
        form = self.dialog()
        form.instalment_count = 8
        form.discount = 300
        self.assertFalse(form.refusal)
        reasons = form.approval_reason.splitlines()
        self.assertEqual(len(reasons), 3, "instalments, months, discount")
        for reason in reasons:
            self.assertIn(" ".join(reason.split()), self.words(form))
        with self.mock_mail_gateway():
            form.save().action_propose()
        self.assertEqual(self.plan().state, "to_approve")

    def test_what_they_paid_a_month_stands_beside_it(self):
        self.pay_invoice(self.create_invoice(self.customer, 6000, day(-60)), day=day(-30))
        form = self.dialog()
        self.assertIn("They paid $ 500.00 a month in the last 12 months.", self.words(form))
        self.assertIn("$ 333.34 a month, 67 % of that", self.words(form))
        form.rhythm = "weekly"
        self.assertIn("More than they pay in a usual month", self.words(form))

    def test_of_who_paid_nothing_it_says_so(self):
        self.assertIn("They have paid nothing in the last 12 months.", self.words(self.dialog()))

    def test_who_may_accept_it_is_proposed(self):
        role = self.env["recobro.contact.role"].create({"name": "Signs", "may_accept_plan": True})
        self.create_contact(self.customer, "Buyer")
        signer = self.create_contact(self.customer, "Signer", role)
        self.assertEqual(self.dialog().contact_id, signer)

    def test_from_an_invoice_it_is_about_that_invoice(self):
        other = self.create_invoice(self.customer, 300, day(20))
        env = self.as_user()
        context = {"default_partner_id": self.customer.id, "default_move_ids": other.ids}
        self.assertEqual(Form(env["recobro.payment.plan.make"].with_context(**context)).debt, 300)
        action = other.with_env(self.as_user(self.manager_accountant())).action_recobro_payment_plan()
        self.assertEqual(action["context"]["default_move_ids"], other.ids)

    def manager_accountant(self):
        """Somebody who may open invoices and make plans."""
        return self.create_user("plan_both", "recobro_module.group_recobro_user,account.group_account_invoice")

    def test_from_a_customer_without_a_case_one_is_opened(self):
        other = self.create_customer("Caseless")
        self.create_invoice(other, 70, day(-3))
        env = self.as_user()
        action = other.with_env(env).action_recobro_payment_plan()
        form = Form(env[action["res_model"]].with_context(**action["context"]))
        form.instalment_count = 1
        form.save().action_keep()
        plan = self.env["recobro.payment.plan"].search([("partner_id", "=", other.id)])
        self.assertEqual((plan.state, plan.case_id), ("draft", self.case_of(other)))

    def test_a_draft_is_edited_again_with_its_own_terms(self):
        form = self.dialog()
        form.instalment_count = 4
        form.down_payment = 200
        form.rhythm = "fortnightly"
        form.note = "Calls back on Friday"
        form.save().action_keep()
        plan = self.plan()
        again = self.change_dialog(plan)
        self.assertEqual(
            (again.instalment_count, again.down_payment, again.rhythm, again.note, again.item_ids[:]),
            (4, 200, "fortnightly", "Calls back on Friday", plan.line_ids.item_id),
        )
        again.instalment_count = 2
        again.discount = 50
        again.save().action_keep()
        self.assertEqual((len(plan.installment_ids), plan.discount, plan.total), (3, 50, 950))
        self.assertEqual(len(self.plan()), 1, "it is the same plan")

    def test_a_plan_that_was_proposed_is_not_changed_any_more(self):
        plan = self.propose()
        self.assertEqual(plan.state, "proposed")
        with self.assertRaises(UserError):
            self.change_dialog(plan).save().action_keep()

    def test_nothing_is_told_of_the_items_of_another_customer(self):
        stranger = self.create_customer("Stranger")
        secret = self.create_invoice(stranger, 77777, day(-10))
        self.refresh(stranger, MONDAY)
        wizard = self.dialog().save()
        wizard.item_ids = [Command.set(self.items_of(secret).ids or self.known(secret).ids)]
        self.assertEqual(wizard.debt, 0)
        self.assertNotIn("77,777", str(wizard.preview))
        with self.assertRaises(UserError):
            wizard.action_keep()

    def known(self, invoice):
        """The item of an invoice, known from now on."""
        from odoo.addons.recobro_module.engine import open_items

        open_items.meet(self.env, self.company, MONDAY, invoice.commercial_partner_id.ids)
        return self.items_of(invoice)

    def test_another_company_sees_nothing_of_it(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        env = self.as_user()
        context = {"default_partner_id": self.customer.id, "default_company_id": other.id}
        form = Form(env["recobro.payment.plan.make"].with_context(**context))
        self.assertEqual(form.debt, 0)
        self.assertFalse(form.preview)

    def test_an_accountant_without_collections_makes_no_plan(self):
        env = self.as_user(self.accountant)
        with self.assertRaises(AccessError):
            env["recobro.payment.plan.make"].create({"partner_id": self.customer.id})
        with self.assertRaises(AccessError):
            env["recobro.payment.plan.paper"].create({"name": "x", "file": _PDF})


class TestForm(PlanScreens):
    def buttons(self, user):
        """The buttons in the head of a plan's form that a user gets."""
        env = self.as_user(user)
        arch = html.fromstring(env["recobro.payment.plan"].get_view(view_type="form")["arch"])
        return {button.get("string") for button in arch.xpath("//header/button")}

    def test_only_a_manager_gets_the_buttons_of_a_manager(self):
        of_collectors = {"Propose", "Propose on paper", "Change", "Accepted on paper", "Print", "Cancel"}
        of_managers = {"Approve", "Approve on paper", "Refuse", "Resume", "Break", "Take the discount back"}
        self.assertEqual(self.buttons(self.collector), of_collectors)
        self.assertEqual(self.buttons(self.manager), of_collectors | of_managers)
        self.assertEqual(self.buttons(self.accountant), set())

    def test_the_list_of_plans_to_approve_is_the_managers(self):
        menu = self.env.ref("recobro_module.menu_recobro_plans_approve")
        self.assertIn(menu.id, self.as_user(self.manager)["ir.ui.menu"]._visible_menu_ids())
        self.assertNotIn(menu.id, self.as_user(self.collector)["ir.ui.menu"]._visible_menu_ids())

    def test_an_accountant_reads_plans_and_their_instalments(self):
        plan = self.propose()
        plan = plan.with_env(self.as_user(self.accountant))
        self.assertEqual(plan.installment_ids.mapped("amount"), [333.33, 333.33, 333.34])
        self.assertTrue(plan.display_name)

    def test_the_case_shows_its_plans(self):
        plan = self.propose()
        self.assertEqual(self.case.with_env(self.as_user()).payment_plan_ids, plan)

    # -------------------------------------------------------------------------
    # PAPER
    # -------------------------------------------------------------------------

    def paper(self, plan, **values):
        """The dialog in which acceptance on paper is recorded, filled in unless told otherwise."""
        env = self.as_user()
        form = Form(env["recobro.payment.plan.paper"].with_context(default_plan_id=plan.id))
        for name, value in {"name": "Rosa Peris", "file": _PDF, **values}.items():
            form[name] = value
        return form

    def accept_on_paper(self, plan, **values):
        with self.mock_mail_gateway():
            self.paper(plan, **values).save().action_record()

    def test_acceptance_on_paper_puts_the_plan_in_force_with_the_sheet_as_its_evidence(self):
        plan = self.propose()
        self.accept_on_paper(plan)
        self.assertEqual((plan.state, plan.accepted_by, plan.signature_kind), ("active", "Rosa Peris", "paper"))
        self.assertIn(b"%PDF", plan.evidence_id.raw)
        self.assertEqual(plan.installment_ids.mapped("state"), ["open"] * 3)

    def test_the_day_on_which_a_paper_was_signed_is_kept_with_its_evidence(self):
        plan = self.propose()
        self.accept_on_paper(plan)
        self.assertEqual(plan.signed_on, MONDAY)
        with self.assertRaises(AccessError):
            plan.with_env(self.as_user()).write({"signed_on": day(1)})

    def test_acceptance_on_paper_needs_the_sheet(self):
        plan = self.propose()
        with self.assertRaisesRegex(AssertionError, "file is a required field"):
            self.paper(plan, file=False).save()

    def test_a_sheet_is_a_scan_and_nothing_else(self):
        plan = self.propose()
        wizard = self.paper(plan, file=b64encode(b"MZ this program")).save()
        with self.assertRaisesRegex(UserError, "PDF"):
            wizard.action_record()
        self.assertEqual(plan.state, "proposed")

    def test_nobody_signs_tomorrow_or_before_it_was_proposed(self):
        plan = self.propose()
        for signed_on in (day(1), day(-1)):
            with self.assertRaisesRegex(UserError, "correct the day"):
                self.paper(plan, signed_on=signed_on).save().action_record()
        self.assertEqual(plan.state, "proposed")


class TestPolicy(PlanScreens):
    def ladder(self, policy, subject):
        """The days of the levels of a policy about one subject."""
        return sorted(policy.level_ids.filtered(lambda level: level.subject == subject).mapped("delay_days"))

    def test_the_policy_form_keeps_both_ladders_apart(self):
        self.policy._add_instalment_levels()
        invoices, instalments = self.ladder(self.policy, "invoice"), self.ladder(self.policy, "instalment")
        template = self.policy.level_ids.template_id[:1]
        with Form(self.policy) as form:
            self.assertEqual(len(form.invoice_level_ids), len(invoices))
            self.assertEqual(len(form.instalment_level_ids), len(instalments))
            with form.instalment_level_ids.new() as level:
                level.name, level.delay_days, level.template_id = "Instalment: last call", 5, template
        self.assertEqual(self.ladder(self.policy, "invoice"), invoices)
        self.assertEqual(self.ladder(self.policy, "instalment"), sorted([*instalments, 5]))

    def test_a_new_policy_begins_with_a_level_for_invoices(self):
        template = self.policy.level_ids.template_id[:1]
        form = Form(self.env["recobro.policy"])
        form.name = "Begun here"
        with form.invoice_level_ids.new() as level:
            level.name, level.delay_days, level.template_id = "First", 3, template
        policy = form.save()
        self.assertEqual((self.ladder(policy, "invoice"), self.ladder(policy, "instalment")), ([3], []))

    def test_a_policy_without_levels_for_instalments_takes_the_usual_ones_by_a_button(self):
        self.policy.level_ids.filtered(lambda level: level.subject == "instalment").unlink()
        self.policy.action_add_instalment_levels()
        self.assertEqual(self.ladder(self.policy, "instalment"), [-7, 0, 2])
        self.policy.action_add_instalment_levels()
        self.assertEqual(self.ladder(self.policy, "instalment"), [-7, 0, 2], "once")
        self.assertEqual(self.policy.instalment_level_ids.recipient_role_ids.role_id, self.treasury)

    def test_without_usual_levels_to_take_the_button_says_what_to_do(self):
        self.env.ref("recobro_module.policy_default").instalment_level_ids.unlink()
        with self.assertRaisesRegex(UserError, "add levels"):
            self.policy.action_add_instalment_levels()

    def test_the_limits_of_plans_are_typed_on_the_policy(self):
        with Form(self.policy) as form:
            form.plan_max_instalments, form.plan_tolerance_days, form.plan_remainder = 24, 4, "first"
        self.assertEqual(
            (self.policy.plan_max_instalments, self.policy.plan_tolerance_days, self.policy.plan_remainder),
            (24, 4, "first"),
        )
