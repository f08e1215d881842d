"""Who may see and do what: groups, companies, and what no client may do behind the screens."""

import base64
from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from odoo.addons.recobro_module.engine.figures import recovery

from .common import MONDAY, RecobroCase, lived
from .frames import rights

COLLECTOR = "recobro_module.group_recobro_user"
MANAGER = "recobro_module.group_recobro_manager"
ACCOUNTANT = "account.group_account_invoice"
AUDITOR = "account.group_account_readonly"

#: What each kind of user may do with each model: r(ead), w(rite), c(reate), d(elete).
ALLOWED = {
    "recobro.policy": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r"},
    "recobro.level": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r", "employee": "r"},
    "recobro.level.role": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r"},
    "recobro.contact.role": {
        "collector": "r",
        "manager": "rwcd",
        "accountant": "r",
        "auditor": "r",
        "employee": "r",
    },
    "recobro.case": {"collector": "rwc", "manager": "rwc", "accountant": "r", "auditor": "r"},
    "recobro.item": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.open.item": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.action": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.action.line": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.hold": {"collector": "rwc", "manager": "rwc", "accountant": "r", "auditor": "r"},
    "recobro.interaction": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.suspension.propose": {"collector": "rwcd", "manager": "rwcd"},
    "recobro.suspension.lift": {"manager": "rwcd"},
    "recobro.interaction.note": {"collector": "rwcd", "manager": "rwcd", "accountant": "rwcd"},
    "recobro.run": {"collector": "r", "manager": "rw", "accountant": "r", "auditor": "r"},
    "recobro.snapshot": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.customer.snapshot": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.customer.figure": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.recovery.rate": {"collector": "r", "manager": "r", "accountant": "r", "auditor": "r"},
    "recobro.recovery.backtest": {
        "collector": "rwcd",
        "manager": "rwcd",
        "accountant": "rwcd",
        "auditor": "rwcd",
    },
    "recobro.snapshot.rebuild": {"manager": "r"},
    "recobro.figures.mail": {"manager": "r"},
    "recobro.monthly.print": {"manager": "rwcd"},
    "recobro.grade": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r", "employee": "r"},
    "recobro.grade.limit": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r", "employee": "r"},
    "recobro.leaflet": {"collector": "r", "manager": "rwcd", "accountant": "r", "auditor": "r"},
    "recobro.mark": {"manager": "r"},
    "recobro.portal.counter": {"manager": "r"},
    "recobro.interaction.log": {"collector": "rwcd", "manager": "rwcd"},
    "recobro.hold.pause": {"collector": "rwcd", "manager": "rwcd"},
    "recobro.action.send": {"collector": "rwcd", "manager": "rwcd"},
    "recobro.case.reassign": {"manager": "rwcd"},
    "recobro.policy.simulate": {"manager": "rwcd"},
    "recobro.playbook.choose": {"manager": "rwcd"},
}


class SecurityCase(RecobroCase):
    """A customer who has had one message, and one user of each kind in the company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Without the notice before the due date: one level on the due date, the next three days later
        cls.policy.level_ids.filtered(lambda level: level.delay_days < 0).unlink()
        cls.collector = cls.create_user("collector", COLLECTOR)
        cls.manager = cls.create_user("manager", MANAGER)
        cls.accountant = cls.create_user("accountant", ACCOUNTANT)
        cls.auditor = cls.create_user("auditor", AUDITOR)
        cls.employee = cls.create_user("employee", "base.group_user")
        cls.portal = cls.create_user("portal", "base.group_portal")
        cls.public = cls.create_user("public", "base.group_public")
        cls.users = {
            name: getattr(cls, name)
            for name in ("collector", "manager", "accountant", "auditor", "employee", "portal", "public")
        }

    @classmethod
    def create_user(cls, name, groups, company=None):
        """A user of some groups, active in one company only."""
        company = company or cls.company
        return new_test_user(
            cls.env, f"sec_{name}", groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def setUp(self):
        super().setUp()
        self.customer = self.create_customer()
        self.invoice = self.create_invoice(self.customer, 100, MONDAY)
        self.run_day(MONDAY)
        self.case = self.case_of(self.customer)

    def as_user(self, user, record, day=MONDAY):
        """The record as `user` sees it on ``day``, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        company = user.company_id
        context = {"recobro_as_of": lived(day), "allowed_company_ids": company.ids}
        return record.with_env(self.env(user=user, su=False, context=context))

    def planned_call(self, approve=False):
        """A task of the customer that waits to be done, or to be approved."""
        level = self.policy.level_ids.filtered(lambda found: found.delay_days == 3)
        level.write({"needs_approval": True} if approve else {"channel": "call"})
        self.run_day(MONDAY + timedelta(days=3))
        [task] = self.tasks_of(self.customer, "to_approve" if approve else "planned")
        return task


class TestRights(SecurityCase):
    def test_each_kind_of_user_may_do_with_each_record_what_its_work_needs_and_no_more(self):
        for model, allowed in ALLOWED.items():
            for name, user in self.users.items():
                may = rights(self.as_user(user, self.env[model]))
                self.assertEqual(may, set(allowed.get(name, "")), f"{name} on {model}")

    def test_every_model_of_collections_is_in_the_table_of_rights(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if model._module == "recobro_module" and not model._abstract and name.startswith("recobro.")
        }
        self.assertLessEqual(set(ALLOWED), ours)
        unlisted = {name for name in ours - set(ALLOWED) if not self.env[name]._transient}
        granted = self.env["ir.model.access"].search([("model_id.model", "in", list(unlisted))])
        self.assertFalse(granted.filtered(lambda line: line.group_id in self.portal.group_ids or not line.group_id))

    def test_an_accountant_and_an_auditor_read_the_whole_file_of_a_customer(self):
        for user in (self.accountant, self.auditor):
            case = self.as_user(user, self.case)
            self.assertEqual(case.live_overdue, 0)
            self.assertEqual(case.live_open, 100)
            self.assertEqual(case.item_ids.mapped("amount_open"), [100])
            self.assertEqual(case.interaction_ids.sorted("id").mapped("result"), ["queued", "sent"])
            self.assertEqual(case.action_ids.line_ids.mapped("amount"), [100])
            self.assertTrue(case.policy_id.level_ids.recipient_role_ids)
            self.assertTrue(case.action_ids.run_id.planned_messages)

    def test_a_salesperson_sees_level_and_overdue_of_own_customers_and_of_no_others(self):
        self.run_day(MONDAY + timedelta(days=3))
        other = self.create_customer("Other")
        self.create_invoice(other, 50, MONDAY)
        self.run_days(MONDAY + timedelta(days=3), MONDAY + timedelta(days=4))
        for partner in (self.customer, other):
            self.case_pause(partner)
        self.customer.user_id = self.employee
        day = MONDAY + timedelta(days=5)
        mine = self.as_user(self.employee, self.customer, day)
        self.assertEqual(mine.recobro_overdue, 100)
        self.assertEqual(mine.recobro_level_id.delay_days, 3)
        self.assertTrue(mine.recobro_paused_until)
        theirs = self.as_user(self.employee, other, day)
        self.assertEqual(theirs.recobro_overdue, 0)
        self.assertFalse(theirs.recobro_level_id)
        self.assertFalse(theirs.recobro_case_id)
        self.assertFalse(theirs.recobro_paused_until)

    def case_pause(self, partner):
        """Pause a customer for a while."""
        self.env["recobro.hold"].create(
            {
                "name": "Holidays",
                "partner_id": partner.id,
                "company_id": self.company.id,
                "date_from": MONDAY,
                "date_until": MONDAY + timedelta(days=30),
            }
        )

    def test_a_salesperson_finds_own_customers_by_their_level_and_not_those_of_others(self):
        other = self.create_customer("Other")
        self.create_invoice(other, 50, MONDAY)
        self.run_day(MONDAY)
        self.refresh(other, MONDAY)
        self.customer.user_id = self.employee
        level = self.case.level_id
        found = self.as_user(self.employee, self.env["res.partner"]).search([("recobro_level_id", "=", level.id)])
        self.assertEqual(found.ids, self.customer.ids)
        found = self.as_user(self.collector, self.env["res.partner"]).search([("recobro_level_id", "=", level.id)])
        self.assertEqual(set(found.ids), {self.customer.id, other.id})

    def test_collectors_and_accountants_see_level_and_overdue_of_every_customer(self):
        day = MONDAY + timedelta(days=1)
        for user in (self.collector, self.accountant, self.auditor):
            partner = self.as_user(user, self.customer, day)
            self.assertEqual((partner.recobro_overdue, partner.recobro_level_id), (100, self.case.level_id))

    def test_a_customer_with_a_portal_login_reads_nothing_of_collections_about_itself(self):
        self.portal.partner_id.parent_id = self.customer
        self.invoice.recobro_no_followup_reason = "They are nearly bankrupt"
        self.invoice.message_subscribe(self.customer.ids)
        partner = self.as_user(self.portal, self.customer)
        self.assertEqual(partner.name, "Customer")
        for name in ("recobro_role_ids", "recobro_policy_id", "recobro_user_id", "recobro_pay_days"):
            with self.assertRaises(AccessError, msg=name):
                partner.read([name])
        self.assertFalse(partner.recobro_case_id or partner.recobro_level_id or partner.recobro_overdue)
        invoice = self.as_user(self.portal, self.invoice)
        self.assertEqual(invoice.amount_residual, 100)
        for name in ("recobro_no_followup_reason", "recobro_policy_id"):
            with self.assertRaises(AccessError, msg=name):
                invoice.read([name])
        self.assertFalse(invoice.recobro_level_id or invoice.recobro_case_id or invoice.recobro_next_level_id)
        self.assertTrue(self.as_user(self.accountant, self.invoice).recobro_level_id)


class TestCompanies(SecurityCase):
    def test_a_user_of_another_company_sees_nothing_of_this_one(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.create_user("stranger", f"{MANAGER},{ACCOUNTANT},{AUDITOR}", elsewhere)
        self.assertTrue(self.case.action_ids.line_ids and self.case.interaction_ids and self.case.item_ids)
        self.case_hold()
        self.what_else_is_ours()
        for model in ALLOWED:
            records = self.env[model].sudo()
            if records._transient or model in ("recobro.mark", "recobro.contact.role", "recobro.portal.counter"):
                continue
            company = {"recobro.level.role": "level_id.company_id"}.get(model, "company_id")
            domain = [(company, "=", self.company.id)]
            self.assertTrue(records.search(domain), f"nothing to hide in {model}")
            self.assertFalse(self.as_user(stranger, self.env[model]).search(domain), model)
        with self.assertRaises(AccessError):
            self.as_user(stranger, self.case).read(["amount_open"])

    def what_else_is_ours(self):
        """What a day alone does not make of the company: a grade, a leaflet, chances of recovery, a past to
        rebuild, a report that was sent."""
        recovery.keep(self.env(su=True), self.company, MONDAY)
        self.env["recobro.snapshot.rebuild"].sudo().create({"company_id": self.company.id, "as_of": MONDAY})
        self.env["recobro.figures.mail"].sudo().create(
            {"company_id": self.company.id, "kind": "monthly", "period": MONDAY}
        )
        self.env["recobro.grade"].create(
            {
                "name": "Ours",
                "company_id": self.company.id,
                "limit_ids": [Command.create({"figure": "days_late", "value": 1})],
            }
        )
        self.env["recobro.leaflet"].create(
            {
                "policy_id": self.policy.id,
                "company_id": self.company.id,
                "lang": "en_US",
                "file": base64.b64encode(b"%PDF-1.7 ours"),
                "filename": "ours.pdf",
            }
        )

    def case_hold(self):
        """A hold on all that the customer owes."""
        return self.env["recobro.hold"].create(
            {
                "name": "Asked for time",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": MONDAY,
                "date_until": MONDAY,
            }
        )

    def test_a_user_active_only_in_a_branch_sees_the_case_of_the_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        user = self.create_user("branch", COLLECTOR, branch)
        case = self.as_user(user, self.env["recobro.case"]).search([("partner_id", "=", self.customer.id)])
        self.assertEqual(case.ids, self.case.ids)
        self.assertEqual(case.live_open, 100)
        self.assertEqual(case.action_ids.line_ids.mapped("amount"), [100])
        self.assertEqual(len(case.interaction_ids), 2)

    def test_a_hold_cannot_be_set_in_a_company_that_is_not_ones_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        values = {"name": "x", "partner_id": self.customer.id, "date_from": MONDAY, "date_until": MONDAY}
        holds = self.as_user(self.collector, self.env["recobro.hold"])
        self.assertTrue(holds.create(values))
        with self.assertRaises(AccessError):
            holds.create({**values, "company_id": elsewhere.id})


class TestBehindTheScreens(SecurityCase):
    def test_a_collector_cannot_switch_a_policy_on_nor_change_its_limits(self):
        policy = self.as_user(self.collector, self.policy)
        for values in ({"is_on": False}, {"quiet_days": 0}, {"minimum_amount": 1}, {"week_limit": 7}):
            with self.assertRaises(AccessError):
                policy.write(values)
        with self.assertRaises(AccessError):
            policy.action_switch_off()
        with self.assertRaises(AccessError):
            self.as_user(self.collector, self.policy.level_ids[:1]).write({"delay_days": 0})
        self.assertTrue(self.policy.is_on)

    def test_a_collector_cannot_rewrite_what_was_sent(self):
        action = self.as_user(self.collector, self.case.action_ids[:1])
        for values in ({"state": "failed"}, {"amount": 1}, {"day": MONDAY}, {"email_to": "x@y.example"}):
            with self.assertRaises(AccessError):
                action.write(values)
        with self.assertRaises(AccessError):
            self.as_user(self.collector, self.case.item_ids).write({"delay_days": 99})

    def test_a_collector_writes_the_personal_part_of_a_case_and_none_of_what_the_engine_keeps(self):
        case = self.as_user(self.collector, self.case)
        case.write(
            {"root_cause": "friction", "lessons": "Send the purchase order number", "user_id": self.collector.id}
        )
        self.assertEqual(self.case.root_cause, "friction")
        other = self.create_customer("Other")
        for values in (
            {"state": "closed"},
            {"amount_overdue": 0},
            {"partner_id": other.id},
            {"stage": "legal"},
            {"company_id": self.env["res.company"].create({"name": "Elsewhere"}).id},
            {"outcome": "paid"},
            {"opened_on": MONDAY},
            {"message_count": 9},
        ):
            with self.assertRaises(AccessError, msg=str(values)):
                case.write(values)
        with self.assertRaises(AccessError):
            case.copy({"partner_id": other.id, "state": "closed"})

    def test_a_collector_opens_a_case_by_hand(self):
        other = self.create_customer("Other")
        case = self.as_user(self.collector, self.env["recobro.case"]).create({"partner_id": other.id})
        self.assertEqual((case.state, case.company_id, case.is_manual), ("open", self.company, True))

    def test_only_a_manager_approves_what_waits_for_a_person(self):
        task = self.planned_call(approve=True)
        for user in (self.collector, self.accountant, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                self.as_user(user, task, task.day).action_approve()
        self.assertEqual(task.state, "to_approve")
        self.as_user(self.manager, task, task.day).action_approve()
        self.assertEqual((task.state, task.kind), ("planned", "message"))

    def test_a_collector_cancels_a_planned_call_and_an_accountant_does_not(self):
        task = self.planned_call()
        for user in (self.accountant, self.auditor, self.employee):
            with self.assertRaises(AccessError):
                self.as_user(user, task, task.day).action_cancel()
        self.assertEqual(task.state, "planned")
        self.as_user(self.collector, task, task.day).action_cancel()
        self.assertEqual((task.state, task.reason), ("skipped", "cancelled"))
        self.assertFalse(task.activity_id.exists())

    def test_only_a_manager_closes_a_case_by_hand(self):
        for user in (self.collector, self.accountant):
            with self.assertRaisesRegex(UserError, "manager"):
                self.as_user(user, self.case).action_close()
        self.as_user(self.manager, self.case).action_close()
        self.env["recobro.case.close"].with_user(self.manager).create({"case_id": self.case.id}).action_close()
        self.assertEqual((self.case.state, self.case.outcome), ("closed", "withdrawn"))

    def test_only_a_manager_starts_releases_or_cancels_a_run(self):
        record = self.case.action_ids.run_id
        record.state = "waiting"
        for user in (self.collector, self.accountant, self.auditor):
            for button in ("action_release", "action_cancel"):
                with self.assertRaises(AccessError):
                    getattr(self.as_user(user, record), button)()
            with self.assertRaisesRegex(UserError, "manager"):
                self.as_user(user, self.env["recobro.run"]).action_run_now()
        self.as_user(self.manager, record).action_release()
        self.assertEqual(record.state, "delivering")

    def test_only_who_works_cases_confirms_an_address(self):
        self.customer.user_id = self.employee
        for user in (self.employee, self.accountant, self.auditor):
            with self.assertRaises(AccessError):
                self.as_user(user, self.customer).action_recobro_confirm_address()
        self.as_user(self.collector, self.customer).action_recobro_confirm_address()
        self.assertEqual(self.case.interaction_ids.sorted("id")[-1].result, "confirmed")

    def test_a_manager_without_accounting_rights_takes_in_an_item_that_was_left_out(self):
        line = self.invoice.line_ids.filtered(lambda found: found.account_type == "asset_receivable")
        line.no_followup = True
        item = self.env["recobro.open.item"].browse(line.id)
        with self.assertRaises(AccessError):
            self.as_user(self.collector, item).action_include()
        self.as_user(self.manager, item).action_include()
        self.assertFalse(line.no_followup)
        self.as_user(self.manager, item).action_leave_out()
        self.assertTrue(line.no_followup)


class TestDialogs(SecurityCase):
    def log_call(self, user, **values):
        """Log a call in the dialog, as `user`."""
        wizard = self.as_user(user, self.env["recobro.interaction.log"])
        return wizard.create({"case_id": self.case.id, "note": "They will pay", **values}).action_log()

    def pause(self, user):
        """Pause the customer in the dialog, as `user`."""
        wizard = self.as_user(user, self.env["recobro.hold.pause"])
        return wizard.create(
            {"partner_id": self.customer.id, "reason": "New system", "date_until": MONDAY + timedelta(days=9)}
        ).action_pause()

    def send_now(self, user, day, **values):
        """Send the next message now in the dialog, as `user`."""
        wizard = self.as_user(user, self.env["recobro.action.send"], day)
        wizard = wizard.create({"case_id": self.case.id, **values})
        self.env.invalidate_all()
        return wizard.action_send()

    def test_a_collector_logs_calls_pauses_and_sends_now(self):
        self.log_call(self.collector)
        self.assertEqual(self.case.interaction_ids.sorted("id")[-1].user_id, self.collector)
        day = MONDAY + timedelta(days=3)
        self.send_now(self.collector, day)
        self.assertEqual(self.messages_to(self.customer, "sending").level_id.delay_days, 3)
        self.pause(self.collector)
        self.assertEqual(self.case.hold_ids.mapped("name"), ["New system"])

    def test_an_accountant_or_auditor_neither_logs_nor_pauses_nor_sends(self):
        for user in (self.accountant, self.auditor, self.employee):
            for dialog in (self.log_call, self.pause, lambda who: self.send_now(who, MONDAY + timedelta(days=3))):
                with self.assertRaises(AccessError):
                    dialog(user)

    def test_only_a_manager_sets_the_waits_aside(self):
        day = MONDAY + timedelta(days=1)
        for forged in ({}, {"can_ignore": True}):
            with self.assertRaisesRegex(UserError, "Quiet days"):
                self.send_now(self.collector, day, ignore_limits=True, **forged)
        self.assertFalse(self.messages_to(self.customer, "sending"))
        self.send_now(self.manager, day, ignore_limits=True)
        self.assertEqual(len(self.messages_to(self.customer, "sending")), 1)

    def test_a_call_settles_no_task_of_another_case_and_no_message(self):
        task = self.planned_call()
        other = self.create_customer("Other")
        self.create_invoice(other, 10, MONDAY + timedelta(days=3))
        self.run_day(MONDAY + timedelta(days=3), send=False)
        with self.assertRaisesRegex(UserError, "open task of this case"):
            self.log_call(self.collector, action_id=self.messages_to(other, "sending").id)
        wizard = self.as_user(self.collector, self.env["recobro.interaction.log"])
        with self.assertRaisesRegex(UserError, "open task of this case"):
            wizard.create({"case_id": self.case_of(other).id, "action_id": task.id}).action_log()
        self.assertEqual(task.state, "planned")

    def test_only_a_manager_moves_cases_and_simulates(self):
        for model, values in (
            ("recobro.case.reassign", {"to_user_id": self.collector.id}),
            ("recobro.policy.simulate", {"policy_id": self.policy.id}),
        ):
            for user in (self.collector, self.accountant, self.auditor):
                with self.assertRaises(AccessError):
                    self.as_user(user, self.env[model]).create(values)
