"""Agencies and lawyers: whom the office works with, what was handed over to them, and what came of it."""

from datetime import timedelta

from odoo import Command

from ..engine.placements import placing
from .agency_words import AgencyWords
from .story import next_working_day

#: Words of what an agency may do.
_INSTRUCTIONS = (
    "<p>Trato amable y firme, siempre con nombre y teléfono. Sin visitas y sin llamadas antes de las 9:00. "
    "Cualquier descuento se consulta con nosotros.</p>"
)


class Agencies:
    """Two agencies and a lawyer, and the cases that are and were with them."""

    def __init__(self, escalation):
        self.told = escalation
        self.env = escalation.env
        self.company = escalation.company
        self.people = escalation.people
        product = self._product()
        self.turia = self._agency(
            "Gestión de Cobros Turia, S.L.", ((0, 0.12), (90, 0.18), (180, 0.25)), 25.0, 90, product
        )
        self.albufera = self._agency("Recobros Albufera, S.L.", ((0, 0.1), (120, 0.2)), 0.0, 60, product)
        self.lawyer = self._agency("Bufete Sales & Montoliu", ((0, 0.15),), 150.0, 365, product, kind="lawyer")
        self.turia.sample_size = 10
        self._let_in(self.turia)
        self._tell()

    # -------------------------------------------------------------------------
    # WHO THEY ARE
    # -------------------------------------------------------------------------

    def _product(self):
        return self.env["product.product"].create(
            {
                "name": "Gestión de cobro externa",
                "type": "service",
                "sale_ok": False,
                "company_id": self.company.id,
                "supplier_taxes_id": [Command.set(self.company.account_purchase_tax_id.ids)],
            }
        )

    def _agency(self, name, tariff, fixed_cost, days, product, kind="agency"):
        partner = self.env["res.partner"].create(
            {"name": name, "is_company": True, "city": "Valencia", "lang": "es_ES", "supplier_rank": 1}
        )
        return self.env["recobro.agency"].create(
            {
                "partner_id": partner.id,
                "kind": kind,
                "company_id": self.company.id,
                "days": days,
                "fixed_cost": fixed_cost,
                "product_id": product.id,
                "user_id": self.people["marta"].id,
                "note": _INSTRUCTIONS,
                "tariff_ids": [Command.create({"days_from": start, "rate": rate}) for start, rate in tariff],
            }
        )

    def _let_in(self, agency):
        """Give a person of an agency a login of its portal."""
        person = self.env["res.partner"].create(
            {
                "parent_id": agency.partner_id.id,
                "name": "Raquel Ibáñez",
                "function": "Gestora",
                "email": "raquel@turia.example",
                "lang": "es_ES",
            }
        )
        self.env["res.users"].with_context(no_reset_password=True).create(
            {
                "partner_id": person.id,
                "login": "turia",
                "password": "turia",
                "lang": "es_ES",
                "tz": "Europe/Madrid",
                "company_id": self.company.id,
                "company_ids": [Command.set(self.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )

    # -------------------------------------------------------------------------
    # WHAT WAS HANDED OVER
    # -------------------------------------------------------------------------

    def _tell(self):
        told = self.told
        with_agency, with_lawyer = told.customer("with_agency"), told.customer("with_lawyer")
        recalled, proposed = told.customer("recalled"), told.customer("proposed")
        if with_agency:
            told.on(37, self._place, with_agency, self.turia, "Hablar con gerencia; en tesorería no deciden.", (20, 6))
            told.on(5, self._bill, with_agency)
            AgencyWords(told, with_agency, "turia")
        if with_lawyer:
            told.on(40, self._place, with_lawyer, self.lawyer, "Reconoce la deuda por escrito: correo en la carpeta.")
            told.on(28, self._milestone, with_lawyer, "Presentado por Lexnet.")
            told.on(27, self._cost, with_lawyer, "Procurador", 186.5)
            told.on(9, self._milestone, with_lawyer, "Admitido a trámite.")
            told.on(8, self._cost, with_lawyer, "Traducción jurada de un contrato", 74.0)
        if recalled:
            told.on(33, self._place, recalled, self.albufera, "")
            told.on(10, self._recall, recalled, "Llamaron al cliente en plena feria y a gritos: lo llevamos nosotros.")
        if proposed:
            told.on(3, self._propose, proposed, self.turia, "Tres promesas rotas; ya no coge el teléfono.")

    def _place(self, day, partner, agency, note, pays=()):
        """The manager hands a case over, as soon as nothing keeps it; a part is paid on some days after it."""
        dialog = self._dialog(day, partner, agency, note, "marta")
        if not dialog:
            if (self.told.today - day).days > 9:
                self.told.later(next_working_day(day), self._place, partner, agency, note, pays)
            return
        dialog.action_place()
        if agency.kind == "lawyer":
            self._open_file(day, partner)
        items = self._placement(partner).line_ids.item_id
        self.told.answers.keep(items)
        self._collect(day, partner, items.sorted("due_date"), pays)

    def _collect(self, day, partner, items, pays):
        customer = self.told.answers.customers[partner]
        ours = items.filtered(lambda item: item.move_id.id in self.told.answers.sales)
        for days_ago, item in zip(pays, ours, strict=False):
            when = max(day + timedelta(days=1), self.told.answers.working_day(days_ago))
            self.told.answers.pay(customer, when, [(item, 1.0)])

    def _propose(self, day, partner, agency, note):
        if dialog := self._dialog(day, partner, agency, note, "lucia"):
            dialog.action_propose()

    def _dialog(self, day, partner, agency, note, login):
        """Return the dialog that hands a case over, filled in; None where nothing can be."""
        env = self.told.at_work(login, day)
        case = self.told.case_of(partner, env)
        if not case or not placing.placeable(case.sudo(), day) or placing.refusal(case.sudo(), agency, day):
            return None
        return env["recobro.placement.place"].create({"case_id": case.id, "agency_id": agency.id, "note": note})

    def _recall(self, day, partner, why):
        env = self.told.at_work("marta", day)
        for placement in self._placement(partner).with_env(env):
            env["recobro.placement.end"].create({"placement_id": placement.id, "reason": why}).action_end()

    def _bill(self, day, partner):
        """What the agency has earned so far waits as a draft bill for accounting."""
        placement = self._placement(partner).with_env(self.told.at_work("marta", day))
        if placement.to_bill > 0:
            placement.action_bill()

    def _placement(self, partner):
        return self.env["recobro.placement"].search([("partner_id", "=", partner.id), ("state", "=", "placed")])

    # -------------------------------------------------------------------------
    # THE LEGAL FILE
    # -------------------------------------------------------------------------

    def _open_file(self, day, partner):
        placement = self._placement(partner).with_env(self.told.at_work("marta", day))
        placement.write(
            {
                "procedure": "payment_order",
                "court": "Juzgado de Primera Instancia n.º 3 de Orihuela",
                "legal_number": f"Monitorio 214/{day.year}",
            }
        )
        placement.action_plan_milestones()
        placement.milestone_ids[1:2].user_id = self.people["lucia"]

    def _milestone(self, day, partner, note):
        """The next milestone of the file is done."""
        placement = self._placement(partner).with_env(self.told.at_work("lucia", day))
        known = placement.message_ids
        placement.milestone_ids.filtered(lambda one: not one.done_on)[:1].write({"done_on": day, "note": note})
        # Dated by the transaction, which is the present
        (placement.message_ids - known).sudo().write({"date": self.told.desk._moment(day, 10)})

    def _cost(self, day, partner, name, amount):
        env = self.told.at_work("lucia", day)
        for placement in self._placement(partner):
            env["recobro.legal.cost"].create({"placement_id": placement.id, "day": day, "name": name, "amount": amount})
