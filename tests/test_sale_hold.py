"""Sales see how a customer stands, and confirm nothing for who is on hold without a release (recobro_module_sale)."""

from unittest import SkipTest

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from reading import Screen

from .common import MONDAY
from .test_standing import THE_DAY, StandingCase

SELLER = "sales_team.group_sale_salesman"
SELLER_OF_ALL = "sales_team.group_sale_salesman_all_leads"
MANAGER = "recobro_module.group_recobro_manager"
COLLECTOR = "recobro_module.group_recobro_user"


class SaleCase(StandingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "recobro.sale.release" not in cls.env:
            raise SkipTest("needs recobro_module_sale")
        cls.env.user.group_ids += cls.env.ref("sales_team.group_sale_manager")
        cls.seller = cls.create_user("seller", SELLER)
        cls.product = cls.env["product.product"].create({"name": "Hammer", "list_price": 10})
        cls.order = cls.create_order(cls.customer)

    @classmethod
    def create_order(cls, customer, **values):
        """A quotation of one line, by the seller."""
        line = Command.create({"product_id": cls.product.id, "product_uom_qty": 1, "price_unit": 10, "tax_ids": []})
        return cls.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "user_id": cls.seller.id,
                "order_line": [line],
                **values,
            }
        )

    def ordered(self, user=None, day=THE_DAY, order=None):
        """The quotation as a user has it before them."""
        return self.seen(order or self.order, day, user or self.seller)


class TestConfirming(SaleCase):
    def test_an_order_of_a_customer_who_is_only_late_or_announced_is_confirmed(self):
        self.run_day(MONDAY)
        self.approve()
        self.ordered(day=MONDAY).action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_who_sells_confirms_nothing_for_a_customer_on_hold(self):
        self.in_force()
        for user in (self.seller, self.create_user("collector", f"{SELLER_OF_ALL},{COLLECTOR}")):
            for context in ({}, {"recobro_release_reason": "I may not"}):
                with self.assertRaises(AccessError):
                    self.ordered(user).with_context(**context).action_confirm()
        self.assertEqual(self.order.state, "draft")

    def test_a_contact_of_the_customer_or_a_delivery_address_is_no_way_around(self):
        self.in_force()
        order = self.create_order(self.create_contact(self.customer, "Anna"))
        with self.assertRaises(AccessError):
            self.ordered(order=order).action_confirm()

    def test_a_manager_confirms_it_with_a_reason_that_is_logged(self):
        self.in_force()
        manager = self.create_user("manager", f"{SELLER_OF_ALL},{MANAGER}")
        action = self.ordered(manager).action_confirm()
        self.assertEqual((action["res_model"], self.order.state), ("recobro.sale.release", "draft"))
        dialog = Form(self.env(user=manager)[action["res_model"]].with_context(**action["context"]))
        dialog.reason = "Paid in advance"
        dialog.save().action_confirm()
        self.assertEqual(self.order.state, "sale")
        line = self.case_of(self.customer).interaction_ids[:1]
        self.assertEqual((line.note, line.user_id, line.channel), ("Paid in advance", manager, "note"))
        self.assertIn(self.order.name, line.summary)
        self.assertIn("Paid in advance", "".join(self.order.message_ids.mapped("body")))
        self.assertEqual(self.suspension().state, "in_force", "the customer stays on hold")

    def test_what_was_paid_a_moment_ago_needs_no_release(self):
        self.in_force()
        self.pay_invoice(self.invoice, day=THE_DAY)
        self.ordered().action_confirm()
        self.assertEqual((self.order.state, self.suspension().state), ("sale", "lifted"))

    def test_lifted_the_order_is_confirmed(self):
        self.in_force()._lift("Agreed")
        self.ordered().action_confirm()
        self.assertEqual(self.order.state, "sale")

    def test_what_the_customer_signs_or_pays_online_is_kept_and_waits_for_a_person(self):
        self.in_force()
        for user in (self.env.ref("base.public_user"), self.env.ref("base.user_root")):
            self.ordered(user).sudo().action_confirm()
            self.assertEqual(self.order.state, "draft")
        activity = self.order.activity_ids[:1]
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("on hold", activity.note)

    def test_orders_of_others_are_confirmed_beside_it(self):
        self.in_force()
        free = self.create_order(self.create_customer("Calm"))
        self.ordered(self.env.ref("base.user_root"), order=self.order + free).action_confirm()
        self.assertEqual((self.order.state, free.state), ("draft", "sale"))

    def test_on_hold_in_one_company_another_sells_on(self):
        self.in_force()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += elsewhere
        seller = self.create_user("elsewhere", SELLER, elsewhere)
        self.order.sudo().copy({"company_id": elsewhere.id, "user_id": seller.id, "order_line": False})
        order = self.env["sale.order"].search([("company_id", "=", elsewhere.id)])
        order.with_user(seller).with_context(allowed_company_ids=elsewhere.ids).action_confirm()
        self.assertEqual(order.state, "sale")


class TestWhatIsShown(SaleCase):
    def test_an_order_shows_how_its_customer_stands_whoever_sells_to_it(self):
        self.in_force()
        self.customer.user_id = self.create_user("other", SELLER)
        order = self.ordered()
        self.assertEqual(order.recobro_badge, "on_hold")
        self.assertIn("On hold since", order.recobro_banner)
        fresh = self.env["sale.order"].with_env(order.env).new({"partner_id": self.customer.id})
        self.assertIn("On hold since", fresh.recobro_banner)

    def test_the_filter_finds_the_orders_of_customers_to_be_careful_with(self):
        self.in_force()
        free = self.create_order(self.create_customer("Calm"))
        orders = self.seen(self.env["sale.order"], THE_DAY)
        ours = [("id", "in", (self.order + free).ids)]
        self.assertEqual(orders.search([*ours, ("recobro_badge", "!=", False)]).ids, self.order.ids)
        self.assertEqual(orders.search([*ours, ("recobro_badge", "=", False)]).ids, free.ids)

    def test_a_list_of_orders_takes_as_many_statements_for_many_customers_as_for_a_few(self):
        self.in_force()
        many = self.env["sale.order"].union(*(self.create_order(self.create_customer(f"C{i}")) for i in range(20)))
        counts = []
        for number in (20, 2, 20):  # the first reads what is read only once
            orders = self.seen(many, THE_DAY)[:number]
            before = self.env.cr.sql_log_count
            orders.read(["recobro_badge"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    def test_odoo_alone_tells_that_the_credit_limit_is_exceeded(self):
        self.run_day(MONDAY)
        self.company.account_use_credit_limit = True
        self.customer.with_company(self.company).credit_limit = 1000
        order = self.ordered(day=MONDAY)
        self.assertIn("credit limit", order.partner_credit_warning)
        self.assertNotIn("credit limit", order.recobro_banner)


class TestWhoSells(SaleCase):
    """Who sells sees the case, adds to its log, and changes nothing else."""

    def setUp(self):
        super().setUp()
        self.in_force()
        self.case = self.case_of(self.customer)

    def test_they_open_the_case_of_their_customers_and_of_nobodys(self):
        other = self.create_user("other", SELLER)
        of_all = self.create_user("of_all", SELLER_OF_ALL)
        for salesperson, may in ((self.env["res.users"], True), (self.seller, True), (other, False)):
            self.customer.user_id = salesperson
            self.assertEqual(self.seen(self.case, THE_DAY, self.seller).has_access("read"), may)
            self.assertTrue(self.seen(self.case, THE_DAY, of_all).has_access("read"))
        for user, salesperson in ((of_all, other), (self.seller, self.seller), (self.seller, self.env["res.users"])):
            self.customer.user_id = salesperson
            action = self.ordered(user).action_recobro_case()
            self.assertEqual((action["res_model"], action["res_id"]), ("recobro.case", self.case.id))
        self.customer.user_id = other
        with self.assertRaises(UserError):
            self.ordered().action_recobro_case()

    def test_the_whole_form_of_the_case_opens(self):
        for user in (self.seller, self.create_user("of_all", SELLER_OF_ALL)):
            case = self.seen(self.case, THE_DAY, user)
            Form(case)
            [read] = Screen(case.env["recobro.case"], "form").open(case.id)
            self.assertTrue(read["open_item_ids"] and read["interaction_ids"] and read["action_ids"])

    def test_they_add_to_its_log(self):
        case = self.seen(self.case, THE_DAY, self.seller)
        action = case.action_note()
        form = Form(case.env[action["res_model"]].with_context(**action["context"]))
        form.note = "They told me they pay on Friday"
        form.save().action_log()
        line = self.case.interaction_ids[:1]
        self.assertEqual((line.note, line.user_id), ("They told me they pay on Friday", self.seller))

    def test_they_change_nothing_else(self):
        case = self.seen(self.case, THE_DAY, self.seller)
        for model in (
            "case",
            "interaction",
            "action",
            "hold",
            "promise",
            "suspension",
            "open.item",
            "item",
            "action.line",
        ):
            records = case.env[f"recobro.{model}"]
            self.assertTrue(records.has_access("read"), model)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(records.has_access(operation), f"{operation} {model}")
        for attempt in (
            lambda: case.write({"user_id": self.seller.id}),
            lambda: case.message_post(body="Pay!", message_type="comment", partner_ids=self.customer.ids),
            case.action_ids.action_cancel,
            lambda: case.suspension_id._lift("Let them"),
            lambda: case._propose_suspension(case.env["recobro.item"], 7, "Why"),
            lambda: case.env["recobro.interaction.log"].create({"case_id": case.id}),
        ):
            with self.assertRaises(AccessError):
                attempt()

    def test_of_the_customers_of_others_they_see_nothing_and_log_nothing(self):
        self.customer.user_id = self.create_user("other", SELLER)
        env = self.seen(self.env["recobro.case"], THE_DAY, self.seller).env
        for model in ("case", "interaction", "action", "hold", "promise", "suspension", "open.item"):
            self.assertFalse(env[f"recobro.{model}"].search([("partner_id", "=", self.customer.id)]), model)
        with self.assertRaises(AccessError):
            env["recobro.interaction.note"].create({"case_id": self.case.id, "note": "Hello"}).action_log()

    def test_collections_and_accounting_see_all_as_before_also_if_they_sell(self):
        self.customer.user_id = self.create_user("other", SELLER)
        for groups in (COLLECTOR, "account.group_account_invoice", "account.group_account_readonly"):
            for more in ("", f",{SELLER}"):
                user = self.create_user(f"{groups[-9:]}{bool(more)}", groups + more)
                for model in ("case", "interaction", "open.item"):
                    found = self.seen(self.env[f"recobro.{model}"], THE_DAY, user)
                    self.assertTrue(found.search([("partner_id", "=", self.customer.id)]), f"{groups} {model}")
