"""The log of contacts: complete, true, and never rewritten."""

from datetime import timedelta

import psycopg2

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import mail_new_test_user
from odoo.addons.recobro_module.hooks import uninstall_hook

from .common import MONDAY, RecobroCase, lived

#: A plain mail as it comes in; `extra` holds further headers, each with its line end.
MAIL = """Return-Path: {return_path}
To: {to}
Cc: {cc}
From: {email_from}
Subject: {subject}
Date: {date}
Message-ID: {msg_id}
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
{extra}
We shall pay on Friday.
"""


def day(number):
    """The day so many days after the Monday of the tests."""
    return MONDAY + timedelta(days=number)


class LogCase(RecobroCase):
    """A customer with a treasurer who has had one message on the due date of an invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._init_mail_gateway()
        # Without the notice before the due date: one level on the due date, the next three days later
        cls.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        alias = cls.env.ref("recobro_module.mail_alias_case")
        alias.alias_domain_id = cls.mail_alias_domain
        cls.alias = alias.alias_full_name
        cls.collector = mail_new_test_user(
            cls.env,
            "log_collector",
            groups="recobro_module.group_recobro_user",
            company_id=cls.company.id,
            name="Carla Collector",
            email="carla@seller.example",
        )

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.anna = self.create_contact(self.customer, "Anna", self.treasury)
        self.customer.with_company(self.company).recobro_user_id = self.collector
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.case = self.case_of(self.customer)

    def log_of(self, case=None):
        """The lines of the log of a case, oldest first."""
        return self.env["recobro.interaction"].search([("case_id", "=", (case or self.case).id)], order="id")

    def log_call(self, when=None, **values):
        """Log a contact in the dialog, as the collector, now or on a day."""
        wizard = self.env["recobro.interaction.log"].with_user(self.collector).with_company(self.company)
        if when:
            wizard = wizard.with_context(recobro_as_of=lived(when))
        wizard.create({"case_id": self.case.id, "contact_id": self.anna.id, **values}).action_log()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.log_of()[-1]

    def receive(self, subject, email_from=None, to=None, answers=None, extra="", template=MAIL):
        """A mail comes in, in answer to a `mail.message` when one is given."""
        if answers:
            extra = f"References: {answers.message_id}\n{extra}"
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_thread"):
            self.format_and_process(
                template,
                email_from or self.anna.email_formatted,
                to or self.alias,
                subject=subject,
                extra=extra,
                target_model="mail.message",
                target_field="subject",
            )
        self.env.invalidate_all()
        return self.env["mail.message"].search([("subject", "=", subject), ("model", "=", "recobro.case")])

    def reply_activities(self, case=None):
        """The activities that tell of an answer."""
        kind = self.env.ref("recobro_module.activity_type_reply")
        return (case or self.case).activity_ids.filtered(lambda activity: activity.activity_type_id == kind)


class TestNeverRewritten(LogCase):
    def test_a_line_can_be_neither_edited_nor_deleted_by_anybody(self):
        line = self.log_of()[0]
        for user in (self.collector, self.env.user, self.env["res.users"].browse(SUPERUSER_ID)):
            with self.assertRaises(UserError):
                line.with_user(user).write({"note": "Nothing was said"})
            with self.assertRaises(UserError):
                line.with_user(user).unlink()
        with self.assertRaisesRegex(UserError, "add a line that points at this one"):
            line.sudo().write({"summary": "x"})
        self.assertTrue(line.exists())

    def test_the_database_itself_refuses_to_change_or_empty_the_log(self):
        line = self.log_of()[0]
        for statement in (
            "UPDATE recobro_interaction SET note = 'x' WHERE id = %s",
            "UPDATE recobro_interaction SET result = 'sent' WHERE id = %s",
            "DELETE FROM recobro_interaction WHERE id = %s",
            "TRUNCATE recobro_interaction CASCADE -- %s",
        ):
            with (
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement, [line.id])
        self.assertEqual(self.log_of()[0], line)

    def test_the_door_for_a_merge_lets_nothing_but_names_through(self):
        line = self.log_of()[0]
        with self.assertRaisesRegex(psycopg2.Error, "append-only"), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("SET LOCAL recobro.door = 'merge'")
            self.env.cr.execute("UPDATE recobro_interaction SET note = 'x' WHERE id = %s", [line.id])

    def test_a_correction_is_a_new_line_that_points_at_the_old_one(self):
        wrong = self.log_call(note="They pay in May", result="answered")
        context = wrong.action_correct()["context"]
        right = self.log_call(
            note="They pay in March", channel=context["default_channel"], corrects_id=context["default_corrects_id"]
        )
        self.assertEqual(right.corrects_id, wrong)
        self.assertEqual(wrong.correction_ids, right)
        self.assertEqual((wrong.note, right.note), ("They pay in May", "They pay in March"))

    def test_the_names_follow_when_two_contacts_are_merged(self):
        twin = self.create_contact(self.customer, "Anna Twin")
        line = self.log_call(contact_id=twin.id, note="Spoke with the twin")
        before = len(self.log_of())
        self.env["base.partner.merge.automatic.wizard"]._merge((self.anna + twin).ids, self.anna)
        self.assertFalse(twin.exists())
        self.assertEqual(line.contact_id, self.anna)
        self.assertEqual(line.note, "Spoke with the twin")
        self.assertEqual(len(self.log_of()), before)

    def test_an_erasure_by_an_administrator_blanks_the_texts_and_keeps_the_facts(self):
        line = self.log_call(note="Anna is on leave until Monday")
        other = self.log_call(contact_id=False, note="The switchboard answered")
        line._erase_personal_data(self.anna)
        self.assertFalse(line.note or line.summary or line.contact_id or line.email)
        self.assertEqual((line.channel, line.result, line.case_id), ("call", "answered", self.case))
        self.assertEqual(other.note, "The switchboard answered")
        with self.assertRaises(psycopg2.Error), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.env.cr.execute("UPDATE recobro_interaction SET note = 'x' WHERE id = %s", [other.id])

    def test_an_erasure_blanks_what_was_said_when_a_request_was_done(self):
        said = []
        for words in ("Ask Anna about the pallets", "Ask the switchboard about the pallets"):
            activity = self.case.activity_schedule(
                "mail.mail_activity_data_todo", note=words, user_id=self.collector.id
            )
            said.append(self.env["mail.message"].browse(activity._action_done(feedback="Done")[0].ids))
        self.anna.name = "Anna"
        self.log_of()[0]._erase_personal_data(self.anna)
        self.assertNotIn("Anna", said[0].body)
        self.assertIn("Erased", said[0].body)
        self.assertIn("Ask the switchboard", said[1].body)

    def test_who_is_named_in_the_log_is_archived_and_not_deleted(self):
        leaver = new_test_user(
            self.env, "log_leaver", "base.group_user,recobro_module.group_recobro_user", company_id=self.company.id
        )
        self.case.user_id = leaver
        wizard = self.env["recobro.interaction.log"].with_user(leaver).with_company(self.company)
        wizard.create({"case_id": self.case.id, "contact_id": self.anna.id, "note": "They pay in March"}).action_log()
        self.env.flush_all()
        line = self.log_of()[-1]
        self.assertEqual(line.user_id, leaver)
        with self.assertRaisesRegex(UserError, "log_leaver.* is named in the log of contacts.*archive the user"):
            leaver.unlink()
        leaver.active = False
        self.env.invalidate_all()
        self.assertEqual(line.user_id, leaver)

    def test_nobody_but_an_administrator_erases(self):
        line = self.log_call(note="Anna is on leave until Monday")
        manager = new_test_user(
            self.env, "log_manager", "recobro_module.group_recobro_manager", company_id=self.company.id
        )
        for user in (self.collector, manager):
            with self.assertRaisesRegex(UserError, "administrator"):
                line.with_user(user)._erase_personal_data(self.anna)
        self.assertEqual(line.note, "Anna is on leave until Monday")

    def test_removing_the_module_takes_the_guard_out_of_the_database(self):
        uninstall_hook(self.env)
        self.env.cr.execute("SELECT 1 FROM pg_trigger WHERE tgname LIKE 'recobro_interaction_guard%'")
        self.assertFalse(self.env.cr.fetchall())
        self.env.cr.execute("SELECT 1 FROM pg_proc WHERE proname = 'recobro_interaction_guard'")
        self.assertFalse(self.env.cr.fetchall())
        self.env.cr.execute("UPDATE recobro_interaction SET note = 'x' WHERE id = %s", [self.log_of()[0].id])


class TestCalls(LogCase):
    def planned_call(self):
        """The call that is planned a week after the due date."""
        self.run_day(day(3))
        self.run_day(day(7))
        [call] = self.tasks_of(self.customer)
        return call

    def test_logging_the_call_settles_the_planned_one_and_the_ladder_climbs(self):
        call = self.planned_call()
        self.assertEqual(call.activity_id.user_id, self.collector)
        line = self.log_call(day(7), note="They pay on Friday")
        self.assertEqual(line.date.date(), day(7))
        self.assertEqual((line.action_id, line.contact_id, line.user_id), (call, self.anna, self.collector))
        self.assertEqual(call.state, "done")
        self.assertFalse(call.activity_id.exists())
        self.assertEqual(self.items_of(self.invoice).level_id.delay_days, 7)
        self.run_days(day(15), day(15))
        self.assertEqual(self.levels_of(self.invoice), [0, 3, 7, 15])

    def test_a_call_from_the_customer_leaves_the_planned_call_to_be_made(self):
        call = self.planned_call()
        self.log_call(direction="in", note="Asked for a copy")
        self.assertEqual(call.state, "planned")

    def test_a_call_in_the_future_is_refused_and_nothing_is_logged(self):
        before = len(self.log_of())
        with self.assertRaisesRegex(UserError, "before it takes place"), self.env.cr.savepoint():
            self.log_call(date=fields.Datetime.now() + timedelta(hours=2))
        self.assertEqual(len(self.log_of()), before)

    def test_the_next_step_becomes_an_activity_of_who_logged(self):
        self.log_call(next_step="Send the delivery note", next_date=day(2))
        [activity] = self.case.activity_ids.filtered(lambda found: found.summary == "Send the delivery note")
        self.assertEqual((activity.user_id, activity.date_deadline), (self.collector, day(2)))


class TestMail(LogCase):
    def write_mail(self, when, **values):
        """Post on the case as the collector, on a day."""
        case = self.case.with_user(self.collector).with_context(recobro_as_of=lived(when))
        with self.mock_mail_gateway():
            message = case.message_post(
                body="Dear Anna, shall we speak?",
                subject="A word",
                message_type="comment",
                **{"subtype_xmlid": "mail.mt_comment", **values},
            )
        self.env.invalidate_all()
        return message

    def test_a_mail_written_from_the_case_is_in_the_log_and_counts_for_the_quiet_days(self):
        message = self.write_mail(day(2), partner_ids=self.anna.ids)
        line = self.log_of()[-1]
        self.assertEqual((line.message_id, line.contact_id, line.direction), (message, self.anna, "out"))
        self.assertEqual((line.user_id, line.result, line.summary), (self.collector, "sent", "A word"))
        self.run_day(day(3))
        self.assertIn("quiet_days", self.reasons_of(self.customer))
        # On Thursday it would be the third message of the week; on Monday it goes out
        self.run_days(day(4), day(7))
        self.assertEqual(self.levels_of(self.invoice), [0, 3])
        self.assertEqual(self.messages_to(self.customer)[-1].day, day(7))

    def test_the_composer_of_the_case_writes_to_the_treasurer_and_is_logged(self):
        context = self.case.with_user(self.collector).action_write_mail()["context"]
        self.assertEqual(context["default_partner_ids"], self.anna.ids)
        composer = self.env["mail.compose.message"].with_user(self.collector).with_context(**context)
        with self.mock_mail_gateway():
            composer.create({"subject": "Your account", "body": "<p>Hello</p>"})._action_send_mail()
        self.env.invalidate_all()
        self.assertEqual(self.log_of()[-1].summary, "Your account")
        self.assertEqual(self.messages_to(self.customer)[-1].contact_id, self.anna)

    def test_an_internal_note_is_no_contact(self):
        before = len(self.log_of())
        self.write_mail(day(2), subtype_xmlid="mail.mt_note")
        self.write_mail(day(2), subtype_xmlid="mail.mt_note", partner_ids=self.env.user.partner_id.ids)
        self.write_mail(day(2), partner_ids=self.env.user.partner_id.ids)
        self.assertEqual(len(self.log_of()), before)
        self.run_day(day(3))
        self.assertEqual(self.levels_of(self.invoice), [0, 3])

    def test_a_reply_comes_back_to_the_case_is_logged_and_gives_the_owner_one_activity(self):
        sent = self.messages_to(self.customer).message_id
        message = self.receive("Re: your reminder", answers=sent)
        self.assertEqual(message.res_id, self.case.id)
        line = self.log_of()[-1]
        self.assertEqual((line.direction, line.result, line.contact_id), ("in", "replied", self.anna))
        self.assertEqual(line.email, self.anna.email_normalized)
        [activity] = self.reply_activities()
        self.assertEqual(activity.user_id, self.collector)
        self.receive("Re: your reminder, again", answers=sent)
        self.assertEqual(self.log_of()[-1].summary, "Re: your reminder, again")
        self.assertEqual(self.reply_activities(), activity)

    def test_an_answer_from_an_address_nobody_knew_is_taken_in(self):
        sent = self.messages_to(self.customer).message_id
        message = self.receive("From the boss", email_from="Boss <boss@customer.example>", answers=sent)
        self.assertEqual(message.res_id, self.case.id)
        line = self.log_of()[-1]
        self.assertEqual((line.email, line.result), ("boss@customer.example", "replied"))
        bounced = self._new_mails.filtered(lambda mail: "boss@customer.example" in (mail.email_to or ""))
        self.assertFalse(bounced, "it was sent back")

    def test_a_mail_to_the_alias_that_answers_nothing_goes_to_the_case_of_the_senders_company(self):
        message = self.receive("Copy of an invoice, please")
        self.assertEqual(message.res_id, self.case.id)
        self.assertEqual(self.log_of()[-1].result, "replied")
        self.assertTrue(self.reply_activities())

    def test_a_customer_without_a_case_who_writes_gets_one(self):
        stranger = self.create_customer("New one")
        message = self.receive("Question", email_from=stranger.email_formatted)
        case = self.env["recobro.case"].browse(message.res_id)
        self.assertEqual((case.partner_id, case.state), (stranger, "open"))
        self.assertTrue(self.reply_activities(case))

    def test_a_stranger_who_writes_to_the_alias_gets_an_answer_and_opens_no_case(self):
        before = self.env["recobro.case"].search_count([])
        message = self.receive("Buy my lamps", email_from="spam@lamps.example")
        self.assertFalse(message)
        self.assertEqual(self.env["recobro.case"].search_count([]), before)
        self.assertEqual(len(self._new_mails), 1, "told that it was not taken in")
        self.assertNotEqual(self.env.ref("recobro_module.mail_alias_case").alias_status, "invalid")

    def test_a_colleague_who_forwards_a_mail_to_the_alias_opens_no_case_on_the_own_company(self):
        before = self.env["recobro.case"].search_count([])
        self.receive("Fwd: question", email_from="carla@seller.example")
        self.assertEqual(self.env["recobro.case"].search_count([]), before)

    def test_a_colleague_who_answers_by_mail_is_not_taken_for_the_customer(self):
        sent = self.messages_to(self.customer).message_id
        message = self.receive("Re: from home", email_from="carla@seller.example", answers=sent)
        self.assertEqual(message.res_id, self.case.id)
        self.assertNotIn("replied", self.log_of().mapped("result"))
        self.assertFalse(self.reply_activities())

    def test_an_out_of_office_is_noted_and_is_no_answer(self):
        sent = self.messages_to(self.customer).message_id
        message = self.receive("Out of office", answers=sent, extra="Auto-Submitted: auto-replied\n")
        self.assertEqual(message.res_id, self.case.id)
        line = self.log_of()[-1]
        self.assertEqual((line.result, line.is_automatic, line.direction), ("noted", True, "in"))
        self.assertFalse(self.reply_activities())

    def test_a_message_that_comes_back_is_no_answer_and_its_address_is_not_used_again(self):
        sent = self.messages_to(self.customer).message_id
        with self.mock_mail_gateway():
            self.case._message_receive_bounce(self.anna.email_normalized, self.anna)
        self.env.invalidate_all()
        self.assertNotIn("replied", self.log_of().mapped("result"))
        self.assertEqual(self.log_of()[-1].result, "bounced")
        self.assertEqual(self.log_of()[-1].message_id, sent)
        self.assertFalse(self.reply_activities())
        self.assertFalse(self.items_of(self.invoice).level_id, "the level is held")
        self.run_day(day(3))
        self.assertNotIn(self.anna, self.messages_to(self.customer).contact_id)
        self.anna.action_recobro_confirm_address()
        self.run_day(day(10))
        self.assertEqual(self.messages_to(self.customer)[-1].contact_id, self.anna)
