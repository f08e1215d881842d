"""What the stories of the playbooks share: the playbook chosen in its dialog, who decides, who posts, customers."""

from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError

from .common import RecobroCase
from .letter_case import LetterCase
from .placement_case import PlacementCase
from .test_promises import day

#: All invoices of a story are due on this day, a Monday.
DUE = 7


class PlaybookCase(PlacementCase, LetterCase):
    """A playbook in force for everybody; a manager, a collector and three people who may not decide."""

    playbook = "a"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.sudo().is_on = False
        cls.company.partner_id.tz = "UTC"
        dialog = cls.env["recobro.playbook.choose"].with_user(cls.manager).create({"company_id": cls.company.id})
        made = dialog.action_choose_a() if cls.playbook == "a" else dialog.action_choose_b()
        cls.policy = cls.env["recobro.policy"].browse(made["res_id"])
        # The bank of a test is read when it says so
        cls.policy.promise_bank_wait_days = 0

    def setUp(self):
        RecobroCase.setUp(self)  # the customer of the other tests would be one more in the story

    # -------------------------------------------------------------------------
    # THE LEDGER
    # -------------------------------------------------------------------------

    def debtor(self, name, *amounts):
        """A customer with people and an address, and invoices that are all due on one day."""
        customer = self.create_customer(name, street="Side Street 2", zip="20002", city="Boston")
        self.create_contact(customer, f"{name} Treasury", self.treasury)
        self.create_contact(customer, f"{name} Boss", self.decision_maker)
        invoices = [self.create_invoice(customer, amount, day(DUE)) for amount in amounts]
        return customer, *invoices

    def five_customers(self):
        """Who is late, who disputes, who promises, and who never pays much or little."""
        self.late, self.late_invoice = self.debtor("Late", 2000)
        self.disputer, self.disputed, self.clear = self.debtor("Disputer", 1500, 1200)
        self.promiser, self.promised = self.debtor("Promiser", 3000)
        self.big, self.big_invoice = self.debtor("Big", 5000)
        self.small, self.small_invoice = self.debtor("Small", 200)

    def lived_before(self):
        """What was paid before the story, weeks late: with no history a debt has no chance of recovery to select by."""
        customer = self.create_customer("Before")
        for number in range(3):
            due = day(30 * number - 250)
            self.pay_invoice(self.create_invoice(customer, 4000, due), day=due + timedelta(days=40))

    def pay_on(self, number, invoice, amount=None):
        """A payment of a day, matched with its invoice; its case hears of it within the minute."""
        self.pay_invoice(invoice, amount, day(number))
        self.refresh(invoice.commercial_partner_id, day(number))

    def run_days(self, first, last):
        """Live the working days alone: a test is one transaction, which keeps the locks of each day it lives."""
        while first <= last:
            if first.weekday() < 5:
                self.run_day(first)
            first += timedelta(days=1)

    def run_weeks(self, first, last):
        """Live a day a week, while nothing but the passing of time is looked at, and the last one."""
        while first < last:
            self.run_day(first)
            first += timedelta(days=7)
        self.run_day(last)

    # -------------------------------------------------------------------------
    # WHAT PEOPLE DO
    # -------------------------------------------------------------------------

    def log(self, customer, number, result="no_answer", **values):
        """The collector logs a contact with a customer, by the dialog; the planned call is done with it."""
        env = self.as_user(self.collector, day(number))
        case = self.case_of(customer).with_env(env)
        dialog = env["recobro.interaction.log"].create({"case_id": case.id, "result": result, **values})
        dialog.action_log()
        self.env.invalidate_all()

    def log_calls(self, number):
        """Every call that is planned is made, and nobody answers."""
        for call in self.env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("channel", "=", "call"), ("state", "=", "planned")]
        ):
            self.log(call.partner_id, number)

    def proposed(self, channel):
        """What waits for an approval by now, by its channel."""
        return self.env["recobro.action"].search(
            [("company_id", "=", self.company.id), ("channel", "=", channel), ("state", "=", "to_approve")]
        )

    def decide(self, actions, number, user=None, **values):
        """The dialog of who decides."""
        env = self.as_user(user or self.manager, day(number))
        return env["recobro.action.decide"].create({"action_ids": [Command.set(actions.ids)], **values})

    def check_only_a_manager_decides(self, actions, number):
        """Nobody else gets to the dialog, nor past it by RPC."""
        for user in (self.collector, self.accountant, self.employee, self.portal):
            mine = self.seen_by(user, actions, day(number))
            for button in (mine.action_decide, mine.action_approve):
                with self.assertRaises(AccessError):
                    button()
            with self.assertRaises(AccessError):
                self.decide(actions, number, user).action_refuse()
        self.assertEqual(set(actions.mapped("state")), {"to_approve"})

    def hand_over(self, actions, number, agency):
        """The manager approves hand-overs to an agency or a lawyer, and they are carried out; their placements."""
        self.decide(actions, number, agency_id=agency.id).action_approve()
        env = self.env_on(day(number))
        env["recobro.action"]._deliver_now(self.company.with_env(env), actions.partner_id.ids)
        self.env.flush_all()
        self.env.invalidate_all()
        return actions.placement_ids

    # -------------------------------------------------------------------------
    # WHAT A USER NOTICES
    # -------------------------------------------------------------------------

    def mails(self, customer):
        """What the customer got by e-mail: (day of the story, level)."""
        return [((one.day - day(0)).days, one.level_id.delay_days) for one in self.messages_to(customer)]

    def asked(self, actions):
        """What some actions ask for: {customer: [invoice numbers]}."""
        return {one.partner_id.name: sorted(one.line_ids.mapped("name")) for one in actions}

    def stages(self):
        """The stage of each customer's case, or how it ended."""
        cases = self.env["recobro.case"].search([("company_id", "=", self.company.id)])
        return {case.partner_id.name: case.outcome or case.stage for case in cases}

    def of(self, actions, customer):
        """Those of some actions that are about a customer."""
        return actions.filtered(lambda action: action.partner_id == customer)

    def dispute_all_of(self, invoice, number):
        """The customer disputes a whole invoice on a day; nobody resolves it."""
        self.env_on(day(number))["recobro.dispute"]._open_ticket(
            invoice.partner_id,
            self.company,
            {invoice: invoice.amount_residual},
            reason_id=self.env.ref("recobro_module.dispute_reason_price").id,
            subject="Wrong price",
        )

    def asked_how_it_ends(self, customer):
        """The requests to the owner of a case to decide how it ends, as it is not selected for the next stage."""
        return self.case_of(customer).activity_search(["recobro_module.activity_type_not_selected"])
