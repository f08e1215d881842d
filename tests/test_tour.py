"""A collector's morning in the browser: worklist, case, call, log."""

from odoo import fields
from odoo.tests import new_test_user

from .common import RecobroBrowserCase


class TestTour(RecobroBrowserCase):
    """The one path that is walked every day, by somebody who is only a collector."""

    def setUp(self):
        super().setUp()
        today = fields.Date.context_today(self.env.user)
        self.collector = new_test_user(
            self.env,
            login="tour_collector",
            groups="base.group_user,recobro_module.group_recobro_user",
            company_id=self.env.company.id,
            company_ids=[(6, 0, self.env.company.ids)],
        )
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
