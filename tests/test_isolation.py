"""No cost for others: the run writes its own tables only, and nobody waits for it (DESIGN.md, rule 12)."""

from datetime import date, timedelta

from odoo import Command, api

from odoo.addons.recobro_module.engine import delivery, run

from .common import MONDAY, RecobroCase, lived
from .frames import AtOnceCase

_GUARDED = ("account_move", "account_move_line", "res_partner")


def refuse_writes(cr):
    """Make the database refuse every write to the accountants' tables, in the transaction at hand."""
    cr.execute(
        """
        CREATE OR REPLACE FUNCTION recobro_test_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% on %', TG_OP, TG_TABLE_NAME; END $$
        """
    )
    for table in _GUARDED:
        cr.execute(
            f"CREATE TRIGGER recobro_test_refuse BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION recobro_test_refuse()"
        )


class TestOwnTablesOnly(RecobroCase):
    def test_a_whole_run_with_its_mails_writes_nothing_of_the_accountants(self):
        customers = [self.create_customer(f"Customer {number}") for number in range(3)]
        for customer in customers:
            self.create_contact(customer, f"Contact of {customer.name}", self.treasury)
            for due in (MONDAY - timedelta(days=20), MONDAY, MONDAY + timedelta(days=5)):
                invoice = self.create_invoice(customer, 100, due)
                self.put_on_ladder(invoice, -5)
        self.create_customer("Nobody", email=False)
        self.env.flush_all()
        refuse_writes(self.env.cr)
        for number in range(10):
            self.run_day(MONDAY + timedelta(days=number))
        self.env.flush_all()
        self.assertTrue(all(self.messages_to(customer) for customer in customers))
        self.assertTrue(self.tasks_of(customers[0], "planned", "done", "missed"))

    def test_installing_collections_locks_no_journal_item(self):
        """What Odoo does with the model as the addon is loaded: nobody has to wait for the end of it."""
        registry = self.env.registry
        self.patch(registry, "_init_modules", registry._init_modules - {"recobro_module"})
        self.env["account.move.line"].init()
        self.env.cr.execute(
            "SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = 'account_move_line'::regclass"
            " AND mode NOT IN ('AccessShareLock', 'RowShareLock', 'RowExclusiveLock')"
        )
        self.assertEqual(self.env.cr.fetchall(), [])

    def test_collections_hold_no_foreign_key_on_the_accountants_tables(self):
        self.env.cr.execute(
            """
            SELECT source.relname, target.relname
              FROM pg_constraint
              JOIN pg_class source ON source.oid = conrelid
              JOIN pg_class target ON target.oid = confrelid
             WHERE contype = 'f' AND target.relname = ANY(%s)
               AND source.relname IN ('recobro_case', 'recobro_item', 'recobro_action', 'recobro_action_line',
                                      'recobro_hold', 'recobro_interaction', 'recobro_run', 'recobro_snapshot',
                                      'recobro_mark')
            """,
            [list(_GUARDED)],
        )
        self.assertEqual(self.env.cr.fetchall(), [])


class TestSideBySide(AtOnceCase):
    """With real transactions: an accountant works on the lines that a run has just read and planned for."""

    def test_an_accountant_edits_deletes_and_reconciles_during_a_run_and_neither_waits_nor_fails(self):
        with self.registry.cursor() as running, self.registry.cursor() as accounting:
            run_env = api.Environment(running, api.SUPERUSER_ID, {"recobro_as_of": lived(MONDAY)})
            company = run_env["res.company"].browse(self.made["company"])
            record = run.live(run_env, company, MONDAY, "manual")
            run_env.flush_all()
            self.assertEqual(record.planned_messages, 1)

            accounting.execute("SET LOCAL lock_timeout = '500ms'")
            env = api.Environment(accounting, api.SUPERUSER_ID, {"allowed_company_ids": company.ids})
            deleted, edited, paid = env["account.move"].browse(self.made["invoices"])
            edited.line_ids.filtered("date_maturity").date_maturity = MONDAY + timedelta(days=9)
            paid.recobro_no_followup_reason = "agreed by phone"
            self.reconcile(env, paid)
            deleted.button_draft()
            deleted.unlink()
            env["res.partner"].browse(self.made["partner"]).phone = "+34 600 000 000"
            env.flush_all()
            accounting.commit()

            running.commit()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {"recobro_as_of": lived(MONDAY + timedelta(days=1))})
            company = env["res.company"].browse(self.made["company"])
            run.live(env, company, MONDAY + timedelta(days=1), "manual")
            items = env["recobro.item"].search([("partner_id", "=", self.made["partner"])])
            self.assertEqual(sorted(items.mapped("state")), ["closed", "closed", "open"])

    def test_two_workers_claim_different_actions_and_none_waits(self):
        with self.registry.cursor() as deciding:
            env = api.Environment(deciding, api.SUPERUSER_ID, {"recobro_as_of": lived(MONDAY)})
            company = env["res.company"].browse(self.made["company"])
            run.decide(env, company, MONDAY, env["recobro.run"]._start(company, MONDAY, "manual"))
            deciding.commit()
        with self.registry.cursor() as one, self.registry.cursor() as two:
            claimed = []
            for cursor in (one, two):
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
                env = api.Environment(cursor, api.SUPERUSER_ID, {"recobro_as_of": lived(MONDAY)})
                company = env["res.company"].browse(self.made["company"])
                claimed.append(delivery.claim(env, company=company).ids)
            self.assertEqual((len(claimed[0]), claimed[1]), (1, []))

    def reconcile(self, env, invoice):
        """Pay an invoice by an entry and match the two."""
        line = invoice.line_ids.filtered(lambda line: line.account_type == "asset_receivable")
        other = invoice.line_ids - line
        payment = env["account.move"].create(
            {
                "journal_id": env["account.journal"]
                .search([("type", "=", "general"), ("company_id", "=", self.made["company"])], limit=1)
                .id,
                "date": MONDAY,
                "line_ids": [
                    Command.create({"account_id": line.account_id.id, "partner_id": line.partner_id.id, "credit": 100}),
                    Command.create({"account_id": other[0].account_id.id, "debit": 100}),
                ],
            }
        )
        payment.action_post()
        (line | payment.line_ids.filtered(lambda item: item.account_id == line.account_id)).reconcile()

    def make(self, env):
        """A company with a customer and three open invoices, committed."""
        company = self.make_company(env, "Side by side")
        env = env(context={"allowed_company_ids": company.ids})
        policy = env.ref("recobro_module.policy_default").copy(
            {"name": "Side by side", "company_id": company.id, "sequence": 0}
        )
        policy.is_on = True
        partner = env["res.partner"].create({"name": "Beside", "is_company": True, "email": "beside@customer.example"})
        invoices = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": date(2026, 1, 20),
                    "invoice_date_due": MONDAY,
                    "invoice_line_ids": [
                        Command.create({"name": "Goods", "quantity": 1, "price_unit": 100, "tax_ids": []})
                    ],
                }
                for _number in range(3)
            ]
        )
        invoices.action_post()
        return {"company": company.id, "partner": partner.id, "invoices": invoices.ids, "policy": policy.id}

    def remove(self):
        """Take what the test committed out of play: the policy off, the mails cancelled."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["recobro.policy"].browse(self.made["policy"]).write({"is_on": False, "active": False})
            env["res.company"].browse(self.made["company"]).recobro_stopped = True
            env["mail.mail"].search([("recobro_action_id.partner_id", "=", self.made["partner"])]).cancel()
