from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import guards

_HELD = "Part of “Held”. What several answers hold counts once, for the first of: with a lawyer, with an agency, "
_HELD += "disputed, in a plan, payment in hand, promised, paused. Not known of a day that was rebuilt from the books."


class RecobroSnapshot(models.Model):
    """What was owed to a company at the end of a day, by ageing bucket and by state, and its key figures on that day.

    Written by the run, or rebuilt from the books for days before there was one, once; then never changed, by the ORM or
    in the database (a trigger refuses it): trends stay as they were when something is dated back (METRICS.md, rule 7).
    A column that is empty in the database is not known, which is not zero: `engine/figures/series.py` tells them apart.
    """

    _name = "recobro.snapshot"
    _description = "Daily balances"
    _order = "day desc, id desc"
    _rec_name = "day"
    # The columns of who wrote a row are keys: deleting a user would change what is kept
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True, ondelete="cascade")
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, readonly=True)
    source = fields.Selection(
        [("run", "Daily job"), ("rebuilt", "Rebuilt from the books")],
        "Kept by",
        readonly=True,
        default="run",
        help="What was rebuilt knows what the books say, and nothing of promises, disputes, plans and placements.",
    )

    # What is asked for, by age, from the books
    not_due = fields.Monetary(readonly=True)
    d1_30 = fields.Monetary("1-30", readonly=True)
    d31_60 = fields.Monetary("31-60", readonly=True)
    d61_90 = fields.Monetary("61-90", readonly=True)
    d90_plus = fields.Monetary("Over 90", readonly=True)
    credit = fields.Monetary("Unallocated credit", readonly=True)
    receivables = fields.Monetary(
        readonly=True, help="Net by customer, and none below zero: what the days' sales outstanding are worked out of."
    )
    in_credit = fields.Monetary(
        "Customers in credit", readonly=True, help="What those customers have to their credit who owe less than that."
    )

    # What of it is held, by state
    held = fields.Monetary(readonly=True)
    disputed = fields.Monetary(readonly=True, help=_HELD)
    promised = fields.Monetary(readonly=True, help=_HELD)
    in_plan = fields.Monetary("In a payment plan", readonly=True, help=_HELD)
    payment_in_hand = fields.Monetary("Payment in hand", readonly=True, help=_HELD)
    with_agency = fields.Monetary("With an agency", readonly=True, help=_HELD)
    legal = fields.Monetary("With a lawyer", readonly=True, help=_HELD)
    paused = fields.Monetary("Paused or insolvent", readonly=True, help=_HELD)
    open_items = fields.Integer("Items under collection", readonly=True)
    open_cases = fields.Integer(readonly=True)

    # The month until the day
    sales = fields.Monetary(
        "Sales of the month", readonly=True, help="Until the day: invoices less credit notes, tax included."
    )
    written_off = fields.Monetary("Written off in the month", readonly=True)

    # Key figures of the day, as METRICS.md defines them
    dso = fields.Float(
        "Days' sales outstanding", digits=(16, 2), readonly=True, aggregator="avg", help="By counting back."
    )
    dso_is_truncated = fields.Boolean(
        "At least", readonly=True, help="The sales that are known did not suffice: the days are a lower bound."
    )
    best_possible = fields.Float(
        "Best possible", digits=(16, 2), readonly=True, aggregator="avg", help="The days of what is not due."
    )
    days_delinquent = fields.Float("Average days delinquent", digits=(16, 2), readonly=True, aggregator="avg")
    effectiveness = fields.Float(
        "Collection effectiveness (%)", digits=(16, 2), readonly=True, aggregator="avg", help="Of the month so far."
    )
    days_late = fields.Float(
        "Weighted days late", digits=(16, 2), readonly=True, aggregator="avg", help="Of the last twelve months."
    )
    amount_judged = fields.Monetary(
        "Days late judged on", readonly=True, help="What was paid in the last twelve months, and what is overdue."
    )

    _day_unique = models.UniqueIndex("(company_id, day)", "This day already has its balances.")

    def _auto_init(self):
        """Lift the guard while columns are added; `init` installs it again."""
        guards.lift(self.env.cr, self._table, "recobro_snapshot_guard")
        return super()._auto_init()

    def init(self):
        """Install the database's own guard of what is kept."""
        self.env.cr.execute(_GUARD)
        guards.install(self.env.cr, self._table, "recobro_snapshot_guard")

    # A button of a list, which hands over the chosen days, whichever they are: no `api.model`
    def action_rebuild(self):
        """Have the past of the active companies rebuilt from the books in the background, and show how far it is."""
        self.env["recobro.snapshot.rebuild"]._ask(self.env.companies.root_id)
        return self.env["ir.actions.actions"]._for_xml_id("recobro_module.action_recobro_snapshot_rebuild")

    def write(self, vals):  # pylint: disable=method-required-super
        """Refuse: what was kept of a day stays."""
        raise UserError(self.env._("The balances of a day can't be changed once they are kept."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("The balances of a day can't be deleted once they are kept."))


#: Refuses every TRUNCATE of both tables, every UPDATE but of who wrote a row, where an older version kept that, and
#: every DELETE but two: of a company that is no more, and of days of customers that are past their time and no ends of
#: months. Dropped by the uninstall hook.
_GUARD = """
CREATE OR REPLACE FUNCTION recobro_snapshot_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF TG_TABLE_NAME = 'recobro_customer_snapshot' AND current_setting('recobro.door', TRUE) = 'sweep'
           AND EXTRACT(DAY FROM OLD.day + 1) != 1 THEN
            RETURN OLD;
        END IF;
        IF NOT EXISTS (SELECT FROM res_company WHERE id = OLD.company_id) THEN
            RETURN OLD;
        END IF;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'create_uid' - 'write_uid' = to_jsonb(OLD) - 'create_uid' - 'write_uid' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'What was kept of a day can not be changed.' USING ERRCODE = 'check_violation';
END $$;
"""
