from base64 import b64decode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..engine import clock
from ..engine.plans import plan_agreement
from ..tools import file_kinds


class RecobroPaymentPlanPaper(models.TransientModel):
    """Dialog: record that the customer accepted a proposed plan on paper, with the signed sheet as a file."""

    _name = "recobro.payment.plan.paper"
    _description = "Record acceptance of a payment plan on paper"

    plan_id = fields.Many2one("recobro.payment.plan", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", compute="_compute_partner_id")
    name = fields.Char("Signed by", required=True, compute="_compute_name", store=True, precompute=True, readonly=False)
    contact_id = fields.Many2one(
        "res.partner", domain="[('commercial_partner_id', '=', partner_id)]", help="Who signed, if known."
    )
    signed_on = fields.Date(
        "Signed on", required=True, compute="_compute_signed_on", store=True, precompute=True, readonly=False
    )
    file = fields.Binary(
        "Signed sheet", required=True, attachment=False, help="A scan or a photograph: PDF, PNG, JPEG, WebP."
    )
    file_name = fields.Char()

    @api.depends("plan_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.plan_id.partner_id

    @api.depends("contact_id")
    def _compute_name(self):
        for wizard in self:
            wizard.name = wizard.contact_id.name or wizard.name

    @api.depends("plan_id")
    def _compute_signed_on(self):
        for wizard in self:
            wizard.signed_on = clock.today(self.env, wizard.plan_id.company_id or self.env.company.root_id)

    def action_record(self):
        """Put the plan in force, with the signed sheet as its evidence."""
        self.ensure_one()
        self.plan_id.check_access("write")
        today = clock.today(self.env, self.plan_id.company_id)
        self._check_day(today)
        plan_agreement.accept(self.plan_id, self._prepare_evidence(), today)
        self.plan_id.message_post(
            body=self.env._(
                "Signed on paper on %(day)s by %(name)s.", day=format_date(self.env, self.signed_on), name=self.name
            )
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_day(self, today):
        if self.signed_on > today:
            raise UserError(self.env._("A plan can't have been signed in the future: correct the day."))
        if self.plan_id.proposed_on and self.signed_on < self.plan_id.proposed_on:
            raise UserError(
                self.env._(
                    "This plan was proposed on %(day)s and can't have been signed before: correct the day.",
                    day=format_date(self.env, self.plan_id.proposed_on),
                )
            )

    def _prepare_evidence(self):
        """Return what proves the acceptance; a file that is no scan is refused."""
        content = b64decode(self.file)
        kind = file_kinds.kind_of(content)
        if not kind:
            raise UserError(self.env._("Attach the signed sheet as a PDF or as a picture (PNG, JPEG, WebP)."))
        return plan_agreement.Evidence(
            name=self.name.strip(),
            contact=self.contact_id,
            kind="paper",
            signature=False,
            address=False,
            browser=False,
            signed_on=self.signed_on,
            file=(file_kinds.safe_name(self.file_name or self.plan_id.name, kind[1]), content),
        )
