from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import INSOLVENCY_STATES
from ..engine import clock, insolvency
from ..tools.loose_fields import LooseMany2one

#: What a person may still change once it is recorded.
_OPEN_TO_CHANGE = (
    "court",
    "file_number",
    "administrator_id",
    "claim_deadline",
    "claim_amount",
    "claim_filed_on",
    "user_id",
    "note",
    "end_reason",
)


class RecobroInsolvency(models.Model):
    """Insolvency proceedings of a customer: all chasing stops, and the claim is filed in time.

    What happens to the debt is the court's: no message, call or hand-over of ours until the proceedings end.
    """

    _name = "recobro.insolvency"
    _description = "Insolvency of a customer"
    _inherit = ["recobro.answer"]
    _order = "declared_on desc, id desc"

    _hold_reason = "insolvency"

    state = fields.Selection(INSOLVENCY_STATES, required=True, readonly=True, default="declared", tracking=True)
    court = fields.Char(required=True, tracking=True)
    file_number = fields.Char("File number", tracking=True, help="Under which the court leads it.")
    declared_on = fields.Date("Declared on", required=True, default=lambda self: self._default_day())
    administrator_id = LooseMany2one(
        "res.partner", "Administrator", help="The insolvency administrator, to whom the claim is sent."
    )
    claim_deadline = fields.Date(
        "Claim to be filed by",
        compute="_compute_claim_deadline",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
        help="One month after the declaration is only a proposal: the court's notice says the day.",
    )
    claim_amount = fields.Monetary("Claim", help="What is claimed, in the company's currency.")
    claim_filed_on = fields.Date("Claim filed on", tracking=True)
    ended_on = fields.Date("Ended on", readonly=True)
    end_reason = fields.Text("Why it ended")

    _once = models.UniqueIndex(
        "(partner_id, company_id) WHERE state = 'declared'", "The insolvency of this customer is recorded already."
    )

    def _default_day(self):
        return clock.today(self.env, self.env.company.root_id)

    @api.depends("declared_on")
    def _compute_claim_deadline(self):
        for record in self:
            if record.declared_on and not record.claim_deadline:
                record.claim_deadline = record.declared_on + relativedelta(months=1)

    @api.depends("partner_id", "file_number")
    def _compute_display_name(self):
        for record in self:
            record.display_name = self.env._(
                "Insolvency of %(customer)s", customer=record.partner_id.sudo().display_name or ""
            )

    # -------------------------------------------------------------------------
    # WHAT A PERSON MAY WRITE
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_not_kept({"state", "ended_on", "case_id", "name"} & set(vals))
        records = super().create(vals_list)
        insolvency.declare(records)
        return records

    def write(self, vals):
        if not self.env.su:
            own = {name for name, field in self._fields.items() if field.store and field._module == "recobro_module"}
            self._check_not_kept(own.difference(_OPEN_TO_CHANGE) & set(vals))
        result = super().write(vals)
        if {"claim_deadline", "claim_filed_on", "user_id"} & set(vals):
            insolvency.ask_for_claim(self)
        return result

    def _check_not_kept(self, names):
        """Refuse to a person what the screens show read-only: by RPC too."""
        if names:
            field = self._fields[min(names)]
            raise AccessError(
                self.env._(
                    "“%(field)s” of an insolvency can't be changed: end it and record it again.",
                    field=field._description_string(self.env),
                )
            )

    def action_end(self):
        """End it: the ladder goes on where it was. Only for a manager, who says why."""
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(self.env._("Only a collections manager lets an insolvent customer be chased again."))
        self.check_access("write")
        for record in self:
            if not (record.end_reason or "").strip():
                raise UserError(self.env._("Write down why it ended first, such as “Agreement approved by the court”."))
        # sudo: state and holds are the engine's; the right to end it was checked above
        insolvency.end(self.sudo())
