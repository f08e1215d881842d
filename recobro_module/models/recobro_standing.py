from odoo import api, fields, models

from ..const import STANDINGS
from ..engine import standing
from ..engine.banner import Banner


class RecobroStanding(models.AbstractModel):
    """How the customer of a record stands, for who sells to it: one word in lists, a banner in forms.

    For `res.partner`, and for what glue addons put it on, such as orders. Each says whose standing it shows.
    """

    _name = "recobro.standing"
    _description = "Standing of a customer"

    recobro_badge = fields.Selection(
        STANDINGS,
        "Standing",
        compute="_compute_recobro_badge",
        search="_search_recobro_badge",
        compute_sudo=True,
        groups="base.group_user",
        help="The gravest of what is to be known before selling to the customer.",
    )
    recobro_banner = fields.Html(
        "What to know",
        compute="_compute_recobro_banner",
        compute_sudo=True,
        sanitize=False,
        groups="base.group_user",
    )

    # -------------------------------------------------------------------------
    # HOOKS
    # -------------------------------------------------------------------------

    def _recobro_customers(self):
        """Hook. Return {record: (customer, main company)} of those of `self` whose standing the user may see."""
        return {}

    def _recobro_standing_depends(self):
        """Hook. Return the names of the fields that a standing depends on."""
        return ()

    @api.model
    def _recobro_standing_domain(self, names):
        """Hook. Return the Domain of the records whose customer stands as one of `names` says."""
        raise NotImplementedError

    def _recobro_known_place(self):
        """Hook. Return the customer's `level_id` and `overdue` where the form shows them anyway, else nothing."""
        return {}

    @api.model
    def _recobro_tells_excess(self):
        """Hook. Return whether the banner tells of an exceeded credit limit: not where Odoo does."""
        return True

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends(lambda self: self._recobro_standing_depends())
    @api.depends_context("company", "uid", "recobro_as_of")
    def _compute_recobro_badge(self):
        customers = self._recobro_customers()
        by_company = {}
        for customer, company in customers.values():
            by_company.setdefault(company, set()).add(customer.id)
        names = {
            (company, customer): name
            for company, ids in by_company.items()
            for customer, name in standing.names_of(self.env, company, ids).items()
        }
        pairs = {record: (company, customer.id) for record, (customer, company) in customers.items()}
        for name, records in self.grouped(lambda record: names.get(pairs.get(record), False)).items():
            records.recobro_badge = name

    @api.depends("recobro_badge")
    @api.depends_context("company", "uid", "recobro_as_of", "lang")
    def _compute_recobro_banner(self):
        self.recobro_banner = False
        told = self.filtered("recobro_badge")
        for record, (customer, company) in told._recobro_customers().items():
            place, excess = record._recobro_known_place(), record._recobro_tells_excess()
            banner = Banner(self.sudo().env, company, customer, record.recobro_badge, place, excess)
            record.recobro_banner = self.env["ir.qweb"]._render("recobro_module.customer_banner", {"banner": banner})

    @api.model
    def _search_recobro_badge(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._recobro_standing_domain([name for name in value if name])
        if False in value:
            domain |= ~self._recobro_standing_domain([name for name, _label in STANDINGS])
        return domain
