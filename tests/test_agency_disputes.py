"""An agency writes that a customer disputes something: the owner of the case hears of it and makes a ticket of it."""

from odoo.exceptions import AccessError
from odoo.tests import Form

from odoo.addons.recobro_module.engine.placements import agency_disputes, tone_review

from .agency_case import AgencyCase

NOTE = "They say that the price of the pallets is wrong"


class TestAgencyDisputes(AgencyCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.placement.case_id.sudo().user_id = cls.collector

    def asked(self):
        """The requests to open a dispute of what the agency has heard."""
        return self.placement.activity_search(["recobro_module.activity_type_agency_dispute"])

    def hear(self, note=NOTE, **values):
        self.assert_done(self.log_contact(result="disputed", note=note, **values))

    def test_the_owner_of_the_case_is_asked_once_to_open_a_dispute(self):
        self.hear()
        [activity] = self.asked()
        self.assertEqual(activity.user_id, self.collector)
        for words in (NOTE, "Ana Norte", "Cobros del Norte", "Open a dispute"):
            self.assertIn(words, activity.note)
        self.assertTrue(self.placement.is_dispute_heard)
        self.hear("And the delivery too")
        [activity] = self.asked()
        self.assertIn("And the delivery too", activity.note)

    def test_it_holds_nothing_by_itself(self):
        self.hear()
        self.assertFalse(self.env["recobro.dispute"].search([("partner_id", "=", self.customer.id)]))
        holds = self.env["recobro.hold"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(set(holds.mapped("reason")), {"placement"})

    def test_its_button_fills_the_dialog_in_and_the_ticket_ends_the_request(self):
        self.hear(contact=str(self.treasurer.id))
        action = self.placement.with_user(self.collector).action_dispute()
        dialog = Form(self.env[action["res_model"]].with_user(self.collector).with_context(**action["context"]))
        self.assertEqual((dialog.note, dialog.contact_id, dialog.channel), (NOTE, self.treasurer, "call"))
        dialog.reason_id = self.env.ref("recobro_module.dispute_reason_price")
        with dialog.line_ids.edit(0) as line:
            line.is_disputed = True
        dialog.save().action_open()
        self.env.invalidate_all()
        self.assertFalse(self.asked())
        self.assertFalse(self.placement.is_dispute_heard)

    def test_a_dispute_that_the_customer_sends_in_leaves_it_to_the_owner(self):
        self.hear()
        self.env["recobro.dispute"]._open_ticket(
            self.customer,
            self.company,
            {self.first: 10},
            reason_id=self.env.ref("recobro_module.dispute_reason_price").id,
            subject="Wrong price",
            source="portal",
        )
        self.assertTrue(self.asked())

    def test_tickets_of_two_companies_at_once_end_only_the_requests_they_are_about(self):
        self.hear()
        ticket = self.env["recobro.dispute"].new
        elsewhere = self.setup_other_company()["company"]
        agency_disputes.opened(
            ticket({"source": "person", "partner_id": self.customer.id, "company_id": elsewhere.id})
            | ticket({"source": "person", "partner_id": self.neighbour.id, "company_id": self.company.id})
        )
        self.assertTrue(self.asked())

    def test_other_contacts_ask_for_nothing(self):
        self.assert_done(self.log_contact(result="promised"))
        self.assertFalse(self.asked())
        self.assertFalse(self.placement.is_dispute_heard)

    def test_who_does_not_see_the_placement_opens_nothing(self):
        self.hear()
        stranger = self.create_user("agency_stranger", "base.group_user")
        for user in (stranger, self.ana):
            with self.assertRaises(AccessError):
                self.placement.with_user(user).action_dispute()


class TestForgotten(AgencyCase):
    """A person of the customer asks to be forgotten: what agencies wrote of them is blanked, as the log is."""

    def forget(self, person):
        self.env["recobro.interaction"]._erase_personal_data(person)
        self.env.invalidate_all()

    def reviews(self):
        """The lines that the agency wrote, chosen to be read, each found too hard for the person."""
        return (
            self.env["recobro.tone.review"]
            .sudo()
            .create(
                [
                    {
                        "agency_id": self.north.id,
                        "line_id": line.id,
                        "month": self.today.replace(day=1),
                        "verdict": "too_hard",
                        "note": f"Line {number}: be kinder",
                    }
                    for number, line in enumerate(self.lines())
                ]
            )
        )

    def test_what_an_agency_wrote_of_them_names_them_no_more(self):
        person = self.treasurer
        self.log_contact(contact=str(person.id), note="She was angry")
        self.log_contact(note=f"The switchboard says that {person.name.upper()} is ill")
        self.log_contact(note="The switchboard answered")
        hard = self.reviews()
        self.ask(f"Should we write to {person.email}?")
        self.ask("May we offer two payments?")
        self.propose(contact=str(person.id), note="She has asked for it")
        self.forget(person)
        said = self.lines().mapped("note")
        self.assertEqual([bool(words) for words in said], [False, False, True, False, True, bool(said[5])])
        self.assertEqual(self.lines()[0].contact_id.id, False)
        self.assertEqual(hard.mapped("note"), [False, False, "Line 2: be kinder"])
        self.assertEqual(
            self.placement.question_ids.sorted("id").mapped("question"),
            ["Erased: a person asked to be forgotten.", "May we offer two payments?"],
        )
        proposal = self.placement.proposal_ids
        self.assertFalse(proposal.note or proposal.contact_id)
        self.assertEqual((proposal.kind, proposal.amount), ("promise", 500), "the facts stay")

    def test_what_names_others_or_another_customers_people_stays(self):
        namesake = self.treasurer.copy({"parent_id": self.neighbour.id, "email": "namesake@example.com"})
        namesake.name = self.treasurer.name
        self.log_contact(note=f"{self.treasurer.name}son answered")
        self.log_contact(self.other, user=self.sonia, note=f"{namesake.name} pays tomorrow")
        self.forget(self.treasurer)
        self.assertTrue(all(self.lines().mapped("note")), "part of a longer word is nobody's name")
        self.assertTrue(all(self.lines(self.other).mapped("note")))

    def test_what_somebody_is_asked_to_do_about_their_words_names_them_no_more(self):
        self.placement.case_id.sudo().user_id = self.collector
        self.log_contact(result="disputed", contact=str(self.treasurer.id), note="She says the pallets were wet & cold")
        self.log_contact(result="disputed", note="The switchboard says that the price is wrong")
        [heard] = self.placement.activity_search(["recobro_module.activity_type_agency_dispute"])
        case = self.placement.case_id.sudo()
        named = case.activity_schedule(
            "mail.mail_activity_data_todo", summary=f"Call {self.treasurer.name}", user_id=self.collector.id
        )
        other = case.activity_schedule("mail.mail_activity_data_todo", summary="Call", user_id=self.collector.id)
        told = self.reviews()[:2]
        for review in told:
            tone_review._tell(review)
        self.forget(self.treasurer)
        for activity in (heard, told.agency_id.activity_search(["recobro_module.activity_type_tone_told"])):
            self.assertNotIn("pallets", activity.note)
            self.assertIn("Erased: a person asked to be forgotten.", activity.note)
            self.assertIn("The switchboard", activity.note, "what is of others stays")
        self.assertEqual((named.summary, other.summary), (False, "Call"))

    def test_why_a_case_was_set_aside_and_who_owes_too_much_name_them_no_more(self):
        case = self.placement.case_id.sudo()
        values = {"company_id": self.company.id, "kind": "concentration", "partner_id": self.customer.id}
        alerts = self.env["recobro.ledger.alert"].sudo()
        alert = alerts.create(values | {"since": self.today, "words": f"{self.treasurer.name} owes 30 %"})
        case.snooze_reason = f"{self.treasurer.name} is ill until Monday"
        self.forget(self.treasurer)
        self.assertFalse(case.snooze_reason)
        self.assertEqual(alert.words, "Erased: a person asked to be forgotten.")

    def test_a_company_is_nobody(self):
        self.log_contact(note=f"Whoever answers at {self.customer.name} says nothing")
        self.forget(self.customer)
        self.assertTrue(self.lines().note)
