from odoo import fields, models


class RecobroLevelRole(models.Model):
    """One step in a level's order of recipients: try the contacts that hold this role."""

    _name = "recobro.level.role"
    _description = "Recipient of a follow-up level"
    _order = "level_id, sequence, id"
    _rec_name = "role_id"

    level_id = fields.Many2one("recobro.level", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer(default=10)
    role_id = fields.Many2one("recobro.contact.role", required=True, ondelete="restrict", index=True)

    _role_once = models.UniqueIndex("(level_id, role_id)", "A level names each role once.")
