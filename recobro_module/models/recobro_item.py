from odoo import api, fields, models

from ..engine.open_items import INSTALMENT
from ..tools.loose_fields import LooseMany2one


class RecobroItem(models.Model):
    """An open item under collection: a receivable journal item, or a plan instalment, and its place on the ladder.

    It names what it stands for without a foreign key (DESIGN.md, rule 12). When the journal item
    vanishes because terms were edited, it is found again by invoice and instalment. The first run over a ledger writes
    one for each open item of it, so each index and each foreign key has to earn its cost.
    """

    _name = "recobro.item"
    _description = "Item under collection"
    _order = "due_date, id"
    _log_access = False
    _rec_name = "name"

    name = fields.Char("Invoice", readonly=True)
    company_id = LooseMany2one("res.company", required=True, readonly=True)
    partner_id = LooseMany2one("res.partner", "Customer", required=True, readonly=True)
    case_id = fields.Many2one("recobro.case", readonly=True, index="btree_not_null", ondelete="set null")
    res_model = fields.Char(required=True, readonly=True, default="account.move.line")
    res_id = fields.Many2oneReference("Stands for", model_field="res_model", required=True, readonly=True)
    move_id = LooseMany2one("account.move", "Journal entry", readonly=True)
    instalment = fields.Integer(readonly=True, default=1)
    instalment_count = fields.Integer(readonly=True, default=1)
    due_date = fields.Date("Due date", required=True, readonly=True)
    first_seen = fields.Date(
        "First seen",
        readonly=True,
        help="The day of the run that met it first: later than the due date, it is old debt. "
        "Empty: no run has met it yet, only an answer of the customer.",
    )
    currency_id = LooseMany2one("res.currency", required=True, readonly=True)
    company_currency_id = fields.Many2one(related="company_id.currency_id", string="Company currency")
    amount_open = fields.Monetary("Open", readonly=True)
    amount_open_company = fields.Monetary(
        "Open (company currency)", readonly=True, currency_field="company_currency_id"
    )
    state = fields.Selection([("open", "Open"), ("closed", "Closed")], required=True, default="open", readonly=True)

    # Position on the ladder
    delay_days = fields.Integer(
        "Position", readonly=True, help="Days of the last level it got; with the sequence, its place on the ladder."
    )
    level_sequence = fields.Integer(readonly=True)
    level_id = fields.Many2one(
        "recobro.level", "Level reached", readonly=True, ondelete="set null", index="btree_not_null"
    )
    level_date = fields.Date("Level reached on", readonly=True)
    next_template_id = fields.Many2one(
        "mail.template",
        "Next message",
        readonly=True,
        ondelete="set null",
        help="What its next message says, whatever the level: the bank has returned a payment of it.",
    )

    _closed_source_idx = models.Index("(res_id, res_model) WHERE state = 'closed'")
    _source_once = models.UniqueIndex(
        "(res_id, res_model) WHERE state = 'open'", "This journal item is already under collection."
    )
    _move_idx = models.Index("(move_id, instalment)")
    _instalment_idx = models.Index(
        "(partner_id, company_id) WHERE state = 'open' AND res_model = 'recobro.payment.plan.installment'"
    )
    _open_idx = models.Index("(partner_id, company_id) WHERE state = 'open'")

    @api.depends("name", "instalment", "instalment_count", "res_model")
    def _compute_display_name(self):
        """Tell the instalments of a plan from each other: they have the name of the plan."""
        for item in self:
            item.display_name = item.name
            if item.res_model == INSTALMENT:
                item.display_name = self.env._(
                    "%(plan)s, instalment %(number)s of %(count)s",
                    plan=item.name,
                    number=item.instalment,
                    count=item.instalment_count,
                )
