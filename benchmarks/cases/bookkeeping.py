"""What collections cost the accountants: posting, paying and matching in batches, with the addon and without.

Two databases with the same ledger, one with the addon, take turns in one process: what slows the machine down slows
both. A pair is the same work in either; it is rolled back, so that every pair finds what the first one found. The time
ends when all that is kept back until the commit is written.
"""

import contextlib
import gc
import math
import statistics
import time

import day
import ledger
from harness import Row, vacuum

PAIRS = 20
#: Turns of a pair of posting, which takes a tenth of the time that paying takes.
POSTINGS = 3
BATCH = 500
#: Student's t for 19 degrees of freedom: 95 % of the differences lie within as many standard errors.
STUDENT = 2.093
GOAL = "upper 95 % bound ≤ 1.05 × without, one statement more at most"
LIMIT = 1.05
#: Open items of the ledger that the batches are added to; five of each customer.
LEDGER = 10_000
TABLES = ("account_move", "account_move_line", "account_payment", "account_partial_reconcile", "res_partner")


def posting(bench):
    """The row of posting a batch of invoices; the halves of a pair lie a moment apart."""
    batch = _batch(bench)
    return [_row(bench, f"post {batch} invoices", _pairs(bench, batch, Books.post, POSTINGS))]


def paying(bench):
    """The row of paying and matching a batch of invoices that were just posted."""
    batch = _batch(bench)
    return [_row(bench, f"register and reconcile {batch} payments", _pairs(bench, batch, Books.pay))]


def _batch(bench):
    return max(10, min(BATCH, bench.items // 200))


def _pairs(bench, batch, work, rounds=1):
    """Let the books without and with the addon take turns; [((seconds, statements) without, the same with)].

    :param rounds: turns of a pair, for work so short that a moment of the machine is much of it; the mean counts.
    """
    with contextlib.ExitStack() as stack:
        without, with_addon = (
            stack.enter_context(_books(bench, template, batch)) for template in (bench.core, bench.addon)
        )
        turns = []
        for number in range(-1, PAIRS * rounds):
            order = (without, with_addon) if number % 2 else (with_addon, without)
            figures = {id(books): work(books) for books in order}
            if number >= 0:  # the first warms up
                turns.append((figures[id(without)], figures[id(with_addon)]))
    return [_mean(turns[first : first + rounds]) for first in range(0, len(turns), rounds)]


def _mean(turns):
    """Return several turns as one: the mean of the seconds, the most statements of either side."""
    return tuple(
        (statistics.mean(seconds for seconds, _number in side), max(number for _seconds, number in side))
        for side in zip(*turns, strict=True)
    )


@contextlib.contextmanager
def _books(bench, template, batch):
    """The books of a copy of a database, with a ledger and a batch of drafts."""
    with bench.copy(template, "books") as database, bench.open(database) as env:
        yield Books(env, batch)


class Books:
    """A ledger with draft invoices, and an accountant who posts and pays them."""

    def __init__(self, env, batch):
        from odoo import Command

        if "recobro.run" in env:
            # Their tables are as full as they are in use
            company = day.begin(env, LEDGER // 5, 5)
            day.decide(env, company, ledger.DAY)
            day.commit(env)
        else:
            ledger.seed(env, LEDGER // 5, 5)
        customers = env["res.partner"].search([("name", "like", "Bench ")], order="id").ids
        groups = [env.ref(name).id for name in ("account.group_account_manager", "base.group_partner_manager")]
        user = env["res.users"].create(
            {"name": "Accountant", "login": "accountant", "group_ids": [Command.link(group) for group in groups]}
        )
        self.env = env(user=user.id)
        line = [Command.create({"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": []})]
        values = {"move_type": "out_invoice", "invoice_date": ledger.DAY, "invoice_line_ids": line}
        drafts = [{**values, "partner_id": customers[number % len(customers)]} for number in range(batch)]
        self.drafts = self.env["account.move"].create(drafts)
        env.cr.commit()

    def post(self):
        """Post the drafts and return (seconds, statements). It is undone."""
        return self._undone(self.drafts.action_post)

    def pay(self):
        """Post the drafts, then pay and match them; (seconds, statements) of the latter. It is undone."""

        def check():
            states = set(self.drafts.mapped("payment_state"))
            assert states <= {"paid", "in_payment"}, f"what is measured did not happen: {states}"

        return self._undone(self._pay, before=self.drafts.action_post, after=check)

    def _undone(self, function, before=None, after=None):
        vacuum(self.env, *TABLES)
        if before:
            before()
            self.env.cr.flush()
        figures = self._measured(function)
        if after:
            after()
        self.env.cr.rollback()
        return figures

    def _pay(self):
        """Register a payment of its own for each invoice, as the dialog of a list of invoices does."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=self.drafts.ids
        )
        wizard.create({"group_payment": False})._create_payments()

    def _measured(self, function):
        """Call a function as a request of its own; return (seconds, statements)."""
        self.env.invalidate_all()
        gc.collect()
        before, start = self.env.cr.sql_log_count, time.perf_counter()
        function()
        self.env.cr.flush()  # what the commit would still write
        return time.perf_counter() - start, self.env.cr.sql_log_count - before


def _row(bench, name, pairs):
    """The row of the work with the addon, from [((seconds, statements) without, the same with)]."""
    ratio, upper = _ratio([(one[0], other[0]) for one, other in pairs])
    more = max(other[1] - one[1] for one, other in pairs)
    note = f"{ratio:.3f} × without, upper 95 % bound {upper:.3f} ({len(pairs)} pairs); {more:+d} statements"
    seconds = [other[0] for _one, other in pairs]
    met = upper <= LIMIT and more <= 1
    return Row.of(name, bench.items, seconds, pairs[-1][1][1], goal=GOAL, met=met, note=note)


def _ratio(pairs):
    """The ratio with / without and its upper bound, from the logarithms of the ratios of the pairs.

    Of the pairs, not of two means: what slows a minute of the machine down is in both halves of a pair. Logarithms, for
    a half that took twice as long must weigh as much on either side.
    """
    logarithms = [math.log(other / one) for one, other in pairs]
    mean, error = statistics.mean(logarithms), statistics.stdev(logarithms) / math.sqrt(len(logarithms))
    return math.exp(mean), math.exp(mean + STUDENT * error)
