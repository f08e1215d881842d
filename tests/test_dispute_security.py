"""Who may see and work disputes, and what no client may do behind the screens."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .common import MONDAY, RecobroCase, lived
from .frames import rights

MODELS = ("recobro.dispute", "recobro.dispute.line", "recobro.dispute.reason", "recobro.dispute.stage")
#: What each kind of user may do with a ticket, its invoices, the reasons and the stages.
ALLOWED = {
    "collector": ("rwc", "rwcd", "r", "r"),
    "manager": ("rwc", "rwcd", "rwcd", "rwcd"),
    "accountant": ("rwc", "rwcd", "r", "r"),
    "auditor": ("rw", "r", "r", "r"),
    "employee": ("rw", "r", "r", "r"),
    "portal": ("", "", "", ""),
    "public": ("", "", "", ""),
}


class TestDisputeSecurity(RecobroCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            name: cls.create_user(name, groups)
            for name, groups in {
                "collector": "recobro_module.group_recobro_user",
                "manager": "recobro_module.group_recobro_manager",
                "accountant": "account.group_account_invoice",
                "auditor": "account.group_account_readonly",
                "employee": "base.group_user",
                "portal": "base.group_portal",
                "public": "base.group_public",
            }.items()
        }
        cls.other_company = cls.setup_other_company()["company"]
        cls.stranger = cls.create_user("stranger", "recobro_module.group_recobro_user", cls.other_company)
        cls.customer = cls.create_customer()
        cls.invoice = cls.create_invoice(cls.customer, 1000, MONDAY)
        monday = cls.env(context={**cls.env.context, "recobro_as_of": lived(MONDAY)})
        cls.ticket = monday["recobro.dispute"]._open_ticket(
            cls.customer,
            cls.company,
            {cls.invoice: 400},
            subject="Wrong price",
            user_id=cls.env.ref("base.user_admin").id,
        )

    @classmethod
    def create_user(cls, name, groups, company=None):
        """A user of some groups, active in one company only."""
        company = company or cls.company
        return new_test_user(
            cls.env, f"dsp_{name}", groups, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    def as_user(self, name, record):
        """The record as a user sees it, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        user = self.users.get(name) or self.stranger
        context = {"recobro_as_of": lived(MONDAY), "allowed_company_ids": user.company_id.ids}
        return record.with_env(self.env(user=user, su=False, context=context))

    def test_each_kind_of_user_may_do_what_its_work_needs_and_no_more(self):
        for name, letters in ALLOWED.items():
            for model, allowed in zip(MODELS, letters, strict=True):
                self.assertEqual(rights(self.as_user(name, self.env[model])), set(allowed), f"{name} on {model}")

    def test_a_colleague_sees_and_works_the_tickets_that_are_theirs_and_no_others(self):
        mine = self.as_user("employee", self.ticket)
        self.assertFalse(mine.search([("id", "=", self.ticket.id)]))
        with self.assertRaises(AccessError):
            mine.action_reject()
        self.ticket.sudo().user_id = self.users["employee"]
        mine = self.as_user("employee", self.ticket)
        self.assertEqual(
            mine.web_read({"line_ids": {"fields": {"amount": {}, "move_id": {}}}})[0]["line_ids"][0]["amount"], 400
        )
        mine.action_wait()
        mine.note = "Waiting for the delivery note"
        mine.action_credit_note()
        self.assertEqual(self.ticket.line_ids.credit_note_id.state, "draft", "an accountant will post it")
        with self.assertRaises(AccessError):
            mine.line_ids.credit_note_id.action_post()

    def test_a_colleague_cannot_change_what_is_disputed_and_by_whom(self):
        self.ticket.sudo().user_id = self.users["employee"]
        mine = self.as_user("employee", self.ticket)
        other = self.create_customer("Other")
        for change in (
            lambda: mine.line_ids.write({"amount": 1}),
            lambda: mine.write({"line_ids": [Command.update(mine.line_ids.id, {"amount": 1})]}),
            lambda: mine.write({"partner_id": other.id}),
            lambda: mine.write({"reason_id": self.env.ref("recobro_module.dispute_reason_price").id}),
            lambda: mine.create({"partner_id": self.customer.id, "subject": "New"}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()

    def test_an_auditor_sees_all_tickets_and_moves_none(self):
        mine = self.as_user("auditor", self.ticket)
        self.assertEqual(mine.subject, "Wrong price")
        for change in (mine.action_reject, mine.action_take, lambda: mine.write({"note": "Hm"})):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()

    def test_what_the_engine_keeps_no_client_writes(self):
        mine = self.as_user("collector", self.ticket)
        for name, value in {
            "source": "mail",
            "resolution": "paid",
            "taken_on": "2026-01-01",
            "opened_at": "2026-01-01",
            "deadline": "2030-01-01",
            "near_at": "2030-01-01",
            "sla_hours": 1000,
            "sla_consumed": 0,
            "running_since": False,
            "sla_outcome": "met",
            "is_live": False,
            "held_from": "2030-01-01",
            "company_id": self.other_company.id,
            "partner_id": self.create_customer("Other").id,
            "currency_id": self.env.ref("base.EUR").id,
            "kind": "final",
            "late_alerted_at": "2026-01-01",
        }.items():
            with self.subTest(field=name), self.assertRaises(AccessError), self.cr.savepoint():
                mine.write({name: value})

    def test_of_an_invoice_in_a_ticket_a_client_changes_only_the_amount(self):
        line = self.as_user("collector", self.ticket).line_ids
        other = self.create_invoice(self.customer, 50, MONDAY)
        for name, value in {"move_id": other.id, "credit_note_id": other.id, "dispute_id": self.ticket.id}.items():
            with self.subTest(field=name), self.assertRaises(AccessError), self.cr.savepoint():
                line.write({name: value})
        line.amount = 300
        self.assertEqual(self.ticket.hold_ids.amount, 300)

    def test_a_ticket_created_directly_is_like_one_from_the_dialog(self):
        disputes = self.as_user("collector", self.env["recobro.dispute"])
        vals = {
            "partner_id": self.customer.id,
            "subject": "By a client",
            "line_ids": [Command.create({"move_id": self.invoice.id, "amount": 100})],
        }
        for extra in ({"source": "mail"}, {"taken_on": "2026-01-01"}, {"sla_hours": 5}, {"name": "DSP/0"}):
            with self.subTest(extra=extra), self.assertRaises(AccessError), self.cr.savepoint():
                disputes.create({**vals, **extra})
        final = self.env.ref("recobro_module.dispute_stage_rejected")
        ticket = disputes.create({**vals, "stage_id": final.id})
        self.assertEqual((ticket.kind, ticket.is_taken, ticket.sla_hours), ("open", True, 72))
        self.assertEqual(self.chased(self.customer, MONDAY), 500)
        with self.assertRaises(UserError), self.cr.savepoint():
            disputes.create({**vals, "line_ids": []})

    def test_no_client_names_the_credit_note_of_a_ticket(self):
        disputes = self.as_user("collector", self.env["recobro.dispute"])
        draft = self.create_invoice(self.customer, 50, MONDAY, post=False, move_type="out_refund")
        line = {"move_id": self.invoice.id, "amount": 100}
        vals = {"partner_id": self.customer.id, "subject": "By a client"}
        for name, value in {"credit_note_id": draft.id, "company_id": self.company.id, "amount_company": 1}.items():
            with self.subTest(field=name), self.assertRaises(AccessError), self.cr.savepoint():
                disputes.create({**vals, "line_ids": [Command.create({**line, name: value})]})
        ticket = disputes.with_context(default_credit_note_id=draft.id).create(
            {**vals, "line_ids": [Command.create(line)]}
        )
        self.assertFalse(ticket.sudo().line_ids.credit_note_id)
        self.env["ir.default"].with_user(disputes.env.user).set(
            "recobro.dispute.line", "credit_note_id", draft.id, user_id=True
        )
        ticket = disputes.create({**vals, "line_ids": [Command.create(line)]})
        self.assertFalse(ticket.sudo().line_ids.credit_note_id)

    def test_no_default_of_a_client_reaches_what_the_engine_keeps(self):
        disputes = self.as_user("collector", self.env["recobro.dispute"])
        kept = {
            "sla_consumed": -1000,
            "sla_hours": 5000,
            "late_alerted_at": "2026-01-01 00:00:00",
            "source": "mail",
            "resolution": "paid",
            "held_from": "2030-01-01",
            "doubt": "unknown",
        }
        amounts = {"line_ids": [Command.create({"move_id": self.invoice.id, "amount": 10})]}
        vals = {"partner_id": self.customer.id, "subject": "By a client", **amounts}
        with_defaults = disputes.with_context(**{f"default_{name}": value for name, value in kept.items()})
        first = with_defaults.create(vals)
        second = with_defaults._open_ticket(self.customer, self.company, {self.invoice: 20}, subject="From a dialog")
        for name, value in kept.items():
            self.env["ir.default"].with_user(disputes.env.user).set("recobro.dispute", name, value, user_id=True)
        third = disputes.create(vals)
        for ticket in (first | second | third).sudo():
            self.assertEqual((ticket.source, ticket.sla_hours, ticket.sla_consumed), ("person", 72, 0))
            self.assertEqual((ticket.resolution, ticket.late_alerted_at, ticket.doubt), (False, False, False))
            self.assertEqual(ticket.held_from, MONDAY)
            self.assertTrue(ticket.hold_ids)

    def test_no_invoice_is_added_to_a_closed_ticket(self):
        other = self.create_invoice(self.customer, 50, MONDAY)
        mine = self.as_user("collector", self.ticket)
        mine.action_reject()
        self.ticket.sudo().is_live = False  # as after the quiet days
        line = {"move_id": other.id, "amount": 50}
        for add in (
            lambda: mine.write({"line_ids": [Command.create(line)]}),
            lambda: mine.line_ids.create({**line, "dispute_id": mine.id}),
        ):
            with self.assertRaisesRegex(UserError, "reopen it first"), self.cr.savepoint():
                add()
        lines = mine.line_ids.with_context(default_dispute_id=mine.id)
        with self.assertRaises(Exception), mute_logger("odoo.sql_db"), self.cr.savepoint():  # noqa: B017
            lines.create(line)

    def test_a_file_of_somebody_or_something_else_is_copied_not_taken_away(self):
        theirs = self.env["ir.attachment"].create(
            {"name": "invoice.pdf", "raw": b"x", "res_model": "account.move", "res_id": self.invoice.id}
        )
        disputes = self.as_user("accountant", self.env["recobro.dispute"])
        mine = disputes.env["ir.attachment"].create({"name": "photo.png", "raw": b"y"})
        ticket = disputes._open_ticket(
            self.customer,
            self.company,
            {self.invoice.with_env(disputes.env): 10},
            subject="With files",
            attachment_ids=[theirs.id, mine.id],
        )
        self.assertEqual((theirs.res_model, theirs.res_id), ("account.move", self.invoice.id))
        files = ticket.sudo().attachment_ids
        self.assertEqual(sorted(files.mapped("name")), ["invoice.pdf", "photo.png"])
        self.assertIn(mine.id, files.ids)
        for command in (Command.link(theirs.id), Command.set(theirs.ids)):
            with self.assertRaises(AccessError), self.cr.savepoint():
                ticket.with_env(disputes.env).write({"attachment_ids": [command]})

    def test_a_file_that_somebody_may_not_read_is_not_copied_either(self):
        secret = self.env["ir.attachment"].create({"name": "salary.pdf", "raw": b"x"})
        disputes = self.as_user("collector", self.env["recobro.dispute"])
        with self.assertRaises(AccessError), self.cr.savepoint():
            disputes._open_ticket(
                self.customer, self.company, {self.invoice: 10}, subject="Give me", attachment_ids=secret.ids
            )

    def test_credit_notes_are_shown_to_who_may_see_them_and_the_rest_can_be_exported(self):
        self.ticket.sudo().user_id = self.users["employee"]
        self.ticket.action_credit_note()
        note = self.ticket.sudo().line_ids.credit_note_id
        for name in ("collector", "employee"):
            mine = self.as_user(name, self.ticket)
            self.assertNotIn("credit_note_ids", mine.fields_get(), name)
            self.assertTrue(mine.read(), name)
        self.assertEqual(self.as_user("accountant", self.ticket).credit_note_ids.ids, note.ids)

    def test_the_last_stage_of_its_kind_stays(self):
        stages = self.as_user("manager", self.env["recobro.dispute.stage"])
        agreement = stages.browse(self.env.ref("recobro_module.dispute_stage_agreement").id)
        waiting = stages.browse(self.env.ref("recobro_module.dispute_stage_waiting").id)
        for change in (
            agreement.unlink,
            waiting.unlink,
            lambda: agreement.write({"resolution": "rejected"}),
            lambda: agreement.write({"kind": "open", "resolution": False}),
            lambda: waiting.write({"kind": "open"}),
            lambda: (
                (self.env.ref("recobro_module.dispute_stage_review") | self.ticket.stage_id)
                .with_env(stages.env)
                .unlink()
            ),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                change()
        with self.assertRaisesRegex(UserError, "last stage"), self.cr.savepoint():
            agreement.unlink()
        stages.create({"name": "Agreed by phone", "kind": "final", "resolution": "agreement"})
        agreement.unlink()
        self.env.ref("recobro_module.dispute_stage_review").with_env(stages.env).unlink()

    def test_another_company_sees_nothing_and_disputes_nothing(self):
        theirs = self.as_user("stranger", self.ticket)
        self.assertFalse(theirs.search([]) & theirs)
        with self.assertRaises(AccessError):
            theirs.action_reject()
        with self.assertRaises(AccessError), self.cr.savepoint():
            theirs.line_ids.create({"dispute_id": self.ticket.id, "move_id": self.invoice.id, "amount": 1})
        invoice = self.invoice.with_env(theirs.env)
        with self.assertRaises(AccessError), self.cr.savepoint():
            theirs.browse()._open_ticket(
                invoice.sudo().commercial_partner_id, self.company, {invoice: 10}, subject="No"
            )
        with self.assertRaises(UserError), self.cr.savepoint():
            theirs.browse()._open_ticket(self.customer, self.other_company, {invoice: 10}, subject="No")

    def test_in_a_branch_the_ticket_is_of_the_main_company(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.company.id})
        self.cr.precommit.run()
        user = self.create_user("branch", "recobro_module.group_recobro_user", branch)
        self.users["branch"] = user
        ticket = self.as_user("branch", self.env["recobro.dispute"])._open_ticket(
            self.customer, branch, {self.invoice: 10}, subject="In a branch"
        )
        self.assertEqual(ticket.company_id, self.company)

    def test_a_ticket_is_never_deleted(self):
        with self.assertRaises(UserError):
            self.ticket.sudo().unlink()

    def test_a_stage_that_closes_says_how_disputes_end_in_it(self):
        stages = self.as_user("manager", self.env["recobro.dispute.stage"])
        with self.assertRaisesRegex(UserError, "choose its resolution"), self.cr.savepoint():
            stages.create({"name": "Odd", "kind": "final"})

    def test_what_a_stage_means_does_not_change_under_its_disputes(self):
        stage = self.as_user("manager", self.ticket.stage_id)
        stage.name = "Just in"
        with self.assertRaisesRegex(UserError, "add another stage"), self.cr.savepoint():
            stage.kind = "waiting"
