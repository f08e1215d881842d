"""What the tests of agencies and lawyers share: an agency, a lawyer, and a customer with old and fresh debt."""

from odoo import Command

from odoo.addons.recobro_module.engine.placements import placing

from .common import MONDAY
from .test_promise_verdicts import VerdictCase
from .test_promises import day


class PlacementCase(VerdictCase):
    """An agency that takes 10 %, 20 % from 60 days late on and 50 for each case; a lawyer who takes a third."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user("placement_manager", "recobro_module.group_recobro_manager")
        cls.agency = cls.create_agency("Cobros del Norte", [(0, False, 0.1), (60, False, 0.2)], fixed_cost=50)
        cls.lawyer = cls.create_agency("Bufete Ruiz", [(0, False, 0.3), (0, "pre_legal", 0.4)], kind="lawyer", days=365)

    @classmethod
    def create_agency(cls, name, tariff, company=None, **values):
        """An agency, or a lawyer, with a tariff of (days from, stage, rate)."""
        return cls.env["recobro.agency"].create(
            {
                "partner_id": cls.env["res.partner"].create({"name": name, "is_company": True}).id,
                "company_id": (company or cls.company).id,
                "user_id": cls.manager.id,
                "tariff_ids": [
                    Command.create({"days_from": start, "stage": stage, "rate": rate}) for start, stage, rate in tariff
                ],
                **values,
            }
        )

    def setUp(self):
        super().setUp()
        self.old = self.create_invoice(self.customer, 500, day(-70))
        self.refresh(self.customer, MONDAY)

    def place(self, *invoices, on=MONDAY, agency=None, **values):
        """Some invoices, the overdue ones unless others are given, in the hands of an agency."""
        items = self.env["recobro.item"].union(*[self.item(one) for one in invoices or (self.overdue, self.old)])
        record = placing.place(self.case.with_env(self.env_on(on)), agency or self.agency, items, on, **values)
        self.env.invalidate_all()
        return record

    def dispute(self, invoice, amount):
        """A dispute about a part of an invoice."""
        return self.env_on(MONDAY)["recobro.dispute"]._open_ticket(
            self.customer,
            self.company,
            {invoice: amount},
            reason_id=self.env.ref("recobro_module.dispute_reason_price").id,
            subject="Wrong price",
        )

    def result(self, placement, when):
        """What a placement has brought on a day: (collected, fee, net)."""
        self.judge(when)
        return placement.amount_collected, placement.fee, placement.amount_net

    def seen_by(self, user, record, when=MONDAY):
        """The record as a user sees it."""
        return record.with_env(self.as_user(user, when))

    def stage(self, when):
        """The stage of the customer's case on a day."""
        self.judge(when)
        return self.case_of(self.customer).stage
