"""What the tests share: one company with its books, short ways to invoice, to pay, and to live a day."""

from datetime import date, timedelta

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.mail.tests.common import MailCase
from odoo.addons.recobro_module.engine import run, snapshot, verdicts
from odoo.addons.recobro_module.engine.clock import lived
from odoo.addons.recobro_module.engine.portal import portal_limits

#: A Monday, with no holiday in the two weeks around it.
MONDAY = date(2026, 3, 2)


@tagged("post_install", "-at_install", "standard")
class RecobroCase(AccountTestInvoicingCommon, MailCase):
    """A company of its own with the generic chart of accounts, in US dollars, and the shipped policy switched on.

    A test class outside ``odoo.addons`` must carry tags or it can't be collected: it gets them by inheriting from here.
    """

    chart_template = "generic_coa"
    country_code = "US"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("recobro_module.group_recobro_manager")
        cls.company = cls.env.company
        cls.company.partner_id.tz = "UTC"
        cls.company.partner_id.email = "billing@seller.example"
        # Only the customers of a test are in play: whatever else is in the database has no policy.
        cls.policy = cls.env.ref("recobro_module.policy_default").copy(
            {"name": "Test policy", "company_id": cls.company.id, "sequence": 1}
        )
        # Instalments have a ladder of their own: tests of payment plans add it again
        cls.policy.level_ids.filtered(lambda level: level.subject == "instalment").unlink()
        cls.policy.sudo().is_on = True
        cls.treasury = cls.env.ref("recobro_module.role_treasury")
        cls.decision_maker = cls.env.ref("recobro_module.role_decision_maker")

    # -------------------------------------------------------------------------
    # MAKING A LEDGER
    # -------------------------------------------------------------------------

    @classmethod
    def create_customer(cls, name="Customer", **values):
        """A company to sell to, with an address to write to."""
        email = f"{name.lower().replace(' ', '.')}@customer.example"
        return cls.env["res.partner"].create({"name": name, "is_company": True, "email": email, **values})

    @classmethod
    def create_contact(cls, customer, name, roles=None, **values):
        """A person of the customer, with roles and an address of their own."""
        email = f"{name.lower().replace(' ', '.')}@customer.example"
        return cls.env["res.partner"].create(
            {
                "name": name,
                "parent_id": customer.id,
                "type": "contact",
                "email": email,
                "recobro_role_ids": [Command.set(roles.ids if roles else [])],
                **values,
            }
        )

    @classmethod
    def create_invoice(cls, customer, amount, due, invoiced=None, post=True, **values):
        """One posted invoice without tax, due on ``due`` and dated ``invoiced`` (30 days before unless given)."""
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": amount, "tax_ids": []})
        invoice = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": invoiced or due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [line],
                **values,
            }
        )
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def create_credit_note(cls, customer, amount, day):
        """A posted credit note, not matched with any invoice."""
        return cls.create_invoice(customer, amount, day, day, move_type="out_refund")

    @classmethod
    def create_instalments(cls, customer, amount, invoiced, days):
        """A posted invoice in equal instalments, due so many ``days`` after it."""
        term = cls.env["account.payment.term"].create(
            {
                "name": "Instalments",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": share, "nb_days": number})
                    for number, share in zip(days, cls._shares(len(days)), strict=True)
                ],
            }
        )
        return cls.create_invoice(
            customer, amount, invoiced, invoiced, invoice_payment_term_id=term.id, invoice_date_due=False
        )

    @staticmethod
    def _shares(number):
        """Percentages that add up to a hundred exactly."""
        share = round(100 / number, 2)
        return [*[share] * (number - 1), round(100 - share * (number - 1), 2)]

    @classmethod
    def pay_invoice(cls, invoice, amount=None, day=None):
        """Register a payment on the invoice: all that is open unless ``amount`` is given. It has a journal entry."""
        values = {"amount": amount or invoice.amount_residual, "payment_date": day or invoice.invoice_date}
        wizard = cls.env["account.payment.register"].with_context(active_model="account.move", active_ids=invoice.ids)
        method = cls.company_data["default_journal_bank"].inbound_payment_method_line_ids[:1]
        method.payment_account_id = cls.company_data["default_journal_bank"].default_account_id
        return wizard.create({**values, "payment_method_line_id": method.id})._create_payments()

    @classmethod
    def receive_in_bank(cls, customer, amount, day, **values):
        """A bank transaction of the customer that nobody has reconciled yet."""
        return cls.env["account.bank.statement.line"].create(
            {
                "journal_id": cls.company_data["default_journal_bank"].id,
                "partner_id": customer.id,
                "amount": amount,
                "date": day,
                "payment_ref": "transfer",
                **values,
            }
        )

    @classmethod
    def put_on_ladder(cls, invoice, delay):
        """Put an invoice on the ladder at the level with this delay, as if it had climbed there in time."""
        level = cls.policy.level_ids.filtered(lambda level: level.delay_days == delay)
        for line in invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable"):
            cls.env["recobro.item"].sudo().create(
                {
                    "name": invoice.name,
                    "company_id": cls.company.id,
                    "partner_id": invoice.commercial_partner_id.id,
                    "res_id": line.id,
                    "move_id": invoice.id,
                    "due_date": line.date_maturity,
                    "first_seen": invoice.invoice_date,
                    "currency_id": line.currency_id.id,
                    "delay_days": delay,
                    "level_sequence": level.sequence,
                    "level_id": level.id,
                    "level_date": line.date_maturity + timedelta(days=delay),
                }
            )

    # -------------------------------------------------------------------------
    # LIVING A DAY
    # -------------------------------------------------------------------------

    def env_on(self, day):
        """The environment of somebody who lives on ``day``."""
        return self.env(context={**self.env.context, "recobro_as_of": lived(day)})

    def run_day(self, day, send=True, company=None):
        """Live ``day`` as the daily job does, and let the mail queue send unless told not to; return the run."""
        env = self.env_on(day)
        with self.mock_mail_gateway():
            record = run.live(env, company or self.company, day)
            self.assertFalse(record.error, "a figure of the day failed")
            if send:
                self.send_queue(day)
        self.env.invalidate_all()
        return record

    def run_days(self, first, last):
        """Live each day from ``first`` to ``last``."""
        while first <= last:
            self.run_day(first)
            first += timedelta(days=1)

    def send_queue(self, day):
        """Send what collections queued and is due, as the mail queue does; call it inside a mocked gateway."""
        mails = self.env_on(day)["mail.mail"].search([("state", "=", "outgoing"), ("recobro_action_id", "!=", False)])
        mails.send()
        return mails

    def refresh(self, customer, day):
        """Refresh the customer's case, as the one-minute job does."""
        snapshot.take(self.env_on(day), self.company, day, customer.ids)

    # -------------------------------------------------------------------------
    # LOOKING AT WHAT CAME OF IT
    # -------------------------------------------------------------------------

    def case_of(self, customer, state="open"):
        """The case of the customer in the company of the test."""
        return self.env["recobro.case"].search(
            [("partner_id", "=", customer.id), ("company_id", "=", self.company.id), ("state", "=", state)]
        )

    def messages_to(self, customer, *states):
        """The messages planned or sent to the customer, oldest first (those that went out unless told otherwise)."""
        return self.env["recobro.action"].search(
            [("partner_id", "=", customer.id), ("kind", "=", "message"), ("state", "in", states or ("done",))],
            order="id",
        )

    def tasks_of(self, customer, *states):
        """The tasks planned for the customer, oldest first."""
        return self.env["recobro.action"].search(
            [("partner_id", "=", customer.id), ("kind", "=", "task"), ("state", "in", states or ("planned",))],
            order="id",
        )

    def reasons_of(self, customer):
        """Why the customer was left out, oldest first."""
        left_out = self.env["recobro.action"].search(
            [("partner_id", "=", customer.id), ("state", "=", "skipped")], order="id"
        )
        return left_out.mapped("reason")

    def items_of(self, move):
        """The items under collection of an invoice, by instalment."""
        return self.env["recobro.item"].search([("move_id", "=", move.id)], order="instalment, id")

    def levels_of(self, move):
        """The levels that the items of an invoice got, in order, as days from the due date."""
        lines = self.env["recobro.action.line"].search(
            [("item_id", "in", self.items_of(move).ids), ("state", "in", ("done", "missed"))], order="id"
        )
        return (
            lines.level_id.mapped("delay_days")
            if len(lines) == len(lines.level_id)
            else [line.level_id.delay_days for line in lines]
        )

    def chased(self, customer, day):
        """How much of the customer's account may be asked for on ``day``, in company currency."""
        rows = verdicts.judge(self.env_on(day), self.company, day, customer.ids)
        return float(sum(row["chased_company"] for row in rows))


@tagged("post_install", "-at_install", "standard")
class RecobroBrowserCase(RecobroCase, HttpCase):
    """The same company, with a web server and a browser for tours."""

    def setUp(self):
        super().setUp()
        portal_limits.forget()  # all tests come from one address

    def create_desk_user(self, login, group, **values):
        """Return an employee of the company with one more group, who logs in with the login as password."""
        company = self.env.company
        companies = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        return new_test_user(self.env, login=login, groups=f"base.group_user,{group}", **companies, **values)

    def start_tour(self, url_path, tour_name, **kwargs):
        """Run a tour; a page that did not come up at all, before the first step, is opened once more."""
        try:
            return super().start_tour(url_path, tour_name, **kwargs)
        except TimeoutError:  # a tour that fails raises something else
            return super().start_tour(url_path, tour_name, **kwargs)
        except AssertionError as error:
            # Odoo's words for a page whose scripts a busy machine has not built in the minute that it waits
            if "was always falsy" not in str(error):
                raise
            return super().start_tour(url_path, tour_name, **kwargs)
