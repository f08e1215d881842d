"""What the demo leaves to do on the day it is loaded, whatever day of the week that is."""

from collections import defaultdict
from datetime import timedelta
from types import SimpleNamespace

from odoo.addons.recobro_module.demo import answers, escalation, present
from odoo.addons.recobro_module.demo.story import next_working_day

from .common import MONDAY, RecobroCase

#: Customers late enough for what is told: more than the demo needs.
_CUSTOMERS = 6
_LATE = 30


class TestPresent(RecobroCase):
    def setUp(self):
        super().setUp()
        self.policy.write({"quiet_days": 0, "week_limit": 7, "contact_limit": 0})
        for number in range(_CUSTOMERS):
            customer = self.create_customer(
                f"Late {number}",
                street="Calle Mayor 1",
                zip="46001",
                city="Valencia",
                country_id=self.env.ref("base.es").id,
            )
            self.create_invoice(customer, 500 + number, MONDAY - timedelta(days=_LATE))

    def told(self, today):
        """The story of a demo loaded on a day, with nothing told but what is left to do on it."""
        told = SimpleNamespace(
            company=self.company,
            today=today,
            lived_days=90,
            steps=defaultdict(list),
            desk=SimpleNamespace(policy=self.policy),
        )
        told.answers = SimpleNamespace(working_day=lambda days_ago: answers.Answers.working_day(told, days_ago))
        told.at_work = lambda login, day: self.env_on(day)
        told.on = lambda *facts: escalation.Escalation.on(told, *facts)
        told.later = lambda *facts: escalation.Escalation.later(told, *facts)
        present.Present(told)
        return told

    def live(self, today):
        """Live the last days before a day as the demo does, and the morning of the day; return what waits on it."""
        told = self.told(today)
        for ago in range(10, -1, -1):
            day = today - timedelta(days=ago)
            self.run_day(day)
            for step, facts in told.steps.pop(day, ()):
                self.assertLess(day.weekday(), 5, "nobody works at the weekend")
                step(day, *facts)
        self.assertFalse(told.steps, "all of it happened")
        waiting = self.env["recobro.action"].search([("company_id", "=", self.company.id)])
        to_approve = waiting.filtered(lambda action: action.state == "to_approve")
        letters = waiting.filtered(lambda action: (action.channel, action.state) == ("letter", "planned"))
        return len(to_approve), len(letters)

    def test_on_any_day_of_the_week_it_is_told_on_working_days_before_it(self):
        for number in range(7):
            today = MONDAY + timedelta(days=number)
            with self.subTest(today.strftime("%A")):
                days = {step.__name__: day for day, steps in self.told(today).steps.items() for step, _facts in steps}
                self.assertEqual(set(days), {"_write_on_paper", "_propose"})
                self.assertEqual({day.weekday() < 5 and day < today for day in days.values()}, {True})
                self.assertEqual(next_working_day(days["_propose"]), next_working_day(today - timedelta(days=1)))
                self.assertGreaterEqual((today - days["_write_on_paper"]).days, 8)

    def test_there_is_something_to_approve_and_to_print(self):
        to_approve, letters = self.live(MONDAY)
        self.assertGreaterEqual(to_approve, 3)
        self.assertGreaterEqual(letters, 2)
