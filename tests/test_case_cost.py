"""What collecting a case has cost, on the case, for who decides whether to go on with it."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user

from .common import MONDAY, RecobroCase, lived


class TestCaseCost(RecobroCase):
    def setUp(self):
        super().setUp()
        self.company.write({"recobro_hour_cost": 30, "recobro_minutes_call": 10, "recobro_cost_email": 0.5})
        self.cases = [self.worked_on(name) for name in ("Ash", "Beech", "Cedar")]

    def worked_on(self, name):
        """A case with a message and a call on the Monday."""
        customer = self.create_customer(name)
        self.create_invoice(customer, 1000, MONDAY)
        self.run_day(MONDAY)
        case = self.case_of(customer)
        line = {"company_id": self.company.id, "partner_id": customer.id, "case_id": case.id, "channel": "call"}
        self.env["recobro.interaction"]._log(
            [line | {"direction": "out", "result": "answered", "date": f"{MONDAY} 10:00:00"}]
        )
        return case

    def seen_by(self, group):
        user = new_test_user(
            self.env,
            login=f"cost_{group}",
            groups=f"base.group_user,recobro_module.{group}",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": self.company.ids}
        cases = self.env(user=user, su=False, context=context)["recobro.case"]
        return cases.browse([case.id for case in self.cases])

    def test_a_manager_sees_on_the_case_what_it_has_cost_and_of_what(self):
        case = self.seen_by("group_recobro_manager")[0]
        form = Form(case)
        self.assertEqual((form.cost_time, form.cost_channels, form.cost_total), (5, 0.5, 5.5))
        self.assertAlmostEqual(form.cost_hours, 10 / 60)

    def test_a_collector_does_not(self):
        case = self.seen_by("group_recobro_user")[0]
        self.assertNotIn("cost_total", Form(case)._view["fields"])
        with self.assertRaises(AccessError):
            case.read(["cost_total"])

    def test_the_cost_of_three_cases_takes_as_many_statements_as_that_of_one(self):
        cases = self.seen_by("group_recobro_manager")

        def statements(some):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(set(some.mapped("cost_total")), {5.5})
            return self.env.cr.sql_log_count - before

        statements(cases[0])
        self.assertEqual(statements(cases), statements(cases[0]))
