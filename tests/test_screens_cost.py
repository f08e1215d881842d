"""What a screen costs: as many statements for a full page as for a few lines, and next to none for what we add."""

from datetime import timedelta

from odoo import Command

from odoo.addons.recobro_module.engine import run

from reading import Screen

from .common import MONDAY, RecobroCase

FEW, MANY = 8, 80


class ScreenCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_partner_manager")
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Buyer {number}", "is_company": True, "email": f"buyer{number}@customer.example"}
                for number in range(MANY)
            ]
        )

    @classmethod
    def invoice(cls, customers):
        """A posted invoice of each customer, due on the Monday; the same one may be named several times."""
        line = Command.create({"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": []})
        values = {
            "move_type": "out_invoice",
            "invoice_date": MONDAY - timedelta(days=30),
            "invoice_date_due": MONDAY,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [line],
        }
        invoices = cls.env["account.move"].create([{**values, "partner_id": customer.id} for customer in customers])
        invoices.action_post()
        return invoices

    @classmethod
    def live(cls):
        """Let collections decide the Monday, and put every item on the ladder."""
        env = cls.env(su=True)  # as the scheduled action
        company = cls.company.with_env(env)
        run.decide(env, company, MONDAY, env["recobro.run"]._start(company, MONDAY, "manual"))
        level = cls.policy.level_ids[:1]
        cls.env["recobro.item"].sudo().search([("company_id", "=", cls.company.id)]).write(
            {"level_id": level.id, "level_date": MONDAY, "delay_days": level.delay_days}
        )
        cls.env["recobro.case"].sudo().search([("company_id", "=", cls.company.id)]).write(
            {"level_id": level.id, "next_level_id": level.id, "next_action_date": MONDAY}
        )
        cls.env.flush_all()

    def statements(self, read):
        """How many statements a reading takes, when it is not the first."""
        self.env.flush_all()
        read()
        before = self.env.cr.sql_log_count
        read()
        return self.env.cr.sql_log_count - before


class TestLists(ScreenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice(cls.customers)
        cls.live()

    def compare(self, model, view=None, field="partner_id"):
        """Read a few records and a full page; the same number of statements is expected."""
        screen = Screen(self.env[model], "list", view)
        domain = [(field, "in", self.customers.ids)]
        [few, many] = [self.statements(lambda number=number: screen.list(domain, number)) for number in (FEW, MANY)]
        self.assertEqual(len(screen.list(domain, MANY)["records"]), MANY)
        self.assertEqual(few, many)
        return screen, domain

    def test_a_list_of_cases_takes_as_many_statements_for_eighty_as_for_eight(self):
        self.compare("recobro.case")

    def test_a_list_of_open_items_takes_as_many_statements_for_eighty_as_for_eight(self):
        self.compare("recobro.open.item")

    def test_a_list_of_invoices_takes_as_many_statements_for_eighty_as_for_eight_and_two_more_for_our_columns(self):
        screen, domain = self.compare("account.move", "account.view_out_invoice_tree")
        for name in ("recobro_level_id", "recobro_next_level_id"):
            self.assertTrue(screen.list(domain, FEW)["records"][0][name], name)
        ours, without = [self.statements(lambda kind=kind: screen.list(domain, MANY, kind)) for kind in (True, False)]
        self.assertLessEqual(ours, without + 2)

    def test_a_list_of_customers_takes_as_many_statements_for_eighty_as_for_eight(self):
        self.compare("res.partner", "base.view_partner_tree", field="id")

    def test_what_the_customers_of_eighty_cases_answered_takes_as_many_statements_as_of_eight(self):
        cases = self.env["recobro.case"].search([("partner_id", "in", self.customers.ids)])

        def read(number):
            self.env.invalidate_all()
            return cases[:number].read(["payment_plan_ids", "promise_ids", "payment_in_hand_ids"])

        self.assertEqual(len(read(MANY)), MANY)
        few, many = [self.statements(lambda number=number: read(number)) for number in (FEW, MANY)]
        self.assertEqual(few, many)

    def test_our_fields_of_eighty_customers_take_as_many_statements_as_those_of_eight(self):
        names = ["recobro_overdue", "recobro_case_id", "recobro_level_id", "recobro_paused_until"]

        def read(number):
            self.env.invalidate_all()
            return self.customers[:number].read(names)

        self.assertTrue(all(row["recobro_level_id"] and row["recobro_case_id"] for row in read(MANY)))
        few, many = [self.statements(lambda number=number: read(number)) for number in (FEW, MANY)]
        self.assertEqual(few, many)


class TestForms(ScreenCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.small, cls.large = cls.customers[:2]
        for customer, number in ((cls.small, 2), (cls.large, 20)):
            cls.invoice([customer] * number)
            for person in range(number):
                cls.create_contact(customer, f"Person {person} of {customer.name}", cls.treasury)
        cls.live()
        for customer, number in ((cls.small, 2), (cls.large, 20)):
            case = cls.env["recobro.case"].search([("partner_id", "=", customer.id)])
            cls.env["recobro.interaction"]._log(
                [
                    {"company_id": cls.company.id, "partner_id": customer.id, "case_id": case.id, "summary": "Called"}
                    | {"channel": "call", "direction": "out", "result": "answered"}
                ]
                * number
            )

    def test_a_case_with_much_in_it_opens_with_as_many_statements_as_one_with_little(self):
        screen = Screen(self.env["recobro.case"], "form")
        cases = [self.case_of(customer).id for customer in (self.small, self.large)]
        few, many = [self.statements(lambda case=case: screen.open(case)) for case in cases]
        [read] = screen.open(cases[1])
        self.assertEqual(len(read["open_item_ids"]), 20)
        self.assertEqual(few, many)

    def test_an_invoice_without_a_dispute_takes_four_statements_more_for_our_fields(self):
        screen = Screen(self.env["account.move"], "form", "account.view_move_form")
        invoice = self.env["account.move"].search([("partner_id", "=", self.small.id)], limit=1).id
        ours, without = [self.statements(lambda kind=kind: screen.open(invoice, kind)) for kind in (True, False)]
        self.assertLessEqual(ours, without + 4)

    def test_a_customer_takes_a_few_statements_more_for_our_fields_however_much_it_owes(self):
        screen = Screen(self.env["res.partner"], "form", "base.view_partner_form")
        screen.open(self.small.id, True)  # what is looked up once and kept
        more = []
        for customer in (self.small, self.large):
            ours, without = [
                self.statements(lambda kind=kind, id_=customer.id: screen.open(id_, kind)) for kind in (True, False)
            ]
            more.append(ours - without)
        # Its place, the roles of its contacts and their names, the time zone that its company counts days in, its
        # figures and the grades; how it stands, and as it is overdue, what its banner says
        self.assertEqual(more[0], more[1])
        self.assertLessEqual(more[0], 8)
