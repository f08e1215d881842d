"""Who is told that a customer does not answer, and that nobody holds the role a message is for."""

from datetime import timedelta
from unittest.mock import patch

from odoo.addons.recobro_module.engine import planning, saving, watch

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class AlertCase(RecobroCase):
    """A customer with a treasurer and one invoice, chased by messages alone on days 0, 3, 6, 9…"""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.env["res.users"].create(
            {
                "name": "Carla Collector",
                "login": "alerts_collector",
                "email": "carla@seller.example",
                "company_id": cls.company.id,
                "company_ids": cls.company.ids,
                "group_ids": cls.env.ref("recobro_module.group_recobro_user").ids,
            }
        )
        cls.policy.write({"silence_contacts": 3, "week_limit": 7, "quiet_days": 1, "contact_limit": 0})
        calendar = cls.env["resource.calendar"].create({"name": "Every day", "attendance_ids": False, "tz": "UTC"})
        calendar.attendance_ids = [
            (0, 0, {"name": "Day", "dayofweek": str(weekday), "hour_from": 8, "hour_to": 17, "day_period": "morning"})
            for weekday in range(7)
        ]
        cls.policy.calendar_id = calendar
        first = cls.policy.level_ids.filtered(lambda level: level.delay_days == 0)
        (cls.policy.level_ids - first).unlink()
        cls.level = first
        for number in range(1, 12):
            first.copy({"delay_days": 3 * number, "policy_id": cls.policy.id, "recipient_role_ids": False})
        for level in cls.policy.level_ids:
            level.recipient_role_ids = [(5,), (0, 0, {"role_id": cls.treasury.id})]

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.anna = self.create_contact(self.customer, "Anna", self.treasury)
        self.customer.with_company(self.company).recobro_user_id = self.collector
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)

    @property
    def case(self):
        """The open case of the customer."""
        return self.case_of(self.customer)

    def told(self, kind="silence", case=None):
        """The open alerts of a kind on the case."""
        kind = self.env.ref(f"recobro_module.activity_type_{kind}")
        return (case or self.case).activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def log(self, when, result, direction="out", channel="call", **values):
        """Append a line to the log of the case, on a day."""
        self.env_on(when)["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "case_id": self.case.id,
                    "channel": channel,
                    "direction": direction,
                    "result": result,
                    **values,
                }
            ]
        )
        self.env.invalidate_all()


class TestSilence(AlertCase):
    def test_the_owner_is_told_after_three_messages_without_an_answer_and_why(self):
        self.run_days(MONDAY, day(6))
        self.assertEqual(len(self.messages_to(self.customer)), 3)
        self.assertFalse(self.told())
        self.run_day(day(7))
        [alert] = self.told()
        self.assertEqual((alert.user_id, alert.date_deadline), (self.collector, day(7)))
        self.assertIn("Contacts since the last answer: 3", alert.note)
        self.assertIn("never", alert.note)
        self.assertEqual(self.case.silence_alert_date, day(7))

    def test_it_is_said_once_and_again_only_after_as_many_further_contacts(self):
        self.run_days(MONDAY, day(7))
        self.told().unlink()
        self.run_days(day(7), day(15))
        self.assertEqual(len(self.messages_to(self.customer)), 6)
        self.assertFalse(self.told())
        self.run_day(day(16))
        [alert] = self.told()
        self.assertIn("Contacts since the last answer: 6", alert.note)
        self.run_days(day(16), day(25))
        self.assertEqual(len(self.told()), 1, "one that is open is not doubled")

    def test_calls_that_reach_nobody_count_and_a_note_does_not(self):
        self.run_day(MONDAY)
        self.log(day(1), "no_answer")
        self.log(day(1), "noted", channel="note")
        self.run_day(day(2))
        self.assertFalse(self.told())
        self.log(day(2), "voicemail")
        self.run_day(day(3))
        self.assertTrue(self.told())

    def test_a_corrected_line_and_a_message_that_came_back_are_no_contacts(self):
        self.run_day(MONDAY)
        self.log(day(1), "no_answer")
        self.log(day(1), "no_answer")
        wrong = self.env["recobro.interaction"].search([("case_id", "=", self.case.id)], order="id desc", limit=1)
        self.log(day(1), "noted", channel="note", corrects_id=wrong.id)
        self.run_day(day(2))
        self.assertFalse(self.told())
        self.log(day(2), "no_answer")
        with self.mock_mail_gateway():
            self.case._message_receive_bounce(self.anna.email_normalized, self.anna)
        self.run_day(day(3))
        self.assertFalse(self.told())

    def test_an_answer_takes_the_alert_away_at_once_and_the_count_begins_anew(self):
        self.run_days(MONDAY, day(7))
        self.assertTrue(self.told())
        self.log(day(7), "replied", direction="in", channel="email")
        self.assertFalse(self.told())
        self.run_days(day(8), day(15))
        self.assertFalse(self.told())
        self.run_day(day(16))
        [alert] = self.told()
        self.assertIn("Contacts since the last answer: 3", alert.note)
        self.assertIn("03/09/2026", alert.note)

    def test_what_a_machine_answers_is_no_answer(self):
        self.run_days(MONDAY, day(5))
        self.log(day(5), "noted", direction="in", channel="email", is_automatic=True)
        self.run_days(day(6), day(7))
        self.assertTrue(self.told())

    def test_somebody_reached_by_phone_has_answered(self):
        self.run_days(MONDAY, day(5))
        self.log(day(5), "answered")
        self.run_days(day(6), day(10))
        self.assertFalse(self.told())

    def test_money_is_an_answer_by_payment_and_in_the_bank_and_a_credit_note_is_none(self):
        self.create_invoice(self.customer, 900, MONDAY)
        self.create_credit_note(self.customer, 10, day(6))
        self.run_days(MONDAY, day(7))
        self.assertTrue(self.told())
        self.receive_in_bank(self.customer, 50, day(7))
        self.run_day(day(8))
        self.assertFalse(self.told())
        self.assertFalse(self.case.silence_alert_date)
        self.run_days(day(9), day(16))
        self.assertTrue(self.told())
        self.pay_invoice(self.invoice, 50, day(17))
        self.run_day(day(17))
        self.assertFalse(self.told())

    def test_money_before_the_alert_puts_it_off(self):
        self.run_days(MONDAY, day(5))
        self.receive_in_bank(self.customer, 50, day(5))
        self.run_days(day(6), day(12))
        self.assertFalse(self.told())
        self.run_day(day(13))
        self.assertTrue(self.told())

    def test_nothing_is_told_of_a_case_that_is_closed(self):
        self.anna.recobro_role_ids = False
        self.run_days(MONDAY, day(7))
        case = self.case
        self.assertTrue(self.told() and self.told("role"))
        self.pay_invoice(self.invoice, day=day(8))
        self.run_day(day(8))
        self.assertEqual(case.state, "closed")
        self.assertFalse(self.told(case=case) or self.told("role", case))

    def test_zero_switches_it_off_and_the_policy_says_how_many(self):
        self.policy.silence_contacts = 0
        self.run_days(MONDAY, day(10))
        self.assertFalse(self.told())
        self.policy.silence_contacts = 5
        self.run_days(day(11), day(12))
        self.assertFalse(self.told())
        self.run_day(day(13))
        self.assertTrue(self.told())

    def test_only_the_engine_writes_when_it_was_said(self):
        self.run_day(MONDAY)
        with self.assertRaisesRegex(Exception, "kept by collections itself"):
            self.case.with_user(self.collector).silence_alert_date = MONDAY


class TestRole(AlertCase):
    def setUp(self):
        super().setUp()
        self.level = self.policy.level_ids.filtered(lambda level: level.delay_days == 3)

    def test_before_something_is_late_the_general_address_will_do(self):
        self.anna.recobro_role_ids = False
        self.run_day(MONDAY)
        self.assertTrue(self.messages_to(self.customer))
        self.assertFalse(self.told("role"))

    def test_a_message_that_goes_to_somebody_else_tells_the_owner_which_role_is_missing(self):
        self.anna.recobro_role_ids = False
        self.run_day(day(3))
        self.assertTrue(self.messages_to(self.customer))
        [alert] = self.told("role")
        self.assertEqual(alert.user_id, self.collector)
        self.assertIn(self.treasury.name, alert.note)

    def test_any_of_the_roles_will_do(self):
        self.anna.recobro_role_ids = self.decision_maker
        self.level.recipient_role_ids = [(0, 0, {"role_id": self.decision_maker.id, "sequence": 99})]
        self.run_day(day(3))
        self.assertFalse(self.told("role"))

    def test_a_level_without_roles_and_a_day_without_a_message_need_none(self):
        self.anna.recobro_role_ids = False
        self.level.recipient_role_ids = [(5,)]
        self.run_day(day(3))
        self.run_day(day(4))
        self.assertFalse(self.told("role"))

    def test_it_is_said_at_most_once_in_thirty_days(self):
        self.anna.recobro_role_ids = False
        self.run_day(day(3))
        self.told("role").unlink()
        self.run_days(day(4), day(32))
        self.assertFalse(self.told("role"))
        self.assertEqual(self.case.role_alert_date, day(3))
        self.run_day(day(33))
        self.assertTrue(self.told("role"))

    def test_on_a_day_with_more_than_people_can_take_in_the_largest_come_first(self):
        self.anna.recobro_role_ids = False
        large = self.create_customer("Large")
        self.create_invoice(large, 5000, MONDAY)
        with patch.object(watch, "_ROLE_ALERTS", 1):
            self.run_day(day(3))
            self.assertTrue(self.messages_to(self.customer) and self.messages_to(large))
            self.assertTrue(self.told("role", self.case_of(large)))
            self.assertFalse(self.told("role"))
            self.run_days(day(4), day(15))
        self.assertTrue(self.told("role"), "told with one of the next messages")

    def test_where_nobody_can_be_reached_that_is_what_is_said(self):
        (self.anna + self.customer).email = False
        self.run_day(day(3))
        self.assertFalse(self.told("role"))
        self.assertTrue(self.told("address"))


class TestQueryCount(AlertCase):
    def test_watching_forty_customers_takes_as_many_queries_as_ten(self):
        self.policy.silence_contacts = 1
        self.count_queries(1)  # what is read once only, such as the types of activity
        few = self.count_queries(10)
        self.assertEqual(self.count_queries(40), few)

    def count_queries(self, number):
        """How many statements it takes to tell of so many new silent customers without the role."""
        customers = [self.create_customer(f"Silent {number} {index}") for index in range(number)]
        for customer in customers:
            customer.with_company(self.company).recobro_user_id = self.collector
            self.create_invoice(customer, 100, day(-3))
            case = self.env["recobro.case"].sudo()._open_for(customer, self.company)
            for result in ("no_answer", "voicemail"):
                self.customer, known = customer, self.customer
                self.log(day(-1), result)
                self.customer = known
            case.flush_recordset()
        env = self.env_on(MONDAY)
        plan = planning.plan(env, self.company, MONDAY)
        saving.save(env, plan, env["recobro.run"].sudo()._start(self.company, MONDAY, "manual"))
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        watch.watch(env, self.company, MONDAY)
        count = self.env.cr.sql_log_count - before
        cases = self.env["recobro.case"].search([("partner_id", "in", [customer.id for customer in customers])])
        for kind in ("silence", "role"):
            self.assertEqual(len(self.told(kind, cases)), number)
        # The next measure starts from the same place
        self.told("silence", cases).unlink()
        return count
