"""Two tabs of a customer press "Pay" at the same instant: with real transactions, as two workers answer them."""

import uuid
from datetime import timedelta

from odoo import SUPERUSER_ID, Command, api, fields

from odoo.addons.recobro_module.engine.portal import portal_begun
from odoo.addons.recobro_module.engine.portal.portal_access import Access
from odoo.addons.recobro_module.engine.portal.portal_refusal import Refused

from .frames import AtOnceCase


class TestTwoTabsPayAtOnce(AtOnceCase):
    def test_one_payment_begins_and_the_other_tab_is_told_of_it(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self.access(one, "Two"), self.access(two, "Two")
            self.assertEqual(self.pay(first), 100)
            one.commit()
            self.begins_anew(two, lambda: self.pay(second))
            second.env.invalidate_all(flush=False)
            with self.assertRaisesRegex(Refused, "You began a payment of"):
                self.pay(second)
            two.rollback()
        with self.registry.cursor() as cr:
            self.assertEqual(len(self.transactions(cr)), 1)

    def test_the_other_tab_begins_when_the_first_one_came_to_nothing(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self.access(one, "Two"), self.access(two, "Two")
            self.pay(first)
            one.rollback()
            self.assertEqual(self.pay(second), 100)
            two.rollback()

    def test_another_customer_who_pays_at_the_same_instant_waits_for_nobody(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self.access(one, "Two"), self.access(two, "Neighbour")
            self.assertEqual((self.pay(first), self.pay(second)), (100, 100))
            one.rollback()
            two.rollback()

    # -------------------------------------------------------------------------
    # WHAT A TAB DOES
    # -------------------------------------------------------------------------

    def access(self, cr, name):
        """What the link of a customer opens, seen from a transaction that has begun to read."""
        env = api.Environment(cr, SUPERUSER_ID, {"allowed_company_ids": [self.made["company"]]})
        company, partner = env["res.company"].browse(self.made["company"]), env["res.partner"].browse(self.made[name])
        self.assertEqual(partner.name, name)
        return Access(company, partner, partner, "token")

    @staticmethod
    def pay(access):
        """Begin the payment of all that is due, as the route does; return its amount."""
        bill = portal_begun.begin(access, [])
        access.env["payment.transaction"].create(
            {
                "provider_id": access.env.ref("payment.payment_provider_demo").id,
                "payment_method_id": access.env.ref("payment.payment_method_card").id,
                "reference": f"two tabs {uuid.uuid4().hex[:8]}",
                "amount": bill.amount,
                "currency_id": bill.currency.id,
                "partner_id": access.contact.id,
                "invoice_ids": [Command.set(bill.moves.ids)],
            }
        )
        access.env.flush_all()
        return bill.amount

    # -------------------------------------------------------------------------
    # WHAT IS COMMITTED
    # -------------------------------------------------------------------------

    def transactions(self, cr):
        """The payments of both customers."""
        env = api.Environment(cr, SUPERUSER_ID, {})
        return env["payment.transaction"].search(
            [("partner_id", "in", [self.made["Two"], self.made["Neighbour"]]), ("reference", "like", "two tabs")]
        )

    def make(self, env):
        """A company with two customers who owe it 100 each, committed."""
        company = self.make_company(env, "Paid at once")
        env = env(context={"allowed_company_ids": company.ids, "tracking_disable": True})
        made = {"company": company.id}
        today = fields.Date.today()
        for name in ("Two", "Neighbour"):
            partner = env["res.partner"].create({"name": name, "is_company": True})
            line = Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})
            days = {
                "invoice_date": today - timedelta(days=40),
                "invoice_date_due": today - timedelta(days=10),
                "invoice_payment_term_id": False,
            }
            env["account.move"].create(
                {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line], **days}
            ).action_post()
            made[name] = partner.id
        return made

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            self.transactions(cr).unlink()
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["res.company"].browse(self.made["company"]).recobro_stopped = True
            env["recobro.mark"].search([("partner_id", "in", [self.made["Two"], self.made["Neighbour"]])]).unlink()
