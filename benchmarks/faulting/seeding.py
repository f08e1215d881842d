"""A process that writes the ledger of the faults into a database: `python -m faulting.seeding --config … `.

It needs Odoo and the folder of the benchmarks on the search path. Of twenty customers, eighteen are owed a message
(one of them has no address), one has nothing that is due, and one has a credit note over all that it owes.
"""

import argparse
from datetime import date, timedelta

from faulting.odoo_process import opened

GROUP = 20
#: For each place in a group of customers its documents: amount (below zero: a credit note) and days late at least.
DOCUMENTS = {
    **dict.fromkeys(range(10), ((80, 3),)),
    **dict.fromkeys(range(10, 14), ((120, 3), (240.5, 16))),
    **dict.fromkeys(range(14, 16), ((310, 16), (475.25, -40))),
    16: ((990, -4),),
    17: ((1250, -40),),
    18: ((60, 3), (-60, 3)),
    19: ((2300, 3),),
}
WITHOUT_ADDRESS = 19
#: Days over which due dates of late documents are spread, beyond the least.
SPREAD = 45
TABLES = ("res_partner", "account_move", "account_move_line")
ADDRESS = "'fault' || n || '@customer.example'"
CRONS = ("model._cron_run()", "model._cron_deliver()", "model._cron_refresh()")


def seed(env, customers):
    """Write the ledger and switch collections on."""
    from odoo.tools import SQL

    from cloning import Pattern, unchecked

    _prepare(env)
    partner = env["res.partner"].create({"name": "Fault", "is_company": True, "email": "fault@customer.example"})
    used = {document for place in DOCUMENTS.values() for document in place}
    documents = {document: _document(env, partner, document[0]) for document in used}
    with unchecked(env, TABLES) as keys:
        pattern = Pattern(env, keys, partner)
        [[last]] = env.execute_query(SQL("SELECT MAX(id) FROM res_partner"))
        pattern.clone(customers, texts={partner.name: SQL("'Fault ' || n"), partner.email: SQL(ADDRESS)})
        for place, wanted in DOCUMENTS.items():
            count = len(range(place, customers, GROUP))
            for amount, late in wanted:
                spread = SQL("n %% %s", SPREAD) if late > 0 else SQL("0")
                customer = SQL("(%s + n * %s + %s)", last + 1, GROUP, place)
                days = SQL("- (%s + %s)", late, spread)
                _clone(env, keys, documents[amount, late], count, {partner: customer}, days)
    # The prototypes are no part of the ledger: they must not be written about.
    env["account.move"].union(*documents.values()).button_draft()
    env.cr.execute(
        SQL(
            "UPDATE res_partner SET email = NULL, email_normalized = NULL WHERE id > %s AND (id - %s) %% %s = %s",
            last,
            last + 1,
            GROUP,
            WITHOUT_ADDRESS,
        )
    )
    env.invalidate_all()
    _switch_on(env)


def _prepare(env):
    """Give the company an address to write from, and an account for payments on their way."""
    company = env.company
    company.partner_id.email = "billing@seller.example"
    account = env["account.account"].create(
        {"name": "Payments on their way", "code": "101999", "account_type": "asset_current", "reconcile": True}
    )
    bank = env["account.journal"].search([("type", "=", "bank"), ("company_id", "=", company.id)], limit=1)
    bank.inbound_payment_method_line_ids.payment_account_id = account


def _clone(env, keys, document, count, references, days):
    """Clone a document with its lines; a copy's number is its id, so that no two have one."""
    from odoo.tools import SQL

    from cloning import Pattern

    pattern = Pattern(env, keys, document, document.line_ids)
    number = pattern.new_id(document)
    texts = {document.name: SQL("%s || %s", document.sequence_prefix, number)}
    pattern.clone(count, references, texts, {(document, "sequence_number"): number}, days)


def _document(env, partner, amount):
    """Return a posted invoice or credit note that is due today."""
    from odoo import Command

    today = date.today()
    document = env["account.move"].create(
        {
            "move_type": "out_invoice" if amount > 0 else "out_refund",
            "partner_id": partner.id,
            "invoice_date": today - timedelta(days=30),
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                Command.create({"name": "Goods", "quantity": 1, "price_unit": abs(amount), "tax_ids": []})
            ],
        }
    )
    document.action_post()
    return document


def _switch_on(env):
    """Collections on, every day of the week, with four delivering jobs and a bookkeeper; nothing else runs."""
    every_day = [
        (0, 0, {"name": str(day), "dayofweek": str(day), "hour_from": 8, "hour_to": 17, "day_period": "full_day"})
        for day in range(7)
    ]
    calendar = env["resource.calendar"].create(
        {"name": "Every day", "tz": "UTC", "company_id": False, "attendance_ids": [(5, 0, 0), *every_day]}
    )
    policy = env.ref("recobro_module.policy_default")
    policy.calendar_id = calendar
    policy.action_switch_on()
    env.company.root_id.recobro_run_hour = 0
    env.company.partner_id.tz = "UTC"
    for number in (3, 4):
        env.ref("recobro_module.ir_cron_deliver_1").copy({"name": f"Collections: deliver ({number})"})
    kept = env["ir.cron"].search([("code", "in", CRONS)]) + env.ref("mail.ir_cron_mail_scheduler_action")
    others = env["ir.cron"].search([("id", "not in", kept.ids)])
    others.active = False
    groups = env.ref("base.group_user") + env.ref("account.group_account_invoice")
    env["res.users"].with_context(no_reset_password=True).create(
        {"name": "Bookkeeper", "login": "bookkeeper", "group_ids": [(6, 0, groups.ids)]}
    )


def main():
    """Seed a database and commit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--customers", type=int, required=True)
    arguments = parser.parse_args()
    with opened(arguments.config, arguments.database) as env:
        seed(env, arguments.customers)
        env.cr.commit()
        # As autovacuum would have done by the time that a job runs
        connection = env.cr._cnx
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


if __name__ == "__main__":
    main()
