"""Several companies, branches and currencies: each legal entity chases as one, and for itself."""

from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from .common import MONDAY, RecobroCase, lived


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class CompaniesCase(RecobroCase):
    """A second company with books and a policy of its own, and a branch of the first."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Other seller")["company"]
        cls.other.partner_id.tz = "UTC"
        cls.other.partner_id.email = "billing@other.example"
        cls.other_policy = cls.policy.copy({"name": "Other policy", "company_id": cls.other.id})
        cls.other_policy.sudo().is_on = True
        # Without the notice before the due date: one level on the due date, the next three days later
        for policy in (cls.policy, cls.other_policy):
            policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.company.id})
        cls.env.user.company_ids += cls.branch

    def invoice_of(self, company, customer, amount, due, **values):
        """A posted invoice of one of the companies."""
        return self.with_company(company).create_invoice(customer, amount, due, **values)

    def with_company(self, company):
        """This class, with `company` as the active one when it makes an entry."""
        env = self.env(context={**self.env.context, "allowed_company_ids": company.ids})
        return type("InCompany", (type(self),), {"env": env})

    def case_in(self, customer, company):
        """The open case of a customer in a company."""
        return self.env["recobro.case"].search(
            [("partner_id", "=", customer.id), ("company_id", "=", company.id), ("state", "=", "open")]
        )


class TestTwoCompanies(CompaniesCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.ours = self.invoice_of(self.company, self.customer, 100, MONDAY)
        self.theirs = self.invoice_of(self.other, self.customer, 30, MONDAY)

    def test_a_customer_of_both_has_a_case_and_a_message_in_each_with_its_own_amounts(self):
        self.run_day(MONDAY)
        self.run_day(MONDAY, company=self.other)
        for company, amount in ((self.company, 100), (self.other, 30)):
            case = self.case_in(self.customer, company)
            self.assertEqual((case.amount_open, case.live_open, case.item_count), (amount, amount, 1))
            [message] = self.messages_to(self.customer).filtered(lambda found, of=company: found.company_id == of)
            self.assertEqual((message.amount, message.line_ids.amount), (amount, amount))
            self.assertEqual(message.mail_id.res_id, case.id)

    def test_the_amount_a_customer_shows_is_that_of_the_active_company(self):
        self.run_day(MONDAY)
        self.run_day(MONDAY, company=self.other)
        for company, amount in ((self.company, 100), (self.other, 30)):
            partner = self.customer.with_company(company).with_context(recobro_as_of=lived(day(1)))
            self.assertEqual(partner.recobro_overdue, amount)
            self.assertEqual(partner.recobro_case_id, self.case_in(self.customer, company))

    def test_money_paid_to_one_company_is_not_taken_off_what_is_owed_to_the_other(self):
        self.receive_in_bank(self.customer, 1000, MONDAY)
        self.run_day(MONDAY)
        self.run_day(MONDAY, company=self.other)
        self.assertFalse(self.case_in(self.customer, self.company).message_count)
        self.assertEqual(self.case_in(self.customer, self.other).amount_net, 30)
        self.assertEqual(self.messages_to(self.customer).company_id, self.other)

    def test_a_pause_in_one_company_leaves_the_other_alone(self):
        self.env["recobro.hold"].create(
            {
                "name": "Holidays",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": MONDAY,
                "date_until": day(9),
            }
        )
        self.run_day(MONDAY)
        self.run_day(MONDAY, company=self.other)
        self.assertEqual(self.messages_to(self.customer).company_id, self.other)

    def test_the_collector_and_the_policy_of_a_customer_are_of_a_company(self):
        users = [new_test_user(self.env, f"collector_{n}", "recobro_module.group_recobro_user") for n in (1, 2)]
        own = self.other_policy.copy({"name": "For this customer"})
        own.sudo().is_on = True
        self.customer.with_company(self.company).recobro_user_id = users[0]
        self.customer.with_company(self.other).write({"recobro_user_id": users[1].id, "recobro_policy_id": own.id})
        self.run_day(MONDAY)
        self.run_day(MONDAY, company=self.other)
        mine, other = self.case_in(self.customer, self.company), self.case_in(self.customer, self.other)
        self.assertEqual((mine.user_id, mine.policy_id), (users[0], self.policy))
        self.assertEqual((other.user_id, other.policy_id), (users[1], own))

    def test_a_policy_of_one_company_never_decides_for_another(self):
        self.other_policy.sudo().is_on = False
        self.run_day(MONDAY, company=self.other)
        self.assertFalse(self.case_in(self.customer, self.other))
        self.assertFalse(self.messages_to(self.customer))


class TestBranches(CompaniesCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.ours = self.invoice_of(self.company, self.customer, 100, MONDAY)
        self.branchs = self.invoice_of(self.branch, self.customer, 40, MONDAY)

    def test_the_invoices_of_a_branch_are_chased_with_those_of_its_main_company_as_one(self):
        self.assertEqual(self.branchs.company_id, self.branch)
        self.run_day(MONDAY)
        case = self.case_in(self.customer, self.company)
        self.assertEqual((case.amount_open, case.item_count), (140, 2))
        [message] = self.messages_to(self.customer)
        self.assertEqual((message.amount, len(message.line_ids)), (140, 2))
        self.assertFalse(self.case_in(self.customer, self.branch))

    def test_a_user_of_the_branch_sees_the_case_and_works_it(self):
        self.run_day(MONDAY)
        user = new_test_user(
            self.env,
            "of_branch",
            "recobro_module.group_recobro_user",
            company_id=self.branch.id,
            company_ids=[Command.set(self.branch.ids)],
        )
        self.env.invalidate_all()
        env = self.env(user=user, context={"allowed_company_ids": self.branch.ids, "recobro_as_of": lived(MONDAY)})
        case = env["recobro.case"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((case.live_open, case.company_id.name), (140, self.company.name))
        self.assertEqual(env["res.partner"].browse(self.customer.id).recobro_case_id, case)
        env["recobro.interaction.log"].create({"case_id": case.id, "note": "Called"}).action_log()
        env["recobro.hold.pause"].create(
            {"partner_id": self.customer.id, "reason": "Holidays", "date_until": day(5)}
        ).action_pause()
        self.assertEqual(self.chased(self.customer, MONDAY), 0)

    def test_a_day_run_from_a_branch_is_the_day_of_the_main_company(self):
        self.assertEqual(self.company, self.branch.root_id)
        due = self.env["recobro.run"]._due_companies()
        self.assertNotIn(self.branch, due)


class TestStopped(CompaniesCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)

    def test_what_was_queued_does_not_go_out_once_the_company_is_stopped(self):
        self.run_day(MONDAY, send=False)
        self.company.recobro_stopped = True
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertFalse(self._mails)
        [message] = self.messages_to(self.customer, "skipped")
        self.assertEqual(message.reason, "stopped")
        self.assertFalse(self.items_of(self.invoice).level_id)

    def test_what_was_planned_makes_no_mail_once_the_company_is_stopped(self):
        self.run_day(MONDAY, send=False)
        message = self.messages_to(self.customer, "sending").sudo()
        message.mail_id.state = "cancel"
        message._set_planned_again()
        self.company.recobro_stopped = True
        with self.mock_mail_gateway():
            self.env_on(MONDAY)["recobro.action"]._deliver_now(self.company, self.customer.ids)
        self.assertFalse(self._new_mails)
        self.assertFalse(self.messages_to(self.customer, "planned", "sending", "done"))

    def test_a_stopped_company_has_no_day_and_the_others_have_theirs(self):
        self.company.recobro_run_hour = self.other.recobro_run_hour = 0
        self.assertLessEqual({self.company, self.other}, set(self.env["recobro.run"]._due_companies()))
        self.company.recobro_stopped = True
        due = self.env["recobro.run"]._due_companies()
        self.assertNotIn(self.company, due)
        self.assertIn(self.other, due)

    def test_nobody_starts_a_run_or_sends_by_hand_for_a_stopped_company(self):
        self.run_day(MONDAY)
        self.company.recobro_stopped = True
        with self.assertRaisesRegex(UserError, "stopped"):
            self.env["recobro.run"].with_company(self.company).action_run_now()
        dialog = self.env_on(day(3))["recobro.action.send"].create({"case_id": self.case_of(self.customer).id})
        with self.assertRaisesRegex(UserError, "stopped"):
            dialog.action_send()
        self.assertEqual(len(self.messages_to(self.customer)), 1)

    def test_after_the_stop_the_ladder_goes_on_where_it_was(self):
        self.run_day(MONDAY)
        self.company.recobro_stopped = True
        self.company.recobro_stopped = False
        self.run_day(day(3))
        self.assertEqual(self.levels_of(self.invoice), [0, 3])


class TestCurrencies(CompaniesCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # One unit of the company's currency buys two euros, and a quarter of a dinar
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        cls.dinar = cls.setup_other_currency("KWD", rates=[("2020-01-01", 0.25)], rounding=0.001)

    def test_the_case_sums_in_the_companys_currency_and_each_item_keeps_its_own(self):
        customer = self.create_customer()
        weak = self.create_invoice(customer, 100, MONDAY, currency_id=self.euro.id)
        strong = self.create_invoice(customer, 100, MONDAY, currency_id=self.dinar.id)
        self.create_invoice(customer, 7, MONDAY)
        self.run_day(MONDAY)
        case = self.case_of(customer)
        self.assertEqual((case.amount_open, case.live_open), (50 + 400 + 7, 457))
        self.assertEqual(self.items_of(weak).amount_open, 100)
        self.assertEqual(self.items_of(weak).currency_id, self.euro)
        self.assertEqual(self.items_of(strong).amount_open_company, 400)
        [message] = self.messages_to(customer)
        self.assertEqual(message.amount, 457)
        self.assertEqual(sorted(message.line_ids.mapped("amount")), [7, 100, 100])
        tables = message.with_context(recobro_as_of=lived(MONDAY)).get_statement().tables
        self.assertEqual(
            {table.currency: table.open for table in tables},
            {self.euro: 100, self.dinar: 100, self.company.currency_id: 7},
        )

    def test_the_minimum_is_compared_in_the_companys_currency(self):
        self.policy.minimum_amount = 60
        weak, strong = self.create_customer("Weak"), self.create_customer("Strong")
        self.create_invoice(weak, 100, MONDAY, currency_id=self.euro.id)
        self.create_invoice(strong, 20, MONDAY, currency_id=self.dinar.id)
        self.run_day(MONDAY)
        self.assertFalse(self.messages_to(weak), "100 euros are 50")
        self.assertEqual(self.messages_to(strong).amount, 80)

    def test_a_payment_in_part_leaves_the_rest_in_the_currency_of_the_invoice(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY, currency_id=self.euro.id)
        self.pay_invoice(invoice, 40, day=MONDAY)
        self.run_day(MONDAY)
        self.assertEqual(self.messages_to(customer).line_ids.amount, 60)
        self.assertEqual(self.case_of(customer).amount_open, 30)

    def test_a_hold_on_an_amount_is_in_the_currency_of_the_invoice(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 100, MONDAY, currency_id=self.euro.id)
        self.run_day(MONDAY)
        hold = self.env["recobro.hold"].create(
            {
                "name": "Disputed",
                "reason": "dispute",
                "partner_id": customer.id,
                "company_id": self.company.id,
                "item_id": self.items_of(invoice).id,
                "amount": 40,
                "date_from": fields.Date.to_date(MONDAY),
            }
        )
        self.assertEqual(hold.currency_id, self.euro)
        self.assertEqual(self.chased(customer, day(1)), 30)
