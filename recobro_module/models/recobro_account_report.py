from odoo import api, models
from odoo.exceptions import AccessError

from ..engine.portal import portal_account
from ..engine.portal.portal_access import Access


class RecobroAccountReport(models.AbstractModel):
    """The account that a customer downloads as a PDF: what the page shows, for the same reader."""

    _name = "report.recobro_module.report_account"
    _description = "Account of a customer"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the account of whoever the portal has let in; no client can put an `Access` into a context."""
        access = self.env.context.get("recobro_account")
        if not isinstance(access, Access):
            raise AccessError(self.env._("The account is downloaded from its page in the portal."))
        return {"docs": access.partner, "letter": portal_account.letter_of(access)}
