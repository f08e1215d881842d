"""In the browser: a collector's morning, and an accountant who resolves a dispute next to the invoice."""

from odoo import fields
from odoo.tests import Form

from .common import RecobroBrowserCase


class TestTour(RecobroBrowserCase):
    """The one path that is walked every day, by somebody who is only a collector."""

    def setUp(self):
        super().setUp()
        today = fields.Date.context_today(self.env.user)
        self.collector = self.create_desk_user("tour_collector", "recobro_module.group_recobro_user")
        self.customer = self.create_customer("Ferreteria Roca")
        self.create_invoice(self.customer, 1250, fields.Date.subtract(today, days=12))
        self.case = self.env["recobro.case"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.env.company.root_id.id,
                "user_id": self.collector.id,
            }
        )
        self.case.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=fields.Date.subtract(today, days=1),
            summary="Ask for the remittance",
            user_id=self.collector.id,
        )

    def test_log_call(self):
        """From the worklist to a case; a call logged there is the last line of its log."""
        self.start_tour("/odoo", "recobro_collections_log_call", login="tour_collector")
        line = self.case.interaction_ids
        self.assertEqual(len(line), 1)
        self.assertEqual(
            (line.channel, line.direction, line.result, line.note, line.user_id),
            ("call", "out", "answered", "They pay on the 20th", self.collector),
        )

    def test_promise_in_a_call(self):
        """They promise to pay in a call."""
        today = fields.Date.context_today(self.env.user)
        self.create_invoice(self.customer, 300, fields.Date.add(today, days=20))
        self.start_tour("/odoo", "recobro_collections_promise", login="tour_collector")
        promise = self.case.promise_ids
        self.assertEqual((promise.state, promise.amount, promise.user_id), ("open", 1250, self.collector))
        self.assertEqual(self.case.interaction_ids.mapped("result"), ["promised"])

    def test_kept_promise(self):
        """The money that was promised comes, and the case shows that they kept it."""
        today = fields.Date.context_today(self.env.user)
        self.create_invoice(self.customer, 300, fields.Date.add(today, days=20))
        context = {"default_partner_id": self.customer.id, "default_company_id": self.company.id}
        Form(self.env["recobro.promise.take"].with_user(self.collector).with_context(**context)).save().action_take()
        promise = self.case.promise_ids
        self.pay_invoice(promise.line_ids.item_id.move_id, day=today)
        self.refresh(self.customer, today)
        self.start_tour("/odoo", "recobro_collections_promise_kept", login="tour_collector")
        self.assertEqual(promise.state, "kept")

    def test_dispute(self):
        """An accountant opens a dispute on part of an invoice and credits it, without ever leaving the invoice."""
        self.create_desk_user("tour_accountant", "account.group_account_invoice")
        today = fields.Date.context_today(self.env.user)
        invoice = self.create_invoice(self.customer, 1250, fields.Date.subtract(today, days=5))
        self.start_tour(f"/odoo/customer-invoices/{invoice.id}", "recobro_collections_dispute", login="tour_accountant")
        dispute = self.env["recobro.dispute"].search([("line_ids.move_id", "=", invoice.id)])
        self.assertEqual(len(dispute), 1)
        self.assertEqual((dispute.amount, dispute.note), (250, "Five boxes were missing"))
        self.assertEqual((dispute.kind, dispute.resolution), ("final", "credit_note"))
        credit_note = dispute.credit_note_ids
        self.assertEqual((credit_note.state, credit_note.amount_total), ("draft", 250))
        self.assertEqual(credit_note.reversed_entry_id, invoice)
