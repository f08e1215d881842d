from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain

from ..const import CONTACT_CHANNELS
from ..engine import clock, on_screen, standing
from ..engine.channels import addresses
from ..tools.pay_days import parse_pay_days

#: Who sees every customer's place in collections.
_SEES_CUSTOMERS = "recobro_module.group_recobro_user,account.group_account_readonly,account.group_account_invoice"
#: Where a customer is in collections: fields, and columns of `on_screen.of_customers`.
_PLACE = {
    "recobro_case_id": "case_id",
    "recobro_level_id": "level_id",
    "recobro_overdue": "overdue",
    "recobro_paused_until": "paused_until",
}
#: Who writes what decides how a customer is chased, and by whom; the others only read it.
_WRITERS = {
    "recobro_policy_id": "recobro_module.group_recobro_manager",
    "recobro_user_id": "recobro_module.group_recobro_user",
}


class ResPartner(models.Model):
    """A customer's place in collections, and what a contact does for its payments."""

    _name = "res.partner"
    _inherit = ["res.partner", "recobro.partner.figures", "recobro.standing"]

    # Contacts
    recobro_role_ids = fields.Many2many(
        "recobro.contact.role",
        "recobro_contact_role_res_partner_rel",
        "partner_id",
        "role_id",
        string="Roles in payments",
        groups="base.group_user",
        help="What this person does for a payment; decides who is written to.",
    )
    recobro_channel = fields.Selection(CONTACT_CHANNELS, "Preferred channel", groups="base.group_user")
    recobro_hour_from = fields.Float("Reachable from", groups="base.group_user")
    recobro_hour_to = fields.Float("Reachable until", groups="base.group_user")

    # Customers
    recobro_pay_days = fields.Char(
        "Pay days", groups="base.group_user", help="Days of the month on which this customer pays, such as 5, 20."
    )
    recobro_policy_id = fields.Many2one(
        "recobro.policy",
        "Collections policy",
        company_dependent=True,
        check_company=True,
        groups=_SEES_CUSTOMERS,
        help="Empty: the first policy whose customers include this one.",
    )
    recobro_user_id = fields.Many2one(
        "res.users",
        "Collector",
        company_dependent=True,
        domain=[("share", "=", False)],
        groups=_SEES_CUSTOMERS,
        help="Owns this customer's cases. Empty: the policy's default responsible.",
    )
    recobro_case_id = fields.Many2one(
        "recobro.case", "Collections case", compute="_compute_recobro_place", compute_sudo=True
    )
    recobro_level_id = fields.Many2one(
        "recobro.level",
        "Follow-up level",
        compute="_compute_recobro_place",
        search="_search_recobro_level",
        compute_sudo=True,
    )
    recobro_overdue = fields.Monetary(
        "Overdue", compute="_compute_recobro_place", currency_field="recobro_currency_id", compute_sudo=True
    )
    recobro_currency_id = fields.Many2one("res.currency", compute="_compute_recobro_currency")
    recobro_link_counter = fields.Integer(
        "Revoked links",
        copy=False,
        # Written by the button alone: written by RPC, it could give life to revoked links again
        groups=fields.NO_ACCESS,
        help="Part of every link to this customer's account: raised, the links sent before stop working.",
    )
    recobro_is_visible = fields.Boolean(compute="_compute_recobro_is_visible")
    recobro_paused_until = fields.Date("Paused until", compute="_compute_recobro_place", compute_sudo=True)

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends_context("company")
    def _compute_recobro_currency(self):
        self.recobro_currency_id = self.env.company.root_id.currency_id

    @api.depends("user_id", "commercial_partner_id")
    @api.depends_context("uid")
    def _compute_recobro_is_visible(self):
        """Collections and accountants see every customer; the others those whose salesperson they are."""
        sees_all = self._recobro_sees_all()
        for partner in self:
            partner.recobro_is_visible = sees_all or partner.commercial_partner_id.user_id == self.env.user

    @api.model
    def _recobro_sees_all(self):
        """Return whether the user sees every customer's place in collections."""
        return self.env.user.has_groups(_SEES_CUSTOMERS)

    @api.depends("commercial_partner_id", "user_id")
    @api.depends_context("company", "uid", "recobro_as_of")
    def _compute_recobro_place(self):
        """The case of a customer, its level, what is overdue now and how long it is paused, for who may see it."""
        company = self.env.company.root_id
        visible = self.sudo(False).filtered("recobro_is_visible")._origin
        as_of = clock.today(self.env, company)
        on_screen.show(self, _PLACE, on_screen.of_customers(self.env, company, as_of, visible.ids))

    @api.model
    def _search_recobro_level(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._recobro_with_level([("level_id", "in", [level for level in value if level])])
        domain = Domain("commercial_partner_id", "in", found.ids)
        if False in value:
            every = self._recobro_with_level([("level_id", "!=", False)])
            domain |= Domain("commercial_partner_id", "not in", every.ids)
        return domain

    @api.model
    def _recobro_with_level(self, domain):
        """Return the customers with an open case in `domain`, of those whose level the user sees."""
        # sudo: whoever sees a customer's level may look for it; the others' customers are taken out below
        cases = (
            self.env["recobro.case"]
            .sudo()
            .search([*domain, ("company_id", "=", self.env.company.root_id.id), ("state", "=", "open")])
        )
        customers = cases.partner_id
        if not self._recobro_sees_all():
            customers = customers.filtered(lambda customer: customer.user_id == self.env.user)
        return customers

    def _recobro_customers(self):
        """Return whose standing these contacts show: their customer's, in the active company, for who may see it."""
        visible = self.sudo(False).filtered("recobro_is_visible").sudo(self.env.su)
        company = self.env.company.root_id
        return {partner: (partner.commercial_partner_id, company) for partner in visible if partner._origin}

    def _recobro_standing_depends(self):
        return ("commercial_partner_id", "user_id")

    def _recobro_known_place(self):
        shown = self.sudo(False)  # as the fields beside it, which are read already
        return {"level_id": shown.recobro_level_id.id, "overdue": shown.recobro_overdue}

    @api.model
    def _recobro_standing_domain(self, names):
        found = Domain("commercial_partner_id", "in", standing.customers(self.env, self.env.company.root_id, names))
        if not (self.env.su or self._recobro_sees_all()):
            found &= Domain("commercial_partner_id.user_id", "=", self.env.uid)
        return found

    # -------------------------------------------------------------------------
    # WHO WRITES WHAT
    # -------------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        """Leave how a customer is chased, and by whom, to collections; the others see it read-only."""
        allowed = super()._has_field_access(field, operation)
        if allowed and operation == "write" and field.name in _WRITERS and not self.env.su:
            return self.env.user.has_group(_WRITERS[field.name])
        return allowed

    def write(self, vals):
        # A merge of contacts, or an import, writes again what is there already: that asks for no right
        same = {
            name for name in _WRITERS if name in vals and all(partner[name].id == vals[name] for partner in self.sudo())
        }
        return super().write({name: value for name, value in vals.items() if name not in same})

    # -------------------------------------------------------------------------
    # CONSTRAINTS
    # -------------------------------------------------------------------------

    @api.constrains("recobro_pay_days")
    def _check_recobro_pay_days(self):
        for partner in self:
            try:
                parse_pay_days(partner.recobro_pay_days)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“%(day)s” is not a day of the month. "
                        "Write the pay days as numbers from 1 to 31, such as 5, 20.",
                        day=error,
                    )
                ) from error

    @api.constrains("recobro_hour_from", "recobro_hour_to")
    def _check_recobro_hours(self):
        for partner in self:
            if not (0 <= partner.recobro_hour_from <= 24 and 0 <= partner.recobro_hour_to <= 24):
                raise ValidationError(self.env._("The preferred hours are between 0:00 and 24:00."))
            if partner.recobro_hour_to and partner.recobro_hour_to < partner.recobro_hour_from:
                raise ValidationError(self.env._("The preferred hours end before they start."))

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_recobro_case(self):
        """Open the customer's case, or the list of its open items when there is none."""
        self.ensure_one()
        if self.recobro_case_id and self.recobro_case_id.has_access("read"):
            return self.recobro_case_id.sudo(False)._get_records_action()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_open_item")
        return {**action, "domain": [("partner_id", "=", self.commercial_partner_id.id)], "context": {}}

    def action_recobro_pause(self):
        """Open the dialog that pauses all chasing of the customer until a day."""
        return self._recobro_dialog(self.env._("Pause"), "recobro.hold.pause")

    def action_recobro_promise(self):
        """Open the dialog that takes a promise to pay of the customer."""
        return self._recobro_dialog(self.env._("Promise to pay"), "recobro.promise.take")

    def action_recobro_payment_plan(self):
        """Open the dialog that proposes a payment plan to the customer."""
        return self._recobro_dialog(self.env._("Payment plan"), "recobro.payment.plan.make", dialog_size="extra-large")

    def _recobro_dialog(self, name, model, **context):
        """Return the action that opens a dialog on what the customer answers."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.env.company.root_id.id,
                **context,
            },
        }

    def action_recobro_revoke_links(self):
        """Make every link sent to this customer stop working; the next message carries a new one."""
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise AccessError(self.env._("Only a collections manager can revoke the links sent to a customer."))
        # sudo: a manager may have no right to edit contacts; the right to revoke was checked above
        for partner in self.commercial_partner_id.sudo():
            partner.recobro_link_counter += 1

    def action_recobro_confirm_address(self):
        """Say that the e-mail address, or the number, is right after all: messages go to it again."""
        # The log takes lines without rights of its own, so the right to act on cases is asked for here
        self.env["recobro.case"].check_access("write")
        addresses.confirm(self, self.env.company.root_id)
