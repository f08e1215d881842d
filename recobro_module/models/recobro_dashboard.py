from odoo import api, models
from odoo.exceptions import AccessError

from ..engine import watchdog
from ..engine.figures import dashboard, dashboard_later, dashboard_links
from ..engine.figures.scope import PERIODS

#: Who may see the figures of the whole ledger.
_GROUPS = ("recobro_module.group_recobro_user", "account.group_account_invoice", "account.group_account_readonly")


class RecobroDashboard(models.AbstractModel):
    """What the dashboard asks for: the figures of the companies at work, and the records behind them. Reads only."""

    _name = "recobro.dashboard"
    _description = "Dashboard of collections"

    @api.model
    @api.readonly
    def get_data(self, filters=None):
        """Return what the dashboard shows, see `engine/figures/dashboard.py`.

        :param filters: `as_of` (an ISO day, else the present), `months` (1, 3 or 12), `segment` (id of a grade, 0 for
            none, null for all), `owner` (id of a user, null for all).
        """
        companies = self._companies()
        chosen = self._chosen(filters)
        data = dashboard.read(self.sudo().env, companies, **chosen)
        return {
            **data,
            **dashboard.choices(self.sudo().env, companies),
            "targets": self._targets(companies[:1]),
            "companies": companies.mapped("name"),
            "links": dashboard_links.links(self.env, companies, data, chosen),
            "may": {
                "configure": self.env.user.has_group("recobro_module.group_recobro_manager"),
                "invoice": self.env["account.move"].has_access("create"),
            },
        }

    @api.model
    @api.readonly
    def get_later(self, filters=None):
        """Return what is read item by item, and comes after the page: see `dashboard_later.py`.

        `trouble` is what is wrong with the daily job, in a sentence; False when nothing is.
        """
        companies = self._companies()
        return {
            **dashboard_later.read(self.sudo().env, companies, **self._chosen(filters)),
            "trouble": watchdog.sentence(self.env, companies),
        }

    def _companies(self):
        """Return the main companies at work, the current one first, for those who may see their figures."""
        if not any(self.env.user.has_group(group) for group in _GROUPS):
            raise AccessError(self.env._("The dashboard is for who works in collections or accounting."))
        # sudo: a user of a branch alone may not read the main company, whose figures are those of the branch too
        return (self.env.company | self.env.companies).sudo().root_id

    def _chosen(self, filters):
        """Return the keyword arguments that a client's filters mean; what makes no sense is left out."""
        filters = filters if isinstance(filters, dict) else {}
        months, segment, owner = (filters.get(name) for name in ("months", "segment", "owner"))
        return {
            "as_of": dashboard.day_of(filters.get("as_of")),
            "months": months if months in PERIODS else 1,
            "segment": segment if isinstance(segment, int) and not isinstance(segment, bool) else None,
            "owner": owner if isinstance(owner, int) and owner else None,
        }

    def _targets(self, company):
        """Return what the company sets itself; a target of 0 is none."""
        return {
            "promises": company.recobro_target_promises / 100 or None,
            "over_60": company.recobro_target_over_60 / 100 or None,
            "dispute_hours": company.recobro_target_dispute_hours or None,
            "dso": company.recobro_target_dso or None,
            "effectiveness": company.recobro_target_effectiveness or None,
        }
