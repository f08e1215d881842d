from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..const import BUCKET_SELECTION
from ..engine import clock
from ..engine.figures import backtest


class RecobroRecoveryBacktest(models.TransientModel):
    """How good the chances of recovery were: what they said on a past day, beside what came after it."""

    _name = "recobro.recovery.backtest"
    _description = "Chances of recovery held to account"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, default=lambda self: self.env.company.root_id
    )
    result = fields.Html(compute="_compute_result", sanitize=False)

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_result(self):
        labels = dict(self.env["recobro.recovery.rate"]._fields["bucket"]._description_selection(self.env))
        # sudo: a user of a branch alone may not read the main company, whose figures are those of the branch too
        mine = (self.env.company | self.env.companies).sudo().root_id
        for page in self:
            # `readonly` binds the form alone: whoever asks without it may name any company
            if page.company_id not in mine:
                raise AccessError(self.env._("The chances of recovery are shown to the company's own people only."))
            # sudo: shares and numbers of items only, of a company that the user is in
            company = page.company_id.sudo()
            found = backtest.backtest(company.env, company, clock.today(self.env, company))
            page.result = self.env["ir.qweb"]._render(
                "recobro_module.recovery_backtest",
                {"found": found, "buckets": [(key, labels[key]) for key, _label in BUCKET_SELECTION]},
            )
