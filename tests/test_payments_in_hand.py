"""A direct debit, a note or a cheque keeps its invoices from being chased until the bank has paid, or returned it."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form
from odoo.tools import html2plaintext

from odoo.addons.recobro_module.engine import open_items, run

from .common import MONDAY, RecobroCase
from .test_bad_input import BadInputCase
from .test_security import ACCOUNTANT, SecurityCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class PaymentInHandCase(RecobroCase):
    """Short ways to record a payment in hand, and to return it, as a person does on a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The first level is that of the due date, the next three days later
        cls.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()

    def dialog(self, on, case=None, moves=None, user=None):
        """The dialog “Payment in hand” as it opens on the case, or on invoices."""
        env = self.env_on(on)
        if user:
            env = env(user=user, su=False, context={**env.context, "allowed_company_ids": user.company_id.ids})
        context = {"default_case_id": case.id} if case else {"default_move_ids": moves.ids}
        if moves:
            customer = moves.commercial_partner_id[:1]
            context |= {"default_partner_id": customer.id, "default_company_id": self.company.id}
        return Form(env["recobro.payment.in.hand.take"].with_context(**context))

    def take(self, on, maturity, moves, kind="promissory_note", amount=None, **values):
        """Record a payment in hand for invoices by the dialog, and return it."""
        dialog = self.dialog(on, moves=moves)
        dialog.kind = kind
        dialog.maturity = maturity
        if amount:
            dialog.amount = amount
        for name, value in values.items():
            setattr(dialog, name, value)
        dialog.save().action_record()
        self.env.invalidate_all()
        return self.env["recobro.payment.in.hand"].search([], order="id desc", limit=1)

    def give_back(self, payment, on, reason="AM04 insufficient funds", costs=0, user=None):
        """The bank returns a payment; somebody records it by the dialog."""
        env = self.env_on(on)
        if user:
            env = env(user=user, su=False, context={**env.context, "allowed_company_ids": user.company_id.ids})
        action = payment.with_env(env).action_return()
        dialog = Form(env[action["res_model"]].with_context(**action["context"]))
        dialog.reason, dialog.costs = reason, costs
        dialog.save().action_return()
        self.env.invalidate_all()

    def texts(self, message):
        """The subject and the plain text of a message that went out."""
        return message.mail_id.subject, html2plaintext(message.mail_id.body_html)

    def alerts(self, case, kind):
        """The activities of a kind on a case."""
        return case.activity_ids.filtered(
            lambda activity: activity.activity_type_id == self.env.ref(f"recobro_module.activity_type_{kind}")
        )


class TestHeldUntilItsMaturity(PaymentInHandCase):
    def test_a_note_keeps_its_invoice_from_being_chased_until_the_bank_has_had_its_days_and_no_longer(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(0))
        self.run_day(day(0))
        self.assertEqual(self.levels_of(invoice), [0])
        # A Thursday; the bank has Friday and Monday
        payment = self.take(day(1), day(10), invoice, reference="77-A")
        self.assertEqual((payment.state, payment.amount, payment.held_until), ("in_hand", 1000, day(14)))
        self.run_days(day(2), day(14))
        self.assertEqual(self.levels_of(invoice), [0])
        self.assertFalse(self.alerts(self.case_of(customer), "matured"))
        self.run_day(day(15))
        self.assertEqual(self.levels_of(invoice), [0, 3])

    def test_the_owner_of_the_case_is_told_once_that_nobody_said_what_became_of_it(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(-1))
        self.take(day(0), day(1), invoice, reference="77-A")
        self.run_days(day(0), day(3))
        self.assertFalse(self.alerts(self.case_of(customer), "matured"))
        self.run_day(day(4))
        [alert] = self.alerts(self.case_of(customer), "matured")
        self.assertIn("77-A", html2plaintext(alert.note))
        self.assertEqual(alert.user_id, self.policy.user_id)
        alert.unlink()
        self.run_days(day(5), day(7))
        self.assertFalse(self.alerts(self.case_of(customer), "matured"))

    def test_of_a_note_for_a_part_the_rest_is_chased_and_the_customer_reads_which_is_which(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(0))
        self.take(day(-2), day(30), invoice, amount=400)
        self.assertEqual(self.chased(customer, day(0)), 600)
        self.run_day(day(0))
        [message] = self.messages_to(customer)
        _subject, text = self.texts(message)
        asked, apart = text.split("Set apart")
        self.assertIn("600.00", asked)
        self.assertIn("400.00", apart)
        self.assertIn("payment on its way, for", apart)

    def test_of_two_instalments_the_oldest_is_held_first(self):
        customer = self.create_customer()
        invoice = self.create_instalments(customer, 1000, day(-30), [25, 30])
        self.take(day(-3), day(20), invoice, amount=700)
        first, second = self.items_of(invoice)
        holds = self.env["recobro.hold"].search([("item_id", "in", (first | second).ids)])
        self.assertEqual({hold.item_id: hold.amount for hold in holds}, {first: 500, second: 200})
        self.assertEqual(self.chased(customer, day(0)), 300)

    def test_what_is_in_hand_already_is_not_offered_again(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(0))
        other = self.create_invoice(customer, 50, day(0))
        self.take(day(-3), day(20), invoice, amount=700)
        dialog = self.dialog(day(-2), moves=invoice)
        self.assertEqual((dialog.amount, dialog.free_amount), (300, 300))
        self.take(day(-2), day(25), invoice)
        self.assertEqual(self.chased(customer, day(0)), 50)
        self.run_day(day(0))
        dialog = self.dialog(day(0), case=self.case_of(customer))
        self.assertEqual(dialog.item_ids[:].move_id, other)

    def test_a_later_maturity_moves_the_hold_and_an_earlier_one_too(self):
        customer = self.create_customer()
        invoice = self.create_invoice(customer, 1000, day(0))
        payment = self.take(day(-2), day(3), invoice)
        payment.with_env(self.env_on(day(1))).maturity = day(17)
        self.assertEqual((payment.held_until, payment.hold_ids.date_until), (day(21), day(21)))
        self.assertEqual(payment.hold_ids.expected_date, day(17))
        self.assertEqual((self.chased(customer, day(21)), self.chased(customer, day(22))), (0, 1000))
        payment.with_env(self.env_on(day(1))).maturity = day(2)
        self.assertEqual((self.chased(customer, day(4)), self.chased(customer, day(5))), (0, 1000))

    def test_the_log_says_what_was_handed_over(self):
        customer = self.create_customer()
        self.take(day(-2), day(3), self.create_invoice(customer, 1000, day(0)), reference="77-A")
        [line] = self.env["recobro.interaction"].search([("partner_id", "=", customer.id)])
        self.assertEqual((line.channel, line.result, line.date.date()), ("note", "noted", day(-2)))
        self.assertIn("77-A", line.summary)
        self.assertIn("1,000.00", line.summary)


class TestPaidOut(PaymentInHandCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoices = self.create_invoice(self.customer, 600, day(-1)) | self.create_invoice(
            self.customer, 400, day(0)
        )
        self.payment = self.take(day(-2), day(3), self.invoices, kind="direct_debit")

    def test_it_is_collected_when_its_last_invoice_is_paid_and_not_before(self):
        self.pay_invoice(self.invoices[0], day=day(3))
        self.refresh(self.customer, day(3))
        self.assertEqual(self.payment.state, "in_hand")
        self.pay_invoice(self.invoices[1], day=day(3))
        self.refresh(self.customer, day(3))
        self.assertEqual(self.payment.state, "collected")
        self.assertFalse(self.payment.hold_ids)

    def test_an_invoice_that_is_a_draft_for_a_while_is_not_taken_for_paid(self):
        self.invoices.button_draft()
        self.refresh(self.customer, day(1))
        self.assertEqual(self.payment.state, "in_hand")
        self.invoices.action_post()
        self.refresh(self.customer, day(1))
        self.assertEqual(self.payment.state, "in_hand")
        self.assertEqual(self.chased(self.customer, day(4)), 0)

    def test_one_that_a_person_knows_to_be_paid_is_not_chased_while_the_books_follow(self):
        self.payment.with_env(self.env_on(day(8))).action_collected()
        self.assertEqual(self.payment.state, "collected")
        self.assertEqual((self.chased(self.customer, day(10)), self.chased(self.customer, day(11))), (0, 1000))
        self.run_days(day(11), day(14))
        self.assertFalse(self.alerts(self.case_of(self.customer), "matured"))

    def test_a_cancelled_one_holds_nothing_and_a_second_click_is_told_so(self):
        self.payment.with_env(self.env_on(day(0))).action_cancel()
        self.assertEqual(self.payment.state, "cancelled")
        self.assertEqual(self.chased(self.customer, day(0)), 1000)
        for button in ("action_collected", "action_cancel", "action_return"):
            with self.assertRaisesRegex(UserError, "already closed"):
                getattr(self.payment, button)()


class TestReturned(PaymentInHandCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 1000, day(0))
        self.run_day(day(0))
        self.payment = self.take(day(1), day(8), self.invoice, reference="77-A")

    def test_the_ladder_goes_on_at_its_place_and_the_next_message_alone_says_what_the_bank_did(self):
        self.run_days(day(1), day(8))
        self.give_back(self.payment, day(9), costs=35)
        self.assertEqual(self.payment.state, "returned")
        self.assertFalse(self.payment.hold_ids)
        self.run_days(day(9), day(9))
        self.assertEqual(self.levels_of(self.invoice), [0, 3])
        subject, text = self.texts(self.messages_to(self.customer)[-1])
        self.assertIn("was returned by the bank", subject)
        self.assertIn("returned your promissory note due on 03/10/2026, $ 1,000.00", text.replace("\xa0", " "))
        self.assertIn(self.invoice.name, text)
        self.assertIn("pay by transfer", text)
        for secret in ("35.00", "AM04", "insufficient"):
            self.assertNotIn(secret, subject + text)
        self.run_days(day(10), day(30))
        self.assertEqual(self.levels_of(self.invoice), [0, 3, 7, 15])
        subject, text = self.texts(self.messages_to(self.customer)[-1])
        self.assertIn("Overdue with", subject)
        self.assertNotIn("promissory note", text)

    def test_a_call_that_comes_first_does_not_use_up_the_message(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days == 3).channel = "call"
        self.give_back(self.payment, day(2))
        self.run_day(day(3))
        [call] = self.tasks_of(self.customer)
        call.with_env(self.env_on(day(3))).sudo()._set_done()
        self.run_days(day(4), day(30))
        self.assertIn("was returned by the bank", self.texts(self.messages_to(self.customer)[-1])[0])

    def test_who_approves_the_next_message_sees_the_words_of_the_return(self):
        self.policy.level_ids.filtered(lambda level: level.delay_days == 3).needs_approval = True
        self.give_back(self.payment, day(2))
        self.run_day(day(3))
        [waiting] = self.tasks_of(self.customer, "to_approve")
        self.assertIn("returned your promissory note", html2plaintext(waiting.with_env(self.env_on(day(3))).preview))
        waiting.with_env(self.env_on(day(3))).action_approve()
        self.run_day(day(4))
        self.assertIn("returned your promissory note", self.texts(waiting)[1])

    def test_a_message_that_came_back_is_said_again(self):
        self.give_back(self.payment, day(2))
        self.run_day(day(3))
        case = self.case_of(self.customer)
        first = self.messages_to(self.customer)[-1]
        self.assertFalse(self.items_of(self.invoice).next_template_id)
        case.with_env(self.env_on(day(3)))._message_receive_bounce(self.customer.email_normalized, self.customer)
        self.assertEqual(first.state, "failed")
        self.customer.email = "other@customer.example"
        self.run_days(day(4), day(6))
        second = self.messages_to(self.customer)[-1]
        self.assertNotEqual(second, first)
        self.assertIn("returned your promissory note", self.texts(second)[1])

    def test_the_owner_is_told_why_and_what_it_costs_of_each_return(self):
        other = self.take(day(1), day(8), self.create_invoice(self.customer, 50, day(20)), kind="cheque")
        self.give_back(self.payment, day(2), reason="AM04 <b>funds</b>", costs=35)
        self.give_back(other, day(2), reason="Stopped by the drawer")
        case = self.case_of(self.customer)
        [alert] = self.alerts(case, "returned")
        text = html2plaintext(alert.note)
        for word in ("77-A", "AM04 <b>funds</b>", "35.00", "Stopped by the drawer"):
            self.assertIn(word, text)
        self.assertEqual(alert.user_id, self.policy.user_id)
        lines = case.interaction_ids.filtered(lambda line: "Returned" in (line.summary or ""))
        self.assertEqual(len(lines), 2)
        self.assertIn("35.00", lines.sorted("id")[0].note)

    def test_a_direct_debit_that_comes_back_after_it_was_paid_is_returned_too(self):
        paid = self.pay_invoice(self.invoice, day=day(8))
        self.refresh(self.customer, day(8))
        self.assertEqual(self.payment.state, "collected")
        paid.action_draft()
        paid.action_cancel()
        self.give_back(self.payment, day(20))
        self.run_days(day(20), day(21))
        self.assertIn("returned your promissory note", self.texts(self.messages_to(self.customer)[-1])[1])

    def test_a_second_note_that_is_returned_is_told_without_the_first(self):
        self.give_back(self.payment, day(2))
        self.run_day(day(3))
        second = self.take(day(4), day(6), self.invoice, kind="cheque")
        self.give_back(second, day(7))
        self.run_days(day(7), day(40))
        text = self.texts(self.messages_to(self.customer)[-1])[1]
        self.assertIn("returned your cheque", text)
        self.assertNotIn("promissory note", text)

    def test_without_a_template_in_the_policy_the_level_speaks(self):
        self.policy.returned_template_id = False
        self.give_back(self.payment, day(2))
        self.run_day(day(3))
        self.assertIn("Reminder from", self.texts(self.messages_to(self.customer)[-1])[0])

    def test_a_return_before_any_case_is_open_opens_one_for_its_alert(self):
        customer = self.create_customer("Early")
        payment = self.take(day(1), day(8), self.create_invoice(customer, 70, day(60)))
        self.assertFalse(self.case_of(customer))
        self.give_back(payment, day(2))
        self.assertEqual(len(self.alerts(self.case_of(customer), "returned")), 1)


class TestRefused(BadInputCase, PaymentInHandCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 1000, day(0))

    def values(self, moves=None, **values):
        """What a client would send to create a payment without the dialog."""
        moves = moves or self.invoice
        self.run_day(day(0), send=False)
        items = self.env["recobro.item"].search([("move_id", "in", moves.ids)])
        return {
            "kind": "cheque",
            "partner_id": self.customer.id,
            "company_id": self.company.id,
            "currency_id": self.company.currency_id.id,
            "amount": 100,
            "maturity": day(5),
            "item_ids": items.ids,
            **values,
        }

    def create(self, values):
        return self.env_on(day(0))["recobro.payment.in.hand"].create(values)

    def test_what_can_not_be_meant_is_refused_with_or_without_the_dialog(self):
        other = self.create_invoice(self.create_customer("Other"), 100, day(0))
        euro = self.env.ref("base.EUR")
        euro.active = True
        in_euro = self.create_invoice(self.customer, 80, day(0), currency_id=euro.id)
        for words, values in (
            (("has passed", "later day"), {"maturity": day(-1)}),
            (("is more than", "1,000.00"), {"amount": 1000.01}),
            (("give its amount",), {"amount": 0}),
            (("give its amount",), {"amount": -5}),
            (("one customer",), {"moves": self.invoice | other}),
            (("one customer",), {"partner_id": other.partner_id.id}),
            (("one currency",), {"moves": self.invoice | in_euro}),
            (("one currency",), {"currency_id": euro.id}),
            (("at least one invoice",), {"item_ids": []}),
        ):
            values = self.values(**values)
            with self.subTest(words), self.refused(*words):
                self.create(values)
        self.assertFalse(self.env["recobro.payment.in.hand"].search([("partner_id", "=", self.customer.id)]))

    def test_a_paid_invoice_is_refused_and_not_offered(self):
        values = self.values()
        self.pay_invoice(self.invoice)
        with self.refused("Nothing is open", self.invoice.name):
            self.create(values)
        self.assertFalse(self.dialog(day(1), moves=self.invoice).item_ids[:])

    def test_a_return_needs_a_reason_and_a_day_that_has_come_and_costs_that_cost(self):
        payment = self.create(self.values())
        wizard = self.env_on(day(3))["recobro.payment.in.hand.return"].create(
            {"payment_id": payment.id, "reason": "x", "day": day(3)}
        )
        for words, values in (
            (("reason",), {"reason": "  "}),
            (("negative",), {"costs": -1}),
            (("day to come",), {"day": day(4)}),
        ):
            with self.subTest(words), self.refused(*words):
                wizard.write({"reason": "x", "costs": 0, "day": day(3), **values})
                wizard.action_return()
        self.assertEqual(payment.state, "in_hand")

    def test_the_maturity_of_a_closed_one_and_one_in_the_past_are_refused(self):
        payment = self.create(self.values())
        with self.refused("has passed"):
            payment.with_env(self.env_on(day(1))).maturity = day(0)
        payment.with_env(self.env_on(day(1))).action_cancel()
        with self.refused("not in hand any more"):
            payment.with_env(self.env_on(day(1))).maturity = day(9)

    def test_it_is_never_deleted(self):
        payment = self.create(self.values())
        with self.refused("kept"):
            payment.sudo().unlink()


class TestWhoMay(SecurityCase, PaymentInHandCase):
    def record_as(self, user):
        # Who may not see invoices comes from the case
        come_from = {"moves": self.invoice} if user == self.accountant else {"case": self.case}
        dialog = self.dialog(MONDAY, user=user, **come_from)
        dialog.maturity = day(5)
        dialog.save().action_record()
        return self.env["recobro.payment.in.hand"].search([("partner_id", "=", self.customer.id)])

    def test_a_collector_and_an_accountant_record_and_return(self):
        for user in (self.collector, self.accountant):
            payment = self.record_as(user)[0]
            self.assertEqual(payment.user_id, user)
            self.give_back(payment, day(1), user=user)
            self.assertEqual(payment.state, "returned")
            self.assertEqual(self.chased(self.customer, day(1)), 100)

    def test_who_may_not_neither_records_nor_closes_and_a_customer_sees_nothing(self):
        payment = self.record_as(self.collector)
        for user in (self.auditor, self.employee, self.portal, self.public):
            mine = self.as_user(user, payment)
            with self.subTest(user.login):
                for button in ("action_collected", "action_cancel", "action_return"):
                    with self.assertRaises(AccessError):
                        getattr(mine, button)()
                with self.assertRaises(AccessError):
                    mine.env["recobro.payment.in.hand"].create({"partner_id": self.customer.id})
                with self.assertRaises(AccessError):
                    mine.env["recobro.payment.in.hand.take"].create({"maturity": day(5)})
                self.assertEqual(mine.has_access("read"), user == self.auditor)

    def test_nobody_goes_round_the_buttons_by_rpc(self):
        payment = self.record_as(self.collector)
        for user in (self.collector, self.accountant, self.manager):
            mine = self.as_user(user, payment)
            for values in (
                {"state": "collected"},
                {"amount": 1},
                {"item_ids": [Command.clear()]},
                {"return_costs": 9},
                {"held_until": day(300)},
                {"partner_id": self.portal.partner_id.id},
            ):
                with self.subTest(user=user.login, values=values), self.assertRaises(AccessError):
                    mine.write(values)
            mine.write({"note": "Seen", "reference": "A1"})
            with self.assertRaises(AccessError):
                mine.create({"state": "returned", "partner_id": self.customer.id})
            with self.assertRaises(AccessError):
                mine.sudo().hold_ids.sudo(False).unlink()

    def test_a_state_does_not_come_in_by_the_context(self):
        item = self.items_of(self.invoice)
        made = (
            self.as_user(self.collector, self.env["recobro.payment.in.hand"])
            .with_context(default_state="returned", default_held_until="2030-01-01")
            .create({"partner_id": self.customer.id, "amount": 10, "maturity": day(5), "item_ids": item.ids})
        )
        self.assertEqual((made.state, made.held_until), ("in_hand", day(8)))

    def test_who_works_in_another_company_neither_sees_nor_holds_anything_here(self):
        payment = self.record_as(self.collector)
        other = self.env["res.company"].create({"name": "Other seller"})
        stranger = self.create_user("stranger", f"{ACCOUNTANT},recobro_module.group_recobro_user", other)
        payments = self.as_user(stranger, payment)
        self.assertFalse(payments.search([("id", "in", payment.ids)]))
        with self.assertRaises(AccessError):
            payments.action_cancel()
        with self.assertRaises(UserError):
            payments.create(
                {
                    "partner_id": self.customer.id,
                    "amount": 1,
                    "maturity": day(5),
                    "item_ids": self.items_of(self.invoice).ids,
                }
            )


class TestMany(PaymentInHandCase):
    def test_a_day_on_which_notes_run_out_needs_as_many_queries_for_forty_customers_as_for_ten(self):
        self.make_customers(10, 0)
        few = self.count_queries(day(6))
        self.make_customers(40, 7)
        self.assertLessEqual(self.count_queries(day(13)), few)
        self.assertEqual(self.env["recobro.payment.in.hand"].search_count([("alerted_on", "!=", False)]), 50)

    def test_a_day_on_which_notes_are_paid_needs_as_many_queries_for_forty_as_for_ten(self):
        self.pay(self.make_customers(10, 0))
        few = self.count_queries(day(3))
        self.pay(self.make_customers(40, 0))
        self.assertLessEqual(self.count_queries(day(3)), few)
        self.assertEqual(self.env["recobro.payment.in.hand"].search_count([("state", "=", "collected")]), 50)

    def make_customers(self, number, first):
        """Customers with an overdue invoice each, and a note for it that the bank is to pay on a Wednesday."""
        env = self.env_on(day(first))
        customers = self.env["res.partner"].union(
            *(self.create_customer(f"Customer {number} {index}") for index in range(number))
        )
        for customer in customers:
            self.create_invoice(customer, 100, day(first - 1))
        items = open_items.meet(env, self.company, day(first), customers.ids)
        return env["recobro.payment.in.hand"].create(
            [
                {
                    "kind": "promissory_note",
                    "partner_id": item.partner_id.id,
                    "company_id": self.company.id,
                    "currency_id": item.currency_id.id,
                    "amount": 100,
                    "maturity": day(first + 2),
                    "item_ids": item.ids,
                }
                for item in items
            ]
        )

    def pay(self, payments):
        for invoice in payments.item_ids.move_id:
            self.pay_invoice(invoice, day=day(2))

    def count_queries(self, on):
        """How many statements deciding a day takes, from a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env_on(on)
        record = env["recobro.run"].sudo()._start(self.company, on, "manual")
        record.flush_recordset()
        before = self.env.cr.sql_log_count
        run.decide(env, self.company, on, record)
        env.flush_all()
        return self.env.cr.sql_log_count - before
