"""Placements in two companies with currencies of their own: each is reckoned, paid and billed in its own."""

from odoo import Command
from odoo.tests import tagged

from odoo.addons.recobro_module.engine import snapshot
from odoo.addons.recobro_module.engine.placements import placing

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day


@tagged("post_install", "-at_install", "standard")
class TestTwoCompanies(PlacementCase):
    """We reckon in dollars, the other company in euros, of which a dollar buys two; one firm collects for both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.company.currency_id
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        cls.other_data = cls.setup_other_company(name="Other seller")
        cls.other = cls.other_data["company"]
        cls.other.write({"currency_id": cls.euro.id})
        cls.other.partner_id.tz = "UTC"
        cls.env["res.currency.rate"].create(
            {"name": "2020-01-01", "currency_id": cls.dollar.id, "company_id": cls.other.id, "rate": 0.5}
        )
        cls.policy.copy({"name": "Other policy", "company_id": cls.other.id}).sudo().is_on = True
        cls.their_agency = cls.create_agency("Theirs", [(0, False, 0.25)], company=cls.other, fixed_cost=30)
        cls.their_agency.partner_id = cls.agency.partner_id

    def setUp(self):
        super().setUp()
        theirs = self.in_other()
        self.in_euros = theirs.create_invoice(self.customer, 300, day(-20))
        self.in_dollars = theirs.create_invoice(self.customer, 100, day(-10), currency_id=self.dollar.id)
        self.settle_other(MONDAY)

    def in_other(self):
        """This class, with the other company as the active one when it makes an entry."""
        env = self.env(context={**self.env.context, "allowed_company_ids": self.other.ids})
        return type("InOther", (type(self),), {"env": env, "company_data": self.other_data})

    def settle_other(self, when):
        """Live what the one-minute job does for the customer in the other company."""
        snapshot.take(self.env_on(when), self.other, when, self.customer.ids)
        self.env.invalidate_all()

    def place_in_other(self, when=MONDAY):
        """All that the customer owes the other company, in the hands of its agency."""
        env = self.env_on(when)
        case = env["recobro.case"].sudo()._open_for(self.customer, self.other)
        items = env["recobro.item"].concat(*placing.placeable(case, when))
        record = placing.place(case, self.their_agency, items, when)
        self.env.invalidate_all()
        return record

    def test_each_reckons_in_its_own_currency_what_it_handed_over(self):
        ours, theirs = self.place(), self.place_in_other()
        self.assertEqual((ours.currency_id, ours.amount), (self.dollar, 1500))
        self.assertEqual((theirs.currency_id, theirs.amount), (self.euro, 300 + 200))
        self.assertEqual(
            {line.currency_id: line.amount for line in theirs.line_ids}, {self.euro: 300, self.dollar: 100}
        )

    def test_what_is_paid_to_one_company_is_no_success_of_the_others_agency(self):
        ours, theirs = self.place(), self.place_in_other()
        self.in_other().pay_invoice(self.in_dollars, day=day(3))
        self.judge(day(4))
        self.settle_other(day(4))
        self.assertEqual((theirs.amount_collected, theirs.fee, theirs.amount_net), (200, 50, 120))
        self.assertEqual((ours.amount_collected, ours.fee), (0, 0))
        self.pay(400, day(5), self.overdue)
        self.judge(day(6))
        self.settle_other(day(6))
        self.assertEqual((ours.amount_collected, ours.fee, ours.amount_net), (400, 40, 310))
        self.assertEqual(theirs.amount_collected, 200)

    def test_the_firm_gets_a_bill_of_each_company_in_its_currency(self):
        ours, theirs = self.place(), self.place_in_other()
        self.in_other().pay_invoice(self.in_dollars, day=day(3))
        self.pay(400, day(3), self.overdue)
        self.judge(day(4))
        self.settle_other(day(4))
        self.manager.company_ids = [Command.link(self.other.id)]
        env = self.as_user(self.manager, day(5))
        env = env(context={**env.context, "allowed_company_ids": (self.company | self.other).ids})
        (ours | theirs).with_env(env).action_bill()
        self.env.invalidate_all()
        for placement, company, amount in ((ours, self.company, 90), (theirs, self.other, 80)):
            bill = placement.bill_ids.move_id
            self.assertEqual((bill.company_id, bill.currency_id), (company, company.currency_id))
            self.assertEqual((bill.amount_untaxed, placement.to_bill), (amount, 0))
            self.assertEqual(bill.partner_id, self.agency.partner_id)

    def test_a_debt_is_worth_what_the_books_said_when_it_was_made_whatever_the_rate_of_the_payment(self):
        """More than a whole debt is never collected: the gain on the exchange is not the agency's success."""
        invoice = self.create_invoice(self.customer, 100, day(-5), currency_id=self.euro.id)
        placement = self.place(invoice)
        self.assertEqual(placement.amount, 50)
        self.env["res.currency.rate"].create(
            {"name": day(1), "currency_id": self.euro.id, "company_id": self.company.id, "rate": 1.0}
        )
        self.pay_invoice(invoice, day=day(2))
        self.judge(day(3))
        self.assertEqual((placement.line_ids.collected, placement.amount_collected, placement.fee), (100, 50, 5))
        self.assertEqual((placement.recovery_rate, placement.state), (1, "finished"))
