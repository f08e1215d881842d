from odoo import fields, models
from odoo.exceptions import AccessError


class DigestDigest(models.Model):
    """Key figures of collections in Odoo's digest: money that came late, contacts and promises of the period."""

    _inherit = "digest.digest"

    kpi_recobro_collected = fields.Boolean("Collected on overdue invoices")
    kpi_recobro_collected_value = fields.Monetary(compute="_compute_kpi_recobro_collected_value")
    kpi_recobro_contacts = fields.Boolean("Contacts with customers who owe")
    kpi_recobro_contacts_value = fields.Integer(compute="_compute_kpi_recobro_contacts_value")
    kpi_recobro_promises = fields.Boolean("Promises to pay")
    kpi_recobro_promises_value = fields.Integer(compute="_compute_kpi_recobro_promises_value")

    def _compute_kpi_recobro_collected_value(self):
        self._compute_of_team("kpi_recobro_collected_value", "collected")

    def _compute_kpi_recobro_contacts_value(self):
        self._compute_of_team("kpi_recobro_contacts_value", "contacts")

    def _compute_kpi_recobro_promises_value(self):
        self._compute_of_team("kpi_recobro_promises_value", "promises")

    def _compute_of_team(self, name, measure):
        """Set a figure to a sum of the team's report; who may not read that has it left out of the digest.

        Cases are the main company's, so a branch has the figures of its main company, as on the dashboard.
        """
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(self.env._("Only a collections manager has the figures of the team in the digest."))
        start, end, companies = self._get_kpi_compute_parameters()
        main = companies.sudo().root_id  # sudo: which one it is; a user of a branch alone may not read it
        domain = [("company_id", "in", main.ids), ("day", ">=", start), ("day", "<", end)]
        found = dict(self.env["recobro.report.team"]._read_group(domain, ["company_id"], [f"{measure}:sum"]))
        known = {company.id: amount for company, amount in found.items()}
        for digest in self:
            company = digest.company_id or self.env.company
            digest[name] = known.get(company.sudo().root_id.id, 0)  # sudo: as above

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("recobro_module.menu_recobro_root").id
        target = f"recobro_module.action_recobro_report_team?menu_id={menu}"
        return {
            **actions,
            **dict.fromkeys(("kpi_recobro_collected", "kpi_recobro_contacts", "kpi_recobro_promises"), target),
        }
