"""In the browser: a salesperson meets the hold, and a collections manager releases an order."""

from unittest import SkipTest

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import suspension_proposals

from .common import RecobroBrowserCase


class TestSaleTour(RecobroBrowserCase):
    """A customer who has been on hold since today, for an invoice of 1,250."""

    def setUp(self):
        super().setUp()
        if "recobro.sale.release" not in self.env:
            raise SkipTest("needs recobro_module_sale")
        self.env.user.group_ids += self.env.ref("sales_team.group_sale_manager")
        today = fields.Date.context_today(self.env.user)
        self.customer = self.create_customer("Ferreteria Roca")
        invoice = self.create_invoice(self.customer, 1250, fields.Date.subtract(today, days=40))
        self.case = self.env["recobro.case"]._open_for(self.customer, self.company)
        self.put_on_ladder(invoice, 0)
        self.refresh(self.customer, today)
        suspension = suspension_proposals.propose_by_hand(self.case.sudo(), self.items_of(invoice).sudo(), 7, "Why")
        suspension._update_state(("proposed",), "in_force", day=today, in_force_on=today)
        suspension.action_id._set_approved(today)
        suspension.action_id._set_done(today)
        product = self.env["product.product"].create({"name": "Hammer"})
        line = Command.create({"product_id": product.id, "price_unit": 10, "tax_ids": []})
        self.order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "order_line": [line]}
        )

    def login(self, name, groups):
        """A user of the company, of some groups."""
        company = self.env.company
        values = {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        return new_test_user(self.env, name, f"base.group_user,{groups}", **values)

    def test_a_salesperson_meets_the_hold_and_adds_to_the_log(self):
        self.order.user_id = self.login("tour_seller", "sales_team.group_sale_salesman")
        self.start_tour(f"/odoo/sales/{self.order.id}", "recobro_sale_on_hold", login="tour_seller")
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(self.case.interaction_ids.mapped("note"), ["They pay on Friday"])

    def test_a_manager_releases_an_order(self):
        self.login("tour_manager", "sales_team.group_sale_salesman_all_leads,recobro_module.group_recobro_manager")
        self.start_tour(f"/odoo/sales/{self.order.id}", "recobro_sale_release", login="tour_manager")
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.case.interaction_ids[:1].note, "Paid in advance")
