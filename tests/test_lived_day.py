"""Which day it is: a client can't say, and what a collector sees is of the company's day."""

from datetime import datetime, time, timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import clock

from .common import MONDAY, RecobroCase, lived

TUESDAY = MONDAY + timedelta(days=1)
NOON = datetime.combine(TUESDAY, time(12))
#: What a client can put into a context: a string by JSON, a date or a datetime by XML-RPC at most.
FORGED = ("2026-03-05", "2026-03-05 12:00:00", MONDAY + timedelta(days=3), NOON + timedelta(days=2))


class TestTheDayOfACollector(RecobroCase):
    """A customer with a message of Monday; the clock of the server stands at noon of Tuesday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.create_collector("day_collector", cls.company)

    @classmethod
    def create_collector(cls, login, company):
        """A collector without accounting rights, active in one company only."""
        return new_test_user(
            cls.env,
            login,
            "recobro_module.group_recobro_user",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def setUp(self):
        super().setUp()
        # One level on the due date, the next three days later: by Thursday, only the quiet days are in its way
        self.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.case = self.case_of(self.customer)
        self.startPatcher(patch.object(fields.Datetime, "now", lambda *_args: NOON))

    def call(self, model, method, *args, context=None, **kwargs):
        """Call a method as the collector's client does."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"allowed_company_ids": self.company.ids, **(context or {})}
        return call_kw(self.env(user=self.collector, context={})[model], method, args, {**kwargs, "context": context})

    def test_a_client_that_names_another_day_does_not_get_round_the_quiet_days(self):
        for forged in FORGED:
            with self.subTest(forged=forged):
                context = {"recobro_as_of": forged}
                [wizard] = self.call("recobro.action.send", "create", [{"case_id": self.case.id}], context=context)
                with self.assertRaisesRegex(UserError, "^Not sent: "):
                    self.call("recobro.action.send", "action_send", [wizard], context=context)
        self.assertEqual(len(self.messages_to(self.customer)), 1)

    def test_a_client_that_names_another_day_does_not_forge_the_date_of_the_log(self):
        for forged in FORGED:
            with self.subTest(forged=forged), self.mock_mail_gateway():
                self.call(
                    "recobro.case",
                    "message_post",
                    [self.case.id],
                    context={"recobro_as_of": forged},
                    body="A word",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=self.customer.ids,
                )
                line = self.env["recobro.interaction"].search([], order="id desc", limit=1)
                self.assertEqual((line.user_id, line.date), (self.collector, NOON))

    def test_the_server_itself_lives_another_day_or_moment(self):
        env = self.env(context={"recobro_as_of": lived(MONDAY)})
        self.assertEqual((clock.today(env, self.company), clock.moment(env)), (MONDAY, NOON - timedelta(days=1)))
        env = self.env(context={"recobro_as_of": lived(datetime.combine(MONDAY, time(9)))})
        self.assertEqual(
            (clock.today(env, self.company), clock.moment(env)), (MONDAY, datetime.combine(MONDAY, time(9)))
        )

    def test_the_open_items_are_as_late_as_the_company_s_day_says_whatever_the_hour_at_the_user(self):
        self.company.partner_id.tz = "Pacific/Auckland"  # where it is Wednesday already
        self.collector.tz = "America/Los_Angeles"
        [row] = self.call(
            "recobro.open.item", "search_read", [("move_id", "=", self.invoice.id)], ["days_past_due", "bucket"]
        )
        self.assertEqual((row["days_past_due"], row["bucket"]), (2, "d1_30"))

    def test_a_collector_of_a_branch_alone_sees_its_open_items_by_the_main_company_s_day(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        user = self.create_collector("branch_collector", branch)
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=user, context={"allowed_company_ids": branch.ids})
        self.assertEqual(clock.today(env, env.company.root_id), TUESDAY)
        self.assertFalse(env["recobro.open.item"].search([("partner_id", "=", self.customer.id)]))

    def test_who_may_not_see_invoices_is_told_so_when_opening_one_and_who_may_gets_it(self):
        [line] = self.call("recobro.open.item", "search", [("move_id", "=", self.invoice.id)])
        with self.assertRaisesRegex(UserError, f"^{self.invoice.name} opens only for those who may see invoices"):
            self.call("recobro.open.item", "action_open_move", [line])
        self.collector.group_ids += self.env.ref("account.group_account_readonly")
        action = self.call("recobro.open.item", "action_open_move", [line])
        self.assertEqual((action["res_model"], action["res_id"]), ("account.move", self.invoice.id))
