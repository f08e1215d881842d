"""The figures by mail: who gets the monthly report and the team's week, when, once, and in which language."""

from datetime import date, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.clock import lived
from odoo.addons.recobro_module.engine.reports import mailing

from .common import MONDAY, RecobroCase

MANAGER = "recobro_module.group_recobro_manager"
AUDITOR = "account.group_account_readonly"
#: The first of March 2026 is a Sunday: the first working day of the month is the Monday, which begins a week too.
SUNDAY = MONDAY - timedelta(days=1)
_LOGGER = "odoo.addons.recobro_module.models.recobro_figures_mail"


class FiguresMailCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([]).write(
            {"recobro_report_user_ids": [Command.clear()], "recobro_team_user_ids": [Command.clear()]}
        )
        cls.company.recobro_run_hour = 8
        cls.manager = cls.create_reader("mail_manager", MANAGER)
        cls.auditor = cls.create_reader("mail_auditor", AUDITOR)
        cls.customer = cls.create_customer("Ash")

    @classmethod
    def create_reader(cls, login, groups, company=None, **values):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=login,
            groups=f"base.group_user,{groups}",
            company_id=company.id,
            company_ids=company,
            email=f"{login}@seller.example",
            **values,
        )

    def send(self, day=MONDAY, hour=9):
        """The scheduled action, lived on a day at an hour; return the mails that it queued."""
        self.env.flush_all()
        before = self.env["mail.mail"].sudo().search([], order="id desc", limit=1).id or 0
        moment = datetime(day.year, day.month, day.day, hour)
        env = self.env(su=True, context={**self.env.context, "recobro_as_of": lived(moment)})
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=float("inf")):
            env["recobro.figures.mail"]._cron_send()
        return self.env["mail.mail"].sudo().search([("id", ">", before)])

    def sent(self):
        return self.env["recobro.figures.mail"].search([("company_id", "=", self.company.id)])


class TestWhoGetsIt(FiguresMailCase):
    def test_those_who_were_chosen_get_it_and_nobody_else(self):
        self.assertFalse(self.send())
        self.company.recobro_report_user_ids = self.auditor
        [mail] = self.send()
        self.assertEqual(mail.email_to, self.auditor.email_formatted)
        self.assertIn("Collections in February 2026", mail.subject)
        self.assertIn("/odoo/collections-dashboard", mail.body_html)
        self.assertEqual(len(mail.attachment_ids), 1)
        self.assertEqual((self.sent().state, self.sent().recipients), ("sent", self.auditor.name))

    def test_a_report_goes_to_each_in_their_own_language_and_is_printed_once_a_language(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.auditor.lang = "es_ES"
        other = self.create_reader("mail_other", MANAGER)
        self.company.recobro_report_user_ids = self.auditor | self.manager | other
        mails = self.send()
        self.assertEqual(len(mails), 3)
        subjects = {mail.email_to: mail.subject for mail in mails}
        self.assertIn("febrero de 2026", subjects[self.auditor.email_formatted])
        self.assertIn("February 2026", subjects[self.manager.email_formatted])
        self.assertEqual(len(self.sent().attachment_ids), 2)
        self.assertEqual(sorted(self.sent().attachment_ids.mapped("description")), ["en_US", "es_ES"])

    def test_who_may_not_read_the_figures_is_refused_with_a_sentence(self):
        employee = self.create_reader("mail_employee", "base.group_user")
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        away = self.create_reader("mail_away", AUDITOR, elsewhere)
        for name, user, words in (
            ("recobro_report_user_ids", employee, "may not read the figures of collections"),
            ("recobro_team_user_ids", self.auditor, "is no manager of collections"),
            ("recobro_report_user_ids", away, "does not work in"),
        ):
            with self.assertRaises(ValidationError) as refused:
                self.company[name] = user
            self.assertIn(words, str(refused.exception))

    def test_who_lost_the_right_is_left_out_and_the_manager_is_told_once(self):
        self.policy.sudo().user_id = self.manager
        self.company.recobro_report_user_ids = self.auditor | self.manager
        self.auditor.group_ids -= self.env.ref(AUDITOR)
        self.assertEqual(self.send().mapped("email_to"), [self.manager.email_formatted])
        alerts = self.env["recobro.ledger.alert"]
        for _time in range(2):
            alerts.sudo()._cron_watch()
        alert = alerts.search([("company_id", "=", self.company.id), ("kind", "=", "recipient")])
        self.assertIn(self.auditor.name, alert.words)
        self.assertEqual(alert.activity_ids.user_id, self.manager)
        self.company.recobro_report_user_ids = self.manager
        alerts.sudo()._cron_watch()
        self.assertTrue(alert.until)

    def test_a_mail_tells_of_its_own_company_alone(self):
        elsewhere = self.setup_other_company()["company"]
        elsewhere.partner_id.tz = "UTC"
        reader = self.create_reader("mail_elsewhere", MANAGER, elsewhere)
        elsewhere.sudo().recobro_report_user_ids = reader
        self.create_invoice(self.customer, 54321, date(2026, 1, 10))
        [mail] = self.send()
        self.assertEqual(mail.email_to, reader.email_formatted)
        self.assertNotIn("54,321", mail.body_html)
        self.assertIn(elsewhere.name, mail.subject)


class TestWhen(FiguresMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recobro_report_user_ids = cls.manager

    def test_it_goes_out_on_the_first_working_day_at_the_hour_of_the_run_and_once(self):
        self.assertFalse(self.send(SUNDAY))
        self.assertFalse(self.send(MONDAY, hour=7))
        self.assertEqual(len(self.send(MONDAY, hour=8)), 1)
        self.assertFalse(self.send(MONDAY, hour=9))
        self.assertFalse(self.send(MONDAY + timedelta(days=9)))
        self.assertEqual(len(self.send(date(2026, 4, 1))), 1)

    def test_a_day_without_a_server_is_caught_up(self):
        self.assertEqual(len(self.send(MONDAY + timedelta(days=4))), 1)
        self.assertEqual(self.sent().period, date(2026, 2, 1))

    def test_a_public_holiday_is_waited_for(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": datetime(2026, 3, 1, 22),
                "date_to": datetime(2026, 3, 2, 23, 59),
            }
        )
        self.assertFalse(self.send(MONDAY))
        self.assertEqual(len(self.send(MONDAY + timedelta(days=1))), 1)

    def test_a_report_that_fails_stops_no_other_is_told_and_is_tried_again(self):
        self.policy.sudo().user_id = self.manager
        elsewhere = self.setup_other_company()["company"]
        elsewhere.partner_id.tz = "UTC"
        elsewhere.sudo().recobro_report_user_ids = self.create_reader("mail_elsewhere", MANAGER, elsewhere)
        read = mailing.monthly.read

        def fails(env, company, first):
            if company == self.company:
                raise UserError(env._("No such table"))
            return read(env, company, first)

        with patch.object(mailing.monthly, "read", fails), mute_logger(_LOGGER):
            self.assertEqual(self.send().mapped("email_to"), [elsewhere.recobro_report_user_ids.email_formatted])
        self.assertEqual((self.sent().state, self.sent().error), ("failed", "No such table"))
        with_day = self.env(su=True, context={**self.env.context, "recobro_as_of": lived(datetime(2026, 3, 2, 10))})
        with_day["recobro.ledger.alert"]._cron_watch()
        alert = self.env["recobro.ledger.alert"].search([("company_id", "=", self.company.id), ("kind", "=", "report")])
        self.assertIn("No such table", alert.words)
        self.assertEqual(len(self.send(hour=11)), 1)
        self.assertEqual((self.sent().state, self.sent().error), ("sent", False))
        with_day["recobro.ledger.alert"]._cron_watch()
        self.assertTrue(alert.until)


class TestTeam(FiguresMailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recobro_team_user_ids = cls.manager
        cls.collector = cls.create_reader("mail_collector", "recobro_module.group_recobro_user", name="Carla")

    def test_a_manager_reads_what_each_collector_did_in_the_week_beside_the_one_before(self):
        invoice = self.create_invoice(self.customer, 300, MONDAY - timedelta(days=20))
        self.run_day(MONDAY - timedelta(days=12))
        self.case_of(self.customer).user_id = self.collector
        self.pay_invoice(invoice, 100, MONDAY - timedelta(days=9))
        self.pay_invoice(invoice, 120, MONDAY - timedelta(days=4))
        self.env.flush_all()
        week = mailing.team.read(self.env_on(MONDAY)(su=True), self.company.sudo(), MONDAY - timedelta(days=7))
        [carla] = [one for one in week.collectors if one.user == self.collector]
        self.assertEqual((carla.now["collected"], carla.before["collected"], carla.cases), (120, 100, 1))
        [mail] = self.send()
        self.assertIn("Carla", mail.body_html)
        self.assertIn("120", mail.body_html)
        self.assertFalse(mail.attachment_ids)
        self.assertFalse(self.send(MONDAY + timedelta(days=2)))
        self.assertEqual(len(self.send(MONDAY + timedelta(days=7))), 1)

    def test_a_team_without_cases_is_told_so(self):
        [mail] = self.send()
        self.assertIn("Nobody has a case or logged a contact yet.", mail.body_html)

    def test_what_is_overdue_to_do_is_counted_for_whose_it_is(self):
        self.create_invoice(self.customer, 300, MONDAY - timedelta(days=20))
        self.run_day(MONDAY - timedelta(days=3))
        case = self.case_of(self.customer)
        case.user_id = self.collector
        for days in (1, -1):
            case.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=MONDAY - timedelta(days=days),
                user_id=self.collector.id,
            )
        week = mailing.team.read(self.env_on(MONDAY)(su=True), self.company.sudo(), MONDAY - timedelta(days=7))
        [carla] = [one for one in week.collectors if one.user == self.collector]
        self.assertEqual((carla.overdue, carla.left_out), (1, 0))

    def test_a_team_of_many_is_read_in_as_many_statements_as_one_of_few(self):
        def read():
            env = self.env_on(MONDAY)(su=True)
            env.flush_all()
            env.invalidate_all()
            before = env.cr.sql_log_count
            week = mailing.team.read(env, self.company.with_env(env), MONDAY - timedelta(days=7))
            return week, env.cr.sql_log_count - before

        def join(numbers):
            for number in numbers:
                customer = self.create_customer(f"Customer {number}")
                self.create_invoice(customer, 300, MONDAY - timedelta(days=20))
                user = self.create_reader(f"mail_member_{number}", "recobro_module.group_recobro_user")
                self.run_day(MONDAY - timedelta(days=3))
                case = self.case_of(customer)
                case.user_id = user
                case.activity_schedule(
                    "mail.mail_activity_data_todo", date_deadline=MONDAY - timedelta(days=1), user_id=user.id
                )

        join(range(2))
        read()
        few, of_few = read()
        join(range(2, 6))
        many, of_many = read()
        self.assertEqual(len(many.collectors) - len(few.collectors), 4)
        members = [one for one in many.collectors if one.user.login.startswith("mail_member")]
        self.assertEqual([one.overdue > 0 for one in members], [True] * 6)
        self.assertEqual(of_many, of_few)


class TestDialog(FiguresMailCase):
    def dialog(self, user, **values):
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": user.company_id.ids}
        self.env.flush_all()
        return self.env(user=user, su=False, context=context)["recobro.monthly.print"].create(values)

    def test_a_manager_has_it_sent_at_once_and_the_scheduled_report_still_goes_out(self):
        self.company.recobro_report_user_ids = self.manager
        dialog = self.dialog(self.manager)
        self.assertEqual((dialog.company_id, dialog.month), (self.company, "2026-02-01"))
        self.assertIn(self.manager.email, dialog.action_send()["params"]["message"])
        mail = self.env["mail.mail"].sudo().search([], order="id desc", limit=1)
        self.assertEqual((mail.email_to, len(mail.attachment_ids)), (self.manager.email_formatted, 1))
        self.assertEqual(len(self.send()), 1)

    def test_a_manager_prints_a_month_of_choice(self):
        dialog = self.dialog(self.manager, month="2026-01-01")
        self.assertIn("/web/content/recobro.monthly.print/", dialog.action_print()["url"])
        self.assertTrue(dialog.file)
        self.assertIn("January 2026", dialog.filename)

    def test_nobody_prints_the_figures_of_another_company_or_without_being_a_manager(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        dialog = self.dialog(self.manager)
        dialog.sudo().company_id = elsewhere
        for button in ("action_print", "action_send"):
            with self.assertRaises(UserError):
                getattr(dialog, button)()
        with self.assertRaises(AccessError):
            self.dialog(self.auditor)
        with self.assertRaises(AccessError):
            reports = self.env["ir.actions.report"].with_context(recobro_monthly="x")
            reports._render_qweb_html("recobro_module.report_monthly", self.company.ids)
