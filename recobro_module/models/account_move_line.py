from odoo import models
from odoo.tools.sql import index_exists

#: The index that `init` of Odoo makes, if it is not there.
_INDEX = "account_move_line_analytic_distribution_accounts_gin_index"


class AccountMoveLine(models.Model):
    """A new due date, or being left out of follow-up, leaves a mark for the customer's case."""

    _inherit = "account.move.line"

    def init(self):
        """Leave the index of Odoo's own as it is while collections are installed.

        To look whether it is there, Odoo asks for it to be made: that keeps every accountant from writing a journal
        item until the whole installation is committed. Once we are loaded, other modules have their `init` as ever.
        """
        if "recobro_module" in self.pool._init_modules or not index_exists(self.env.cr, _INDEX):
            return super().init()
        return None

    def write(self, vals):
        result = super().write(vals)
        if "date_maturity" in vals or "no_followup" in vals:
            # Of payables only those of bills are told apart: to ask for the account would take a statement of its own,
            # and a mark too many is harmless
            self.env["recobro.mark"]._add(
                (line.partner_id.id, line.company_id.id)
                for line in self
                if line.parent_state == "posted" and not line.move_id.is_purchase_document(include_receipts=True)
            )
        return result
