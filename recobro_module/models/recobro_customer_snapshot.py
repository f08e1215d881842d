from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guards
from ..tools.loose_fields import LooseMany2one


class RecobroCustomerSnapshot(models.Model):
    """What a customer (commercial entity) owed a main company at the end of a day: each day of the last 90, then ends
    of months. Only of who had something open.

    Written by the run, or rebuilt from the books, once; never changed, by the ORM or in the database.
    """

    _name = "recobro.customer.snapshot"
    _description = "Daily balances of a customer"
    _inherit = "recobro.former.customer.mixin"
    _order = "day desc, id desc"
    # The rows are written by SQL, a whole company at once, and name customers that may be gone by now
    _log_access = False

    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True)
    not_due = fields.Monetary(readonly=True)
    d1_30 = fields.Monetary("1-30", readonly=True)
    d31_60 = fields.Monetary("31-60", readonly=True)
    d61_90 = fields.Monetary("61-90", readonly=True)
    d90_plus = fields.Monetary("Over 90", readonly=True)
    credit = fields.Monetary("Unallocated credit", readonly=True)
    held = fields.Monetary(readonly=True, help="Not known of a day that was rebuilt from the books.")

    _day_unique = models.UniqueIndex("(company_id, day, partner_id)", "This day of the customer is kept already.")

    def _auto_init(self):
        """Lift the guard while columns are added; `init` installs it again."""
        guards.lift(self.env.cr, self._table, "recobro_snapshot_guard")
        return super()._auto_init()

    def init(self):
        """Install the database's own guard of what is kept; its function comes with `recobro.snapshot`."""
        guards.install(self.env.cr, self._table, "recobro_snapshot_guard")

    @api.autovacuum
    def _gc_of_no_company(self):
        """Drop what was kept of companies that are no more; the guard lets that pass, and there is no foreign key."""
        self.env.cr.execute(
            """
            DELETE FROM recobro_customer_snapshot
             WHERE NOT EXISTS (SELECT FROM res_company WHERE res_company.id = company_id)
            """
        )

    @api.depends("partner_id", "day")
    def _compute_display_name(self):
        for kept in self:
            customer = kept.partner_id.sudo().exists().display_name or self.env._("Customer removed")
            kept.display_name = f"{customer} · {fields.Date.to_string(kept.day)}"

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was kept of a day stays."""
        raise UserError(self.env._("The balances of a day can't be changed once they are kept."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The balances of a day can't be deleted once they are kept."))
