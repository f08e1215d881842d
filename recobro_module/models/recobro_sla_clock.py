from datetime import timedelta

from odoo import api, fields, models

from ..engine import clock
from ..engine.disputes import sla, tickets
from ..tools.loose_fields import LooseMany2one


class RecobroSlaClock(models.AbstractModel):
    """The SLA clock of a ticket: a deadline that stands still while somebody else is waited for.

    `sla_consumed` hours were used up until `running_since`, since when the clock runs. The deadline and the moment at
    which it is near are moments on the SLA calendar (`engine/disputes/sla.py`), written by `tickets.py` beside it. The
    ticket has a `kind` (open, waiting, final) and a `company_id`.
    """

    _name = "recobro.sla.clock"
    _description = "SLA clock"

    sla_hours = fields.Float("SLA (hours)", readonly=True)
    opened_at = fields.Datetime("Opened", required=True, readonly=True, default=fields.Datetime.now)
    resolved_at = fields.Datetime("Closed", readonly=True, copy=False)
    closed_on = fields.Date("Closed on", readonly=True, copy=False)
    closed_by_id = LooseMany2one("res.users", "Closed by", readonly=True, copy=False)
    deadline = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    near_at = fields.Datetime("Near its SLA at", readonly=True, copy=False, index="btree_not_null")
    running_since = fields.Datetime("Clock runs since", readonly=True, copy=False)
    sla_consumed = fields.Float("Hours used before", readonly=True, copy=False)
    sla_outcome = fields.Selection(
        [("met", "SLA met"), ("missed", "SLA missed")], "SLA outcome", readonly=True, copy=False
    )
    cycle_hours = fields.Float("Cycle time (hours)", readonly=True, copy=False, aggregator="avg")
    raw_hours = fields.Float("Time open (hours)", readonly=True, copy=False, aggregator="avg")
    sla_state = fields.Selection(
        [
            ("running", "In time"),
            ("near", "Near its SLA"),
            ("late", "Late"),
            ("stopped", "Waiting"),
            ("met", "SLA met"),
            ("missed", "SLA missed"),
        ],
        "SLA",
        compute="_compute_sla",
    )
    sla_used = fields.Float("Share of the SLA used", compute="_compute_sla")
    time_left = fields.Char("Time left", compute="_compute_sla")
    days_open = fields.Integer("Days open", compute="_compute_sla")

    @api.depends("kind", "sla_outcome", "sla_consumed", "running_since", "sla_hours", "opened_at", "resolved_at")
    @api.depends_context("recobro_as_of", "lang")
    def _compute_sla(self):
        at = clock.moment(self.env)
        used = tickets.used_hours(self, at)
        for dispute in self:
            hours = used[dispute.id]
            dispute.sla_state = dispute._sla_state_at(hours)
            dispute.sla_used = hours / dispute.sla_hours if dispute.sla_hours else 0
            dispute.time_left = sla.words(self.env, dispute.sla_hours - hours) if dispute.running_since else False
            if dispute.kind == "waiting":
                dispute.time_left = self.env._("stopped")
            opened_at = dispute.opened_at or at
            dispute.days_open = max(((dispute.resolved_at or at) - opened_at) // timedelta(days=1), 0)

    def _sla_state_at(self, used):
        """Return what `used` hours of the SLA mean to the ticket; one that is past it is late, waiting or not."""
        self.ensure_one()
        if self.kind == "final":
            return self.sla_outcome
        if not tickets.is_within(used, self.sla_hours):
            return "late"
        if self.kind == "waiting":
            return "stopped"
        return "near" if used >= self.sla_hours * sla.NEAR else "running"
