from odoo import api, models


class ResPartner(models.Model):
    """Who sells sees how customers stand: who sees all documents, of all of them; the others, of their own."""

    _inherit = "res.partner"

    @api.model
    def _recobro_sees_all(self):
        return super()._recobro_sees_all() or self.env.user.has_group("sales_team.group_sale_salesman_all_leads")
