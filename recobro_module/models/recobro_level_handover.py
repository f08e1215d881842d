from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import HAND_OVER_CHANNELS, HAND_OVER_STAGES


class RecobroLevelHandover(models.AbstractModel):
    """What a level says that hands a case over: to whom it proposes to. Where it names nobody, who approves chooses."""

    _name = "recobro.level.handover"
    _description = "Hand-over by a level"

    agency_id = fields.Many2one(
        "recobro.agency",
        "Handed over to",
        ondelete="restrict",
        index="btree_not_null",
        help="Whom the level proposes, on their terms. Empty: whoever approves the hand-over chooses.",
    )
    agency_days = fields.Integer(
        "Time it has", help="Days from the hand-over; after them what is left comes back. 0: as agreed with the agency."
    )

    _check_agency_days = models.Constraint(
        "CHECK (agency_days IS NULL OR agency_days >= 0)",
        "The days of a hand-over can't be negative: use 0 for those agreed on.",
    )

    @api.onchange("channel")
    def _onchange_channel(self):
        """A hand-over stands in the stage of whom it hands over to."""
        if self.channel in HAND_OVER_CHANNELS:
            self.stage = HAND_OVER_STAGES[HAND_OVER_CHANNELS[self.channel]]

    @api.constrains("channel", "stage", "agency_id", "policy_id", "subject")
    def _check_handover(self):
        for level in self:
            kind = HAND_OVER_CHANNELS.get(level.channel)
            if kind and level.stage != HAND_OVER_STAGES[kind]:
                stages = dict(level._fields["stage"]._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” hands cases over: its stage must be “%(stage)s”.",
                        level=level.name,
                        stage=stages[HAND_OVER_STAGES[kind]],
                    )
                )
            if kind and level.subject != "invoice":
                raise ValidationError(
                    self.env._("The level “%(level)s” hands cases over: it is about invoices.", level=level.name)
                )
            level._check_agency(kind)

    @api.constrains("stage", "policy_id", "active")
    def _check_playbook(self):
        self.policy_id._check_playbook_levels()

    def _check_agency(self, kind):
        agency = self.agency_id
        if agency and agency.kind != kind:
            raise ValidationError(
                self.env._(
                    "%(agency)s can't be whom the level “%(level)s” hands over to: choose the channel that fits, "
                    "an agency or a lawyer, or leave it empty.",
                    agency=agency.name,
                    level=self.name,
                )
            )
        if agency and self.policy_id.company_id != agency.company_id:
            raise ValidationError(
                self.env._(
                    "%(agency)s works for %(company)s only: choose it in a policy of that company, or leave it empty.",
                    agency=agency.name,
                    company=agency.company_id.name,
                )
            )
