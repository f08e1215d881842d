"""Making a payment plan: its schedule, what is refused, what the manager decides, and what an offer holds."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.recobro_module.engine.plans import payment_plans, plan_approval, plan_making

from .common import MONDAY
from .plan_case import PlanCase
from .test_promises import day


class TestSchedule(PlanCase):
    def test_a_plan_from_the_31st_on_is_paid_on_the_last_day_of_each_month(self):
        january = date(2026, 1, 31)
        terms = self.terms(first_day=january, rhythm="monthly", count=4)
        self.assertEqual(
            [due for due, _amount in self.preview(terms, on=date(2026, 1, 5))],
            ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"],
        )

    def test_a_hundred_in_three_leaves_the_cent_where_the_policy_says(self):
        invoice = self.create_invoice(self.customer, 100, day(-1))
        self.assertEqual([amount for _due, amount in self.preview(self.terms(invoice))], [33.33, 33.33, 33.34])
        self.policy.plan_remainder = "first"
        self.assertEqual([amount for _due, amount in self.preview(self.terms(invoice))], [33.34, 33.33, 33.33])

    def test_a_down_payment_comes_first_and_the_others_begin_one_rhythm_later(self):
        self.assertEqual(
            self.preview(self.terms(down_payment=400, count=2)),
            [("2026-03-09", 400), ("2026-03-16", 300), ("2026-03-23", 300)],
        )
        plan = self.draft(down_payment=400, count=2)
        self.assertEqual(plan.installment_ids.mapped("is_down_payment"), [True, False, False])
        self.assertEqual((plan.instalment_count, plan.down_payment), (2, 400))

    def test_instalments_of_so_much_each_leave_a_smaller_one(self):
        self.assertEqual([amount for _due, amount in self.preview(self.terms(each=300))], [300, 300, 300, 100])

    def test_a_currency_without_decimals_is_divided_into_whole_units(self):
        yen = self.setup_other_currency("JPY", rounding=1, rates=[("2020-01-01", 100)])
        invoice = self.create_invoice(self.customer, 1000, day(-1), currency_id=yen.id)
        self.assertEqual([amount for _due, amount in self.preview(self.terms(invoice))], [333, 333, 334])

    def test_the_days_stay_on_the_pay_days_of_the_customer_unless_another_first_day_is_chosen(self):
        self.customer.recobro_pay_days = "10, 25"
        proposed = plan_making.propose_terms(self.env_on(MONDAY), self.company, self.customer, MONDAY)
        self.assertEqual((proposed.first_day, proposed.items), (date(2026, 3, 10), self.item(self.overdue)))
        self.assertEqual([due for due, _ in self.preview(proposed)], ["2026-03-10", "2026-04-10", "2026-05-10"])
        chosen = self.terms(first_day=date(2026, 3, 12), rhythm="monthly", count=2)
        self.assertEqual([due for due, _ in self.preview(chosen)], ["2026-03-12", "2026-04-12"])

    def test_what_the_customer_paid_a_month_stands_beside_it(self):
        paid = self.create_invoice(self.customer, 1200, day(-90))
        old = self.create_invoice(self.customer, 5000, date(2024, 12, 1))
        self.pay_invoice(paid, day=day(-60))
        self.pay_invoice(old, day=date(2025, 1, 10))
        self.assertEqual(plan_making.capacity(self.env, self.company, self.customer, MONDAY), 100)


class TestRefusals(PlanCase):
    def test_terms_that_make_no_plan_say_what_to_do_and_have_no_schedule(self):
        for values, words in (
            ({"count": 0}, "1 to 600"),
            ({"count": 100000}, "1 to 600"),
            ({"each": 0.001, "count": 0}, "more than 600"),
            ({"each": 1000.01}, "at most"),
            ({"each": float("nan")}, "can't be negative"),
            ({"down_payment": -1}, "can't be negative"),
            ({"down_payment": 1000}, "down payment must be smaller"),
            ({"discount": 1000}, "discount must be smaller"),
            ({"discount": float("inf")}, "can't be negative"),
            ({"first_day": day(-1)}, "today or later"),
            ({"first_day": False}, "today or later"),
            ({"rhythm": "yearly"}, "how often"),
        ):
            with self.subTest(values):
                terms = self.terms(**values)
                self.assertIn(words, self.refusal(terms))
                self.assertEqual(self.preview(terms), [])
                with self.assertRaises(UserError):
                    plan_making.make(self.case, terms)

    def test_a_plan_can_not_be_divided_into_more_instalments_than_it_has_cents(self):
        small = self.create_invoice(self.customer, 0.02, day(-1))
        self.assertIn("choose fewer", self.refusal(self.terms(small)))

    def test_what_is_paid_what_is_of_others_and_nothing_are_refused(self):
        other = self.create_invoice(self.create_customer("Somebody Else"), 100, day(-1))
        paid = self.create_invoice(self.customer, 100, day(-1))
        terms = self.terms(paid)
        self.pay_invoice(paid)
        self.assertIn("still owes", self.refusal(self.terms(self.overdue, other)))
        self.assertIn("still owes", self.refusal(terms))
        nothing = plan_making.Terms(items=self.env["recobro.item"], first_day=day(7))
        self.assertIn("at least one open invoice", self.refusal(nothing))

    def test_a_plan_is_in_one_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2)])
        invoice = self.create_invoice(self.customer, 100, day(-1), currency_id=euro.id)
        self.assertIn("one currency", self.refusal(self.terms(self.overdue, invoice)))

    def test_the_disputed_part_of_an_invoice_stays_out(self):
        env = self.env_on(MONDAY)
        env["recobro.dispute"]._open_ticket(self.customer, self.company, {self.overdue: 400})
        plan = self.draft()
        self.assertEqual((plan.amount, plan.line_ids.amount, plan.line_ids.amount_then), (600, 600, 1000))

    def test_an_invoice_that_is_all_disputed_can_be_in_no_plan(self):
        self.env_on(MONDAY)["recobro.dispute"]._open_ticket(self.customer, self.company, {self.overdue: 1000})
        self.assertIn("disputed", self.refusal(self.terms()))

    def test_a_second_plan_for_the_same_invoice_is_refused_while_one_is_on_offer_or_in_force(self):
        plan = self.offer()
        self.assertIn(plan.name, self.refusal(self.terms(self.overdue, self.coming)))
        payment_plans.start(plan, MONDAY)
        self.assertIn(plan.name, self.refusal(self.terms(self.overdue, self.coming)))
        self.assertEqual(self.refusal(self.terms(self.coming)), "")

    def test_of_two_drafts_for_the_same_invoice_only_one_can_be_proposed(self):
        one, two = self.draft(), self.draft()
        with self.mock_mail_gateway():
            one.action_propose()
        with self.assertRaisesRegex(UserError, one.name):
            two.action_propose()


class TestApproval(PlanCase):
    def test_what_is_past_the_policy_needs_the_manager_and_says_why(self):
        self.policy.write({"plan_max_instalments": 4, "plan_max_months": 2, "plan_minimum_instalment": 150})
        self.policy.write({"plan_approval_amount": 900, "settlement_approval_amount": 50})
        terms = self.terms(count=12, discount=60)
        reasons = " ".join(
            plan_approval.approval_reasons(self.env_on(MONDAY), self.company, self.customer, MONDAY, terms)
        )
        for words in ("12 instalments", "2 months", "An instalment of", "is about $", "A discount of"):
            self.assertIn(words, reasons)

    def test_what_the_policy_allows_needs_nobody(self):
        reasons = plan_approval.approval_reasons(self.env_on(MONDAY), self.company, self.customer, MONDAY, self.terms())
        self.assertEqual(reasons, [])

    def test_amounts_of_another_currency_are_compared_in_the_company_s(self):
        self.policy.plan_approval_amount = 900
        for code, rate, number in (("EUR", 0.5, 1), ("ARS", 1000, 0)):
            currency = self.setup_other_currency(code, rates=[("2020-01-01", rate)])
            invoice = self.create_invoice(self.customer, 800, day(-1), currency_id=currency.id)
            terms = self.terms(invoice)
            found = plan_approval.approval_reasons(self.env_on(MONDAY), self.company, self.customer, MONDAY, terms)
            self.assertEqual(len(found), number, code)

    def test_a_collector_s_plan_past_the_limit_waits_for_the_manager_and_holds_nothing(self):
        self.policy.plan_approval_amount = 0
        plan = self.draft(user=self.collector)
        plan.with_env(self.as_user(self.collector)).action_propose()
        self.assertEqual(plan.state, "to_approve")
        self.assertIn("is about", plan.approval_reason)
        self.assertEqual(self.told(plan, "approve").user_id, self.policy.user_id)
        self.assertEqual(self.held(self.overdue), 0)
        with self.assertRaises(AccessError):
            plan.with_env(self.as_user(self.collector)).action_approve()
        with self.mock_mail_gateway():
            plan.with_env(self.env_on(MONDAY)).action_approve()
        self.assertEqual((plan.state, plan.approved_by_id), ("proposed", self.env.user))
        self.assertFalse(self.told(plan, "approve"))

    def test_what_the_manager_has_not_seen_is_not_approved(self):
        self.policy.plan_approval_amount = 0
        plan = self.draft(user=self.collector)
        plan.with_env(self.as_user(self.collector)).action_propose()
        self.pay(400, MONDAY)
        answer = plan.with_env(self.env_on(MONDAY)).action_approve()
        self.assertIn("has changed", answer["params"]["message"])
        self.assertEqual((plan.state, plan.amount), ("to_approve", 600))
        self.assertIn("600", plan.approval_reason)
        with self.mock_mail_gateway():
            plan.with_env(self.env_on(MONDAY)).action_approve()
        self.assertEqual(plan.state, "proposed")

    def test_a_manager_who_proposes_approves_by_that(self):
        self.policy.plan_approval_amount = 0
        plan = self.offer()
        self.assertEqual((plan.state, plan.approved_by_id), ("proposed", self.env.user))

    def test_a_plan_that_is_refused_is_a_draft_again_and_its_author_is_told(self):
        self.policy.plan_approval_amount = 0
        plan = self.draft(user=self.collector)
        plan.with_env(self.as_user(self.collector)).action_propose()
        plan.with_env(self.env_on(MONDAY)).action_refuse()
        self.assertEqual(plan.state, "draft")
        self.assertEqual(self.told(plan, "answer").user_id, self.collector)
        self.assertFalse(self.told(plan, "approve"))
        plan_making.change(plan, self.terms(count=2))
        self.assertEqual(len(plan.installment_ids), 2)


class TestOffer(PlanCase):
    def test_a_draft_holds_nothing_and_an_offer_holds_its_invoices_while_it_stands(self):
        plan = self.draft()
        self.assertEqual(self.chased(self.customer, MONDAY), 1300)
        with self.mock_mail_gateway():
            plan.action_propose()
        self.assertEqual((plan.state, plan.proposed_on, plan.valid_until), ("proposed", MONDAY, day(7)))
        self.assertEqual(self.chased(self.customer, day(7)), 300)
        self.assertEqual(self.chased(self.customer, day(8)), 1300)

    def test_an_offer_does_not_stand_longer_than_until_its_first_payment(self):
        self.assertEqual(self.offer(first_day=day(3)).valid_until, day(3))

    def test_an_offer_that_nobody_accepts_is_cancelled_and_its_owner_told(self):
        plan = self.offer()
        self.judge(day(7))
        self.assertEqual(plan.state, "proposed")
        self.judge(day(8))
        self.assertEqual((plan.state, plan.ended_on), ("cancelled", day(8)))
        self.assertTrue(self.told(plan, "answer"))
        self.assertEqual(self.refusal(self.terms(first_day=day(9)), on=day(8)), "")

    def test_a_draft_is_brought_up_to_what_is_owed_when_it_is_proposed(self):
        plan = self.draft()
        self.pay(400, MONDAY)
        with self.mock_mail_gateway():
            plan.action_propose()
        self.assertEqual((plan.amount, plan.installment_ids.mapped("amount")), (600, [200, 200, 200]))

    def test_what_is_paid_while_the_offer_stands_counts_for_the_plan(self):
        plan = self.offer()
        self.pay(400, day(1))
        payment_plans.start(plan, day(2))
        self.assertEqual(plan.paid_amount, 400)
        self.assertEqual(self.open_items(plan), [266.66, 333.34])

    def test_only_what_is_on_offer_can_begin(self):
        plan = self.draft()
        with self.assertRaisesRegex(UserError, "not on offer"):
            payment_plans.start(plan, MONDAY)

    def test_a_promise_for_the_same_invoices_ends_when_the_plan_begins(self):
        promise = self.promise(1000, day(10))
        plan = self.offer()
        self.assertEqual((plan.amount, promise.state), (1000, "open"))
        payment_plans.start(plan, MONDAY)
        self.assertEqual(promise.state, "superseded")
        self.assertEqual(self.held(self.overdue), 1000)
        self.assertEqual((promise.replaced_by_plan_id, promise.superseded_by_id.id), (plan, False))
        with Form(promise.with_env(self.as_user(self.accountant))) as form:
            self.assertEqual(form.replaced_by_plan_id, plan)

    def test_a_promise_for_other_invoices_too_stands_and_holds_them(self):
        promise = self.promise(1300, day(5), self.overdue, self.coming)
        self.plan(self.overdue)
        self.judge(MONDAY)
        self.assertEqual(promise.state, "open")
        self.assertEqual((self.held(self.overdue), self.held(self.coming)), (1000, 300))

    def test_a_customer_s_request_is_a_draft_for_the_owner_and_a_second_one_is_refused(self):
        contact = self.create_contact(self.customer, "Treasurer", self.treasury)
        env = self.env_on(MONDAY)
        case = self.case.with_env(env)
        plan = plan_making.request(case, self.terms(), contact, "The summer is slow.")
        self.assertEqual((plan.state, plan.source, plan.contact_id), ("draft", "portal", contact))
        self.assertTrue(self.told(plan, "asked"))
        [line] = self.env["recobro.interaction"].search([("case_id", "=", case.id), ("result", "=", "plan_asked")])
        self.assertEqual((line.direction, line.channel, line.note), ("in", "portal", "The summer is slow."))
        with self.assertRaisesRegex(UserError, "asked for a payment plan already"):
            plan_making.request(case, self.terms(self.coming), contact, "")
        with self.mock_mail_gateway():
            plan.with_env(env).action_propose()
        self.assertFalse(self.told(plan, "asked"))

    def test_a_customer_declines_and_the_owner_reads_why(self):
        plan = self.offer()
        contact = self.create_contact(self.customer, "Treasurer", self.treasury)
        plan._decline(contact, "Too fast for us <b>now</b>")
        self.assertEqual((plan.state, self.held(self.overdue)), ("cancelled", 0))
        self.assertIn("Too fast for us &lt;b&gt;now", self.told(plan, "answer").note)
        [line] = self.env["recobro.interaction"].search(
            [("case_id", "=", self.case.id), ("result", "=", "plan_declined")]
        )
        self.assertEqual((line.contact_id, line.note), (contact, "Too fast for us <b>now</b>"))
        with self.assertRaises(UserError):
            plan._decline(contact, "")

    def test_several_invoices_make_one_plan_and_each_knows_its_part(self):
        plan = self.plan(self.overdue, self.coming)
        self.assertEqual(plan.line_ids.mapped("amount"), [1000, 300])
        self.assertEqual(plan.installment_ids.mapped("amount"), [433.33, 433.33, 433.34])
        self.assertEqual(self.overdue.invoice_date_due, day(-10))
        self.assertEqual(self.item(self.overdue).due_date, day(-10))

    def test_cancelling_an_offer_frees_its_invoices(self):
        plan = self.offer()
        plan.with_env(self.as_user(self.collector)).action_cancel()
        self.assertEqual((plan.state, self.held(self.overdue)), ("cancelled", 0))
        with self.assertRaisesRegex(UserError, "over already"):
            plan.action_cancel()


class TestMerge(PlanCase):
    def test_a_plan_goes_on_when_its_customer_is_merged_into_another(self):
        contact = self.create_contact(self.customer, "Signer", self.treasury)
        plan = self.plan()
        plan.sudo().accepted_contact_id = contact
        target = self.create_customer("Merged")
        other = self.create_contact(target, "Signer Again", self.treasury)
        self.merge(contact, other)
        self.assertEqual(plan.accepted_contact_id, other)
        self.merge(self.customer, target)
        self.assertEqual((plan.partner_id, plan.installment_ids.item_id.partner_id), (target, target))
        self.pay(400, day(1))
        self.judge(day(1), target)
        self.assertEqual(plan.paid_amount, 400)

    def merge(self, source, target):
        """Merge one partner into another, as the dialog of contacts does."""
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)
        self.env.invalidate_all()
