"""The link in a message opens one customer's account, for a while, and nothing else."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import link

from .common import RecobroBrowserCase

#: What is said of something that is not of the account of a good link.
_NOT_HERE = "This is not in your account any more"


class TestTheSignedLink(RecobroBrowserCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        today = fields.Date.today()
        cls.customer = cls.create_customer("Cedar")
        cls.contact = cls.create_contact(cls.customer, "Ann Brown")
        cls.invoice = cls.create_invoice(cls.customer, 1234.56, today - timedelta(days=9))
        cls.neighbour = cls.create_customer("Birch")
        cls.neighbours_invoice = cls.create_invoice(cls.neighbour, 777.77, today - timedelta(days=9))

    def path(self, company=None, customer=None, contact=None):
        """The path of the page for the customer of the tests, unless told otherwise."""
        return link.make_path(company or self.company, customer or self.customer, contact or self.contact)

    def get(self, path):
        """Open a page as a visitor, following nothing."""
        return self.url_open(path, allow_redirects=False)

    def assert_refused(self, path, status=403, words="This link does not open anything"):
        """The page is refused kindly and tells no name and no amount."""
        with mute_logger("odoo.http"):
            response = self.get(path)
        self.assertEqual(response.status_code, status)
        self.assertIn(words, response.text)
        for secret in ("Cedar", "Birch", self.invoice.name, "1,234.56", "777.77"):
            self.assertNotIn(secret, response.text)

    def test_it_opens_the_account_of_its_customer_only(self):
        response = self.get(self.path())
        self.assertEqual(response.status_code, 200)
        self.assertIn(self.invoice.name, response.text)
        self.assertIn("1,234.56", response.text)
        self.assertIn("9 days late", response.text)
        self.assertNotIn("777.77", response.text)
        self.assertIn("noindex", response.headers["X-Robots-Tag"])

    def test_an_altered_link_is_refused(self):
        path = self.path()
        middle = len(path) - 8
        self.assert_refused(path[:middle] + ("A" if path[middle] != "A" else "B") + path[middle + 1 :])
        self.assert_refused("/my/collections/nonsense")
        self.assert_refused("/my/collections/" + "A" * 5000)

    def test_an_expired_link_is_refused(self):
        with freeze_time(fields.Datetime.now() - link.VALID_FOR - timedelta(days=1)):
            path = self.path()
        self.assert_refused(path)

    def test_a_revoked_link_is_refused_and_a_new_one_opens(self):
        path = self.path()
        self.customer.action_recobro_revoke_links()
        self.assert_refused(path)
        self.assertEqual(self.get(self.path()).status_code, 200)

    def test_only_a_manager_revokes(self):
        collector = new_test_user(self.env, "collector_of_links", groups="recobro_module.group_recobro_user")
        with self.assertRaises(AccessError):
            self.customer.with_user(collector).action_recobro_revoke_links()

    def test_a_link_dies_with_its_contact(self):
        path = self.path()
        self.contact.active = False
        self.assert_refused(path)

    def test_a_link_made_for_a_stranger_to_the_customer_is_refused(self):
        self.assert_refused(self.path(contact=self.neighbour))

    def test_a_link_of_another_company_shows_nothing_of_this_one(self):
        other = self.env["res.company"].create({"name": "Other seller"})
        response = self.get(self.path(company=other))
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("1,234.56", response.text)
        self.assert_refused(f"{self.path(company=other)}/invoice/{self.invoice.id}", 404, _NOT_HERE)

    def test_it_leads_to_the_page_of_ones_own_invoice(self):
        path = self.path()
        response = self.get(f"{path}/invoice/{self.invoice.id}")
        self.assertEqual(response.status_code, 200)
        for words in (self.invoice.name, "1,234.56", "9 days late", "report_type=pdf", f'href="{path}"'):
            self.assertIn(words, response.text)

    def test_the_page_of_an_invoice_pays_what_is_not_disputed(self):
        self.env["recobro.dispute"]._open_ticket(self.customer, self.company, {self.invoice: 1000})
        self.env.flush_all()
        text = self.get(f"{self.path()}/invoice/{self.invoice.id}").text
        self.assertIn("234.56", text.split("/pay?items=")[1])
        self.assertNotIn("1,234.56", text.split("/pay?items=")[1].split("</a>")[0])
        self.assertIn("we are looking into it with you", text)

    def test_an_invoice_that_is_paid_is_still_shown_and_asks_for_nothing(self):
        self.pay_invoice(self.invoice)
        text = self.get(f"{self.path()}/invoice/{self.invoice.id}").text
        self.assertIn("Nothing to pay", text)
        self.assertNotIn("/pay?items=", text)

    def test_what_is_not_in_the_account_leads_back_to_it(self):
        path = self.path()
        with mute_logger("odoo.http"):
            response = self.get(f"{path}/plan/99999999")
        self.assertEqual(response.status_code, 404)
        self.assertIn(f'href="{path}"', response.text)

    def test_it_does_not_lead_to_the_invoice_of_another_customer(self):
        self.assert_refused(f"{self.path()}/invoice/{self.neighbours_invoice.id}", 404, _NOT_HERE)
        self.assertFalse(self.neighbours_invoice.access_token)

    def test_it_does_not_lead_to_a_draft(self):
        draft = self.create_invoice(self.customer, 50, fields.Date.today(), post=False)
        self.assert_refused(f"{self.path()}/invoice/{draft.id}", 404, _NOT_HERE)

    def test_a_spanish_contact_sees_the_page_in_spanish(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.env.ref("base.module_recobro_module")._update_translations(["es_ES"])
        self.contact.lang = "es_ES"
        response = self.get(self.path())
        self.assertIn("9 días de retraso", response.text)
        self.assertIn("1.234,56", response.text)
        self.assertIn("Estamos para ayudarle", response.text)

    def test_opening_the_account_writes_nothing(self):
        path = self.path()
        self.env.flush_all()
        self.get(path)
        self.invoice.invalidate_recordset()
        self.assertFalse(self.invoice.access_token)
