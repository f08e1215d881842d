"""What a strict reading found: who may do what by RPC, whose fault a failure is, and what may never leave."""

import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.recobro_module.engine import queue
from odoo.addons.recobro_module.hooks import post_init_hook

from .common import MONDAY
from .test_security import ACCOUNTANT, COLLECTOR, SecurityCase

PDF = base64.b64encode(b"%PDF-1.4 of the invoice")
NOTE_PDF = base64.b64encode(b"%PDF-1.4 their bank says they are nearly bankrupt")


class TestAttachments(SecurityCase):
    def sent_attachments(self, invoice):
        """The files that go with the message of the next level of an invoice."""
        self.policy.level_ids.attach_invoices = True
        self.run_day(MONDAY + timedelta(days=3))
        [message] = self.messages_to(self.customer) - self.case.action_ids.filtered(lambda sent: sent.day == MONDAY)
        return message.mail_id.attachment_ids

    def test_a_pdf_posted_in_an_internal_note_of_an_invoice_never_goes_to_the_customer(self):
        note = self.env["ir.attachment"].create(
            {
                "name": "note.pdf",
                "datas": NOTE_PDF,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": self.invoice.id,
            }
        )
        self.invoice.message_post(body="For us only", subtype_xmlid="mail.mt_note", attachment_ids=note.ids)
        self.invoice.message_main_attachment_id = note
        self.assertFalse(self.sent_attachments(self.invoice))

    def test_the_legal_pdf_of_an_invoice_goes_along_where_the_level_says_so(self):
        self.invoice.invoice_pdf_report_file = PDF
        self.invoice.invalidate_recordset(["invoice_pdf_report_id"])
        files = self.sent_attachments(self.invoice)
        self.assertEqual(files, self.invoice.invoice_pdf_report_id)
        self.assertEqual(files.datas, PDF)


class TestWhoseFault(SecurityCase):
    def fail(self, reason, kind="unknown", more=()):
        """Let the mail of a new customer fail with these words; return its action and the log line of the failure."""
        customer = self.create_customer("Failing")
        for name in more:
            self.create_contact(customer, name, self.treasury)
        self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY, send=False)
        action = self.messages_to(customer, "sending")
        action.mail_id.sudo().write({"state": "exception", "failure_type": kind, "failure_reason": reason})
        queue.record(action.mail_id, kind, reason)
        self.env.invalidate_all()
        return action, action.interaction_ids.filtered(lambda line: line.result == "failed")

    def test_an_address_is_not_blocked_when_the_server_refuses_the_sender_or_the_message(self):
        for reason, kind in (
            ("SMTPSenderRefused: (550, b'5.7.1 sender not allowed', 'billing@seller.example')", "unknown"),
            ("SMTPDataError: (554, b'5.7.1 looks like spam')", "unknown"),
            ("Malformed Return-Path or From address", "mail_from_invalid"),
            ("OutboundSpamException", "mail_spam"),
        ):
            with self.subTest(reason):
                action, line = self.fail(reason, kind)
                self.assertEqual(action.state, "failed")
                self.assertIn(reason, action.error)
                self.assertTrue(action.case_id.activity_ids)
                self.assertEqual((len(line), line.email, line.note), (1, False, reason))
                self.run_day(MONDAY + timedelta(days=1))
                self.assertNotIn("no_address", self.reasons_of(action.partner_id))

    def test_a_password_that_the_server_refuses_is_tried_again(self):
        action, line = self.fail("(535, b'5.7.8 Authentication failed')", "mail_smtp")
        self.assertEqual((action.state, action.mail_id.state), ("sending", "outgoing"))
        self.assertFalse(line)

    def test_of_several_recipients_only_the_refused_one_is_not_used_again(self):
        action, line = self.fail(
            "SMTPRecipientsRefused: {'bert@customer.example': (550, b'no such user')}", more=("Ann", "Bert")
        )
        self.assertEqual(action.email_to.count("@"), 2)
        self.assertEqual(line.mapped("email"), ["bert@customer.example"])
        self.run_day(MONDAY + timedelta(days=1))
        self.assertIn("ann@", self.messages_to(action.partner_id).email_to)
        self.assertNotIn("bert@", self.messages_to(action.partner_id).email_to)

    def test_a_bounce_is_of_the_address_itself_and_not_of_a_longer_one_that_holds_it(self):
        customer = self.create_customer("Joann", email="joann@customer.example")
        invoice = self.create_invoice(customer, 100, MONDAY)
        self.run_day(MONDAY)
        case, message = self.case_of(customer), self.messages_to(customer)
        case._message_receive_bounce("ann@customer.example", self.env["res.partner"])
        self.assertEqual((message.state, self.levels_of(invoice)), ("done", [0]))
        case._message_receive_bounce("JoAnn@Customer.example", self.env["res.partner"])
        self.assertEqual(message.state, "failed")
        self.assertIn("joann@customer.example", case.interaction_ids.mapped("email"))


class TestChatter(SecurityCase):
    def test_who_only_reads_a_case_writes_to_nobody_from_it(self):
        for user in (self.auditor, self.accountant):
            case = self.as_user(user, self.case)
            self.assertTrue(case.live_open)
            with self.assertRaises(AccessError):
                case.message_post(body="Pay me", subtype_xmlid="mail.mt_comment", partner_ids=self.customer.ids)

    def test_nobody_makes_up_an_answer_of_the_customer(self):
        for case in (self.as_user(self.collector, self.case), self.as_user(self.collector, self.case).sudo()):
            with self.mock_mail_gateway():
                case.message_post(
                    body="We pay tomorrow",
                    message_type="email",
                    author_id=self.customer.id,
                    partner_ids=self.customer.ids,
                    subtype_xmlid="mail.mt_comment",
                )
        results = self.case.interaction_ids.mapped("result")
        self.assertNotIn("replied", results)
        self.assertEqual(results.count("sent"), 3, "what went to the customer is logged as what it is")


class TestMergeIntoContact(SecurityCase):
    def merge(self, source, target, user=None):
        """Merge one partner into another, as the dialog of contacts does."""
        self.env.flush_all()
        wizards = self.env["base.partner.merge.automatic.wizard"]
        (wizards.with_user(user) if user else wizards)._merge((source + target).ids, target, extra_checks=False)
        self.env.invalidate_all()

    def test_a_customer_merged_into_a_contact_joins_the_case_of_the_contacts_company(self):
        person = self.create_customer("Juan", is_company=False)
        invoice = self.create_invoice(person, 40, MONDAY)
        anna = self.create_contact(self.customer, "Anna")
        self.run_day(MONDAY)
        gone = self.case_of(person)
        self.assertTrue(gone)
        self.merge(person, anna)
        self.assertEqual(anna.commercial_partner_id, self.customer)
        [case] = self.case_of(self.customer)
        self.assertEqual(case, self.case)
        self.assertEqual((gone.state, gone.outcome, gone.partner_id), ("closed", "merged", self.customer))
        self.assertIn(self.items_of(invoice), case.item_ids)
        self.assertEqual(case.item_ids.partner_id, self.customer)
        self.assertEqual(case.action_ids.partner_id, self.customer)
        self.assertIn(anna, case.action_ids.contact_id)
        self.assertEqual(case.interaction_ids.partner_id, self.customer)

    def test_who_may_merge_contacts_needs_no_more_rights_for_the_collector_and_policy_they_have(self):
        twin = self.create_customer("Twin")
        own = twin.with_company(self.company)
        own.sudo().write({"recobro_policy_id": self.policy.id, "recobro_user_id": self.collector.id})
        clerk = self.create_user("clerk", f"{ACCOUNTANT},base.group_user,base.group_erp_manager")
        self.merge(twin, self.customer, clerk)
        kept = self.customer.with_company(self.company)
        self.assertEqual((kept.recobro_policy_id, kept.recobro_user_id), (self.policy, self.collector))


class TestCustomerFields(SecurityCase):
    def test_nobody_gives_life_to_revoked_links_by_writing_their_counter(self):
        self.customer.action_recobro_revoke_links()
        self.assertEqual(self.customer.sudo().recobro_link_counter, 1)
        for user in (self.collector, self.manager):
            with self.assertRaises(AccessError):
                self.as_user(user, self.customer).write({"recobro_link_counter": 0})

    def test_only_collections_choose_who_chases_a_customer_and_only_managers_how(self):
        clerk = self.create_user("clerk", f"{ACCOUNTANT},base.group_user,base.group_partner_manager")
        employee = self.create_user("contacts", "base.group_user,base.group_partner_manager")
        policy, collector = {"recobro_policy_id": self.policy.id}, {"recobro_user_id": self.collector.id}
        for user, allowed in (
            (self.manager, (policy, collector)),
            (self.collector, (collector,)),
            (clerk, ()),
            (employee, ()),
        ):
            for values in (policy, collector):
                self.customer.with_company(self.company).sudo().write(dict.fromkeys(values, False))
                partner = self.as_user(user, self.customer)
                with self.subTest(user=user.login, values=values):
                    if values in allowed:
                        partner.write(values)
                    else:
                        with self.assertRaises(AccessError):
                            partner.write(values)
        self.as_user(clerk, self.customer).read(["recobro_policy_id", "recobro_user_id"])
        with self.assertRaises(AccessError):
            self.as_user(employee, self.customer).read(["recobro_policy_id"])
        self.assertTrue(self.as_user(employee, self.customer).copy({"name": "Copied"}))

    def test_a_customer_gets_no_policy_of_another_company(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = self.policy.copy({"name": "Foreign", "company_id": elsewhere.id})
        customer = self.customer.with_company(self.company)
        with self.assertRaises(UserError):
            customer.recobro_policy_id = foreign
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        customer.with_company(branch).recobro_policy_id = self.policy

    def test_customers_without_a_level_are_found_too(self):
        fresh = self.create_customer("Fresh")
        self.refresh(self.customer, MONDAY)
        self.env.invalidate_all()
        level = self.case.level_id
        ours = [("id", "in", (self.customer + fresh).ids)]
        partners = self.env["res.partner"]
        for domain, expected in (
            ([("recobro_level_id", "=", False)], fresh),
            ([("recobro_level_id", "!=", False)], self.customer),
            ([("recobro_level_id", "in", [False, level.id])], self.customer + fresh),
            ([("recobro_level_id", "!=", level.id)], fresh),
        ):
            with self.subTest(domain):
                self.assertEqual(partners.search([*domain, *ours]), expected)


class TestBackDoors(SecurityCase):
    def test_a_case_is_never_opened_in_a_branch(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        other = self.create_customer("Other")
        user = self.create_user("branch", COLLECTOR, branch)
        user.company_ids += self.company
        with self.assertRaisesRegex(ValidationError, self.company.name):
            self.as_user(user, self.env["recobro.case"]).create({"partner_id": other.id, "company_id": branch.id})

    def test_a_policy_is_switched_by_its_buttons_alone(self):
        policy = self.as_user(self.manager, self.policy.copy({"name": "Off"}))
        with self.assertRaises(AccessError):
            policy.write({"is_on": True})
        with self.assertRaises(AccessError):
            policy.copy({"is_on": True})
        policy.action_switch_on()
        self.assertTrue(policy.is_on)
        with self.assertRaises(AccessError):
            policy.write({"is_on": False})
        policy.write({"is_on": True, "quiet_days": 3})
        policy.action_switch_off()
        self.assertFalse(policy.is_on)

    def test_two_levels_of_one_day_by_two_channels_are_made_with_their_policy(self):
        policy = self.env["recobro.policy"].create(
            {
                "name": "Both at once",
                "level_ids": [
                    Command.create(
                        {
                            "name": "Mail",
                            "delay_days": 5,
                            "channel": "email",
                            "template_id": self.policy.level_ids.template_id[0].id,
                        }
                    ),
                    Command.create({"name": "Call", "delay_days": 5, "channel": "call"}),
                ],
            }
        )
        self.assertEqual(policy.level_ids.sorted("id").mapped("sequence"), [1, 2])

    def test_the_address_of_the_cases_takes_another_name_where_its_own_is_taken(self):
        taken = self.env.ref("recobro_module.mail_alias_case")
        self.env["mail.alias"].search([("alias_name", "=like", "collections%")]).unlink()
        model = self.env["ir.model"]._get_id("res.partner")
        known = [("module", "=", "recobro_module"), ("name", "=", "mail_alias_case")]
        for expected in ("collections", "collections-recobro", "collections-recobro-2"):
            self.env["ir.model.data"].search(known).unlink()
            post_init_hook(self.env)
            alias = self.env.ref("recobro_module.mail_alias_case")
            self.assertEqual((alias.alias_name, alias.alias_model_id.model), (expected, "recobro.case"))
            alias.alias_model_id = model
        self.assertFalse(taken.exists())

    def test_an_address_that_is_there_is_not_made_again(self):
        names = self.env["mail.alias"].search([]).mapped("alias_name")
        post_init_hook(self.env)
        self.assertEqual(self.env["mail.alias"].search([]).mapped("alias_name"), names)
