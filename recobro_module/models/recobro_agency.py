from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import AGENCY_KINDS, HAND_OVER_STAGES
from ..engine.placements import tone_review
from ..tools.tariffs import Bracket, rate_of


class RecobroAgency(models.Model):
    """An agency or a lawyer who collects for a company, and on which terms: days it has, fixed costs, fee by success.

    The terms are those of today: a placement keeps what was agreed when it was made.
    """

    _name = "recobro.agency"
    _description = "Collection agency or lawyer"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name", store=True, readonly=False, required=True, precompute=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner", "Company or person", required=True, index=True, ondelete="restrict", tracking=True
    )
    kind = fields.Selection(AGENCY_KINDS, "Type", required=True, default="agency")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    days = fields.Integer(
        "Time it has",
        default=90,
        required=True,
        tracking=True,
        help="Days from the hand-over; after them what is left comes back.",
    )
    fixed_cost = fields.Monetary("Cost of each case", tracking=True, help="Due for a case whatever is collected.")
    tariff_ids = fields.One2many("recobro.agency.tariff", "agency_id", "Fee by success", copy=True)
    product_id = fields.Many2one(
        "product.product",
        "Product on its bills",
        check_company=True,
        ondelete="restrict",
        domain=[("purchase_ok", "=", True)],
        help="Gives the lines of its bills their account and taxes.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Who answers for it",
        default=lambda self: self.env.user,
        domain=[("share", "=", False)],
        index=True,
        help="Is told when its time for a case is over.",
    )
    note = fields.Html("Instructions", help="What it may do in our name, and what it may not.")
    sample_size = fields.Integer(
        "Lines read a month",
        default=5,
        help="So many of the lines it wrote last month are chosen at random for somebody to read: was the tone right, "
        "were the facts? 0: none.",
    )
    review_ids = fields.One2many("recobro.tone.review", "agency_id", "Tone reviews", readonly=True)
    harsh_review_ids = fields.One2many(
        "recobro.tone.review",
        "agency_id",
        "Lines found not fine",
        readonly=True,
        domain=[("verdict", "in", tone_review.NOT_FINE)],
    )
    tone_fine = fields.Float("Tone found fine", compute="_compute_tone", help="Share of the lines that were read.")
    tone_read = fields.Integer("Lines read", compute="_compute_tone")
    tone_waiting = fields.Integer("Lines to read", compute="_compute_tone")
    placement_ids = fields.One2many("recobro.placement", "agency_id", "Placements", readonly=True)
    placement_count = fields.Integer("Cases with it", compute="_compute_placement_count")

    _check_days = models.Constraint("CHECK (days > 0)", "An agency needs at least one day: give it the days it has.")
    _check_sample = models.Constraint("CHECK (sample_size >= 0)", "The number of lines to read can't be negative.")
    _check_cost = models.Constraint("CHECK (fixed_cost >= 0)", "The cost of each case can't be negative.")

    @api.depends("partner_id")
    def _compute_name(self):
        for agency in self:
            agency.name = agency.name or agency.partner_id.name

    @api.depends("placement_ids.state")
    def _compute_placement_count(self):
        groups = self.env["recobro.placement"]._read_group(
            [("agency_id", "in", self.ids), ("state", "=", "placed")], ["agency_id"], ["__count"]
        )
        counts = {agency.id: number for agency, number in groups}
        for agency in self:
            agency.placement_count = counts.get(agency.id, 0)

    @api.depends("review_ids.state", "review_ids.verdict")
    def _compute_tone(self):
        counts = tone_review.counts(self)
        for agency in self:
            fine, read, waiting = counts.get(agency.id, (0, 0, 0))
            agency.tone_fine = fine / read if read else 0
            agency.tone_read, agency.tone_waiting = read, waiting

    @api.constrains("company_id")
    def _check_main_company(self):
        for agency in self:
            if agency.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches are chased as one with their main company: choose %(company)s.",
                        company=agency.company_id.root_id.name,
                    )
                )

    def _rate(self, days_past_due, stage):
        """Return the share of what is collected that its fee is, for a debt handed over so late from such a stage."""
        self.ensure_one()
        return rate_of(
            [Bracket(line.days_from, line.stage or "", line.rate) for line in self.tariff_ids], days_past_due, stage
        )

    def _stage(self):
        """Return the stage of a case that is with it."""
        return HAND_OVER_STAGES[self.kind]

    def action_placements(self):
        """Show what is and was placed with it."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_placement")
        return {**action, "domain": [("agency_id", "=", self.id)], "context": {}}

    def action_reviews(self):
        """Show the lines of it that were chosen to be read."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_tone_review")
        return {**action, "domain": [("agency_id", "=", self.id)], "context": {}}

    def action_log(self):
        """Show every word that its people wrote."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_agency_log")
        return {**action, "domain": [("agency_id", "=", self.id)], "context": {}}
