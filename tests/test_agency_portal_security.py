"""Who comes to the agency's portal and is none of its people, or asks for what is not with it: nothing is told."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.placements import pack, placing
from odoo.addons.recobro_module.engine.portal import portal_limits

from .agency_case import AgencyCase
from .frames import OPERATIONS, rights

MODELS = (
    "recobro.placement",
    "recobro.placement.line",
    "recobro.placement.question",
    "recobro.placement.proposal",
    "recobro.placement.answer",
    "recobro.placement.refuse",
    "recobro.tone.review",
    "recobro.agency",
    "recobro.agency.tariff",
    "recobro.interaction",
    "recobro.case",
    "recobro.item",
    "recobro.hold",
    "recobro.promise",
    "recobro.payment.plan",
    "recobro.dispute",
)
#: What each kind of colleague may do with questions, proposals and reviews.
ALLOWED = {
    "recobro_module.group_recobro_user": ("r", "r", "rw"),
    "recobro_module.group_recobro_manager": ("r", "r", "rw"),
    "account.group_account_invoice": ("r", "r", "r"),
    "account.group_account_readonly": ("r", "r", "r"),
    "base.group_user": ("", "", ""),
    "base.group_portal": ("", "", ""),
}


class TestTheDoor(AgencyCase):
    def pages(self, placement):
        """Each page of a placement."""
        return [(placement,), (placement, "documents")]

    def forms(self, placement, proposal=1):
        """Each form of a placement, with values that would be taken."""
        day = str(self.today + timedelta(days=5))
        return [
            ((placement, "log"), {"channel": "call", "result": "answered", "note": "Hello"}),
            ((placement, "question"), {"question": "May I?"}),
            ((placement, "proposal"), {"kind": "promise", "amount": "5", "day": day}),
            ((placement, "proposal", proposal, "withdraw"), {}),
        ]

    def assert_all_refused(self, placement, user, proposal=1):
        before = self.env["recobro.interaction"].search_count([("placement_id", "!=", False)])
        for parts in self.pages(placement):
            with self.subTest(parts=parts, user=user.login):
                portal_limits.forget()
                self.assert_not_here(self.open(*parts, user=user))
        for parts, values in self.forms(placement, proposal):
            with self.subTest(parts=parts, user=user.login):
                portal_limits.forget()
                self.assert_not_here(self.send(*parts, user=user, **values))
        after = self.env["recobro.interaction"].search_count([("placement_id", "!=", False)])
        self.assertEqual(before, after)
        self.assertFalse(self.env["recobro.placement.question"].search([("placement_id", "=", placement)]))

    def test_another_agency_sees_and_does_nothing(self):
        self.propose()
        self.assert_all_refused(self.placement.id, self.sonia, self.placement.proposal_ids.id)
        self.assertEqual(self.placement.proposal_ids.mapped("state"), ["proposed"])
        self.assertNotIn("Cedar", self.open(user=self.sonia).text)

    def test_altered_and_impossible_ids(self):
        for number in (0, -1, 2**31 - 1, 2**31, 2**63, 10**30):
            with self.subTest(number=number):
                portal_limits.forget()
                self.assertEqual(self.open(number).status_code, 404)
        self.assert_all_refused(2**40, self.ana)
        for text in ("abc", "1%20or%201=1"):
            self.assertEqual(self.open(text).status_code, 404)

    def test_a_recalled_case_is_gone_at_once(self):
        self.assertIn("Cedar", self.open(self.placement.id).text)
        placing.recall(self.placement.sudo(), "Enough")
        self.assert_all_refused(self.placement.id, self.ana)

    def test_what_is_only_proposed_or_is_over_is_not_shown(self):
        for state in ("proposed", "finished", "returned", "refused"):
            self.placement.sudo().state = state
            with self.subTest(state=state):
                self.assert_not_here(self.open(self.placement.id))

    def test_an_employee_a_customer_and_the_agency_of_nobody(self):
        customer = new_test_user(
            self.env, "cedar_portal", "base.group_portal", partner_id=self.treasurer.id, email=self.treasurer.email
        )
        employee = self.create_user("agency_employee", "base.group_user")
        # A colleague of ours whose contact is put under the agency is none of its people
        employee.partner_id.parent_id = self.north.partner_id
        for user in (customer, employee, self.manager):
            self.assert_all_refused(self.placement.id, user)
            self.assert_not_here(self.open(user=user))

    def test_an_agency_that_was_archived_is_shut(self):
        self.north.active = False
        self.assert_all_refused(self.placement.id, self.ana)

    def test_a_portal_user_of_another_company_sees_what_is_theirs_and_no_more(self):
        other = self.setup_other_company()["company"]
        agency = self.create_agency("Elsewhere", company=other)
        person = self.create_person(agency, "Elena Elsewhere")
        person.sudo().write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assert_all_refused(self.placement.id, person)
        # Ana is registered with another company than the one whose cases she has
        self.ana.sudo().write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertIn("Cedar", self.open(self.placement.id).text)

    def test_who_is_not_logged_in_is_sent_to_the_login(self):
        self.authenticate(None, None)
        response = self.url_open(f"/my/placements/{self.placement.id}", allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_a_form_without_its_token_is_refused(self):
        for parts, values in self.forms(self.placement.id):
            response = self.send(*parts, csrf=False, **values)
            self.assertEqual(response.status_code, 400, parts)
        self.assertFalse(self.lines())

    def test_a_form_is_no_address_and_an_address_no_form(self):
        for part in ("log", "question", "proposal"):
            self.assertIn(self.open(self.placement.id, part).status_code, (404, 405))

    def test_too_many_requests_are_asked_to_wait_and_an_answer_is_kept_in_the_form(self):
        for _time in range(20):
            self.log_contact()
        response = self.log_contact(note="The last words")
        self.assert_wrong(response, "too often", "The last words")
        self.assertEqual(len(self.lines()), 20)

    def test_what_is_large_is_cut_or_refused(self):
        self.assert_done(self.log_contact(note="x" * 5000))
        self.assertEqual(len(self.lines().note), 2000)
        self.assertLessEqual(len(self.lines().summary), 120)
        self.assertEqual(self.log_contact(note="x" * 400_000).status_code, 413)

    def test_pages_are_kept_nowhere_and_scripts_stay_text(self):
        self.log_contact(note="<script>alert(1)</script>")
        self.ask("<img src=x onerror=alert(1)>")
        response = self.open(self.placement.id)
        self.assertIn("no-store", response.headers["Cache-Control"])
        self.assertNotIn("<script>alert(1)", response.text)
        self.assertNotIn("<img src=x", response.text)
        self.assertNotIn("<img", self.placement.activity_ids.note)


class TestNoOtherWay(AgencyCase):
    def test_a_person_of_an_agency_has_no_right_on_any_model(self):
        for model in MODELS:
            for operation in OPERATIONS.values():
                self.assertFalse(self.env[model].with_user(self.ana).has_access(operation), f"{operation} {model}")
        with self.assertRaises(AccessError):
            self.placement.with_user(self.ana).read(["partner_id"])
        with self.assertRaises(AccessError):
            self.placement.with_user(self.ana).action_documents()

    def test_the_documents_are_reached_by_the_route_alone(self):
        file = self.env["ir.attachment"].create(
            {"name": "x.zip", "raw": b"PK", "res_model": "recobro.placement", "res_id": self.placement.id}
        )
        self.enter(self.ana)
        self.assertEqual(self.url_open(f"/web/content/{file.id}").status_code, 404)
        with self.assertRaises(AccessError):
            file.with_user(self.ana).read(["raw"])

    def test_each_kind_of_colleague_may_do_what_its_work_needs_and_no_more(self):
        models = ("recobro.placement.question", "recobro.placement.proposal", "recobro.tone.review")
        for number, (group, letters) in enumerate(ALLOWED.items()):
            user = new_test_user(self.env, f"agency_kind_{number}", group)
            for model, allowed in zip(models, letters, strict=True):
                records = self.env[model].with_user(user)
                self.assertEqual(rights(records), set(allowed), f"{group} on {model}")

    def test_colleagues_of_another_company_see_nothing_of_it(self):
        self.propose()
        self.ask()
        other = self.setup_other_company()["company"]
        stranger = self.create_user("agency_stranger", "recobro_module.group_recobro_manager", company=other)
        for records in (self.placement.proposal_ids, self.placement.question_ids):
            self.assertTrue(records)
            self.assertFalse(records.with_user(stranger).search([("id", "in", records.ids)]))
        with self.assertRaises(AccessError):
            self.placement.proposal_ids.with_user(stranger).action_accept()

    def test_what_another_agency_wrote_is_neither_on_the_page_nor_in_the_documents(self):
        self.log_contact(note="Words of the north")
        placing.recall(self.placement.sudo(), "Enough")
        again = self.place(self.customer, self.south, self.first)
        self.assertEqual(again.case_id, self.placement.case_id)
        self.assertNotIn("Words of the north", self.open(again.id, user=self.sonia).text)
        self.assertNotIn("Words of the north", pack.about(again.sudo()).log.mapped("note"))
