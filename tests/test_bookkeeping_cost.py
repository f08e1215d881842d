"""What collections cost the accountants: one statement more for a batch, however long it is (DESIGN.md, rule 12)."""

from contextlib import closing, contextmanager

import odoo

from odoo.addons.recobro_module.models import (
    account_bank_statement_line,
    account_move,
    account_move_line,
    account_partial_reconcile,
    account_payment,
    res_partner,
)

from .common import MONDAY, RecobroCase

#: The hooks on bookkeeping, by the class of ours that has them.
_HOOKS = {
    account_bank_statement_line.AccountBankStatementLine: ("create", "write"),
    account_move.AccountMove: ("_post", "button_draft", "button_cancel", "unlink"),
    account_move_line.AccountMoveLine: ("write",),
    account_partial_reconcile.AccountPartialReconcile: ("create", "unlink"),
    account_payment.AccountPayment: ("write",),
    res_partner.ResPartner: ("write",),
}


@contextmanager
def without_hooks():
    """Take the hooks away: Odoo does its own work alone."""
    hooks = [(model, name, model.__dict__[name]) for model, names in _HOOKS.items() for name in names]
    for model, name, _method in hooks:
        delattr(model, name)
    try:
        yield
    finally:
        for model, name, method in hooks:
            setattr(model, name, method)


class BookkeepingCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        method = cls.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = cls.company_data["default_journal_bank"].default_account_id

    def statements(self, function):
        """How many statements `function` takes, all that is kept back until the commit written as well."""
        self.env.cr.flush()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.cr.flush()
        return self.env.cr.sql_log_count - before

    def drafts(self, number):
        """Draft invoices, two of each customer."""
        customers = [self.create_customer(f"Buyer {index}") for index in range(number // 2)]
        drafts = [self.create_invoice(customers[index // 2], 100, MONDAY, post=False) for index in range(number)]
        return self.env["account.move"].union(*drafts)

    def pay(self, invoices):
        """Register a payment of each invoice in one go, and match them."""
        wizard = self.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoices.ids)
        wizard.create({"payment_date": MONDAY, "group_payment": False})._create_payments()

    def statements_more(self, function, *records):
        """How many more statements `function` takes with the hooks than without, all else being equal."""
        self.try_out(function, *records)  # what is asked only once is asked here
        with_hooks = self.least(function, *records)
        with without_hooks():
            return with_hooks - self.least(function, *records)

    def least(self, function, *records):
        """The least that `function` takes: a cache that is emptied meanwhile by something else adds some."""
        return min(self.try_out(function, *records) for _try in range(3))

    def try_out(self, function, *records):
        """How many statements `function` takes; what it did is undone."""
        with closing(self.env.cr.savepoint()):
            return self.statements(lambda: function(*records))


class TestOneStatementMore(BookkeepingCase):
    def test_posting_a_batch_of_invoices_takes_one_statement_more_at_most(self):
        for number in (2, 12):
            self.assertLessEqual(self.statements_more(lambda drafts: drafts.action_post(), self.drafts(number)), 1)

    def test_paying_and_matching_a_batch_of_invoices_takes_one_statement_more_at_most(self):
        for number in (2, 12):
            invoices = self.drafts(number)
            invoices.action_post()
            self.assertLessEqual(self.statements_more(self.pay, invoices), 1)

    def test_undoing_matches_and_setting_to_draft_takes_one_statement_more_at_most(self):
        invoices = self.drafts(6)
        invoices.action_post()
        self.pay(invoices)

        def undo(paid):
            paid.line_ids.remove_move_reconcile()
            paid.button_draft()

        self.assertLessEqual(self.statements_more(undo, invoices), 1)

    def test_bank_transactions_and_new_due_dates_take_one_statement_more_at_most(self):
        invoices = self.drafts(6)
        invoices.action_post()

        def work(posted):
            for invoice in posted:
                self.receive_in_bank(invoice.partner_id, 10, MONDAY)
            posted.line_ids.filtered("date_maturity").date_maturity = MONDAY

        self.assertLessEqual(self.statements_more(work, invoices), 1)


class TestGatheredMarks(BookkeepingCase):
    def marks(self, customer):
        """How many marks of the customer are written."""
        self.env.cr.execute("SELECT count(*) FROM recobro_mark WHERE partner_id = %s", [customer.id])
        return self.env.cr.fetchone()[0]

    def test_a_customer_is_marked_once_when_the_transaction_ends_whatever_happened_to_it(self):
        customer = self.create_customer()
        invoices = [self.create_invoice(customer, 100, MONDAY) for _number in range(3)]
        self.pay(self.env["account.move"].union(*invoices))
        self.env["recobro.mark"]._write_gathered()
        self.env.cr.execute("DELETE FROM recobro_mark")
        self.create_invoice(customer, 100, MONDAY)
        self.create_invoice(customer, 100, MONDAY)
        self.assertEqual(self.marks(customer), 0)
        self.env.cr.flush()
        self.assertEqual(self.marks(customer), 1)

    def test_what_is_undone_to_a_savepoint_takes_only_its_own_marks_along(self):
        stays, undone = self.create_customer("Stays"), self.create_customer("Undone")
        self.create_invoice(stays, 100, MONDAY)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.create_invoice(undone, 100, MONDAY)
            raise ZeroDivisionError
        self.env.cr.flush()
        self.assertEqual((self.marks(stays), self.marks(undone)), (1, 0))

    def test_who_looks_for_marks_in_the_same_transaction_finds_them(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.assertTrue(self.env["recobro.mark"].search_count([("partner_id", "=", customer.id)]))

    def test_a_mark_is_committed_with_the_change_that_left_it(self):
        """Committed for real: a cursor writes what is gathered before it commits."""
        with odoo.modules.registry.Registry(self.env.cr.dbname).cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            env["recobro.mark"]._add([(-1, env.company.id)])
            cursor.commit()
            cursor.execute("DELETE FROM recobro_mark WHERE partner_id = -1 RETURNING id")
            self.assertEqual(cursor.rowcount, 1)
