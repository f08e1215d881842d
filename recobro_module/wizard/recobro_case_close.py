from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..const import OUTCOMES, OUTCOMES_LOST, ROOT_CAUSES, STAGES_APPROVED
from ..engine import clock
from ..models.recobro_case_closing import POST_MORTEM


def _of_case(name):
    """Return the compute method that takes a field from the case; one each, so that what a person gave stays."""

    @api.depends("case_id")
    def compute(self):
        for dialog in self:
            dialog[name] = dialog.case_id[name]

    return compute


_FROM_CASE = {"store": True, "readonly": False, "precompute": True}


class RecobroCaseClose(models.TransientModel):
    """Dialog: close a case by hand with its outcome, or look back on a closed one; the post-mortem is the same.

    A manager closes, and may correct an outcome: the daily job takes for paid whatever the books have settled, a
    write-off too. Whoever works the case looks back on it.
    """

    _name = "recobro.case.close"
    _description = "Close a case, and look back on it"

    case_id = fields.Many2one("recobro.case", required=True, readonly=True)
    is_closed = fields.Boolean(compute="_compute_case")
    is_asked = fields.Boolean(compute="_compute_is_asked", help="Whether somebody should look back on this case.")
    may_decide = fields.Boolean(compute="_compute_case")
    outcome = fields.Selection(
        [(key, label) for key, label in OUTCOMES if key != "merged"],
        compute="_compute_outcome",
        required=True,
        **_FROM_CASE,
    )
    root_cause = fields.Selection(ROOT_CAUSES, "Root cause", compute=_of_case("root_cause"), **_FROM_CASE)
    prevention = fields.Text("What would have prevented it", compute=_of_case("prevention"), **_FROM_CASE)
    lessons = fields.Text("What was learnt", compute=_of_case("lessons"), **_FROM_CASE)
    improvement = fields.Char("What we do about it", compute=_of_case("improvement"), **_FROM_CASE)
    improvement_user_id = fields.Many2one(
        "res.users",
        "Who does it",
        compute=_of_case("improvement_user_id"),
        domain=[("share", "=", False)],
        **_FROM_CASE,
    )
    alike_count = fields.Integer(compute="_compute_alike_count")

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_case(self):
        for dialog in self:
            dialog.is_closed = dialog.case_id.state == "closed"
            dialog.may_decide = self.env.user.has_group("recobro_module.group_recobro_manager")

    @api.depends("case_id")
    def _compute_outcome(self):
        for dialog in self:
            dialog.outcome = dialog.case_id.outcome or "withdrawn"

    @api.depends("case_id", "outcome")
    def _compute_is_asked(self):
        for dialog in self:
            stage = dialog.case_id.closed_stage if dialog.is_closed else dialog.case_id.stage
            dialog.is_asked = stage in STAGES_APPROVED or dialog.outcome in OUTCOMES_LOST

    @api.depends("case_id", "root_cause")
    def _compute_alike_count(self):
        for dialog in self:
            dialog.alike_count = dialog.case_id._count_alike(dialog.root_cause)

    def action_close(self):
        """Close the case, or keep what was said of one that is closed."""
        self.ensure_one()
        case = self.case_id
        case.check_access("write")
        if self.improvement and not self.improvement_user_id:
            raise UserError(self.env._("Say who does “%(step)s”: it goes on their list.", step=self.improvement))
        as_of = clock.today(self.env, case.company_id)
        # sudo: how a case ended is written by nothing but this dialog and the job; the rights were checked above
        if self.may_decide:
            case.sudo()._set_closed(self.outcome, as_of)
            if case.outcome != self.outcome:
                case.sudo().outcome = self.outcome
        elif not self.is_closed or case.outcome != self.outcome:
            raise AccessError(self.env._("Only a collections manager decides how a case ended."))
        case.sudo()._keep_post_mortem({name: self[name] for name in POST_MORTEM}, as_of)
        case.sudo()._ask_post_mortem()
        return {"type": "ir.actions.act_window_close"}
