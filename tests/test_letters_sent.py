"""What became of letters on paper: sent, delivered, come back; who records it, and what proves it."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import MONDAY
from .letter_case import LetterCase, day

PNG = b"\x89PNG\r\n\x1a\n" + b"scan"


class TestWhatBecameOfIt(LetterCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_debtor()
        self.run_day(MONDAY)
        [self.letter] = self.letters_of(self.customer)

    def scan(self, name="receipt.png", raw=PNG):
        """A file that somebody drops into the dialog."""
        return self.env["ir.attachment"].create({"name": name, "raw": raw, "res_model": "recobro.letter.proof"})

    def send(self):
        """Print the letter and record it as sent on the next day, with a receipt and a number."""
        self.print_letters(self.letter)
        self.record(self.letter, "sent", day(1), proof_ids=[Command.link(self.scan().id)])

    def test_it_can_be_sent_only_when_it_was_printed(self):
        with self.assertRaisesRegex(UserError, "Print these letters first: Debtor"):
            self.letter.action_letters_sent()

    def test_sent_its_items_climb_and_the_log_has_day_number_letter_and_receipt(self):
        self.print_letters(self.letter)
        context = self.letter.action_letters_sent()["context"]
        dialog = self.env_on(day(1))["recobro.letter.proof"].with_context(**context).create({"day": day(1)})
        dialog.proof_ids = self.scan()
        dialog.line_ids.tracking_number = " RR123456789ES "
        dialog.action_record()
        self.env.invalidate_all()
        self.assertEqual((self.letter.state, self.letter.sent_on), ("done", day(1)))
        self.assertEqual(self.letter.tracking_number, "RR123456789ES")
        item = self.letter.line_ids.item_id
        self.assertEqual((item.level_id, item.level_date), (self.level, day(1)))
        line = self.letter.interaction_ids.filtered(lambda line: line.result == "sent")
        self.assertEqual((line.channel, line.direction, line.user_id), ("letter", "out", self.env.user))
        self.assertIn("RR123456789ES", line.note)
        self.assertEqual(line.message_id.attachment_ids, self.letter.letter_id | self.letter.proof_ids)

    def test_many_letters_are_sent_in_one_go_each_with_its_number(self):
        other = self.create_debtor("Other")
        self.run_day(day(1))
        letters = self.letter | self.letters_of(other)
        letters = letters.with_env(self.env_on(day(1)))
        self.print_letters(letters)
        context = letters.action_letters_sent()["context"]
        dialog = self.env_on(day(1))["recobro.letter.proof"].with_context(**context).create({"day": day(1)})
        for line in dialog.line_ids:
            line.tracking_number = f"N{line.partner_id.id}"
        dialog.action_record()
        self.assertEqual(set(letters.mapped("state")), {"done"})
        self.assertEqual(letters.mapped("tracking_number"), [f"N{letter.partner_id.id}" for letter in letters])

    def test_the_proof_of_delivery_comes_later_with_its_day_and_file(self):
        self.send()
        self.record(self.letter, "delivered", day(4), proof_ids=[Command.link(self.scan("proof.png").id)])
        self.assertEqual((self.letter.delivered_on, self.letter.letter_state), (day(4), "delivered"))
        line = self.letter.interaction_ids.filtered(lambda line: line.result == "delivered")
        self.assertEqual(line.message_id.attachment_ids.name, "proof.png")

    def test_a_day_of_delivery_is_not_overwritten_by_a_slip_and_a_manager_corrects_it(self):
        self.send()
        self.record(self.letter, "delivered", day(4))

        def again(group, on):
            user = new_test_user(self.env, group, f"recobro_module.{group}", company_id=self.company.id)
            letter = self.letter.with_env(self.env_on(day(7))(user=user, su=False))
            context = letter.action_letters_delivered()["context"]
            letter.env["recobro.letter.proof"].with_context(**context).create({"day": on}).action_record()
            self.env.invalidate_all()

        with self.assertRaisesRegex(UserError, "was delivered on"):
            again("group_recobro_user", day(6))
        self.assertEqual(self.letter.delivered_on, day(4))
        again("group_recobro_manager", day(3))
        self.assertEqual(self.letter.delivered_on, day(3))

    def test_a_letter_that_came_back_steps_down_the_ladder_and_its_owner_is_told(self):
        self.send()
        self.record(self.letter, "returned", day(5), reason="Moved")
        self.assertEqual((self.letter.state, self.letter.letter_state), ("failed", "returned"))
        self.assertFalse(self.letter.line_ids.item_id.level_id)
        self.assertIn("Moved", self.letter.interaction_ids.filtered(lambda line: line.result == "bounced").note)
        kind = self.env.ref("recobro_module.activity_type_delivery")
        self.assertIn(kind, self.letter.case_id.activity_ids.activity_type_id)

    def test_days_to_come_and_days_before_it_was_printed_are_refused(self):
        self.print_letters(self.letter)
        context = self.letter.action_letters_sent()["context"]
        dialogs = self.env_on(day(1))["recobro.letter.proof"].with_context(**context)
        with self.assertRaisesRegex(UserError, "day to come"):
            dialogs.create({"day": day(2)}).action_record()
        with self.assertRaisesRegex(UserError, "nothing of it can have happened before"):
            dialogs.create({"day": MONDAY - timedelta(days=1)}).action_record()

    def test_what_is_no_scan_is_refused_as_a_proof(self):
        self.print_letters(self.letter)
        with self.assertRaisesRegex(UserError, "attach a PDF or a picture"):
            self.record(self.letter, "sent", day(1), proof_ids=[Command.link(self.scan("proof.pdf", b"MZ program").id)])
        self.assertEqual(self.letter.state, "planned")

    def test_a_letter_that_was_sent_and_its_proof_are_kept_as_they_are(self):
        self.send()
        for file in (self.letter.letter_id, self.letter.proof_ids):
            with self.assertRaises(AccessError):
                file.unlink()
            with self.assertRaises(AccessError):
                file.raw = b"%PDF- other"

    def test_the_next_level_comes_after_the_day_it_was_sent(self):
        follow = self.level.copy({"delay_days": 9, "name": "Second letter"})
        self.level.grace_days = 0
        self.send()
        self.run_day(day(4))
        self.assertEqual(self.letters_of(self.customer).level_id, follow)


class TestWhoMay(LetterCase):
    def setUp(self):
        super().setUp()
        self.customer = self.create_debtor()
        self.run_day(MONDAY)
        [self.letter] = self.letters_of(self.customer)
        groups = {
            "collector": "recobro_module.group_recobro_user",
            "accountant": "account.group_account_invoice",
            "auditor": "account.group_account_readonly",
        }
        self.users = {
            name: new_test_user(self.env, f"letters_{name}", groups, company_id=self.company.id)
            for name, groups in groups.items()
        }

    def test_a_collector_prints_and_sends_others_do_not(self):
        for name in ("accountant", "auditor"):
            for button in ("action_print_letters", "action_letters_sent", "action_letters_delivered"):
                with self.assertRaises(AccessError):
                    getattr(self.letter.with_user(self.users[name]), button)()
        letter = self.letter.with_user(self.users["collector"])
        self.print_letters(letter)
        self.record(letter, "sent", day(1))
        self.assertEqual(self.letter.state, "done")

    def test_letters_of_another_company_are_out_of_reach(self):
        other = (
            self.company_data_2["company"]
            if hasattr(self, "company_data_2")
            else self.env["res.company"].create({"name": "Other company"})
        )
        stranger = new_test_user(
            self.env, "letters_stranger", "recobro_module.group_recobro_user", company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )  # fmt: skip
        with self.assertRaises(AccessError):
            self.letter.with_user(stranger).action_print_letters()
        dialog = (
            self.env["recobro.letter.proof"]
            .with_user(stranger)
            .create({"line_ids": [Command.create({"action_id": self.letter.id})]})
        )
        with self.assertRaises(AccessError):
            dialog.action_record()

    def test_a_file_that_the_user_may_not_read_does_not_become_a_proof(self):
        self.print_letters(self.letter)
        secret = self.env["ir.attachment"].create(
            {"name": "secret.png", "raw": PNG, "res_model": "recobro.policy", "res_id": False}
        )
        collector = self.users["collector"]
        context = self.letter.with_user(collector).action_letters_sent()["context"]
        with self.assertRaises(AccessError):
            self.env_on(day(1))["recobro.letter.proof"].with_user(collector).with_context(**context).create(
                {"day": day(1), "proof_ids": [Command.link(secret.id)]}
            ).action_record()
        self.assertEqual(self.letter.state, "planned")


class TestTheLetterService(LetterCase):
    def setUp(self):
        super().setUp()
        if "snailmail.letter" not in self.env:
            self.skipTest("Odoo's letter service is not installed")
        customer = self.create_debtor(country_id=self.env.ref("base.us").id)
        self.run_day(MONDAY)
        [self.letter] = self.letters_of(customer)

    def test_nothing_is_posted_by_it_unless_the_company_has_switched_it_on(self):
        dialog, _texts = self.print_letters(self.letter)
        self.assertFalse(dialog.can_post)
        with self.assertRaisesRegex(UserError, "Switch on Odoo's letter service"):
            self.letter.action_post_letters()

    def test_it_posts_the_letter_as_it_was_printed_and_the_letter_counts_as_sent(self):
        self.company.recobro_letter_service = True
        dialog, _texts = self.print_letters(self.letter)
        self.assertTrue(dialog.can_post)
        dialog.action_post()
        posted = self.env["snailmail.letter"].search([("attachment_id", "=", self.letter.letter_id.id)])
        self.assertEqual((posted.state, posted.partner_id), ("pending", self.letter.partner_id))
        self.assertEqual((self.letter.state, self.letter.sent_on), ("done", MONDAY))
