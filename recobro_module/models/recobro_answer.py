from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..const import LOG_CHANNELS
from ..engine import clock, holding
from ..tools.loose_fields import LooseMany2one


class RecobroAnswer(models.AbstractModel):
    """What a customer answered, as a record that holds items for as long as it stands.

    Promises, disputes and payments in hand are answers. Each says what it holds (`engine/holding.py`), has one
    guarded way from state to state, and belongs to the main company, whose branches are chased as one with it.
    """

    _name = "recobro.answer"
    _description = "Answer of a customer"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    #: Which of `const.HOLD_REASONS` its holds carry.
    _hold_reason = None

    name = fields.Char("Number", readonly=True, copy=False, index="trigram", default="/")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, default=lambda self: self.env.company.root_id
    )
    partner_id = LooseMany2one("res.partner", "Customer", required=True, index=True)
    case_id = fields.Many2one("recobro.case", readonly=True, index="btree_not_null", ondelete="set null")
    currency_id = fields.Many2one("res.currency", required=True, default=lambda self: self.env.company.currency_id)
    contact_id = LooseMany2one(
        "res.partner", "Contact", domain="[('commercial_partner_id', '=', partner_id)]", help="Who told us."
    )
    channel = fields.Selection(LOG_CHANNELS, "How", default="call", help="How they told us.")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, domain=[("share", "=", False)], index=True
    )
    note = fields.Text()
    hold_ids = fields.Many2many("recobro.hold", compute="_compute_hold_ids", string="What it holds")
    may_change = fields.Boolean(compute="_compute_may_change", help="Screens show its buttons to who may use them.")

    def _compute_hold_ids(self):
        holds = holding.in_force(self).grouped("source_id")
        for answer in self:
            answer.hold_ids = holds.get(answer._origin.id)

    @api.depends_context("uid")
    def _compute_may_change(self):
        mine = self._filtered_access("write")
        for answer in self:
            answer.may_change = answer in mine

    @api.constrains("partner_id")
    def _check_partner(self):
        for answer in self:
            if answer.partner_id and answer.partner_id.commercial_partner_id != answer.partner_id:
                raise ValidationError(
                    self.env._(
                        "An answer is of a company, not of one of its contacts: choose %(customer)s.",
                        customer=answer.partner_id.commercial_partner_id.display_name,
                    )
                )

    @api.constrains("company_id")
    def _check_main_company(self):
        for answer in self:
            if answer.company_id.parent_id:
                raise ValidationError(
                    self.env._(
                        "Branches are chased as one with their main company: choose %(company)s.",
                        company=answer.company_id.root_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = self._next_number(vals)
        return super().create(vals_list)

    @api.model
    def _next_number(self, vals):
        """Return the number of a new answer, of the year that it is for its company."""
        company = self.env["res.company"].browse(vals.get("company_id")) or self.env.company.root_id
        # sudo: numbering takes no right of its own
        sequences = self.env["ir.sequence"].sudo()
        return sequences.next_by_code(self._name, sequence_date=clock.today(self.env, company)) or "/"

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What a customer answered is kept: close it instead of deleting it."))

    def _prepare_hold_vals(self):
        """Return the values that every hold of this answer has. Hook for what the customer is told of it."""
        self.ensure_one()
        return {
            "name": self.display_name,
            "reason": self._hold_reason,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "user_id": (self.user_id or self.env.user).id,
            "source_model": self._name,
            "source_id": self.id,
        }

    def _update_state(self, allowed, target, **values):
        """Move the answers of `self` that are in an `allowed` state to `target`, and return them.

        The one place where a state changes. Answers in another state are left as they are: a second click, or a
        colleague who was faster, leaves nothing to do.
        """
        moving = self.filtered(lambda answer: answer.state in allowed)
        if moving:
            moving.write({"state": target, **values})
        return moving
