from odoo.http import request, route

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..engine.portal import portal_own
from .portal_base import go_to


class PortalHome(CustomerPortal):
    """The way of who is logged in: a card on the portal's home, and the accounts that they stand for."""

    def _prepare_home_portal_values(self, counters):
        """Say how many items are open in all their accounts."""
        values = super()._prepare_home_portal_values(counters)
        if "recobro_count" in counters:
            values["recobro_count"] = portal_own.count_open(request.env.user.partner_id)
        return values

    @route("/my/collections", type="http", auth="user", methods=["GET"], website=True, sitemap=False, readonly=True)
    def portal_my_collections(self, **_other):
        """Open the account of who is logged in, or show the list where they have several."""
        accounts = portal_own.accounts(request.env.user.partner_id)
        if len(accounts) == 1:
            return go_to(accounts[0].path)
        values = {**self._prepare_portal_layout_values(), "accounts": accounts, "page_name": "collections"}
        response = request.render("recobro_module.portal_my_collections", values)
        # The list has the links, which are keys
        response.headers["Cache-Control"] = "no-store"
        return response
