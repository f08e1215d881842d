"""In the browser, as a portal user, at a desk and on a telephone: dispute, promise, sign a plan, pay an instalment."""

from odoo.tests import new_test_user

from .test_portal_payment import PaymentCase


class PortalTourCase(PaymentCase):
    """The customer's treasurer with a login to the portal."""

    def setUp(self):
        super().setUp()
        self.user = new_test_user(
            self.env,
            "portal_treasurer",
            "base.group_portal",
            name=self.treasurer.name,
            email=self.treasurer.email,
            partner_id=self.treasurer.id,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )

    def walk(self, tour, path="/my"):
        """Walk a tour as the treasurer."""
        self.env.flush_all()
        self.start_tour(path, tour, login="portal_treasurer")
        self.env.invalidate_all()

    def plan_path(self, plan):
        """The path of a plan's page, as the message has it."""
        return self.path("plan", plan.id)

    def dispute(self):
        self.walk("recobro_portal_dispute")
        dispute = self.env["recobro.dispute"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((dispute.amount, dispute.note, dispute.source), (250, "Five boxes were missing", "portal"))
        self.assertEqual(dispute.contact_id, self.treasurer)

    def promise(self):
        self.walk("recobro_portal_promise")
        promise = self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            (promise.state, promise.amount, promise.note, promise.contact_id, promise.channel),
            ("open", 900, "By transfer", self.treasurer, "portal"),
        )

    def sign_and_pay(self, tour, kind):
        plan = self.propose(count=3)
        self.walk(tour, self.plan_path(plan))
        self.assertEqual((plan.state, plan.accepted_by, plan.signature_kind), ("active", "Teresa Till", kind))
        self.assertIn("Chrome", plan.accepted_browser)
        self.assertTrue(plan.evidence_id.raw)
        self.walk("recobro_portal_pay_instalment", self.plan_path(plan))
        self.assertEqual(plan.installment_ids.mapped("state"), ["paid", "open", "open"])
        self.assertEqual(plan.paid_amount, 500)


class TestAtADesk(PortalTourCase):
    browser_size = "1400x900"

    def test_dispute(self):
        """Part of an invoice is disputed."""
        self.dispute()

    def test_promise(self):
        """A payment is promised."""
        self.promise()

    def test_sign_and_pay(self):
        """A plan is signed by name, and its first instalment is paid."""
        self.sign_and_pay("recobro_portal_plan_typed", "typed")

    def test_decline(self):
        """A plan is declined with the reason."""
        plan = self.propose(count=3)
        self.walk("recobro_portal_plan_declined", self.plan_path(plan))
        self.assertEqual(plan.state, "cancelled")


class TestOnATelephone(PortalTourCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_dispute(self):
        """Part of an invoice is disputed."""
        self.dispute()

    def test_promise(self):
        """A payment is promised."""
        self.promise()

    def test_sign_and_pay(self):
        """A plan is signed by hand, and its first instalment is paid."""
        self.sign_and_pay("recobro_portal_plan_drawn", "drawn")
