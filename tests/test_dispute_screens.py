"""Disputes on the screen: the dialog that opens one, the bar over an invoice, and who sees what of it."""

from datetime import timedelta

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, new_test_user
from odoo.tools.safe_eval import safe_eval

from .common import MONDAY, RecobroCase, lived

COLLECTOR = "recobro_module.group_recobro_user"
BILLING = "account.group_account_invoice"
AUDITOR = "account.group_account_readonly"


class DisputeScreenCase(RecobroCase):
    """A customer with three open invoices, and one user of each kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "recobro_as_of": lived(MONDAY)})
        cls.customer = cls.create_customer("Ferreteria Roca")
        cls.pilar = cls.create_contact(cls.customer, "Pilar Gil")
        cls.invoice = cls.create_invoice(cls.customer, 1000, MONDAY - timedelta(days=20))
        cls.second = cls.create_invoice(cls.customer, 300, MONDAY - timedelta(days=5))
        cls.third = cls.create_invoice(cls.customer, 80, MONDAY + timedelta(days=5))
        cls.case = cls.env["recobro.case"]._open_for(cls.customer, cls.company)
        cls.price = cls.env.ref("recobro_module.dispute_reason_price")
        cls.delivery = cls.env.ref("recobro_module.dispute_reason_delivery")
        cls.collector = cls.create_user("collector", COLLECTOR)
        cls.billing = cls.create_user("billing", BILLING)
        cls.auditor = cls.create_user("auditor", AUDITOR)
        cls.employee = cls.create_user("employee", "base.group_user")
        cls.portal = cls.create_user("portal", "base.group_portal")
        cls.both = cls.create_user("both", f"{COLLECTOR},{BILLING}")
        # Who sells may read invoices by another app: here every employee may
        cls.env["ir.model.access"].create(
            {
                "name": "Invoices for employees",
                "model_id": cls.env.ref("account.model_account_move").id,
                "group_id": cls.env.ref("base.group_user").id,
                "perm_read": True,
            }
        )

    @classmethod
    def create_user(cls, name, group, company=None):
        """A user of one group, in one company."""
        company = company or cls.company
        return new_test_user(
            cls.env, f"screen_{name}", group, company_id=company.id, company_ids=[Command.set(company.ids)]
        )

    @classmethod
    def open_ticket(cls, amounts, **values):
        """A dispute that a colleague opened on Monday."""
        return cls.env["recobro.dispute"]._open_ticket(
            cls.customer, cls.company, amounts, **{"reason_id": cls.price.id, "subject": "Price", **values}
        )

    def dialog(self, action, user=None):
        """The dialog that a button opens, as the browser fills it in."""
        env = self.env(user=user or self.billing)
        return Form(env[action["res_model"]].with_context(**action["context"]))

    def from_invoice(self, invoice=None, user=None):
        """The dialog opened from an invoice."""
        user = user or self.billing
        return self.dialog((invoice or self.invoice).with_user(user).action_recobro_dispute(), user)

    def from_case(self, user=None):
        """The dialog opened from the customer's case."""
        user = user or self.collector
        return self.dialog(self.case.with_user(user).action_dispute(), user)


class TestDisputeDialog(DisputeScreenCase):
    """One dialog: reason, amount, confirm."""

    def test_from_an_invoice_its_open_amount_is_prefilled(self):
        """Open, choose a reason, confirm: all that is open is disputed."""
        form = self.from_invoice()
        self.assertEqual((form.partner_id, form.is_single, form.amount), (self.customer, True, 1000))
        form.reason_id = self.delivery
        self.assertIn("Logistics", form.reason_help)
        form.save().action_open()
        ticket = self.invoice.recobro_dispute_ids
        self.assertEqual((ticket.amount, ticket.reason_id, ticket.subject), (1000, self.delivery, "Delivery"))
        self.assertTrue(ticket.is_taken, "a person of the company opened it")

    def test_what_was_said_who_said_it_and_files_go_along(self):
        """Text, contact and files are on the ticket."""
        file = (
            self.env["ir.attachment"]
            .with_user(self.billing)
            .create({"name": "photo.txt", "raw": b"boxes", "res_model": "recobro.dispute.open", "res_id": 0})
        )
        form = self.from_invoice()
        form.reason_id = self.delivery
        form.amount = 250
        form.note = "Five boxes were missing"
        form.contact_id = self.pilar
        form.attachment_ids.add(file)
        form.save().action_open()
        ticket = self.invoice.recobro_dispute_ids
        self.assertEqual((ticket.amount, ticket.note, ticket.contact_id), (250, "Five boxes were missing", self.pilar))
        self.assertEqual(ticket.attachment_ids, file)

    def test_a_second_dispute_is_told_of_the_first_and_offered_the_rest(self):
        """The dialog names the tickets of the invoice, and prefills what is in none of them."""
        first = self.open_ticket({self.invoice: 400})
        form = self.from_invoice()
        self.assertEqual(form.existing_ids[:], first)
        self.assertEqual(form.amount, 600)

    def test_a_closed_dispute_takes_nothing_away(self):
        """What was rejected may be disputed again."""
        self.open_ticket({self.invoice: 400}).action_reject()
        form = self.from_invoice()
        self.assertFalse(form.existing_ids[:])
        self.assertEqual(form.amount, 1000)

    def test_from_a_case_the_invoices_are_chosen(self):
        """All open invoices are listed, none is ticked; a tick offers all that is open."""
        form = self.from_case()
        names = [line["name"] for line in form.line_ids._records]
        self.assertEqual(set(names), {self.invoice.name, self.second.name, self.third.name})
        with form.line_ids.edit(names.index(self.invoice.name)) as line:
            self.assertFalse(line.is_disputed)
            line.is_disputed = True
            self.assertEqual(line.amount, 1000)
            line.amount = 100
        with form.line_ids.edit(names.index(self.second.name)) as line:
            line.is_disputed = True
        form.reason_id = self.price
        form.save().action_open()
        ticket = self.case.dispute_ids
        self.assertEqual({line.move_id: line.amount for line in ticket.line_ids}, {self.invoice: 100, self.second: 300})
        self.assertEqual(self.case.open_dispute_count, 1)

    def test_several_invoices_of_a_list_are_ticked(self):
        """From the gear menu over invoices that were selected, those and no others are in the dialog."""
        action = {
            "res_model": "recobro.dispute.open",
            "context": {"default_move_ids": (self.invoice + self.second).ids},
        }
        form = self.dialog(action)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual([line["amount"] for line in form.line_ids._records], [1000, 300])

    def test_invoices_of_two_customers_are_refused_at_once(self):
        """A dispute is of one customer: that is said before anything is filled in."""
        other = self.create_invoice(self.create_customer("Hotel Sol"), 50, MONDAY)
        action = {
            "res_model": "recobro.dispute.open",
            "context": {"default_move_ids": (self.invoice + other).ids},
        }
        with self.assertRaisesRegex(UserError, "several customers"):
            self.dialog(action)

    def test_what_a_contact_disputes_is_of_its_company(self):
        """From a contact, the company's invoices are there."""
        action = {"res_model": "recobro.dispute.open", "context": {"default_partner_id": self.pilar.id}}
        form = self.dialog(action)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(len(form.line_ids), 3)

    def test_nothing_ticked_is_refused(self):
        """It says what to do instead."""
        form = self.from_case()
        form.reason_id = self.price
        with self.assertRaisesRegex(UserError, "Tick at least one invoice"):
            form.save().action_open()

    def test_more_than_is_open_is_refused(self):
        """Only what is open, and in no other ticket, can be disputed."""
        self.open_ticket({self.invoice: 400})
        form = self.from_invoice()
        form.reason_id = self.price
        form.amount = 600.01
        with self.assertRaisesRegex(ValidationError, "600.00"):
            form.save().action_open()

    def test_a_credit_note_or_a_draft_is_not_offered(self):
        """Credit notes and drafts aren't open invoices."""
        self.create_credit_note(self.customer, 50, MONDAY)
        self.create_invoice(self.customer, 70, MONDAY, post=False)
        self.assertEqual(len(self.from_case().line_ids), 3)

    def test_invoices_are_added_to_a_ticket_that_names_none(self):
        """What came by mail without a number gets its invoices from the same list, without those it has."""
        ticket = (
            self.env["recobro.dispute"]
            .sudo()
            ._open_ticket(self.customer, self.company, {}, subject="Your invoice", source="mail")
        )
        ticket.sudo(False).with_user(self.collector).action_take()
        action = {"res_model": "recobro.dispute.open", "context": {"default_dispute_id": ticket.id}}
        form = self.dialog(action, self.collector)
        names = [line["name"] for line in form.line_ids._records]
        with form.line_ids.edit(names.index(self.second.name)) as line:
            line.is_disputed = True
        form.save().action_open()
        self.assertEqual((ticket.line_ids.move_id, ticket.amount), (self.second, 300))
        self.assertEqual(self.chased(self.customer, MONDAY + timedelta(days=30)), 1080)
        self.assertNotIn(self.second.name, [line["name"] for line in self.dialog(action).line_ids._records])

    def test_ids_that_a_client_makes_up_show_nothing(self):
        """Whoever may not see an invoice's open items learns nothing of it by the dialog."""
        other = self.setup_other_company()["company"]
        stranger = self.create_user("stranger", COLLECTOR, other)
        wizard = self.env(user=stranger)["recobro.dispute.open"].with_context(default_move_ids=self.invoice.ids)
        defaults = wizard.default_get(["partner_id", "company_id", "line_ids"])
        self.assertFalse(defaults.get("line_ids"))
        self.assertFalse(defaults.get("partner_id"))
        line = wizard.env["recobro.dispute.open.line"].new({"move_id": self.invoice.id})
        self.assertFalse(line.name)
        self.assertFalse(line.amount_open)


class TestInvoiceForm(DisputeScreenCase):
    """Next to the invoice: who sees the bar, the ribbon and the buttons, and what it costs."""

    def arch(self, user):
        """The form of an invoice as one user gets it."""
        view = self.env.ref("account.view_move_form")
        return etree.fromstring(self.env(user=user)["account.move"].get_view(view.id, "form")["arch"])

    def bar_of(self, user):
        """The names of the buttons in the bar; None when there is no bar."""
        bars = self.arch(user).xpath("//div[@name='recobro_bar']")
        return bars and [node.get("name") for node in bars[0].iter("button", "a") if node.get("name")] or None

    def test_who_has_which_buttons(self):
        """Accountants dispute and record payments in hand, collectors promise and plan too, auditors only look."""
        resolve = ["action_credit_note", "action_agreement", "action_reject"]
        answers = ["action_recobro_dispute", "action_recobro_payment_in_hand"]
        self.assertEqual(self.bar_of(self.billing), answers + resolve)
        of_collectors = ["action_recobro_promise", "action_recobro_payment_plan"]
        self.assertEqual(self.bar_of(self.both), [answers[0], *of_collectors, answers[1], *resolve])
        self.assertTrue(self.arch(self.auditor).xpath("//div[@name='recobro_bar']"))
        self.assertIsNone(self.bar_of(self.auditor), "an auditor has no button to press")

    def test_a_plain_employee_has_no_bar(self):
        """The form of whoever has no right in collections or accounting stays as it was."""
        self.assertFalse(self.arch(self.employee).xpath("//div[@name='recobro_bar']"))

    def test_the_form_of_an_invoice_is_read_by_everybody_who_may(self):
        """What collections puts into the form fails for nobody, whatever they may see of it."""
        self.open_ticket({self.invoice: 400})
        for user in (self.billing, self.auditor, self.both, self.employee):
            names = {field.get("name") for field in self.arch(user).xpath("//field[not(ancestor::field)]")}
            ours = {name: {} for name in names if name.startswith("recobro_")}
            self.assertIn("recobro_disputed_amount", ours)
            [row] = self.invoice.with_user(user).web_read(ours)
            self.assertEqual(row["recobro_disputed_amount"], 0 if user == self.employee else 400, user.login)

    def test_the_disputed_amount_is_what_is_open_in_tickets(self):
        """A rejected dispute counts no more, although the invoice still leads to it."""
        self.open_ticket({self.invoice: 400}).action_reject()
        ticket = self.open_ticket({self.invoice: 150, self.second: 300})
        invoice = self.invoice.with_user(self.billing)
        self.assertEqual(invoice.recobro_disputed_amount, 150)
        self.assertEqual(invoice.recobro_open_dispute_ids.ids, ticket.ids)
        self.assertEqual(len(invoice.recobro_dispute_ids), 2)

    def test_a_colleague_sees_only_their_own_ticket(self):
        """On an invoice they may read, a colleague is told of their ticket, and of no other."""
        self.open_ticket({self.invoice: 400})
        mine = self.open_ticket({self.invoice: 100}, user_id=self.employee.id)
        invoice = self.invoice.with_user(self.employee)
        self.assertEqual(invoice.recobro_dispute_ids.ids, mine.ids)
        self.assertEqual(invoice.recobro_disputed_amount, 100)

    def test_a_customer_in_the_portal_is_not_told(self):
        """A portal user reads nothing of disputes, and nothing fails."""
        self.open_ticket({self.invoice: 400})
        invoice = self.invoice.with_user(self.portal)
        self.assertFalse(invoice.recobro_dispute_ids)
        self.assertFalse(invoice.recobro_disputed_amount)

    def test_two_ribbons_never_overlap(self):
        """Sent, partly paid, blocked and disputed: one ribbon at a time."""
        ribbons = self.arch(self.billing).xpath("//sheet/widget[@name='web_ribbon']")
        for sent in (True, False):
            for payment_state in ("not_paid", "partial", "in_payment", "paid", "reversed", "blocked"):
                for disputed in (0, 250):
                    values = {
                        "move_type": "out_invoice",
                        "state": "posted",
                        "is_move_sent": sent,
                        "payment_state": payment_state,
                        "status_in_payment": "sent" if sent and payment_state == "not_paid" else payment_state,
                        "recobro_disputed_amount": disputed,
                        "True": True,
                    }
                    shown = {
                        ribbon.get("title") or ribbon.get("text")
                        for ribbon in ribbons
                        if not safe_eval(ribbon.get("invisible"), dict(values))
                    }
                    self.assertLessEqual(len(shown), 1, (values, shown))
                    expected = disputed and payment_state in ("not_paid", "partial")
                    self.assertEqual("Disputed" in shown, bool(expected), values)

    def test_one_invoice_or_many_cost_the_same(self):
        """The fields of a form are computed for all its records at once."""
        self.open_ticket({self.invoice: 100})
        self.open_ticket({self.second: 100, self.third: 10})

        def cost(invoices):
            self.env.flush_all()
            self.env.invalidate_all()
            invoices = invoices.with_user(self.billing)
            invoices.mapped("move_type")
            before = self.env.cr.sql_log_count
            invoices.mapped("recobro_disputed_amount")
            return self.env.cr.sql_log_count - before

        cost(self.invoice)  # Rules and groups are read once
        one, many = cost(self.invoice), cost(self.invoice + self.second + self.third)
        self.assertEqual(one, many)
        self.assertLessEqual(one, 8)

    def test_lists_of_invoices_do_not_ask_for_disputes(self):
        """The list of invoices costs what it did."""
        view = self.env.ref("account.view_out_invoice_tree")
        arch = etree.fromstring(self.env(user=self.billing)["account.move"].get_view(view.id, "list")["arch"])
        self.assertFalse([field for field in arch.iter("field") if "dispute" in field.get("name")])

    def test_from_the_invoice_to_its_tickets(self):
        """One ticket opens itself, several a list."""
        ticket = self.open_ticket({self.invoice: 100})
        invoice = self.invoice.with_user(self.billing)
        self.assertEqual(invoice.action_recobro_disputes()["res_id"], ticket.id)
        self.open_ticket({self.invoice: 100})
        self.env.invalidate_all()
        self.assertFalse(invoice.action_recobro_disputes().get("res_id"))


class TestDisputeViews(DisputeScreenCase):
    """Board, lists and form open for everybody who may see a ticket."""

    def test_every_screen_opens_for_everybody_who_has_tickets(self):
        """Kanban, list, form, graph, pivot, activity and search load, and read, for each kind of user."""
        ticket = self.open_ticket({self.invoice: 100}, user_id=self.employee.id)
        for user in (self.collector, self.billing, self.auditor, self.employee):
            disputes = self.env(user=user)["recobro.dispute"]
            views = disputes.get_views(
                [(False, kind) for kind in ("kanban", "list", "form", "graph", "pivot", "activity", "search")]
            )["views"]
            for kind in ("kanban", "list", "form"):
                arch = etree.fromstring(views[kind]["arch"])
                fields = {node.get("name"): {} for node in arch.xpath("//field[not(ancestor::field)]")}
                row = disputes.browse(ticket.id).web_read(fields)
                self.assertEqual(row[0]["id"], ticket.id, (user.login, kind))

    def test_buttons_are_for_who_may_use_them(self):
        """An auditor looks; the owner, collectors and accountants work."""
        ticket = self.open_ticket({self.invoice: 100}, user_id=self.employee.id)
        may = {user: ticket.with_user(user).may_change for user in (self.collector, self.billing, self.employee)}
        self.assertTrue(all(may.values()), may)
        self.assertFalse(ticket.with_user(self.auditor).may_change)

    def test_the_board_shows_empty_stages_too(self):
        """Every stage is a column, whatever is in it."""
        self.open_ticket({self.invoice: 100})
        board = self.env["recobro.dispute"].with_context(read_group_expand=True)
        groups = board.web_read_group([("partner_id", "=", self.customer.id)], ["stage_id"])
        stages = self.env["recobro.dispute.stage"].search([])
        self.assertEqual([group["stage_id"][0] for group in groups["groups"]], stages.ids)

    def test_a_ticket_that_is_dragged_to_a_closing_stage_is_closed(self):
        """Drag and drop does what the button does."""
        ticket = self.open_ticket({self.invoice: 100})
        rejected = self.env.ref("recobro_module.dispute_stage_rejected")
        ticket.with_user(self.collector).web_save({"stage_id": rejected.id}, {})
        self.assertEqual((ticket.kind, ticket.resolution), ("final", "rejected"))

    def test_a_ticket_is_found_by_the_number_of_its_invoice(self):
        """Search by invoice works for who has no right to invoices too."""
        ticket = self.open_ticket({self.invoice: 100, self.second: 10})
        found = self.env(user=self.collector)["recobro.dispute"].search([("invoice_names", "ilike", self.second.name)])
        self.assertEqual(found, ticket.with_user(self.collector))

    def test_the_filters_of_the_clock_find_what_they_say(self):
        """Past its SLA, due within a day, closed this month: each finds its own."""
        late = self.open_ticket({self.invoice: 100})
        closed = self.open_ticket({self.second: 10})
        closed.action_reject()
        arch = etree.fromstring(self.env["recobro.dispute"].get_view(False, "search")["arch"])
        domains = {node.get("name"): node.get("domain") for node in arch.iter("filter") if node.get("domain")}
        ours = self.env["recobro.dispute"].with_context(active_test=False)
        names = ("mine", "to_take", "open", "waiting", "closed_this_month", "near", "late", "rotting", "from_outside")
        found = {name: ours.search(safe_eval(domains[name], {"uid": self.env.uid})) for name in names}
        # The deadline was three working days after Monday the 2nd of March 2026, which has passed
        self.assertIn(late, found["late"])
        self.assertNotIn(closed, found["late"] | found["open"] | found["near"])
        self.assertIn(late, found["open"])

    def test_the_dialog_of_a_ticket_is_over_the_invoice(self):
        """The number opens the ticket in a dialog."""
        action = self.open_ticket({self.invoice: 100}).action_open_dialog()
        self.assertEqual((action["target"], action["views"]), ("new", [(False, "form")]))

    def test_managers_keep_the_plans_of_disputes_and_no_others(self):
        """A collections manager writes the steps of disputes, not those of another app."""
        manager = self.create_user("manager", "recobro_module.group_recobro_manager")
        plans = self.env(user=manager)["mail.activity.plan"]
        plan = plans.create({"name": "Carrier", "res_model": "recobro.dispute"})
        self.assertTrue(plan.has_access("write"))
        other = self.env["mail.activity.plan"].create({"name": "Contacts", "res_model": "res.partner"})
        self.assertFalse(other.with_user(manager).has_access("write"))
