from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import clock, planning, saving
from ..tools import notification


class RecobroActionSend(models.TransientModel):
    """Dialog: send the next message now. Same verdict, same limits, unless a manager sets them aside."""

    _name = "recobro.action.send"
    _description = "Send the next message now"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    currency_id = fields.Many2one(related="case_id.currency_id")
    paused_until = fields.Date(related="case_id.paused_until")
    ignore_limits = fields.Boolean(
        "Set the waits aside", help="Send although the quiet days, the week's limit or the calendar say to wait."
    )
    can_ignore = fields.Boolean(compute="_compute_can_ignore")
    level_id = fields.Many2one("recobro.level", compute="_compute_plan")
    contact_ids = fields.Many2many("res.partner", compute="_compute_plan", string="Recipients")
    amount = fields.Monetary("Asked for", compute="_compute_plan")
    reason = fields.Selection(
        selection=lambda self: self.env["recobro.action"]._fields["reason"]._description_selection(self.env),
        string="Why not now",
        compute="_compute_plan",
    )

    @api.depends_context("uid")
    def _compute_can_ignore(self):
        self.can_ignore = self.env.user.has_group("recobro_module.group_recobro_manager")

    @api.depends("case_id", "ignore_limits")
    def _compute_plan(self):
        for wizard in self:
            row = wizard._plan()[1] if wizard.case_id else None
            wizard.level_id = row and row["level_id"]
            wizard.contact_ids = (row and row["contact_ids"]) or False
            wizard.amount = row["net"] if row else 0
            wizard.reason = row and row["reason"]

    def _plan(self):
        """Plan for the case's customer alone; return the Plan and its message row (or None)."""
        self.ensure_one()
        ignored = planning.WAITS if self.ignore_limits and self.can_ignore else ()
        case = self.case_id
        # sudo: planning reads the customer's ledger; only those who may act on the case open this dialog
        env = self.sudo().env
        as_of = clock.today(env, case.company_id)
        plan = planning.plan(env, case.company_id, as_of, case.partner_id.ids, ignored=ignored, ahead=True)
        rows = env.execute_query_dict(SQL("SELECT * FROM %s WHERE kind = 'message'", planning.PLAN))
        return plan, rows[0] if rows else None

    def action_send(self):
        """Send it, or say why not."""
        self.ensure_one()
        self.case_id.check_access("write")
        if self.case_id.company_id.recobro_stopped:
            raise UserError(
                self.env._("Collections are stopped for %(company)s.", company=self.case_id.company_id.name)
            )
        saving.alone_or_busy(self.env, self.case_id.company_id)
        plan, row = self._plan()
        if not row:
            raise UserError(self.env._("There is no message to send: no item of this customer has a next message."))
        if row["reason"]:
            labels = dict(self._fields["reason"]._description_selection(self.env))
            raise UserError(self.env._("Not sent: %(reason)s.", reason=labels[row["reason"]]))
        # sudo: the engine writes actions and positions; the right to act on the case was checked above
        env = self.sudo().env
        env.cr.execute(SQL("DELETE FROM %s WHERE kind != 'message'", planning.PLAN))
        saving.save(env, plan, env["recobro.run"])
        if self.ignore_limits and self.can_ignore:
            planned = [
                ("partner_id", "=", self.case_id.partner_id.id),
                ("state", "=", "planned"),
                ("run_id", "=", False),
            ]
            env["recobro.action"].search([*planned, ("kind", "=", "message")]).without_waits = True
        env["recobro.action"]._deliver_now(self.case_id.company_id, self.case_id.partner_id.ids)
        return notification.done(self.env._("The message is on its way. It is in the log and the chatter in a moment."))
