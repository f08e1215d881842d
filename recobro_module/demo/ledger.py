"""The story put into Odoo's books: real invoices, credit notes and bank transactions, matched as they would be."""

from collections import defaultdict
from datetime import timedelta

from odoo import Command
from odoo.tools import SQL

#: Created at once; more would only take memory.
_BATCH = 250
#: Tables that the daily job reads and that the demo fills in one transaction.
_GROWING = (
    "account_bank_statement_line",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "recobro_action",
    "recobro_action_line",
    "recobro_case",
    "recobro_hold",
    "recobro_interaction",
    "recobro_item",
    "res_partner",
)


class Ledger:
    """The books of the company, written up to one day after another."""

    def __init__(self, company, story, partners, products, terms):
        self.env = company.env
        self.company = company
        self.story = story
        self.partners = partners
        self.products = products
        self.terms = terms
        journals = self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "bank")])
        self.banks = {(journal.currency_id or company.currency_id).name: journal for journal in journals}
        self.invoices = {}
        self.refunds = {}
        self.written_until = None

    # -------------------------------------------------------------------------
    # DRAFTS
    # -------------------------------------------------------------------------

    def draft(self):
        """Create all invoices and credit notes as drafts: in large batches that is several times as quick."""
        self.invoices = self._create(self.story.sales, self._invoice_vals)
        self.refunds = self._create(self.story.credit_notes, self._refund_vals)

    def _create(self, what, prepare):
        created = {}
        for start in range(0, len(what), _BATCH):
            batch = what[start : start + _BATCH]
            created.update(zip(batch, self.env["account.move"].create([prepare(one) for one in batch]), strict=True))
        return created

    def _invoice_vals(self, sale):
        customer = sale.customer
        return {
            **self._document_vals(sale, "out_invoice", sale.day),
            "invoice_payment_term_id": self.terms[customer.terms].id,
            "invoice_line_ids": [self._line(sale, sale.untaxed)],
        }

    def _refund_vals(self, note):
        return {
            **self._document_vals(note.sale, "out_refund", note.day),
            "invoice_payment_term_id": self.terms["0"].id,
            "ref": "Abono por diferencia de precio",
            "invoice_line_ids": [self._line(note.sale, round(note.sale.untaxed * note.share, 2))],
        }

    def _document_vals(self, sale, move_type, day):
        customer = sale.customer
        partner = self.partners[customer]
        return {
            "move_type": move_type,
            "company_id": self.company.id,
            "partner_id": partner.id,
            "invoice_date": day,
            "date": day,
            "currency_id": self.env.ref(f"base.{customer.currency}").id,
            "invoice_user_id": partner.user_id.id,
        }

    def _line(self, sale, untaxed):
        product = self.products[sale.product % len(self.products)]
        domestic = sale.customer.country == "es"
        quantity = max(1, round(untaxed / product.list_price))
        return Command.create(
            {
                "product_id": product.id,
                "name": product.name,
                "quantity": quantity,
                "price_unit": round(untaxed / quantity, 2),
                "tax_ids": [Command.set(self.company.account_sale_tax_id.ids if domestic else [])],
            }
        )

    # -------------------------------------------------------------------------
    # DAY BY DAY
    # -------------------------------------------------------------------------

    def write_until(self, day):
        """Post what was invoiced and book what was paid since the day before, up to `day`."""
        self._post(self._new(self.story.sales, day), self.invoices)
        notes = self._new(self.story.credit_notes, day)
        self._post(notes, self.refunds)
        self._match(
            [
                self._receivable(self.refunds[note]) + self._receivable(self.invoices[note.sale])
                for note in notes
                if note.matched
            ]
        )
        # Day by day, since a second payment of an instalment is for what the first one left open
        by_day = defaultdict(list)
        for payment in self._new(self.story.payments, day):
            by_day[payment.day].append(payment)
        for payments in self._in_rounds(by_day):
            self._book(payments)
        self.written_until = day

    def analyze(self):
        """Let PostgreSQL count what this transaction wrote: it plans for empty tables otherwise, ten times as slow."""
        self.env.flush_all()
        for table in _GROWING:
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def _new(self, events, day):
        since = self.written_until
        return [event for event in events if event.day <= day and (since is None or event.day > since)]

    def _in_rounds(self, by_day):
        """Yield payments in as few rounds as possible: none pays twice for an instalment."""
        rounds = []
        times = defaultdict(int)
        for day in sorted(by_day):
            for payment in by_day[day]:
                keys = [(id(sale), instalment) for sale, instalment, _share in payment.parts]
                number = max(times[key] for key in keys)
                for key in keys:
                    times[key] = number + 1
                if number == len(rounds):
                    rounds.append([])
                rounds[number].append(payment)
        return rounds

    def _post(self, events, documents):
        moves = self.env["account.move"].union(*(documents[event] for event in events))
        if moves:
            moves._post(soft=False)

    def _book(self, payments):
        """Book transfers as bank transactions on the customers' receivables, and match them."""
        prepared = [(payment, *self._amount(payment)) for payment in payments]
        prepared = [(payment, lines, amount) for payment, lines, amount in prepared if amount > 0]
        transactions = self.env["account.bank.statement.line"].create(
            [self.transaction_vals(payment.customer, payment.day, amount) for payment, _lines, amount in prepared]
        )
        self._match(
            [
                self._receivable(transaction.move_id) + lines
                for transaction, (_payment, lines, _amount) in zip(transactions, prepared, strict=True)
            ]
        )

    def _amount(self, payment):
        """Return the receivable items that a transfer pays, and its amount."""
        lines = self.env["account.move.line"]
        amount = 0.0
        for sale, instalment, share in payment.parts:
            line = self._receivable(self.invoices[sale]).sorted("date_maturity")[instalment]
            if line.amount_residual_currency > 0:
                lines |= line
                amount += round(line.amount_residual_currency * share, 2)
        return lines, round(amount, 2)

    def transaction_vals(self, customer, day, amount, matched=True):
        """Return the values of a bank transaction; one that is not matched waits on the bank's suspense account."""
        partner = self.partners[customer]
        account = partner.with_company(self.company).property_account_receivable_id
        return {
            "journal_id": self.banks[customer.currency].id,
            "date": day,
            "partner_id": partner.id,
            "payment_ref": f"Transferencia {customer.name}",
            "amount": amount,
            **({"counterpart_account_id": account.id} if matched else {}),
        }

    def _receivable(self, move):
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")

    def _match(self, plan):
        if plan:
            self.env["account.move.line"]._reconcile_plan(plan)

    # -------------------------------------------------------------------------
    # WHAT IS PARTICULAR
    # -------------------------------------------------------------------------

    def open_balances(self, customers, day):
        """Book what some customers owed before the books were kept here: a general entry, which nobody chases."""
        account = self.env["account.account"].search(
            [("account_type", "=", "equity"), ("company_ids", "in", self.company.ids)], limit=1
        )
        journal = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "general")], limit=1
        )
        lines = []
        for number, customer in enumerate(customers):
            partner = self.partners[customer]
            amount = 640.0 + 385.5 * number
            receivable = partner.with_company(self.company).property_account_receivable_id
            lines.append(
                Command.create(
                    {
                        "name": "Saldo de apertura",
                        "partner_id": partner.id,
                        "account_id": receivable.id,
                        "debit": amount,
                        "date_maturity": day,
                    }
                )
            )
            lines.append(Command.create({"name": "Saldo de apertura", "account_id": account.id, "credit": amount}))
        entry = self.env["account.move"].create(
            {"journal_id": journal.id, "date": day, "ref": "Asiento de apertura", "line_ids": lines}
        )
        entry._post(soft=False)

    def receive_unmatched(self, customers, today):
        """Leave money that nobody has matched: two transactions in the bank, two on the customers' accounts."""
        vals = [
            self.transaction_vals(customer, today - timedelta(days=1 + number % 2), 300.0 + 45 * number, number % 2)
            for number, customer in enumerate(customers[:4])
        ]
        vals.append(
            {
                "journal_id": self.banks["EUR"].id,
                "date": today - timedelta(days=1),
                "payment_ref": "Ingreso en efectivo sin identificar",
                "amount": 187.40,
            }
        )
        self.env["account.bank.statement.line"].create(vals)

    def register_payments(self, today, answered, number=3):
        """Register payments on open invoices as a person does: their money is not in the bank yet.

        :param answered: ids of invoices that an answer is about: that is not paid all at once.
        """
        open_invoices = [
            invoice
            for sale, invoice in self.invoices.items()
            if invoice.payment_state == "not_paid"
            and invoice.id not in answered
            and invoice.state == "posted"
            and len(sale.due_days) == 1
            and sale.customer.habit in ("slow", "punctual")
            and sale.customer.currency == "EUR"
        ]
        for invoice in open_invoices[:number]:
            self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=invoice.ids
            ).create({"payment_date": today})._create_payments()
