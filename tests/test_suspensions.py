"""Suspension of service: proposed, approved, announced, in force on its day unless paid or held, lifted when paid."""

from datetime import timedelta

from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import delivery, queue, suspensions

from .common import MONDAY, RecobroCase, lived

ONE_DAY = timedelta(days=1)
#: The day from which nothing more is supplied, of what is approved on Monday.
THE_DAY = MONDAY + 7 * ONE_DAY
COLLECTOR = "recobro_module.group_recobro_user"
MANAGER = "recobro_module.group_recobro_manager"


class SuspensionCase(RecobroCase):
    """A policy whose only level, ten days after the due date, proposes a suspension with seven days' notice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        before = cls.policy.level_ids
        cls.level = cls.env["recobro.level"].create(
            {"name": "Suspension", "policy_id": cls.policy.id, "delay_days": 10, "channel": "suspension"}
        )
        before.unlink()
        cls.customer = cls.create_customer("Ferreteria Roca")
        cls.invoice = cls.create_invoice(cls.customer, 1250, MONDAY - 12 * ONE_DAY)

    @classmethod
    def create_user(cls, name, groups, company=None):
        """A user of some groups, active in one company only."""
        company = company or cls.company
        return new_test_user(
            cls.env, f"hold_{name}", groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def suspension(self, customer=None):
        """The last suspension of the customer."""
        self.env.invalidate_all()
        return self.env["recobro.suspension"].search([("partner_id", "=", (customer or self.customer).id)], limit=1)

    def approve(self, day=MONDAY, send=True):
        """Approve what is proposed on ``day``, and let the notice go out."""
        env = self.env_on(day)
        with self.mock_mail_gateway():
            self.suspension().with_env(env).action_approve()
            delivery.deliver_all(env, self.company)
            if send:
                self.send_queue(day)
        return self.suspension()

    def in_force(self):
        """A suspension in force since its day."""
        self.run_day(MONDAY)
        self.approve()
        self.run_day(THE_DAY)
        return self.suspension()

    def results(self, customer=None):
        """The log of the customer, oldest first."""
        domain = [("partner_id", "=", (customer or self.customer).id)]
        return self.env["recobro.interaction"].search(domain, order="id").mapped("result")

    def activities(self, name):
        """The open activities of one of our types on the customer's case."""
        kind = self.env.ref(f"recobro_module.activity_type_{name}")
        return self.case_of(self.customer).activity_ids.filtered(lambda activity: activity.activity_type_id == kind)


class TestProposed(SuspensionCase):
    def test_a_level_proposes_it_and_the_customer_hears_nothing_before_a_manager_approves(self):
        self.run_day(MONDAY)
        suspension = self.suspension()
        self.assertEqual((suspension.state, suspension.amount), ("proposed", 1250))
        self.assertEqual(suspension.item_ids, self.items_of(self.invoice))
        self.assertEqual(suspension.action_id.state, "to_approve")
        self.assertTrue(self.activities("approve"))
        self.assertFalse(suspension.action_id.mail_id)
        self.assertEqual(self.results(), [])

    def test_a_level_of_the_channel_is_always_approved_and_announced_a_day_before_at_least(self):
        with self.assertRaises(ValidationError):
            self.level.needs_approval = False
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.level.notice_days = 0
            self.env.flush_all()

    def test_who_approves_sees_the_notice_with_the_days_that_count_if_it_goes_out_now(self):
        self.run_day(MONDAY)
        preview = self.suspension().with_env(self.env_on(MONDAY)).preview
        self.assertIn("03/08/2026", preview)
        self.assertIn("03/09/2026", preview)

    def test_only_a_manager_approves(self):
        self.run_day(MONDAY)
        collector = self.create_user("collector", COLLECTOR)
        with self.assertRaises(AccessError):
            self.suspension().with_user(collector).action_approve()
        self.assertEqual(self.suspension().state, "proposed")

    def test_what_is_left_out_is_over_and_the_customer_hears_nothing(self):
        self.run_day(MONDAY)
        collector = self.create_user("collector", COLLECTOR)
        self.suspension().with_user(collector).with_context(recobro_as_of=lived(MONDAY)).action_refuse()
        self.assertEqual(self.suspension().state, "cancelled")
        self.assertEqual(self.results(), [])

    def test_a_proposal_that_nobody_approves_in_time_is_over(self):
        self.run_day(MONDAY)
        self.run_days(MONDAY + ONE_DAY, MONDAY + 7 * ONE_DAY)
        self.assertEqual(self.suspension().action_id.state, "missed")
        self.assertEqual(self.suspension().state, "cancelled")

    def test_a_proposal_that_was_paid_is_over(self):
        self.run_day(MONDAY)
        self.pay_invoice(self.invoice, day=MONDAY)
        self.run_day(MONDAY + ONE_DAY)
        self.assertEqual(self.suspension().state, "cancelled")


class TestAnnounced(SuspensionCase):
    def test_the_notice_says_until_when_to_pay_and_from_which_day_nothing_is_supplied(self):
        self.run_day(MONDAY)
        suspension = self.approve()
        self.assertEqual((suspension.state, suspension.noticed_on, suspension.day), ("noticed", MONDAY, THE_DAY))
        mail = suspension.action_id.mail_id
        self.assertEqual((suspension.action_id.state, mail.state), ("done", "sent"))
        self.assertIn("03/08/2026", mail.subject)
        for words in ("03/08/2026", "03/09/2026", self.invoice.name, "1,250.00"):
            self.assertIn(words, mail.body_html)
        self.assertEqual(self.results(), ["queued", "sent"])
        self.assertEqual(suspension.case_id.interaction_ids.mapped("channel"), ["email", "email"])
        self.assertEqual(self.levels_of(self.invoice), [10])

    def test_the_notice_keeps_the_quiet_days_after_another_message(self):
        self.run_day(MONDAY)
        with self.mock_mail_gateway():
            self.case_of(self.customer).with_env(self.env_on(MONDAY)).message_post(
                body="Hello",
                message_type="comment",
                partner_ids=self.customer.ids,
                subtype_xmlid="mail.mt_comment",
            )
        suspension = self.approve()
        self.assertEqual((suspension.state, suspension.action_id.state), ("proposed", "planned"))
        self.run_days(MONDAY + ONE_DAY, MONDAY + 3 * ONE_DAY)
        suspension = self.suspension()
        self.assertEqual((suspension.state, suspension.day), ("noticed", suspension.noticed_on + 7 * ONE_DAY))
        self.assertGreater(suspension.noticed_on, MONDAY)

    def test_paid_between_approval_and_sending_nothing_goes_out(self):
        self.run_day(MONDAY)
        suspension = self.approve(send=False)
        self.assertEqual(suspension.state, "noticed")
        self.pay_invoice(self.invoice, day=MONDAY)
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.assertEqual(suspension.action_id.mail_id.state, "cancel")
        self.refresh(self.customer, MONDAY)
        self.assertEqual(self.suspension().state, "cancelled")

    def test_a_notice_that_does_not_arrive_puts_nobody_on_hold(self):
        self.customer.phone = "+34 600 000 000"
        self.run_day(MONDAY)
        suspension = self.approve(send=False)
        suspension.action_id.mail_id.sudo().write({"state": "exception", "failure_reason": "(550, b'no such user')"})
        queue.record(suspension.action_id.mail_id, "unknown", "(550, b'no such user')")
        self.run_days(MONDAY + ONE_DAY, THE_DAY)
        self.assertEqual(suspension.action_id.state, "failed")
        self.assertNotEqual(self.suspension().state, "in_force")
        self.assertNotIn("suspended", self.results())
        self.assertTrue(self.activities("delivery"))
        self.assertFalse(self.env["recobro.action"].search([("instead_of_id", "=", suspension.action_id.id)]))

    def test_paid_before_the_day_it_is_called_off_and_the_log_says_so(self):
        self.run_day(MONDAY)
        self.approve()
        self.pay_invoice(self.invoice, day=MONDAY + 3 * ONE_DAY)
        self.refresh(self.customer, MONDAY + 3 * ONE_DAY)
        self.assertEqual(self.suspension().state, "cancelled")
        self.assertEqual(self.results(), ["queued", "sent", "cancelled"])
        self.run_day(THE_DAY)
        self.assertEqual(self.suspension().state, "cancelled")

    def test_a_manager_calls_it_off_with_a_reason(self):
        self.run_day(MONDAY)
        suspension = self.approve()
        suspension.with_env(self.env_on(MONDAY))._lift("Agreed by phone")
        self.assertEqual((suspension.state, suspension.end_reason), ("cancelled", "Agreed by phone"))
        self.assertEqual(suspension.ended_by_id, self.env.user)

    def test_while_collections_are_stopped_no_notice_goes_out(self):
        self.run_day(MONDAY)
        self.company.recobro_stopped = True
        suspension = self.approve()
        self.assertEqual((suspension.action_id.state, suspension.action_id.reason), ("skipped", "stopped"))
        self.company.recobro_stopped = False
        self.refresh(self.customer, MONDAY)
        self.assertEqual(self.suspension().state, "cancelled")


class TestInForce(SuspensionCase):
    def test_on_its_day_and_not_before_the_customer_is_on_hold(self):
        self.run_day(MONDAY)
        self.approve()
        self.run_day(THE_DAY - ONE_DAY)
        self.assertEqual(self.suspension().state, "noticed")
        self.run_day(THE_DAY)
        suspension = self.suspension()
        self.assertEqual((suspension.state, suspension.in_force_on), ("in_force", THE_DAY))
        self.assertEqual(self.results()[-1], "suspended")

    def test_who_works_on_the_case_and_who_sells_to_the_customer_are_told(self):
        seller = self.create_user("seller", "base.group_user")
        self.customer.user_id = seller
        self.in_force()
        self.assertEqual(len(self.activities("suspension")), 1)
        [note] = self.customer.message_ids.filtered(lambda message: "On hold since" in (message.body or ""))
        self.assertIn("1,250.00", note.body)
        self.assertEqual(note.partner_ids, seller.partner_id)
        self.assertTrue(note.subtype_id.internal)

    def test_paid_it_is_lifted_by_itself_within_the_minute(self):
        self.in_force()
        self.pay_invoice(self.invoice, day=THE_DAY)
        self.refresh(self.customer, THE_DAY)
        self.assertEqual(self.suspension().state, "lifted")
        self.assertEqual(self.results()[-1], "released")
        self.assertFalse(
            self.env["mail.activity"].search(
                [
                    ("res_model", "=", "recobro.case"),
                    ("activity_type_id", "=", self.env.ref("recobro_module.activity_type_suspension").id),
                    ("res_id", "=", self.suspension().case_id.id),
                ]
            )
        )

    def test_paid_in_part_it_stands_for_the_rest(self):
        self.in_force()
        self.pay_invoice(self.invoice, 1000, THE_DAY)
        self.refresh(self.customer, THE_DAY)
        self.assertEqual((self.suspension().state, self.suspension().amount), ("in_force", 250))

    def test_money_in_the_bank_that_nobody_has_matched_yet_lifts_it_too(self):
        self.in_force()
        self.receive_in_bank(self.customer, 1250, THE_DAY)
        self.refresh(self.customer, THE_DAY)
        self.assertEqual(self.suspension().state, "lifted")

    def test_what_is_promised_by_the_day_waits_and_a_broken_promise_does_not(self):
        self.run_day(MONDAY)
        self.approve()
        case = self.case_of(self.customer)
        env = self.env_on(MONDAY)
        self.env["recobro.promise"].with_env(env)._take(
            case.with_env(env), self.items_of(self.invoice).with_env(env), 1250, THE_DAY + ONE_DAY
        )
        self.run_day(THE_DAY)
        self.assertEqual(self.suspension().state, "noticed")
        self.run_days(THE_DAY + ONE_DAY, THE_DAY + 7 * ONE_DAY)
        self.assertEqual(case.promise_ids.state, "broken")
        self.assertEqual(self.suspension().state, "in_force")

    def test_a_promise_after_the_day_does_not_lift_it(self):
        self.in_force()
        env = self.env_on(THE_DAY)
        self.env["recobro.promise"].with_env(env)._take(
            self.case_of(self.customer).with_env(env),
            self.items_of(self.invoice).with_env(env),
            1250,
            THE_DAY + 3 * ONE_DAY,
        )
        self.refresh(self.customer, THE_DAY)
        self.assertEqual(self.suspension().state, "in_force")

    def test_only_a_manager_lifts_it_and_only_with_a_reason(self):
        suspension = self.in_force()
        collector = self.create_user("collector", COLLECTOR)
        for refused, user, reason in ((AccessError, collector, "Please"), (UserError, self.env.user, "  ")):
            with self.assertRaises(refused):
                suspension.with_user(user)._lift(reason)
        manager = self.create_user("manager", MANAGER)
        dialog = Form(
            self.env(user=manager)["recobro.suspension.lift"].with_context(default_suspension_ids=suspension.ids)
        )
        dialog.reason = "They showed the transfer"
        dialog.save().action_lift()
        suspension = self.suspension()
        self.assertEqual((suspension.state, suspension.ended_by_id), ("lifted", manager))
        line = self.env["recobro.interaction"].search([("partner_id", "=", self.customer.id)], order="id desc", limit=1)
        self.assertEqual((line.result, line.note, line.user_id), ("released", "They showed the transfer", manager))
        with self.assertRaises(UserError):
            suspension.with_user(manager)._lift("Again")

    def test_who_is_on_hold_already_gets_no_second_notice_but_owes_both(self):
        self.in_force()
        other = self.create_invoice(self.customer, 300, THE_DAY - 10 * ONE_DAY)
        self.run_day(THE_DAY + ONE_DAY)
        second = self.suspension()
        self.assertEqual(second.state, "proposed")
        self.approve(THE_DAY + ONE_DAY)
        self.assertEqual((self.suspension().state, second.action_id.state), ("cancelled", "done"))
        self.assertFalse(second.action_id.mail_id)
        self.pay_invoice(self.invoice, day=THE_DAY)
        self.refresh(self.customer, THE_DAY + ONE_DAY)
        first = self.env["recobro.suspension"].search([("state", "=", "in_force")])
        self.assertEqual((first.partner_id, first.amount), (self.customer, 300))
        self.pay_invoice(other, day=THE_DAY)
        self.refresh(self.customer, THE_DAY + ONE_DAY)
        self.assertEqual(first.state, "lifted")

    def test_it_goes_with_a_customer_who_is_merged_into_another(self):
        suspension = self.in_force()
        other = self.create_customer("Ferreteria Roca SL")
        self.env.flush_all()
        wizards = self.env["base.partner.merge.automatic.wizard"]
        wizards._merge((self.customer + other).ids, other, extra_checks=False)
        self.env.invalidate_all()
        self.assertEqual(suspension.partner_id, other)
        self.assertTrue(suspensions.is_on_hold(self.env_on(THE_DAY), self.company, other))


class TestByHand(SuspensionCase):
    def setUp(self):
        super().setUp()
        self.policy.level_ids = [Command.create({"name": "Call", "delay_days": 60, "channel": "call"})]
        self.level.active = False
        self.collector = self.create_user("collector", COLLECTOR)
        env = self.env_on(MONDAY)
        self.case = self.env["recobro.case"].with_env(env)._open_for(self.customer, self.company)
        self.run_day(MONDAY)

    def dialog(self, user=None):
        """The dialog on the case, as the browser fills it in."""
        env = self.env(user=user or self.collector, context={**self.env.context, "recobro_as_of": lived(MONDAY)})
        action = self.case.with_env(env).action_propose_suspension()
        return Form(env[action["res_model"]].with_context(**action["context"]))

    def test_a_collector_proposes_it_from_the_case_and_says_why(self):
        form = self.dialog()
        self.assertEqual(form.item_ids[:].mapped("name"), [self.invoice.name])
        form.note = "They keep ordering"
        form.notice_days = 5
        form.save().action_propose()
        suspension = self.suspension()
        self.assertEqual((suspension.state, suspension.note), ("proposed", "They keep ordering"))
        self.assertEqual(suspension.user_id, self.collector)
        suspension = self.approve()
        self.assertEqual((suspension.state, suspension.day), ("noticed", MONDAY + 5 * ONE_DAY))
        self.assertFalse(self.items_of(self.invoice).level_id, "the ladder goes on where it was")
        self.run_day(MONDAY + 5 * ONE_DAY)
        self.assertEqual(self.suspension().state, "in_force")

    def test_one_at_a_time(self):
        form = self.dialog()
        form.note = "Why"
        form.save().action_propose()
        form = self.dialog()
        form.note = "Again"
        with self.assertRaises(UserError):
            form.save().action_propose()

    def test_nothing_is_suspended_for_what_is_not_overdue_or_is_another_customers(self):
        stranger = self.create_customer("Stranger")
        foreign = self.create_invoice(stranger, 10, MONDAY - 20 * ONE_DAY)
        coming = self.create_invoice(self.customer, 10, MONDAY + 20 * ONE_DAY)
        self.run_day(MONDAY)
        for items in (self.items_of(foreign), self.items_of(coming)):
            wizard = self.dialog()
            wizard.note = "Why"
            wizard = wizard.save()
            wizard.item_ids = items
            with self.assertRaises(UserError):
                wizard.action_propose()

    def test_who_only_reads_the_case_proposes_nothing(self):
        accountant = self.create_user("accountant", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.case.with_user(accountant)._propose_suspension(self.items_of(self.invoice), 7, "Why")


class TestRights(SuspensionCase):
    def test_collections_and_accounting_see_it_and_nobody_writes_it(self):
        suspension = self.in_force()
        sees = {
            "collector": (COLLECTOR, True),
            "manager": (MANAGER, True),
            "accountant": ("account.group_account_invoice", True),
            "auditor": ("account.group_account_readonly", True),
            "employee": ("base.group_user", False),
            "portal": ("base.group_portal", False),
        }
        for name, (groups, may_read) in sees.items():
            theirs = suspension.with_user(self.create_user(name, groups))
            self.assertEqual(theirs.has_access("read"), may_read, name)
            for operation in ("write", "create", "unlink"):
                self.assertFalse(theirs.has_access(operation), f"{name} {operation}")
            with self.assertRaises(AccessError):
                theirs.write({"state": "lifted"})

    def test_another_company_sees_nothing_of_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        suspension = self.in_force()
        manager = self.create_user("foreign", MANAGER, elsewhere)
        with self.assertRaises(AccessError):
            suspension.with_user(manager).with_context(allowed_company_ids=elsewhere.ids).read(["state"])
        with self.assertRaises(AccessError):
            suspension.with_user(manager).with_context(allowed_company_ids=elsewhere.ids)._lift("Mine")

    def test_a_day_without_any_suspension_takes_one_statement_for_it(self):
        self.env.flush_all()
        with self.assertQueryCount(1):
            suspensions.settle(self.env, self.company, MONDAY)


class TestNote(SuspensionCase):
    """A line in the log by who sees the case and does not work on it."""

    def test_an_accountant_adds_to_the_log_and_changes_nothing(self):
        self.run_day(MONDAY)
        case = self.case_of(self.customer)
        accountant = self.create_user("accountant", "account.group_account_invoice")
        anna = self.create_contact(self.customer, "Anna")
        action = case.with_user(accountant).action_note()
        form = Form(self.env(user=accountant)[action["res_model"]].with_context(**action["context"]))
        form.contact_id = anna
        form.note = "They pay on Friday, she says"
        form.save().action_log()
        line = case.interaction_ids
        self.assertEqual((line.result, line.contact_id, line.user_id), ("noted", anna, accountant))

    def test_nobody_logs_what_a_stranger_said_nor_on_a_case_they_do_not_see(self):
        self.run_day(MONDAY)
        case = self.case_of(self.customer)
        accountant = self.create_user("accountant", "account.group_account_invoice")
        values = {"case_id": case.id, "note": "Hello", "contact_id": self.create_customer("Stranger").id}
        with self.assertRaises(UserError):
            self.env(user=accountant)["recobro.interaction.note"].create(values).action_log()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.create_user("foreign", "account.group_account_invoice", elsewhere)
        wizard = self.env(user=foreign, context={"allowed_company_ids": elsewhere.ids})["recobro.interaction.note"]
        with self.assertRaises(AccessError):
            wizard.create({"case_id": case.id, "note": "Hello"}).action_log()
