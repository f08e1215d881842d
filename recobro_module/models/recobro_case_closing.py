from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..const import OUTCOMES, OUTCOMES_LOST, ROOT_CAUSES, STAGES, STAGES_APPROVED
from ..engine import alerts, clock, snapshot
from ..engine.placements import placing

_POST_MORTEM = "recobro_module.activity_type_post_mortem"
#: Activities of an open case that its end makes needless.
_OVER = ("address", "delivery", "promise", "silence", "role", "letter_proof", "not_selected", "legal_over")
#: What is said of the end of a case, by whoever closes it or looks back on it.
POST_MORTEM = ("root_cause", "prevention", "lessons", "improvement", "improvement_user_id")


class RecobroCaseClosing(models.AbstractModel):
    """How a case ends: its outcome, and a short post-mortem that asks what would have prevented it.

    The daily job closes what is settled; a manager closes by hand. The post-mortem is asked for (an activity, never a
    block) where collecting went beyond our own means, or money was lost.
    """

    _name = "recobro.case.closing"
    _description = "End of a collections case"

    closed_on = fields.Date("Closed on", readonly=True)
    closed_stage = fields.Selection(
        STAGES, "Stage reached", readonly=True, help="How far it had gone when the case was closed."
    )
    outcome = fields.Selection(OUTCOMES, readonly=True)
    root_cause = fields.Selection(ROOT_CAUSES, "Root cause")
    prevention = fields.Text("What would have prevented it")
    lessons = fields.Text(help="What was learnt, and what friction to remove.")
    improvement = fields.Char("What we do about it", help="One step that keeps it from happening again.")
    improvement_user_id = fields.Many2one(
        "res.users", "Who does it", domain=[("share", "=", False)], index="btree_not_null"
    )
    post_mortem_on = fields.Date("Post-mortem on", readonly=True, help="When somebody looked back on the closed case.")
    alike_count = fields.Integer(
        "Cases with this cause", compute="_compute_alike_count", help="Closed in the last 12 months in the company."
    )

    @api.depends("root_cause", "company_id")
    def _compute_alike_count(self):
        for case in self:
            case.alike_count = case._count_alike(case.root_cause)

    def _count_alike(self, root_cause):
        """Return how many other cases of the company were closed with this root cause in the last 12 months."""
        if not root_cause:
            return 0
        since = clock.today(self.env, self.company_id or self.env.company) - relativedelta(months=12)
        return self.env["recobro.case"].search_count(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "closed"),
                ("root_cause", "=", root_cause),
                ("closed_on", ">=", since),
                ("id", "not in", self._origin.ids),
            ]
        )

    # -------------------------------------------------------------------------
    # CLOSING
    # -------------------------------------------------------------------------

    def _set_closed(self, outcome, as_of):
        """Close open cases with an outcome; what was still planned for them is left out."""
        closing = self.filtered(lambda case: case.state == "open")
        if not closing:
            return closing
        closing.action_ids.filtered(lambda action: action.state in ("planned", "to_approve"))._set_skipped(
            "settled"
        )._finish_activity()
        placing.close(closing, outcome, as_of)
        for stage, cases in closing.grouped("stage").items():
            cases.with_context(tracking_disable=True).write(
                {
                    "state": "closed",
                    "stage": "closed",
                    "closed_stage": stage,
                    "outcome": outcome,
                    "closed_on": as_of,
                    "next_level_id": False,
                    "next_action_date": False,
                    "next_wait": False,
                    # What is still open belongs to the next case, if there is one: lists must not count it twice
                    **dict.fromkeys(snapshot.FIGURES, 0),
                    "oldest_due_date": False,
                }
            )
        closing.activity_unlink([f"recobro_module.activity_type_{kind}" for kind in _OVER])
        closing._ask_post_mortem()
        return closing

    def _needs_post_mortem(self):
        """Return those of some closed cases on which somebody should look back, and nobody has."""
        return self.filtered(
            lambda case: not case.root_cause and (case.closed_stage in STAGES_APPROVED or case.outcome in OUTCOMES_LOST)
        )

    def _ask_post_mortem(self):
        """Ask the owners, in their own time, what these closed cases taught: an activity, never a block."""
        asked = self._needs_post_mortem()
        if asked:
            alerts.alert(
                asked,
                _POST_MORTEM,
                lambda env: env._(
                    "This case ended beyond our own collecting, or with a loss. What caused it, and what would have "
                    "prevented it? Two minutes are enough."
                ),
            )

    def _keep_post_mortem(self, values, as_of):
        """Write down what was said of closed cases, in sudo, and give the step that follows to who does it.

        :param values: of the fields in `POST_MORTEM`.
        """
        for case in self:
            before = (case.improvement, case.improvement_user_id)
            case.write({**values, "post_mortem_on": as_of if case.state == "closed" else False})
            if case.improvement and case.improvement_user_id and before != (case.improvement, case.improvement_user_id):
                case.activity_schedule(
                    "recobro_module.activity_type_improvement",
                    user_id=case.improvement_user_id.id,
                    summary=case.improvement,
                    note=case.prevention,
                )
        self.filtered("root_cause").activity_unlink([_POST_MORTEM])

    # -------------------------------------------------------------------------
    # BUTTONS
    # -------------------------------------------------------------------------

    def action_close(self):
        """Open the dialog that closes the case by hand, with its outcome. Only for a manager."""
        if not self.env.user.has_group("recobro_module.group_recobro_manager"):
            raise UserError(
                self.env._(
                    "Only a collections manager may close a case by hand; the daily job closes it when it is paid."
                )
            )
        self.check_access("write")
        return self._open_wizard(self.env._("Close the case"), "recobro.case.close")

    def action_post_mortem(self):
        """Open the dialog that looks back on a closed case."""
        self.check_access("write")
        return self._open_wizard(self.env._("What did this case teach?"), "recobro.case.close")
