from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..engine import clock, credit_insurance
from ..tools.loose_fields import LooseMany2one


class RecobroCreditInsurance(models.Model):
    """Credit insurance of a customer: how much is insured, and by when arrears must be told to the insurer.

    An insurer who is told too late pays nothing, so its owner is alerted some days before.
    """

    _name = "recobro.credit.insurance"
    _description = "Credit insurance of a customer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "partner_id, date_from desc, id desc"

    active = fields.Boolean(default=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, index=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, default=lambda self: self.env.company.root_id
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    insurer_id = LooseMany2one("res.partner", "Insurer", required=True)
    policy_number = fields.Char("Policy number", tracking=True)
    date_from = fields.Date("From", required=True, default=lambda self: self._default_day())
    date_until = fields.Date("Until", help="Empty: until it is ended.")
    insured_limit = fields.Monetary("Insured limit", required=True, tracking=True)
    share = fields.Float("Share insured", default=0.9, required=True, tracking=True, help="Of a loss within the limit.")
    notify_days = fields.Integer(
        "Arrears to be notified within",
        default=60,
        required=True,
        help="Days after the due date by which the insurer must be told.",
    )
    warn_days = fields.Integer("Alert before", default=10, required=True, help="Days before that deadline.")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, domain=[("share", "=", False)], index=True
    )
    notified_on = fields.Date("Last notified on", readonly=True, tracking=True)
    notified_until = fields.Date(
        "Notified up to the due date", readonly=True, help="What fell due up to this day was in the last notice."
    )
    amount_open = fields.Monetary("Open", compute="_compute_amounts")
    amount_insured = fields.Monetary("Insured", compute="_compute_amounts", help="Open within the limit × share.")
    amount_arrears = fields.Monetary("Arrears to notify", compute="_compute_amounts")
    deadline = fields.Date("Notify by", compute="_compute_amounts")

    _check_limit = models.Constraint("CHECK (insured_limit >= 0)", "The insured limit can't be negative.")
    _check_share = models.Constraint(
        "CHECK (share > 0 AND share <= 1)", "The insured share is above 0 % and at most 100 %."
    )
    _check_days = models.Constraint(
        "CHECK (notify_days > 0 AND warn_days >= 0 AND warn_days < notify_days)",
        "The alert must come before the deadline: give fewer days for it than for the notice.",
    )
    _check_dates = models.Constraint(
        "CHECK (date_until IS NULL OR date_until >= date_from)", "The insurance must end on or after the day it starts."
    )

    def _default_day(self):
        return clock.today(self.env, self.env.company.root_id)

    @api.depends("partner_id", "insurer_id")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.partner_id.display_name or ''} · {record.insurer_id.display_name or ''}"

    @api.depends("partner_id", "insured_limit", "share", "notify_days", "notified_until")
    @api.depends_context("recobro_as_of")
    def _compute_amounts(self):
        for company, records in self.grouped("company_id").items():
            rows = credit_insurance.figures(records, clock.today(self.env, company)) if company else {}
            for record in records:
                row = rows.get(record.partner_id.id, {})
                record.amount_open = row.get("amount_open", 0)
                insured = max(0, min(record.amount_open, record.insured_limit)) * record.share
                record.amount_insured = company.currency_id.round(insured)
                arrears = [
                    (due, amount)
                    for due, amount in row.get("overdue", ())
                    if not record.notified_until or due > record.notified_until
                ]
                record.amount_arrears = sum(amount for _due, amount in arrears)
                oldest = min((due for due, _amount in arrears), default=None)
                record.deadline = oldest and oldest + timedelta(days=record.notify_days)

    @api.constrains("partner_id", "company_id")
    def _check_customer(self):
        for record in self:
            if record.partner_id.commercial_partner_id != record.partner_id:
                raise ValidationError(
                    self.env._(
                        "The insurance is of a company, not of one of its contacts: choose %(customer)s.",
                        customer=record.partner_id.commercial_partner_id.display_name,
                    )
                )
            if record.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches are chased as one with their main company: choose %(company)s.",
                        company=record.company_id.root_id.name,
                    )
                )

    def action_notified(self):
        """The insurer was told today of all that is overdue: the next alert is about what falls due after it."""
        self.check_access("read")
        if not self.env.user.has_group("recobro_module.group_recobro_user"):
            raise AccessError(self.env._("Only a collector says that the insurer was told."))
        # sudo: collectors keep the notices and not the cover, and the alert may be a colleague's; checked above
        for record in self.sudo():
            today = clock.today(self.env, record.company_id)
            record.write({"notified_on": today, "notified_until": today - timedelta(days=1)})
            record.activity_unlink([credit_insurance.ALERT])
