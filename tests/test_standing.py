"""How customers stand: one word in lists and on cards, a banner over the customer, for who may know it."""

from datetime import timedelta

from odoo.exceptions import AccessError

from .common import MONDAY, lived
from .test_suspensions import THE_DAY, SuspensionCase

ONE_DAY = timedelta(days=1)


class StandingCase(SuspensionCase):
    def seen(self, record, day=MONDAY, user=None):
        """A record as a user sees it on ``day``, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        context = {**self.env.context, "recobro_as_of": lived(day), "allowed_company_ids": self.company.ids}
        return record.with_env(self.env(user=user or self.env.user, context=context))

    def badge(self, record=None, day=MONDAY, user=None):
        """The word about the customer, or about an invoice."""
        return self.seen(record or self.customer, day, user).recobro_badge

    def banner(self, day=MONDAY, user=None):
        """The text of the banner over the customer, without its tags."""
        shown = self.seen(self.customer, day, user).recobro_banner
        return " ".join(shown.striptags().replace("$", "$ ").split()) if shown else ""

    def dispute(self, amounts):
        """A dispute that a colleague opened."""
        return (
            self.env["recobro.dispute"]
            .with_env(self.env_on(MONDAY))
            ._open_ticket(
                self.customer,
                self.company,
                amounts,
                reason_id=self.env.ref("recobro_module.dispute_reason_price").id,
                subject="Price",
            )
        )

    def promise(self, amount, day):
        """A promise of the customer, taken on Monday."""
        env = self.env_on(MONDAY)
        case = self.env["recobro.case"].with_env(env)._open_for(self.customer, self.company)
        items = self.items_of(self.invoice).with_env(env)
        return self.env["recobro.promise"].with_env(env)._take(case, items, amount, day)


class TestBadge(StandingCase):
    def test_the_gravest_is_what_is_shown(self):
        self.assertFalse(self.badge())
        self.run_day(MONDAY)
        self.assertEqual(self.badge(), "overdue")
        self.promise(500, THE_DAY + 10 * ONE_DAY)
        self.assertEqual(self.badge(), "promised")
        self.dispute({self.invoice: 250})
        self.assertEqual(self.badge(), "disputed")
        self.approve()
        self.assertEqual(self.badge(), "announced")
        self.run_day(THE_DAY)
        self.assertEqual(self.badge(day=THE_DAY), "on_hold")
        self.env["recobro.insolvency"].with_env(self.env_on(THE_DAY)).create(
            {"partner_id": self.customer.id, "company_id": self.company.id, "court": "Juzgado Mercantil 1"}
        )
        self.assertEqual(self.badge(day=THE_DAY), "insolvent")

    def test_paid_nothing_is_said_any_more(self):
        self.in_force()
        self.pay_invoice(self.invoice, day=THE_DAY)
        self.refresh(self.customer, THE_DAY)
        self.assertFalse(self.badge(day=THE_DAY))

    def test_a_contact_stands_as_its_company_does(self):
        self.run_day(MONDAY)
        self.assertEqual(self.badge(self.create_contact(self.customer, "Anna")), "overdue")

    def test_an_invoice_shows_what_holds_it_and_that_its_customer_is_on_hold(self):
        other = self.create_invoice(self.customer, 100, MONDAY - 3 * ONE_DAY)
        self.run_day(MONDAY)
        self.assertFalse(self.badge(self.invoice), "that it is overdue is said beside")
        self.dispute({other: 100})
        self.assertEqual((self.badge(self.invoice), self.badge(other)), (False, "disputed"))
        self.approve()
        self.run_day(THE_DAY)
        self.assertEqual((self.badge(self.invoice), self.badge(other)), ("on_hold", "on_hold"))
        self.pay_invoice(self.invoice, day=THE_DAY)
        self.assertFalse(self.badge(self.invoice), "it is paid")

    def test_searching_finds_who_shows_it(self):
        calm = self.create_customer("Calm")
        anna = self.create_contact(self.customer, "Anna")
        self.in_force()
        partners = self.seen(self.env["res.partner"], THE_DAY)
        ours = [("id", "in", (self.customer + calm + anna).ids)]
        for domain, found in (
            ([("recobro_badge", "=", "on_hold")], self.customer + anna),
            ([("recobro_badge", "!=", False)], self.customer + anna),
            ([("recobro_badge", "=", False)], calm),
            ([("recobro_badge", "in", ["overdue", "disputed"])], self.env["res.partner"]),
            ([("recobro_badge", "!=", "on_hold")], calm),
        ):
            with self.subTest(domain):
                self.assertEqual(set(partners.search(ours + domain).ids), set(found.ids))
        free = self.create_invoice(calm, 10, THE_DAY)
        moves = self.seen(self.env["account.move"], THE_DAY)
        ours = [("id", "in", (self.invoice + free).ids)]
        self.assertEqual(moves.search([*ours, ("recobro_badge", "=", "on_hold")]).ids, self.invoice.ids)
        self.assertEqual(moves.search([*ours, ("recobro_badge", "=", False)]).ids, free.ids)

    def test_another_company_knows_nothing_of_it(self):
        self.in_force()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.env.user.company_ids += elsewhere
        customer = self.customer.with_context(allowed_company_ids=elsewhere.ids)
        self.assertFalse(customer.recobro_badge)
        self.assertFalse(customer.search([("id", "=", customer.id), ("recobro_badge", "!=", False)]))


class TestWhoSees(StandingCase):
    def test_who_is_not_in_collections_sees_it_of_the_customers_they_sell_to(self):
        self.in_force()
        seller, other = self.create_user("seller", "base.group_user"), self.create_user("other", "base.group_user")
        self.customer.user_id = seller
        self.assertEqual(self.badge(day=THE_DAY, user=seller), "on_hold")
        self.assertIn("On hold since", self.banner(THE_DAY, seller))
        self.assertFalse(self.badge(day=THE_DAY, user=other))
        self.assertFalse(self.banner(THE_DAY, other))
        held = [("recobro_badge", "=", "on_hold"), ("id", "=", self.customer.id)]
        for user, found in ((seller, 1), (other, 0)):
            self.assertEqual(self.seen(self.env["res.partner"], THE_DAY, user).search_count(held), found)

    def test_the_customer_is_told_nothing_in_the_portal(self):
        self.in_force()
        portal = self.create_user("portal", "base.group_portal")
        portal.partner_id.parent_id = self.customer
        customer = self.seen(self.customer, THE_DAY, portal)
        for name in ("recobro_badge", "recobro_banner"):
            with self.assertRaises(AccessError):
                customer.read([name])
        self.assertFalse(customer.search([("recobro_badge", "=", "on_hold")]))
        invoice = self.seen(self.invoice, THE_DAY, portal)
        with self.assertRaises(AccessError):
            invoice.read(["recobro_badge"])
        self.assertFalse(invoice.search([("recobro_badge", "=", "on_hold")]))


class TestBanner(StandingCase):
    def test_nothing_is_said_of_who_owes_nothing_late(self):
        self.assertFalse(self.banner())

    def test_it_says_what_is_overdue_what_is_promised_and_what_is_disputed(self):
        self.run_day(MONDAY)
        self.promise(500, MONDAY + 9 * ONE_DAY)
        self.dispute({self.invoice: 250})
        words = self.banner()
        for part in ("$ 1,250.00 overdue", "1 open dispute", "Promised to pay by 03/11/2026"):
            self.assertIn(part, words)

    def test_it_names_the_day_of_a_hold_and_since_when(self):
        self.run_day(MONDAY)
        self.approve()
        self.assertIn("Will be on hold from 03/09/2026", self.banner())
        self.run_day(THE_DAY)
        self.assertIn("On hold since 03/09/2026", self.banner(THE_DAY))
        self.assertIn("alert-danger", self.seen(self.customer, THE_DAY).recobro_banner)

    def test_it_says_what_is_left_of_the_credit_limit_where_there_is_one(self):
        self.run_day(MONDAY)
        self.assertNotIn("Credit", self.banner())
        self.company.account_use_credit_limit = True
        self.customer.with_company(self.company).credit_limit = 2000
        self.assertIn("Credit left: $ 750.00", self.banner())
        self.customer.with_company(self.company).credit_limit = 1000
        self.assertIn("$ 250.00 over the credit limit", self.banner())

    def test_what_it_says_is_text_whatever_a_level_is_called(self):
        self.level.name = "<b>Stop</b>"
        self.run_day(MONDAY)
        self.approve()
        self.refresh(self.customer, MONDAY)
        self.assertNotIn("<b>", self.seen(self.customer).recobro_banner)
        self.assertIn("&lt;b&gt;Stop", self.seen(self.customer).recobro_banner)
