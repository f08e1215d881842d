"""What leads above our own collecting is asked for in a bounded number of statements, however many customers."""

from odoo.addons.recobro_module.engine import run

from .common import MONDAY
from .test_promises import day
from .test_selection import SelectionCase


class TestRisesCost(SelectionCase):
    def test_a_day_that_proposes_many_hand_overs_needs_as_many_statements_as_one_with_few(self):
        self.decide_with(2, MONDAY)  # the first day looks up what later ones know
        few = self.decide_with(6, day(1))
        many = self.decide_with(18, day(2))
        self.assertEqual(many, few)

    def decide_with(self, number, today):
        """How many statements deciding a day takes on which so many are proposed, and as many are not selected."""
        for turn in range(number):
            self.create_invoice(self.create_customer(f"Large {number} {turn}"), 1500, day(-20))
            small = self.create_customer(f"Small {number} {turn}")
            self.create_invoice(small, 500, day(-20))
            self.env["recobro.case"].sudo().create({"partner_id": small.id, "company_id": self.company.id})
        env = self.env_on(today)(su=True)
        env.flush_all()
        env.invalidate_all()
        record = env["recobro.run"]._start(self.company, today, "scheduled")
        before = env.cr.sql_log_count
        run.decide(env, self.company, today, record)
        env.flush_all()
        taken = env.cr.sql_log_count - before
        actions = self.env["recobro.action"].search([("run_id", "=", record.id)])
        asked = actions.filtered(lambda action: action.state == "to_approve")
        self.assertGreaterEqual(len(asked), number)
        self.assertGreaterEqual(len(actions.filtered(lambda action: action.reason == "not_selected")), number)
        for case in asked.case_id:
            self.assertEqual(case.activity_ids.mapped("summary"), ["Agency"])
        return taken
