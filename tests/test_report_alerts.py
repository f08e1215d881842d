"""What is told, and what a manager can do, when a report by mail does not go out or does not arrive."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.clock import lived
from odoo.addons.recobro_module.engine.reports import mailing

from .common import MONDAY
from .test_figures_mail import _LOGGER, FiguresMailCase

_WATCH = "odoo.addons.recobro_module.engine.reports.watch"


class TestReportAlerts(FiguresMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.sudo().user_id = cls.manager
        cls.company.recobro_report_user_ids = cls.manager

    def at(self, day, hour):
        moment = datetime(day.year, day.month, day.day, hour)
        return self.env(su=True, context={**self.env.context, "recobro_as_of": lived(moment)})

    def watch(self, day=MONDAY, hour=10):
        """The watch, lived at an hour; return what the company's alerts of reports say, those that are open."""
        self.env.flush_all()
        self.at(day, hour)["recobro.ledger.alert"]._cron_watch()
        return self.alerts().filtered(lambda alert: not alert.until).mapped("words")

    def alerts(self):
        domain = [("company_id", "=", self.company.id), ("kind", "=", "report")]
        return self.env["recobro.ledger.alert"].search(domain)

    def fail(self, day=MONDAY, hour=9, name="monthly"):
        """Have the scheduled action fail."""
        error = UserError("No such table")
        with patch.object(getattr(mailing, name), "read", side_effect=error), mute_logger(_LOGGER):
            self.send(day, hour)

    def test_what_failed_is_one_alert_by_night_too_until_it_goes_out(self):
        self.fail()
        self.assertIn("No such table", self.watch()[0])
        for day, hour in ((1, 3), (1, 15), (2, 3), (2, 15)):
            self.watch(MONDAY + timedelta(days=day), hour)
        self.assertEqual(len(self.alerts()), 1)
        self.assertFalse(self.alerts().until)
        self.assertEqual(len(self.send(MONDAY + timedelta(days=2), 16)), 1)
        self.assertFalse(self.watch(MONDAY + timedelta(days=2), 17))

    def test_both_reports_that_fail_are_told_and_a_later_one_hides_none(self):
        self.company.recobro_team_user_ids = self.manager
        with patch.object(mailing.team, "read", side_effect=UserError("No such week")), mute_logger(_LOGGER):
            self.fail()
        [words] = self.watch()
        self.assertIn("The monthly report", words)
        self.assertIn("The team's week", words)
        with patch.object(mailing.monthly, "read", side_effect=UserError("No such table")), mute_logger(_LOGGER):
            self.send(MONDAY + timedelta(days=7))
        [words] = self.watch(MONDAY + timedelta(days=7))
        self.assertIn("The monthly report", words)
        self.assertNotIn("The team's week", words)

    def test_a_month_that_never_went_out_is_told_after_its_time_and_still_sent(self):
        self.fail()
        april = date(2026, 4, 7)
        self.send(april - timedelta(days=6), 7)
        self.assertIn("No such table", self.watch(april, 3)[0])
        self.assertEqual(len(self.send(april)), 2)
        self.assertEqual(self.sent().mapped("state"), ["sent", "sent"])
        self.assertFalse(self.watch(april))

    def test_a_manager_gives_it_up_or_tries_again(self):
        self.fail()
        row = self.sent().with_user(self.manager)
        with patch.object(mailing.monthly, "read", side_effect=UserError("No such table")), mute_logger(_LOGGER):
            self.assertIn("No such table", row.action_try_again()["params"]["message"])
        self.assertEqual(row.state, "failed")
        row.action_give_up()
        self.assertEqual(row.state, "dropped")
        self.assertFalse(self.send(MONDAY + timedelta(days=1)))
        self.assertFalse(self.watch(MONDAY + timedelta(days=1)))
        row.sudo().state = "failed"
        self.assertFalse(row.action_try_again())
        self.assertEqual(row.state, "sent")

    def test_nobody_but_a_manager_of_the_company_has_it_sent_again(self):
        self.fail()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for user in (self.auditor, self.create_reader("alerts_away", self.manager_group(), elsewhere)):
            for button in ("action_try_again", "action_give_up"):
                row = self.sent().with_user(user).with_context(allowed_company_ids=user.company_id.ids)
                with self.assertRaises(AccessError):
                    getattr(row, button)()

    @staticmethod
    def manager_group():
        return "recobro_module.group_recobro_manager"

    def test_a_mail_that_did_not_arrive_is_told_and_sent_again(self):
        [mail] = self.send()
        mail.write({"state": "exception", "failure_reason": "Mailbox full"})
        [words] = self.watch()
        self.assertIn("Mailbox full", words)
        self.assertIn(self.manager.email, words)
        row = self.sent().with_user(self.manager)
        self.assertIn(self.manager.email, row.not_reached)
        row.action_try_again()
        self.assertEqual(mail.state, "outgoing")
        self.assertFalse(self.watch())

    def test_a_mail_of_an_earlier_month_is_told_no_more(self):
        [mail] = self.send()
        mail.state = "exception"
        self.send(date(2026, 4, 1))
        self.assertFalse(self.watch(date(2026, 4, 1)))

    def test_a_scheduled_action_that_is_off_or_does_not_run_is_told(self):
        scheduled = self.env.ref("recobro_module.ir_cron_figures_mail").sudo()
        scheduled.active = False
        self.assertIn("switched off", self.watch()[0])
        scheduled.active = True
        scheduled.nextcall = datetime(2026, 3, 2, 8)
        self.assertFalse(self.watch(hour=10))
        self.assertIn("does not run", self.watch(hour=12)[0])
        self.send(hour=13)
        self.assertFalse(self.watch(hour=14))

    def test_a_company_whose_time_cannot_be_told_stops_no_other_and_is_told(self):
        elsewhere = self.setup_other_company()["company"]
        elsewhere.partner_id.tz = "UTC"
        elsewhere.sudo().recobro_report_user_ids = new_test_user(
            self.env,
            login="alerts_elsewhere",
            groups=f"base.group_user,{self.manager_group()}",
            company_id=elsewhere.id,
            company_ids=elsewhere,
            email="elsewhere@seller.example",
        )
        owed = mailing.owed

        def fails(env, company):
            if company == self.company:
                raise ValueError("Unknown time zone")
            return owed(env, company)

        with patch.object(mailing, "owed", fails), mute_logger(_LOGGER, _WATCH):
            self.assertEqual(len(self.send()), 1)
            self.assertIn("Unknown time zone", self.watch()[0])

    def test_a_report_is_read_once_for_all_who_read_the_same_language(self):
        others = [self.create_reader(f"alerts_{number}", self.manager_group()) for number in range(3)]
        self.company.recobro_report_user_ids = self.manager.union(*others)
        with patch.object(mailing.monthly, "read", side_effect=mailing.monthly.read) as read:
            self.assertEqual(len(self.send()), 4)
        self.assertEqual(read.call_count, 1)
