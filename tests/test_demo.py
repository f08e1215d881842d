"""The demo ledger, small: the same code as `make demo` builds, with a few customers and days."""

from odoo import fields

from odoo.addons.recobro_module.demo import customers, story
from odoo.addons.recobro_module.engine import clock

from .common import RecobroCase


class TestDemo(RecobroCase):
    """What the screens of a demo live from is there, and nothing old waits to go out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.company"].search([("name", "=like", "Distribuciones Levante%")]).name = "Another one"
        cls.env["res.users"].search([("login", "in", ("lucia", "andres", "marta", "javier", "nuria"))]).active = False
        cls.demo = cls.env["recobro.demo"]._load(number=13, months=4, lived_days=14)

    def _of_demo(self, model, *domain):
        return self.env[model].sudo().search([("company_id", "=", self.demo.id), *domain])

    def test_ledger_is_real(self):
        invoices = self._of_demo("account.move", ("move_type", "=", "out_invoice"), ("state", "=", "posted"))
        self.assertTrue(invoices)
        self.assertTrue(invoices.filtered(lambda move: move.payment_state == "paid"), "some are paid")
        self.assertTrue(invoices.filtered(lambda move: move.payment_state == "not_paid"), "some are open")
        self.assertEqual(self.demo.currency_id.name, "EUR")
        self.assertLessEqual(max(invoices.mapped("invoice_date")), clock.today(self.env, self.demo))

    def test_days_were_lived(self):
        runs = self._of_demo("recobro.run")
        self.assertEqual(len(runs), 15)
        self.assertEqual(set(runs.mapped("state")), {"done"})
        self.assertEqual(set(runs.mapped("missed_days")), {0})
        self.assertTrue(self._of_demo("recobro.case", ("state", "=", "open")))
        self.assertTrue(self._of_demo("recobro.action", ("kind", "=", "message"), ("state", "=", "done")))
        self.assertTrue(self._of_demo("recobro.action", ("kind", "=", "task")))
        self.assertFalse(self._of_demo("recobro.action", ("state", "=", "failed")).mapped("error"))

    def test_log_is_of_its_days(self):
        lines = self._of_demo("recobro.interaction")
        self.assertTrue({"queued", "sent"} <= set(lines.mapped("result")))
        self.assertGreater(len({line.date.date() for line in lines}), 3, "the log is spread over the days")

    def test_promises_of_each_verdict_are_told(self):
        promises = self._of_demo("recobro.promise")
        self.assertTrue({"open", "kept", "partly_kept", "broken"} <= set(promises.mapped("state")))
        for promise in promises.filtered(lambda one: one.state in ("partly_kept", "broken")):
            self.assertGreater(promise.verdict_date, promise.deadline, "it was given on the day it was due")
        kept = promises.filtered(lambda one: one.state == "kept")
        self.assertEqual(kept.mapped("received_amount"), kept.mapped("amount"))

    def test_the_board_has_tickets_in_every_stage(self):
        tickets = self._of_demo("recobro.dispute")
        shipped = [
            self.env.ref(f"recobro_module.dispute_stage_{name}")
            for name in ("new", "review", "waiting", "credit_note", "rejected", "agreement")
        ]
        for stage in shipped:
            self.assertIn(stage, tickets.stage_id)
        self.assertTrue({"near", "late", "stopped", "met"} <= set(tickets.mapped("sla_state")))
        self.assertTrue(tickets.filtered(lambda ticket: not ticket.partner_id), "one waits in the inbox")
        self.assertTrue({"draft", "posted"} <= set(tickets.credit_note_ids.mapped("state")))
        self.assertTrue(tickets.filtered("late_alerted_at"), "the scheduled action told of them")

    def test_payments_in_hand_of_each_kind(self):
        payments = self._of_demo("recobro.payment.in.hand")
        self.assertEqual(set(payments.mapped("kind")), {"direct_debit", "promissory_note", "confirming", "cheque"})
        self.assertEqual(payments.filtered(lambda one: one.state == "returned").kind, "cheque")

    def test_plans_stand_where_plans_can_stand(self):
        plans = self._of_demo("recobro.payment.plan")
        # So few customers and days have no invoice left for each of the others
        self.assertLessEqual({"draft", "proposed", "active", "cancelled"}, set(plans.mapped("state")))
        self.assertEqual(
            plans.filtered(lambda plan: plan.source == "portal").state, "draft", "one asked for there waits"
        )
        self.assertTrue(plans.filtered(lambda plan: plan.state == "active").evidence_id)

    def test_what_goes_beyond_reminders_is_told_too(self):
        placements = self._of_demo("recobro.placement")
        self.assertTrue(
            placements.filtered(lambda one: one.state == "placed" and 0 < one.amount_collected < one.amount),
            "an agency has collected a part",
        )
        self.assertEqual(set(self._of_demo("recobro.agency").mapped("kind")), {"agency", "lawyer"})
        self.assertIn("in_force", self._of_demo("recobro.suspension").mapped("state"))
        self.assertTrue(self._of_demo("recobro.credit.insurance").filtered("amount_arrears"))
        self.assertTrue(self._of_demo("recobro.action", ("stage", "=", "pre_legal"), ("channel", "=", "letter")))
        self.assertTrue(self._of_demo("recobro.customer.figure").grade_id)

    def test_what_an_agency_wrote_is_told_too(self):
        questions = self._of_demo("recobro.placement").question_ids
        self.assertEqual(set(questions.mapped("state")), {"open", "answered"})
        self.assertEqual(self._of_demo("recobro.placement.proposal").mapped("state"), ["proposed"])
        lines = self._of_demo("recobro.interaction", ("agency_id", "!=", False))
        self.assertTrue({"answered", "no_answer", "sent", "replied"} <= set(lines.mapped("result")))
        self.assertFalse(
            self.env["mail.mail"].sudo().search([("state", "=", "outgoing"), ("model", "=", "recobro.placement")])
        )

    def test_no_old_mail_goes_out(self):
        today = max(self._of_demo("recobro.run").mapped("day"))
        mails = self.env["mail.mail"].sudo().search([("state", "=", "outgoing"), ("model", "=", "recobro.case")])
        for mail in mails:
            self.assertEqual(mail.recobro_action_id.day, today)

    def test_story_is_the_same_each_time(self):
        day = fields.Date.to_date("2026-05-20")
        one, other = (story.tell(customers.CUSTOMERS, day, 18) for _time in range(2))
        self.assertEqual(
            [(sale.day, sale.untaxed) for sale in one.sales], [(sale.day, sale.untaxed) for sale in other.sales]
        )
        self.assertEqual([payment.day for payment in one.payments], [payment.day for payment in other.payments])
