"""In the browser: a manager approves a formal letter; a collector prints it, posts it and records its delivery."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine import clock

from .common import RecobroBrowserCase
from .letter_case import LetterCase


class TestLetterTour(RecobroBrowserCase, LetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.write({"name": "Formal letter", "stage": "pre_legal", "delay_days": 45, "grace_days": 10})
        cls.policy.calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "attendance_ids": [
                    fields.Command.create(
                        {"name": day, "dayofweek": day, "hour_from": 8, "hour_to": 17, "day_period": "full_day"}
                    )
                    for day in "0123456"
                ],
            }
        )
        common = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        new_test_user(cls.env, "letter_manager", "recobro_module.group_recobro_manager", **common)
        cls.collector = new_test_user(cls.env, "letter_collector", "recobro_module.group_recobro_user", **common)

    def test_a_formal_letter_is_approved_printed_posted_and_delivered(self):
        """The decision is taken in view of what was tried; the proof of delivery is on the case at the end."""
        today = clock.today(self.env, self.company)
        customer = self.create_customer("Ferreteria Roca", street="Calle Mayor 1", zip="46001", city="Valencia")
        self.create_invoice(customer, 1250, today - timedelta(days=50))
        self.policy.entry_level_id = self.level
        case = self.env["recobro.case"]._open_for(customer, self.company)
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": customer.id,
                    "case_id": case.id,
                    "channel": "call",
                    "direction": "out",
                    "result": "answered",
                    "summary": "They pay when they can",
                }
            ]
        )
        self.run_day(today)
        [letter] = self.letters_of(customer, "to_approve")
        self.start_tour("/odoo/collections-to-approve", "recobro_collections_letter_approve", login="letter_manager")
        self.env.invalidate_all()
        self.assertEqual((letter.state, letter.decided_by_id.login), ("planned", "letter_manager"))
        with self.printer() as pages:
            self.start_tour("/odoo/collections-letters", "recobro_collections_letter_post", login="letter_collector")
        self.assertEqual(len(pages), 1)
        self.env.invalidate_all()
        self.assertEqual((letter.letter_state, letter.tracking_number), ("delivered", "RR123456789ES"))
        self.assertEqual((letter.sent_by_id, letter.delivered_on), (self.collector, today))
        self.assertEqual(letter.proof_ids.mapped("name"), ["Receipt.pdf"])
        self.assertLessEqual({"sent", "delivered"}, set(case.interaction_ids.mapped("result")))
