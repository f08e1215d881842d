from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.tools import format_date

from ..const import MILESTONE_DAYS
from ..engine import clock
from ..engine.placements import legal_file

#: What the engine alone writes.
_KEPT = ("placement_id", "code", "activity_id", "wait_days", "wait_kind")
#: What its activity shows.
_SHOWN = ("name", "deadline", "done_on", "user_id", "placement_id")


class RecobroLegalMilestone(models.Model):
    """A step of a legal file with the day by which it is to be done; an open one is on the list of who is responsible.

    The usual ones follow each other: when one is done, the next is due so many days later, unless a person has set its
    day (the court's notice says it).
    """

    _name = "recobro.legal.milestone"
    _description = "Milestone of a legal file"
    _order = "placement_id desc, sequence, deadline, id"

    placement_id = fields.Many2one("recobro.placement", "Legal file", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="placement_id.company_id", store=True)
    partner_id = fields.Many2one(related="placement_id.partner_id", string="Customer")
    agency_id = fields.Many2one(related="placement_id.agency_id", string="Lawyer")
    legal_number = fields.Char(related="placement_id.legal_number")
    court = fields.Char(related="placement_id.court")
    name = fields.Char("Milestone", required=True)
    code = fields.Char(
        "Technical name", readonly=True, copy=False, help="Of a usual one: by it it is known, whatever it is called."
    )
    sequence = fields.Integer(default=100)
    deadline = fields.Date("Due by", required=True)
    done_on = fields.Date("Done on")
    note = fields.Text("Result")
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        compute="_compute_user_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    is_late = fields.Boolean(compute="_compute_is_late")
    wait_days = fields.Integer(
        "Days after the one before", readonly=True, copy=False, help="0: the day was set by a person."
    )
    wait_kind = fields.Selection(
        MILESTONE_DAYS, "Counted in", readonly=True, copy=False, default="natural", required=True
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    _usual_once = models.UniqueIndex(
        "(placement_id, code) WHERE code IS NOT NULL", "This milestone is in the file already: reload the page."
    )

    @api.depends("placement_id")
    def _compute_user_id(self):
        for milestone in self:
            milestone.user_id = milestone.user_id or milestone.placement_id.user_id or self.env.user

    @api.depends("deadline", "done_on")
    def _compute_is_late(self):
        for company, milestones in self.grouped("company_id").items():
            today = clock.today(self.env, company or self.env.company)
            for milestone in milestones:
                milestone.is_late = not milestone.done_on and bool(milestone.deadline) and milestone.deadline < today

    @api.depends("name", "placement_id")
    def _compute_display_name(self):
        for milestone in self:
            customer = milestone.placement_id.sudo().partner_id.exists().display_name or ""
            milestone.display_name = f"{customer}: {milestone.name or ''}" if customer else milestone.name

    @api.constrains("placement_id")
    def _check_lawyer(self):
        legal_file.check_kind(self.placement_id)

    @api.constrains("done_on")
    def _check_done_on(self):
        for milestone in self.filtered("done_on"):
            today = clock.today(self.env, milestone.company_id)
            if milestone.done_on > today:
                raise ValidationError(
                    self.env._(
                        "“%(milestone)s” can't be done on %(day)s, which is still to come: leave it open until then.",
                        milestone=milestone.name,
                        day=format_date(self.env, milestone.done_on),
                    )
                )

    # -------------------------------------------------------------------------
    # WHO WRITES WHAT
    # -------------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self._check_not_kept({name for vals in vals_list for name in vals} - {"placement_id"})
        milestones = super().create(vals_list)
        legal_file.follow(milestones, milestones.filtered("done_on"))
        return milestones

    def write(self, vals):
        """Let activity, log and the deadline of the next one follow from what a person writes."""
        if not self.env.su:
            self._check_not_kept(vals)
            if "deadline" in vals:
                vals = {**vals, "wait_days": 0}
        was_open = self.filtered(lambda milestone: not milestone.done_on)
        result = super().write(vals)
        if set(_SHOWN) & set(vals):
            legal_file.follow(self, was_open.filtered("done_on"))
        return result

    def unlink(self):
        # sudo: its activity goes with it, whoever was to do it
        self.sudo().activity_id.filtered("active").unlink()
        return super().unlink()

    def _check_not_kept(self, names):
        kept = [name for name in _KEPT if name in names]
        if kept:
            raise AccessError(
                self.env._(
                    "“%(field)s” of a milestone can't be changed: remove it and add it anew.",
                    field=self._fields[kept[0]]._description_string(self.env),
                )
            )

    def action_done(self):
        """Mark open milestones as done today."""
        for company, milestones in self.filtered(lambda one: not one.done_on).grouped("company_id").items():
            milestones.done_on = clock.today(self.env, company)

    def action_open_placement(self):
        """Open the legal file."""
        self.ensure_one()
        return self.placement_id._get_records_action()
