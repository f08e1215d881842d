from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..const import BUCKET_SELECTION, HOLD_REASONS
from ..engine import clock
from ..engine.ageing import bucket_sql


class RecobroOpenItem(models.Model):
    """Report: every open receivable journal item, with its bucket of today, its level, and why it is not chased.

    Over journal items, left-joined with `recobro.item`, so what was never chased is in it too.
    """

    _name = "recobro.open.item"
    _description = "Open items"
    _auto = False
    _order = "due_date, id"
    _rec_name = "name"

    name = fields.Char("Invoice", readonly=True)
    move_id = fields.Many2one("account.move", "Journal entry", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    case_id = fields.Many2one("recobro.case", readonly=True)
    user_id = fields.Many2one("res.users", "Responsible", readonly=True)
    due_date = fields.Date("Due date", readonly=True)
    days_past_due = fields.Integer("Days past due", readonly=True, aggregator="max")
    bucket = fields.Selection(BUCKET_SELECTION, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    amount_open = fields.Monetary("Open", readonly=True, aggregator=None)
    amount_open_company = fields.Monetary(
        "Open (company currency)", readonly=True, currency_field="company_currency_id"
    )
    amount_held = fields.Monetary(
        "Held", readonly=True, aggregator=None, help="Promised, disputed, paused: not asked for."
    )
    level_id = fields.Many2one("recobro.level", "Level reached", readonly=True)
    level_date = fields.Date("Level reached on", readonly=True)
    state = fields.Selection(
        [("chased", "Chased"), ("not_yet", "Not chased yet"), ("left_out", "Not chased")], readonly=True
    )
    reason = fields.Selection(
        [
            ("no_followup", "Excluded from follow-up"),
            ("opening", "Opening balance (general journal)"),
            ("blocked", "Invoice blocked"),
            ("in_payment", "In payment"),
            *HOLD_REASONS,
        ],
        "Why not chased",
        readonly=True,
    )
    no_followup = fields.Boolean(readonly=True)

    @property
    def _table_query(self):
        """Return the report's SELECT; the day is that of the company at work, as the engine counts it."""
        today = clock.today(self.env, self.env.company.root_id)
        days = SQL("(%s::date - COALESCE(line.date_maturity, line.date))", today)
        return SQL(
            """
            SELECT line.id, COALESCE(move.name, line.name) AS name, line.move_id, line.company_id,
                   COALESCE(partner.commercial_partner_id, partner.id) AS partner_id,
                   move.invoice_user_id AS salesperson_id,
                   collection.id AS case_id, collection.user_id,
                   COALESCE(line.date_maturity, line.date) AS due_date, %(days)s AS days_past_due,
                   %(bucket)s AS bucket,
                   line.currency_id, line.company_currency_id,
                   line.amount_residual_currency AS amount_open, line.amount_residual AS amount_open_company,
                   LEAST(COALESCE(held.amount, 0), line.amount_residual_currency) AS amount_held,
                   item.level_id, item.level_date, line.no_followup,
                   %(reason)s AS reason,
                   CASE WHEN %(reason)s IS NOT NULL THEN 'left_out'
                        WHEN item.level_id IS NOT NULL THEN 'chased' ELSE 'not_yet' END AS state
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_move move ON move.id = line.move_id
              JOIN account_journal journal ON journal.id = line.journal_id
              JOIN res_company company ON company.id = line.company_id
              JOIN res_partner partner ON partner.id = line.partner_id
              LEFT JOIN recobro_item item
                ON item.res_model = 'account.move.line' AND item.res_id = line.id AND item.state = 'open'
              LEFT JOIN recobro_case collection
                ON collection.partner_id = COALESCE(partner.commercial_partner_id, partner.id)
               AND collection.company_id = split_part(company.parent_path, '/', 1)::int
               AND collection.state = 'open'
              LEFT JOIN LATERAL (%(held)s) held ON TRUE
             WHERE account.account_type = 'asset_receivable'
               AND line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted'
               AND line.amount_residual > 0
            """,
            days=days,
            bucket=bucket_sql(days),
            reason=_REASON,
            held=_held_sql(today),
        )

    def action_include(self):
        """Let collections chase these items, an imported opening balance for one; core's own switch."""
        self._journal_items().write({"no_followup": False})

    def action_leave_out(self):
        """Leave these items out of collections; core's own switch."""
        self._journal_items().write({"no_followup": True})

    def _journal_items(self):
        """Return the journal items, to mark them: whoever may write those, and a collections manager."""
        self.check_access("read")
        lines = self.env["account.move.line"].browse(self.ids)
        # sudo: what is followed up is the manager's to decide, accountant or not; that the items are seen was checked
        return lines.sudo() if self.env.user.has_group("recobro_module.group_recobro_manager") else lines

    def action_open_move(self):
        """Open the invoice or journal entry, for those who may see it."""
        self.ensure_one()
        if not self.move_id.has_access("read"):
            raise UserError(
                self.env._(
                    "%(name)s opens only for those who may see invoices. Ask an accountant, or for that access.",
                    name=self.name,
                )
            )
        return self.move_id._get_records_action()


def _held_sql(today):
    """Return the SELECT (amount, reason) of what holds `line` today: all its holds together; no amount where none does.

    A hold of amount 0, and one of the customer's whole account, is one of all that is open.
    """
    return SQL(
        """
        SELECT SUM(CASE WHEN COALESCE(hold.amount, 0) = 0 THEN line.amount_residual_currency ELSE hold.amount END)
               AS amount, MIN(hold.reason) AS reason
          FROM recobro_hold hold
         WHERE hold.active AND hold.partner_id = COALESCE(partner.commercial_partner_id, partner.id)
           AND hold.company_id = split_part(company.parent_path, '/', 1)::int
           AND (hold.item_id = item.id OR hold.item_id IS NULL)
           AND hold.date_from <= %(today)s AND (hold.date_until IS NULL OR hold.date_until >= %(today)s)
        """,
        today=today,
    )


#: Why an item is not chased at all.
_REASON = SQL(
    """
    CASE WHEN line.no_followup AND journal.type = 'general' THEN 'opening'
         WHEN line.no_followup THEN 'no_followup'
         WHEN move.payment_state = 'blocked' THEN 'blocked'
         WHEN move.payment_state IN ('in_payment', 'paid', 'reversed') THEN 'in_payment'
         WHEN held.amount >= line.amount_residual_currency THEN held.reason END
    """
)
