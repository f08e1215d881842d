"""A customer whom nobody can write to gets a plan on paper: printed, signed by hand, and as good as any other."""

from odoo.exceptions import AccessError, UserError

from odoo.addons.recobro_module.engine.plans import plan_agreement

from .common import MONDAY
from .test_plan_screens import _PDF, PlanScreens, day


class TestOnPaper(PlanScreens):
    def setUp(self):
        super().setUp()
        self.customer.email = False

    def draft(self, user=None, **terms):
        """A draft kept with the dialog, as the user who made it."""
        form = self.dialog(user)
        for name, value in terms.items():
            form[name] = value
        form.save().action_keep()
        return self.plan().with_env(self.as_user(user))

    def mailed(self, action):
        """Press a button; return what it opens, and whether anything was mailed."""
        with self.mock_mail_gateway():
            opened = action()
            self.env.flush_all()
        return opened, bool(self._new_mails)

    def held(self):
        return sum(self.env["recobro.hold"].search([("partner_id", "=", self.customer.id)]).mapped("amount"))

    def log(self):
        return self.env["recobro.interaction"].search([("case_id", "=", self.case.id)], order="id desc")

    def test_the_button_is_there_where_nobody_can_be_written_to(self):
        plan = self.draft()
        self.assertTrue(plan.is_unreachable)
        self.customer.email = "new@customer.example"
        self.env.invalidate_all()
        self.assertFalse(plan.is_unreachable)
        self.env["mail.blacklist"]._add("new@customer.example")
        self.env.invalidate_all()
        self.assertTrue(plan.is_unreachable)

    def test_proposed_on_paper_it_holds_its_items_and_is_printed_and_nothing_is_mailed(self):
        plan = self.draft()
        opened, is_mailed = self.mailed(plan.action_propose_on_paper)
        self.assertFalse(is_mailed)
        self.assertEqual((plan.state, plan.is_on_paper, plan.valid_until), ("proposed", True, day(7)))
        self.assertEqual(
            (opened["type"], opened["report_name"]),
            ("ir.actions.report", "recobro_module.plan_agreement_document"),
        )
        self.assertTrue(plan_agreement.is_intact(plan.sudo()))
        self.assertEqual((self.held(), self.chased(self.customer, MONDAY)), (1000, 0))

    def test_the_log_says_that_nothing_was_mailed(self):
        plan = self.draft()
        self.mailed(plan.action_propose_on_paper)
        line = self.log()[0]
        self.assertEqual((line.channel, line.direction, line.user_id), ("letter", "out", self.collector))
        self.assertIn("nothing was mailed", line.summary)
        self.assertIn(plan.name, line.summary)

    def test_a_colleague_of_another_language_prints_all_of_the_sheet_in_the_customers(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.customer.lang = "es_ES"
        place = self.env.ref("recobro_module.plan_agreement_to_sign")
        place.update_field_translations(
            "arch_db", {"es_ES": {"Accepted by the customer": "Aceptado por el cliente"}}, source_lang="en_US"
        )
        plan = self.draft()
        self.mailed(plan.action_propose_on_paper)
        reports = self.env["ir.actions.report"].with_context(lang="en_US")
        sheet = reports._render_qweb_html(plan_agreement.REPORT, plan.ids)[0].decode()
        self.assertIn("Aceptado por el cliente", sheet)
        self.assertNotIn("Accepted by the customer", sheet)

    def test_the_sheet_has_a_place_to_sign_until_it_is_signed(self):
        plan = self.draft()
        reports = self.env["ir.actions.report"]
        self.assertIn("Not accepted yet", str(reports._render_qweb_html(plan_agreement.REPORT, plan.ids)[0]))
        self.mailed(plan.action_propose_on_paper)
        sheet = reports._render_qweb_html(plan_agreement.REPORT, plan.ids)[0].decode()
        for words in (plan.name, "Accepted by the customer", "Place and date", "signature"):
            self.assertIn(words, sheet)
        self.sign(plan)
        sheet = reports._render_qweb_html(plan_agreement.REPORT, plan.ids)[0].decode()
        self.assertNotIn("Place and date", sheet)

    def sign(self, plan):
        """Record the signed sheet."""
        paper = self.as_user()["recobro.payment.plan.paper"].create(
            {"plan_id": plan.id, "name": "Rosa Peris", "file": _PDF, "file_name": "signed.pdf"}
        )
        self.mailed(paper.action_record)

    def test_signed_by_hand_it_is_in_force(self):
        plan = self.draft()
        self.mailed(plan.action_propose_on_paper)
        self.sign(plan)
        self.assertEqual((plan.state, plan.accepted_by, plan.signature_kind), ("active", "Rosa Peris", "paper"))
        self.assertFalse(plan_agreement.doubts(plan.sudo()))

    def test_by_mail_it_is_refused_and_told_that_there_is_paper(self):
        plan = self.draft()
        with self.assertRaisesRegex(UserError, "propose it on paper"), self.env.cr.savepoint():
            plan.action_propose()

    def test_not_signed_in_time_it_ends_as_any_other(self):
        plan = self.draft()
        self.mailed(plan.action_propose_on_paper)
        self.run_day(day(8))
        self.assertEqual((plan.state, self.held()), ("cancelled", 0))

    def test_where_the_manager_decides_it_goes_on_paper_when_they_have_approved_it(self):
        plan = self.draft(instalment_count=8)
        opened, _is_mailed = self.mailed(plan.action_propose_on_paper)
        self.assertEqual((plan.state, plan.is_on_paper, opened), ("to_approve", True, None))
        opened, is_mailed = self.mailed(plan.with_env(self.as_user(self.manager)).action_approve)
        self.assertEqual((plan.state, is_mailed, opened["type"]), ("proposed", False, "ir.actions.report"))
        self.assertEqual(plan.approved_by_id, self.manager)

    def test_a_manager_who_was_asked_for_a_mail_that_reaches_nobody_approves_it_on_paper(self):
        plan = self.draft(instalment_count=8)
        self.mailed(plan.action_propose)
        self.assertEqual((plan.state, plan.is_unreachable), ("to_approve", True))
        with self.assertRaises(AccessError):
            plan.action_approve_on_paper()
        opened, is_mailed = self.mailed(plan.with_env(self.as_user(self.manager)).action_approve_on_paper)
        self.assertEqual((plan.state, is_mailed, opened["type"]), ("proposed", False, "ir.actions.report"))

    def test_sent_by_mail_it_is_not_on_paper(self):
        self.customer.email = "new@customer.example"
        plan = self.draft()
        opened, is_mailed = self.mailed(plan.action_propose)
        self.assertEqual((opened, is_mailed, plan.is_on_paper), (None, True, False))
