"""A whole story: four months of playbook B, with an agency between our own collecting and the lawyer."""

from odoo.exceptions import AccessError, UserError

from .playbook_case import PlaybookCase
from .test_promises import day


class TestFlowPlaybookB(PlaybookCase):
    """Day 7 is the due date of everything; days are those of the story."""

    playbook = "b"

    def test_120_days_from_the_first_notice_by_the_agency_to_the_lawyer(self):
        self.meet_the_customers()
        self.our_own_collecting()
        self.to_the_agency()
        self.with_the_agency()
        self.back_and_to_the_lawyer()
        self.the_end()

    def meet_the_customers(self):
        self.lived_before()
        self.five_customers()
        self.as_user(self.manager)["recobro.policy.simulate"].create({"policy_id": self.policy.id}).action_switch_on()

    def our_own_collecting(self):
        self.run_days(day(0), day(10))
        self.dispute_all_of(self.disputed, 10)
        self.run_days(day(11), day(14))
        self.log_calls(14)
        self.run_days(day(15), day(17))
        self.pay_on(17, self.late_invoice)
        self.run_days(day(18), day(28))
        call = self.tasks_of(self.big)
        self.assertEqual((call.channel, call.contact_id.name, call.level_id.delay_days), ("call", "Big Boss", 21))
        self.log(self.promiser, 28, "promised", promise_amount=3000, promise_date=day(45))
        self.log_calls(28)
        self.run_days(day(29), day(35))
        # The 26th day is a Saturday: the last notice goes out on Monday
        for customer in (self.disputer, self.big, self.small):
            self.assertEqual(self.mails(customer), [(2, -5), (7, 0), (10, 3), (22, 15), (35, 26)])
        self.assertEqual(self.mails(self.late), [(2, -5), (7, 0), (10, 3)])
        self.assertEqual(self.mails(self.promiser)[4:], [])
        notice = self.messages_to(self.big)[-1]
        self.assertIn("Before we involve others", notice.subject)
        self.assertIn("hand your account over to a collection agency", notice.message_id.body)
        self.assertEqual(notice.contact_id.name, "Big Boss")

    def to_the_agency(self):
        self.run_day(day(36))
        self.assertFalse(self.proposed("placement"))
        self.run_day(day(37))
        proposed = self.proposed("placement")
        self.assertEqual(
            self.asked(proposed),
            {"Disputer": [self.clear.name], "Big": [self.big_invoice.name], "Small": [self.small_invoice.name]},
            "neither what is disputed nor what is promised leaves us",
        )
        self.run_day(day(38))
        self.check_only_a_manager_decides(proposed, 38)
        with self.assertRaisesRegex(UserError, "choose whom"):
            self.decide(proposed, 38).action_approve()
        placed = self.hand_over(proposed, 38, self.agency)
        self.assertEqual(set(placed.mapped("until")), {day(68)}, "it has the thirty days of the playbook")
        self.assertEqual(
            {one.partner_id.name: one.amount for one in placed}, {"Disputer": 1200, "Big": 5000, "Small": 200}
        )
        self.run_day(day(39))
        self.assertEqual({self.stages()[one.partner_id.name] for one in placed}, {"agency"})

    def with_the_agency(self):
        self.run_days(day(40), day(45))
        placed = self.env["recobro.placement"].search([("partner_id", "=", self.disputer.id)])
        for user in (self.collector, self.accountant, self.employee):
            with self.assertRaises(AccessError):
                self.seen_by(user, placed, day(45)).action_end()
        env = self.as_user(self.manager, day(45))
        env["recobro.placement.end"].create({"placement_id": placed.id, "reason": "We talk to them"}).action_end()
        self.env.invalidate_all()
        self.assertEqual(placed.state, "recalled")
        self.run_days(day(46), day(50))
        self.pay_on(50, self.big_invoice, 2000)
        big = self.env["recobro.placement"].search([("partner_id", "=", self.big.id)])
        # 31 days late when it was handed over: 10 %, and 50 for the case
        self.assertEqual((big.amount_collected, big.fee, big.amount_net), (2000, 200, 1750))
        # The promise for Thursday the 45th is broken on the 50th: the last notice, and the agency on the next day
        self.run_day(day(51))
        self.assertEqual([level for _day, level in self.mails(self.promiser)[4:]], [26])
        self.run_days(day(52), day(53))
        proposed = self.proposed("placement")
        self.assertEqual(self.asked(proposed), {"Promiser": [self.promised.name]})
        self.hand_over(proposed, 53, self.agency)
        self.run_days(day(54), day(60))
        self.pay_on(60, self.promised)
        placed = self.env["recobro.placement"].search([("partner_id", "=", self.promiser.id)])
        self.assertEqual((placed.state, placed.fee, self.stages()["Promiser"]), ("finished", 300, "paid"))
        self.run_days(day(61), day(68))
        for customer in (self.big, self.small):
            self.assertEqual(self.mails(customer)[-1], (35, 26), "what is with the agency hears nothing from us")
        self.assertEqual(self.stages()["Big"], "agency")

    def back_and_to_the_lawyer(self):
        # Recalled, it was ours when the sixtieth day came: a Friday
        self.assertEqual(self.asked(self.proposed("legal")), {"Disputer": [self.clear.name]})
        self.run_day(day(69))
        self.assertEqual((self.stages()["Big"], self.stages()["Small"]), ("internal", "internal"))
        self.run_day(day(70))
        legal = self.proposed("legal")
        self.assertEqual(self.asked(legal), {"Disputer": [self.clear.name], "Big": [self.big_invoice.name]})
        self.assertIn("not_selected", self.reasons_of(self.small))
        self.check_only_a_manager_decides(legal, 71)
        placed = self.hand_over(legal, 71, self.lawyer)
        self.assertEqual({one.partner_id.name: one.amount for one in placed}, {"Disputer": 1200, "Big": 3000})

    def the_end(self):
        self.run_weeks(day(71), day(120))
        self.assertEqual(
            self.stages(),
            {"Late": "paid", "Promiser": "paid", "Disputer": "legal", "Big": "legal", "Small": "internal"},
        )
        self.assertEqual(len(self.asked_how_it_ends(self.small)), 1, "its owner is asked once")
        actions = self.env["recobro.action"].search([("company_id", "=", self.company.id)])
        self.assertNotIn("letter", actions.mapped("channel"), "playbook B writes no formal letter")
        self.assertNotIn("pre_legal", actions.mapped("stage"))
        self.assertFalse(self.proposed("placement"), "nobody is handed over to an agency twice")
