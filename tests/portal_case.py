"""What the tests of the portal share: two customers with links, and short ways to open pages and send forms."""

from datetime import timedelta
from io import BytesIO

from odoo import http
from odoo.tools import mute_logger

from odoo.addons.recobro_module.engine import clock, link

from .common import RecobroBrowserCase

#: The beginnings of files, as programs see them.
PDF = b"%PDF-1.4 a delivery note"
PNG = b"\x89PNG\r\n\x1a\n a photo"
PROGRAM = b"MZ\x90\x00 this program cannot be run"


class PortalCase(RecobroBrowserCase):
    """Cedar owes 900 and 600, overdue, and 300, not yet due; Birch, its neighbour, owes 777.77."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = clock.today(cls.env, cls.company)
        cls.customer = cls.create_customer("Cedar")
        cls.treasurer = cls.create_contact(cls.customer, "Teresa Till", cls.treasury)
        cls.buyer = cls.create_contact(cls.customer, "Paul Purchase", cls.env.ref("recobro_module.role_purchasing"))
        cls.first = cls.create_invoice(cls.customer, 900, cls.today - timedelta(days=20), ref="PO 4711")
        cls.second = cls.create_invoice(cls.customer, 600, cls.today - timedelta(days=9))
        cls.coming = cls.create_invoice(cls.customer, 300, cls.today + timedelta(days=12))
        cls.neighbour = cls.create_customer("Birch")
        cls.neighbours_contact = cls.create_contact(cls.neighbour, "Nora Next")
        cls.neighbours_invoice = cls.create_invoice(cls.neighbour, 777.77, cls.today - timedelta(days=9))
        cls.reason = cls.env.ref("recobro_module.dispute_reason_quantity")

    # -------------------------------------------------------------------------
    # OPENING AND SENDING
    # -------------------------------------------------------------------------

    def path(self, *parts, contact=None, customer=None, company=None):
        """The path of a page, for the treasurer unless told otherwise."""
        contact = self.treasurer if contact is None else contact
        account = link.make_path(company or self.company, customer or self.customer, contact)
        return "/".join([account, *map(str, parts)])

    def get(self, *parts, query="", **who):
        """Open a page as a visitor, following nothing."""
        self.env.flush_all()
        with mute_logger("odoo.http"):
            return self.url_open(self.path(*parts, **who) + query, allow_redirects=False)

    def post(self, *parts, data=None, files=None, csrf=True, headers=None, **who):
        """Send a form as a visitor, following nothing."""
        self.env.flush_all()
        if csrf:
            if not getattr(self, "session", None):
                self.authenticate(None, None)
            data = {**(data or {}), "csrf_token": http.Request.csrf_token(self)}
        with mute_logger("odoo.http", "odoo.sql_db"):
            # Without data it would be a GET
            response = self.url_open(
                self.path(*parts, **who), data=data or {"": ""}, files=files, headers=headers, allow_redirects=False
            )
        self.env.invalidate_all()
        return response

    # -------------------------------------------------------------------------
    # WHAT IS CHOSEN AND SENT
    # -------------------------------------------------------------------------

    def item_id(self, move):
        """How an invoice's only line is named in the portal's forms."""
        return move.line_ids.filtered(lambda line: line.account_type == "asset_receivable").id

    def items(self, *moves):
        """How some invoices are chosen in a form or an address."""
        return ",".join(str(self.item_id(move)) for move in moves)

    def dispute(self, *moves, amount=None, files=(), **values):
        """Send the form of a dispute about some invoices."""
        who = {name: values.pop(name) for name in ("contact", "customer", "company") if name in values}
        data = {
            "items": self.items(*moves),
            "reason": str(self.reason.id),
            "note": "Two crates are missing",
            **{f"amount_{move.id}": str(move.amount_residual if amount is None else amount) for move in moves},
            **values,
        }
        sent = [("files", (name, BytesIO(content), "application/octet-stream")) for name, content in files]
        return self.post("dispute", data=data, files=sent or None, **who)

    def promise(self, *moves, **values):
        """Send the form of a promise about some invoices, for five days from now unless told otherwise."""
        who = {name: values.pop(name) for name in ("contact", "customer", "company") if name in values}
        data = {
            "items": self.items(*moves),
            "amount": str(sum(move.amount_residual for move in moves)),
            "day": str(self.today + timedelta(days=5)),
            **values,
        }
        return self.post("promise", data=data, **who)

    # -------------------------------------------------------------------------
    # WHAT CAME OF IT
    # -------------------------------------------------------------------------

    def disputes(self, customer=None):
        """The disputes of a customer, the latest first."""
        return self.env["recobro.dispute"].search(
            [("partner_id", "=", (customer or self.customer).id)], order="id DESC"
        )

    def promises(self, customer=None):
        """The promises of a customer, the latest first."""
        return self.env["recobro.promise"].search(
            [("partner_id", "=", (customer or self.customer).id)], order="id DESC"
        )

    def log(self, *results):
        """The lines of the customer's log with some results, oldest first."""
        return self.env["recobro.interaction"].search(
            [("partner_id", "=", self.customer.id), ("result", "in", results)], order="id"
        )

    def assert_refused(self, response, status, words):
        """A page refuses with a status and says what to do, and tells nothing of the neighbour."""
        self.assertEqual(response.status_code, status)
        self.assertIn(words, response.text)
        for secret in ("Birch", "777.77", self.neighbours_invoice.name):
            self.assertNotIn(secret, response.text)
