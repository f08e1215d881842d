"""An insurer is told of arrears in time: who answers for it is alerted before the deadline, once."""

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MONDAY, RecobroCase

ALERT = ["recobro_module.activity_type_insurance"]


class TestCreditInsurance(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = new_test_user(cls.env, "insurance_collector", groups="recobro_module.group_recobro_user")
        cls.manager = new_test_user(cls.env, "insurance_manager", groups="recobro_module.group_recobro_manager")
        cls.customer = cls.create_customer("Insured", email="pay@example.com")
        cls.insurer = cls.env["res.partner"].create({"name": "Insurer"})

    def insure(self, **values):
        """An insurance that wants to know of arrears within 30 days, and alerts 10 days before."""
        return (
            self.env_on(MONDAY)["recobro.credit.insurance"]
            .with_user(self.manager)
            .create(
                {
                    "partner_id": self.customer.id,
                    "insurer_id": self.insurer.id,
                    "insured_limit": 80,
                    "share": 0.9,
                    "notify_days": 30,
                    "warn_days": 10,
                    "user_id": self.collector.id,
                    "date_from": MONDAY - timedelta(days=300),
                    **values,
                }
            )
        )

    def on(self, record, day):
        """The insurance as it is on a day."""
        self.env.invalidate_all()
        return record.with_env(self.env_on(day)).sudo()

    def test_the_owner_is_alerted_ten_days_before_the_deadline_and_once(self):
        self.create_invoice(self.customer, 100, MONDAY - timedelta(days=19))
        record = self.insure()
        self.run_day(MONDAY)
        self.assertFalse(record.sudo().activity_search(ALERT))
        self.run_day(MONDAY + timedelta(days=1))
        self.run_day(MONDAY + timedelta(days=2))
        alert = record.sudo().activity_search(ALERT)
        self.assertEqual((len(alert), alert.user_id), (1, self.collector))
        self.assertIn("Insurer", alert.note)

    def test_what_is_insured_is_what_is_open_within_the_limit_times_the_share(self):
        self.create_invoice(self.customer, 100, MONDAY - timedelta(days=19))
        record = self.on(self.insure(), MONDAY)
        self.assertEqual((record.amount_open, record.amount_insured, record.amount_arrears), (100, 72, 100))
        self.assertEqual(record.deadline, MONDAY + timedelta(days=11))

    def test_what_the_insurer_was_told_is_not_asked_for_again_and_what_falls_due_later_is(self):
        self.create_invoice(self.customer, 100, MONDAY - timedelta(days=25))
        record = self.insure()
        self.run_day(MONDAY)
        self.on(record, MONDAY).with_user(self.collector).action_notified()
        self.assertFalse(record.sudo().activity_search(ALERT))
        self.run_day(MONDAY + timedelta(days=1))
        self.assertFalse(record.sudo().activity_search(ALERT))
        self.assertEqual(self.on(record, MONDAY).amount_arrears, 0)
        later = MONDAY + timedelta(days=4)
        self.create_invoice(self.customer, 50, later)
        self.assertEqual(self.on(record, later + timedelta(days=1)).amount_arrears, 50)
        self.run_day(later + timedelta(days=20))
        self.assertTrue(record.sudo().activity_search(ALERT))

    def test_an_insurance_that_is_over_alerts_nobody(self):
        self.create_invoice(self.customer, 100, MONDAY - timedelta(days=25))
        record = self.insure(date_until=MONDAY - timedelta(days=1))
        self.run_day(MONDAY)
        self.assertFalse(record.sudo().activity_search(ALERT))

    def test_an_alert_after_the_deadline_is_refused_as_is_a_share_of_more_than_all(self):
        for values in ({"warn_days": 30}, {"share": 1.2}, {"insured_limit": -1}):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.cr.savepoint():
                self.insure(**values)

    def test_an_insurance_is_of_a_company_not_of_a_contact(self):
        contact = self.create_contact(self.customer, "Somebody")
        with self.assertRaises(ValidationError):
            self.insure(partner_id=contact.id)

    def test_a_collector_tells_the_insurer_and_makes_no_insurance(self):
        record = self.insure().with_user(self.collector)
        record.action_notified()
        self.assertTrue(record.notified_on)
        with self.assertRaises(AccessError):
            self.env["recobro.credit.insurance"].with_user(self.collector).create(
                {"partner_id": self.customer.id, "insurer_id": self.insurer.id, "insured_limit": 1}
            )
