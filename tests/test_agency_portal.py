"""What the people of an agency see and do in the portal, and what the company makes of it."""

import io
import zipfile
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from odoo.addons.recobro_module.engine.placements import agency_mail, placing, proposals
from odoo.addons.recobro_module.engine.portal import agency_pages
from odoo.addons.recobro_module.engine.portal.agency_access import open_agency

from .agency_case import AgencyCase


class TestPages(AgencyCase):
    def test_the_list_has_what_is_open_how_late_and_what_comes_next(self):
        day = self.today + timedelta(days=3)
        self.log_contact(next_step="Call the owner", next_day=str(day))
        text = self.text_of(self.open())
        for words in ("Cedar", "1,500.00", "20 days late", "Call the owner", "90 days left"):
            self.assertIn(words, text)
        self.assertNotIn("Birch", text)

    def test_a_case_has_its_items_people_instructions_and_what_is_not_to_be_asked_for(self):
        self.treasurer.phone = "+34 600 100 200"
        self.north.note = "<p>No calls before nine</p>"
        self.placement.note = "Ask for Teresa"
        for invoice, amount in ((self.first, 200), (self.coming, 50)):
            self.env["recobro.dispute"]._open_ticket(
                self.customer, self.company, {invoice: amount}, reason_id=self.reason.id
            )
        self.pay_invoice(self.second, 150, self.today)
        self.refresh(self.customer, self.today)
        text = self.text_of(self.open(self.placement.id))
        for words in (
            "No calls before nine",
            "Ask for Teresa",
            "+34 600 100 200",
            "Teresa Till",
            f"{self.first.name} due on",
            "200.00 in dispute",
            "150.00 paid",
            "450.00",
            f"{self.coming.name} : $ 50.00 in dispute",
            "1,350.00",
        ):
            self.assertIn(words, text)

    def test_what_is_settled_comes_after_what_is_to_collect(self):
        self.pay_invoice(self.first, day=self.today)
        self.refresh(self.customer, self.today)
        text = self.text_of(self.open(self.placement.id))
        self.assertLess(text.index(f"{self.second.name} due on"), text.index(f"{self.first.name} due on"))

    def test_the_pages_speak_the_language_of_who_is_logged_in_not_of_an_earlier_page(self):
        self.env["res.lang"]._activate_lang("es_ES")
        self.ana.lang = "es_ES"
        self.enter(self.ana)
        self.env.flush_all()
        page = self.url_open(f"/my/placements/{self.placement.id}", cookies={"frontend_lang": "en_US"})
        self.assertIn(self.placement.until.strftime("%d/%m/%Y"), page.text)

    def test_the_log_has_theirs_and_the_customers_and_none_of_our_notes(self):
        self.log_contact(note="They promise to call back")
        self.env["recobro.interaction"]._log(
            [
                {
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "case_id": self.placement.case_id.id,
                    "channel": channel,
                    "direction": "in",
                    "result": "noted",
                    "summary": summary,
                }
                for channel, summary in (("call", "Teresa rang us"), ("note", "Their bank is nervous"))
            ]
        )
        text = self.text_of(self.open(self.placement.id))
        self.assertIn("They promise to call back", text)
        self.assertIn("Teresa rang us", text)
        self.assertNotIn("nervous", text)
        self.assertNotIn("Handed over to", text)

    def test_what_has_ended_is_a_line_without_the_customer(self):
        self.pay_invoice(self.first, day=self.today)
        self.refresh(self.customer, self.today)
        placing.recall(self.placement.sudo(), "They shouted")
        text = self.text_of(self.open())
        for words in (self.placement.name, "Recalled", "900.00", "90.00"):
            self.assertIn(words, text)
        self.assertNotIn("Cedar", text)
        self.assertNotIn("They shouted", text)

    def test_one_agency_of_two_companies_sees_both_apart(self):
        other = self.setup_other_company()["company"]
        agency = self.create_agency("North elsewhere", company=other, partner=self.north.partner_id)
        customer = self.create_customer("Oak")
        invoice = self.create_invoice(
            customer, 70, self.today - timedelta(days=9), company_id=other.id, journal_id=self._sales_journal(other).id
        )
        place = self.place(customer, agency, invoice)
        text = self.text_of(self.open())
        self.assertLess(text.index("Cedar") * text.index("Oak"), text.index(other.name) * len(text))
        for words in (self.company.name, other.name, "Oak", "Cedar", "70.00"):
            self.assertIn(words, text)
        self.assertIn(other.name, self.text_of(self.open(place.id)))

    def _sales_journal(self, company):
        return self.env["account.journal"].search([("company_id", "=", company.id), ("type", "=", "sale")], limit=1)

    def test_the_documents_come_as_one_file_and_the_log_says_so(self):
        self.patch(
            self.env.registry["ir.actions.report"],
            "_render_qweb_pdf",
            lambda report, ref, ids=None, data=None: (b"%PDF-1.4", "pdf"),
        )
        response = self.open(self.placement.id, "documents")
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertEqual(zipfile.ZipFile(io.BytesIO(response.content)).namelist()[0], "Statement.pdf")
        [line] = self.lines()
        self.assertEqual((line.result, line.agency_user_id, line.agency_id), ("downloaded", self.ana, self.north))
        self.assertFalse(self.placement.document_ids)

    def test_the_portals_home_counts_the_cases(self):
        self.enter(self.ana)
        found = self.make_jsonrpc_request("/my/counters", {"counters": ["recobro_placement_count"]})
        self.assertEqual(found["recobro_placement_count"], 1)

    def test_many_cases_take_as_many_statements_as_few(self):
        self._statements()
        few = self._statements()
        for number in range(4):
            customer = self.create_customer(f"Maple {number}")
            invoice = self.create_invoice(customer, 100, self.today - timedelta(days=9 + number))
            self.log_contact(self.place(customer, self.north, invoice))
        self.assertLessEqual(self._statements(), few)

    def _statements(self):
        """How many statements the list of Ana takes."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        access = open_agency(self.env(user=self.ana))
        agency_pages.rows(access, access.placements())
        access.ended()
        return self.env.cr.sql_log_count - before


class TestLogged(AgencyCase):
    def test_a_contact_is_a_line_of_the_same_log_with_who_wrote_it(self):
        day = self.today + timedelta(days=2)
        response = self.log_contact(contact=str(self.treasurer.id), next_step="Ring again", next_day=str(day))
        self.assert_done(response)
        [line] = self.lines()
        self.assertEqual(
            (line.case_id, line.channel, line.result, line.direction, line.contact_id),
            (self.placement.case_id, "call", "answered", "out", self.treasurer),
        )
        self.assertEqual((line.note, line.next_step, line.next_date), ("They ask for a week", "Ring again", day))
        self.assertEqual(line.agency_author, "Cobros del Norte · Ana Norte")
        self.assertEqual(line.user_id, self.manager)
        self.assertIn(line, self.placement.case_id.interaction_ids)
        with self.assertRaisesRegex(UserError, "can't be changed"):
            line.note = "x"

    def test_it_comes_back_with_what_is_wrong_and_loses_nothing(self):
        for values, words in (
            ({"note": " "}, "Write in a sentence"),
            ({"result": "queued"}, "Choose what came of it"),
            ({"channel": "note"}, "Choose how you were in touch"),
            ({"contact": str(self.neighbours_contact.id)}, "Choose one of the people"),
            ({"next_step": "Ring"}, "Choose the day of the next step"),
            ({"next_day": str(self.today)}, "Write what you do then"),
            ({"next_step": "Ring", "next_day": str(self.today - timedelta(days=1))}, "today or later"),
        ):
            with self.subTest(values=values):
                response = self.log_contact(**{"note": "Kept <b>text</b>", **values})
                self.assert_wrong(response, words)
                if "note" not in values:
                    self.assertIn("Kept &lt;b&gt;text&lt;/b&gt;", response.text)
        self.assertFalse(self.lines())

    def test_nobody_there_needs_no_words(self):
        self.assert_done(self.log_contact(result="no_answer", note=""))
        self.assertEqual(self.lines().summary, "No answer")

    def test_what_an_agency_does_is_no_contact_of_ours_that_nobody_answers(self):
        for _call in range(4):
            self.log_contact(result="no_answer", note="")
        self.run_day(self.today)
        self.assertFalse(self.placement.case_id.silence_alert_date)

    def test_the_people_of_one_agency_read_each_other(self):
        self.log_contact(note="From Ana")
        self.assertIn("From Ana", self.text_of(self.open(self.placement.id, user=self.luis)))


class TestInstructions(AgencyCase):
    def answer(self, text="Two payments at most", user=None):
        placement = self.placement.with_user(user or self.manager)
        action = placement.action_answer()
        env = placement.env(context={**placement.env.context, **action["context"]})
        dialog = Form(env["recobro.placement.answer"])
        dialog.answer = text
        dialog.save().action_answer()
        self.env.invalidate_all()

    def test_a_question_waits_for_who_answers_and_the_answer_goes_back(self):
        self.assert_done(self.ask())
        [question] = self.placement.question_ids
        [activity] = self.placement.activity_ids
        self.assertEqual((question.asked_by_id, activity.user_id), (self.ana, self.manager))
        self.assertIn("two payments", activity.note)
        self.assertTrue(self.placement.has_question)
        self.assertIn("Asks for instructions", self.lines().summary)
        with self.mock_mail_gateway():
            self.answer()
        self.assertEqual((question.state, question.answered_by_id), ("answered", self.manager))
        self.assertFalse(self.placement.activity_ids)
        self.assertIn("Two payments at most", self.text_of(self.open(self.placement.id)))
        [mail] = self._new_mails.filtered(lambda mail: self.ana.partner_id in mail.recipient_ids)
        self.assertIn("Two payments at most", mail.body_html)
        self.assertIn(f"/my/placements/{self.placement.id}", mail.body_html)

    def test_a_second_question_adds_to_the_activity_and_an_empty_one_comes_back(self):
        self.ask()
        self.ask("And a discount?")
        self.assert_wrong(self.ask("  "), "Write what you want to know")
        [activity] = self.placement.activity_ids
        self.assertIn("And a discount?", activity.note)
        self.answer("First")
        self.assertTrue(self.placement.activity_ids)
        self.assertEqual(self.placement.question_ids.mapped("state"), ["open", "answered"])

    def test_only_who_works_cases_answers_and_only_once(self):
        self.ask()
        auditor = self.create_user("agency_auditor", "account.group_account_readonly")
        with self.assertRaises(AccessError):
            self.answer(user=auditor)
        self.answer(user=self.collector)
        with self.assertRaisesRegex(UserError, "faster"):
            self.env(user=self.manager)["recobro.placement.answer"].create(
                {
                    "placement_id": self.placement.id,
                    "question_id": self.placement.question_ids.id,
                    "answer": "Again",
                }
            ).action_answer()

    def test_a_question_ends_with_the_case(self):
        self.ask()
        placing.recall(self.placement.sudo(), "Enough")
        self.assertEqual(self.placement.question_ids.state, "over")
        self.assertFalse(self.placement.activity_ids)


class TestProposed(AgencyCase):
    def proposal(self):
        return self.placement.proposal_ids[:1]

    def accept(self, user=None, **values):
        """Open the dialog as the button does, and keep what it proposes."""
        proposal = self.proposal().with_user(user or self.manager)
        action = proposal.action_accept()
        env = proposal.env(context={**proposal.env.context, **action["context"]})
        form = Form(env[action["res_model"]])
        for name, value in values.items():
            form[name] = value
        with self.mock_mail_gateway():
            dialog = form.save()
            getattr(dialog, "action_take" if action["res_model"] == "recobro.promise.take" else "action_keep")()
        self.env.invalidate_all()

    def test_a_promise_binds_once_it_is_accepted(self):
        self.assert_done(self.propose(contact=str(self.treasurer.id), note="They wait for a payment"))
        proposal = self.proposal()
        self.assertEqual((proposal.kind, proposal.amount, proposal.state), ("promise", 500, "proposed"))
        self.assertFalse(self.env["recobro.promise"].search([("partner_id", "=", self.customer.id)]))
        [activity] = self.placement.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.accept()
        promise = proposal.promise_id
        self.assertEqual((proposal.state, proposal.decided_by_id), ("accepted", self.manager))
        self.assertEqual((promise.amount, promise.date), (500, self.today + timedelta(days=5)))
        self.assertEqual((promise.contact_id, promise.state), (self.treasurer, "open"))
        self.assertIn("Cobros del Norte", promise.note)
        self.assertFalse(self.placement.activity_ids)
        self.assertEqual(self.placement.state, "placed")
        text = self.text_of(self.open(self.placement.id))
        self.assertIn("Accepted", text)
        self.assertIn("promised by", text)

    def test_a_promise_on_items_that_alone_are_held_can_be_accepted(self):
        self.placement.sudo().holds_all = False
        self.refresh(self.customer, self.today)
        self.propose(amount="1500")
        self.accept()
        self.assertEqual(self.proposal().promise_id.amount, 1500)

    def test_a_plan_becomes_a_draft_with_its_values(self):
        day = self.today + timedelta(days=10)
        self.assert_done(self.propose(kind="plan", amount="", day=str(day), count="5", rhythm="weekly"))
        self.assertEqual(self.proposal().amount, 1500)
        self.accept()
        plan = self.proposal().plan_id
        self.assertEqual((plan.state, plan.total, plan.first_date), ("draft", 1500, day))
        self.assertEqual((plan.instalment_count, plan.rhythm, plan.discount), (5, "weekly", 0))

    def test_a_settlement_becomes_a_draft_with_the_discount(self):
        self.assert_done(self.propose(kind="settlement", amount="1200", count="2"))
        self.accept()
        plan = self.proposal().plan_id
        self.assertEqual((plan.total, plan.discount, plan.instalment_count), (1200, 300, 2))
        self.assertTrue(plan.is_settlement)

    def test_what_a_person_changes_in_the_dialog_is_what_counts(self):
        self.propose()
        self.accept(promise_amount=400)
        self.assertEqual(self.proposal().promise_id.amount, 400)

    def test_it_is_refused_with_a_reason_that_the_agency_reads(self):
        self.propose(kind="settlement", amount="900", count="1")
        action = self.proposal().with_user(self.manager).action_refuse()
        dialog = self.env(user=self.manager)["recobro.placement.refuse"].create(
            {"proposal_id": action["context"]["default_proposal_id"], "reason": "Too little"}
        )
        with self.mock_mail_gateway():
            dialog.action_refuse()
        self.env.invalidate_all()
        self.assertEqual((self.proposal().state, self.proposal().reason), ("refused", "Too little"))
        self.assertIn("Refused : Too little", self.text_of(self.open(self.placement.id)))
        self.assertTrue(self._new_mails.filtered(lambda mail: self.ana.partner_id in mail.recipient_ids))
        with self.assertRaisesRegex(UserError, "faster"):
            self.proposal().with_user(self.manager).action_accept()

    def test_one_waits_at_a_time_and_can_be_withdrawn(self):
        self.propose()
        self.assert_wrong(self.propose(amount="100"), "waits already")
        self.assert_done(self.send(self.placement.id, "proposal", self.proposal().id, "withdraw"))
        self.assertEqual(self.proposal().state, "withdrawn")
        self.assertFalse(self.placement.activity_ids)
        self.assert_wrong(self.send(self.placement.id, "proposal", self.proposal().id, "withdraw"), "decided meanwhile")
        self.assert_done(self.propose(amount="100"))

    def test_it_comes_back_with_what_is_wrong(self):
        late = str(self.today + timedelta(days=2000))
        for values, words in (
            ({"kind": "gift"}, "Choose what you propose"),
            ({"amount": "0"}, "above zero"),
            ({"amount": "-5"}, "above zero"),
            ({"amount": "nan"}, "above zero"),
            ({"amount": "1500.01"}, "at most"),
            ({"amount": "many"}, "Write it like"),
            ({"kind": "settlement", "amount": "1500"}, "less than the $"),
            ({"day": str(self.today - timedelta(days=1))}, "Choose a day"),
            ({"day": late}, "Choose a day"),
            ({"kind": "plan", "count": "0"}, "Choose from 1 to"),
            ({"kind": "plan", "count": "99999999999999999999"}, "Choose from 1 to"),
            ({"kind": "plan", "rhythm": "hourly"}, "how often"),
        ):
            with self.subTest(values=values):
                self.assert_wrong(self.propose(note="Kept", **values), words, "Kept")
        self.assertFalse(self.proposal())

    def test_what_is_disputed_is_not_proposed_about(self):
        self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.first: 400}, reason_id=self.reason.id
        )
        self.assertIn("To ask for now: $ 1,100.00", self.text_of(self.open(self.placement.id)))
        self.assert_wrong(self.propose(amount="1200"), "at most $ 1,100.00")
        self.assert_done(self.propose(kind="plan"))
        self.assertEqual(self.proposal().amount, 1100)

    def test_who_neither_answers_for_it_nor_manages_decides_nothing(self):
        self.propose()
        other = self.create_user("agency_other", "recobro_module.group_recobro_user")
        for action in ("action_accept", "action_refuse"):
            with self.assertRaises(AccessError):
                getattr(self.proposal().with_user(other), action)()
        with self.assertRaises(AccessError):
            self.env(user=other)["recobro.promise.take"].create(
                {"case_id": self.placement.case_id.id, "proposal_id": self.proposal().id}
            ).action_take()
        self.placement.sudo().user_id = self.collector
        self.accept(self.collector)
        self.assertEqual(self.proposal().state, "accepted")

    def test_a_proposal_is_not_accepted_with_another_customers_promise(self):
        self.propose()
        case = self.other.case_id
        with self.assertRaisesRegex(UserError, "another customer"):
            self.env(user=self.manager)["recobro.promise.take"].create(
                {"case_id": case.id, "proposal_id": self.proposal().id}
            ).action_take()

    def test_it_lapses_when_the_case_is_recalled_or_paid(self):
        self.propose()
        placing.recall(self.placement.sudo(), "Enough")
        self.assertEqual(self.proposal().state, "withdrawn")
        self.assertFalse(self.placement.activity_ids)

    def test_words_say_what_is_proposed_and_who_has_left_gets_no_mail(self):
        self.propose(kind="plan", count="4")
        self.assertIn("4 payments", proposals.words(self.env, self.proposal()))
        self.ana.sudo().active = False
        with self.mock_mail_gateway():
            agency_mail.tell(self.placement.sudo(), self.ana, lambda env: "x", lambda env: "y")
        self.assertFalse(self._new_mails)
