import ast

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list

from ..const import PLAYBOOKS

#: Order of a policy made from a playbook: one for some customers is tried before one for everybody.
_SEQUENCE = {"all": 90, "grades": 20, "domain": 20}


class RecobroPlaybookChoose(models.TransientModel):
    """Dialog: choose playbook A or B for a company, or some of its customers; one click makes the policy.

    The policy is a copy of the shipped one, with its levels in all languages. It is not switched on: a person
    simulates it first.
    """

    _name = "recobro.playbook.choose"
    _description = "Choose a playbook"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain=[("parent_id", "=", False)],
    )
    whom = fields.Selection(
        [("all", "Everybody"), ("grades", "Customers of some grades"), ("domain", "Other customers")],
        "Whom it is for",
        required=True,
        default="all",
    )
    grade_ids = fields.Many2many(
        "recobro.grade", string="Grades", domain="['|', ('company_id', '=', False), ('company_id', '=', company_id)]"
    )
    domain = fields.Char("Customers", default="[]")
    with_suspension = fields.Boolean(
        "Announce a suspension of supply",
        help="Adds the step that proposes to supply nothing more until it is paid, with notice to the customer and a "
        "person's approval. Take it where your contracts allow it.",
    )
    ladder_a = fields.Html(compute="_compute_ladders", sanitize=False)
    ladder_b = fields.Html(compute="_compute_ladders", sanitize=False)

    @api.depends("company_id", "with_suspension")
    def _compute_ladders(self):
        for dialog in self:
            for key, _label in PLAYBOOKS:
                dialog[f"ladder_{key}"] = dialog._render_ladder(key)

    def _render_ladder(self, key):
        template = self._template(key, raise_if_missing=False)
        if not template:
            return Markup("<p class='text-muted'>%s</p>") % self.env._("It was deleted from this database.")
        # Amounts of the rule that selects are in the currency of the company that is chosen
        levels = self._levels(template).with_company(self.company_id)
        return self.env["ir.qweb"]._render("recobro_module.playbook_ladder", {"levels": levels, "env": self.env})

    @api.model
    def _template(self, key, raise_if_missing=True):
        """Return the shipped policy of a playbook, archived or not."""
        template = self.env.ref(f"recobro_module.policy_playbook_{key}", raise_if_not_found=False)
        if not template and raise_if_missing:
            raise UserError(
                self.env._(
                    "The shipped policy of this playbook was deleted from this database. Ask your administrator to "
                    "restore it, or write a policy of your own."
                )
            )
        return template or self.env["recobro.policy"]

    def _levels(self, policy):
        """Return the levels about invoices that a copy of `policy` would have, in order."""
        levels = policy.with_context(active_test=False).level_ids
        chosen = levels.filtered(lambda level: level.subject == "invoice" and (level.active or self._is_taken(level)))
        return chosen.sorted(lambda level: (level.delay_days, level.sequence))

    def _is_taken(self, level):
        return self.with_suspension and level.channel == "suspension"

    # -------------------------------------------------------------------------
    # CHOSEN
    # -------------------------------------------------------------------------

    def action_choose_a(self):
        """Make the policy of playbook A and open it."""
        return self._choose("a")

    def action_choose_b(self):
        """Make the policy of playbook B and open it."""
        return self._choose("b")

    def _choose(self, key):
        self.ensure_one()
        return self._make(key)._get_records_action(name=self.env._("Policy"))

    def _make(self, key):
        """Return a new policy, switched off, that follows a playbook for who was chosen."""
        template = self._template(key)
        policy = template.copy(
            {
                "active": True,
                "company_id": self.company_id.id,
                "domain": repr(list(self._customers())),
                "sequence": _SEQUENCE[self.whom],
                "user_id": self.env.uid,
            }
        )
        self._put_before(policy)
        self._take_optional_levels(policy)
        self._name_whom(policy, template)
        policy._add_instalment_levels()
        return policy

    def _put_before(self, policy):
        """Let a policy be tried before those that have the same customers now: behind them it would get none."""
        # sudo: a policy of all companies has them too, whoever may write it
        others = (
            self.env["recobro.policy"]
            .sudo()
            .search(
                [("id", "!=", policy.id), ("is_on", "=", True), ("company_id", "in", (False, policy.company_id.id))]
            )
        )
        first = min(
            (other.sequence for other in others if other._whom() == policy._whom()), default=policy.sequence + 1
        )
        policy.sequence = min(policy.sequence, first - 1)

    def _take_optional_levels(self, policy):
        """Take or leave what the shipped policy has only for those who ask for it."""
        optional = policy.with_context(active_test=False).level_ids.filtered(lambda level: not level.active)
        taken = optional.filtered(self._is_taken)
        taken.active = True
        (optional - taken).unlink()

    def _name_whom(self, policy, template):
        """Add the grades to the name of the policy, in all languages."""
        if self.whom != "grades":
            return
        for code, _name in self.env["res.lang"].get_installed():
            grades = format_list(self.env, self.grade_ids.mapped("name"), lang_code=code)
            policy.with_context(lang=code).name = f"{template.with_context(lang=code).name} ({grades})"

    def _customers(self):
        """Return the Domain of the customers that were chosen."""
        if self.whom == "grades":
            if not self.grade_ids:
                raise UserError(self.env._("Choose the grades whose customers the playbook is for, such as C and D."))
            return Domain("recobro_grade_id", "in", self.grade_ids.ids)
        if self.whom == "domain":
            try:
                chosen = Domain(ast.literal_eval((self.domain or "").strip() or "[]"))
            except (ValueError, SyntaxError, TypeError) as error:
                raise UserError(
                    self.env._("These customers can't be read. Choose them again with the editor.")
                ) from error
            if chosen.is_true():
                raise UserError(self.env._("Say which customers it is for: add a condition, or choose “Everybody”."))
            return chosen
        return Domain.TRUE
