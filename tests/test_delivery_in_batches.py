"""Many messages at once cost as many statements as few, and each mail still goes on a verdict of its moment."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import delivery, queue, refresh, run

from .common import MONDAY, RecobroCase

FEW, MANY = 4, 12


class TestDeliveryInBatches(RecobroCase):
    def create_debtors(self, number):
        """So many customers, each with two invoices to be written about."""
        customers = [self.create_customer(f"Debtor {name} of {number}") for name in range(number)]
        for customer in customers:
            for amount in (100, 200):
                self.create_invoice(customer, amount, MONDAY - timedelta(days=4))
        return self.env["res.partner"].union(*customers)

    def queue_messages(self, number):
        """Customers whose messages wait in the mail queue, all that is known about them refreshed a minute ago."""
        customers = self.create_debtors(number)
        self.run_day(MONDAY, send=False)
        refresh.refresh(self.env_on(MONDAY))
        with patch.object(refresh, "_KEPT_SECONDS", -1):
            refresh.forget(self.env)
        self.env.flush_all()
        self.env.invalidate_all()
        return customers

    def plan_only(self):
        """Decide the Monday without delivering it."""
        env = self.env_on(MONDAY)
        run.decide(env, self.company, MONDAY, env["recobro.run"].sudo()._start(self.company, MONDAY, "manual"))

    def statements_of(self, function):
        """How many statements a call takes from a cold cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # -------------------------------------------------------------------------
    # MAKING
    # -------------------------------------------------------------------------

    def test_making_a_dozen_messages_takes_as_many_statements_as_making_four(self):
        counts = [self.statements_to_make(number) for number in (1, FEW, MANY)]
        self.assertEqual(counts[1], counts[2])

    def statements_to_make(self, number):
        """How many statements it takes to make so many messages in one batch."""
        customers = self.create_debtors(number)
        self.plan_only()
        count = self.statements_of(lambda: delivery.deliver_batch(self.env_on(MONDAY), company=self.company))
        self.assertEqual(len(self.env["recobro.action"].search([("partner_id", "in", customers.ids)]).mail_id), number)
        return count

    def test_a_batch_compiles_its_template_as_often_as_one_message_does(self):
        self.assertEqual(self.templates_compiled(FEW), self.templates_compiled(1))

    def templates_compiled(self, number):
        """How often something that is no view is compiled to make so many messages in one batch."""
        self.create_debtors(number)
        self.plan_only()
        qweb = type(self.env["ir.qweb"])
        generate, compiled = qweb._generate_code, []

        def counted(record, template):
            compiled.append(template)
            return generate(record, template)

        with patch.object(qweb, "_generate_code", counted):
            delivery.deliver_batch(self.env_on(MONDAY), company=self.company)
        return len([template for template in compiled if not isinstance(template, (int, str))])

    # -------------------------------------------------------------------------
    # SENDING
    # -------------------------------------------------------------------------

    def test_each_further_mail_is_sent_and_recorded_with_few_further_statements(self):
        counts = {}
        for number in (1, FEW, MANY):
            self.queue_messages(number)
            with self.mock_mail_gateway():
                counts[number] = self.statements_of(lambda: self.send_queue(MONDAY))
        self.assertLessEqual((counts[MANY] - counts[FEW]) / (MANY - FEW), 6)

    def test_what_is_sent_together_is_recorded_for_each(self):
        customers = self.queue_messages(FEW)
        with self.mock_mail_gateway():
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        for customer in customers:
            [message] = self.messages_to(customer)
            self.assertEqual(message.interaction_ids.sorted("id").mapped("result"), ["queued", "sent"])
            self.assertEqual(set(message.line_ids.item_id.mapped("level_date")), {MONDAY})

    def test_one_message_that_cannot_be_recorded_stops_no_other(self):
        customers = self.queue_messages(FEW)
        bad = self.messages_to(customers[0], "sending").mail_id
        record_sent = queue._record_sent

        def fail(mails):
            if bad in mails:
                raise ValueError("broken")
            return record_sent(mails)

        with (
            self.mock_mail_gateway(),
            patch("odoo.addons.recobro_module.engine.queue._record_sent", fail),
            mute_logger("odoo.addons.recobro_module.models.mail_mail"),
        ):
            self.send_queue(MONDAY)
        self.env.invalidate_all()
        self.assertEqual([len(self.messages_to(customer)) for customer in customers], [0, 1, 1, 1])
        queue.settle(self.env_on(MONDAY), after=queue.LEFT_ALONE)
        self.assertFalse(self.messages_to(customers[0]), "the queue itself may still be about to record it")
        queue.settle(self.env_on(MONDAY))
        self.assertEqual(len(self.messages_to(customers[0])), 1)

    def test_a_payment_after_several_mails_were_judged_together_stops_its_mail(self):
        customers = self.queue_messages(FEW)
        paid = customers[2]

        def pay():
            for invoice in paid.invoice_ids:
                self.pay_invoice(invoice, day=MONDAY)
            self.env["recobro.mark"]._write_gathered()  # as when a colleague commits it

        self.send_with(pay)
        self.assertEqual([len(self.messages_to(customer)) for customer in customers], [1, 1, 0, 1])
        self.assertEqual(self.reasons_of(paid), ["settled"])

    def test_a_payment_that_the_refresh_took_up_meanwhile_stops_its_mail_all_the_same(self):
        customers = self.queue_messages(FEW)

        def pay_and_refresh():
            for invoice in customers[2].invoice_ids:
                self.pay_invoice(invoice, day=MONDAY)
            refresh.refresh(self.env_on(MONDAY))

        self.send_with(pay_and_refresh)
        self.assertEqual([len(self.messages_to(customer)) for customer in customers], [1, 1, 0, 1])

    def test_a_hold_and_a_block_by_a_colleague_stop_what_was_judged_already(self):
        customers = self.queue_messages(FEW)

        def hold_and_block():
            values = {"name": "Holidays", "partner_id": customers[1].id, "company_id": self.company.id}
            self.env["recobro.hold"].create({**values, "date_from": MONDAY, "date_until": MONDAY})
            for invoice in customers[2].invoice_ids:
                invoice.action_toggle_block_payment()
            self.env["recobro.mark"]._write_gathered()  # as when the colleagues commit it

        self.send_with(hold_and_block)
        self.assertEqual([len(self.messages_to(customer)) for customer in customers], [1, 0, 0, 1])

    def test_the_stop_button_stops_what_was_judged_already(self):
        customers = self.queue_messages(FEW)
        self.send_with(lambda: self.company.sudo().write({"recobro_stopped": True}))
        self.assertFalse(self._mails)
        self.assertEqual([self.reasons_of(customer) for customer in customers], [["stopped"]] * FEW)

    def send_with(self, happens):
        """Let the queue send; something happens as soon as its mails have been judged together."""
        unchanged = queue.unchanged

        def judge(mails):
            found = unchanged(mails)
            self.assertEqual(len(found), len(mails), "all would go")
            happens()
            self.env.flush_all()
            return found

        with self.mock_mail_gateway(), patch("odoo.addons.recobro_module.engine.queue.unchanged", judge):
            self.send_queue(MONDAY)
        self.env.invalidate_all()

    def test_a_slow_mail_server_gets_no_mail_on_an_old_verdict(self):
        self.queue_messages(FEW)
        unchanged, judged = queue.unchanged, []

        def judge(mails):
            judged.append(len(mails))
            return unchanged(mails)

        with (
            self.mock_mail_gateway(),
            patch("odoo.addons.recobro_module.engine.queue.unchanged", judge),
            patch("odoo.addons.recobro_module.engine.queue.GOOD_FOR", -1),
        ):
            self.send_queue(MONDAY)
        self.assertEqual(judged, [4, 3, 2, 1])
        self.assertEqual(len(self._mails), FEW)
