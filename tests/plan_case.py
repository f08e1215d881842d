"""What the tests of payment plans share: a customer with 1 000 overdue, and short ways to a plan in force."""

from odoo.addons.recobro_module.engine.plans import payment_plans, plan_making

from .common import MONDAY
from .test_promise_verdicts import VerdictCase
from .test_promises import day


class PlanCase(VerdictCase):
    """A policy with instalment levels: two working days of tolerance, broken after one missed, a week to accept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy.sudo()._add_instalment_levels()
        # Nearer to the day than the shipped one: plans of a test begin in a week
        cls.policy.instalment_level_ids.filtered(lambda level: level.delay_days < 0).delay_days = -3
        cls.policy.write(
            {
                "plan_tolerance_days": 2,
                "plan_missed_limit": 1,
                "plan_offer_days": 7,
                "plan_approval_amount": 10000,
                "settlement_approval_amount": 500,
            }
        )

    def terms(self, *invoices, **values):
        """Terms about all of some invoices, the overdue one unless others are given: three weekly instalments."""
        items = self.env["recobro.item"].union(*[self.item(invoice) for invoice in invoices or (self.overdue,)])
        return plan_making.Terms(items=items.sudo(), **{"first_day": day(7), "rhythm": "weekly", "count": 3, **values})

    def preview(self, terms, on=MONDAY):
        """The schedule of some terms, as [(day, amount)]."""
        found = plan_making.preview(self.env_on(on), self.company, self.customer, on, terms)
        return [(str(one.due), one.amount) for one in found]

    def refusal(self, terms, on=MONDAY):
        return plan_making.refusal(self.env_on(on), self.company, self.customer, on, terms)

    def draft(self, *invoices, on=MONDAY, user=None, **terms):
        """A plan that nobody was told of yet, made by the manager unless another user is given."""
        case = self.case.with_env(self.as_user(user, on) if user else self.env_on(on))
        return plan_making.make(case, self.terms(*invoices, **terms)).with_env(case.env)

    def offer(self, *invoices, on=MONDAY, **terms):
        """A plan that was sent to the customer."""
        plan = self.draft(*invoices, on=on, **terms)
        with self.mock_mail_gateway():
            plan.action_propose()
        return plan

    def plan(self, *invoices, on=MONDAY, **terms):
        """A plan that the customer has accepted on the day it was offered."""
        plan = self.offer(*invoices, on=on, **terms)
        payment_plans.start(plan, on)
        self.env.invalidate_all()
        return plan

    def instalments(self, plan, *names):
        """What the instalments of a plan are, in order: (state, paid, left) unless other fields are named."""
        return [
            tuple(one[name] for name in names or ("state", "amount_paid", "amount_left"))
            for one in plan.installment_ids
        ]

    def open_items(self, plan):
        """What is asked for of the instalments of a plan, in order."""
        return plan.installment_ids.item_id.filtered(lambda item: item.state == "open").mapped("amount_open")

    def told(self, record, kind):
        """The activities of a kind on a plan."""
        found = self.env.ref(f"recobro_module.activity_type_plan_{kind}")
        return record.activity_ids.filtered(lambda activity: activity.activity_type_id == found)
