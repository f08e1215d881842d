"""The agreement on a payment plan: what is read is what is signed, and the evidence of it stays as it is."""

import base64
import uuid
from datetime import timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from odoo import SUPERUSER_ID, Command, api
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.plans import plan_agreement, plan_making
from odoo.addons.recobro_module.engine.plans.plan_agreement import Evidence
from odoo.addons.recobro_module.engine.plans.plan_terms import Terms

from .common import MONDAY, RecobroCase, lived
from .frames import AtOnceCase

#: A mail as the gateway gets it.
_ANSWER = """Return-Path: {return_path}
To: {to}
Cc: {cc}
From: {email_from}
Subject: {subject}
Date: {date}
Message-ID: {msg_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{extra}

Friday suits us better.
"""


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


def drawing(size=(300, 100), blank=False):
    """A signature as the browser sends it: a PNG, base64."""
    image = Image.new("RGBA", size, (0, 0, 0, 0))
    if not blank:
        ImageDraw.Draw(image).line((10, 80, 150, 20, 290, 80), fill=(0, 0, 0, 255), width=3)
    data = BytesIO()
    image.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


class AgreementCase(RecobroCase):
    """A customer who owes 1 000 and 500, their treasurer, and a collector who proposes them a plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"plan_approval_amount": 100000, "settlement_approval_amount": 100000})
        cls.collector = new_test_user(
            cls.env,
            f"agreement_{uuid.uuid4().hex[:6]}",
            "recobro_module.group_recobro_user",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            email="collector@seller.example",
        )

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer("Signer")
        self.treasurer = self.create_contact(self.customer, "Teresa Till", self.treasury)
        self.first = self.create_invoice(self.customer, 1000, day(-10))
        self.second = self.create_invoice(self.customer, 500, day(-5))
        self.refresh(self.customer, MONDAY)
        self.case = self.env_on(MONDAY)["recobro.case"]._open_for(self.customer, self.company)

    def as_collector(self, when=MONDAY):
        """The environment of the collector, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"recobro_as_of": lived(when), "allowed_company_ids": self.company.ids}
        return self.env(user=self.collector, su=False, context=context)

    def draft(self, contact=None, **terms):
        """A draft of a plan for both invoices, made by the collector."""
        env = self.as_collector()
        case = self.case.with_env(env)
        items = plan_making.propose_terms(env, self.company, self.customer, MONDAY).items
        values = {"contact_id": contact.id} if contact else {}
        plan = plan_making.make(case, Terms(items, first_day=day(4), **terms), **values, user_id=self.collector.id)
        return plan.with_env(env)

    def proposed(self, contact=None, **terms):
        """A plan that was sent to the customer."""
        plan = self.draft(contact, **terms)
        with self.mock_mail_gateway():
            plan.action_propose()
        return plan.sudo()

    def evidence(self, **values):
        """The evidence that the portal gives of the treasurer's signature."""
        return Evidence(
            **{
                "name": "Teresa Till",
                "contact": self.treasurer,
                "kind": "drawn",
                "signature": drawing(),
                "address": "203.0.113.7",
                "browser": "Mozilla/5.0 (Test)",
                **values,
            }
        )

    def accept(self, plan, when=MONDAY, **values):
        """Accept a plan on a day, as the portal does."""
        plan_agreement.accept(plan.with_env(self.env_on(when)).sudo(), self.evidence(**values), when)
        self.env.invalidate_all()


class TestText(AgreementCase):
    def test_the_text_names_parties_invoices_payments_and_what_happens_when_one_is_missed(self):
        plan = self.proposed(count=3)
        text = plan.agreement
        for words in (
            self.company.name,
            "Signer",
            self.first.name,
            self.second.name,
            "1,500.00",
            "500.00",
            "Mar 6, 2026",
            "If a payment is missed, the plan ends.",
            plan.name,
        ):
            self.assertIn(words, text)
        self.assertNotIn("forgive", text)

    def test_the_text_of_a_settlement_says_on_which_condition_how_much_is_forgiven(self):
        text = self.proposed(count=1, discount=300).agreement
        self.assertIn("300.00", text)
        self.assertIn("If every payment reaches us by its day, we forgive", text)
        self.assertIn("1,200.00", text)

    def test_the_tolerance_and_the_missed_payments_of_the_policy_are_in_the_text(self):
        self.policy.write({"plan_tolerance_days": 3, "plan_missed_limit": 2})
        text = self.proposed(count=3).agreement
        self.assertIn("3 working days later", text)
        self.assertIn("If 2 payments are missed", text)

    def test_what_is_in_a_name_is_not_taken_for_html(self):
        self.customer.name = "<script>alert(1)</script> & Co"
        text = self.proposed().agreement
        self.assertNotIn("<script>", text)
        self.assertIn("&lt;script&gt;", text)

    def test_it_is_frozen_when_it_is_proposed_and_the_template_may_change(self):
        plan = self.proposed()
        text = plan.agreement
        self.env.ref(plan_agreement.TEMPLATE).body_html = "<p>Something else</p>"
        self.customer.name = "Renamed"
        self.accept(plan)
        self.assertEqual(plan.agreement, text)
        self.assertEqual(plan.agreement_hash, plan_agreement.hash_of(text))
        self.assertTrue(plan_agreement.is_intact(plan))

    def test_a_draft_is_not_frozen_and_shows_what_it_would_say(self):
        plan = self.draft()
        self.assertFalse(plan.agreement)
        self.assertIn(plan.name, plan.get_agreement_text())

    def test_a_plan_that_is_proposed_again_is_frozen_again(self):
        plan = self.proposed()
        before = plan.agreement_hash
        plan.write({"valid_until": day(20)})
        plan_agreement.freeze(plan)
        self.assertNotEqual(plan.agreement_hash, before)
        self.assertIn("Mar 22, 2026", plan.agreement)


class TestAcceptance(AgreementCase):
    def test_the_evidence_says_who_when_from_where_and_how(self):
        plan = self.proposed()
        self.accept(plan, kind="typed", browser="Mozilla " + "x" * 1000)
        self.assertEqual(plan.state, "active")
        self.assertEqual(
            (plan.accepted_by, plan.accepted_contact_id, plan.accepted_address, plan.signature_kind),
            ("Teresa Till", self.treasurer, "203.0.113.7", "typed"),
        )
        self.assertEqual(plan.accepted_at.date(), MONDAY)
        self.assertEqual(len(plan.accepted_browser), 250)
        self.assertTrue(plan.signature)
        content = plan.evidence_id.raw.decode()
        for words in ("Teresa Till", "203.0.113.7", plan.agreement_hash, plan.name):
            self.assertIn(words, content)
        self.assertIn(str(plan.agreement), content)

    def test_the_log_has_the_hashes_of_text_and_file(self):
        plan = self.proposed()
        self.accept(plan)
        line = self.case.interaction_ids.filtered(lambda line: line.result == "plan_agreed")
        self.assertEqual((line.direction, line.channel, line.contact_id), ("in", "portal", self.treasurer))
        self.assertIn(plan.agreement_hash, line.note)
        self.assertFalse(plan_agreement.doubts(plan))

    def test_the_collector_is_told(self):
        plan = self.proposed()
        with self.mock_mail_gateway():
            self.accept(plan)
        self.assertIn(self.collector.partner_id, plan.message_ids.notified_partner_ids)

    def test_the_pdf_is_one(self):
        plan = self.proposed()
        printing = plan.with_env(self.env_on(MONDAY)).with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            plan_agreement.accept(printing, self.evidence(), MONDAY)
        self.assertTrue(plan.evidence_id.raw.startswith(b"%PDF"))
        self.assertEqual(plan.evidence_id.mimetype, "application/pdf")
        self.assertFalse(plan_agreement.doubts(plan))

    def test_an_acceptance_is_not_lost_when_nothing_can_be_printed(self):
        plan = self.proposed()

        def broken(*args, **kwargs):
            raise UserError("No printer")

        self.patch(type(self.env["ir.actions.report"]), "_render_qweb_pdf", broken)
        with mute_logger("odoo.addons.recobro_module.engine.plans.plan_agreement"):
            self.accept(plan)
        self.assertEqual(plan.state, "active")
        self.assertIn(plan.agreement_hash, plan.evidence_id.raw.decode())

    def test_a_second_click_changes_nothing(self):
        plan = self.proposed()
        self.accept(plan)
        with self.assertRaisesRegex(UserError, "accepted already, by Teresa Till"):
            self.accept(plan, name="Somebody Else")
        self.assertEqual(plan.accepted_by, "Teresa Till")

    def test_on_its_last_day_it_can_be_accepted_and_a_day_later_not(self):
        plan = self.proposed()
        with self.assertRaisesRegex(UserError, "stood until"):
            self.accept(plan, when=plan.valid_until + timedelta(days=1))
        self.accept(plan, when=plan.valid_until)
        self.assertEqual(plan.state, "active")

    def test_a_draft_and_a_cancelled_plan_are_not_accepted(self):
        plan = self.draft().sudo()
        with self.assertRaisesRegex(UserError, "not ready"):
            self.accept(plan)
        plan = self.proposed()
        plan.with_env(self.as_collector()).action_cancel()
        with self.assertRaisesRegex(UserError, "withdrawn"):
            self.accept(plan)

    def test_a_name_and_a_signature_are_needed(self):
        plan = self.proposed()
        for values, words in (
            ({"name": "  "}, "write your name"),
            ({"signature": False}, "Please sign"),
            ({"signature": drawing(blank=True)}, "Please sign"),
            ({"signature": "no base64!"}, "sign again"),
            ({"signature": base64.b64encode(b"<svg onload='x'/>").decode()}, "sign again"),
            ({"signature": base64.b64encode(b"\x89PNG\r\n\x1a\nnothing").decode()}, "sign again"),
            ({"signature": "A" * 3_000_000}, "Please sign"),
            ({"kind": "paper", "signature": False}, "Attach the paper"),
        ):
            with self.assertRaisesRegex(UserError, words, msg=str(values)[:60]):
                self.accept(plan, **values)
        self.assertEqual(plan.state, "proposed")
        self.assertFalse(plan.accepted_by)

    def test_a_paper_is_kept_as_it_is(self):
        plan = self.proposed()
        self.accept(plan, kind="paper", signature=False, file=("signed.pdf", b"%PDF-1.4 signed by hand"))
        self.assertEqual((plan.state, plan.signature_kind, plan.evidence_id.name), ("active", "paper", "signed.pdf"))
        self.assertEqual(plan.evidence_id.raw, b"%PDF-1.4 signed by hand")
        self.assertFalse(plan_agreement.doubts(plan))

    def test_a_contact_of_another_customer_accepts_nothing(self):
        plan = self.proposed()
        stranger = self.create_contact(self.create_customer("Other"), "Sam Stranger")
        with self.assertRaisesRegex(UserError, "Sam Stranger does not belong to Signer"):
            self.accept(
                plan, contact=stranger, kind="paper", signature=False, file=("signed.pdf", b"%PDF-1.4 signed by hand")
            )
        self.assertEqual((plan.state, plan.accepted_by), ("proposed", False))

    def test_the_file_is_found_from_the_plan_and_the_plan_from_the_file(self):
        self.env.cr.execute("SELECT indexdef FROM pg_indexes WHERE tablename = 'recobro_payment_plan'")
        self.assertTrue([index for (index,) in self.env.cr.fetchall() if "(evidence_id)" in index])


class TestNobodyChangesIt(AgreementCase):
    def setUp(self):
        super().setUp()
        self.plan = self.proposed()
        self.accept(self.plan)
        self.manager = new_test_user(
            self.env,
            "agreement_manager",
            "recobro_module.group_recobro_manager,base.group_system",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_no_user_writes_the_evidence(self):
        for user in (self.collector, self.manager):
            plan = self.plan.with_env(self.env(user=user, su=False))
            for name, value in (
                ("agreement", "<p>Other</p>"),
                ("agreement_hash", "0"),
                ("accepted_by", "X"),
                ("accepted_at", "2020-01-01"),
                ("accepted_address", "X"),
                ("signature", False),
                ("evidence_id", False),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    plan.write({name: value})

    def test_no_user_writes_or_deletes_the_files(self):
        signature = self.env["ir.attachment"].search(
            [("res_model", "=", self.plan._name), ("res_field", "=", "signature"), ("res_id", "=", self.plan.id)]
        )
        self.assertTrue(signature)
        for user in (self.collector, self.manager):
            for file in (self.plan.evidence_id, signature):
                file = file.with_env(self.env(user=user, su=False))
                with self.assertRaises(AccessError, msg=user.login):
                    file.write({"raw": b"Other"})
                with self.assertRaises(AccessError, msg=user.login), self.env.cr.savepoint():
                    file.unlink()

    def test_no_button_of_odoos_deletes_or_writes_the_files_either(self):
        """The chatter deletes files in sudo, for who may write the record."""
        files = self.env["ir.attachment"].search(
            [("res_model", "=", self.plan._name), ("res_field", "=", "signature"), ("res_id", "=", self.plan.id)]
        )
        for file in files | self.plan.evidence_id:
            in_sudo = file.with_user(self.collector).sudo()
            with self.assertRaisesRegex(AccessError, "evidence of an agreement"), self.env.cr.savepoint():
                in_sudo._delete_and_notify()
            with self.assertRaisesRegex(AccessError, "evidence of an agreement"), self.env.cr.savepoint():
                in_sudo.write({"raw": b"Other"})
        self.assertEqual(len((files | self.plan.evidence_id).exists()), 2)
        self.assertFalse(plan_agreement.doubts(self.plan))

    def test_another_signature_than_was_given_is_told(self):
        # As OdooBot: nobody else can
        plan = self.plan.with_user(SUPERUSER_ID)
        plan.signature = drawing(size=(400, 90))
        self.assertIn("The signature is not the one that was given.", plan_agreement.doubts(self.plan))
        plan.signature = False
        self.assertIn("The signature is not the one that was given.", plan_agreement.doubts(self.plan))

    def test_other_files_of_a_plan_are_as_free_as_ever(self):
        env = self.as_collector()
        file = env["ir.attachment"].create(
            {"name": "note.txt", "raw": b"note", "res_model": self.plan._name, "res_id": self.plan.id}
        )
        file.write({"name": "other.txt"})
        file.unlink()

    def test_the_collector_reads_the_file_and_checks_it(self):
        plan = self.plan.with_env(self.as_collector())
        self.assertTrue(plan.evidence_id.raw)
        self.assertEqual(plan.action_check_agreement()["params"]["type"], "success")

    def test_what_was_changed_in_the_database_is_found(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recobro_payment_plan SET agreement = 'Other', agreement_hash = %s WHERE id = %s",
            [plan_agreement.hash_of("Other"), self.plan.id],
        )
        self.env.invalidate_all()
        self.assertTrue(plan_agreement.is_intact(self.plan))
        self.assertEqual(self.plan.with_env(self.as_collector()).action_check_agreement()["params"]["type"], "danger")

    def test_a_file_that_was_replaced_is_found(self):
        self.plan.evidence_id.with_user(SUPERUSER_ID).write({"raw": b"Other"})
        self.assertEqual(plan_agreement.doubts(self.plan), ["The file is not the one that was kept."])

    def test_nothing_is_checked_before_it_is_accepted(self):
        plan = self.draft_of_another()
        with self.assertRaisesRegex(UserError, "Nobody has accepted"):
            plan.action_check_agreement()

    def draft_of_another(self):
        """A draft for another customer."""
        self.customer = self.create_customer("Other signer")
        self.create_invoice(self.customer, 100, day(-3))
        self.refresh(self.customer, MONDAY)
        self.case = self.env_on(MONDAY)["recobro.case"]._open_for(self.customer, self.company)
        return self.draft()


class TestProposal(AgreementCase):
    def propose(self, plan):
        """Propose a plan and return the mail that brings it."""
        with self.mock_mail_gateway():
            plan.action_propose()
            self.env.flush_all()
        self.assertEqual(len(self._new_mails), 1)
        return self._new_mails

    def test_it_goes_to_the_contact_of_the_plan_with_a_link_to_its_page(self):
        clerk = self.create_contact(self.customer, "Carl Clerk")
        plan = self.draft(contact=clerk)
        mail = self.propose(plan)
        self.assertEqual(mail.recipient_ids, clerk)
        self.assertIn(f"/plan/{plan.id}", mail.body_html)
        self.assertIn("/my/collections/", mail.body_html)
        self.assertIn("1,500.00", mail.body_html)
        self.assertIn(plan.name, mail.subject)
        self.assertEqual((mail.model, mail.res_id), ("recobro.case", self.case.id))
        self.assertEqual(plan.contact_id, clerk)

    def test_without_a_contact_it_goes_to_who_may_accept_a_plan(self):
        self.create_contact(self.customer, "Paula Purchase", self.env.ref("recobro_module.role_purchasing"))
        plan = self.draft()
        self.assertEqual(self.propose(plan).recipient_ids, self.treasurer)
        self.assertEqual(plan.contact_id, self.treasurer)

    def test_without_such_a_role_it_goes_to_the_usual_address(self):
        self.treasurer.recobro_role_ids = False
        self.assertEqual(self.propose(self.draft()).recipient_ids, self.customer)

    def test_an_address_that_came_back_or_is_blacklisted_is_left_out(self):
        clerk = self.create_contact(self.customer, "Carl Clerk")
        self.env["mail.blacklist"]._add(clerk.email)
        self.assertEqual(self.propose(self.draft(contact=clerk)).recipient_ids, self.treasurer)

    def test_when_nobody_can_be_reached_who_proposes_is_told_and_nothing_is_proposed(self):
        for contact in self.customer | self.treasurer:
            self.env["mail.blacklist"]._add(contact.email)
        plan = self.draft()
        words = "no contact of Signer has a usable e-mail address"
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            plan.action_propose()
        self.env.invalidate_all()
        self.assertEqual(plan.state, "draft")

    def test_it_is_in_the_log_and_counts_as_a_message_of_the_day(self):
        plan = self.draft()
        self.propose(plan)
        line = self.case.interaction_ids.filtered(lambda line: line.result == "sent")
        self.assertEqual((line.contact_id, line.channel, line.direction), (self.treasurer, "email", "out"))
        self.assertIn(plan.name, line.summary)
        self.assertEqual(self.messages_to(self.customer).mapped("state"), ["done"])

    def test_it_speaks_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.treasurer.lang = "fr_FR"
        self.env.ref(plan_agreement.TEMPLATE).with_context(lang="fr_FR").body_html = "<p>Bonjour</p>"
        plan = self.proposed()
        self.assertIn("Bonjour", plan.agreement)

    def test_an_answer_to_it_finds_the_case(self):
        mail = self.propose(self.draft())
        with self.mock_mail_gateway():
            self.format_and_process(
                _ANSWER,
                self.treasurer.email,
                mail.reply_to,
                subject="Re: plan",
                extra=f"References: {mail.message_id}",
                target_model="mail.message",
                target_field="subject",
            )
        self.assertIn("replied", self.case.interaction_ids.mapped("result"))


class TestTwoSignAtOnce(AtOnceCase):
    """With real transactions: two people of a customer accept the same plan at the same moment."""

    def test_one_of_them_is_kept_and_the_other_one_is_told_who_was_first(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self.plan(one), self.plan(two)
            self.assertEqual((first.state, second.state), ("proposed", "proposed"))
            self.accept(first, "Ann Able")
            one.commit()
            self.begins_anew(two, lambda: self.accept(second, "Bob Busy"))
            second.env.invalidate_all(flush=False)
            with self.assertRaisesRegex(UserError, "accepted already, by Ann Able"):
                self.accept(second, "Bob Busy")
            two.rollback()
        with self.registry.cursor() as cr:
            plan = self.plan(cr)
            self.assertEqual((plan.state, plan.accepted_by), ("active", "Ann Able"))
            lines = plan.case_id.interaction_ids.filtered(lambda line: line.result == "plan_agreed")
            self.assertEqual(len(lines), 1)

    def accept(self, plan, name):
        """Accept as the portal does."""
        nobody = plan.env["res.partner"]
        plan_agreement.accept(plan, Evidence(name, nobody, "drawn", drawing(), "203.0.113.7", "Test"), MONDAY)
        plan.env.flush_all()

    def plan(self, cr):
        """The plan, seen from a transaction on the Monday of the tests."""
        env = api.Environment(cr, api.SUPERUSER_ID, self.context(self.made["company"]))
        return env["recobro.payment.plan"].browse(self.made["plan"])

    @staticmethod
    def context(company_id):
        return {"recobro_as_of": lived(MONDAY), "allowed_company_ids": [company_id], "tracking_disable": True}

    def make(self, env):
        """A company with a customer, an overdue invoice and a proposed plan, committed."""
        company = self.make_company(env, "Signed at once")
        env = env(context=self.context(company.id))
        partner = env["res.partner"].create({"name": "Two", "is_company": True, "email": "two@customer.example"})
        line = Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})
        values = {"invoice_date": day(-40), "invoice_date_due": day(-10), "invoice_line_ids": [line]}
        env["account.move"].create({"move_type": "out_invoice", "partner_id": partner.id, **values}).action_post()
        company = company.with_env(env)
        case = env["recobro.case"]._open_for(partner, company)
        items = plan_making.propose_terms(env, company, partner, MONDAY).items
        plan = plan_making.make(case, Terms(items, first_day=day(4)))
        plan_agreement.freeze(plan)
        plan.write({"state": "proposed", "proposed_on": MONDAY, "valid_until": day(7)})
        return {"company": company.id, "plan": plan.id, "case": case.id, "partner": partner.id}

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            plan = self.plan(cr)
            plan.env["res.company"].browse(self.made["company"]).recobro_stopped = True
            if plan.state in ("proposed", "active"):
                plan.action_cancel()
            plan.case_id._set_closed("withdrawn", MONDAY)
            plan.env["recobro.mark"].search([("partner_id", "=", self.made["partner"])]).unlink()
