"""The forecast of cash: each open amount once, by what was answered, else by how its customer is used to pay."""

from datetime import timedelta

from odoo.addons.recobro_module.engine.figures import forecast

from .common import MONDAY, RecobroCase


def day(number):
    return MONDAY + timedelta(days=number)


class TestForecast(RecobroCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer("Ash")

    def weeks(self, as_of=MONDAY):
        self.env.flush_all()
        return forecast.weeks(self.env, self.company, as_of)

    def by_week(self, source="habits", as_of=MONDAY):
        """{week: amount} of one source, without the empty ones."""
        return {n: round(week[source], 2) for n, week in enumerate(self.weeks(as_of)) if round(week[source], 2)}

    def pays(self, customer, late, times=1, amount=100):
        for number in range(times):
            invoice = self.create_invoice(customer, amount, day(-150 - number))
            self.pay_invoice(invoice, day=day(-150 - number + late))

    def hold(self, invoice, reason, **values):
        self.run_day(day(-1))
        line = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        item = self.env["recobro.item"].search([("res_id", "=", line.id), ("res_model", "=", "account.move.line")])
        return self.env["recobro.hold"].sudo().create({
            "name": reason, "reason": reason, "company_id": self.company.id, "partner_id": invoice.partner_id.id,
            "item_id": item.id, "date_from": day(-1), "date_until": day(60), **values,
        })  # fmt: skip

    def test_an_empty_ledger_expects_nothing_and_has_no_error(self):
        weeks = self.weeks()
        self.assertEqual(len(weeks), 13)
        self.assertEqual((weeks[0]["start"], weeks[0]["end"], weeks[0]["total"]), (day(1), day(7), 0))
        self.assertEqual(forecast.error(self.env, self.company, MONDAY), {4: None, 8: None, 13: None})

    def test_a_customer_pays_as_late_as_it_is_used_to(self):
        self.pays(self.customer, 10, times=5)
        self.create_invoice(self.customer, 700, day(3))
        self.assertEqual(self.by_week(), {1: 700})

    def test_amounts_are_spread_as_the_payments_were(self):
        self.pays(self.customer, 1, times=3)
        self.pays(self.customer, 20, times=3, amount=200)
        self.create_invoice(self.customer, 900, MONDAY)
        self.assertEqual(self.by_week(), {0: 300, 2: 600})

    def test_what_is_late_already_is_expected_later_than_it_is(self):
        self.pays(self.customer, 1, times=3)
        self.pays(self.customer, 20, times=3, amount=200)
        self.create_invoice(self.customer, 900, day(-5))
        self.assertEqual(self.by_week(), {2: 900})

    def test_with_few_payments_the_company_stands_for_the_customer(self):
        self.pays(self.create_customer("Beech"), 15, times=6)
        self.pays(self.customer, 1)
        self.create_invoice(self.customer, 700, MONDAY)
        self.assertEqual(self.by_week(), {0: 100, 2: 600})

    def test_what_is_later_than_anybody_ever_was_is_expected_in_no_week(self):
        self.pays(self.customer, 10, times=5)
        self.create_invoice(self.customer, 700, day(-50))
        self.assertEqual(self.by_week(), {})

    def test_payments_that_are_nothing_in_the_currency_of_the_company_are_no_habit(self):
        self.pays(self.customer, 10, times=5)
        self.env.flush_all()
        self.env.cr.execute("UPDATE account_partial_reconcile SET amount = 0 WHERE company_id = %s", [self.company.id])
        self.create_invoice(self.customer, 700, MONDAY)
        self.assertEqual(self.by_week(), {})
        self.pays(self.create_customer("Beech"), 15, times=6)
        self.assertEqual(self.by_week(), {2: 700})

    def test_it_is_moved_to_the_pay_days_of_the_customer(self):
        self.pays(self.customer, 1, times=5)
        self.customer.recobro_pay_days = "20"
        self.create_invoice(self.customer, 700, MONDAY)  # the 2nd; the 20th is in the third week
        self.assertEqual(self.by_week(), {2: 700})

    def test_credits_pay_the_oldest_first(self):
        self.pays(self.customer, 10, times=5)
        self.create_invoice(self.customer, 100, MONDAY)
        self.create_invoice(self.customer, 100, day(14))
        self.create_credit_note(self.customer, 150, day(-3))
        self.assertEqual(self.by_week(), {3: 50})

    def test_a_promise_counts_on_its_day_and_not_by_habit_too(self):
        self.pays(self.customer, 10, times=5)
        invoice = self.create_invoice(self.customer, 700, day(-5))
        self.hold(invoice, "promise", expected_date=day(30), amount=500)
        self.assertEqual(self.by_week("promises"), {4: 500})
        self.assertEqual(self.by_week(), {0: 200})

    def test_two_answers_about_one_invoice_count_once(self):
        invoice = self.create_invoice(self.customer, 700, day(-5))
        self.hold(invoice, "payment_in_hand", expected_date=day(20))
        self.hold(invoice, "promise", expected_date=day(30))
        self.assertEqual(self.by_week("in_hand"), {2: 700})
        self.assertEqual(self.by_week("promises"), {})

    def test_what_is_disputed_is_expected_in_no_week(self):
        self.pays(self.customer, 10, times=5)
        self.hold(self.create_invoice(self.customer, 700, day(-5)), "dispute")
        self.assertEqual([week["total"] for week in self.weeks()], [0] * 13)

    def test_it_is_held_to_account_by_what_came(self):
        self.pays(self.customer, 10, times=5)
        for number in (-25, -20):
            self.pay_invoice(self.create_invoice(self.customer, 500, day(number)), day=day(number + 10))
        # Made on day −28: due on −25 and −20, ten days late each; both came as expected
        self.env.flush_all()
        found = forecast.error(self.env, self.company, MONDAY)[4]
        self.assertEqual((found["error"], found["expected"], found["came"]), (0, 1000, 1000))

    def test_the_number_of_statements_is_the_same_for_any_number_of_customers(self):
        def cost():
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            forecast.weeks(self.env, self.company, MONDAY)
            return self.env.cr.sql_log_count - before

        cost()
        self.create_invoice(self.customer, 700, MONDAY)
        few = cost()
        for number in range(5):
            self.pays(customer := self.create_customer(f"Elm {number}"), 3, times=5)
            self.create_invoice(customer, 10, MONDAY)
        self.assertEqual(cost(), few)
