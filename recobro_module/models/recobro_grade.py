from odoo import api, fields, models

from ..engine.figures import grading


class RecobroGrade(models.Model):
    """How well a group of customers pays, by limits that a manager reads and changes.

    Grades are tried in their order; the first whose limits a customer's figures all keep is the customer's. One
    without limits takes everybody who is left. While fewer than three invoices were paid there is none.
    """

    _name = "recobro.grade"
    _description = "Grade of customers"
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of

    name = fields.Char("Grade", required=True, help="Short, as it is shown beside a customer: A, B…")
    description = fields.Char("Meaning", translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        index="btree_not_null",
        help="Empty: for all companies. Branches follow their main company.",
    )
    limit_ids = fields.One2many("recobro.grade.limit", "grade_id", "Limits", copy=True)
    limits_text = fields.Char("Customers who keep all of", compute="_compute_limits_text")
    customer_count = fields.Integer("Customers", compute="_compute_customer_count")

    # -------------------------------------------------------------------------
    # COMPUTE
    # -------------------------------------------------------------------------

    @api.depends("name", "description")
    def _compute_display_name(self):
        for grade in self:
            grade.display_name = grade.name or ""

    @api.depends("limit_ids.figure", "limit_ids.value")
    def _compute_limits_text(self):
        for grade in self:
            words = [
                self.env._("%(figure)s %(bound)s %(value)s", figure=limit.label, bound=limit.bound, value=limit.text)
                for limit in grade.limit_ids
            ]
            grade.limits_text = " · ".join(words) or self.env._("No limit: everybody else")

    @api.depends_context("company")
    def _compute_customer_count(self):
        counts = dict(
            self.env["recobro.customer.figure"]._read_group(
                [("grade_id", "in", self.ids), ("company_id", "=", self.env.company.root_id.id)],
                ["grade_id"],
                ["__count"],
            )
        )
        for grade in self:
            grade.customer_count = counts.get(grade, 0)

    # -------------------------------------------------------------------------
    # WHO GETS WHICH
    # -------------------------------------------------------------------------

    @api.model
    def _in_force(self, company):
        """Return the grades of `company` (a main company) in their order, in sudo."""
        # sudo: a grade says nothing of a customer, and the daily job gives them all
        return self.sudo().search([("company_id", "in", [False, company.id])])

    @api.model_create_multi
    def create(self, vals_list):
        grades = super().create(vals_list)
        grading.regrade(self.env)
        return grades

    def write(self, vals):
        done = super().write(vals)
        if vals.keys() & {"sequence", "active", "company_id", "limit_ids"}:
            grading.regrade(self.env)
        return done

    def unlink(self):
        done = super().unlink()
        grading.regrade(self.env)
        return done

    def action_open_customers(self):
        """Show the customers of the grade."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("recobro_module.action_recobro_customer_figure")
        return {**action, "domain": [("grade_id", "=", self.id)], "context": {}}
