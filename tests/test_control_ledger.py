"""The key figures of a real ledger, beside a calculation straight from its file that knows nothing of Odoo."""

from datetime import date, timedelta

from odoo.addons.recobro_module.engine.figures import control

from ledger_replay.books import Books
from ledger_replay.ledger import read_ledger

from .common import RecobroCase
from .ledger_figures import ageing, days_late, days_of_sales, rows_of
from .test_replay_ledger import LEDGER

MONTH_ENDS = (date(2012, 1, 31), date(2012, 2, 29), date(2012, 3, 31))
#: Lived beyond the last of them: what is paid later must not change what was.
LAST = date(2012, 4, 12)


class TestRealLedger(RecobroCase):
    def test_three_month_ends_are_to_the_cent_what_the_file_says(self):
        if not LEDGER.is_file():
            self.skipTest("the ledger ../shared/data/ledger_2012.csv is not there")
        rows = rows_of(LEDGER)
        books = Books(self.env, [invoice for invoice in read_ledger(LEDGER) if invoice.invoiced <= LAST])
        for day in sorted(books.days_before(LAST + timedelta(days=1))):
            books.live(day)
        self.env.flush_all()
        for day in MONTH_ENDS:
            with self.subTest(day=day):
                found = control.figures(self.env, self.company, day)
                aged = ageing(rows, day)
                self.assertEqual([round(amount, 2) for amount in found.now.buckets], [float(one) for one in aged])
                self.assertAlmostEqual(found.now.open_amount, float(sum(aged)), places=2)
                self.assertAlmostEqual(found.countback.days, float(days_of_sales(rows, day, sum(aged))), places=6)
                self.assertAlmostEqual(found.best_possible.days, float(days_of_sales(rows, day, aged[0])), places=6)
                self.assertAlmostEqual(found.days_late, float(days_late(rows, day)), places=6)
