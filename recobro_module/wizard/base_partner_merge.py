from odoo import models

from ..engine import merge


class BasePartnerMerge(models.TransientModel):
    """Merging customers joins their open cases first; core would fail on the unique index, or delete one."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _update_foreign_keys(self, src_partners, dst_partner):
        merge.join_customers(self.env, src_partners, dst_partner)
        return super()._update_foreign_keys(src_partners, dst_partner)
