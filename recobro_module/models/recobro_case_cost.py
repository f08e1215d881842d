from odoo import api, fields, models

from ..engine import clock
from ..engine.figures import costs

_MANAGER = "recobro_module.group_recobro_manager"


class RecobroCaseCost(models.AbstractModel):
    """What collecting a case has cost so far, for who decides whether to go on with it (`engine/figures/costs.py`)."""

    _name = "recobro.case.cost"
    _description = "Cost of a case"

    currency_id = fields.Many2one("res.currency")
    cost_hours = fields.Float("Hours of work", compute="_compute_cost", compute_sudo=True, groups=_MANAGER)
    cost_time = fields.Monetary(
        "Time of people",
        compute="_compute_cost",
        compute_sudo=True,
        groups=_MANAGER,
        help="Calls, visits and other work that people logged, by what an hour costs (settings of collections).",
    )
    cost_channels = fields.Monetary("Messages and letters", compute="_compute_cost", compute_sudo=True, groups=_MANAGER)
    cost_fees = fields.Monetary("Fees by success", compute="_compute_cost", compute_sudo=True, groups=_MANAGER)
    cost_other = fields.Monetary(
        "Costs of agencies and lawyers", compute="_compute_cost", compute_sudo=True, groups=_MANAGER
    )
    cost_total = fields.Monetary("Cost of collecting", compute="_compute_cost", compute_sudo=True, groups=_MANAGER)

    @api.depends("partner_id", "company_id")
    def _compute_cost(self):
        for company, cases in self.grouped("company_id").items():
            found = {}
            if company and cases._origin:
                found = costs.of_cases(self.env, company, cases._origin.ids, clock.today(self.env, company))
            for case in cases:
                of_case = found.get(case._origin.id, {})
                case.cost_hours = of_case.get("minutes", 0) / 60
                case.cost_other = of_case.get("costs", 0)
                for name in ("time", "channels", "fees", "total"):
                    case[f"cost_{name}"] = of_case.get(name, 0)
