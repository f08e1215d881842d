"""Taking a promise to pay: what the dialogs propose, what they refuse, and what is not chased while it stands."""

from datetime import timedelta

import odoo
from odoo import Command, api, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import open_items

from .common import MONDAY, RecobroCase, lived
from .frames import AtOnceCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class PromiseCase(RecobroCase):
    """A customer with 1 000 overdue and 300 to come, and people who may and may not take promises."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.write({"promise_tolerance_days": 2, "promise_max_days": 30, "promise_limit": 2})
        cls.collector = cls.create_user("promise_collector", "recobro_module.group_recobro_user")
        cls.accountant = cls.create_user("promise_accountant", "account.group_account_invoice")
        cls.employee = cls.create_user("promise_employee", "base.group_user")
        cls.portal = cls.create_user("promise_portal", "base.group_portal")

    @classmethod
    def create_user(cls, login, groups):
        return new_test_user(
            cls.env, login, groups, company_id=cls.company.id, company_ids=[Command.set(cls.company.ids)]
        )

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer("Promiser")
        self.overdue = self.create_invoice(self.customer, 1000, day(-10))
        self.coming = self.create_invoice(self.customer, 300, day(20))
        self.refresh(self.customer, MONDAY)
        self.case = self.env_on(MONDAY)["recobro.case"]._open_for(self.customer, self.company)

    def as_user(self, user, when=MONDAY):
        """The environment of a user who lives on a day, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {"recobro_as_of": lived(when), "allowed_company_ids": self.company.ids}
        return self.env(user=user, su=False, context=context)

    def item(self, invoice):
        """The item of an invoice, known from now on."""
        if not self.items_of(invoice):
            open_items.meet(self.env, self.company, MONDAY, invoice.commercial_partner_id.ids)
        return self.items_of(invoice)

    def promise(self, amount, pays, *invoices, on=MONDAY, case=None, **values):
        """A promise taken on a day, for the overdue invoice unless others are given."""
        items = self.env["recobro.item"].union(*[self.item(invoice) for invoice in invoices or (self.overdue,)])
        case = (case or self.case).with_env(self.env_on(on))
        return self.env_on(on)["recobro.promise"]._take(case, items.with_env(case.env), amount, pays, **values)

    def held(self, invoice):
        """What promises hold of an invoice now."""
        holds = self.env["recobro.hold"].search([("item_id", "in", self.items_of(invoice).ids)])
        return sum(holds.mapped("amount"))


class TestDialog(PromiseCase):
    def dialog(self, user=None, when=MONDAY, **context):
        """The dialog as the button of the case opens it."""
        env = self.as_user(user or self.collector, when)
        action = self.case.with_env(env).action_promise()
        return Form(env[action["res_model"]].with_context(**{**env.context, **action["context"], **context}))

    def test_two_clicks_make_a_promise_of_all_that_is_overdue_for_the_next_pay_day(self):
        self.customer.recobro_pay_days = "5, 20"
        self.dialog().save().action_take()
        promise = self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(
            (promise.amount, promise.date, promise.state, promise.line_ids.item_id, promise.user_id),
            (1000, fields.Date.to_date("2026-03-05"), "open", self.item(self.overdue), self.collector),
        )
        self.assertEqual((promise.case_id, promise.made_on), (self.case, MONDAY))

    def test_without_pay_days_a_promise_is_proposed_for_a_week_later_and_never_past_the_policy(self):
        self.assertEqual(self.dialog().promise_date, day(7))
        self.policy.promise_max_days = 3
        self.assertEqual(self.dialog().promise_date, day(3))

    def test_the_last_day_of_a_short_month_stands_for_a_pay_day_it_does_not_have(self):
        self.customer.recobro_pay_days = "31"
        self.assertEqual(self.dialog(when=fields.Date.to_date("2026-04-02")).promise_date.isoformat(), "2026-04-30")

    def test_the_amount_follows_the_items_that_are_chosen(self):
        form = self.dialog()
        form.promise_item_ids.add(self.item(self.coming))
        self.assertEqual(form.promise_amount, 1300)

    def test_what_is_disputed_is_neither_proposed_nor_promised(self):
        self.env["recobro.hold"].create(
            {
                "name": "Price",
                "reason": "dispute",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "item_id": self.item(self.overdue).id,
                "amount": 400,
                "date_from": day(-1),
            }
        )
        form = self.dialog()
        self.assertEqual(form.promise_amount, 600)
        form.promise_amount = 600.01
        with self.assertRaisesRegex(UserError, "more than"):
            form.save().action_take()

    def test_from_an_invoice_the_promise_is_for_that_invoice(self):
        env = self.as_user(self.collector)
        form = Form(
            env["recobro.promise.take"].with_context(
                default_partner_id=self.customer.id,
                default_company_id=self.company.id,
                default_move_ids=self.coming.ids,
            )
        )
        self.assertEqual(form.promise_amount, 300)
        form.save().action_take()
        self.assertEqual(self.held(self.coming), 300)
        self.assertEqual(self.held(self.overdue), 0)

    def test_from_a_customer_without_a_case_one_is_opened(self):
        other = self.create_customer("Caseless")
        self.create_invoice(other, 70, day(-3))
        action = other.with_env(self.as_user(self.collector)).action_recobro_promise()
        env = self.as_user(self.collector)
        Form(env["recobro.promise.take"].with_context(**action["context"])).save().action_take()
        promise = self.env["recobro.promise"].search([("partner_id", "=", other.id)])
        self.assertEqual(promise.case_id, self.case_of(other))
        self.assertEqual(promise.amount, 70)

    def test_of_two_currencies_the_one_with_most_overdue_is_proposed_and_the_other_can_be_chosen(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        self.create_invoice(self.customer, 800, day(-5), currency_id=euro.id)  # 1 600 in dollars
        self.env.ref("base.group_multi_currency").user_ids = [Command.link(self.collector.id)]
        form = self.dialog()
        self.assertEqual((form.promise_currency_id, form.promise_amount), (euro, 800))
        form.promise_currency_id = self.company.currency_id
        self.assertEqual(form.promise_amount, 1000)
        form.save().action_take()
        promise = self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(promise.currency_id, self.company.currency_id)

    def test_a_promise_leaves_a_line_in_the_log_with_who_made_it(self):
        contact = self.create_contact(self.customer, "Treasurer", self.treasury)
        form = self.dialog()
        form.contact_id = contact
        form.save().action_take()
        line = self.case.interaction_ids
        self.assertEqual((line.result, line.contact_id, line.channel), ("promised", contact, "call"))
        self.assertIn("1,000.00", line.summary)

    def test_the_dialog_says_which_promise_it_takes_the_place_of(self):
        self.promise(500, day(8))
        form = self.dialog()
        self.assertIn("500.00", form.promise_replaces)
        self.assertEqual(form.promise_amount, 1000)
        form.promise_in_addition = True
        self.assertEqual(form.promise_amount, 500)

    def test_the_dialog_says_of_which_invoices_a_promise_is_replaced_and_which_stands(self):
        self.promise(500, day(8), self.overdue, self.coming)
        form = self.dialog()
        self.assertFalse(form.promise_replaces, "it is for another invoice too")
        self.assertIn("500.00", form.promise_stands)
        self.assertIn(self.overdue.name, form.promise_stands)
        self.assertIn(self.coming.name, form.promise_stands)
        self.assertEqual(form.promise_amount, 500)
        form.promise_item_ids.add(self.item(self.coming))
        self.assertFalse(form.promise_stands)
        self.assertIn(self.coming.name, form.promise_replaces)
        self.assertEqual(form.promise_amount, 1300)

    def test_when_all_that_is_overdue_is_promised_the_dialog_proposes_the_invoices_of_that_promise(self):
        first = self.promise(1300, day(8), self.overdue, self.coming)
        form = self.dialog()
        self.assertEqual(form.promise_amount, 1300)
        form.save().action_take()
        self.assertEqual(first.state, "superseded")

    def test_another_company_sees_nothing_of_it_in_the_dialog(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        env = self.as_user(self.collector)
        form = Form(
            env["recobro.promise.take"].with_context(default_partner_id=self.customer.id, default_company_id=other.id)
        )
        self.assertEqual(form.promise_amount, 0)


class TestLogCall(PromiseCase):
    def call(self, user=None):
        """The dialog of a call in which they promised to pay."""
        env = self.as_user(user or self.collector)
        form = Form(env["recobro.interaction.log"].with_context(default_case_id=self.case.id))
        form.result = "promised"
        return form

    def test_a_promise_in_a_call_is_one_line_in_the_log_and_one_promise(self):
        contact = self.create_contact(self.customer, "Treasurer", self.treasury)
        form = self.call()
        self.assertEqual((form.promise_amount, form.promise_date), (1000, day(7)))
        form.contact_id = contact
        form.note = "By transfer"
        form.save().action_log()
        line = self.case.interaction_ids
        self.assertEqual((len(line), line.result, line.contact_id, line.note), (1, "promised", contact, "By transfer"))
        promise = self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual((promise.amount, promise.contact_id, promise.channel), (1000, contact, "call"))

    def test_any_other_result_promises_nothing(self):
        form = self.call()
        form.result = "answered"
        self.assertEqual(form.promise_amount, 0)
        form.save().action_log()
        self.assertFalse(self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)]))

    def test_a_refused_promise_leaves_no_line(self):
        form = self.call()
        form.promise_amount = 5000
        with self.assertRaises(UserError):
            form.save().action_log()
        self.assertFalse(self.case.interaction_ids)

    def test_past_the_limit_the_call_is_logged_and_the_manager_asked(self):
        self.promise(500, day(8))
        self.promise(500, day(9))
        lines = len(self.case.interaction_ids)
        form = self.call()
        self.assertTrue(form.promise_refusal)
        form.save().action_ask_manager()
        self.assertEqual(len(self.case.interaction_ids), lines + 1)
        self.assertEqual(self.case.interaction_ids.sorted("id")[-1:].result, "answered")
        self.assertEqual(len(self.case.activity_ids), 1)


class TestRefusals(PromiseCase):
    def assertRefused(self, words, *args, **kwargs):
        with self.assertRaisesRegex(UserError, words):
            self.promise(*args, **kwargs)

    def test_a_promise_in_the_past_or_too_far_ahead_is_refused(self):
        self.assertRefused("today or later", 100, day(-1))
        self.assertRefused("30 days ahead", 100, day(31))
        self.assertEqual(self.promise(100, MONDAY).state, "open")
        self.assertEqual(self.promise(100, day(30)).state, "open")

    def test_a_promise_of_nothing_or_of_more_than_is_owed_is_refused(self):
        for amount in (0, -5, 0.001, float("nan"), float("inf")):
            self.assertRefused("of nothing", amount, day(1))
        self.assertRefused("more than", 1000.01, day(1))
        self.assertEqual(self.promise(1000, day(1)).amount, 1000)

    def test_a_promise_for_no_item_a_paid_one_or_one_of_somebody_else_is_refused(self):
        with self.assertRaisesRegex(UserError, "for something"):
            self.env_on(MONDAY)["recobro.promise"]._take(self.case, self.env["recobro.item"], 10, day(1))
        item = self.item(self.coming)
        self.pay_invoice(self.coming, day=MONDAY)
        self.assertTrue(item)
        self.assertRefused("still owes", 10, day(1), self.coming)
        stranger = self.create_invoice(self.create_customer("Stranger"), 50, day(-5))
        self.assertRefused("still owes", 10, day(1), stranger)

    def test_two_currencies_in_one_promise_are_refused(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 0.5)])
        other = self.create_invoice(self.customer, 800, day(-5), currency_id=euro.id)
        self.assertRefused("one currency", 100, day(1), self.overdue, other)

    def test_a_contact_of_another_customer_is_refused(self):
        stranger = self.create_contact(self.create_customer("Stranger"), "Somebody")
        with self.assertRaises(ValidationError):
            self.promise(100, day(1), contact_id=stranger.id)


class TestSecondPromise(PromiseCase):
    def test_a_second_promise_for_the_same_items_takes_the_place_of_the_first(self):
        first = self.promise(500, day(5))
        second = self.promise(1000, day(10))
        self.assertEqual((first.state, first.superseded_by_id), ("superseded", second))
        self.assertEqual((second.state, second.is_renegotiated), ("open", True))
        self.assertEqual(self.held(self.overdue), 1000)

    def test_a_promise_for_other_items_stands_beside_the_first(self):
        first = self.promise(500, day(5))
        second = self.promise(300, day(10), self.coming)
        self.assertEqual((first.state, second.state, second.is_renegotiated), ("open", "open", False))

    def test_a_promise_in_addition_leaves_the_first_and_is_at_most_what_is_not_promised_yet(self):
        first = self.promise(700, day(5))
        with self.assertRaisesRegex(UserError, "more than"):
            self.promise(301, day(10), in_addition=True)
        second = self.promise(300, day(10), in_addition=True)
        self.assertEqual((first.state, second.state, second.is_renegotiated), ("open", "open", False))
        self.assertEqual(self.held(self.overdue), 1000)

    def test_a_promise_for_some_invoices_of_an_earlier_one_leaves_what_was_promised_of_the_others(self):
        first = self.promise(800, day(5), self.overdue, self.coming)
        second = self.promise(200, day(10))
        self.assertEqual((first.state, second.state, second.is_renegotiated), ("open", "open", False))
        self.assertEqual((self.held(self.overdue), self.held(self.coming)), (1000, 0))
        self.assertEqual(first.hold_ids.mapped("amount"), [800])

    def test_what_an_earlier_promise_still_says_of_an_invoice_is_not_promised_twice(self):
        first = self.promise(800, day(5), self.overdue, self.coming)
        with self.assertRaisesRegex(UserError, "choose all its invoices"):
            self.promise(200.01, day(10))
        self.assertEqual(first.state, "open")
        second = self.promise(1300, day(10), self.overdue, self.coming)
        self.assertEqual((first.state, first.superseded_by_id), ("superseded", second))

    def test_a_promise_whose_other_invoice_is_paid_is_replaced_by_one_for_the_rest(self):
        first = self.promise(1300, day(5), self.overdue, self.coming)
        self.pay_invoice(self.coming, 300, MONDAY)
        second = self.promise(1000, day(10))
        self.assertEqual((first.state, second.state), ("superseded", "open"))
        self.assertEqual(self.held(self.overdue), 1000)

    def test_past_the_limit_only_a_manager_may_take_one(self):
        self.promise(500, day(5))
        self.promise(500, day(6))
        env = self.as_user(self.collector)
        case = self.case.with_env(env)
        with self.assertRaisesRegex(AccessError, "manager"):
            env["recobro.promise"]._take(case, self.item(self.overdue).with_env(env), 500, day(7))
        self.assertEqual(self.promise(500, day(7)).state, "open")

    def test_withdrawing_a_promise_later_does_not_take_it_off_the_limit(self):
        self.promise(500, day(5)).with_env(self.env_on(day(1))).action_withdraw()
        self.promise(500, day(6))
        env = self.as_user(self.collector)
        with self.assertRaisesRegex(AccessError, "manager"):
            env["recobro.promise"]._take(self.case.with_env(env), self.item(self.overdue).with_env(env), 500, day(7))

    def test_a_promise_withdrawn_on_the_day_it_was_made_was_a_mistake_and_does_not_count_towards_the_limit(self):
        self.promise(500, day(5)).action_withdraw()
        self.promise(500, day(6))
        env = self.as_user(self.collector)
        promise = env["recobro.promise"]._take(
            self.case.with_env(env), self.item(self.overdue).with_env(env), 500, day(7)
        )
        self.assertEqual(promise.state, "open")

    def test_the_collector_asks_the_manager_who_is_told_what_was_offered_and_by_whom(self):
        self.promise(500, day(5))
        self.promise(500, day(6))
        boss = self.create_user("promise_boss", "recobro_module.group_recobro_manager")
        self.policy.user_id = boss
        env = self.as_user(self.collector)
        form = Form(env["recobro.promise.take"].with_context(default_case_id=self.case.id))
        self.assertIn("2 promises", form.promise_refusal)
        form.promise_amount = 444
        form.save().action_ask_manager()
        activity = self.case.activity_ids
        self.assertEqual(activity.user_id, boss)
        self.assertIn("444.00", activity.summary)
        self.assertIn(self.collector.name, activity.summary)
        # What the engine asks to approve comes and goes without it
        self.run_day(MONDAY)
        self.assertTrue(activity.exists())


class TestHold(PromiseCase):
    def test_what_is_promised_is_not_chased_and_the_rest_is(self):
        self.assertEqual(self.chased(self.customer, MONDAY), 1300)
        self.promise(600, day(5))
        self.assertEqual(self.chased(self.customer, MONDAY), 700)

    def test_the_message_that_goes_out_sets_the_promised_part_apart_and_says_when_they_will_pay(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        self.promise(600, day(5))
        self.run_day(MONDAY)
        [message] = self.messages_to(self.customer)
        body = message.mail_id.body_html or message.message_id.body
        self.assertIn("you told us you will pay on", body)
        self.assertIn("400.00", body)
        self.assertIn("600.00", body)

    def test_the_oldest_item_is_held_first(self):
        self.promise(1100, day(5), self.overdue, self.coming)
        self.assertEqual((self.held(self.overdue), self.held(self.coming)), (1000, 100))

    def test_money_that_comes_is_held_no_more(self):
        promise = self.promise(600, day(5))
        self.pay_invoice(self.overdue, 200, day(1))
        self.refresh(self.customer, day(1))
        self.assertEqual((promise.state, promise.received_amount, self.held(self.overdue)), ("open", 200, 400))

    def test_a_dispute_that_is_opened_later_pushes_the_promise_to_its_other_item(self):
        self.promise(1000, day(5), self.overdue, self.coming)
        self.env["recobro.hold"].create(
            {
                "name": "Price",
                "reason": "dispute",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "item_id": self.item(self.overdue).id,
                "amount": 400,
                "date_from": day(-1),
            }
        )
        self.refresh(self.customer, MONDAY)
        self.assertEqual((self.held(self.overdue), self.held(self.coming)), (1000, 300))

    def test_a_promise_that_is_withdrawn_is_chased_again(self):
        promise = self.promise(600, day(5))
        promise.with_env(self.as_user(self.collector)).action_withdraw()
        self.assertEqual((promise.state, self.chased(self.customer, MONDAY)), ("withdrawn", 1300))
        with self.assertRaisesRegex(UserError, "open"):
            promise.action_withdraw()

    def test_looking_again_when_nothing_changed_leaves_no_mark(self):
        self.promise(600, day(5))
        self.env["recobro.mark"].sudo().search([]).unlink()
        self.refresh(self.customer, day(1))
        self.assertFalse(self.env["recobro.mark"].search_count([]))

    def test_the_hold_can_only_be_ended_with_its_promise(self):
        promise = self.promise(600, day(5))
        with self.assertRaisesRegex(UserError, "belongs to"):
            promise.hold_ids.action_end()


class TestRights(PromiseCase):
    def test_nobody_writes_a_promise_behind_the_dialog(self):
        promise = self.promise(600, day(5))
        env = self.as_user(self.collector)
        values = {"partner_id": self.customer.id, "amount": 5, "date": day(1), "company_id": self.company.id}
        with self.assertRaises(AccessError):
            env["recobro.promise"].create(values)
        for name, value in (
            ("amount", 5),
            ("date", day(20)),
            ("deadline", day(20)),
            ("state", "kept"),
            ("received_amount", 600),
            ("partner_id", self.create_customer("Else").id),
            ("currency_id", self.env.ref("base.EUR").id),
            ("line_ids", [Command.clear()]),
            ("superseded_by_id", promise.id),
            ("name", "X"),
        ):
            with self.assertRaises(AccessError, msg=name):
                promise.with_env(env).write({name: value})
        promise.with_env(env).write({"note": "By transfer", "user_id": self.collector.id})
        self.assertEqual((promise.amount, promise.note), (600, "By transfer"))

    def test_an_accountant_reads_promises_and_takes_none(self):
        promise = self.promise(600, day(5))
        env = self.as_user(self.accountant)
        self.assertEqual(promise.with_env(env).amount, 600)
        with self.assertRaises(AccessError):
            promise.with_env(env).action_withdraw()
        with self.assertRaises(AccessError):
            env["recobro.promise.take"].create({"case_id": self.case.id})

    def test_employees_portal_users_and_other_companies_see_no_promise(self):
        promise = self.promise(600, day(5))
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "promise_stranger",
            "recobro_module.group_recobro_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for user in (self.employee, self.portal, stranger):
            with self.assertRaises(AccessError, msg=user.login):
                promise.with_user(user).with_context(allowed_company_ids=user.company_ids.ids).read(["amount"])

    def test_a_merged_customer_takes_its_promises_along(self):
        promise = self.promise(600, day(5))
        target = self.create_customer("Promiser again")
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": [Command.set((self.customer | target).ids)], "dst_partner_id": target.id}
        )
        wizard.action_merge()
        self.assertEqual(promise.partner_id, target)


class TestTwoAtOnce(AtOnceCase):
    """With real transactions: two collectors record answers of one customer at the same moment."""

    def test_of_two_promises_of_all_that_is_owed_one_stands(self):
        self.assertEqual(self.work_at_once(self.promise), ["superseded", "open"])

    def test_of_two_payments_in_hand_of_all_that_is_owed_one_is_recorded(self):
        with self.assertRaisesRegex(UserError, "more than can be paid"):
            self.work_at_once(self.hand_over)

    def test_an_invoice_is_not_promised_and_handed_over_at_once(self):
        with self.assertRaisesRegex(UserError, "more than can be paid"):
            self.work_at_once(self.promise, self.hand_over)

    def work_at_once(self, one_does, other_does=None):
        """Let two people look, and then work; who is late by a moment is told to try again, as the server does."""
        other_does = other_does or one_does
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = self.work(one), self.work(two)
            for env in (first, second):
                self.assertFalse(env["recobro.promise"].search([("partner_id", "=", self.made["partner"])]))
            one_does(first)
            first.flush_all()
            one.commit()
            with self.assertRaises(odoo.service.model.PG_CONCURRENCY_EXCEPTIONS_TO_RETRY), mute_logger("odoo.sql_db"):
                other_does(second)
                second.flush_all()
            two.rollback()
            second.invalidate_all(flush=False)
            other_does(second)
            second.flush_all()
            two.commit()
        with self.registry.cursor() as cr:
            found = self.work(cr)["recobro.promise"].search([("partner_id", "=", self.made["partner"])], order="id")
            return found.mapped("state")

    def work(self, cr):
        """Somebody at work in the company on the Monday of the tests."""
        return api.Environment(
            cr, self.made["user"], {"recobro_as_of": lived(MONDAY), "allowed_company_ids": [self.made["company"]]}
        )

    def promise(self, env):
        case = env["recobro.case"].browse(self.made["case"])
        return env["recobro.promise"]._take(case, env["recobro.item"].browse(self.made["item"]), 100, day(5))

    def hand_over(self, env):
        return env["recobro.payment.in.hand"].create(
            {
                "partner_id": self.made["partner"],
                "company_id": self.made["company"],
                "amount": 100,
                "maturity": day(5),
                "item_ids": [Command.set([self.made["item"]])],
            }
        )

    def make(self, env):
        """A company with a customer, an overdue invoice and its case, committed."""
        company = self.make_company(env, "Promised at once")
        env = env(context={"allowed_company_ids": company.ids, "recobro_as_of": lived(MONDAY)})
        user = env["res.users"].create(
            {
                "name": "Ana",
                "login": company.name,
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
                "group_ids": [Command.set(env.ref("recobro_module.group_recobro_user").ids)],
            }
        )
        partner = env["res.partner"].create({"name": "Two", "is_company": True, "email": "two@customer.example"})
        invoice = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day(-40),
                "invoice_date_due": day(-10),
                "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})],
            }
        )
        invoice.action_post()
        return {
            "company": company.id,
            "user": user.id,
            "partner": partner.id,
            "case": env["recobro.case"]._open_for(partner, company).id,
            "item": open_items.meet(env, company, MONDAY, partner.ids).id,
        }

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"recobro_as_of": lived(MONDAY)})
            env["res.company"].browse(self.made["company"]).recobro_stopped = True
            env["res.users"].browse(self.made["user"]).active = False
            mine = [("partner_id", "=", self.made["partner"])]
            for promise in env["recobro.promise"].search([*mine, ("state", "=", "open")]):
                promise.action_withdraw()
            for payment in env["recobro.payment.in.hand"].search([*mine, ("state", "=", "in_hand")]):
                payment.action_cancel()
            env["recobro.case"].browse(self.made["case"])._set_closed("withdrawn", MONDAY)
            env["recobro.mark"].search(mine).unlink()
