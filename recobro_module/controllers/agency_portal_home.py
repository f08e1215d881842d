from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..engine.portal.agency_access import open_agency


class AgencyHome(CustomerPortal):
    """The card of an agency on the portal's home: how many cases are with it."""

    def _prepare_home_portal_values(self, counters):
        """Say how many cases are with the agencies of who is logged in."""
        values = super()._prepare_home_portal_values(counters)
        if "recobro_placement_count" in counters:
            access = open_agency(request.env)
            values["recobro_placement_count"] = access.placement_count() if access else 0
        return values
