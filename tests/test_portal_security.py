"""Who comes to the portal with another's key, a broken one, or a hundred times: a clear answer, nothing told."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

from freezegun import freeze_time

from odoo import fields
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import link
from odoo.addons.recobro_module.engine.plans import plan_making
from odoo.addons.recobro_module.engine.portal import portal_limits

from .portal_case import PDF, PortalCase

_NO_LINK = "This link does not open anything"
_NOT_HERE = "This is not in your account any more"


class TestTheKey(PortalCase):
    """Every address of the portal, with keys that open nothing."""

    def addresses(self):
        """Each address, as (whether it is a form, its parts)."""
        ticket = self.disputes() or self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.first: 100}, reason_id=self.reason.id
        )
        pages = [(), ("answers",), ("dispute",), ("promise",), ("ask-plan",), ("statement.pdf",), ("statement.xlsx",)]
        pages += [("invoice", self.first.id), ("dispute", ticket.id), ("dispute", ticket.id, "file", 1)]
        forms = [("seen",), ("dispute",), ("promise",), ("ask-plan",), ("dispute", ticket.id)]
        return [(False, parts) for parts in pages] + [(True, parts) for parts in forms]

    def assert_all_refused(self, **who):
        for is_form, parts in self.addresses():
            with self.subTest(parts=parts, is_form=is_form):
                portal_limits.forget()
                response = self.post(*parts, **who) if is_form else self.get(*parts, **who)
                self.assert_refused(response, 403, _NO_LINK)
                self.assertNotIn(self.first.name, response.text)
                self.assertNotIn("Cedar", response.text)
        self.assertFalse(self.log("visited", "downloaded", "promised", "plan_asked", "replied"))

    def test_an_expired_key(self):
        with freeze_time(fields.Datetime.now() - link.VALID_FOR - timedelta(days=1)):
            old = link.make_token(self.company, self.customer, self.treasurer)
        self.patch(link, "make_path", lambda *_who: f"/my/collections/{old}")
        self.assert_all_refused()

    def test_an_altered_key(self):
        token = link.make_token(self.company, self.customer, self.treasurer)
        altered = token[:-8] + ("A" if token[-8] != "A" else "B") + token[-7:]
        self.patch(link, "make_path", lambda *_who: f"/my/collections/{altered}")
        self.assert_all_refused()

    def test_a_revoked_key(self):
        token = link.make_token(self.company, self.customer, self.treasurer)
        self.customer.action_recobro_revoke_links()
        self.patch(link, "make_path", lambda *_who: f"/my/collections/{token}")
        self.assert_all_refused()

    def test_the_key_of_a_contact_who_went_to_another_customer(self):
        token = link.make_token(self.company, self.customer, self.treasurer)
        self.treasurer.parent_id = self.neighbour
        self.patch(link, "make_path", lambda *_who: f"/my/collections/{token}")
        self.assert_all_refused()


class TestTheNeighbour(PortalCase):
    """A good key of one customer, and what belongs to another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.neighbours_ticket = cls.env["recobro.dispute"]._open_ticket(
            cls.neighbour,
            cls.company,
            {cls.neighbours_invoice: 100},
            reason_id=cls.reason.id,
            source="portal",
            note="Ours",
        )
        cls.neighbours_file = cls.env["ir.attachment"].create(
            {"name": "ours.pdf", "raw": PDF, "res_model": "recobro.dispute", "res_id": cls.neighbours_ticket.id}
        )

    def test_their_disputes_and_files_are_not_there(self):
        number = self.neighbours_ticket.id
        for parts in (("dispute", number), ("dispute", number, "file", self.neighbours_file.id)):
            self.assert_refused(self.get(*parts), 404, _NOT_HERE)
        own = self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.first: 100}, reason_id=self.reason.id
        )
        self.assert_refused(self.get("dispute", own.id, "file", self.neighbours_file.id), 404, _NOT_HERE)
        self.assert_refused(self.post("dispute", number, data={"text": "Hello"}), 404, _NOT_HERE)
        self.assertNotIn("Hello", str(self.neighbours_ticket.message_ids.mapped("body")))

    def test_their_invoices_in_a_form_are_left_out(self):
        mixed = self.items(self.neighbours_invoice)
        self.assert_refused(self.get("dispute", query=f"?items={mixed}"), 200, "Nothing of what you chose")
        self.assert_refused(self.dispute(self.neighbours_invoice), 422, "Nothing of what you chose")
        self.assert_refused(self.promise(self.neighbours_invoice), 422, "Nothing is left of what you chose")
        plan = self.post("ask-plan", data={"items": mixed, "count": "2", "day": str(self.today)})
        self.assert_refused(plan, 422, "Nothing is left of what you chose")
        # Beside one's own: only that is taken
        both = self.items(self.first, self.neighbours_invoice)
        self.promise(self.first, items=both, amount="900")
        self.assertEqual(self.promises().line_ids.item_id.move_id, self.first)
        self.dispute(self.second, items=self.items(self.second, self.neighbours_invoice))
        self.assertEqual(self.disputes().line_ids.move_id, self.second)
        self.assertFalse(self.promises(self.neighbour))
        self.assertEqual(self.disputes(self.neighbour), self.neighbours_ticket)

    def test_what_is_no_invoice_of_theirs_at_all_is_left_out(self):
        for items in ("0", "-1", "9" * 30, "1;drop table", "../..", "１", "%00", "1 or 1=1", "," * 500):
            with self.subTest(items=items):
                self.assertIn(self.get("dispute", query=f"?items={items}").status_code, (200, 303))
                response = self.promise(self.first, items=items, amount="1")
                self.assertIn(response.status_code, (303, 422))

    def test_a_contact_of_a_child_company_that_is_its_own_customer_sees_its_own_only(self):
        child = self.create_customer("Cedar Branch", parent_id=self.customer.id)
        contact = self.create_contact(child, "Cora Child")
        own = self.create_invoice(child, 42.42, self.today - timedelta(days=2))
        text = self.get(customer=child, contact=contact).text
        self.assertIn(own.name, text)
        self.assertNotIn(self.first.name, text)
        self.assertNotIn("Cedar Branch", self.get().text)
        self.assert_refused(self.get(customer=self.customer, contact=contact), 403, _NO_LINK)

    def test_the_same_customer_in_another_company_is_another_account(self):
        other = self.setup_other_company(name="Other seller")["company"]
        theirs = self.create_invoice(self.customer, 4321, self.today - timedelta(days=2), company_id=other.id)
        self.assertNotIn("4,321.00", self.get().text)
        ticket = (
            self.env["recobro.dispute"]
            .with_company(other)
            ._open_ticket(self.customer, other, {theirs: 10}, reason_id=self.reason.id)
        )
        self.assert_refused(self.get("dispute", ticket.id), 404, _NOT_HERE)
        self.assertNotIn(ticket.name, self.get("answers").text)
        self.assert_refused(self.dispute(theirs), 422, "Nothing of what you chose")

    def test_to_be_logged_in_as_somebody_else_opens_nothing_more(self):
        new_test_user(self.env, "nora", "base.group_portal", partner_id=self.neighbours_contact.id)
        self.authenticate("nora", "nora")
        text = self.get().text
        self.assertIn(self.first.name, text)
        self.assertNotIn("777.77", text)
        self.assertNotIn(self.first.name, self.url_open("/my/collections").text)

    def test_a_plan_of_a_neighbour_is_not_in_the_list(self):
        case = self.env["recobro.case"]._open_for(self.neighbour, self.company)
        free = self.create_invoice(self.neighbour, 500, self.today - timedelta(days=2))
        terms = plan_making.propose_terms(self.env, self.company, self.neighbour, self.today, move_ids=free.ids)
        plan = plan_making.make(case, terms)
        with self.mock_mail_gateway():
            plan.action_propose()
        self.assertNotIn(plan.name, self.get("answers").text)

    def test_a_portal_user_reads_none_of_the_records_by_rpc(self):
        user = new_test_user(self.env, "teresa", "base.group_portal", partner_id=self.treasurer.id)
        for model in ("recobro.dispute", "recobro.promise", "recobro.payment.plan", "recobro.portal.counter"):
            self.assertFalse(self.env[model].with_user(user).has_access("read"), model)


class TestForms(PortalCase):
    def test_a_form_without_its_csrf_token_is_refused(self):
        forms = {
            ("dispute",): {"items": self.items(self.first)},
            ("promise",): {"items": self.items(self.first), "amount": "900", "day": str(self.today)},
            ("ask-plan",): {"items": self.items(self.first), "count": "2", "day": str(self.today)},
            ("seen",): {},
        }
        for parts, data in forms.items():
            with self.subTest(parts=parts):
                self.assertEqual(self.post(*parts, data=data, csrf=False).status_code, 400)
        self.assertFalse(self.disputes() or self.promises() or self.log("visited", "plan_asked"))

    def test_forms_are_not_sent_by_opening_an_address(self):
        self.assertEqual(self.get("seen").status_code, 405)
        query = f"?items={self.items(self.first)}&amount=900&day={self.today}&count=2"
        for parts in ("promise", "ask-plan"):
            self.assertEqual(self.get(parts, query=query).status_code, 200)
        self.assertFalse(self.promises() or self.log("plan_asked"))

    def test_a_file_in_the_place_of_a_text_is_no_text(self):
        ticket = self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.second: 100}, reason_id=self.reason.id, source="portal"
        )
        name = f"amount_{self.first.id}"
        for parts, fields_of_it in (
            (("dispute",), (name, "note", "reason")),
            (("promise",), ("amount", "day", "note", "currency")),
            (("ask-plan",), ("count", "day", "note", "currency")),
            (("dispute", ticket.id), ("text",)),
        ):
            files = {field: ("a.pdf", BytesIO(PDF), "application/pdf") for field in fields_of_it}
            with self.subTest(parts=parts):
                response = self.post(*parts, data={"items": self.items(self.first)}, files=files)
                self.assertEqual(response.status_code, 422)

    def test_a_form_far_too_large_is_not_read(self):
        data = {"items": self.items(self.first), "note": "x" * 2_000_000}
        self.assertEqual(self.post("promise", data=data).status_code, 413)

    def test_a_redirect_is_kept_out_of_caches_too(self):
        for response in (self.get("dispute"), self.promise(self.first)):
            self.assertEqual(response.status_code, 303)
            self.assertEqual(response.headers["Cache-Control"], "no-store")
            self.assertEqual(response.headers["Referrer-Policy"], "same-origin")

    def test_thanks_in_an_address_claim_no_payment(self):
        self.assertNotIn("we have your payment", self.get(query="?done=paid").text)

    def test_what_somebody_typed_is_shown_as_text(self):
        evil = "<script>alert(1)</script>"
        response = self.promise(self.first, amount=evil, note=evil)
        self.assertEqual(response.status_code, 422)
        self.assertNotIn(evil, response.text)
        self.dispute(self.first, note=evil)
        self.assertNotIn(evil, self.get("dispute", self.disputes().id).text)

    def test_a_customers_name_is_shown_as_text(self):
        self.customer.name = "<img src=x onerror=alert(1)>"
        self.first.ref = "{{ 7*7 }}<b>"
        text = self.get().text
        self.assertNotIn("<img src=x", text)
        self.assertNotIn("49&lt;b&gt;", text)

    def test_nothing_of_an_answer_that_is_refused_stays(self):
        before = self.env["recobro.case"].search_count([("partner_id", "=", self.customer.id)])
        self.promise(self.first, amount="0")
        self.dispute(self.first, amount="0")
        self.assertEqual(self.env["recobro.case"].search_count([("partner_id", "=", self.customer.id)]), before)


class TestAColleague(PortalCase):
    """One of us who has found the link of a customer in a message: looks, and answers nothing."""

    def test_looks_at_everything_and_answers_nothing(self):
        ticket = self.env["recobro.dispute"]._open_ticket(
            self.customer, self.company, {self.second: 100}, reason_id=self.reason.id, source="portal"
        )
        new_test_user(self.env, "colin", "recobro_module.group_recobro_manager")
        self.authenticate("colin", "colin")
        self.assertEqual(self.get().status_code, 200)
        self.assertEqual(self.get("promise").status_code, 200)
        asked = {"items": self.items(self.first), "count": "2", "day": str(self.today)}
        for response in (
            self.dispute(self.first),
            self.promise(self.first),
            self.post("ask-plan", data=asked),
            self.post("dispute", ticket.id, data={"text": "We were wrong"}),
        ):
            self.assert_refused(response, 403, "You are logged in as a colleague")
        self.assertEqual(self.disputes(), ticket)
        self.assertFalse(self.promises() or self.log("promised", "plan_asked", "replied", "visited"))
        self.assertNotIn("We were wrong", str(ticket.message_ids.mapped("body")))


class TestAHundredRequests(PortalCase):
    def knock(self, path, times=100):
        """Ask for an address so many times in a row; return the status of each answer and the last answer."""
        self.env.flush_all()
        with mute_logger("odoo.http"):
            answers = [self.url_open(path, allow_redirects=False) for _time in range(times)]
        return [answer.status_code for answer in answers], answers[-1]

    def setUp(self):
        super().setUp()
        # A stretch of time that does not end meanwhile
        self.patch(portal_limits, "window", lambda _moment, _seconds: (1, 42))

    def limit(self, kind, number):
        """Let a limit be smaller than it is."""
        known = portal_limits.LIMITS[kind]
        self.patch(portal_limits, "LIMITS", {**portal_limits.LIMITS, kind: replace(known, number=number, step=1)})

    def test_are_asked_to_wait_and_told_how_long(self):
        statuses, last = self.knock(self.path())
        most = portal_limits.LIMITS["page"].number
        self.assertEqual(statuses[:most], [200] * most, "reading like a person is hindered")
        self.assertEqual(set(statuses[most:]), {429})
        self.assertIn("Please try again in 42 seconds", last.text)
        self.assertEqual(last.headers["Retry-After"], "42")
        self.assertNotIn("Cedar", last.text)

    def test_of_one_visitor_hinder_no_other_behind_the_same_address(self):
        self.limit("page", 3)
        self.assertEqual(self.knock(self.path(), 5)[0][-1], 429)
        self.assertEqual(self.get(contact=self.buyer).status_code, 200)

    def test_of_all_behind_one_address_have_a_limit_too(self):
        self.limit("address", 3)
        statuses = [self.get(contact=one).status_code for one in (self.treasurer, self.buyer) for _time in range(2)]
        self.assertEqual(statuses, [200, 200, 200, 429])

    def test_to_be_seen_is_not_counted(self):
        self.limit("page", 2)
        self.assertEqual({self.post("seen").status_code for _time in range(4)}, {204})
        self.assertEqual(self.get().status_code, 200)

    def test_with_bad_keys_are_found_by_their_address(self):
        statuses, last = self.knock("/my/collections/nonsense")
        most = portal_limits.LIMITS["guess"].number
        self.assertEqual((set(statuses[:most]), set(statuses[most:])), ({403}, {429}))
        self.assertEqual(last.status_code, 429)
        self.assertEqual(self.get().status_code, 200, "a good key behind the same address opens")

    def test_are_counted_for_all_workers_together(self):
        """Another worker has counted too: this one, which knows of nothing, learns of it."""
        limit = portal_limits.LIMITS["page"]
        self.knock(self.path(), limit.number)
        portal_limits.forget()
        statuses, _last = self.knock(self.path(), limit.step + 1)
        self.assertEqual(statuses[-1], 429)

    def test_a_few_write_nothing(self):
        self.knock(self.path(), portal_limits.LIMITS["page"].step - 1)
        self.assertFalse(self.env["recobro.portal.counter"].sudo().search([]))

    def test_no_address_is_stored(self):
        self.knock("/my/collections/nonsense", 30)
        names = self.env["recobro.portal.counter"].sudo().search([]).mapped("name")
        self.assertTrue(names)
        self.assertNotIn("127.0.0.1", str(names))

    def test_answers_that_were_taken_have_a_limit_and_nothing_typed_is_lost(self):
        self.limit("answer", 2)
        for _time in range(4):
            self.assertEqual(self.promise(self.first, amount="0").status_code, 422, "something wrong counts")
        self.assertEqual(self.promise(self.first).status_code, 303)
        self.assertEqual(self.promise(self.second).status_code, 303)
        response = self.promise(self.coming, note="It took me an hour to write this")
        self.assert_refused(response, 422, "That was too often in a short time")
        self.assertIn("It took me an hour to write this", response.text)
        self.assertEqual(len(self.promises()), 2)
        self.assertEqual(self.get().status_code, 200, "reading goes on")

    def test_attempts_have_a_limit_of_their_own(self):
        self.limit("attempt", 3)
        statuses = [self.promise(self.first, amount="0").status_code for _time in range(4)]
        self.assertEqual(statuses, [422, 422, 422, 429])

    def test_files_have_a_limit_a_day(self):
        self.limit("megabyte", 2)
        for _time in range(2):
            self.assertEqual(self.dispute(self.first, amount=1, files=[("a.pdf", PDF)]).status_code, 303)
        response = self.dispute(self.first, amount=1, files=[("a.pdf", PDF)], note="The third crate")
        self.assert_refused(response, 422, "many files today")
        self.assertIn("The third crate", response.text)
        self.assertEqual(len(self.disputes()), 2)
        self.assertEqual(self.dispute(self.first, amount=1).status_code, 303, "words alone are welcome")

    def test_after_the_wait_the_page_opens_again(self):
        self.knock(self.path(), 70)
        self.assertEqual(self.get().status_code, 429)
        self.patch(portal_limits, "window", lambda _moment, _seconds: (2, 60))
        self.assertEqual(self.get().status_code, 200)
