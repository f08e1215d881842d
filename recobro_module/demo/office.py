"""The distributor itself: the company with its books, its people, its products and how it collects."""

from datetime import timedelta
from random import Random

from odoo import Command

from . import story

#: Modules whose words appear on the screens and in the messages of a demo.
_TRANSLATED = (
    "base",
    "web",
    "base_setup",
    "mail",
    "contacts",
    "product",
    "portal",
    "account",
    "account_payment",
    "sms",
    "recobro_module",
)

PRODUCTS = (
    ("Aceite de oliva virgen extra, garrafa de 5 l", 38.50),
    ("Arroz bomba, saco de 10 kg", 31.20),
    ("Harina de fuerza, saco de 25 kg", 22.40),
    ("Conserva de atún en aceite, lata de 1 kg", 9.85),
    ("Café de tueste natural, 6 × 1 kg", 78.00),
    ("Agua mineral, palé de 84 cajas", 412.00),
    ("Vino tinto joven, caja de 12", 46.80),
    ("Detergente de hostelería, bidón de 20 l", 34.90),
)

#: Login (and password), name, groups. All speak Spanish.
USERS = (
    ("lucia", "Lucía Romero", ("recobro_module.group_recobro_user", "account.group_account_readonly")),
    ("andres", "Andrés Molina", ("recobro_module.group_recobro_user", "account.group_account_readonly")),
    ("marta", "Marta Gil", ("recobro_module.group_recobro_manager", "account.group_account_invoice")),
    ("javier", "Javier Ortega", ("base.group_user",)),
    ("nuria", "Nuria Vidal", ("base.group_user",)),
)


def open_company(env):
    """Create the company with a chart of accounts in euros, and return it in an environment of its own."""
    companies = env["res.company"].with_context(install_mode=True)  # Spain's own chart is another module: not needed
    vals = {
        "name": "Distribuciones Levante, S.L.",
        "country_id": env.ref("base.es").id,
        "currency_id": env.ref("base.EUR").id,
        "street": "Camí de la Marjal, 14",
        "zip": "46470",
        "city": "Catarroja",
        "email": "administracion@levante.example",
        "phone": "+34 960 000 101",
        "website": "https://levante.example",
    }
    if "iap_enrich_auto_done" in companies._fields:
        vals["iap_enrich_auto_done"] = True  # Nobody outside is asked about a company that does not exist
    company = companies.create(vals)
    company.partner_id.write({"tz": "Europe/Madrid", "lang": "es_ES"})
    # `_load`, not `try_loading`: that one warns while modules are still being loaded
    env["account.chart.template"]._load("generic_coa", company, install_demo=False)
    company = company.with_context(allowed_company_ids=company.ids)
    _make_spanish(company)
    return company


def _make_spanish(company):
    """Turn the generic chart into a Spanish one as far as invoices show it: euros, VAT, names of journals."""
    env = company.env
    of_company = [("company_id", "=", company.id)]
    spain = env.ref("base.es")
    company.write({"currency_id": env.ref("base.EUR").id, "account_fiscal_country_id": spain.id})
    env["account.tax.group"].search(of_company).country_id = spain
    env["account.tax"].search(of_company).country_id = spain
    taxes = company.account_sale_tax_id | company.account_purchase_tax_id
    taxes.write({"name": "IVA 21 %", "amount": 21.0, "description": "IVA 21 %"})
    taxes.tax_group_id.name = "IVA 21 %"
    company.resource_calendar_id.tz = "Europe/Madrid"
    journals = env["account.journal"].search(of_company)
    journals.filtered(lambda journal: journal.type == "sale")[:1].write({"name": "Facturas de venta", "code": "FV"})
    bank = journals.filtered(lambda journal: journal.type == "bank")[:1]
    bank.write({"name": "Banco", "code": "BCO"})
    bank.set_bank_account("ES91 2100 0418 4502 0005 1332")
    env["account.journal"].create(
        {
            "name": "Banco (dólares)",
            "code": "BUSD",
            "type": "bank",
            "currency_id": env.ref("base.USD").id,
        }
    )


def fix_rates(company, today, months):
    """Give the company a rate of the dollar for each month."""
    random = Random(f"{story.SEED} rates")
    first = today.replace(day=1) - timedelta(days=31 * (months + 1))
    days = sorted({(first + timedelta(days=31 * number)).replace(day=1) for number in range(months + 2)})
    company.env["res.currency.rate"].create(
        [
            {
                "currency_id": company.env.ref("base.USD").id,
                "company_id": company.id,
                "name": day,
                "rate": round(1.1 + random.uniform(-0.05, 0.05), 4),
            }
            for day in days
        ]
    )


def speak_spanish(env):
    """Switch Spanish on and load the words of the modules that a demo shows."""
    env["res.lang"]._activate_lang("es_ES")
    env["ir.module.module"].search([("name", "in", _TRANSLATED)])._update_translations(["es_ES"])


def hire(company):
    """Create the people who work here and return them by login, with the database's own users."""
    env = company.env
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@levante.example",
                    "lang": "es_ES",
                    "tz": "Europe/Madrid",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set([env.ref(group).id for group in groups])],
                    "notification_type": "inbox",
                }
                for login, name, groups in USERS
            ]
        )
    )
    return {user.login: user for user in users} | _let_in(company)


def _let_in(company):
    """Let the database's own users work in the company, as their first, and return them by login."""
    env = company.env
    found = (env.ref(xmlid, raise_if_not_found=False) for xmlid in ("base.user_admin", "base.user_demo"))
    own = {user.login: user for user in found if user}
    for user in own.values():
        user.write({"company_ids": [Command.link(company.id)], "company_id": company.id})
        # What customers read says whom to call: a number of the office
        user.partner_id.phone = company.phone
    if "demo" in own:
        own["demo"].group_ids = [Command.link(env.ref("recobro_module.group_recobro_user").id)]
    return own


def set_up_sales(company):
    """Create products and payment terms, and return them: a list, and a dict by key of `story.TERMS`."""
    env = company.env
    products = env["product.product"].create(
        [
            {
                "name": name,
                "type": "consu",
                "list_price": price,
                "company_id": company.id,
                "taxes_id": [Command.set(company.account_sale_tax_id.ids)],
            }
            for name, price in PRODUCTS
        ]
    )
    terms = env["account.payment.term"].create(
        [
            {"name": _term_name(days), "company_id": company.id, "line_ids": _term_lines(days)}
            for days in story.TERMS.values()
        ]
    )
    return products, dict(zip(story.TERMS, terms, strict=True))


def _term_name(days):
    if days == (0,):
        return "Al contado"
    *others, last = [str(number) for number in days]
    return f"A {', '.join(others)} y {last} días" if others else f"A {last} días"


def _term_lines(days):
    """Return the lines of a payment term: equal parts, the last with the rest."""
    part = round(100 / len(days), 2)
    shares = [part] * (len(days) - 1) + [round(100 - part * (len(days) - 1), 2)]
    return [
        Command.create({"value": "percent", "value_amount": share, "nb_days": number})
        for share, number in zip(shares, days, strict=True)
    ]


def set_policies(company, people):
    """Copy the shipped policy, which stays switched off as installed, for the company; one more for key accounts."""
    env = company.env
    shipped = env.ref("recobro_module.policy_default")
    standard = shipped.copy(
        {
            "name": "Seguimiento estándar",
            "company_id": company.id,
            "sequence": 50,
            "user_id": people["admin"].id,
            "minimum_amount": 25.0,
        }
    )
    key = shipped.copy(
        {
            "name": "Grandes cuentas",
            "company_id": company.id,
            "sequence": 20,
            "user_id": people["marta"].id,
            "domain": "[('category_id.name', '=', 'Gran cuenta')]",
            "quiet_days": 4,
        }
    )
    _add_director_letter(key)
    key.entry_level_id = key.level_ids.filtered(lambda level: level.channel == "call")[:1]
    (standard | key).action_switch_on()
    return standard, key


def _add_director_letter(policy):
    """Add the level that a person approves: the letter of the director, twenty days after the due date."""
    last = policy.level_ids.sorted("delay_days")[-1]
    last.copy(
        {
            "policy_id": policy.id,
            "name": "Carta de dirección",
            "delay_days": 20,
            "sequence": 90,
            "needs_approval": True,
            "wait_days": 10,
            "tone": "formal",
        }
    )
