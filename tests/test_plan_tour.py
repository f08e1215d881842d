"""In the browser: a collector proposes a payment plan from the case, and records that it was accepted on paper."""

from odoo import fields

from .common import RecobroBrowserCase


class TestPlanTour(RecobroBrowserCase):
    def test_a_plan_is_proposed_and_accepted_on_paper(self):
        """The terms are changed, the schedule follows, and the signed sheet puts the plan in force."""
        today = fields.Date.context_today(self.env.user)
        collector = self.create_desk_user(
            "plan_tour_collector", "recobro_module.group_recobro_user", email="plan.tour@seller.example"
        )
        customer = self.create_customer("Ferreteria Roca")
        self.create_invoice(customer, 1250, fields.Date.subtract(today, days=12))
        case = self.env["recobro.case"].create(
            {"partner_id": customer.id, "company_id": self.env.company.root_id.id, "user_id": collector.id}
        )
        case.activity_schedule(
            "mail.mail_activity_data_todo", date_deadline=today, summary="Agree on a plan", user_id=collector.id
        )
        self.start_tour("/odoo", "recobro_collections_plan", login="plan_tour_collector")
        plan = case.payment_plan_ids
        self.assertEqual((plan.state, plan.accepted_by, plan.user_id), ("active", "Rosa Peris", collector))
        self.assertEqual(plan.installment_ids.mapped("amount"), [250] * 5)
        self.assertEqual(plan.evidence_id.name, "Signed.pdf")
