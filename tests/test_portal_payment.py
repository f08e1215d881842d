"""Paying in the portal: we work out what is paid, whatever the browser says, and it reaches the right invoices."""

from datetime import timedelta
from html import unescape
from urllib.parse import quote

from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import open_items

from .test_portal_plan import PortalPlanCase

#: No address of a signed link ends like this.
_NOWHERE = "/my/collections/nonsense/transaction"


class PaymentCase(PortalPlanCase):
    """The same customer, a company with Odoo's demo provider, and a bank account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        demo = cls.env.ref("payment.payment_provider_demo").sudo()
        cls.provider = demo.copy({"company_id": cls.company.id}).with_env(cls.env)
        cls.provider.write({"state": "test", "is_published": True, "allow_tokenization": True})
        cls.provider.journal_id = cls.company_data["default_journal_bank"]
        cls.method = cls.provider.payment_method_ids.filtered("active")[:1]
        cls.env["res.partner.bank"].create(
            {"acc_number": "US12 3456 7890", "partner_id": cls.company.partner_id.id, "allow_out_payment": True}
        )

    def lines_of(self, *moves):
        """The names of invoices in an address."""
        moves = self.env["account.move"].union(*moves)
        return [str(line.id) for line in moves.line_ids.filtered(lambda line: line.display_type == "payment_term")]

    def open_page(self, names=None, contact=None, **query):
        """Open the page that pays some lines."""
        query = {**({"items": ",".join(names)} if names else {}), **query}
        words = "&".join(f"{name}={quote(value)}" for name, value in query.items())
        return self.url_open(f"{self.path('pay', contact=contact)}?{words}", allow_redirects=False)

    def ask(self, names, amount, contact=None, path=None, **values):
        """Ask for a transaction as Odoo's payment form does; return the answer as it comes."""
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": amount,
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": "/my",
            "is_validation": False,
            "access_token": "",
            "csrf_token": "",
            **values,
        }
        path = path or f"{self.path('transaction', contact=contact)}?items={','.join(names)}"
        asked = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.opener.post(self.base_url() + path, json=asked, timeout=60).json()
        self.env.invalidate_all()
        return answer

    def start(self, names, amount, **values):
        """Ask for a transaction and return it."""
        answer = self.ask(names, amount, **values)
        return self.env["payment.transaction"].search([("reference", "=", answer["result"]["reference"])])

    def refuse(self, words, names, amount, **values):
        """The transaction is refused in words, and there is none."""
        before = self.env["payment.transaction"].search_count([])
        with mute_logger("odoo.http"):
            answer = self.ask(names, amount, **values)
        self.assertIn(words, answer["error"]["data"]["message"].replace("\xa0", " "))
        self.assertEqual(self.env["payment.transaction"].search_count([]), before)

    def pay(self, transaction, state="done"):
        """Let the provider say what became of a payment, and Odoo do what follows."""
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": state})
        transaction._post_process()
        self.env.flush_all()
        self.env.invalidate_all()

    def active_plan(self, **terms):
        """A plan that the treasurer has signed."""
        plan = self.propose(**terms)
        self.sign(plan)
        self.assertEqual(plan.state, "active")
        return plan

    @staticmethod
    def names_of(instalments):
        """The names of instalments in an address."""
        return [str(-instalment.id) for instalment in instalments]


class TestThePage(PaymentCase):
    def test_it_shows_what_is_paid_and_the_means_and_the_bank_account(self):
        page = self.open_page(self.lines_of(self.first, self.second))
        self.assertEqual(page.status_code, 200)
        for words in ("1,500.00", self.first.name, self.second.name, "o_payment_form", "US12 3456 7890"):
            self.assertIn(words, page.text)
        self.assertIn('data-amount="1500.0"', page.text)

    def test_without_a_choice_it_is_all_that_is_due(self):
        self.create_invoice(self.customer, 50, self.today + timedelta(days=10))
        page = self.open_page(currency="USD")
        self.assertIn('data-amount="1500.0"', page.text)

    def test_where_no_provider_is_active_it_shows_the_bank_details_and_the_reference_to_quote(self):
        self.provider.state = "disabled"
        page = self.open_page(self.lines_of(self.first))
        self.assertNotIn("o_payment_form", page.text)
        self.assertIn("US12 3456 7890", page.text)
        self.assertIn(self.first.name, page.text.split("o_recobro_reference")[1])

    def test_where_paying_online_is_switched_off_there_are_the_bank_details(self):
        self.env["ir.config_parameter"].sudo().set_param("account_payment.enable_portal_payment", "False")
        self.assertNotIn("o_payment_form", self.open_page(self.lines_of(self.first)).text)

    def test_a_provider_that_is_not_published_is_not_shown(self):
        self.provider.is_published = False
        self.assertNotIn("o_payment_form", self.open_page(self.lines_of(self.first)).text)

    def test_what_is_not_open_is_refused_in_words(self):
        names = self.lines_of(self.first)
        self.pay_invoice(self.first, day=self.today)
        for wrong in (names, self.lines_of(self.neighbours_invoice), ["0"], ["abc"], ["1;DROP TABLE x"]):
            page = self.open_page(wrong)
            self.assertEqual(page.status_code, 422, wrong)
            self.assertIn("may have been paid already", page.text)
            self.assertNotIn("777.77", page.text)

    def test_two_currencies_are_two_payments(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        other = self.create_invoice(self.customer, 70, self.today - timedelta(days=1), currency_id=euro.id)
        page = self.open_page(self.lines_of(self.first, other))
        self.assertEqual(page.status_code, 422)
        self.assertIn("one currency", page.text)
        self.assertIn('data-amount="70.0"', self.open_page(currency="EUR").text)

    def test_what_is_disputed_is_not_paid_and_what_is_promised_may_be(self):
        open_items.meet(self.env, self.company, self.today, self.customer.ids)
        for reason, amount in (("dispute", 400), ("promise", 100)):
            self.env["recobro.hold"].sudo().create(
                {
                    "name": reason,
                    "reason": reason,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "item_id": self.items_of(self.first).id,
                    "amount": amount,
                    "date_from": self.today - timedelta(days=1),
                }
            )
        self.env.flush_all()
        self.assertIn('data-amount="500.0"', self.open_page(self.lines_of(self.first)).text)

    def test_money_that_has_come_and_is_not_matched_is_taken_off_the_oldest(self):
        self.receive_in_bank(self.customer, 1000, self.today)
        self.assertEqual(self.open_page(self.lines_of(self.first)).status_code, 422)
        self.assertIn('data-amount="500.0"', self.open_page(self.lines_of(self.second)).text)

    def test_saved_cards_are_shown_to_nobody_who_is_not_logged_in(self):
        card = self.env["payment.token"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "partner_id": self.treasurer.id,
                "provider_ref": "card",
                "payment_details": "4242",
                "demo_simulated_state": "done",
            }
        )
        self.assertNotIn("4242", self.open_page(self.lines_of(self.first)).text)
        self.refuse("not available", self.lines_of(self.first), 900, flow="token", token_id=card.id)
        new_test_user(self.env, "paying_treasurer", "base.group_portal", partner_id=self.treasurer.id)
        self.authenticate("paying_treasurer", "paying_treasurer")
        self.assertIn("4242", self.open_page(self.lines_of(self.first)).text)


class TestTheTransaction(PaymentCase):
    def test_it_is_for_the_invoices_the_customer_and_what_is_open(self):
        transaction = self.start(self.lines_of(self.first, self.second), 1500)
        self.assertEqual(transaction.invoice_ids, self.first | self.second)
        self.assertEqual(
            (transaction.amount, transaction.currency_id, transaction.partner_id, transaction.company_id),
            (1500, self.company.currency_id, self.treasurer, self.company),
        )
        self.assertFalse(transaction.tokenize)
        self.pay(transaction)
        self.assertEqual((self.first.amount_residual, self.second.amount_residual), (0, 0))
        self.assertEqual(transaction.payment_id.partner_id, self.customer)

    def test_another_amount_than_what_is_open_is_refused(self):
        names = self.lines_of(self.first)
        for amount in (899.99, 900.01, 1, 0, -900, 1e12, None, "x", float(10**30)):
            self.refuse("What is open of this is $ 900.00", names, amount)

    def test_what_was_paid_meanwhile_is_refused(self):
        names = self.lines_of(self.first)
        self.pay_invoice(self.first, day=self.today)
        self.env.flush_all()
        self.refuse("may have been paid already", names, 900)

    def test_invoices_of_another_customer_are_not_there(self):
        self.refuse("may have been paid already", self.lines_of(self.neighbours_invoice), 777.77)
        transaction = self.start(self.lines_of(self.first, self.neighbours_invoice), 900)
        self.assertEqual(transaction.invoice_ids, self.first)

    def test_a_stale_or_altered_link_pays_nothing(self):
        path = f"{self.path('transaction')}?items={self.lines_of(self.first)[0]}"
        self.refuse("does not open anything", [], 900, path=_NOWHERE)
        self.customer.action_recobro_revoke_links()
        self.env.flush_all()
        self.refuse("does not open anything", [], 900, path=path)

    def test_who_pays_and_in_what_and_where_to_are_never_taken_from_the_browser(self):
        for name, value in (
            ("partner_id", self.neighbour.id),
            ("currency_id", self.env.ref("base.EUR").id),
            ("invoice_ids", [[6, 0, self.neighbours_invoice.ids]]),
            ("reference_prefix", "X"),
            ("custom_create_values", {"partner_id": self.neighbour.id}),
        ):
            self.refuse("not whitelisted", self.lines_of(self.first), 900, **{name: value})
        transaction = self.start(
            self.lines_of(self.first),
            900,
            landing_route="https://evil.example",
            is_validation=True,
            tokenization_requested=True,
        )
        self.assertTrue(transaction.landing_route.startswith("/my/collections/"))
        self.assertEqual((transaction.operation, transaction.tokenize), ("online_direct", False))

    def test_a_provider_or_a_method_that_was_not_offered_is_refused(self):
        foreign = self.env.ref("payment.payment_provider_demo")
        for values in (
            {"provider_id": foreign.id},
            {"provider_id": None},
            {"provider_id": "1"},
            {"payment_method_id": 0},
            {"payment_method_id": self.env.ref("payment.payment_method_paypal").id},
            {"flow": "other"},
        ):
            self.refuse("not available", self.lines_of(self.first), 900, **values)

    def test_while_a_payment_is_on_its_way_there_is_no_second_one(self):
        transaction = self.start(self.lines_of(self.first), 900)
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": "pending"})
        self.env.flush_all()
        self.refuse("is being processed", self.lines_of(self.first), 900)
        self.assertIn("is being processed", self.open_page(self.lines_of(self.first)).text)

    def test_a_payment_that_was_cancelled_can_be_made_again(self):
        self.pay(self.start(self.lines_of(self.first), 900), state="cancel")
        self.assertEqual(self.start(self.lines_of(self.first), 900).state, "draft")

    def test_a_colleague_of_ours_who_opens_the_link_pays_nothing_for_the_customer(self):
        self.authenticate("admin", "admin")
        self.assertEqual(self.open_page(self.lines_of(self.first)).status_code, 200)
        self.refuse("logged in as a colleague", self.lines_of(self.first), 900)

    def test_a_payment_begun_a_moment_ago_is_asked_about_once(self):
        names = self.lines_of(self.first)
        begun = self.start(names, 900)
        self.refuse("You began a payment of $ 900.00", names, 900)
        page = self.open_page(names)
        self.assertIn("You began a payment of", page.text)
        self.assertNotIn("o_payment_form", page.text)
        confirmed = self.open_page(names, begun=str(begun.id))
        self.assertIn('data-amount="900.0"', confirmed.text)
        self.assertIn(f"begun={begun.id}", confirmed.text)
        path = f"{self.path('transaction')}?items={names[0]}&begun={begun.id}"
        self.assertTrue(self.start([], 900, path=path))
        self.assertEqual(begun.state, "draft", "what was begun can still be finished")
        self.refuse("You began a payment of", [], 900, path=path)
        self.assertIn('data-amount="600.0"', self.open_page(self.lines_of(self.second)).text)

    def test_a_payment_begun_long_ago_is_forgotten(self):
        names = self.lines_of(self.first)
        begun = self.start(names, 900)
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - INTERVAL '16 minutes' WHERE id = %s", [begun.id]
        )
        self.env.invalidate_all()
        self.assertIn('data-amount="900.0"', self.open_page(names).text)
        self.assertTrue(self.start(names, 900))

    def test_nonsense_about_what_was_begun_changes_nothing(self):
        for text in ("-1", "x", "9" * 40, "²", "%00"):
            self.assertEqual(self.open_page(self.lines_of(self.first), begun=text).status_code, 200, text)


class TestInstalments(PaymentCase):
    def test_an_instalment_is_paid_with_the_invoices_of_the_plan_oldest_first(self):
        plan = self.active_plan(count=3)
        first, second, _third = plan.installment_ids
        transaction = self.start(self.names_of(first), 500)
        self.assertEqual(transaction.invoice_ids, self.first | self.second)
        self.assertTrue(transaction.reference.startswith(plan.name))
        self.pay(transaction)
        self.assertEqual((first.state, first.amount_left, second.state), ("paid", 0, "open"))
        self.assertEqual((self.first.amount_residual, self.second.amount_residual), (400, 600))
        self.assertIn("paid on", self.get("plan", plan.id).text)

    def test_with_an_instalment_and_an_invoice_both_are_quoted(self):
        plan = self.active_plan(count=3)
        other = self.create_invoice(self.customer, 80, self.today - timedelta(days=3))
        self.provider.state = "disabled"
        page = self.open_page([*self.names_of(plan.installment_ids[:1]), *self.lines_of(other)])
        quoted = page.text.split("o_recobro_reference")[1].split("</span>")[0]
        self.assertIn(plan.name, quoted)
        self.assertIn(other.name, quoted)

    def test_everything_that_is_left_of_a_plan_is_paid_at_once(self):
        plan = self.active_plan(count=3)
        self.pay(self.start(self.names_of(plan.installment_ids), 1500))
        self.assertEqual(plan.state, "finished")

    def test_of_an_instalment_partly_paid_the_rest_is_paid(self):
        plan = self.active_plan(count=3)
        self.pay_invoice(self.first, 200, self.today)
        self.refresh(self.customer, self.today)
        self.env.flush_all()
        self.refuse("300.00", self.names_of(plan.installment_ids[0]), 500)
        self.pay(self.start(self.names_of(plan.installment_ids[0]), 300))
        self.assertEqual(plan.installment_ids[0].state, "paid")

    def test_an_instalment_that_is_paid_is_not_paid_again(self):
        plan = self.active_plan(count=3)
        names = self.names_of(plan.installment_ids[0])
        self.pay(self.start(names, 500))
        self.refuse("may have been paid already", names, 500)
        self.assertEqual(self.open_page(names).status_code, 422)

    def test_an_invoice_in_a_plan_in_force_is_paid_by_the_plan(self):
        self.active_plan(count=3)
        page = self.open_page(self.lines_of(self.first))
        self.assertEqual(page.status_code, 422)
        self.assertIn("part of a payment plan", page.text)

    def test_an_invoice_in_a_plan_that_is_only_proposed_may_be_paid_at_once(self):
        self.propose()
        self.assertIn('data-amount="900.0"', self.open_page(self.lines_of(self.first)).text)

    def test_an_instalment_of_another_customer_is_not_there(self):
        theirs = self.propose(self.neighbour)
        self.sign(
            theirs,
            path=self.path("plan", theirs.id, "accept", customer=self.neighbour, contact=self.neighbour),
            text_hash=theirs.agreement_hash,
        )
        self.assertEqual(theirs.state, "active")
        names = self.names_of(theirs.installment_ids[0])
        self.refuse("may have been paid already", names, theirs.installment_ids[0].amount)
        self.assertEqual(self.open_page(names).status_code, 422)


class TestAfterwards(PaymentCase):
    def landing(self, transaction, **who):
        """The page Odoo brings the customer back to."""
        return self.get("paid", transaction.id, **who)

    def test_who_has_paid_is_thanked_on_the_account_or_on_the_plan(self):
        transaction = self.start(self.lines_of(self.first), 900)
        self.pay(transaction)
        self.assertIn("done=paid", self.landing(transaction).headers["Location"])

    def test_who_has_paid_an_instalment_is_thanked_on_the_page_of_the_plan(self):
        plan = self.active_plan(count=3)
        transaction = self.start(self.names_of(plan.installment_ids[0]), 500)
        self.pay(transaction)
        self.assertIn(f"/plan/{plan.id}?done=paid", self.landing(transaction).headers["Location"])

    def test_what_is_pending_cancelled_or_failed_is_said(self):
        for state, words in (("pending", "being processed"), ("cancel", "cancelled"), ("error", "did not go through")):
            transaction = self.start(self.lines_of(self.second), 600)
            transaction._process("demo", {"reference": transaction.reference, "simulated_state": state})
            self.env.flush_all()
            page = self.url_open(transaction.landing_route).text
            self.assertIn(words, unescape(page))
            self.assertEqual("Try again" in page, state != "pending")
            if state == "pending":
                transaction._set_canceled()

    def test_without_its_lines_a_payment_is_not_tried_again_with_all(self):
        transaction = self.start(self.lines_of(self.second), 600)
        transaction._process("demo", {"reference": transaction.reference, "simulated_state": "cancel"})
        self.env.flush_all()
        page = self.landing(transaction).text
        self.assertIn("cancelled", page)
        self.assertNotIn("Try again", page)

    def test_a_payment_that_was_not_begun_here_is_not_told(self):
        transaction = self.start(self.lines_of(self.first), 900)
        transaction.landing_route = "/shop/payment/validate"
        self.env.flush_all()
        self.assertEqual(self.landing(transaction).status_code, 404)

    def test_a_payment_of_another_customer_is_not_told(self):
        transaction = self.start(self.lines_of(self.first), 900)
        response = self.landing(transaction, customer=self.neighbour, contact=self.neighbour)
        self.assertEqual(response.status_code, 404)

    def test_the_money_that_was_promised_is_seen_at_once(self):
        case = self.env["recobro.case"]._open_for(self.customer, self.company)
        open_items.meet(self.env, self.company, self.today, self.customer.ids)
        promise = self.env["recobro.promise"]._take(
            case, self.items_of(self.first), 900, self.today + timedelta(days=3), contact_id=self.treasurer.id
        )
        self.env.flush_all()
        self.pay(self.start(self.lines_of(self.first), 900))
        self.assertEqual(promise.state, "kept")
