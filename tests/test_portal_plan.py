"""A payment plan in the portal: who sees it, who signs it, who declines it, and what it shows afterwards."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import link
from odoo.addons.recobro_module.engine.plans import payment_plans, plan_agreement, plan_making
from odoo.addons.recobro_module.engine.plans.plan_terms import Terms
from odoo.addons.recobro_module.engine.portal import portal_limits

from .common import RecobroBrowserCase
from .test_plan_agreement import drawing


class PortalPlanCase(RecobroBrowserCase):
    """A customer who owes 900 and 600, overdue, and contacts who may and may not accept a plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.plan_approval_amount = 100000
        cls.today = fields.Date.context_today(cls.env.user)
        cls.customer = cls.create_customer("Cedar")
        cls.treasurer = cls.create_contact(cls.customer, "Teresa Till", cls.treasury)
        cls.buyer = cls.create_contact(cls.customer, "Paul Purchase", cls.env.ref("recobro_module.role_purchasing"))
        cls.first = cls.create_invoice(cls.customer, 900, cls.today - timedelta(days=20))
        cls.second = cls.create_invoice(cls.customer, 600, cls.today - timedelta(days=9))
        cls.neighbour = cls.create_customer("Birch")
        cls.neighbours_invoice = cls.create_invoice(cls.neighbour, 777.77, cls.today - timedelta(days=9))

    def setUp(self):
        super().setUp()
        portal_limits.forget()
        self.addCleanup(portal_limits.forget)

    def make_plan(self, customer=None, **terms):
        """A draft of a plan for all that a customer owes."""
        customer = customer or self.customer
        case = self.env["recobro.case"]._open_for(customer, self.company)
        items = plan_making.propose_terms(self.env, self.company, customer, self.today).items
        return plan_making.make(case, Terms(items, first_day=self.today + timedelta(days=5), **terms))

    def propose(self, customer=None, contact=None, **terms):
        """A plan that was sent to its customer."""
        plan = self.make_plan(customer, **terms)
        plan.contact_id = contact
        with self.mock_mail_gateway():
            plan.action_propose()
        self.env.flush_all()
        return plan.sudo()

    def path(self, *parts, contact=None, customer=None, company=None):
        """The path of a page, for the treasurer unless told otherwise."""
        account = link.make_path(
            company or self.company, customer or self.customer, contact if contact is not None else self.treasurer
        )
        return "/".join([account, *map(str, parts)])

    def get(self, *parts, **who):
        """Open a page as a visitor, following nothing."""
        return self.url_open(self.path(*parts, **who), allow_redirects=False)

    def sign(self, plan, contact=None, path=None, **values):
        """Sign as Odoo's component does; return the answer."""
        params = {
            "name": "Teresa Till",
            "signature": drawing(),
            "kind": "draw",
            "text_hash": plan.agreement_hash,
            **values,
        }
        path = path or self.path("plan", plan.id, "accept", contact=contact)
        answer = self.make_jsonrpc_request(path, params, headers={"User-Agent": "Test browser"}, timeout=60)
        self.env.invalidate_all()
        return answer

    def decline(self, plan, reason, contact=None):
        """Send the form that declines."""
        path = self.path("plan", plan.id, contact=contact)
        token = self.csrf_token_of(path)
        response = self.url_open(f"{path}/decline", data={"csrf_token": token, "reason": reason}, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def csrf_token_of(self, path):
        """The token that protects the forms of this visitor."""
        return self.url_open(path).text.split('csrf_token: "')[1].split('"')[0]


class TestThePage(PortalPlanCase):
    def test_who_it_was_sent_to_reads_the_text_that_is_hashed(self):
        plan = self.propose()
        page = self.get("plan", plan.id)
        self.assertEqual(page.status_code, 200)
        self.assertIn(str(plan.agreement), page.text)
        self.assertIn("I agree", page.text)
        self.assertIn("recobro_module.plan_signature", page.text)
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_a_plan_of_another_customer_or_of_nobody_is_not_there(self):
        theirs = self.propose(self.neighbour)
        for number in (theirs.id, 99999999):
            page = self.get("plan", number)
            self.assertEqual(page.status_code, 404)
            self.assertNotIn("777.77", page.text)
            self.assertNotIn("Birch", page.text)

    def test_a_request_of_theirs_tells_nothing_of_what_we_make_of_it(self):
        plan = self.make_plan(count=1, discount=300)
        plan.sudo().source = "portal"
        self.env.flush_all()
        page = self.get("plan", plan.id).text
        self.assertIn(f"Your request {plan.name}", page)
        self.assertIn("will answer it soon", page)
        for words in ("Settlement", "300.00", "1,200.00", "1,500.00"):
            self.assertNotIn(words, page)

    def test_a_draft_of_ours_is_not_shown(self):
        self.assertEqual(self.get("plan", self.make_plan().id).status_code, 404)

    def test_a_buyer_reads_the_plan_and_is_told_that_somebody_else_accepts_it(self):
        page = self.get("plan", self.propose().id, contact=self.buyer)
        self.assertEqual(page.status_code, 200)
        self.assertIn("not part of your role", page.text)
        self.assertNotIn("recobro_module.plan_signature", page.text)

    def test_a_stale_altered_or_revoked_link_opens_nothing(self):
        plan = self.propose()
        path = self.path("plan", plan.id)
        self.customer.action_recobro_revoke_links()
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(path).status_code, 403)
            self.assertEqual(self.url_open(f"/my/collections/nonsense/plan/{plan.id}").status_code, 403)
        self.assertIn("does not open anything", self.sign(plan, path=f"{path}/accept")["error"])
        self.assertEqual(plan.state, "proposed")

    def test_an_offer_that_has_passed_says_so_and_has_no_signature(self):
        plan = self.propose()
        plan.valid_until = self.today - timedelta(days=1)
        self.env.flush_all()
        page = self.get("plan", plan.id).text
        self.assertIn("stood until", page)
        self.assertNotIn("recobro_module.plan_signature", page)
        # So it does once the daily job has ended it
        plan.valid_until = self.today - timedelta(days=2)
        payment_plans.settle(self.env, self.company, self.today, self.customer.ids)
        self.assertEqual(plan.state, "cancelled")
        self.env.flush_all()
        self.assertIn("stood until", self.get("plan", plan.id).text)


class TestSigning(PortalPlanCase):
    def test_a_signature_puts_it_in_force_with_the_evidence_of_the_request(self):
        plan = self.propose(count=3)
        answer = self.sign(plan, kind="auto")
        self.assertTrue(answer["redirect_url"].endswith(f"/plan/{plan.id}?done=plan_accepted"))
        self.assertEqual(
            (plan.state, plan.accepted_by, plan.accepted_contact_id, plan.signature_kind),
            ("active", "Teresa Till", self.treasurer, "typed"),
        )
        self.assertEqual((plan.accepted_address, plan.accepted_browser), ("127.0.0.1", "Test browser"))
        page = self.get("plan", plan.id).text
        self.assertIn("The plan is in force. Next: ", page)
        self.assertIn("Accepted by", page)

    def test_what_was_signed_is_downloaded_as_it_is_kept_and_the_log_knows(self):
        plan = self.propose()
        self.sign(plan)
        response = self.get("plan", plan.id, "agreement")
        self.assertEqual(response.content, plan.evidence_id.raw)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.env.invalidate_all()
        self.assertIn("downloaded", plan.case_id.interaction_ids.mapped("result"))
        self.assertEqual(self.get("plan", plan.id, "agreement", contact=self.neighbour).status_code, 403)

    def test_nothing_is_downloaded_before_it_is_signed(self):
        self.assertEqual(self.get("plan", self.propose().id, "agreement").status_code, 404)

    def test_a_buyer_cannot_sign_but_can_when_the_plan_was_sent_to_them(self):
        plan = self.propose()
        self.assertIn("role does not include", self.sign(plan, contact=self.buyer)["error"])
        self.assertEqual(plan.state, "proposed")
        plan.contact_id = self.buyer
        self.env.flush_all()
        self.assertNotIn("error", self.sign(plan, contact=self.buyer))
        self.assertEqual(plan.accepted_contact_id, self.buyer)

    def test_a_plan_of_another_customer_is_not_signed(self):
        theirs = self.propose(self.neighbour)
        self.assertIn("no such plan", self.sign(theirs)["error"])
        self.assertEqual(theirs.state, "proposed")

    def test_a_second_click_says_who_was_first(self):
        plan = self.propose()
        self.sign(plan)
        self.assertIn("accepted already, by Teresa Till", self.sign(plan, name="Somebody Else")["error"])
        self.assertEqual(plan.accepted_by, "Teresa Till")

    def test_a_text_that_changed_after_the_page_was_opened_is_not_signed(self):
        plan = self.propose()
        seen = plan.agreement_hash
        plan.valid_until += timedelta(days=5)
        plan_agreement.freeze(plan)
        self.env.flush_all()
        self.assertIn("has been changed since", self.sign(plan, text_hash=seen)["error"])
        self.assertEqual(plan.state, "proposed")

    def test_a_cancelled_plan_is_not_signed(self):
        plan = self.propose()
        plan.action_cancel()
        self.env.flush_all()
        self.assertIn("withdrawn", self.sign(plan)["error"])

    def test_what_is_no_signature_is_refused_in_words(self):
        plan = self.propose()
        for values in (
            {"signature": ""},
            {"signature": "zzz"},
            {"name": ""},
            {"signature": 5},
            {"name": None},
            {"kind": [], "name": ""},
        ):
            self.assertIn("error", self.sign(plan, **values), values)
        self.assertEqual(plan.state, "proposed")

    def test_who_is_logged_in_is_part_of_the_evidence(self):
        new_test_user(self.env, "teresa@cedar", "base.group_portal", partner_id=self.treasurer.id)
        self.authenticate("teresa@cedar", "teresa@cedar")
        plan = self.propose()
        self.sign(plan)
        self.assertEqual(plan.accepted_login, "teresa@cedar")
        line = plan.case_id.interaction_ids.filtered(lambda line: line.result == "plan_agreed")
        self.assertIn("Logged in as teresa@cedar", line.note)
        self.assertIn("teresa@cedar", plan.evidence_id.raw.decode())

    def test_a_colleague_signs_and_declines_nothing_for_the_customer(self):
        plan = self.propose()
        new_test_user(self.env, "colin", "recobro_module.group_recobro_manager")
        self.authenticate("colin", "colin")
        self.assertEqual(self.get("plan", plan.id).status_code, 200)
        self.assertIn("logged in as a colleague", self.sign(plan)["error"])
        self.assertEqual(self.decline(plan, "No").status_code, 403)
        self.assertEqual((plan.state, plan.accepted_by), ("proposed", False))

    def test_a_colleague_who_looks_leaves_no_line_of_the_customer(self):
        plan = self.propose()
        self.sign(plan)
        new_test_user(self.env, "colin", "recobro_module.group_recobro_manager")
        self.authenticate("colin", "colin")
        self.assertEqual(self.get("plan", plan.id, "agreement").status_code, 200)
        self.env.invalidate_all()
        self.assertNotIn("downloaded", plan.case_id.interaction_ids.mapped("result"))

    def test_too_many_signatures_are_asked_to_wait(self):
        limits = portal_limits.LIMITS
        self.patch(portal_limits, "LIMITS", {**limits, "attempt": portal_limits.Limit(20, 600)})
        plan = self.propose()
        errors = [self.sign(plan, signature="zzz")["error"] for _attempt in range(22)]
        self.assertIn("too often", errors[-1])
        self.assertIn("sign again", errors[0])


class TestDeclining(PortalPlanCase):
    def test_a_reason_is_kept_and_the_plan_is_over(self):
        plan = self.propose()
        response = self.decline(plan, "We can pay 200 a month")
        self.assertEqual(response.status_code, 303)
        self.assertEqual(plan.state, "cancelled")
        line = plan.case_id.interaction_ids.filtered(lambda line: line.result == "plan_declined")
        self.assertEqual((line.note, line.contact_id), ("We can pay 200 a month", self.treasurer))
        self.assertIn("Thank you for telling us", self.url_open(response.headers["Location"]).text)

    def test_without_a_reason_or_with_an_endless_one_nothing_is_lost(self):
        plan = self.propose()
        self.assertIn("in a few words why", self.decline(plan, "  ").text)
        page = self.decline(plan, "x" * 3000)
        self.assertEqual(page.status_code, 422)
        self.assertIn("x" * 3000, page.text)
        self.assertEqual(plan.state, "proposed")

    def test_a_form_from_another_site_is_refused(self):
        plan = self.propose()
        with mute_logger("odoo.http"):
            response = self.url_open(self.path("plan", plan.id, "decline"), data={"reason": "No"})
        self.assertEqual(response.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(plan.state, "proposed")

    def test_a_buyer_does_not_decline_for_the_others(self):
        plan = self.propose()
        self.assertEqual(self.decline(plan, "No", contact=self.buyer).status_code, 403)
        self.assertEqual(plan.state, "proposed")

    def test_a_plan_that_was_signed_is_not_declined_any_more(self):
        plan = self.propose()
        path = self.path("plan", plan.id)
        token = self.csrf_token_of(path)
        self.sign(plan)
        page = self.url_open(f"{path}/decline", data={"csrf_token": token, "reason": "No"})
        self.assertIn("accepted already", page.text)
        self.env.invalidate_all()
        self.assertEqual(plan.state, "active")


class TestRights(PortalPlanCase):
    def test_a_portal_user_reads_no_plan_but_by_the_link(self):
        plan = self.propose()
        user = new_test_user(self.env, "plan_portal_user", "base.group_portal", partner_id=self.treasurer.id)
        for model in ("recobro.payment.plan", "recobro.payment.plan.installment", "recobro.payment.plan.line"):
            self.assertFalse(self.env[model].with_user(user).has_access("read"), model)
        self.assertFalse(plan.with_user(user).has_access("read"))

    def test_the_file_of_an_agreement_is_not_public(self):
        plan = self.propose()
        self.sign(plan)
        response = self.url_open(f"/web/content/{plan.evidence_id.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 404)
