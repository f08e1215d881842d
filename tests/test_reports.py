"""What the reports say of what was done: answers, money, promises, disputes, placements, the team; and to whom."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import MONDAY, RecobroCase

REPORTS = ("action", "promise", "dispute", "placement", "team")


class ReportCase(RecobroCase):
    def rows(self, name, domain=()):
        """The rows of a report of the company."""
        self.env.flush_all()
        return self.env[f"recobro.report.{name}"].search([("company_id", "=", self.company.id), *domain])

    def case_with_a_message(self, name="Customer"):
        """A customer to whom a message went on the Monday, and its invoice."""
        customer = self.create_customer(name)
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        return customer, invoice

    def log(self, customer, user=None, **values):
        case = self.case_of(customer)
        line = {"company_id": self.company.id, "partner_id": customer.id, "case_id": case.id, "channel": "call"}
        self.env["recobro.interaction"].with_user(user or self.env.user)._log([line | values])


class TestWhatWorks(ReportCase):
    def test_money_and_an_answer_within_seven_days_are_put_down_to_the_message(self):
        customer, invoice = self.case_with_a_message()
        self.pay_invoice(invoice, 60, day=MONDAY + timedelta(days=6))
        answer = {"direction": "in", "result": "replied"}
        self.log(customer, date=fields.Datetime.to_datetime(MONDAY + timedelta(days=2)), **answer)
        [row] = self.rows("action")
        self.assertEqual((row.answered, row.paid, row.amount_paid), (1, 1, 60))
        self.assertEqual((row.weekday, row.level_id.delay_days, row.channel), ("1", -5, "email"))
        self.assertTrue(row.template_id)

    def test_what_comes_later_is_not(self):
        customer, invoice = self.case_with_a_message()
        self.pay_invoice(invoice, day=MONDAY + timedelta(days=8))
        answer = {"direction": "in", "result": "replied"}
        self.log(customer, date=fields.Datetime.to_datetime(MONDAY + timedelta(days=8)), **answer)
        [row] = self.rows("action")
        self.assertEqual((row.answered, row.paid, row.amount_paid), (0, 0, 0))

    def test_rates_are_of_what_has_had_its_seven_days(self):
        customer, invoice = self.case_with_a_message("Pays")
        self.case_with_a_message("Does not")
        self.pay_invoice(invoice, day=MONDAY + timedelta(days=2))
        self.assertEqual(len(self.rows("action", [("is_judged", "=", True)])), 2)
        [(rate,)] = self.env["recobro.report.action"]._read_group(
            [("company_id", "=", self.company.id)], [], ["paid_rate:avg"]
        )
        self.assertEqual(rate, 50)
        today = fields.Date.context_today(self.env.user)
        self.env["recobro.action"].search([("partner_id", "=", customer.id)]).sudo().day = today
        [row] = self.rows("action", [("partner_id", "=", customer.id)])
        self.assertFalse(row.is_judged)

    def test_levels_of_the_same_name_are_told_apart_by_their_policy(self):
        _customer, _invoice = self.case_with_a_message()
        level = self.rows("action").level_id
        context = self.env["ir.actions.actions"]._for_xml_id("recobro_module.action_recobro_report_action")["context"]
        self.assertIn("recobro_level_with_policy", context)
        named = level.with_context(recobro_level_with_policy=1).display_name
        self.assertEqual(named, f"{level.display_name} · {level.policy_id.name}")


class TestTeam(ReportCase):
    def test_contacts_promises_and_money_that_came_late_are_the_collectors(self):
        carla = new_test_user(
            self.env,
            login="report_carla",
            groups="base.group_user,recobro_module.group_recobro_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        customer, invoice = self.case_with_a_message()
        self.case_of(customer).user_id = carla
        self.log(customer, user=carla, direction="out", result="answered")
        self.log(customer, user=carla, direction="out", result="no_answer")
        self.pay_invoice(invoice, 40, day=MONDAY + timedelta(days=5))
        rows = self.rows("team", [("user_id", "=", carla.id)])
        self.assertEqual(
            [sum(rows.mapped(name)) for name in ("open_cases", "contacts", "answered", "collected")], [1, 2, 1, 40]
        )

    def test_rates_of_contacts_are_those_of_who_answered_and_who_could_act(self):
        customer, _invoice = self.case_with_a_message()
        self.case_of(customer).user_id = self.env.user
        treasury, assistant = (
            self.env["res.partner"].create({"name": name, "parent_id": customer.id, "recobro_role_ids": roles.ids})
            for name, roles in (
                ("Tess", self.env["recobro.contact.role"].search([("can_act", "=", True)], limit=1)),
                ("Ann", self.env["recobro.contact.role"].search([("can_act", "=", False)], limit=1)),
            )
        )
        lines = ((treasury, "promised"), (treasury, "answered"), (assistant, "answered"), (treasury, "no_answer"))
        for contact, result in (*lines, (self.env["res.partner"], "answered")):
            self.log(customer, contact_id=contact.id, direction="out", result=result)
        self.assertEqual(sum(self.rows("team", [("what", "=", "contact")]).mapped("right_party")), 2)
        names = ("contact_rate", "right_party_rate", "promise_rate")
        [rates] = self.env["recobro.report.team"]._read_group(
            [("company_id", "=", self.company.id)], [], [f"{name}:avg" for name in names]
        )
        # 4 of 5 answered, 2 of those by who can act, 1 of those with a promise; a row of money says nothing of it
        self.assertEqual(rates, (80, 50, 50))

    def test_a_row_stays_the_same_whatever_happens_besides(self):
        customer, invoice = self.case_with_a_message()
        self.case_of(customer).user_id = self.env.user
        self.log(customer, direction="out", result="answered", date="2026-03-04 10:00:00")
        rows = self.rows("team", [("what", "=", "contact")])
        self.pay_invoice(invoice, 40, day=MONDAY - timedelta(days=1))
        self.pay_invoice(invoice, 20, day=MONDAY + timedelta(days=5))
        self.log(customer, direction="out", result="answered", date="2026-03-03 10:00:00")
        self.env.invalidate_all()
        self.assertEqual((rows.partner_id, rows.what, str(rows.day)), (customer, "contact", "2026-03-04"))
        found = self.rows("team")
        self.assertEqual(len(set(found.ids)), len(found))

    def test_the_figures_of_a_company_are_read_without_numbering_those_of_all(self):
        domain = [("company_id", "=", self.company.id), ("day", ">=", MONDAY), ("user_id", "=", self.env.uid)]
        query = self.env["recobro.report.team"]._search(domain)
        self.env.cr.execute(SQL("EXPLAIN %s", query.select("SUM(collected)")))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        self.assertNotIn("WindowAgg", plan)
        self.assertNotIn("Subquery Scan on event", plan)

    def test_what_was_paid_in_time_nobody_collected(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY + timedelta(days=4))
        self.run_day(MONDAY)
        self.pay_invoice(invoice, 40, day=MONDAY + timedelta(days=4))
        self.case_of(customer).user_id = self.env.user
        self.assertFalse(sum(self.rows("team").mapped("collected")))


class TestDays(ReportCase):
    """The day is that of the company, wherever the sun stands."""

    def setUp(self):
        super().setUp()
        self.company.partner_id.tz = "Pacific/Auckland"

    def test_a_call_late_in_the_evening_of_the_world_is_of_the_morning_after(self):
        customer, _invoice = self.case_with_a_message()
        self.log(customer, direction="out", result="answered", date="2026-03-03 12:00:00")
        [row] = self.rows("team", [("what", "=", "contact")])
        self.assertEqual(str(row.day), "2026-03-04")

    def test_an_answer_on_the_morning_after_its_seven_days_is_too_late(self):
        customer, _invoice = self.case_with_a_message()
        self.log(customer, direction="in", result="replied", date="2026-03-09 12:00:00")
        self.assertEqual(self.rows("action").answered, 0)

    def test_today_is_the_companys_today(self):
        customer, _invoice = self.case_with_a_message()
        self.case_of(customer).user_id = self.env.user
        with freeze_time("2026-03-10 12:00:00"):
            self.assertEqual(str(self.rows("team", [("what", "=", "case")]).day), "2026-03-11")

    def test_a_dispute_is_of_the_day_on_which_it_was_opened_there(self):
        customer, invoice = self.case_with_a_message()
        reason = self.env.ref("recobro_module.dispute_reason_price").id
        ticket = self.env["recobro.dispute"]._open_ticket(
            customer, self.company, {invoice: 10}, reason_id=reason, subject="Wrong price", source="portal"
        )
        ticket.sudo().opened_at = "2026-03-03 12:00:00"
        self.assertEqual(str(self.rows("dispute").opened_on), "2026-03-04")


class TestAnswers(ReportCase):
    def test_promises_are_counted_by_their_verdict(self):
        customer, _invoice = self.case_with_a_message()
        for state, amount, received in (("kept", 1000, 1200), ("broken", 500, 0), ("open", 700, 0)):
            self.env["recobro.promise"].sudo().create(
                {"partner_id": customer.id, "company_id": self.company.id, "amount": amount, "state": state}
                | {"received_amount": received, "date": MONDAY, "deadline": MONDAY}
            )
        rows = self.rows("promise")
        self.assertEqual(sorted(rows.mapped("received")), [0, 0, 1000])
        domain = [("company_id", "=", self.company.id)]
        [(rate,)] = self.env["recobro.report.promise"]._read_group(domain, [], ["kept_rate:avg"])
        self.assertEqual(rate, 50)


class TestRights(ReportCase):
    def test_who_works_with_the_ledger_reads_the_reports_and_of_the_team_only_a_manager(self):
        groups = {
            "recobro_module.group_recobro_user": REPORTS[:4],
            "recobro_module.group_recobro_manager": REPORTS,
            "account.group_account_invoice": REPORTS[:4],
            "account.group_account_readonly": REPORTS[:4],
            "base.group_user": (),
            "base.group_portal": (),
        }
        for number, (group, may) in enumerate(groups.items()):
            user = new_test_user(
                self.env,
                login=f"report_{number}",
                groups=group,
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            models = [self.env[f"recobro.report.{name}"].with_user(user) for name in REPORTS]
            read = tuple(name for name, model in zip(REPORTS, models, strict=True) if model.has_access("read"))
            self.assertEqual(read, tuple(may), group)
            self.assertFalse(any(model.has_access("write") for model in models), group)

    def test_nobody_sees_another_company_in_a_report(self):
        self.case_with_a_message()
        elsewhere = self.setup_other_company()["company"]
        manager = new_test_user(
            self.env,
            login="report_elsewhere",
            groups="recobro_module.group_recobro_manager",
            company_id=elsewhere.id,
            company_ids=[Command.set(elsewhere.ids)],
        )
        self.env.flush_all()
        for name in REPORTS:
            model = (
                self.env[f"recobro.report.{name}"].with_user(manager).with_context(allowed_company_ids=elsewhere.ids)
            )
            self.assertFalse(model.search([("company_id", "=", self.company.id)]), name)


class TestDigest(ReportCase):
    def test_a_manager_has_the_money_that_came_late_in_the_digest_and_nobody_else(self):
        customer, invoice = self.case_with_a_message()
        self.case_of(customer).user_id = self.env.user
        today = fields.Date.context_today(self.env.user)
        self.pay_invoice(invoice, 40, day=today - timedelta(days=1))
        self.env.flush_all()
        digest = self.env["digest.digest"].create(
            {"name": "Collections", "company_id": self.company.id, "kpi_recobro_collected": True}
        )
        now = fields.Datetime.now()
        digest = digest.with_context(start_datetime=now - timedelta(days=7), end_datetime=now)
        self.assertEqual(digest.kpi_recobro_collected_value, 40)
        employee = new_test_user(
            self.env,
            login="report_digest",
            groups="base.group_user,base.group_erp_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            digest.with_user(employee).mapped("kpi_recobro_collected_value")

    def test_the_digest_of_a_branch_has_the_figures_of_the_company_whose_cases_they_are(self):
        customer, _invoice = self.case_with_a_message()
        yesterday = fields.Datetime.now() - timedelta(days=1)
        self.log(customer, direction="out", result="answered", date=yesterday)
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        manager = new_test_user(
            self.env,
            login="report_branch",
            groups="recobro_module.group_recobro_manager,base.group_erp_manager",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        self.env.flush_all()
        digest = self.env["digest.digest"].create(
            {"name": "Collections", "company_id": branch.id, "kpi_recobro_contacts": True}
        )
        now = fields.Datetime.now()
        context = {"start_datetime": now - timedelta(days=7), "end_datetime": now, "allowed_company_ids": branch.ids}
        self.assertEqual(digest.with_user(manager).with_context(**context).kpi_recobro_contacts_value, 1)
