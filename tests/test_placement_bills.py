"""What is due to agencies and lawyers: drafted once, corrected when money goes back, and posted by accountants."""

from odoo.exceptions import AccessError, UserError

from .common import MONDAY
from .placement_case import PlacementCase
from .test_promises import day


class TestBills(PlacementCase):
    def bill(self, placements, when=None):
        """The draft bills a manager makes of some placements."""
        before = self.env["account.move"].search([("move_type", "=", "in_invoice")])
        self.seen_by(self.manager, placements, when or day(5)).action_bill()
        self.env.invalidate_all()
        return self.env["account.move"].search([("move_type", "=", "in_invoice")]) - before

    def collected(self):
        """A placement with 300 collected: 30 of fee and 50 of cost."""
        placement = self.place()
        self.pay(300, day(3), self.overdue)
        self.judge(day(4))
        return placement

    def test_the_fee_and_the_cost_are_drafted_once(self):
        placement = self.collected()
        self.assertEqual(placement.to_bill, 80)
        bill = self.bill(placement)
        self.assertEqual((bill.state, bill.partner_id, bill.move_type), ("draft", self.agency.partner_id, "in_invoice"))
        self.assertEqual(bill.company_id, self.company)
        self.assertEqual(sorted(bill.invoice_line_ids.mapped("price_unit")), [30, 50])
        self.assertIn(placement.name, bill.invoice_origin)
        self.assertEqual((placement.to_bill, placement.bill_count), (0, 1))
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self.bill(placement)
        self.pay(100, day(6), self.overdue)
        self.judge(day(6))
        self.assertEqual(self.bill(placement, day(6)).invoice_line_ids.mapped("price_unit"), [10])

    def test_the_lines_have_the_product_of_the_agency(self):
        self.agency.product_id = self.env["product.product"].create({"name": "Collecting", "type": "service"})
        self.assertEqual(self.bill(self.collected()).invoice_line_ids.product_id, self.agency.product_id)

    def test_one_that_is_cancelled_or_deleted_bills_nothing(self):
        placement = self.collected()
        bill = self.bill(placement)
        bill.button_cancel()
        self.env.invalidate_all()
        self.assertEqual(placement.to_bill, 80)
        bill = self.bill(placement)
        bill.unlink()
        self.env.invalidate_all()
        self.assertEqual((placement.to_bill, placement.bill_count), (80, 0))

    def test_a_fee_for_money_that_went_back_is_off_the_next_bill(self):
        placement = self.place()
        payment = self.pay(300, day(3), self.overdue)
        self.judge(day(3))
        self.bill(placement)
        self.undo(payment)
        self.judge(day(5))
        self.assertEqual(placement.to_bill, -30)
        with self.assertRaisesRegex(UserError, "Nothing is due"):
            self.bill(placement)
        self.pay(500, day(6), self.old)
        self.judge(day(6))
        self.assertEqual(self.bill(placement, day(6)).amount_untaxed, 70)

    def test_an_agency_has_one_bill_for_all_its_cases(self):
        first = self.collected()
        other = self.create_customer("Another")
        invoice = self.create_invoice(other, 100, day(-5))
        case = self.env_on(MONDAY)["recobro.case"]._open_for(other, self.company)
        dialog = self.env_on(MONDAY)["recobro.placement.place"].create(
            {"case_id": case.id, "agency_id": self.lawyer.id, "item_ids": [(6, 0, self.item(invoice).ids)]}
        )
        dialog.action_place()
        second = case.placement_id
        self.pay_invoice(invoice, day=day(2))
        self.refresh(other, day(4))
        self.env.invalidate_all()
        bills = self.bill(first | second)
        self.assertEqual(
            {bill.partner_id: bill.amount_untaxed for bill in bills},
            {
                self.agency.partner_id: 80,
                self.lawyer.partner_id: 30,
            },
        )

    def test_who_hands_cases_over_need_not_be_an_accountant_and_nobody_else_bills(self):
        placement = self.collected()
        for user in (self.collector, self.accountant):
            with self.assertRaises(AccessError):
                self.seen_by(user, placement).action_bill()
        answer = self.seen_by(self.manager, placement).action_bill()
        self.assertEqual(answer["tag"], "display_notification")

    def test_nothing_is_due_for_a_proposal(self):
        env = self.as_user(self.collector)
        env["recobro.placement.place"].create({"case_id": self.case.id, "agency_id": self.agency.id}).action_propose()
        self.env.invalidate_all()
        proposed = self.case.placement_id
        self.assertEqual((proposed.state, proposed.to_bill), ("proposed", 0))
