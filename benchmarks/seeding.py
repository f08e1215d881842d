"""How the ledger of the benchmarks is written: see `ledger.seed`."""

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import SQL

from cloning import Pattern, unchecked
from ledger import DAYS_OF_DUE_DATES, LATEST_DUE, TABLES

#: Amounts of the invoices, in turn; one of them is in the second currency.
AMOUNTS = (80, 120, 240.5, 310, 475.25, 990, 1250, 60, 2300, 4100)
SECOND_CURRENCY_AT = 8
CREDIT_NOTE_EACH, PAYMENT_EACH = 20, 10
PAYMENTS = "account_payment"


def write(env, customers, items_each, paid_each, day):
    """Write the ledger and return the ids of its customers; parameters as in `ledger.seed`."""
    prepare(env, day)
    partner = _customer(env)
    # All that Odoo writes comes first: its numbers go on from the last, and the copies have high ones.
    invoices = [_invoice(env, partner, turn, day) for turn in range(min(len(AMOUNTS), customers * items_each))]
    note, payment = _invoice(env, partner, 0, day, "out_refund"), _payment(env, partner, 50, day)
    paid = _paid_invoice(env, partner, day)
    with unchecked(env, TABLES) as keys:
        ledger = Ledger(env, keys, partner, customers)
        for turn, invoice in enumerate(invoices):
            item = SQL("(n * %s + %s)", len(invoices), turn)
            days = SQL("%s - %s * 7 %% %s", LATEST_DUE, item, DAYS_OF_DUE_DATES)
            count = len(range(turn, customers * items_each, len(invoices)))
            ledger.clone([invoice], count, SQL("%s / %s", item, items_each), days)
        for credit, each in ((note, CREDIT_NOTE_EACH), (payment, PAYMENT_EACH)):
            ledger.clone([credit], len(range(0, customers, each)), SQL("n * %s", each), SQL("- (n * 7 %% 60)"))
        if paid_each:
            ledger.clone(paid, customers * paid_each, SQL("n / %s", paid_each), SQL("-200 - n %% 700"))
    # What the copies were made from is no part of the ledger
    (note.union(*invoices)).button_draft()
    payment.action_draft()
    env.flush_all()
    env.invalidate_all()
    env.cr.execute(SQL("ANALYZE %s", SQL(", ").join(map(SQL.identifier, TABLES))))
    return range(ledger.first, ledger.first + customers)


def prepare(env, day):
    """Give the company what the ledger needs: a second currency, an account for payments on their way, an address."""
    company = env.company
    company.partner_id.email = "billing@seller.example"
    currency = second_currency(env)
    currency.active = True
    env["res.currency.rate"].create(
        {"currency_id": currency.id, "company_id": company.id, "name": day - timedelta(days=1000), "rate": 0.9}
    )
    account = env["account.account"].create(
        {"name": "Payments on their way", "code": "101999", "account_type": "asset_current", "reconcile": True}
    )
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    bank.inbound_payment_method_line_ids.payment_account_id = account


def second_currency(env):
    """Return the second currency of the ledger."""
    name = "EUR" if env.company.currency_id.name != "EUR" else "USD"
    return env["res.currency"].with_context(active_test=False).search([("name", "=", name)])


def _customer(env):
    return env["res.partner"].create({"name": "Bench", "is_company": True, "email": "bench@customer.example"})


def _invoice(env, partner, turn, day, move_type="out_invoice"):
    """Return a posted invoice that is due on `day`."""
    line = Command.create({"name": "Goods", "quantity": 1, "price_unit": AMOUNTS[turn], "tax_ids": []})
    values = {
        "move_type": move_type,
        "partner_id": partner.id,
        "invoice_date": day - timedelta(days=30),
        "invoice_date_due": day,
        "invoice_payment_term_id": False,
        "invoice_line_ids": [line],
    }
    if turn == SECOND_CURRENCY_AT:
        values["currency_id"] = second_currency(env).id
    invoice = env["account.move"].create(values)
    invoice.action_post()
    return invoice


def _payment(env, partner, amount, day):
    """Return a posted payment of the customer that is not matched with an invoice."""
    payment = env["account.payment"].create(
        {"payment_type": "inbound", "partner_type": "customer", "partner_id": partner.id, "amount": amount, "date": day}
    )
    payment.action_post()
    return payment


def _paid_invoice(env, partner, day):
    """Return an invoice and the payment that it was reconciled with."""
    invoice, payment = _invoice(env, partner, 0, day), _payment(env, partner, AMOUNTS[0], day)
    lines = (invoice.line_ids + payment.move_id.line_ids).filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
    lines.reconcile()
    # The bank has shown it long ago: Odoo sets this when the bank's transaction is matched with the payment.
    env.flush_all()
    env.cr.execute(SQL("UPDATE account_payment SET is_matched = TRUE WHERE id = %s", payment.id))
    return [invoice, payment]


class Ledger:
    """Clones of one customer, and of that customer's documents for each of them."""

    def __init__(self, env, keys, partner, customers):
        self.env, self.keys, self.partner = env, keys, partner
        [[last]] = env.execute_query(SQL("SELECT MAX(id) FROM res_partner"))
        self.first = last + 1
        mailbox, domain = partner.email.split("@")
        texts = {partner.name: self._name(SQL("n")), partner.email: SQL("%s || n || %s", mailbox, f"@{domain}")}
        Pattern(env, keys, partner).clone(customers, texts=texts)

    def _name(self, number):
        return SQL("%s || (%s)", f"{self.partner.name} ", number)

    def clone(self, documents, count, customer, days):
        """Clone posted documents with all that hangs on them; a copy's number is its id, so that no two have one.

        :param customer: SQL of the number of the customer, from 0 on, that copy `n` is of.
        :param days: SQL of the days by which its dates are moved.
        """
        payments = self.env["account.payment"].union(*(record for record in documents if record._table == PAYMENTS))
        moves = payments.move_id.union(*(record for record in documents if record._table != PAYMENTS))
        lines = moves.line_ids
        pattern = Pattern(self.env, self.keys, moves, lines, payments, lines.matched_debit_ids, lines.full_reconcile_id)
        texts, columns = {self.partner.name: self._name(customer)}, {}
        for move in moves:
            texts[move.name] = SQL("%s || %s", move.sequence_prefix, pattern.new_id(move))
            columns[move, "sequence_number"] = pattern.new_id(move)
        for line in lines.filtered("full_reconcile_id"):
            columns[line, "matching_number"] = SQL("(%s)::text", pattern.new_id(line.full_reconcile_id))
        customer_id = SQL("(%s + %s)", self.first, customer)
        pattern.clone(count, {self.partner: customer_id}, texts, columns, days)
