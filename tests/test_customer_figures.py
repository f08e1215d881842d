"""How a customer pays and how much it owes: one row each, by the formulas and vectors of METRICS.md."""

from datetime import timedelta

from odoo.addons.recobro_module.engine.figures import customer_figures
from odoo.addons.recobro_module.tools import kpi

from .common import MONDAY, RecobroCase

#: The vector of METRICS.md: amounts, and the days late on which they were paid.
VECTOR = ((1000, 10), (4000, -2), (5000, 45))


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class FigureCase(RecobroCase):
    @classmethod
    def keep(cls, on=MONDAY):
        """Keep the figures as the daily job does at the end of a day."""
        customer_figures.keep(cls.env(su=True), cls.company, on)

    def figure_of(self, customer):
        """The figures of a customer in the company of the test."""
        return self.env["recobro.customer.figure"].search(
            [("partner_id", "=", customer.id), ("company_id", "=", self.company.id)]
        )

    @classmethod
    def pays(cls, customer, *amounts_and_days, due=-100):
        """Invoices of the customer, each paid so many days after its due date; return them."""
        invoices = [cls.create_invoice(customer, amount, day(due)) for amount, _late in amounts_and_days]
        for invoice, (_amount, late) in zip(invoices, amounts_and_days, strict=True):
            cls.pay_invoice(invoice, day=day(due + late))
        return invoices


class TestHowACustomerPays(FigureCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()

    def test_the_average_days_late_are_weighted_by_amount(self):
        self.pays(self.customer, *VECTOR)
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.days_late, 22.7)
        self.assertEqual(figure.days_late, round(kpi.weighted_days_late(VECTOR), 1))
        self.assertEqual(figure.on_time, 40.0)
        self.assertEqual(figure.on_time, round(100 * kpi.share_on_time(VECTOR), 1))
        self.assertEqual(figure.paid_count, 3)
        self.assertEqual(figure.amount_judged, 10000)

    def test_what_is_overdue_counts_with_its_days_until_today_and_what_is_not_due_does_not(self):
        self.pays(self.customer, (1000, 0))
        self.create_invoice(self.customer, 1000, day(-20))
        self.create_invoice(self.customer, 9000, MONDAY)
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.days_late, 10.0)
        self.assertEqual(figure.on_time, 50.0)
        self.assertEqual(figure.exposure, 10000)

    def test_what_was_paid_in_parts_is_judged_by_the_day_of_each_part(self):
        invoice = self.create_invoice(self.customer, 1000, day(-60))
        self.pay_invoice(invoice, 250, day(-60))
        self.pay_invoice(invoice, 750, day(-20))
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.days_late, 30.0)
        self.assertEqual(figure.on_time, 25.0)
        self.assertEqual(figure.paid_count, 1)

    def test_each_instalment_is_judged_by_its_own_due_date(self):
        invoice = self.create_instalments(self.customer, 900, day(-100), [0, 30, 60])
        self.pay_invoice(invoice, day=day(-40))
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.days_late, 30.0)
        self.assertAlmostEqual(figure.on_time, 33.3, 0)
        self.assertEqual(figure.paid_count, 1)

    def test_a_credit_note_is_no_payment(self):
        invoice = self.create_invoice(self.customer, 500, day(-60))
        note = self.create_credit_note(self.customer, 500, day(-30))
        lines = (invoice | note).line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        lines.reconcile()
        self.keep()
        self.assertFalse(self.figure_of(self.customer), "nothing was paid, and nothing is owed")

    def test_what_was_paid_over_a_year_ago_says_nothing_any_more(self):
        self.pays(self.customer, (1000, 30), due=-500)
        self.pays(self.customer, (1000, 0), due=-30)
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.days_late, 0)
        self.assertEqual(figure.paid_count, 1)

    def test_what_has_no_value_is_not_zero(self):
        self.create_invoice(self.customer, 100, day(10))
        self.keep()
        self.env.cr.execute(
            "SELECT days_late, on_time, exposure_ratio FROM recobro_customer_figure WHERE partner_id = %s",
            [self.customer.id],
        )
        self.assertEqual(self.env.cr.fetchone(), (None, None, None))

    def test_a_payment_after_the_day_has_not_been_made_on_it(self):
        invoice = self.create_invoice(self.customer, 800, day(-10))
        self.pay_invoice(invoice, day=day(5))
        self.keep(MONDAY)
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.exposure, 800)
        self.assertEqual(figure.days_late, 10.0)
        self.keep(day(5))
        figure.invalidate_recordset()
        self.assertEqual(figure.exposure, 0)
        self.assertEqual(figure.days_late, 15.0)

    def test_the_invoices_of_its_contacts_are_the_customers(self):
        contact = self.create_contact(self.customer, "Office")
        self.create_invoice(contact, 300, day(-10))
        self.keep()
        self.assertEqual(self.figure_of(self.customer).exposure, 300)
        self.assertFalse(self.figure_of(contact))


class TestWhatIsAtStake(FigureCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()

    def test_credits_are_taken_off_the_exposure_and_never_make_it_negative(self):
        self.create_invoice(self.customer, 1000, day(-5))
        self.create_credit_note(self.customer, 400, day(-2))
        other = self.create_customer("Other")
        self.create_credit_note(other, 400, day(-2))
        self.keep()
        self.assertEqual(self.figure_of(self.customer).exposure, 600)
        self.assertEqual(self.figure_of(other).exposure, 0)

    def test_the_exposure_is_compared_with_the_credit_limit_where_the_company_has_limits(self):
        self.create_invoice(self.customer, 1500, day(5))
        self.customer.with_company(self.company).credit_limit = 1000
        self.keep()
        self.assertFalse(self.figure_of(self.customer).credit_limit)
        self.company.account_use_credit_limit = True
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual((figure.credit_limit, figure.exposure_ratio), (1000, 150.0))

    def test_the_share_of_the_ledger_is_of_all_that_is_owed(self):
        other = self.create_customer("Other")
        self.create_invoice(self.customer, 250, day(5))
        self.create_invoice(other, 750, day(5))
        self.keep()
        self.assertEqual(self.figure_of(self.customer).concentration, 25.0)
        self.assertEqual(self.figure_of(other).concentration, 75.0)

    def test_the_months_count_from_the_first_invoice_which_is_remembered(self):
        self.pays(self.customer, (100, 0), due=-400)
        self.create_invoice(self.customer, 100, day(5), day(-3))
        self.keep()
        figure = self.figure_of(self.customer)
        self.assertEqual(figure.customer_since, day(-430))
        self.assertEqual(figure.months, 14)
        self.keep(day(30))
        figure.invalidate_recordset()
        self.assertEqual((figure.customer_since, figure.months), (day(-430), 15))

    def test_broken_promises_of_the_last_year_are_counted(self):
        invoice = self.create_invoice(self.customer, 100, day(-5))
        promise = (
            self.env["recobro.promise"]
            .sudo()
            .create(
                {
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "currency_id": self.company.currency_id.id,
                    "amount": 100,
                    "date": day(-1),
                    "state": "broken",
                    "verdict_date": day(-1),
                }
            )
        )
        self.assertTrue(invoice)
        self.keep()
        self.assertEqual(self.figure_of(self.customer).broken_promises, 1)
        promise.verdict_date = day(-380)
        self.keep()
        self.figure_of(self.customer).invalidate_recordset()
        self.assertEqual(self.figure_of(self.customer).broken_promises, 0)

    def test_who_neither_paid_nor_owes_has_no_row_any_more(self):
        self.pays(self.customer, (100, 0), due=-30)
        self.keep()
        self.assertTrue(self.figure_of(self.customer))
        self.keep(day(400))
        self.assertFalse(self.figure_of(self.customer))

    def test_the_daily_job_keeps_them(self):
        self.create_invoice(self.customer, 100, day(-5))
        self.run_day(MONDAY)
        self.assertEqual(self.figure_of(self.customer).exposure, 100)
        self.pay_invoice(self.env["account.move"].search([("partner_id", "=", self.customer.id)]), day=day(1))
        self.run_day(day(1))
        figure = self.figure_of(self.customer)
        self.assertEqual((figure.exposure, figure.days_late), (0, 6.0))

    def test_it_takes_as_many_statements_for_many_customers_as_for_few(self):
        self.create_invoice(self.customer, 100, day(-5))
        self.keep()
        few = self._statements()
        for number in range(12):
            self.create_invoice(self.create_customer(f"Buyer {number}"), 100, day(-5))
        self.assertEqual(self._statements(), few)
        self.assertLessEqual(few, 20)

    def _statements(self):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.keep()
        return self.env.cr.sql_log_count - before

    def test_two_customers_that_become_one_have_one_row_of_both(self):
        other = self.create_customer("Other")
        self.create_invoice(self.customer, 100, day(-5))
        self.create_invoice(other, 200, day(-5))
        self.keep()
        wizard = self.env["base.partner.merge.automatic.wizard"]
        wizard._merge([self.customer.id, other.id], self.customer)
        self.keep()
        self.assertEqual(self.figure_of(self.customer).exposure, 300)
        self.assertFalse(self.env["recobro.customer.figure"].search([("partner_id", "=", other.id)]))
