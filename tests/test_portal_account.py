"""The account in the portal: what it shows, whom it lets in, what it gives as a file, and what a visit leaves."""

from datetime import timedelta
from io import BytesIO

import openpyxl

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import link
from odoo.addons.recobro_module.engine.portal import portal_log
from odoo.addons.recobro_module.engine.portal.portal_access import open_access

from .portal_case import PortalCase
from .test_alerts import AlertCase, day


class TestTheStatement(PortalCase):
    def test_it_shows_each_item_by_due_date_with_the_days_late_and_the_total_so_far(self):
        text = self.get().text
        shown = [text.index(move.name) for move in (self.first, self.second, self.coming)]
        self.assertEqual(shown, sorted(shown))
        for words in ("20 days late", "9 days late", "in 12 days", "Your ref.: PO 4711", "1,500.00", "1,800.00"):
            self.assertIn(words, text)

    def test_disputed_and_promised_amounts_are_set_apart_with_their_reason(self):
        self.dispute(self.first, amount=200)
        self.promise(self.second)
        text = self.get().text
        self.assertIn("we are looking into it with you", text)
        self.assertIn("you told us you will pay on", text)
        self.assertIn("of $\xa0900.00", text)

    def test_a_credit_is_taken_off_the_balance(self):
        self.create_credit_note(self.customer, 100, self.today)
        text = self.get().text
        self.assertIn("Your payments and credits not yet matched", text)
        self.assertIn("1,700.00", text)

    def test_the_head_of_the_account_pays_what_is_due_with_the_same_amount_as_the_bill(self):
        self.create_credit_note(self.customer, 100, self.today)
        self.assertIn("Pay $\xa01,400.00", self.get().text)
        self.assertIn("1,400.00", self.get("pay", query="?currency=USD").text)

    def test_it_says_that_what_is_due_today_is_in_what_is_paid_first(self):
        self.assertNotIn("What is due today is in it", self.get().text)
        self.create_invoice(self.customer, 70, self.today)
        text = self.get().text
        self.assertIn("Pay $\xa01,570.00", text)
        self.assertIn("What is due today is in it", text)

    def test_what_is_set_apart_is_not_paid_first(self):
        self.promise(self.first)
        self.assertIn("Pay $\xa0600.00", self.get().text)
        self.promise(self.second)
        self.promise(self.coming)
        self.assertNotIn("o_recobro_first", self.get().text)

    def test_there_is_no_switch_of_language_that_would_change_nothing(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.assertNotIn("js_change_lang", self.get().text)
        with mute_logger("odoo.http"):
            self.assertIn("js_change_lang", self.url_open("/my/collections/nonsense").text)

    def test_each_currency_has_a_table_of_its_own(self):
        currency = self.setup_other_currency("EUR")
        self.create_invoice(self.customer, 555, self.today - timedelta(days=3), currency_id=currency.id)
        text = self.get().text
        self.assertIn("Balance (EUR)", text)
        self.assertIn("555.00", text)

    def test_who_owes_nothing_is_thanked(self):
        empty = self.create_customer("Oak")
        response = self.get(customer=empty, contact=empty)
        self.assertIn("Nothing is waiting to be paid", response.text)

    def test_its_pages_that_only_read_are_served_by_a_replica(self):
        ticket = self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.first: 100}, reason_id=self.reason.id
        )
        self.env.flush_all()
        query = f"?items={self.items(self.first)}"
        with self.assertNoLogs("odoo.http", "WARNING"):
            for path in (
                self.path(),
                self.path("answers"),
                self.path("dispute", ticket.id),
                self.path("dispute") + query,
            ):
                self.assertEqual(self.url_open(path).status_code, 200)


class TestWhoIsLoggedIn(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = new_test_user(cls.env, "teresa", "base.group_portal", partner_id=cls.treasurer.id)

    def home(self):
        """Open the way of who is logged in, following nothing."""
        self.env.flush_all()
        return self.url_open("/my/collections", allow_redirects=False)

    def test_a_stranger_is_asked_to_log_in(self):
        self.assertIn("/web/login", self.home().headers["Location"])

    def test_one_account_is_opened_at_once(self):
        self.authenticate("teresa", "teresa")
        response = self.home()
        self.assertEqual(response.status_code, 303)
        page = self.url_open(response.headers["Location"])
        self.assertIn(self.first.name, page.text)
        self.assertNotIn("777.77", page.text)

    def test_of_several_companies_there_is_a_list_with_balances(self):
        other = self.setup_other_company(name="Other seller")["company"]
        self.create_invoice(self.customer, 4321, self.today - timedelta(days=2), company_id=other.id)
        self.authenticate("teresa", "teresa")
        response = self.home()
        self.assertEqual(response.status_code, 200)
        for words in (self.company.name, "Other seller", "4,321.00", "1,800.00"):
            self.assertIn(words, response.text)

    def test_a_contact_of_a_child_company_sees_only_that_company(self):
        child = self.create_customer("Cedar Branch", parent_id=self.customer.id)
        contact = self.create_contact(child, "Cora Child")
        new_test_user(self.env, "cora", "base.group_portal", partner_id=contact.id)
        own = self.create_invoice(child, 42.42, self.today - timedelta(days=2))
        self.assertEqual(contact.commercial_partner_id, child)
        self.authenticate("cora", "cora")
        text = self.url_open("/my/collections").text
        self.assertIn(own.name, text)
        self.assertNotIn(self.first.name, text)

    def test_the_card_of_the_portals_home_counts_what_is_open(self):
        self.authenticate("teresa", "teresa")
        self.assertIn("/my/collections", self.url_open("/my/home").text)
        counted = self.make_jsonrpc_request("/my/counters", {"counters": ["recobro_count"]})
        self.assertEqual(counted["recobro_count"], 3)


class TestFiles(PortalCase):
    def test_the_spreadsheet_has_numbers_as_numbers_and_days_as_days(self):
        book = openpyxl.load_workbook(BytesIO(self.get("statement.xlsx").content))
        rows = list(book["USD"].iter_rows(values_only=True))
        self.assertEqual([row[0] for row in rows[1:4]], [self.first.name, self.second.name, self.coming.name])
        self.assertEqual([row[4] for row in rows[1:4]], [900, 600, 300])
        self.assertEqual([row[5] for row in rows[1:4]], [900, 1500, 1800])
        self.assertEqual(rows[1][2].date(), self.today - timedelta(days=20))
        self.assertEqual(rows[-1][4], 1800)

    def test_no_text_in_it_becomes_a_formula_or_a_link(self):
        self.first.ref = '=HYPERLINK("https://evil.example")'
        self.second.ref = "https://evil.example"
        book = openpyxl.load_workbook(BytesIO(self.get("statement.xlsx").content))
        cells = [cell for row in book["USD"].iter_rows() for cell in row]
        self.assertFalse([cell.value for cell in cells if cell.data_type == "f" or cell.hyperlink])
        self.assertTrue([cell for cell in cells if "HYPERLINK" in str(cell.value)])

    def test_the_pdf_is_the_account_of_the_customer(self):
        response = self.get("statement.pdf")
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])

    def test_a_download_is_a_line_of_the_log(self):
        self.get("statement.xlsx")
        line = self.log("downloaded")
        self.assertEqual((line.channel, line.direction, line.contact_id), ("portal", "in", self.treasurer))
        self.assertIn(".xlsx", line.summary)

    def test_the_report_is_for_nobody_who_did_not_come_by_a_link(self):
        report = self.env["report.recobro_module.report_account"]
        with self.assertRaisesRegex(Exception, "downloaded from its page"):
            report.with_context(recobro_account=self.customer.id)._get_report_values(self.customer.ids)


class TestVisits(PortalCase):
    def test_to_open_the_page_is_no_visit(self):
        """Scanners of mails open every link."""
        self.get()
        self.assertFalse(self.log("visited"))

    def test_who_looks_at_it_leaves_one_line_a_day(self):
        self.assertEqual(self.post("seen").status_code, 204)
        self.post("seen")
        self.assertEqual(len(self.log("visited")), 1)
        self.post("seen", contact=self.buyer)
        self.assertEqual(self.log("visited").contact_id, self.treasurer | self.buyer)

    def test_a_robot_leaves_none(self):
        self.post("seen", headers={"User-Agent": "Mozilla/5.0 (compatible; LinkPreviewBot/1.0)"})
        self.assertFalse(self.log("visited"))

    def test_what_was_counted_is_swept(self):
        self.post("seen")
        counters = self.env["recobro.portal.counter"].sudo()
        self.assertTrue(counters.search([]))
        counters.search([]).write({"until": "2020-01-01 00:00:00"})
        counters._gc_over()
        self.assertFalse(counters.search([]))


class TestRights(PortalCase):
    def rights(self, contact):
        """What the page offers a contact to do."""
        text = self.get(contact=contact).text
        offers = {"dispute": "Dispute an invoice", "promise": "Say when you will pay", "plan": "Ask for a payment plan"}
        return {name for name, words in offers.items() if words in text}

    def test_the_role_decides_what_is_offered(self):
        self.assertEqual(self.rights(self.treasurer), {"dispute", "promise", "plan"})
        self.assertEqual(self.rights(self.buyer), {"dispute"})

    def test_without_a_role_one_may_dispute_and_promise(self):
        nobody = self.create_contact(self.customer, "Nick None")
        self.assertEqual(self.rights(nobody), {"dispute", "promise", "plan"})

    def test_several_roles_add_up(self):
        self.treasury.may_dispute = False
        self.assertEqual(self.rights(self.treasurer), {"promise", "plan"})
        self.treasurer.recobro_role_ids = [Command.link(self.env.ref("recobro_module.role_purchasing").id)]
        self.assertEqual(self.rights(self.treasurer), {"dispute", "promise", "plan"})


class TestVisitsInTheAlerts(AlertCase):
    """What somebody only looks at says nothing: who is silent stays so, and who is written to is written to."""

    def access(self, when):
        """What the treasurer's link opens on a day."""
        token = link.make_token(self.company, self.customer, self.anna)
        return open_access(self.env_on(when), token)

    def test_a_visit_and_a_download_do_not_end_the_silence(self):
        self.run_days(day(0), day(6))
        portal_log.visited(self.access(day(6)))
        portal_log.downloaded(self.access(day(6)), "account.pdf")
        self.run_day(day(7))
        self.assertTrue(self.told(), "a visit counted as an answer")
        portal_log.visited(self.access(day(7)))
        self.assertTrue(self.told(), "a visit took the alert away")
        self.assertTrue(self.case.silence_alert_date)

    def test_a_visit_moves_no_message(self):
        """Two customers, one of whom looks at the page every day, get the same messages on the same days."""
        other = self.create_customer("Other")
        self.create_contact(other, "Otto", self.treasury)
        self.create_invoice(other, 100, day(0))
        for number in range(7):
            self.run_day(day(number))
            portal_log.visited(self.access(day(number)))
        sent = {customer: self.messages_to(customer).mapped("day") for customer in (self.customer, other)}
        self.assertEqual(sent[self.customer], sent[other])
        self.assertEqual(len(self.case.interaction_ids.filtered(lambda line: line.result == "visited")), 7)
