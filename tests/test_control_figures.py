"""The key figures of the ledger on any day, from the books: what an auditor would work out by hand."""

from datetime import date, timedelta

from odoo import Command

from odoo.addons.recobro_module.engine.figures import balances, control

from .common import RecobroCase

END = date(2026, 3, 31)


class ControlCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer("Ash")

    def figures(self, as_of=END, companies=None, **values):
        self.env.flush_all()
        return control.figures(self.env, companies or self.company, as_of, **values)

    def balances(self, as_of=END, company=None):
        balances.flush(self.env)
        return balances.at(self.env, company or self.company, as_of)

    def write_off(self, invoice, on, amount):
        """An entry of an accountant that closes a part of an invoice as lost."""
        receivable = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": on,
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": self.company_data["default_account_expense"].id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        (receivable | entry.line_ids.filtered(lambda line: line.account_id == receivable.account_id)).reconcile()


class TestBalances(ControlCase):
    def test_each_age_has_its_bucket_and_today_is_not_overdue(self):
        for days in (-1, 0, 1, 30, 31, 60, 61, 90, 91):
            self.create_invoice(self.customer, 100 + days, END - timedelta(days=days), END - timedelta(days=100))
        found = self.balances()
        self.assertEqual(found.buckets, (199, 231, 291, 351, 191))
        self.assertEqual((found.open_amount, found.not_due), (1263, 199))

    def test_credits_have_a_column_of_their_own_and_are_netted_by_customer(self):
        other = self.create_customer("Beech")
        self.create_invoice(self.customer, 300, END)
        self.create_invoice(other, 50, END)
        self.create_credit_note(other, 80, END)
        found = self.balances()
        self.assertEqual((found.buckets[0], found.credits), (350, 80))
        self.assertEqual((found.receivables, found.in_credit, found.open_amount), (300, 30, 270))

    def test_a_past_day_does_not_change_when_a_customer_pays_later(self):
        invoice = self.create_invoice(self.customer, 300, date(2026, 2, 20), date(2026, 1, 20))
        self.pay_invoice(invoice, 100, date(2026, 2, 25))
        before = self.balances(date(2026, 2, 28)), self.balances(date(2026, 2, 10))
        self.pay_invoice(invoice, 200, date(2026, 3, 15))
        self.assertEqual((self.balances(date(2026, 2, 28)), self.balances(date(2026, 2, 10))), before)
        self.assertEqual(before[0].buckets, (0, 200, 0, 0, 0))
        self.assertEqual(before[1].buckets, (300, 0, 0, 0, 0))
        self.assertEqual(self.balances().open_amount, 0)

    def test_an_entry_that_is_dated_back_shows(self):
        self.create_invoice(self.customer, 300, END)
        self.assertEqual(self.balances(END).open_amount, 300)
        self.create_invoice(self.customer, 45, date(2026, 3, 1))
        self.assertEqual(self.balances(END).open_amount, 345)

    def test_drafts_are_not_owed(self):
        self.create_invoice(self.customer, 300, END, post=False)
        self.assertEqual(self.balances().open_amount, 0)


class TestFigures(ControlCase):
    def test_an_empty_ledger_has_no_figures_and_no_zeros(self):
        found = self.figures()
        self.assertEqual(found.now.open_amount, 0)
        self.assertIsNone(found.countback)
        self.assertIsNone(found.best_possible)
        self.assertIsNone(found.days_delinquent)
        self.assertIsNone(found.effectiveness)
        self.assertIsNone(found.days_late)
        self.assertEqual(found.roll_rates, [None] * 4)

    def test_days_of_sales_are_counted_back_from_the_month_that_is_running(self):
        # The vector of METRICS.md: 100 000 in 31 days, 80 000 in 30 days, 90 000 in 31 days
        may = date(2026, 5, 31)
        for amount, invoiced, due in (
            (40_000, date(2026, 5, 10), date(2026, 6, 30)),
            (60_000, date(2026, 5, 5), date(2026, 6, 5)),
            (80_000, date(2026, 4, 20), date(2026, 5, 20)),
            (90_000, date(2026, 3, 20), date(2026, 4, 20)),
        ):
            invoice = self.create_invoice(self.customer, amount, due, invoiced)
            if invoiced.month == 3:
                self.pay_invoice(invoice, day=date(2026, 4, 25))
            if invoiced.month == 4:
                self.pay_invoice(invoice, 30_000, date(2026, 5, 25))
        found = self.figures(may)
        self.assertEqual(found.now.receivables, 150_000)
        self.assertAlmostEqual(found.countback.days, 49.75)
        self.assertAlmostEqual(found.best_possible.days, 31)
        self.assertAlmostEqual(found.days_delinquent, 18.75)
        # March's 90 000 in five days late, April's 30 000 in five, its 50 000 open for eleven days
        self.assertAlmostEqual(found.days_late, (90 * 5 + 30 * 5 + 50 * 11) / 170)
        # To collect: 80 000 of April's end and 100 000 sold; 100 000 are not due
        self.assertAlmostEqual(found.effectiveness, (180 - 150) / (180 - 100) * 100)

    def test_what_was_written_off_was_not_collected(self):
        invoice = self.create_invoice(self.customer, 1000, date(2026, 2, 10))
        self.create_invoice(self.customer, 500, date(2026, 2, 12))
        before = self.figures().effectiveness
        self.write_off(invoice, date(2026, 3, 10), 400)
        self.assertEqual(before, 0)
        self.assertEqual(self.figures().effectiveness, 0)
        self.pay_invoice(invoice, 300, date(2026, 3, 20))
        self.assertAlmostEqual(self.figures().effectiveness, 20)

    def test_no_sales_is_no_value_and_only_credits_are_no_debt(self):
        self.create_credit_note(self.customer, 80, END)
        found = self.figures()
        self.assertIsNone(found.countback)
        self.assertEqual((found.now.receivables, found.now.in_credit), (0, 80))

    def test_balances_roll_from_bucket_to_bucket(self):
        late = self.create_invoice(self.customer, 400, date(2026, 2, 20))
        self.create_invoice(self.customer, 100, date(2026, 2, 20))
        self.pay_invoice(late, 400, date(2026, 3, 20))
        # 500 were 8 days late at the end of February; 100 of them are 39 days late now
        self.assertEqual(self.figures().roll_rates, [None, 0.2, None, None])

    def test_two_companies_together_are_in_the_currency_of_the_first(self):
        other = self.setup_other_company()["company"]
        other.currency_id = self.env.ref("base.EUR")
        self.env["res.currency.rate"].create(
            {"currency_id": other.currency_id.id, "rate": 0.5, "name": "2026-01-01", "company_id": self.company.id}
        )
        self.create_invoice(self.customer, 100, END)
        self.env["account.move"].with_company(other).create(
            {
                "move_type": "out_invoice",
                "partner_id": self.create_customer("Abroad").id,
                "company_id": other.id,
                "invoice_date": date(2026, 3, 1),
                "invoice_date_due": date(2026, 4, 30),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": 70, "tax_ids": []})],
            }
        ).action_post()
        self.assertEqual(self.balances(company=other).open_amount, 70)
        self.assertEqual(self.figures(companies=self.company | other).now.open_amount, 100 + 140)
        self.assertEqual(self.figures().now.open_amount, 100)

    def test_another_currency_counts_at_what_the_books_say(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {"currency_id": euro.id, "rate": 0.5, "name": "2026-01-01", "company_id": self.company.id}
        )
        self.create_invoice(self.customer, 100, END, currency_id=euro.id)
        self.assertEqual(self.balances().open_amount, 200)

    def test_the_number_of_statements_does_not_depend_on_the_customers(self):
        def statements():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.figures()
            return self.env.cr.sql_log_count - before

        self.create_invoice(self.customer, 100, END)
        statements()
        few = statements()
        for number in range(8):
            self.create_invoice(self.create_customer(f"Oak {number}"), 100, END)
        self.assertEqual(statements(), few)
        self.assertLess(few, 25)
