"""The books of the company whose ledger is replayed: customers, invoices, payments through the bank, balances."""

import re
from collections import defaultdict

from odoo import Command

from ledger_replay.keeping import DOMAIN

#: Any number is right, whatever years seem to be in it: the whole of a name is its prefix and its last digits.
ANY_NUMBER = r"^(?P<prefix1>.*?)(?P<seq>\d{0,9})(?P<suffix>\D*?)$"
#: The figures of the books by age: name, first and last day past due.
AGES = (("not_due", None, 0), ("d1_30", 1, 30), ("d31_60", 31, 60), ("d61_90", 61, 90), ("d90_plus", 91, None))
#: Contacts of each customer: what they are called, the code of their role, the name in their address.
CONTACTS = (("Treasury", "treasury", "treasury"), ("Decision-maker", "decision_maker", "director"))


class Books:
    """Posts and pays the invoices of a ledger in one company, which has a chart of accounts and nothing else."""

    def __init__(self, env, invoices):
        self.env = env(context=dict(env.context, tracking_disable=True, mail_create_nolog=True, mail_notrack=True))
        self.company = env.company
        self.customers = {}
        self.moves = {}
        self._give_addresses()
        self.bank = self._journal("bank")
        self.sales = self._make_sales_journal()
        self.to_post = defaultdict(list)
        self.to_pay = defaultdict(list)
        for invoice in invoices:
            self.to_post[invoice.invoiced].append(invoice)
            if invoice.settled:
                self.to_pay[invoice.settled].append(invoice)
        self._make_customers(invoices)

    def _journal(self, kind):
        domain = [("type", "=", kind), ("company_id", "=", self.company.id)]
        return self.env["account.journal"].search(domain, limit=1)

    def _give_addresses(self):
        """Give the company and its people an address, as the senders of all messages."""
        for partner in self.company.partner_id | self.env.ref("base.user_admin").partner_id:
            partner.email = f"{_host(partner.name, partner.id)}@collections{DOMAIN}"

    def _make_sales_journal(self):
        """Return a journal in which an invoice keeps the number of the ledger."""
        return self.env["account.journal"].create(
            {
                "name": "Ledger",
                "code": "LEDG",
                "type": "sale",
                "company_id": self.company.id,
                "default_account_id": self._journal("sale").default_account_id.id,
                "sequence_override_regex": ANY_NUMBER,
            }
        )

    def _make_customers(self, invoices):
        """Create the customers of the ledger, each with a contact for treasury and one who decides."""
        codes = sorted({invoice.customer for invoice in invoices})
        customers = self.env["res.partner"].create(
            [
                {
                    "name": code,
                    "ref": code,
                    "is_company": True,
                    "customer_rank": 1,
                    # Where a letter reaches them
                    "street": f"Ledger Street {place}",
                    "city": "Ledger City",
                }
                for place, code in enumerate(codes, start=1)
            ]
        )
        self.customers = dict(zip(codes, customers, strict=True))
        roles = {role.code: role.id for role in self.env["recobro.contact.role"].search([])}
        self.env["res.partner"].create(
            [
                {
                    "name": f"{title} of {code}",
                    "parent_id": self.customers[code].id,
                    "email": f"{local}@{_host(code, place)}{DOMAIN}",
                    "phone": f"+1 202 555 {100 + place % 100:04}",
                    "recobro_role_ids": [Command.set([roles[role]])],
                }
                for place, code in enumerate(codes)
                for title, role, local in CONTACTS
            ]
        )

    def live(self, day):
        """Post the invoices of a day and book its payments; return the numbers of both."""
        posted = self._post(self.to_post.pop(day, []))
        paid = self._pay(self.to_pay.pop(day, []))
        return posted, paid

    def days_before(self, day):
        """Return the days before `day` of which the ledger says something; each is booked at its own date."""
        return {earlier for earlier in (*self.to_post, *self.to_pay) if earlier < day}

    def _post(self, invoices):
        if invoices:
            moves = self.env["account.move"].create([self._invoice_values(invoice) for invoice in invoices])
            moves.action_post()
            self.moves.update(zip((invoice.number for invoice in invoices), moves, strict=True))
        return len(invoices)

    def _invoice_values(self, invoice):
        line = {
            "name": "Goods",
            "quantity": 1,
            "price_unit": float(invoice.amount),
            "account_id": self.sales.default_account_id.id,
            "tax_ids": [],
        }
        customer = self.customers[invoice.customer]
        return {
            "move_type": "out_invoice",
            "name": invoice.number,
            "journal_id": self.sales.id,
            "partner_id": customer.id,
            "partner_shipping_id": customer.id,
            "fiscal_position_id": False,
            "invoice_date": invoice.invoiced,
            "date": invoice.invoiced,
            "invoice_date_due": invoice.due,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [Command.create(line)],
        }

    def _pay(self, invoices):
        """Book a bank transaction for each invoice and reconcile it with it."""
        if not invoices:
            return 0
        owed = [_receivable(self.moves[invoice.number]) for invoice in invoices]
        transactions = self.env["account.bank.statement.line"].create(
            [
                {
                    "journal_id": self.bank.id,
                    "date": invoice.settled,
                    "payment_ref": invoice.number,
                    "partner_id": self.customers[invoice.customer].id,
                    "amount": float(invoice.amount),
                    "counterpart_account_id": line.account_id.id,
                }
                for invoice, line in zip(invoices, owed, strict=True)
            ]
        )
        received = map(_receivable, transactions.move_id)
        self.env["account.move.line"]._reconcile_plan([a | b for a, b in zip(owed, received, strict=True)])
        return len(invoices)

    def figures(self, day):
        """Return what the books say at the end of a day that was the last to be lived."""
        self.env.flush_all()
        lines = self.env["account.move.line"].search_fetch(
            [
                ("company_id", "=", self.company.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ],
            ["amount_residual", "date_maturity"],
        )
        by_age = {name: 0.0 for name, _first, _last in AGES}
        for line in lines:
            by_age[_age((day - line.date_maturity).days)] += line.amount_residual
        return {
            "as_of": day.isoformat(),
            "customers": len(self.customers),
            "invoices": len(self.moves),
            "open_invoices": len(lines),
            "open_amount": round(sum(lines.mapped("amount_residual")), 2),
            **{name: round(amount, 2) for name, amount in by_age.items()},
        }


def _host(code, place):
    """Return the first part of a customer's domain; its place keeps two codes apart that look alike in one."""
    name = re.sub(r"[^a-z0-9]+", "-", code.lower())[:40].strip("-")
    return f"{name}-{place}" if name else f"customer-{place}"


def _receivable(move):
    return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable")


def _age(days):
    return next(name for name, _first, last in AGES if last is None or days <= last)
