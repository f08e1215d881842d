"""A figure of the day fails: the day is over as always, and a person is told."""

from contextlib import ExitStack
from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import faults, run

from .common import MONDAY
from .test_ledger_alerts import LedgerAlertCase


class TestAFaultInAFigure(LedgerAlertCase):
    """What is only looked at fails: what the day is for is done."""

    def live(self, day, *broken):
        def fail(*_args):
            raise ValueError("no such figure")

        with ExitStack() as stack:
            stack.enter_context(self.mock_mail_gateway())
            stack.enter_context(mute_logger("odoo.addons.recobro_module.engine.faults"))
            for name in broken:
                stack.enter_context(patch(f"odoo.addons.recobro_module.engine.{name}", fail))
            record = run.live(self.env_on(day), self.company, day)
        self.env.invalidate_all()
        return record

    def test_cases_are_closed_and_the_run_is_over_whatever_figure_fails(self):
        figures = ("snapshot.daily.keep", "snapshot.recovery.keep_day", "snapshot.customer_figures.keep",
                   "ledger_watch.watch")  # fmt: skip
        for number, name in enumerate(figures):
            with self.subTest(name):
                day = MONDAY + timedelta(days=2 * number)
                customer = self.create_customer(name)
                invoice = self.create_invoice(customer, 100, day)
                self.run_day(day)
                self.assertTrue(self.case_of(customer))
                self.pay_invoice(invoice, day=day)
                record = self.live(day + timedelta(days=1), name)
                self.assertEqual((record.state, self.case_of(customer, "closed").outcome), ("done", "paid"))
                self.assertIn("no such figure", record.error)

    def test_the_figures_that_do_not_fail_are_kept(self):
        self.live(MONDAY, "snapshot.recovery.keep_day")
        kept = self.env["recobro.snapshot"].search([("company_id", "=", self.company.id), ("day", "=", MONDAY)])
        self.assertTrue(kept)

    def test_who_answers_for_the_policy_is_told_once_while_it_lasts(self):
        first = self.live(MONDAY, "snapshot.daily.keep")
        second = self.live(MONDAY + timedelta(days=1), "snapshot.daily.keep")
        self.assertEqual((first.activity_ids.user_id, len(second.activity_ids)), (self.manager, 0))
        first.activity_ids.action_feedback()
        self.assertTrue(self.live(MONDAY + timedelta(days=2), "snapshot.daily.keep").activity_ids)

    def test_what_other_workers_are_in_the_way_of_is_tried_again_as_a_whole(self):
        def collide(*_args):
            raise psycopg2.errors.SerializationFailure

        with self.assertRaises(psycopg2.errors.SerializationFailure):
            faults.tried(self.env, [], collide)
