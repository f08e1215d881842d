"""What only reads can be asked of a read-only replica of the database (DESIGN.md, rule 10)."""

import contextlib
from datetime import timedelta

from odoo import fields

from odoo.addons.recobro_module.engine import link, verdicts
from odoo.addons.recobro_module.engine.statement import statements

from .common import MONDAY, RecobroBrowserCase, RecobroCase

ONE_DAY = timedelta(days=1)


class TestOnAReadOnlyCursor(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer("Cedar")
        cls.invoice = cls.create_invoice(cls.customer, 1234.56, MONDAY - 3 * ONE_DAY)
        cls.create_instalments(cls.customer, 900, MONDAY - 40 * ONE_DAY, [30, 60, 90])
        cls.create_credit_note(cls.customer, 100, MONDAY)

    def setUp(self):
        super().setUp()
        self.run_day(MONDAY)

    @contextlib.contextmanager
    def read_only(self, **context):
        """An environment on a cursor on which any write fails, as on a replica."""
        with self.enter_registry_test_mode(), self.registry.cursor(readonly=True) as cursor:
            self.assertTrue(cursor.readonly)
            yield self.env(cr=cursor, context={**self.env.context, **context})

    def test_the_verdict_is_the_same(self):
        expected = verdicts.judge(self.env, self.company, MONDAY, self.customer.ids)
        self.assertEqual(len(expected), 4)
        with self.read_only() as env:
            self.assertEqual(verdicts.judge(env, self.company.with_env(env), MONDAY, self.customer.ids), expected)

    def test_the_account_in_a_message_is_the_same(self):
        wanted = {self.customer.id: set()}
        expected = statements(self.env, self.company, MONDAY, wanted)[self.customer.id].fingerprint
        with self.read_only() as env:
            found = statements(env, self.company.with_env(env), MONDAY, wanted)[self.customer.id].fingerprint
        self.assertEqual(found, expected)

    def test_every_list_form_and_board_of_ours_is_read_without_a_write(self):
        """A compute or search that wrote would send each opening of the screen to the main server after all."""
        for name in ("account.move", "res.partner", *filter(lambda name: name.startswith("recobro."), self.env)):
            model = self.env[name]
            if model._transient or model._abstract or not model.has_access("read"):
                continue
            for kind in ("list", "form", "kanban"):
                shown = model.get_view(view_type=kind)["models"][name]
                wanted = {field: {} for field in shown if model._has_field_access(model._fields[field], "read")}
                with self.subTest(model=name, view=kind), self.read_only() as env:
                    env[name].web_search_read([], wanted, limit=20)

    def test_open_items_are_grouped_without_a_write(self):
        with self.read_only() as env:
            groups = env["recobro.open.item"].formatted_read_group(
                [("partner_id", "=", self.customer.id)], ["bucket"], ["amount_open_company:sum"]
            )
        self.assertTrue(groups)


class TestTheReplicaServes(RecobroBrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.customer = cls.create_customer("Cedar")
        cls.contact = cls.create_contact(cls.customer, "Ann Brown")
        cls.create_invoice(cls.customer, 1234.56, today - timedelta(days=9))

    def test_the_page_of_the_signed_link(self):
        """A route that writes on a read-only cursor is served again on another, with a warning."""
        path = link.make_path(self.company, self.customer, self.contact)
        with self.assertNoLogs("odoo.http", "WARNING"):
            response = self.url_open(path)
        self.assertIn("1,234.56", response.text)
