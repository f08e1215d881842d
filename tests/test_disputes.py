"""Disputes: what is set apart and what is chased, how they end, and what becomes of their credit notes."""

import uuid
from datetime import date, timedelta

from psycopg2.errors import CheckViolation

import odoo
from odoo import Command, api
from odoo.exceptions import UserError, ValidationError
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine.disputes import dispute_alerts, disputes

from .common import MONDAY, RecobroCase, lived
from .frames import AtOnceCase


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class DisputeCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.create_customer()
        cls.reason = cls.env.ref("recobro_module.dispute_reason_price")

    def dispute(self, amounts, on=MONDAY, **vals):
        """A ticket opened on a day for {invoice: amount}."""
        return self.env_on(on)["recobro.dispute"]._open_ticket(
            next(iter(amounts)).commercial_partner_id,
            self.company,
            amounts,
            **{"reason_id": self.reason.id, "subject": "Wrong price", **vals},
        )

    def by_mail(self, amounts, on=MONDAY):
        """A ticket that came by mail: the gateway works as OdooBot."""
        bot = self.env_on(on)(user=odoo.SUPERUSER_ID)
        return bot["recobro.dispute"]._open_ticket(
            self.customer, self.company, {move.with_env(bot): amount for move, amount in amounts.items()}, source="mail"
        )

    def on(self, ticket, when):
        """The ticket as somebody sees it who lives on a day."""
        return ticket.with_env(self.env_on(when))

    def activities(self, ticket, name):
        """The activities of a kind on a ticket."""
        kind = self.env.ref(f"recobro_module.activity_type_{name}")
        return ticket.sudo().activity_ids.filtered(lambda activity: activity.activity_type_id == kind)

    def taxed(self, percent, **values):
        """A sales tax of so many per cent."""
        return self.env["account.tax"].create(
            {"name": f"Tax {percent} {uuid.uuid4().hex[:4]}", "amount": percent, "type_tax_use": "sale", **values}
        )

    def invoice_of(self, *lines, **values):
        """A posted invoice with (price, taxes) lines, due on the Monday of the tests."""
        return self.create_invoice(
            self.customer,
            0,
            MONDAY,
            invoice_line_ids=[
                Command.create(
                    {"name": "Goods", "quantity": 1, "price_unit": price, "tax_ids": [Command.set(taxes.ids)]}
                )
                for price, taxes in lines
            ],
            **values,
        )


class TestOpeningADispute(DisputeCase):
    def test_only_the_disputed_part_is_not_chased(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.assertEqual(self.chased(self.customer, MONDAY), 600)
        self.assertEqual((ticket.kind, ticket.is_taken, ticket.amount), ("open", True, 400))

    def test_the_message_says_what_is_disputed_with_its_number_and_asks_for_the_rest(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.run_day(MONDAY)
        body = self.messages_to(self.customer).mail_id.body_html or self.messages_to(self.customer).mail_id.body
        text = odoo.tools.html2plaintext(body)
        self.assertIn(ticket.name, text)
        self.assertIn("400.00", text)
        self.assertIn("600.00", text)
        self.assertIn("not asking for these amounts", text)

    def test_a_dispute_opened_between_planning_and_sending_is_not_in_the_mail(self):
        invoice, other = (self.create_invoice(self.customer, amount, MONDAY) for amount in (1000, 70))
        self.run_day(MONDAY, send=False)
        self.dispute({invoice: 1000})
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertFalse(self.messages_to(self.customer), "what was queued says what is not true any more")
        self.run_day(MONDAY)
        message = self.messages_to(self.customer)
        asked = message.line_ids.filtered(lambda line: line.state == "done").item_id
        self.assertEqual(asked, self.items_of(other))

    def test_of_an_invoice_on_instalments_the_earliest_is_set_apart_first(self):
        invoice = self.create_instalments(self.customer, 400, day(-60), (30, 60, 90, 120))
        ticket = self.dispute({invoice: 150})
        held = {hold.item_id.instalment: hold.amount for hold in ticket.hold_ids}
        self.assertEqual(held, {1: 100, 2: 50})
        self.pay_invoice(invoice, 100, MONDAY)
        self.refresh(self.customer, MONDAY)
        held = {hold.item_id.instalment: hold.amount for hold in ticket.hold_ids}
        self.assertEqual(held, {2: 100, 3: 50}, "what is paid needs no hold")

    def test_the_credit_note_of_another_dispute_is_not_given_to_two(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        self.on(self.dispute({invoice: 400}), MONDAY).action_credit_note()
        with self.assertRaisesRegex(ValidationError, "600.00 can be disputed"), self.cr.savepoint():
            self.dispute({invoice: 700})
        self.dispute({invoice: 600})

    def test_two_disputes_on_one_invoice_add_up(self):
        invoice = self.create_instalments(self.customer, 400, day(-60), (30, 60, 90, 120))
        first, second = self.dispute({invoice: 150}), self.dispute({invoice: 100})
        for ticket, parts in ((first, {1: 100, 2: 50}), (second, {2: 50, 3: 50})):
            self.assertEqual({hold.item_id.instalment: hold.amount for hold in ticket.hold_ids}, parts)
        self.assertEqual(self.chased(self.customer, day(60)), 150)

    def test_no_more_can_be_disputed_than_is_open_and_in_no_other_dispute(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        self.pay_invoice(invoice, 300, MONDAY)
        for amount, error in ((700.01, ValidationError), (0, CheckViolation), (-5, CheckViolation)):
            with (
                self.subTest(amount=amount),
                self.assertRaises(error),
                self.cr.savepoint(),
                mute_logger("odoo.sql_db"),
            ):
                self.dispute({invoice: amount})
        self.dispute({invoice: 600})
        with self.assertRaisesRegex(ValidationError, "100.00 can be disputed"), self.cr.savepoint():
            self.dispute({invoice: 100.01})
        self.dispute({invoice: 100})

    def test_only_posted_invoices_of_the_customer_can_be_disputed(self):
        stranger = self.create_invoice(self.create_customer("Stranger"), 100, MONDAY)
        draft = self.create_invoice(self.customer, 100, MONDAY, post=False)
        credit = self.create_credit_note(self.customer, 100, MONDAY)
        for move in (stranger, draft, credit):
            with self.subTest(move=move), self.assertRaises(ValidationError), self.cr.savepoint():
                self.env["recobro.dispute"]._open_ticket(self.customer, self.company, {move: 10}, subject="No")

    def test_a_dispute_is_in_one_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 2.0)])
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        foreign = self.create_invoice(self.customer, 100, MONDAY, currency_id=euro.id)
        with self.assertRaisesRegex(ValidationError, "one currency"), self.cr.savepoint():
            self.dispute({invoice: 10, foreign: 10})
        ticket = self.dispute({foreign: 60})
        self.assertEqual((ticket.currency_id, ticket.amount, ticket.amount_company), (euro, 60, 30))
        self.assertEqual(self.chased(self.customer, MONDAY), 100 + 20)

    def test_a_person_disputes_at_least_one_invoice(self):
        with self.assertRaisesRegex(UserError, "choose at least one"), self.cr.savepoint():
            self.env["recobro.dispute"]._open_ticket(self.customer, self.company, {}, subject="What?")

    def test_it_takes_from_its_reason_who_and_how_fast_opens_the_case_and_is_in_the_log(self):
        invoice = self.create_invoice(self.customer, 100, day(30))
        self.reason.write({"sla_hours": 24, "user_id": self.env.user.id})
        ticket = self.dispute({invoice: 100}, note="They say 90")
        self.assertEqual(
            (ticket.department, ticket.root_cause, ticket.sla_hours, ticket.user_id),
            ("sales", "dispute", 24, self.env.user),
        )
        case = self.case_of(self.customer)
        self.assertEqual((ticket.case_id, case.opened_on), (case, MONDAY))
        line = case.interaction_ids
        self.assertEqual((line.result, line.direction, line.note), ("disputed", "in", "They say 90"))

    def test_a_colleague_who_is_given_a_ticket_is_told(self):
        colleague = self.env["res.users"].create({"name": "Quim", "login": "quim@seller.example"})
        self.reason.user_id = colleague
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        tickets = self.env_on(MONDAY)["recobro.dispute"].with_context(tracking_disable=False)
        with self.mock_mail_gateway():
            ticket = tickets._open_ticket(self.customer, self.company, {invoice: 40}, reason_id=self.reason.id)
        told = self.env["mail.notification"].search([("res_partner_id", "=", colleague.partner_id.id)]).mail_message_id
        self.assertEqual((told.model, told.res_id), (ticket._name, ticket.id))
        self.assertIn(ticket.name, told.subject)

    def test_without_an_owner_of_the_reason_the_responsible_of_the_case_gets_it(self):
        invoice = self.create_invoice(self.customer, 100, day(30))
        self.reason.user_id = False
        admin = self.env.ref("base.user_admin")
        self.customer.recobro_user_id = admin
        self.assertEqual(self.dispute({invoice: 100}).user_id, admin)

    def test_its_files_are_with_the_ticket(self):
        invoice = self.create_invoice(self.customer, 100, MONDAY)
        photo = self.env["ir.attachment"].create({"name": "photo.png", "raw": b"x"})
        ticket = self.dispute({invoice: 100}, attachment_ids=photo)
        self.assertEqual(ticket.attachment_ids, photo)

    def test_another_amount_is_held_from_the_moment_it_is_written(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        ticket.with_env(self.env_on(MONDAY)).line_ids.amount = 250
        self.assertEqual(self.chased(self.customer, MONDAY), 750)
        self.on(ticket, MONDAY).action_reject()
        with self.assertRaisesRegex(UserError, "reopen it first"), self.cr.savepoint():
            ticket.line_ids.amount = 300

    def test_the_usual_steps_of_each_department_are_ready(self):
        plans = self.env["mail.activity.plan"].search([("res_model", "=", "recobro.dispute")])
        self.assertGreaterEqual(len(plans), 4)
        self.assertTrue(all(plan.template_ids for plan in plans))


class TestFromOutside(DisputeCase):
    def test_a_dispute_by_mail_holds_three_days_until_a_person_takes_it(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.by_mail({invoice: 400})
        self.assertEqual(len(self.activities(ticket, "dispute_new")), 1)
        self.assertEqual([self.chased(self.customer, day(number)) for number in (0, 2, 3)], [600, 600, 1000])
        self.run_day(day(3))
        self.assertFalse(ticket.hold_ids)
        self.on(ticket, day(4)).action_take()
        self.assertEqual((ticket.user_id, ticket.is_taken), (self.env.user, True))
        self.assertEqual(self.chased(self.customer, day(40)), 600)
        self.assertFalse(self.activities(ticket, "dispute_new"))

    def test_working_on_a_ticket_takes_it(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.by_mail({invoice: 400})
        self.on(ticket, day(1)).stage_id = self.env.ref("recobro_module.dispute_stage_review")
        self.assertTrue(ticket.is_taken)
        self.assertEqual(self.chased(self.customer, day(40)), 600)

    def test_writing_again_stops_nothing_while_nobody_took_the_first(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        first = self.by_mail({invoice: 400})
        again = self.by_mail({invoice: 600}, on=day(4))
        self.assertEqual(self.chased(self.customer, day(4)), 1000)
        self.on(first, day(5)).action_take()
        self.assertEqual(self.chased(self.customer, day(5)), 0, "a person has looked at it: the second holds its days")
        self.assertTrue(again.hold_ids)

    def test_after_thirty_days_a_new_one_holds_again(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        self.by_mail({invoice: 400})
        self.by_mail({invoice: 600}, on=day(31))
        self.assertEqual(self.chased(self.customer, day(31)), 400)

    def test_a_policy_can_hold_nothing_until_it_is_taken(self):
        self.policy.untaken_dispute_days = 0
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.by_mail({invoice: 400})
        self.assertEqual(self.chased(self.customer, MONDAY), 1000)
        self.on(ticket, MONDAY).action_take()
        self.assertEqual(self.chased(self.customer, MONDAY), 600)

    def test_one_that_names_no_invoice_gets_it_later(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.by_mail({invoice: 1000})
        self.assertFalse(ticket.taken_on)
        empty = self.env_on(MONDAY)(user=odoo.SUPERUSER_ID)["recobro.dispute"]._open_ticket(
            self.customer, self.company, {}, source="mail"
        )
        self.assertEqual(empty.amount, 0)
        other = self.create_invoice(self.customer, 50, MONDAY)
        mine = self.on(empty, MONDAY)
        mine.action_take()
        mine.write({"line_ids": [Command.create({"move_id": other.id, "amount": 50})]})
        self.assertEqual(empty.hold_ids.item_id, self.items_of(other))

    def test_what_collections_write_on_a_waiting_ticket_leaves_its_clock_still(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.on(ticket, MONDAY).action_wait()
        bot = ticket.with_env(self.env_on(day(1))(user=odoo.SUPERUSER_ID))
        bot.message_post(body="From the robot", message_type="comment", subtype_xmlid="mail.mt_comment")
        self.assertEqual(ticket.kind, "waiting")

    def test_a_customers_answer_sets_the_clock_of_a_waiting_ticket_going(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        mine = self.on(ticket, MONDAY)
        mine.action_wait()
        mine.message_post(body="Our note", message_type="comment", subtype_xmlid="mail.mt_note")
        self.assertEqual(ticket.kind, "waiting")
        bot = ticket.with_env(self.env_on(day(1))(user=odoo.SUPERUSER_ID))
        bot.message_post(body="Here it is", message_type="email", author_id=self.customer.id)
        self.assertEqual((ticket.kind, bool(ticket.deadline)), ("open", True))


class TestEndOfADispute(DisputeCase):
    def test_rejected_it_is_chased_again_at_the_next_level_after_the_quiet_days(self):
        invoice = self.create_invoice(self.customer, 1000, day(-3))
        self.put_on_ladder(invoice, 0)
        ticket = self.dispute({invoice: 1000})
        self.run_days(MONDAY, day(1))
        self.assertFalse(self.messages_to(self.customer))
        self.on(ticket, day(1)).action_reject()
        self.assertEqual((ticket.resolution, ticket.closed_by_id), ("rejected", self.env.user))
        self.run_day(day(2))
        self.assertFalse(self.messages_to(self.customer), "the quiet days")
        self.run_day(day(3))
        self.assertEqual(self.levels_of(invoice), [3])
        self.assertFalse(ticket.is_live)

    def test_with_an_agreement_likewise(self):
        invoice = self.create_invoice(self.customer, 1000, day(-3))
        ticket = self.dispute({invoice: 1000})
        self.on(ticket, MONDAY).action_agreement()
        self.assertEqual([self.chased(self.customer, day(number)) for number in (0, 1, 2)], [0, 0, 1000])

    def test_when_its_invoices_are_paid_it_closes_by_itself(self):
        invoice, other = (self.create_invoice(self.customer, amount, MONDAY) for amount in (1000, 70))
        ticket = self.dispute({invoice: 1000, other: 70})
        self.pay_invoice(invoice, day=MONDAY)
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.kind, "open")
        self.pay_invoice(other, day=MONDAY)
        self.refresh(self.customer, MONDAY)
        self.assertEqual((ticket.kind, ticket.resolution), ("final", "paid"))
        self.assertEqual(ticket.stage_id, self.env.ref("recobro_module.dispute_stage_agreement"))

    def test_an_invoice_whose_terms_are_being_edited_keeps_its_dispute(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        invoice.button_draft()
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.kind, "open")
        invoice.action_post()
        self.refresh(self.customer, MONDAY)
        self.assertEqual(self.chased(self.customer, MONDAY), 600)

    def paid_ticket(self, **vals):
        """An invoice, its payment, and the ticket that the payment closed."""
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400}, **vals)
        payment = self.pay_invoice(invoice, day=MONDAY)
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.resolution, "paid")
        return invoice, payment, ticket

    def test_a_payment_that_is_undone_opens_again_the_ticket_it_closed_and_tells_its_owner(self):
        invoice, payment, ticket = self.paid_ticket(user_id=self.env.ref("base.user_admin").id)
        used = ticket.cycle_hours
        payment.move_id.line_ids.remove_move_reconcile()
        self.refresh(self.customer, day(1))
        self.assertEqual((ticket.kind, ticket.resolution, ticket.closed_on), ("open", False, False))
        self.assertEqual(ticket.stage_id, self.env.ref("recobro_module.dispute_stage_review"))
        self.assertTrue(ticket.deadline)
        self.assertEqual(ticket.sla_consumed, used, "its clock goes on with what was left")
        self.assertEqual(ticket.hold_ids.amount, 400)
        self.assertEqual(self.activities(ticket, "dispute_new").user_id, self.env.ref("base.user_admin"))
        note = ticket.message_ids.filtered(lambda message: "the payment was undone" in (message.body or ""))
        self.assertEqual(note.author_id, self.env.ref("base.partner_root"), "nobody at work did it")
        self.pay_invoice(invoice, day=day(1))
        self.refresh(self.customer, day(1))
        self.assertEqual(ticket.resolution, "paid", "paid again, it closes again")
        self.assertFalse(self.activities(ticket, "dispute_new"))

    def test_a_payment_undone_is_found_by_the_daily_job_too(self):
        _invoice, payment, ticket = self.paid_ticket()
        payment.move_id.line_ids.remove_move_reconcile()
        self.env["recobro.mark"].search([]).sudo().unlink()
        self.run_day(day(1))
        self.assertEqual(ticket.kind, "open")

    def test_a_ticket_that_a_person_closed_stays_closed_when_a_payment_is_undone(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.on(ticket, MONDAY).action_agreement()
        payment = self.pay_invoice(invoice, day=MONDAY)
        self.refresh(self.customer, MONDAY)
        payment.move_id.line_ids.remove_move_reconcile()
        self.refresh(self.customer, day(1))
        self.assertEqual(ticket.resolution, "agreement")

    def test_a_ticket_of_a_cancelled_invoice_closes_with_an_agreement_and_says_why(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        invoice.button_draft()
        invoice.button_cancel()
        self.refresh(self.customer, MONDAY)
        self.assertEqual((ticket.kind, ticket.resolution), ("final", "agreement"))
        self.assertTrue(ticket.message_ids.filtered(lambda message: "cancelled" in (message.body or "")))

    def test_what_is_left_of_a_ticket_with_a_cancelled_invoice_can_be_paid_and_undone(self):
        invoice, other = (self.create_invoice(self.customer, amount, MONDAY) for amount in (1000, 70))
        ticket = self.dispute({invoice: 1000, other: 70})
        other.button_draft()
        other.button_cancel()
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.kind, "open")
        payment = self.pay_invoice(invoice, day=MONDAY)
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.resolution, "paid")
        payment.move_id.line_ids.remove_move_reconcile()
        self.refresh(self.customer, MONDAY)
        self.assertEqual(ticket.kind, "open")

    def test_a_closed_ticket_keeps_its_reason(self):
        ticket = self.dispute({self.create_invoice(self.customer, 1000, MONDAY): 400})
        other = self.env.ref("recobro_module.dispute_reason_quantity")
        self.on(ticket, MONDAY).action_reject()
        with self.assertRaisesRegex(UserError, "reopen it first"), self.cr.savepoint():
            self.on(ticket, MONDAY).reason_id = other
        self.on(ticket, MONDAY).action_reopen()
        self.on(ticket, MONDAY).reason_id = other
        self.assertEqual(ticket.department, "logistics")

    def test_without_a_stage_for_agreements_what_is_paid_closes_in_another_and_the_day_goes_on(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        agreement = self.env.ref("recobro_module.dispute_stage_agreement")
        self.env.flush_all()
        self.cr.execute("UPDATE recobro_dispute_stage SET kind = 'waiting' WHERE id = %s", [agreement.id])
        self.env.invalidate_all()
        self.pay_invoice(invoice, day=MONDAY)
        self.run_day(MONDAY)
        self.assertEqual((ticket.kind, ticket.resolution), ("final", "paid"))
        self.assertFalse(ticket.line_ids.credit_note_id)

    def test_without_any_closing_stage_the_day_goes_on_and_the_ticket_stays_open(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.env.flush_all()
        self.cr.execute("UPDATE recobro_dispute_stage SET kind = 'waiting' WHERE kind = 'final'")
        self.env.invalidate_all()
        self.pay_invoice(invoice, day=MONDAY)
        self.assertNotEqual(self.run_day(MONDAY).state, "failed")
        self.assertEqual(ticket.kind, "open")

    def test_what_a_colleague_has_closed_is_not_closed_another_way(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        self.on(ticket, MONDAY).action_reject()
        with self.assertRaisesRegex(UserError, "has already closed .* as “Rejected”"), self.cr.savepoint():
            self.on(ticket, MONDAY).action_credit_note()
        with self.assertRaisesRegex(UserError, "has already closed"), self.cr.savepoint():
            self.on(ticket, MONDAY).stage_id = self.env.ref("recobro_module.dispute_stage_agreement")
        self.on(ticket, day(5)).stage_id = self.env.ref("recobro_module.dispute_stage_new")
        self.assertEqual((ticket.kind, ticket.resolution), ("open", False))
        self.assertEqual(self.chased(self.customer, day(20)), 600, "dragged back, it is reopened")

    def test_when_customers_are_merged_the_dispute_goes_with_its_invoice(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket = self.dispute({invoice: 400})
        target = self.create_customer("Target")
        self.create_invoice(target, 70, MONDAY)
        self.run_day(MONDAY)
        self.env["base.partner.merge.automatic.wizard"].create({})._merge((self.customer | target).ids, target)
        self.refresh(target, MONDAY)
        self.assertEqual(ticket.partner_id, target)
        self.assertEqual(ticket.case_id.state, "open")
        self.assertEqual(self.chased(target, MONDAY), 600 + 70)

    def test_all_stages_are_columns_of_the_board(self):
        self.dispute({self.create_invoice(self.customer, 1000, MONDAY): 400})
        groups = (
            self.env["recobro.dispute"]
            .with_context(read_group_expand=True)
            .web_read_group([], ["stage_id"], ["__count"])["groups"]
        )
        self.assertGreaterEqual(len(groups), 6)


class TestCreditNotes(DisputeCase):
    def credited(self, invoice, amount, on=MONDAY):
        """The ticket and the draft credit note of a dispute that is resolved in the customer's favour."""
        ticket = self.dispute({invoice: amount}, on=on)
        self.on(ticket, on).action_credit_note()
        return ticket, ticket.line_ids.credit_note_id

    def test_held_while_the_credit_note_is_a_draft_and_done_with_when_it_is_posted(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket, note = self.credited(invoice, 400)
        self.assertEqual((note.state, note.amount_total, note.reversed_entry_id), ("draft", 400, invoice))
        self.assertEqual(self.chased(self.customer, day(30)), 600)
        note.action_post()
        self.refresh(self.customer, MONDAY)
        self.assertEqual(invoice.amount_residual, 600, "core matches it with its invoice")
        self.assertFalse(ticket.hold_ids)
        self.assertEqual(self.chased(self.customer, MONDAY), 600)

    def test_a_full_credit_note_leaves_nothing_to_ask_for(self):
        invoice = self.invoice_of((1000, self.taxed(21)), (50, self.taxed(10)))
        _ticket, note = self.credited(invoice, invoice.amount_total)
        self.assertEqual(len(note.invoice_line_ids), 2)
        note.action_post()
        self.assertEqual(invoice.payment_state, "reversed")
        self.refresh(self.customer, MONDAY)
        self.assertEqual(self.chased(self.customer, MONDAY), 0)

    def test_a_part_is_credited_to_the_cent_whatever_the_taxes(self):
        tax, low, none = self.taxed(21), self.taxed(10), self.env["account.tax"]
        included = self.taxed(21, price_include_override="tax_included")
        withheld = self.taxed(-15)
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", 1.17)])
        for lines, values, amounts in (
            ([(826.45, tax)], {}, (333.33, 0.01, 0.05, 999.99, 17.77)),
            ([(100, tax), (33.33, low), (7.01, none)], {}, (50.01, 99.99, 0.02)),
            ([(199.99, included)], {}, (66.67, 0.03)),
            ([(500, tax | withheld)], {}, (100.07, 3.33)),
            ([(826.45, tax), (10, low)], {"currency_id": euro.id}, (333.33, 0.01)),
            ([(10, none)], {}, (3.33,)),
        ):
            for amount in amounts:
                with self.subTest(lines=lines, amount=amount):
                    invoice = self.invoice_of(*lines, **values)
                    _ticket, note = self.credited(invoice, amount)
                    self.assertEqual(note.amount_total, amount)
                    self.assertEqual(note.currency_id, invoice.currency_id)
                    left = invoice.amount_residual
                    note.action_post()
                    self.assertAlmostEqual(invoice.amount_residual, left - amount, 2)

    def test_the_taxes_of_a_part_are_in_the_proportion_of_the_invoice(self):
        tax, low = self.taxed(21), self.taxed(10)
        invoice = self.invoice_of((1000, tax), (500, low))
        _ticket, note = self.credited(invoice, invoice.amount_total / 2)
        by_tax = {line.tax_line_id: line.amount_currency for line in note.line_ids if line.tax_line_id}
        self.assertEqual(by_tax, {tax: 105, low: 25})

    def test_a_credit_note_for_each_invoice(self):
        invoices = [self.create_invoice(self.customer, amount, MONDAY) for amount in (100, 200)]
        ticket = self.dispute({invoices[0]: 100, invoices[1]: 50})
        self.on(ticket, MONDAY).action_credit_note()
        self.assertEqual(sorted(ticket.credit_note_ids.mapped("amount_total")), [50, 100])
        self.assertEqual(ticket.action_open_credit_notes()["domain"], [("id", "in", ticket.credit_note_ids.ids)])

    def test_a_draft_that_is_deleted_lets_the_invoice_be_chased_again_and_tells_the_owner(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket, note = self.credited(invoice, 400)
        note.unlink()
        self.assertTrue(self.env["recobro.mark"].search([("partner_id", "=", self.customer.id)]))
        self.refresh(self.customer, day(1))
        self.assertEqual(self.chased(self.customer, day(1)), 1000)
        self.assertEqual(self.activities(ticket, "credit_note").user_id, ticket.user_id)
        self.assertEqual(ticket.kind, "final")

    def test_a_draft_that_is_cancelled_likewise(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket, note = self.credited(invoice, 400)
        note.button_cancel()
        self.refresh(self.customer, day(1))
        self.assertEqual(self.chased(self.customer, day(1)), 1000)
        self.assertTrue(self.activities(ticket, "credit_note"))

    def test_reopening_is_refused_while_a_credit_note_stands_and_makes_a_new_one_after(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket, note = self.credited(invoice, 400)
        with self.assertRaisesRegex(UserError, "Delete the draft first"), self.cr.savepoint():
            self.on(ticket, MONDAY).action_reopen()
        note.unlink()
        self.on(ticket, day(1)).action_reopen()
        self.assertEqual(self.chased(self.customer, day(1)), 600)
        self.on(ticket, day(1)).action_credit_note()
        again = ticket.line_ids.credit_note_id
        self.assertEqual(again.amount_total, 400)
        again.action_post()
        with self.assertRaisesRegex(UserError, "Open a new dispute"), self.cr.savepoint():
            self.on(ticket, day(1)).action_reopen()

    def test_a_credit_note_set_back_to_draft_stays_matched_until_it_is_deleted(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        ticket, note = self.credited(invoice, 400)
        note.action_post()
        self.refresh(self.customer, MONDAY)
        note.button_draft()
        self.refresh(self.customer, MONDAY)
        self.assertFalse(ticket.hold_ids, "Odoo keeps it matched with its invoice")
        self.assertEqual(self.chased(self.customer, MONDAY), 600)
        with self.assertRaisesRegex(UserError, "Delete the draft first"), self.cr.savepoint():
            self.on(ticket, MONDAY).action_reopen()
        note.unlink()
        self.refresh(self.customer, MONDAY)
        self.assertFalse(ticket.hold_ids)
        self.assertEqual(self.chased(self.customer, MONDAY), 1000)

    def test_a_ticket_without_invoice_cannot_be_credited(self):
        empty = self.env_on(MONDAY)(user=odoo.SUPERUSER_ID)["recobro.dispute"]._open_ticket(
            self.customer, self.company, {}, source="mail"
        )
        with self.assertRaisesRegex(UserError, "names no invoice"), self.cr.savepoint():
            self.on(empty, MONDAY).action_credit_note()

    def test_the_accountant_is_reminded_once_of_a_draft_left_over(self):
        invoice = self.create_invoice(self.customer, 1000, MONDAY)
        accountant = self.env.user
        ticket, _note = self.credited(invoice, 400)
        for number, expected in ((5, 0), (6, 1), (7, 1)):
            at = odoo.fields.Datetime.to_datetime(ticket.resolved_at) + timedelta(days=number, minutes=-5)
            dispute_alerts.alert(self.env_on(day(number)), self.company, at)
            self.assertEqual(len(self.activities(ticket, "credit_note")), expected)
        self.assertEqual(self.activities(ticket, "credit_note").user_id, accountant)


class TestCostOfDisputes(DisputeCase):
    def live_with(self, number):
        """Queries of settling a company with so many customers that have tickets, in all states."""
        for each in range(number):
            customer = self.create_customer(f"Customer {number}-{each}")
            invoice = self.create_invoice(customer, 1000, day(-3))
            self.dispute({invoice: 400})
            ticket = self.dispute({invoice: 100})
            self.on(ticket, MONDAY).action_reject()
        self.env.flush_all()

    def test_closing_what_is_paid_takes_as_many_statements_for_thirty_as_for_ten(self):
        counts = []
        disputes.settle(self.env_on(day(2)), self.company, day(2))
        for number in (10, 30):
            self.live_with(number)
            tickets = self.env["recobro.dispute"].search([("kind", "=", "open"), ("company_id", "=", self.company.id)])
            for invoice in tickets.line_ids.move_id:
                self.pay_invoice(invoice, day=MONDAY)
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(self.env.user.company_id.name, "whoever works is known")
            before = self.env.cr.sql_log_count
            disputes.settle(self.env_on(day(2)), self.company, day(2))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(tickets.mapped("resolution")), {"paid"})
        self.assertEqual(counts[0], counts[1])

    def test_reopening_what_is_not_paid_any_more_takes_as_many_statements_for_thirty_as_for_ten(self):
        counts = []
        for number in (2, 10, 30):
            self.live_with(number)
            tickets = self.env["recobro.dispute"].search([("kind", "=", "open"), ("company_id", "=", self.company.id)])
            # Who is told by somebody else gets a mail each, by Odoo
            tickets.user_id = self.env.user
            payments = [self.pay_invoice(invoice, day=MONDAY) for invoice in tickets.line_ids.move_id]
            disputes.settle(self.env_on(day(2)), self.company, day(2))
            for payment in payments:
                payment.move_id.line_ids.remove_move_reconcile()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertTrue(self.env.user.company_id.name, "whoever works is known")
            before = self.env.cr.sql_log_count
            disputes.settle(self.env_on(day(2)), self.company, day(2))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(set(tickets.mapped("kind")), {"open"})
            for ticket in tickets:
                self.on(ticket, day(2)).action_reject()
        self.assertEqual(counts[1], counts[2])

    def test_the_daily_job_takes_as_many_statements_for_forty_customers_as_for_ten(self):
        counts = []
        for number in (2, 10, 30):
            self.live_with(number)
            self.env.invalidate_all()
            self.assertTrue(self.env.user.company_id.name, "whoever works is known")
            before = self.env.cr.sql_log_count
            disputes.settle(self.env_on(day(2)), self.company, day(2))
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        # The first fills the caches
        self.assertEqual(counts[1], counts[2])


class TestTwoAtOnce(AtOnceCase):
    """With real transactions: two collectors move one ticket."""

    def work(self, cr):
        """Somebody at work in the company on the Monday of the tests."""
        return api.Environment(
            cr, self.made["user"], {"recobro_as_of": lived(MONDAY), "allowed_company_ids": [self.made["company"]]}
        )

    def test_one_moves_it_and_the_other_is_told(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = (self.work(cr)["recobro.dispute"].browse(self.made["ticket"]) for cr in (one, two))
            self.assertEqual((first.kind, second.kind), ("open", "open"), "both look at the open ticket")
            first.action_credit_note()
            first.env.flush_all()
            with self.assertRaisesRegex(UserError, "A colleague is changing"):
                second.action_credit_note()
            two.rollback()
            one.commit()
            with self.assertRaisesRegex(UserError, "has already closed .* as “Resolved in favour”"):
                second.action_credit_note()
            two.rollback()
        with self.registry.cursor() as cr:
            notes = self.work(cr)["account.move"].sudo().search([("reversed_entry_id", "=", self.made["invoice"])])
            self.assertEqual(len(notes), 1)

    def test_a_click_that_was_late_by_a_moment_is_tried_again_and_told(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            first, second = (self.work(cr)["recobro.dispute"].browse(self.made["ticket"]) for cr in (one, two))
            self.assertEqual((first.kind, second.kind), ("open", "open"))
            first.action_credit_note()
            first.env.flush_all()
            one.commit()
            self.begins_anew(two, second.action_reject)
            second.env.invalidate_all(flush=False)
            with self.assertRaisesRegex(UserError, "has already closed"):
                second.action_reject()
            two.rollback()

    def make(self, env):
        """A company with a customer, an invoice and an open ticket on it, committed."""
        company = self.make_company(env, "Two at once")
        # What is committed must leave no mail in the queue: a test that empties it would send it
        quiet = {"tracking_disable": True, "mail_activity_quick_update": True}
        env = env(context={"allowed_company_ids": company.ids, "recobro_as_of": lived(MONDAY), **quiet})
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
                "invoice_date": date(2026, 1, 20),
                "invoice_date_due": MONDAY,
                "invoice_line_ids": [Command.create({"name": "Goods", "price_unit": 100, "tax_ids": []})],
            }
        )
        invoice.action_post()
        ticket = env["recobro.dispute"]._open_ticket(partner, company, {invoice: 40}, subject="Two at once")
        return {
            "company": company.id,
            "user": user.id,
            "partner": partner.id,
            "invoice": invoice.id,
            "ticket": ticket.id,
        }

    def remove(self):
        """Take what the test committed out of play."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["res.company"].browse(self.made["company"]).recobro_stopped = True
            env["res.users"].browse(self.made["user"]).active = False
            env["account.move"].search([("reversed_entry_id", "=", self.made["invoice"])]).unlink()
            env["mail.activity"].search(
                [("res_model", "=", "recobro.dispute"), ("res_id", "=", self.made["ticket"])]
            ).unlink()


class TestItsCase(DisputeCase):
    def test_a_case_opened_for_a_dispute_lives_as_long_as_it_and_no_longer(self):
        ticket = self.dispute({self.create_invoice(self.customer, 100, day(60)): 40})
        case = self.case_of(self.customer)
        self.run_day(day(1))
        self.assertEqual(case.state, "open")
        self.on(ticket, day(2)).action_reject()
        self.run_days(day(2), day(4))
        self.assertEqual(case.state, "closed", "nothing of it is due or was ever chased")
