"""The migration matrix: what became in a month of what was open, bucket by bucket, from the books."""

from datetime import timedelta

from odoo.addons.recobro_module.engine.figures import migration
from odoo.addons.recobro_module.tools.migration import DESTINATIONS

from .test_control_figures import END, ControlCase

BEFORE = END - timedelta(days=31)


class TestMigration(ControlCase):
    def matrix(self, companies=None):
        """{bucket: {destination: share}} of what was open a month before the end, without the zeros."""
        self.env.flush_all()
        rows = migration.matrix(self.env, companies or self.company, END)
        self.amounts = {row["bucket"]: row["amount"] for row in rows}
        return {
            row["bucket"]: {name: round(row[name], 4) for name in DESTINATIONS if row[name]}
            for row in rows
            if row["amount"]
        }

    def late(self, amount, days):
        """An invoice that was so many days late a month before the end."""
        return self.create_invoice(self.customer, amount, BEFORE - timedelta(days=days), BEFORE - timedelta(days=200))

    def test_an_empty_ledger_has_no_shares(self):
        self.assertEqual(self.matrix(), {})
        self.assertEqual(set(self.amounts.values()), {0.0})

    def test_what_is_left_open_moves_on_and_what_was_paid_is_paid(self):
        self.late(300, 10)
        paid = self.late(700, 10)
        self.pay_invoice(paid, day=END - timedelta(days=5))
        self.late(100, -29)
        self.late(50, 100)
        self.assertEqual(
            self.matrix(),
            {
                "d1_30": {"paid": 0.7, "forward_1": 0.3},
                "not_due": {"forward_1": 1.0},
                "d90_plus": {"same": 1.0},
            },
        )

    def test_a_partial_payment_and_a_write_off_split_an_item_and_the_rest_adds_up(self):
        invoice = self.late(1000, 40)
        self.pay_invoice(invoice, 250, END - timedelta(days=5))
        self.write_off(invoice, END - timedelta(days=3), 150)
        self.assertEqual(self.matrix(), {"d31_60": {"paid": 0.25, "written_off": 0.15, "forward_1": 0.6}})
        self.assertEqual(self.amounts["d31_60"], 1000)

    def test_an_item_whose_due_date_was_moved_is_judged_by_the_new_one_and_nothing_goes_back(self):
        self.late(300, 10)
        moved = self.late(700, 40)
        moved.line_ids.filtered("date_maturity").date_maturity = BEFORE - timedelta(days=10)
        self.assertEqual(self.matrix(), {"d1_30": {"forward_1": 1.0}})
        self.assertEqual(self.amounts["d1_30"], 1000)
        for row in migration.matrix(self.env, self.company, END):
            if row["amount"]:
                self.assertAlmostEqual(sum(row[name] for name in DESTINATIONS if name != "back"), 1.0)

    def test_what_was_paid_before_or_invoiced_since_is_not_in_it(self):
        invoice = self.late(1000, 40)
        self.pay_invoice(invoice, 900, BEFORE - timedelta(days=5))
        self.create_invoice(self.customer, 77, END, END - timedelta(days=5))
        self.assertEqual((self.matrix(), self.amounts["d31_60"]), ({"d31_60": {"forward_1": 1.0}}, 100))

    def test_a_payment_after_the_last_day_changes_nothing(self):
        invoice = self.late(1000, 40)
        before = self.matrix()
        self.pay_invoice(invoice, day=END + timedelta(days=1))
        self.assertEqual(self.matrix(), before)
