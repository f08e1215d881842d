"""A whole story: one customer's account over two months, as the collector lives it."""

from datetime import timedelta

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class TestFlowOfAnAccount(RecobroCase):
    def test_noticed_reminded_called_paused_part_paid_paid_and_chased_again_from_the_start(self):
        customer = self.create_customer()
        self.create_contact(customer, "Treasurer", self.treasury)
        boss = self.create_contact(customer, "Boss", self.decision_maker)
        invoice = self.create_invoice(customer, 1000, day(7))

        self.run_days(MONDAY, day(11))
        case = self.case_of(customer)
        self.assertEqual(self.messages_to(customer).mapped("day"), [day(2), day(7), day(10)])
        self.assertEqual((case.stage, case.level_id.delay_days), ("internal", 3))
        self.assertEqual((case.next_level_id.channel, case.next_action_date), ("call", day(14)))

        self.run_day(day(14))
        dialog = (
            self.env["recobro.interaction.log"]
            .with_context(recobro_as_of=lived(day(14)), default_case_id=case.id)
            .create({"result": "answered", "note": "The approver is on holiday until next week"})
        )
        self.assertEqual(dialog.action_id, self.tasks_of(customer))
        dialog.action_log()
        pause = (
            self.env["recobro.hold.pause"]
            .with_context(recobro_as_of=lived(day(14)))
            .create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "case_id": case.id,
                    "reason": "Approver on holiday",
                    "date_until": day(24),
                }
            )
        )
        pause.action_pause()
        self.run_days(day(15), day(24))
        self.assertEqual(len(self.messages_to(customer)), 3, "a pause is a pause")

        self.pay_invoice(invoice, 400, day(24))
        self.run_day(day(25))
        last = self.messages_to(customer)[-1]
        self.assertEqual((last.contact_id, last.level_id.delay_days, last.line_ids.amount), (boss, 15, 600))

        self.pay_invoice(invoice, day=day(26))
        self.run_day(day(28))
        self.assertEqual((case.state, case.outcome, case.closed_on), ("closed", "paid", day(28)))
        self.assertEqual(len(self.messages_to(customer)), 4)

        later = self.create_invoice(customer, 50, day(35))
        self.run_day(day(30))
        self.assertNotEqual(self.case_of(customer), case)
        self.assertEqual((self.levels_of(later), self.messages_to(customer)[-1].level_id.delay_days), ([-5], -5))

        contacts = self.env["recobro.interaction"].search([("partner_id", "=", customer.id)], order="id")
        self.assertEqual(
            [(line.channel, line.result) for line in contacts if line.result != "queued"],
            [("email", "sent")] * 3 + [("call", "answered")] + [("email", "sent")] * 2,
        )
