"""Two customers become one: their cases go on as one, and nothing is said twice."""

from datetime import timedelta

from .common import MONDAY, RecobroCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestMerge(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without the notice before the due date: one level on the due date, the next three days later
        cls.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()

    def setUp(self):
        super().setUp()
        self.one = self.create_customer("Acme")
        self.two = self.create_customer("Acme Ltd")
        self.first = self.create_invoice(self.one, 100, MONDAY)
        self.second = self.create_invoice(self.two, 40, MONDAY)
        self.lines_before = self.env["recobro.interaction"].search([], order="id")

    def merge(self, source, target):
        """Merge one partner into another, as the dialog of contacts does."""
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def log(self):
        """The lines written since the test began, oldest first."""
        return self.env["recobro.interaction"].search([("id", "not in", self.lines_before.ids)], order="id")

    def test_two_open_cases_become_one_with_the_items_and_positions_of_both(self):
        self.run_day(MONDAY)
        kept, gone = self.case_of(self.one), self.case_of(self.two)
        self.merge(self.two, self.one)
        self.assertEqual(self.case_of(self.one), kept)
        self.assertEqual((gone.state, gone.outcome, gone.partner_id), ("closed", "merged", self.one))
        self.assertGreaterEqual(gone.closed_on, gone.opened_on)
        self.assertEqual(kept.item_ids, self.items_of(self.first) | self.items_of(self.second))
        self.assertEqual(kept.item_ids.mapped("delay_days"), [0, 0])
        self.assertEqual(kept.item_ids.partner_id, self.one)
        self.refresh(self.one, MONDAY)
        self.assertEqual((kept.amount_open, kept.item_count, kept.message_count), (140, 2, 2))

    def test_the_log_of_both_is_complete_on_the_case_that_goes_on(self):
        self.run_day(MONDAY)
        before = [(line.id, line.result, line.summary, line.date) for line in self.log()]
        self.assertEqual(len(before), 4)
        self.merge(self.two, self.one)
        self.assertEqual([(line.id, line.result, line.summary, line.date) for line in self.log()], before)
        self.assertEqual(self.log().case_id, self.case_of(self.one))
        self.assertEqual(self.log().partner_id, self.one)

    def test_no_item_gets_a_level_twice_after_the_merge(self):
        self.run_day(MONDAY)
        self.merge(self.two, self.one)
        # Two messages were sent this week, one to each: the next waits until the week is over
        self.run_days(day(1), day(7))
        self.assertEqual(self.levels_of(self.first), [0, 3])
        self.assertEqual(self.levels_of(self.second), [0, 3])
        self.assertEqual(len(self.messages_to(self.one)), 3, "two before, one for both after")

    def test_what_waited_for_each_is_said_once_for_both(self):
        self.run_day(MONDAY, send=False)
        self.merge(self.two, self.one)
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
            self.env_on(MONDAY)["recobro.action"]._deliver_now(self.company, self.one.ids)
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual(len(self._mails), 1)
        self.run_days(day(1), day(3))
        self.assertLessEqual(len(self.messages_to(self.one)), 2)
        for invoice in (self.first, self.second):
            levels = self.levels_of(invoice)
            self.assertEqual(len(levels), len(set(levels)))
            self.assertTrue(levels)

    def test_an_answer_to_a_mail_of_the_case_that_ended_comes_to_the_one_that_goes_on(self):
        self.run_day(MONDAY)
        message = self.messages_to(self.two).message_id
        self.merge(self.two, self.one)
        self.assertEqual(message.res_id, self.case_of(self.one).id)

    def test_a_customer_with_a_case_merged_into_one_without_keeps_the_case(self):
        self.run_day(MONDAY)
        fresh = self.create_customer("Acme Group")
        case = self.case_of(self.two)
        self.merge(self.two, fresh)
        self.assertEqual(case.partner_id, fresh)
        self.assertEqual(case.state, "open")
        self.run_day(day(3))
        self.assertEqual(self.levels_of(self.second), [0, 3])
        self.assertEqual(self.case_of(fresh), case)

    def test_a_pause_of_either_holds_for_the_one_that_is_left(self):
        self.run_day(MONDAY)
        self.env["recobro.hold"].create(
            {
                "name": "New system",
                "partner_id": self.two.id,
                "company_id": self.company.id,
                "date_from": MONDAY,
                "date_until": day(30),
            }
        )
        self.merge(self.two, self.one)
        self.assertEqual(self.case_of(self.one).hold_ids.mapped("name"), ["New system"])
        self.assertEqual(self.chased(self.one, day(3)), 0)

    def test_activities_of_both_are_on_the_case_that_goes_on(self):
        self.run_day(MONDAY)
        self.case_of(self.two).activity_schedule("mail.mail_activity_data_todo", summary="Call back")
        self.merge(self.two, self.one)
        self.assertIn("Call back", self.case_of(self.one).activity_ids.mapped("summary"))

    def test_a_contact_merged_into_another_leaves_the_case_alone(self):
        anna = self.create_contact(self.one, "Anna", self.treasury)
        twin = self.create_contact(self.one, "Anna Twin")
        self.run_day(MONDAY)
        case = self.case_of(self.one)
        self.assertEqual(case.action_ids.contact_id, anna)
        self.merge(anna, twin)
        self.assertEqual(self.case_of(self.one), case)
        self.assertEqual(case.action_ids.contact_id, twin)
        self.assertEqual(self.log().filtered(lambda line: line.case_id == case).contact_id, twin)
        self.assertIn(self.treasury, twin.recobro_role_ids)

    def test_the_cases_of_three_customers_become_one(self):
        three = self.create_customer("Acme Inc")
        third = self.create_invoice(three, 7, MONDAY)
        self.run_day(MONDAY)
        self.env["base.partner.merge.automatic.wizard"]._merge((self.one + self.two + three).ids, self.one)
        self.env.invalidate_all()
        self.assertEqual(len(self.case_of(self.one)), 1)
        self.assertEqual(self.case_of(self.one).item_ids.move_id, self.first + self.second + third)
