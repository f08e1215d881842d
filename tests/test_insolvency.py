"""An insolvent customer is left alone at once, and the claim is filed in time."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MONDAY, RecobroCase


class TestInsolvency(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(cls.env, "insolvency_collector", groups="recobro_module.group_recobro_user")
        cls.manager = new_test_user(cls.env, "insolvency_manager", groups="recobro_module.group_recobro_manager")
        cls.accountant = new_test_user(cls.env, "insolvency_accountant", groups="account.group_account_invoice")
        cls.customer = cls.create_customer("Broke", email="pay@example.com")
        cls.create_invoice(cls.customer, 100, MONDAY - timedelta(days=3))

    def declare(self, user=None, **values):
        """The insolvency of the customer, recorded by a collector."""
        return (
            self.env_on(MONDAY)["recobro.insolvency"]
            .with_user(user or self.collector)
            .create({"partner_id": self.customer.id, "court": "Mercantil 3", "declared_on": MONDAY, **values})
        )

    def claims(self, record):
        """The activities that remind of the claim."""
        return record.sudo().activity_search(["recobro_module.activity_type_claim"])

    def test_nothing_goes_out_to_a_customer_from_the_moment_of_the_insolvency(self):
        self.run_day(MONDAY, send=False)
        waiting = self.messages_to(self.customer, "sending")
        self.assertTrue(waiting)
        record = self.declare()
        self.send_queue(MONDAY)
        self.assertEqual(waiting.state, "skipped")
        self.assertEqual(record.case_id.insolvency_id, record)
        self.run_days(MONDAY + timedelta(days=1), MONDAY + timedelta(days=20))
        self.assertFalse(self.messages_to(self.customer, "done"))
        self.assertFalse(self.tasks_of(self.customer, "planned"))

    def test_a_new_invoice_of_an_insolvent_customer_is_not_chased_either(self):
        self.declare()
        self.create_invoice(self.customer, 70, MONDAY + timedelta(days=1))
        self.run_days(MONDAY + timedelta(days=1), MONDAY + timedelta(days=10))
        self.assertFalse(self.messages_to(self.customer, "done"))

    def test_the_claim_is_on_a_list_until_it_is_filed(self):
        record = self.declare()
        self.assertEqual(record.claim_deadline, MONDAY + relativedelta(months=1))
        self.assertEqual(record.claim_amount, 100)
        self.assertEqual(
            (self.claims(record).date_deadline, self.claims(record).user_id), (record.claim_deadline, self.collector)
        )
        record.claim_deadline = MONDAY + timedelta(days=12)
        self.assertEqual(self.claims(record).date_deadline, MONDAY + timedelta(days=12))
        record.claim_filed_on = MONDAY + timedelta(days=5)
        self.assertFalse(self.claims(record))

    def test_a_manager_ends_it_with_a_reason_and_the_ladder_goes_on(self):
        record = self.declare()
        with self.assertRaises(AccessError):
            record.action_end()
        record = record.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "why it ended"):
            record.action_end()
        record.end_reason = "Agreement approved by the court"
        record.action_end()
        self.assertEqual(record.state, "ended")
        self.assertFalse(self.claims(record))
        self.run_day(MONDAY + timedelta(days=1))
        self.assertTrue(self.messages_to(self.customer, "done"))
        said = record.case_id.interaction_ids.mapped("summary")
        self.assertTrue(any("Agreement approved" in (line or "") for line in said))

    def test_what_was_recorded_is_not_rewritten(self):
        record = self.declare()
        for values in ({"state": "ended"}, {"partner_id": self.create_customer("Other").id}, {"declared_on": MONDAY}):
            with self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaises(AccessError):
            self.env["recobro.insolvency"].with_user(self.collector).create(
                {"partner_id": self.customer.id, "court": "X", "state": "ended"}
            )

    def test_a_customer_is_insolvent_once_at_a_time(self):
        self.declare()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.declare()

    def test_an_accountant_reads_it_and_records_none(self):
        record = self.declare()
        self.assertEqual(record.with_user(self.accountant).court, "Mercantil 3")
        with self.assertRaises(AccessError):
            self.declare(self.accountant)

    def test_a_collector_of_another_company_does_not_see_it(self):
        record = self.declare()
        other = self.env["res.company"].create({"name": "Other company"})
        stranger = new_test_user(
            self.env,
            "insolvency_stranger",
            groups="recobro_module.group_recobro_user",
            company_id=other.id,
            company_ids=[(6, 0, other.ids)],
        )
        with self.assertRaises(AccessError):
            record.with_user(stranger).with_company(other).read(["court"])
