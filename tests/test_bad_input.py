"""What cannot be meant is refused when it is saved, in words that say what to do, and nothing is lost."""

from contextlib import contextmanager
from datetime import timedelta

import psycopg2

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .common import MONDAY, RecobroCase


class BadInputCase(RecobroCase):
    @contextmanager
    def refused(self, *words):
        """Expect that saving is refused with a message that holds all the words; what was done is undone."""
        message = None
        try:
            with mute_logger("odoo.sql_db"), self.env.cr.savepoint():
                yield
                self.env.flush_all()
        except UserError as error:
            message = str(error)
        except psycopg2.IntegrityError as error:
            tables = {model._table: name for name, model in self.env.registry.items() if not model._abstract}
            message = self.env[tables[error.diag.table_name]]._sql_error_to_message(error)
        self.env.invalidate_all()
        self.assertIsNotNone(message, "it was accepted")
        for word in words:
            self.assertIn(word, message)

    def hold_values(self, customer, **values):
        """The values of a pause of a customer that nobody would refuse."""
        return {
            "name": "Holidays",
            "partner_id": customer.id,
            "company_id": self.company.id,
            "date_from": MONDAY,
            "date_until": MONDAY + timedelta(days=7),
            **values,
        }


class TestPolicies(BadInputCase):
    def level(self, delay):
        """The level of the policy at so many days from the due date."""
        return self.policy.level_ids.filtered(lambda level: level.delay_days == delay)

    def test_a_policy_that_something_was_sent_by_is_archived_not_deleted(self):
        other = self.policy.copy({"name": "Never used"})
        self.create_invoice(self.create_customer(), 100, MONDAY)
        self.run_day(MONDAY)
        with self.refused("already used", "archive"):
            self.policy.unlink()
        other.unlink()
        self.assertFalse(other.exists())

    def test_a_policy_that_only_an_invoice_named_is_archived_not_deleted(self):
        other = self.policy.copy({"name": "For one invoice"})
        other.sudo().is_on = True
        invoice = self.create_invoice(self.create_customer(), 100, MONDAY)
        invoice.recobro_policy_id = other
        self.run_day(MONDAY)
        got = self.env["recobro.action"].search([("partner_id", "=", invoice.partner_id.id)]).level_id
        self.assertIn(got, other.level_ids)
        got.active = False
        with self.refused("already used", "archive"):
            other.unlink()

    def test_a_level_by_which_a_customer_was_only_left_out_is_kept(self):
        customer = self.create_customer(email=False)
        self.put_on_ladder(self.create_invoice(customer, 100, MONDAY), -5)
        self.run_day(MONDAY)
        self.assertEqual(self.reasons_of(customer), ["no_address"])
        with self.refused("already used", "archive"):
            self.level(0).unlink()

    def test_an_e_mail_level_without_a_message_is_refused(self):
        with self.refused("Reminder", "choose the message"):
            self.level(3).template_id = False
        self.assertTrue(self.level(3).template_id)

    def test_a_message_made_for_something_else_is_refused(self):
        other = self.env["mail.template"].search([("model", "!=", "recobro.action")], limit=1)
        with self.refused("Reminder", "template of collections"):
            self.level(3).template_id = other
        self.assertEqual(self.level(3).template_id.model, "recobro.action")

    def test_two_levels_alike_are_refused_by_their_names(self):
        with self.refused("Reminder", "Due date", "are alike"):
            self.level(0).delay_days = 3
        self.assertEqual(len(self.level(0)), 1)
        with self.refused("are alike", "Reminder"):
            self.level(3).copy({"name": "Same again", "policy_id": self.policy.id})

    def test_two_levels_on_the_same_day_by_different_channels_are_fine(self):
        self.level(7).delay_days = 3
        self.env.flush_all()
        self.assertEqual(len(self.level(3)), 2)

    def test_customers_that_cannot_be_read_are_refused_and_the_earlier_ones_stay(self):
        self.policy.domain = "[('name', 'ilike', 'a')]"
        self.env.flush_all()
        for domain in ("[('name', 'ilike'", "[('no_such_field', '=', 1)]", "__import__('os')", "7"):
            with self.refused("Test policy", "can't be read"):
                self.policy.domain = domain
            self.assertEqual(self.policy.domain, "[('name', 'ilike', 'a')]")

    def test_limits_that_cannot_be_are_refused_and_the_earlier_ones_stay(self):
        for name, value, words in (
            ("minimum_amount", -1, "can't be negative"),
            ("quiet_days", -1, "can't be negative"),
            ("week_limit", 0, "switch the policy off"),
            ("contact_limit", -1, "can't be negative"),
            ("bank_freshness_days", -3, "can't be negative"),
        ):
            before = self.policy[name]
            with self.refused(words):
                self.policy[name] = value
            self.assertEqual(self.policy[name], before)

    def test_a_wait_or_grace_below_zero_is_refused(self):
        for name in ("wait_days", "grace_days"):
            with self.refused("can't be negative"):
                self.level(3)[name] = -1

    def test_a_policy_without_levels_is_refused(self):
        with self.refused("Empty one", "Add at least one level"):
            self.env["recobro.policy"].create({"name": "Empty one", "company_id": self.company.id})

    def test_a_policy_that_is_switched_on_keeps_a_level(self):
        with self.refused("Test policy", "no levels"):
            self.policy.level_ids = [Command.clear()]
        with self.refused("Test policy", "no levels"):
            self.policy.level_ids.unlink()
        with self.refused("Test policy", "no levels"):
            self.policy.level_ids.active = False
        self.assertEqual(len(self.policy.level_ids), 5)

    def test_a_policy_without_levels_cannot_be_switched_on(self):
        self.policy.action_switch_off()
        self.policy.level_ids.unlink()
        with self.refused("Test policy", "no levels"):
            self.policy.action_switch_on()
        self.assertFalse(self.policy.is_on)

    def test_the_entry_level_of_another_policy_is_refused(self):
        with self.refused("level of the same policy"):
            self.policy.entry_level_id = self.env.ref("recobro_module.level_reminder")
        self.assertFalse(self.policy.entry_level_id)

    def test_a_policy_of_a_branch_is_refused_because_it_would_never_apply(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        with self.refused("Branches follow", self.company.name):
            self.policy.company_id = branch
        self.assertEqual(self.policy.company_id, self.company)

    def test_a_level_that_was_used_cannot_be_deleted_and_may_be_archived(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        used = self.messages_to(customer).level_id
        with self.refused("archive it instead"):
            used.unlink()
        used.active = False
        self.env.flush_all()

    def test_two_roles_cannot_share_a_code_and_a_role_in_use_cannot_be_deleted(self):
        with self.refused("can't share a code"):
            self.env["recobro.contact.role"].create({"name": "Treasury again", "code": "treasury"})
        with self.refused():
            self.treasury.unlink()
        self.assertTrue(self.treasury.exists())

    def test_an_hour_that_no_day_has_is_refused(self):
        for hour in (25, 24, -1):
            with self.refused("between 0 and 23"):
                self.company.recobro_run_hour = hour
        self.assertEqual(self.company.recobro_run_hour, 8)


class TestHolds(BadInputCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.item = self.items_of(self.invoice)

    def test_a_pause_without_an_end_is_refused(self):
        with self.refused("needs an end date"):
            self.env["recobro.hold"].create(self.hold_values(self.customer, date_until=False))

    def test_a_pause_that_ends_before_it_starts_is_refused(self):
        with self.refused("on or after the day it starts"):
            self.env["recobro.hold"].create(self.hold_values(self.customer, date_until=MONDAY - timedelta(days=1)))

    def test_the_dialog_refuses_a_pause_that_ends_in_the_past_and_keeps_the_pause_in_force(self):
        kept = self.env["recobro.hold"].create(self.hold_values(self.customer))
        dialog = self.env_on(MONDAY)["recobro.hold.pause"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "Late",
                "date_until": MONDAY - timedelta(days=1),
            }
        )
        with self.refused("must end today or later"):
            dialog.action_pause()
        self.assertTrue(kept.active)

    def test_a_second_pause_takes_the_place_of_the_first(self):
        first = self.env["recobro.hold"].create(self.hold_values(self.customer))
        self.env_on(MONDAY)["recobro.hold.pause"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "reason": "Longer",
                "date_until": MONDAY + timedelta(days=20),
            }
        ).action_pause()
        self.env.invalidate_all()
        self.assertFalse(first.active)
        self.assertEqual(self.case_of(self.customer).hold_ids.mapped("name"), ["Longer"])

    def test_a_negative_amount_cannot_be_held(self):
        with self.refused("negative amount"):
            self.env["recobro.hold"].create(self.hold_values(self.customer, item_id=self.item.id, amount=-1))

    def test_an_amount_is_held_on_an_invoice_or_not_at_all(self):
        with self.refused("choose the invoice"):
            self.env["recobro.hold"].create(self.hold_values(self.customer, amount=10))

    def test_the_item_of_another_customer_cannot_be_held(self):
        with self.refused("belongs to another customer"):
            self.env["recobro.hold"].create(self.hold_values(self.create_customer("Other"), item_id=self.item.id))

    def test_a_hold_on_a_contact_is_refused_because_it_would_hold_nothing(self):
        anna = self.create_contact(self.customer, "Anna")
        with self.refused("not on one of its contacts", "Customer"):
            self.env["recobro.hold"].create(self.hold_values(anna))

    def test_a_hold_in_a_branch_is_refused_because_it_would_hold_nothing(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        with self.refused("main company", self.company.name):
            self.env["recobro.hold"].create(self.hold_values(self.customer, company_id=branch.id))


class TestCustomers(BadInputCase):
    def test_pay_days_that_no_month_has_are_refused_and_the_earlier_ones_stay(self):
        customer = self.create_customer(recobro_pay_days="5, 20")
        for text in ("32", "5, 0", "every Friday", "-3"):
            with self.refused("is not a day of the month", "1 to 31"):
                customer.recobro_pay_days = text
            self.assertEqual(customer.recobro_pay_days, "5, 20")

    def test_hours_that_end_before_they_start_are_refused(self):
        customer = self.create_customer(recobro_hour_from=9, recobro_hour_to=17)
        with self.refused("end before they start"):
            customer.write({"recobro_hour_from": 18, "recobro_hour_to": 9})
        with self.refused("between 0:00 and 24:00"):
            customer.recobro_hour_to = 25
        self.assertEqual((customer.recobro_hour_from, customer.recobro_hour_to), (9, 17))

    def test_a_case_of_a_contact_is_refused_and_the_company_is_named(self):
        anna = self.create_contact(self.create_customer("Acme"), "Anna")
        with self.refused("choose Acme"):
            self.env["recobro.case"].create({"partner_id": anna.id})

    def test_a_second_open_case_of_a_customer_is_refused(self):
        customer = self.create_customer()
        self.env["recobro.case"].create({"partner_id": customer.id})
        with self.refused("already has an open case"):
            self.env["recobro.case"].create({"partner_id": customer.id})


class TestDialogs(BadInputCase):
    def test_the_next_message_of_a_customer_who_has_none_is_refused(self):
        case = self.env["recobro.case"].create({"partner_id": self.create_customer().id})
        with self.refused("no message to send"):
            self.env_on(MONDAY)["recobro.action.send"].create({"case_id": case.id}).action_send()

    def test_moving_nothing_is_refused(self):
        dialog = self.env["recobro.case.reassign"].create({"to_user_id": self.env.user.id})
        with self.refused("no open cases to move"):
            dialog.action_reassign()

    def test_a_call_before_it_takes_place_is_refused(self):
        case = self.env["recobro.case"].create({"partner_id": self.create_customer().id})
        dialog = self.env["recobro.interaction.log"].create(
            {"case_id": case.id, "date": fields.Datetime.now() + timedelta(days=1)}
        )
        with self.refused("before it takes place"):
            dialog.action_log()

    def test_a_button_pressed_twice_says_that_there_is_nothing_left_to_do(self):
        customer = self.create_customer()
        self.create_invoice(customer, 100, MONDAY)
        record = self.run_day(MONDAY)
        with self.refused("planned or waits"):
            self.messages_to(customer).action_cancel()
        with self.refused("waits for an approval"):
            self.messages_to(customer).action_approve()
        for button in (record.action_release, record.action_cancel):
            with self.refused("waits for a person"):
                button()
