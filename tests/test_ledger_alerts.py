"""Who is told once that something is wrong with the whole ledger, or that the daily job stands still."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import clock, ledger_watch, watchdog

from .common import MONDAY, RecobroCase


class LedgerAlertCase(RecobroCase):
    """A manager who answers for the policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            login="ledger_manager",
            groups="recobro_module.group_recobro_manager",
            company_id=cls.company.id,
            company_ids=cls.company,
        )
        cls.policy.sudo().user_id = cls.manager
        cls.company.write({"recobro_target_over_60": 0, "recobro_alert_customer_share": 0})

    def alerts(self, kind, now=True):
        """The alerts of a kind of the company: those that last, or those that are over."""
        domain = [("company_id", "=", self.company.id), ("kind", "=", kind), ("until", "=" if now else "!=", False)]
        return self.env["recobro.ledger.alert"].search(domain)

    def told(self, kind):
        """The activities of the alerts that last."""
        return self.alerts(kind).activity_ids


class TestLedger(LedgerAlertCase):
    def test_a_ledger_that_is_too_old_is_told_once_to_who_answers_for_the_policy(self):
        self.company.recobro_target_over_60 = 10
        self.create_invoice(self.create_customer("Old"), 200, MONDAY - timedelta(days=70))
        self.create_invoice(self.create_customer("New"), 800, MONDAY)
        self.run_day(MONDAY)
        activity = self.told("over_60")
        self.assertEqual((len(activity), activity.user_id), (1, self.manager))
        self.assertIn("20.0 % of what is open", self.alerts("over_60").words)
        self.run_day(MONDAY + timedelta(days=1))
        self.assertEqual(self.told("over_60"), activity)
        activity.action_feedback()
        self.run_day(MONDAY + timedelta(days=2))
        self.assertFalse(self.told("over_60"))

    def test_what_is_over_is_taken_back_and_told_again_when_it_returns(self):
        self.company.recobro_target_over_60 = 10
        old = self.create_invoice(self.create_customer("Old"), 200, MONDAY - timedelta(days=70))
        self.create_invoice(self.create_customer("New"), 800, MONDAY)
        self.run_day(MONDAY)
        self.pay_invoice(old, day=MONDAY + timedelta(days=1))
        self.run_day(MONDAY + timedelta(days=1))
        self.assertFalse(self.alerts("over_60"))
        self.assertEqual(self.alerts("over_60", now=False).until, MONDAY + timedelta(days=1))
        self.create_invoice(self.create_customer("Older"), 300, MONDAY - timedelta(days=70))
        self.run_day(MONDAY + timedelta(days=2))
        self.assertEqual(len(self.told("over_60")), 1)

    def test_a_target_of_zero_tells_nobody(self):
        self.create_invoice(self.create_customer("Old"), 200, MONDAY - timedelta(days=70))
        self.run_day(MONDAY)
        self.assertFalse(self.alerts("over_60"))

    def test_a_customer_who_owes_too_much_of_the_ledger_is_told_by_name(self):
        self.company.recobro_alert_customer_share = 20
        for number in range(9):
            self.create_invoice(self.create_customer(f"Buyer {number}"), 100, MONDAY)
        large = self.create_customer("Large buyer")
        self.create_invoice(large, 300, MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.alerts("concentration").partner_id, large)
        self.assertIn("Large buyer owes 25.0 % of the ledger", self.alerts("concentration").words)

    def test_of_a_handful_of_customers_none_is_told(self):
        self.company.recobro_alert_customer_share = 20
        self.create_invoice(self.create_customer(), 100, MONDAY)
        self.run_day(MONDAY)
        self.assertFalse(self.alerts("concentration"))

    def test_sales_outstanding_past_the_target_are_told(self):
        self.company.recobro_target_dso = 10
        self.create_invoice(self.create_customer(), 100, MONDAY - timedelta(days=20), MONDAY - timedelta(days=40))
        self.run_day(MONDAY)
        self.assertIn("the target is 10 at most", self.alerts("dso").words)

    def keep_month(self, day, effectiveness):
        """The company's kept figures of a day, with so much collected of its month."""
        values = {"company_id": self.company.id, "day": day, "effectiveness": effectiveness}
        self.env["recobro.snapshot"].sudo().create(values)

    def watched(self, day):
        """The alerts of what was collected, after the ledger was looked at."""
        ledger_watch.watch(self.env(su=True), self.company.sudo(), day)
        return self.alerts("effectiveness")

    def test_what_was_collected_is_told_against_a_target_alone(self):
        self.keep_month(date(2026, 2, 28), -20)
        self.assertFalse(self.watched(MONDAY))
        self.company.recobro_target_effectiveness = 60
        self.assertIn("In February 2026 -20.0 % of what there was to collect", self.watched(MONDAY).words)

    def test_what_was_collected_is_told_of_a_whole_month_and_not_of_its_first_days(self):
        self.company.recobro_target_effectiveness = 60
        self.keep_month(date(2026, 2, 28), 80)
        self.keep_month(MONDAY, 5)
        self.assertFalse(self.watched(MONDAY))
        self.keep_month(date(2026, 3, 31), 40)
        self.assertTrue(self.watched(date(2026, 3, 31)))
        self.assertTrue(self.watched(date(2026, 4, 1)))

    def test_a_month_whose_last_days_nobody_kept_is_not_judged(self):
        self.company.recobro_target_effectiveness = 60
        self.keep_month(date(2026, 2, 10), 5)
        self.assertFalse(self.watched(MONDAY))

    def test_an_action_that_is_not_written_yet_is_a_next_action_too(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_days(MONDAY, MONDAY + timedelta(days=2))
        case = self.case_of(customer).sudo()
        case.next_level_id = False
        action = case.action_ids[:1].sudo()
        self.env.flush_all()
        action.state = "planned"
        ledger_watch.watch(self.env(su=True), self.company.sudo(), MONDAY + timedelta(days=2))
        self.assertFalse(self.alerts("no_next"))

    def test_a_case_for_which_nothing_is_to_come_is_found_and_told(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days != 0).unlink()
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_days(MONDAY, MONDAY + timedelta(days=2))
        case = self.case_of(customer)
        self.assertIn("nothing is to come: 1", self.alerts("no_next").words)
        cases = self.env["recobro.case"].search([("is_forgotten", "=", True), ("company_id", "=", self.company.id)])
        self.assertEqual(cases, case)
        case.activity_schedule("mail.mail_activity_data_todo", MONDAY, user_id=self.manager.id)
        self.run_day(MONDAY + timedelta(days=3))
        self.assertFalse(self.alerts("no_next"))
        self.assertFalse(self.env["recobro.case"].search([("is_forgotten", "=", True), ("id", "=", case.id)]))


class TestWatchdog(LedgerAlertCase):
    def trouble(self, hours=0):
        """What the watchdog says so many hours from now."""
        moment = datetime.now() + timedelta(hours=hours)
        with patch.object(clock, "moment", lambda env: moment):
            return watchdog.sentence(self.env, self.company)

    def test_a_company_that_ran_today_is_in_order_and_one_that_did_not_for_over_a_day_is_not(self):
        self.run_day(MONDAY)
        self.assertFalse(self.trouble())
        self.assertFalse(self.trouble(hours=25))
        self.assertIn("Collections have not run since", self.trouble(hours=27))

    def test_what_the_last_try_said_is_told(self):
        self.run_day(MONDAY)
        self.env["recobro.run"].sudo().create(
            {"company_id": self.company.id, "day": MONDAY, "mode": "scheduled", "state": "failed", "error": "No disk"}
        )
        self.assertTrue(self.trouble(hours=27).endswith("The last try says: No disk"))

    def test_a_policy_that_was_switched_on_and_never_ran_is_told_after_a_day(self):
        self.assertFalse(self.trouble())
        self.assertIn("Collections have never run", self.trouble(hours=27))

    def test_a_scheduled_action_that_somebody_switched_off_is_told_at_once(self):
        self.run_day(MONDAY)
        self.env.ref("recobro_module.ir_cron_run").active = False
        self.assertIn("is switched off: collections stand still", self.trouble())

    def test_a_run_that_nobody_releases_is_told(self):
        self.run_day(MONDAY).state = "waiting"
        self.assertFalse(self.trouble())
        self.assertIn("waits for a person to release it", self.trouble(hours=5))

    def test_a_company_that_is_stopped_or_has_no_policy_is_meant_to_stand_still(self):
        self.company.recobro_stopped = True
        self.assertFalse(self.trouble(hours=27))
        self.company.recobro_stopped = False
        self.env["recobro.policy"].search([]).sudo().is_on = False
        self.assertFalse(self.trouble(hours=27))

    def test_the_watchdog_tells_once_and_takes_it_back_when_the_job_lives_again(self):
        self.run_day(MONDAY)
        with patch.object(clock, "moment", lambda env: datetime.now() + timedelta(hours=27)):
            for _hour in range(2):
                ledger_watch.watch_job(self.env, self.company)
        self.assertEqual(self.told("job").user_id, self.manager)
        ledger_watch.watch_job(self.env, self.company)
        self.assertFalse(self.alerts("job"))

    def test_a_collector_sees_it_over_the_worklist(self):
        collector = new_test_user(
            self.env,
            login="ledger_collector",
            groups="recobro_module.group_recobro_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.run_day(MONDAY)
        cases = self.env(user=collector, su=False, context={"allowed_company_ids": self.company.ids})["recobro.case"]
        self.assertFalse(cases.get_trouble())
        self.env.ref("recobro_module.ir_cron_deliver_1").active = False
        self.assertIn("is switched off", cases.get_trouble())
        self.assertIn("is switched off", cases.get_my_day()["trouble"])


class TestRights(LedgerAlertCase):
    def test_who_works_with_the_ledger_reads_alerts_of_its_own_company_and_nobody_changes_them(self):
        alert = (
            self.env["recobro.ledger.alert"]
            .sudo()
            .create({"company_id": self.company.id, "kind": "over_60", "since": MONDAY, "words": "Old"})
        )
        groups = {
            "recobro_module.group_recobro_user": True,
            "recobro_module.group_recobro_manager": True,
            "account.group_account_invoice": True,
            "account.group_account_readonly": True,
            "base.group_user": False,
            "base.group_portal": False,
        }
        elsewhere = self.setup_other_company()["company"]
        for number, (group, may_read) in enumerate(groups.items()):
            for company in (self.company, elsewhere):
                user = new_test_user(
                    self.env,
                    login=f"ledger_{number}_{company.id}",
                    groups=group,
                    company_id=company.id,
                    company_ids=[Command.set(company.ids)],
                )
                seen = alert.with_env(self.env(user=user, su=False, context={"allowed_company_ids": company.ids}))
                self.assertEqual(seen.has_access("read"), may_read and company == self.company, group)
                self.assertFalse(any(seen.has_access(operation) for operation in ("write", "create", "unlink")), group)
