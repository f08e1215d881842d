"""The report on a month: its figures, what it says to look at, and its pages."""

import io
from datetime import date, timedelta

from odoo.tools.pdf import PdfFileReader

from odoo.addons.recobro_module.engine.reports import mailing

from .common import MONDAY, RecobroCase

FEBRUARY = date(2026, 2, 1)
END = date(2026, 2, 28)


class MonthlyCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer("Ash")
        cls.reader = cls.env.user
        cls.reader.email = "reader@seller.example"

    def aged(self, customer, *pairs):
        """Invoices of a customer, each so many days late at the end of February."""
        for days, amount in pairs:
            due = END - timedelta(days=days)
            self.create_invoice(customer, amount, due, due - timedelta(days=30))

    def report(self, first=FEBRUARY):
        self.env.flush_all()
        reader = self.reader.sudo().with_env(self.env_on(MONDAY))
        return mailing.report_of(reader, self.company.sudo(), first)

    def tiles(self, report):
        return {tile.name: tile for tile in report.tiles}


class TestWhatItTells(MonthlyCase):
    def test_its_headline_figures_are_those_of_the_end_of_the_month(self):
        self.aged(self.customer, (-5, 100), (10, 200), (40, 300), (70, 150), (120, 250))
        self.create_invoice(self.customer, 999, MONDAY, MONDAY)
        tiles = self.tiles(self.report())
        self.assertEqual(tiles["Receivables"].value, "$\N{NO-BREAK SPACE}1,000")
        self.assertEqual(tiles["Overdue"].value, "$\N{NO-BREAK SPACE}900")
        self.assertEqual(tiles["Over 60 days late"].value, "40.0 %")
        self.assertIs(tiles["Over 60 days late"].is_met, False)
        self.assertEqual(tiles["Promises kept"].value, "n/a")
        self.assertIsNone(tiles["Promises kept"].is_met)

    def test_it_says_what_to_look_at(self):
        self.aged(self.create_customer("Elm"), (10, 100))
        self.aged(self.customer, (70, 900))
        self.company.write({"recobro_target_over_60": 10, "recobro_alert_customer_share": 20})
        sentences = " ".join(self.report().sentences).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("90.0 % of what is open, $ 900, is more than 60 days late", sentences)
        self.assertIn("Ash owes 90.0 % of the ledger", sentences)
        self.company.write({"recobro_target_over_60": 0, "recobro_alert_customer_share": 0})
        self.assertEqual(self.report().sentences, ["Nothing stands out: what has a target meets it."])

    def test_a_change_says_whether_it_is_for_the_better(self):
        report = self.report()
        worse = report.tile("x", 0.3, 0.2, report.share, "low", size=report.points)
        self.assertEqual((worse.change, worse.is_better), ("▲ 10.0 points more: worse", False))
        better = report.tile("x", 0.1, 0.2, report.share, "low", size=report.points)
        self.assertEqual((better.change, better.is_better), ("▼ 10.0 points less: better", True))
        self.assertEqual(report.tile("x", 2, 2, report.number).change, "As the month before")
        self.assertEqual(report.tile("x", 2, None, report.number).change, "")

    def test_a_target_is_judged_by_the_value_as_it_is_shown(self):
        report = self.report()
        for now, good, is_met in (
            (0.1004, "low", True),
            (0.1006, "low", False),
            (0.0996, "high", True),
            (0.0994, "high", False),
        ):
            with self.subTest(now=now):
                tile = report.tile("x", now, None, report.share, good, target=(0.1, "Target"))
                self.assertIs(tile.is_met, is_met)
        days = report.tile("x", 45.04, None, report.days, "low", target=(45, "Target"), digits=1)
        self.assertEqual((days.value.replace("\N{NO-BREAK SPACE}", " "), days.is_met), ("45.0 days", True))

    def test_on_its_last_day_a_month_is_not_over(self):
        self.env.flush_all()
        for today, words in ((END, "The month is not over"), (END + timedelta(days=1), "Figures ")):
            with self.subTest(today=today):
                reader = self.reader.sudo().with_env(self.env_on(today))
                note = mailing.report_of(reader, self.company.sudo(), FEBRUARY).as_of_note
                self.assertTrue(note.startswith(words), note)

    def test_an_empty_ledger_has_a_report_too(self):
        report = self.report()
        self.assertTrue(report.is_empty)
        self.assertEqual(report.sentences, ["Nothing was invoiced yet: the figures come with the first invoice."])
        self.assertEqual(self.tiles(report)["Days' sales outstanding"].value, "n/a")
        page = self.page(report)
        self.assertIn("Nobody owes anything.", page)
        self.assertIn("No money came, and none is expected.", page)

    def page(self, report):
        reports = report.env["ir.actions.report"].with_context(recobro_monthly=report)
        return reports._render_qweb_html("recobro_module.report_monthly", report.company.ids)[0].decode()

    def test_the_money_of_each_week_is_what_came_in_it(self):
        self.aged(self.customer, (10, 500))
        invoice = self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        self.pay_invoice(invoice, 120, MONDAY - timedelta(days=8))
        self.pay_invoice(invoice, 80, MONDAY)
        came = self.report().month.came
        self.assertEqual([week["amount"] for week in came[-3:]], [0, 120, 80])
        self.assertEqual(came[-1]["end"], MONDAY)

    def test_its_page_has_charts_and_no_customer_can_write_markup_into_it(self):
        elm = self.create_customer("<b>Elm</b> & Sons", email="elm@customer.example")
        self.aged(elm, (40, 500))
        self.pay_invoice(self.env["account.move"].search([("partner_id", "=", elm.id)]), 100, MONDAY)
        page = self.page(self.report())
        self.assertGreaterEqual(page.count("<svg"), 2)
        self.assertIn("&lt;b&gt;Elm&lt;/b&gt;", page)

    def test_a_pdf_of_two_or_three_pages_is_made_of_it(self):
        self.aged(self.customer, (-5, 100), (10, 200), (70, 150))
        reader = self.reader.sudo().with_env(self.env_on(MONDAY)).with_context(force_report_rendering=True)
        name, content = mailing.pdf_of(mailing.report_of(reader, self.company.sudo(), FEBRUARY))
        if not name.endswith(".pdf"):
            self.skipTest("wkhtmltopdf is not there")
        pages = PdfFileReader(io.BytesIO(content)).pages
        self.assertIn(len(pages), (2, 3))
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        self.assertIn("February 2026", text)
        self.assertIn("31-60 days", text)
        self.assertIn("Ash", text)
