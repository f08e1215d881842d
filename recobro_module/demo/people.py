"""The customers as contacts: companies, the people in them by role, and what is particular about some."""

import re
import unicodedata
from random import Random

from odoo import Command

from . import story

#: Letter in `customers.CUSTOMERS`: (code of the role, job position, preferred channel)
ROLES = {
    "T": ("treasury", "Tesorería", "email"),
    "A": ("approver", "Dirección financiera", "email"),
    "D": ("decision_maker", "Gerencia", "call"),
    "P": ("purchasing", "Compras", "whatsapp"),
    "I": ("influencer", "Coordinación logística", "call"),
    "C": ("contract", "Contratos", "email"),
    "L": ("legal", "Asesoría jurídica", "letter"),
    "-": (None, "Administración", False),
}
#: From when on people can be reached.
HOURS = (8, 9, 10, 12)
_FIRST = (
    "Amparo",
    "Vicent",
    "Rosa",
    "Joaquín",
    "Inés",
    "Salvador",
    "Carmen",
    "Ximo",
    "Pilar",
    "Rafael",
    "Elena",
    "Batiste",
    "Lorena",
    "Sergi",
    "Consuelo",
    "Damián",
    "Marina",
    "Fermín",
    "Aitana",
    "Gonzalo",
)
_LAST = (
    "Sanchis Bru",
    "Peris Lloret",
    "Navarro Gisbert",
    "Company Roig",
    "Alarcón Vives",
    "Beltrán Soler",
    "Estellés Mora",
    "Cano Bernabéu",
    "Ferrándiz Pla",
    "Martorell Cruz",
    "Segarra Ribes",
    "Vila Tortosa",
    "Olmos Carrión",
    "Payá Domenech",
)
_STREETS = ("Calle Mayor", "Avenida del Puerto", "Carrer de la Séquia", "Polígono El Pla, calle 4", "Plaza del Horno")
_LANGUAGES = {"es": "es_ES", "mx": "es_ES"}


def enlist(company, customers, people, terms, key_policy):
    """Create the customers with their contacts and return {Customer: partner}."""
    env = company.env
    tag = env["res.partner.category"].create({"name": "Gran cuenta"})
    partners = env["res.partner"].create(
        [_company_vals(env, customer, number, people, terms, tag) for number, customer in enumerate(customers)]
    )
    by_customer = dict(zip(customers, partners, strict=True))
    env["res.partner"].create(
        [vals for customer, partner in by_customer.items() for vals in _contacts(env, customer, partner)]
    )
    collectors = [people["lucia"], people["admin"], people["lucia"], people["andres"], people["admin"]]
    for number, (customer, partner) in enumerate(by_customer.items()):
        collector = collectors[number % len(collectors)]
        # Who is late enough for a letter on paper gets it from somebody of the company
        is_lent = collector == people["admin"] and customer.habit in ("chronic", "stopped")
        partner.recobro_user_id = people["andres"] if is_lent else collector
        if "own_policy" in customer.notes:
            partner.recobro_policy_id = key_policy
        if "blacklisted" in customer.notes:
            env["mail.blacklist"]._add(next(iter(partner.child_ids)).email)
    return by_customer


def _company_vals(env, customer, number, people, terms, tag):
    slug = slug_of(customer.name)
    has_address = not {"no_email", "only_contact", "blacklisted"} & set(customer.notes)
    return {
        "name": customer.name,
        "is_company": True,
        "company_id": False,
        "lang": _LANGUAGES.get(customer.country, "en_US"),
        "street": f"{_STREETS[number % len(_STREETS)]}, {3 + 7 * number % 90}",
        "city": customer.city,
        "country_id": env.ref("base.uk" if customer.country == "gb" else f"base.{customer.country}").id,
        "email": f"administracion@{slug}.example" if has_address else False,
        "phone": f"+34 96{number % 10} 000 {200 + number}",
        "property_payment_term_id": terms[customer.terms].id,
        "recobro_pay_days": customer.pay_days or False,
        "user_id": people["javier" if number % 2 else "nuria"].id,
        "category_id": [Command.link(tag.id)] if "key" in customer.notes else [],
        "customer_rank": 1,
    }


def _contacts(env, customer, partner):
    """Yield the values of the people of a customer."""
    random = Random(f"{story.SEED} people {customer.name}")
    for number, letter in enumerate(customer.contacts):
        code, position, channel = ROLES[letter]
        name = f"{random.choice(_FIRST)} {random.choice(_LAST)}"
        hour = float(random.choice(HOURS))
        yield {
            "parent_id": partner.id,
            "type": "contact",
            "name": name,
            "function": position,
            "lang": partner.lang,
            "email": f"{slug_of(name.rsplit(' ', 1)[0], '.')}@{slug_of(customer.name)}.example",
            "phone": f"+34 6{random.randint(10, 99)} 000 {random.randint(100, 999)}" if number < 2 else False,
            "recobro_channel": channel,
            "recobro_hour_from": hour,
            "recobro_hour_to": hour + random.choice((2.0, 4.0, 5.0)),
            "recobro_role_ids": [Command.link(env.ref(f"recobro_module.role_{code}").id)] if code else [],
        }


def slug_of(text, separator=""):
    """Return `text` as it may stand in an e-mail address.

    >>> slug_of("Épicerie du Moulin SARL")
    'epiceriedumoulin'
    >>> slug_of("Inés Peris", ".")
    'ines.peris'
    """
    plain = unicodedata.normalize("NFKD", text.split(",")[0].lower()).encode("ascii", "ignore").decode()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in ("sarl", "llc", "inc", "ltd", "s", "l")]
    return separator.join(words)
