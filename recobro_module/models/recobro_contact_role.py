from odoo import fields, models


class RecobroContactRole(models.Model):
    """What a contact of a customer does for a payment: treasury, approver, purchasing…

    Facts only: a role says what somebody decides or handles, never what we think of them.
    """

    _name = "recobro.contact.role"
    _description = "Contact role in collections"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(help="Short technical name, for reports and imports.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    can_act = fields.Boolean(
        "Can act on a payment",
        help="Speaking with somebody who can act on the payment counts as a right-party contact.",
    )
    may_dispute = fields.Boolean("May dispute", default=True, help="In the portal: open a dispute and answer in it.")
    may_promise = fields.Boolean("May promise", help="In the portal: promise a payment and ask for a plan.")
    may_accept_plan = fields.Boolean("May accept plans", help="In the portal: sign a payment plan.")
    description = fields.Text(translate=True)

    _code_unique = models.UniqueIndex("(code) WHERE code IS NOT NULL", "Two contact roles can't share a code.")
