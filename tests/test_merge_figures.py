"""What is told and kept of a customer that was merged with another one: it can be read, and names who is left."""

from datetime import timedelta

from .common import MONDAY
from .test_ledger_alerts import LedgerAlertCase


class TestOneCustomerOfTwo(LedgerAlertCase):
    """A customer that owes too much is merged with another one."""

    def setUp(self):
        super().setUp()
        self.one, self.two = self.create_customer("Acme"), self.create_customer("Acme Ltd")

    def large(self, customer, since=MONDAY):
        alert = self.env["recobro.ledger.alert"].sudo().create(
            {"company_id": self.company.id, "kind": "concentration", "partner_id": customer.id, "since": since}
        )  # fmt: skip
        alert.activity_schedule("recobro_module.activity_type_ledger", user_id=self.manager.id)
        return alert

    def merge(self, source, target):
        self.env.flush_all()
        self.env["base.partner.merge.automatic.wizard"]._merge((source + target).ids, target)
        self.env.invalidate_all()
        self.assertFalse(source.exists())

    def shown(self, model, domain):
        """What the list of a model shows of customers."""
        columns = {"display_name": {}, "partner_id": {"fields": {"display_name": {}}}}
        return self.env[model].with_user(self.manager).web_search_read(domain, columns)["records"]

    def test_its_alert_is_of_the_customer_that_is_left(self):
        alert = self.large(self.two)
        self.merge(self.two, self.one)
        [row] = self.shown("recobro.ledger.alert", [("id", "=", alert.id)])
        self.assertEqual(row["partner_id"]["display_name"], "Acme")
        self.assertEqual(row["display_name"], "One customer owes too much of it: Acme")

    def test_of_two_alerts_the_first_goes_on(self):
        first, second = self.large(self.two), self.large(self.one, MONDAY + timedelta(days=1))
        self.merge(self.two, self.one)
        self.assertEqual((first.partner_id, first.until, len(first.activity_ids)), (self.one, False, 1))
        self.assertTrue(second.until)
        self.assertFalse(second.activity_ids)

    def test_an_alert_of_a_customer_that_was_deleted_can_be_read(self):
        alert = self.large(self.two)
        self.env.flush_all()
        self.two.unlink()
        self.env.invalidate_all()
        self.assertEqual(alert.display_name, "One customer owes too much of it")
        self.assertFalse(self.shown("recobro.ledger.alert", [("id", "=", alert.id)])[0]["partner_id"])

    def test_what_was_kept_of_who_was_merged_stays_and_can_be_read(self):
        self.create_invoice(self.one, 100, MONDAY)
        self.create_invoice(self.two, 40, MONDAY)
        self.run_day(MONDAY)
        gone = self.two.id
        self.merge(self.two, self.one)
        of_company = [
            ("company_id", "=", self.company.id),
            ("day", "=", MONDAY),
            ("partner_id", "in", (gone, self.one.id)),
        ]
        rows = {row["display_name"]: row["partner_id"] for row in self.shown("recobro.customer.snapshot", of_company)}
        self.assertEqual(len(rows), 2)
        self.assertFalse(rows["Customer removed · 2026-03-02"])
        self.assertEqual(rows["Acme · 2026-03-02"]["display_name"], "Acme")
        kept = self.env["recobro.customer.snapshot"].with_user(self.manager)
        self.assertEqual(len(kept.search(of_company).read(["partner_id", "not_due"])), 2)
        groups = kept.formatted_read_group(of_company, ["partner_id"], ["not_due:sum"])
        self.assertEqual(
            {group["partner_id"]: group["not_due:sum"] for group in groups},
            {(gone, "Customer removed"): 40, (self.one.id, "Acme"): 100},
        )
