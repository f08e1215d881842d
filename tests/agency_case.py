"""What the tests of the agency's portal share: two agencies with people, and a case that is with the first."""

import re
from datetime import timedelta

from odoo import Command, http
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import open_items
from odoo.addons.recobro_module.engine.placements import placing

from .portal_case import PortalCase

NOT_HERE = "This is not with you"


class AgencyCase(PortalCase):
    """Cedar's overdue invoices (900 and 600) are with Cobros del Norte, where Ana and Luis work; Sur has Birch's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.create_user("agency_manager", "recobro_module.group_recobro_manager")
        cls.collector = cls.create_user("agency_collector", "recobro_module.group_recobro_user")
        cls.north, cls.south = cls.create_agency("Cobros del Norte"), cls.create_agency("Cobros del Sur")
        cls.ana, cls.luis = cls.create_person(cls.north, "Ana Norte"), cls.create_person(cls.north, "Luis Norte")
        cls.sonia = cls.create_person(cls.south, "Sonia Sur")
        cls.placement = cls.place(cls.customer, cls.north, cls.first, cls.second)
        cls.other = cls.place(cls.neighbour, cls.south, cls.neighbours_invoice)

    @classmethod
    def create_user(cls, login, groups, company=None, **values):
        """A user of some groups, of one company only."""
        company = company or cls.company
        return new_test_user(
            cls.env,
            login,
            groups,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
            email=f"{login}@example.com",
            **values,
        )

    @classmethod
    def create_agency(cls, name, company=None, partner=None, **values):
        """An agency, of the company of the tests unless another is given."""
        partner = partner or cls.env["res.partner"].create({"name": name, "is_company": True})
        return cls.env["recobro.agency"].create(
            {
                "partner_id": partner.id,
                "company_id": (company or cls.company).id,
                "user_id": cls.manager.id,
                "tariff_ids": [Command.create({"days_from": 0, "rate": 0.1})],
                **values,
            }
        )

    @classmethod
    def create_person(cls, agency, name):
        """A person of an agency, with a login to the portal."""
        login = name.lower().replace(" ", ".")
        partner = cls.env["res.partner"].create(
            {"name": name, "parent_id": agency.partner_id.id, "email": f"{login}@agency.example"}
        )
        return new_test_user(cls.env, login, "base.group_portal", partner_id=partner.id, email=partner.email, name=name)

    @classmethod
    def place(cls, customer, agency, *invoices, **values):
        """Some invoices of a customer in the hands of an agency, since today."""
        company = agency.company_id
        case = cls.env["recobro.case"]._open_for(customer, company)
        open_items.meet(cls.env, company, cls.today, customer.ids)
        move_ids = [invoice.id for invoice in invoices]
        items = cls.env["recobro.item"].search([("move_id", "in", move_ids)])
        return placing.place(case, agency, items, cls.today, **values)

    # -------------------------------------------------------------------------
    # OPENING AND SENDING
    # -------------------------------------------------------------------------

    def enter(self, user):
        """Log in as somebody."""
        self.authenticate(user.login, user.login)
        self.session_user = user

    def open(self, *parts, user=None):
        """Open a page of the agency's portal as Ana, unless somebody else is given."""
        self.enter(user or self.ana)
        self.env.flush_all()
        with mute_logger("odoo.addons.base.models.ir_rule"):
            return self.url_open("/".join(["/my/placements", *map(str, parts)]), allow_redirects=False)

    def send(self, *parts, user=None, csrf=True, **data):
        """Send a form of the agency's portal as Ana, unless somebody else is given."""
        self.enter(user or self.ana)
        self.env.flush_all()
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        with mute_logger("odoo.http", "odoo.sql_db"):
            path = "/".join(["/my/placements", *map(str, parts)])
            response = self.url_open(path, data=data or {"": ""}, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def log_contact(self, placement=None, user=None, **values):
        """Send the form of a contact: a call that was answered, unless told otherwise."""
        data = {"channel": "call", "result": "answered", "note": "They ask for a week", **values}
        return self.send((placement or self.placement).id, "log", user=user, **data)

    def propose(self, placement=None, user=None, **values):
        """Send the form of a proposal: a promise of 500 in five days, unless told otherwise."""
        day = str(self.today + timedelta(days=5))
        data = {"kind": "promise", "amount": "500", "day": day, "count": "3", "rhythm": "monthly", **values}
        return self.send((placement or self.placement).id, "proposal", user=user, **data)

    def ask(self, text="May we offer two payments?", **values):
        """Send a question about the placement."""
        return self.send(self.placement.id, "question", question=text, **values)

    # -------------------------------------------------------------------------
    # WHAT CAME OF IT
    # -------------------------------------------------------------------------

    def lines(self, placement=None):
        """What the agency wrote about a placement, the oldest first."""
        domain = [("placement_id", "=", (placement or self.placement).id)]
        return self.env["recobro.interaction"].search(domain, order="id")

    def text_of(self, response):
        """What a page says, without its markup."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))

    def assert_not_here(self, response):
        """It is the page that tells nothing."""
        self.assertEqual(response.status_code, 404)
        self.assertIn(NOT_HERE, response.text)
        for word in ("Cedar", "Birch", self.first.name, self.neighbours_invoice.name):
            self.assertNotIn(word, response.text)

    def assert_wrong(self, response, *words):
        """The form came back with what is wrong."""
        self.assertEqual(response.status_code, 422)
        for word in words:
            self.assertIn(word, self.text_of(response))

    def assert_done(self, response):
        """It was taken: the page is opened anew."""
        self.assertEqual(response.status_code, 303, self.text_of(response)[:600])
