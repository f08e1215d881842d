from contextlib import contextmanager

from odoo import api, fields, models
from odoo.tools import SQL, format_list

from ..engine import clock, planning
from ..engine.placements import selection, selection_words


class RecobroPolicySimulate(models.TransientModel):
    """Dialog: who would get what on a day, and why others would not. The same planning as the run's; writes nothing."""

    _name = "recobro.policy.simulate"
    _description = "Simulate a collections policy"

    policy_id = fields.Many2one("recobro.policy", help="Empty: all policies that are switched on.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    day = fields.Date(required=True, default=lambda self: clock.today(self.env, self.env.company.root_id))
    is_on = fields.Boolean(related="policy_id.is_on")
    replaced = fields.Char("Switched off with it", compute="_compute_replaced")
    message_count = fields.Integer("Messages", compute="_compute_result")
    task_count = fields.Integer("Tasks", compute="_compute_result")
    left_out_count = fields.Integer("Left out", compute="_compute_result")
    result = fields.Html(compute="_compute_result", sanitize=False)

    #: Rows shown of each list; the counts are of all.
    _shown = 200

    @api.depends("policy_id")
    def _compute_replaced(self):
        """Name what follows the other playbook for the same customers: the two are never mixed."""
        for wizard in self:
            wizard.replaced = not wizard.is_on and format_list(self.env, wizard.policy_id._rivals().mapped("name"))

    @api.depends("policy_id", "company_id", "day")
    def _compute_result(self):
        for wizard in self:
            if not (wizard.company_id and wizard.day):
                wizard.update({"message_count": 0, "task_count": 0, "left_out_count": 0, "result": False})
                continue
            with wizard._nothing_kept():
                found = wizard._simulate()
                values = wizard._counts()
                values["result"] = self.env["ir.qweb"]._render(
                    "recobro_module.simulation", {**found, "wizard": wizard, "env": self.env}
                )
            wizard.update(values)

    @contextmanager
    def _nothing_kept(self):
        """Take back whatever is written meanwhile: a day that is only looked at keeps no figures and no rates."""
        # What others have written by now is theirs: it goes to the database before, and their cache is not emptied
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False) as savepoint:
            yield
            savepoint.rollback()
        for model in ("recobro.customer.figure", "recobro.recovery.rate"):
            self.env[model].invalidate_model(flush=False)
        self.env["recobro.case"].invalidate_model(["grade_id"], flush=False)

    def _simulate(self):
        """Return {"plan", "planned", "left_out", "shown"}: the Plan, and its rows as dicts for the screen."""
        self.ensure_one()
        # sudo: planning reads the whole ledger of the company; only managers reach this dialog
        env = self.sudo().env
        plan = planning.plan(env, self.company_id, self.day, simulated=self.policy_id)
        return {
            "plan": plan,
            **self._with_selection(plan, self._planned_rows(env), self._left_out_rows(env)),
            "shown": self._shown,
        }

    def _with_selection(self, plan, planned, left_out):
        """Return {"planned", "left_out"}: their rows with why a level selects the customer, or does not."""
        customers = {row["partner_id"] for row in (*planned, *left_out)}
        # sudo: as in _simulate
        facts = selection.of_plan(self.sudo().env, plan.policies, customers)
        missing = {partner: found for (partner, _level), found in facts.items() if not found["passes"]}

        def words(found):
            return found and selection_words.standing(self.env, found, self.currency_id)

        for row in planned:
            row["selection"] = words(facts.get((row["partner_id"], row["level_id"])))
        for row in left_out:
            row["selection"] = row["key"] == "not_selected" and words(missing.get(row["partner_id"]))
        return {"planned": planned, "left_out": left_out}

    def _counts(self):
        """Return how many messages and tasks, and how many customers and items left out, of the policy alone."""
        # sudo: as in _simulate, whose tables these are
        ((messages, tasks, left_out),) = self.sudo().env.execute_query(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE reason IS NULL AND kind = 'message'),
                       COUNT(*) FILTER (WHERE reason IS NULL AND kind != 'message'),
                       COUNT(*) FILTER (WHERE reason IS NOT NULL)
                       + (SELECT COUNT(DISTINCT (partner_id, reason)) FROM %(step)s plan
                           WHERE due AND reason IS NOT NULL AND %(only)s)
                  FROM %(plan)s plan WHERE %(only)s
                """,
                plan=planning.PLAN,
                step=planning.STEP,
                only=self._only(),
            )
        )
        return {"message_count": messages, "task_count": tasks, "left_out_count": left_out}

    def _planned_rows(self, env):
        """Return what would go out, largest first: customer, level, recipients, items and amount."""
        rows = env.execute_query_dict(
            SQL(
                """
                SELECT plan.partner_id, plan.kind, plan.channel, plan.level_id, plan.contact_ids, plan.user_id,
                       COUNT(step.line_id) AS items, SUM(step.chased_company) AS amount,
                       MAX(step.days_past_due) AS days
                  FROM %(plan)s plan
                  JOIN %(step)s step ON %(in_plan)s
                 WHERE plan.reason IS NULL AND %(only)s
                 GROUP BY plan.partner_id, plan.kind, plan.channel, plan.level_id, plan.contact_ids, plan.user_id
                 ORDER BY amount DESC
                 LIMIT %(limit)s
                """,
                plan=planning.PLAN,
                step=planning.STEP,
                in_plan=planning.IN_PLAN,
                only=self._only(),
                limit=self._shown,
            )
        )
        for row in rows:
            row["customer"] = env["res.partner"].browse(row["partner_id"])
            row["level"] = env["recobro.level"].browse(row["level_id"])
            row["contacts"] = env["res.partner"].browse(row["contact_ids"] or [])
        return rows

    def _left_out_rows(self, env):
        """Return who would be left out and why: customers by a limit, items by their own state."""
        rows = env.execute_query_dict(
            SQL(
                """
                SELECT partner_id, reason, (SELECT COUNT(*) FROM %(step)s step WHERE %(in_plan)s) AS items,
                       net AS amount
                  FROM %(plan)s plan
                 WHERE reason IS NOT NULL AND %(only)s
                UNION ALL
                SELECT partner_id, reason, COUNT(*), SUM(open_company) FROM %(step)s plan
                 WHERE due AND reason IS NOT NULL AND %(only)s
                 GROUP BY partner_id, reason
                 ORDER BY amount DESC NULLS LAST
                 LIMIT %(limit)s
                """,
                plan=planning.PLAN,
                step=planning.STEP,
                in_plan=planning.IN_PLAN,
                only=self._only(),
                limit=self._shown,
            )
        )
        labels = dict(env["recobro.action"]._fields["reason"]._description_selection(self.env))
        for row in rows:
            row["customer"] = env["res.partner"].browse(row["partner_id"])
            row["key"], row["reason"] = row["reason"], labels.get(row["reason"], row["reason"])
        return rows

    def _only(self):
        return SQL("plan.policy_id = %s", self.policy_id.id) if self.policy_id else SQL("TRUE")

    def action_switch_on(self):
        """Switch on the policy that has just been seen."""
        self.ensure_one()
        self.policy_id.action_switch_on()
        return {"type": "ir.actions.act_window_close"}

    def action_switch_over(self):
        """Switch on the policy that has just been seen, and off the other playbook that it takes the place of."""
        self.ensure_one()
        self.policy_id.action_switch_over()
        return {"type": "ir.actions.act_window_close"}
