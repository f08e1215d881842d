from odoo import api, fields, models

from ..engine import ledger_watch
from ..tools.loose_fields import LooseMany2one


class RecobroLedgerAlert(models.Model):
    """Something that is wrong with a whole ledger, or with the daily job: told once, until it is over.

    One owner has an activity on it. While it lasts nobody is told again; once it is over, it may come again.
    """

    _name = "recobro.ledger.alert"
    _description = "Alert of the ledger"
    _inherit = ["mail.thread", "mail.activity.mixin", "recobro.former.customer.mixin"]
    _order = "until desc, since desc, id desc"
    _rec_name = "kind"
    # Who reads an alert sees whose activity it is, and may write about it
    _mail_post_access = "read"

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    kind = fields.Selection(
        [
            ("job", "Collections stand still"),
            ("no_next", "Cases without a next action"),
            ("over_60", "Too much is over 60 days late"),
            ("concentration", "One customer owes too much of it"),
            ("dso", "Days' sales outstanding past its target"),
            ("effectiveness", "Collection effectiveness below its target"),
            ("report", "A report by mail did not go out"),
            ("recipient", "Somebody may not read a report by mail any more"),
        ],
        "What is wrong",
        required=True,
        readonly=True,
    )
    partner_id = LooseMany2one("res.partner", "Customer", readonly=True)
    since = fields.Date(required=True, readonly=True)
    until = fields.Date("Over on", readonly=True)
    words = fields.Text("In words", readonly=True)

    _open_once = models.UniqueIndex(
        "(company_id, kind, COALESCE(partner_id, 0)) WHERE until IS NULL", "This is already told of this company."
    )

    @api.depends("kind", "partner_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for alert in self:
            name = alert.partner_id.sudo().exists().display_name  # sudo: the name of a customer, on its alert
            alert.display_name = f"{labels[alert.kind]}: {name}" if name else labels[alert.kind]

    def action_open_records(self):
        """Open what is behind it: the items, the case, the days, the cases or the runs."""
        self.ensure_one()
        of_company = [("company_id", "=", self.company_id.id)]
        action, domain = {
            "job": ("action_recobro_run", of_company),
            "report": ("action_recobro_figures_mail", of_company),
            "recipient": ("action_recobro_figures_mail", of_company),
            "no_next": ("action_recobro_case", [*of_company, ("is_forgotten", "=", True)]),
            "over_60": ("action_recobro_open_item", [("bucket", "in", ("d61_90", "d90_plus"))]),
            "concentration": ("action_recobro_case", [*of_company, ("partner_id", "=", self.partner_id.id)]),
        }.get(self.kind, ("action_recobro_customer_figure", of_company))
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(f"recobro_module.{action}"),
            "domain": domain,
            "context": {},
        }

    @api.model
    def _cron_watch(self):
        """Look at the daily job of each company from outside of it."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            ledger_watch.watch_job(self.env, company)
            ledger_watch.watch_reports(self.env, company)
