"""A whole story: four months of playbook A, as the collector and the manager live them, and what five customers get."""

from odoo.exceptions import AccessError
from odoo.tools import html2plaintext

from .letter_case import LetterCase
from .playbook_case import PlaybookCase
from .test_promises import day


class TestFlowPlaybookA(PlaybookCase):
    """Day 7 is the due date of everything; days are those of the story."""

    def test_120_days_from_the_first_notice_to_the_lawyer(self):
        self.meet_the_customers()
        self.our_own_collecting()
        self.the_formal_letter()
        self.the_grace()
        self.to_the_lawyer()
        self.the_end()

    def meet_the_customers(self):
        self.lived_before()
        self.five_customers()
        self.assertFalse(self.policy.is_on, "choosing a playbook sends nothing")
        self.run_day(day(0))
        self.assertFalse(self.stages())
        for user in (self.collector, self.accountant, self.employee):
            with self.assertRaises(AccessError):
                self.policy.with_user(user).action_switch_on()
        simulation = self.as_user(self.manager)["recobro.policy.simulate"].create({"policy_id": self.policy.id})
        simulation.action_switch_on()
        self.assertTrue(self.policy.is_on)

    def our_own_collecting(self):
        self.run_days(day(1), day(10))
        for customer in (self.late, self.disputer, self.promiser, self.big, self.small):
            self.assertEqual(self.mails(customer), [(2, -5), (7, 0), (10, 3)])
        self.dispute_all_of(self.disputed, 10)
        self.run_days(day(11), day(14))
        calls = self.tasks_of(self.promiser)
        self.assertEqual((calls.channel, calls.level_id.delay_days), ("call", 7))
        self.log(self.promiser, 14, "promised", promise_amount=3000, promise_date=day(24))
        self.log_calls(14)
        self.run_days(day(15), day(17))
        self.pay_on(17, self.late_invoice)
        self.assertEqual(self.stages()["Late"], "paid")
        self.run_days(day(18), day(28))
        self.assertEqual(self.mails(self.late), [(2, -5), (7, 0), (10, 3)], "who paid hears no more of it")
        self.assertEqual(self.mails(self.big)[3:], [(22, 15)])
        self.assertEqual(self.mails(self.disputer)[3:], [(22, 15)])
        self.assertEqual(self.asked(self.messages_to(self.disputer)[-1]), {"Disputer": [self.clear.name]})
        self.assertFalse(self.mails(self.promiser)[3:], "who promised is not written to before the day")
        # Promised for Thursday the 24th; two working days later it is broken
        self.run_days(day(29), day(37))
        self.assertEqual(self.env["recobro.promise"].search([("partner_id", "=", self.promiser.id)]).state, "broken")
        self.assertEqual([level for _day, level in self.mails(self.promiser)[3:]], [15])
        last = self.tasks_of(self.big)
        self.assertEqual((last.channel, last.contact_id.name, last.level_id.delay_days), ("call", "Big Boss", 30))
        self.log_calls(37)

    def the_formal_letter(self):
        self.run_days(day(38), day(51))
        self.log_calls(51)
        self.assertFalse(self.proposed("letter"))
        self.run_day(day(52))
        letters = self.proposed("letter")
        self.assertEqual(
            self.asked(letters),
            {
                "Disputer": [self.clear.name],
                "Promiser": [self.promised.name],
                "Big": [self.big_invoice.name],
                "Small": [self.small_invoice.name],
            },
            "what is disputed is in no letter",
        )
        self.run_day(day(53))
        self.check_only_a_manager_decides(letters, 53)
        self.decide(letters, 53).action_approve()
        for user in (self.accountant, self.employee, self.portal):
            with self.assertRaises(AccessError):
                self.seen_by(user, letters, day(53)).action_print_letters()
        mine = self.seen_by(self.collector, letters, day(53))
        with LetterCase.printer(self) as pages:
            mine.action_print_letters()
        text = " ".join(html2plaintext(pages[list(letters).index(self.of(letters, self.big))]).split())
        self.assertIn("formally demand payment of", text)
        self.assertIn("within *10 days* of receiving this letter", text)
        self.record(letters, "sent", day(53))
        self.assertEqual(set(letters.mapped("letter_state")), {"sent"})
        self.run_day(day(56))
        self.assertEqual(self.stages()["Big"], "pre_legal")
        self.record(letters, "delivered", day(56))

    def the_grace(self):
        self.run_days(day(57), day(60))
        self.log(self.promiser, 60, "answered", direction="in", note="Their bank decides next week")
        self.run_days(day(61), day(66))
        self.assertFalse(self.proposed("legal"), "the tenth day after the delivery is still theirs")
        self.assertIn("grace", self.reasons_of(self.big))
        self.log(self.promiser, 66, "promised", promise_amount=3000, promise_date=day(80), direction="in")
        self.run_day(day(67))
        legal = self.proposed("legal")
        self.assertEqual(self.asked(legal), {"Disputer": [self.clear.name], "Big": [self.big_invoice.name]})
        self.assertIn("not_selected", self.reasons_of(self.small))
        self.assertIn("1,000", self.of(legal, self.big).selection)
        self.run_days(day(68), day(70))
        self.assertEqual(self.asked(self.proposed("legal")), self.asked(legal), "it waits as long as it takes")

    def to_the_lawyer(self):
        legal = self.proposed("legal")
        self.check_only_a_manager_decides(legal, 70)
        disputers = self.of(legal, self.disputer)
        self.decide(disputers, 70, reason="Their new director pays next month").action_refuse()
        placed = self.hand_over(legal - disputers, 70, self.lawyer)
        self.assertEqual((placed.partner_id, placed.agency_id, placed.amount), (self.big, self.lawyer, 5000))
        self.assertEqual((placed.until, placed.approved_by_id), (day(70 + 365), self.manager))
        self.run_days(day(71), day(79))
        self.assertFalse(self.proposed("legal"), "neither who refused nor who promised is proposed")
        self.pay_on(79, self.promised)
        self.run_weeks(day(80), day(99))
        self.assertFalse(self.proposed("legal"))
        self.run_day(day(100))
        again = self.proposed("legal")
        self.assertEqual(self.asked(again), {"Disputer": [self.clear.name]}, "thirty days after it was refused")
        self.hand_over(again, 100, self.lawyer)

    def the_end(self):
        self.run_weeks(day(101), day(110))
        self.pay_on(110, self.big_invoice, 3000)
        self.run_weeks(day(113), day(120))
        placed = self.env["recobro.placement"].search([("partner_id", "=", self.big.id)])
        # Coming from the stage pre-legal the lawyer takes 40 %
        self.assertEqual((placed.state, placed.amount_collected, placed.fee), ("placed", 3000, 1200))
        self.assertEqual(
            self.stages(),
            {"Late": "paid", "Promiser": "paid", "Disputer": "legal", "Big": "legal", "Small": "pre_legal"},
        )
        self.assertEqual(len(self.asked_how_it_ends(self.small)), 1, "its owner is asked once")
        for customer in (self.disputer, self.big, self.small):
            self.assertEqual(self.mails(customer)[-1][1], 15, "after the formal letter nobody is reminded")
        handed = self.env["recobro.placement"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(handed.mapped("kind")), {"lawyer"}, "playbook A asks no agency")
