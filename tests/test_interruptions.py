"""Workers are killed, collide, and come late: the day is decided all the same, once, and nothing waits for long."""

from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import fields
from odoo.tests import RecordCapturer

from odoo.addons.recobro_module.engine import delivery, queue, refresh, run

from .common import MONDAY, RecobroCase


class InterruptionCase(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.recobro_run_hour = 0
        (cls.env["res.company"].search([("parent_id", "=", False)]) - cls.company).recobro_stopped = True
        cls.policy.calendar_id = cls.env["resource.calendar"].create(
            {
                "name": "Every day",
                "attendance_ids": [
                    fields.Command.create(
                        {"name": day, "dayofweek": day, "hour_from": 8, "hour_to": 17, "day_period": "full_day"}
                    )
                    for day in "0123456"
                ],
            }
        )
        cls.today = fields.Date.today()
        cls.customer = cls.create_customer()
        cls.create_invoice(cls.customer, 100, cls.today)

    def trigger(self, *names):
        """Run scheduled actions as a worker does, each in transactions of its own."""
        with self.enter_registry_test_mode(), self.mock_mail_gateway(), patch("time.sleep"):
            for name in names:
                self.env.ref(f"recobro_module.{name}").sudo().method_direct_trigger()
        self.env.invalidate_all()

    @contextmanager
    def colliding(self, module, name, times):
        """Let a function of the engine do its work, and then find out so many times that another worker was faster."""
        function = getattr(module, name)
        left = [times]

        def collide(*arguments, **options):
            result = function(*arguments, **options)
            if left[0]:
                left[0] -= 1
                raise SerializationFailure
            return result

        with patch.object(module, name, collide):
            yield
        self.assertFalse(left[0])

    def start_run(self, day, mode="scheduled"):
        """A run as it is while its day is being decided."""
        return self.env["recobro.run"].sudo()._start(self.company, day, mode)

    def runs(self):
        """The runs of the company, oldest first."""
        return self.env["recobro.run"].search([("company_id", "=", self.company.id)], order="id").sudo()


class TestKilledWorkers(InterruptionCase):
    def test_a_run_whose_worker_was_killed_while_it_decided_is_taken_up_again(self):
        cut_off = self.start_run(self.today)
        self.assertEqual(cut_off.state, "deciding")
        self.trigger("ir_cron_run", "ir_cron_deliver_1")
        self.assertEqual(self.runs(), cut_off)
        self.assertEqual((cut_off.state, cut_off.planned_messages), ("done", 1))
        self.assertEqual(len(self.messages_to(self.customer, "sending", "done")), 1)

    def test_a_run_whose_worker_is_ended_each_time_tells_a_person_until_it_is_decided(self):
        cut_off = self.start_run(self.today)
        for _worker in range(2):
            self.assertEqual(run.take_up(self.env(su=True), self.company, self.today), cut_off)
        [warning] = cut_off.activity_ids
        self.assertIn("limit_time_real_cron", warning.note)
        self.trigger("ir_cron_run")
        self.assertEqual((cut_off.state, cut_off.activity_ids.ids), ("delivering", []))

    def test_a_run_that_is_taken_up_twice_plans_nothing_twice(self):
        record = self.start_run(self.today)
        self.trigger("ir_cron_run")
        record.state = "deciding"
        self.trigger("ir_cron_run", "ir_cron_deliver_1")
        self.assertEqual(self.runs(), record)
        self.assertEqual(len(self.messages_to(self.customer, "planned", "sending", "done")), 1)

    def test_runs_that_were_cut_off_and_that_nobody_takes_up_say_so(self):
        yesterday = self.start_run(self.today - timedelta(days=1))
        by_hand = self.start_run(self.today, "manual")
        self.trigger("ir_cron_run")
        self.assertEqual(set((yesterday + by_hand).mapped("state")), {"failed"})
        self.assertIn("cut off", by_hand.error)
        self.assertEqual((self.runs() - yesterday - by_hand).mapped("state"), ["delivering"])

    def test_days_on_which_the_run_failed_or_was_cut_off_are_told_as_missed(self):
        self.start_run(MONDAY).state = "done"
        self.start_run(MONDAY + timedelta(days=1)).state = "failed"
        self.start_run(MONDAY + timedelta(days=2))
        late = self.start_run(MONDAY + timedelta(days=4))
        self.assertEqual(late.missed_days, 3)

    def test_a_run_left_while_it_delivered_is_closed_by_the_next_worker(self):
        self.trigger("ir_cron_run")
        self.assertEqual(self.runs().state, "delivering")
        self.trigger("ir_cron_deliver_2")
        self.assertEqual(self.runs().state, "done")


class TestMessageThatKillsItsWorker(InterruptionCase):
    """A message that no worker survives (too large, too slow) is left to the last, and given up with a reason."""

    def deliver_and_die(self, customer):
        """Deliver, until the message of `customer` kills the worker."""

        class Killed(BaseException):
            """What no code of ours sees: the process is gone, and what it had not committed."""

        deliver = delivery._deliver

        def die(actions, *arguments):
            if customer in actions.partner_id:
                raise Killed
            return deliver(actions, *arguments)

        progress = self.env["ir.cron.progress"].sudo()
        cron = self.env.ref("recobro_module.ir_cron_deliver_1")
        with self.enter_registry_test_mode(), patch.object(delivery, "_deliver", die), self.registry.cursor() as cr:
            record = progress.with_env(progress.env(cr=cr)).create({"cron_id": cron.id})
            context = {"ir_cron_progress_id": record.id, "cron_id": cron.id}
            runs = self.env["recobro.run"].with_env(self.env(cr=cr, su=True, context=context))
            try:
                runs._cron_deliver()
            except Killed:
                cr.rollback()
                died = True
            else:
                died = False
        self.env.invalidate_all()
        return died

    def test_the_others_are_delivered_and_it_fails_with_a_reason_after_some_tries(self):
        other = self.create_customer("Other")
        self.create_invoice(other, 50, self.today)
        self.trigger("ir_cron_run")
        deaths = [self.deliver_and_die(self.customer) for _number in range(6)]
        self.assertEqual(deaths, [True] * 5 + [False])
        self.assertEqual(len(self.messages_to(other, "sending", "done")), 1)
        [failed] = self.messages_to(self.customer, "failed")
        self.assertEqual(failed.reason, "error")
        self.assertIn("5", failed.error)
        self.assertTrue(failed.case_id.activity_ids)
        self.assertEqual(self.runs().state, "done")

    def test_a_worker_that_finds_nothing_in_between_does_not_let_the_next_one_die_with_the_whole_batch_again(self):
        other = self.create_customer("Other")
        self.create_invoice(other, 50, self.today)
        self.trigger("ir_cron_run")
        self.assertTrue(self.deliver_and_die(self.customer))
        # Odoo's own count of cut off workers begins anew with each that ends well, such as one that found all locked
        with patch.object(delivery, "claim", lambda env, *_arguments, **_options: env["recobro.action"].sudo()):
            self.trigger("ir_cron_deliver_1")
        self.deliver_and_die(self.customer)
        self.deliver_and_die(self.customer)
        self.assertEqual(len(self.messages_to(other, "sending", "done")), 1)

    def test_who_was_only_beside_it_is_not_blamed(self):
        self.trigger("ir_cron_run")
        nobody = self.create_customer("Nobody")
        self.assertFalse(self.deliver_and_die(nobody))
        [message] = self.messages_to(self.customer, "sending", "done")
        self.assertFalse(message.begun)


class TestCollidingWorkers(InterruptionCase):
    def test_a_day_whose_rows_another_worker_changed_is_decided_again(self):
        with self.colliding(run, "decide", 2):
            self.trigger("ir_cron_run")
        self.assertEqual((self.runs().state, self.runs().planned_messages), ("delivering", 1))
        self.assertEqual(len(self.messages_to(self.customer, "planned")), 1)

    def test_a_day_that_cannot_be_decided_for_collisions_says_so_and_is_tried_the_next_hour(self):
        with self.colliding(run, "decide", 5):
            self.trigger("ir_cron_run")
        self.assertEqual(self.runs().state, "failed")
        self.trigger("ir_cron_run")
        self.assertEqual(self.runs().mapped("state"), ["failed", "delivering"])

    def test_a_batch_whose_rows_another_worker_changed_is_delivered_again_once(self):
        self.trigger("ir_cron_run")
        with self.colliding(delivery, "_deliver_begun", 2):
            self.trigger("ir_cron_deliver_1")
        self.assertEqual(self.runs().state, "done")
        [message] = self.messages_to(self.customer, "sending", "done")
        mails = self.env["mail.mail"].search([("recobro_action_id.partner_id", "=", self.customer.id)])
        self.assertEqual(mails, message.mail_id)
        self.assertEqual(message.interaction_ids.mapped("result"), ["queued"])

    def test_collisions_however_many_leave_no_note_on_a_message(self):
        self.trigger("ir_cron_run")
        [message] = self.messages_to(self.customer, "planned")
        message.sudo().begun = 1
        with self.colliding(delivery, "_deliver_begun", 7):
            self.trigger("ir_cron_deliver_1")
        self.assertEqual((message.state, message.begun), ("sending", 1))

    def test_a_call_that_another_worker_handed_over_meanwhile_is_not_handed_over_twice(self):
        invoice = self.create_invoice(self.create_customer("Caller"), 100, self.today - timedelta(days=7))
        self.put_on_ladder(invoice, 3)
        self.trigger("ir_cron_run")
        [call] = self.tasks_of(invoice.partner_id).sudo()
        delivery._deliver_each(call)
        delivery._deliver_begun(call, 0)
        self.assertEqual(call.case_id.activity_ids, call.activity_id)

    def test_a_run_that_two_workers_want_to_close_is_closed(self):
        self.trigger("ir_cron_run")
        with self.colliding(run, "finish", 1):
            self.trigger("ir_cron_deliver_1")
        self.assertEqual(self.runs().state, "done")

    def test_the_refresh_is_done_again_when_it_collides(self):
        self.trigger("ir_cron_run")
        with self.colliding(queue, "settle", 1), self.colliding(refresh, "refresh", 1):
            self.trigger("ir_cron_refresh")
        self.assertEqual(self.case_of(self.customer).amount_open, 100)


class TestWhatWaitsInTheQueue(InterruptionCase):
    def test_mails_left_in_the_queue_are_woken_within_a_minute_not_within_the_hour(self):
        self.trigger("ir_cron_run", "ir_cron_deliver_1")
        mail_queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        self.env["ir.cron.trigger"].search([("cron_id", "=", mail_queue.id)]).unlink()
        with RecordCapturer(self.env["ir.cron.trigger"].sudo()) as woken:
            self.trigger("ir_cron_refresh")
        self.assertEqual(woken.records.cron_id, mail_queue)

    def test_a_mail_whose_next_try_is_to_come_wakes_nobody(self):
        self.trigger("ir_cron_run", "ir_cron_deliver_1")
        [message] = self.messages_to(self.customer, "sending")
        message.mail_id.scheduled_date = fields.Datetime.now() + timedelta(hours=1)
        with RecordCapturer(self.env["ir.cron.trigger"].sudo()) as woken:
            self.trigger("ir_cron_refresh")
        self.assertFalse(woken.records)
