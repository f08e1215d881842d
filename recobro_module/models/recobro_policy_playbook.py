from collections.abc import Collection

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_list

from ..const import PLAYBOOK_LACKS, PLAYBOOKS


def _comparable(value):
    """Return a value of a condition as something with a hash, the order of its values apart.

    That of a condition on another model's field (a tag's name) is a domain of its own, in which the order counts.
    """
    if isinstance(value, str) or not isinstance(value, (Collection, Domain)):
        return value
    kind = tuple if isinstance(value, (Domain, tuple)) else frozenset
    return kind(map(_comparable, value))


class RecobroPolicyPlaybook(models.AbstractModel):
    """Which of the two playbooks a policy follows. They are never mixed: in a policy, nor for the same customers."""

    _name = "recobro.policy.playbook"
    _description = "Playbook of a policy"

    playbook = fields.Selection(
        PLAYBOOKS,
        help="A goes from our own collecting to the formal letter and then to court, B to an agency and then to court. "
        "They are never mixed: A hands nothing over to an agency, B writes no formal letter. Empty: neither.",
    )

    @api.constrains("playbook", "level_ids")
    def _check_playbook_levels(self):
        labels = dict(self._fields["playbook"]._description_selection(self.env))
        for policy in self.filtered("playbook"):
            stage = PLAYBOOK_LACKS[policy.playbook]
            foreign = policy.level_ids.filtered(lambda level, stage=stage: level.active and level.stage == stage)
            if foreign:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” is no step of the playbook “%(playbook)s”, which this policy follows: the two "
                        "playbooks are never mixed. Take the level out, or let the policy follow neither.",
                        level=foreign[0].name,
                        playbook=labels[policy.playbook],
                    )
                )

    @api.constrains("playbook", "is_on", "active", "domain", "company_id")
    def _check_never_mixed(self):
        for policy in self.filtered(lambda policy: policy.is_on and policy.active):
            if rivals := policy._rivals():
                raise ValidationError(
                    self.env._(
                        "“%(policy)s” can't be switched on for them: “%(others)s” follows the other playbook for the "
                        "same customers, and the two are never mixed. Simulate “%(policy)s”: from there one button "
                        "switches the other off and this one on.",
                        policy=policy.name,
                        others=format_list(self.env, rivals.mapped("name")),
                    )
                )

    def _rivals(self):
        """Return the policies switched on that follow the other playbook for the same customers as those of `self`."""
        found = self.browse()
        for policy in self.filtered("playbook"):
            domain = Domain(
                [("is_on", "=", True), ("active", "=", True), ("playbook", "not in", (False, policy.playbook))]
            )
            if policy.company_id:
                domain &= Domain("company_id", "in", (False, policy.company_id.id))
            # sudo: a policy of a company that the user is not in counts too
            others = self.sudo().search(domain)
            own = policy._whom()
            found |= others.filtered(lambda other, own=own: other._whom() == own)
        return found.sudo(self.env.su)

    def _whom(self):
        """Return the customers of the policy as something that is equal however their domain is spelled.

        The order of conditions that all must hold does not matter, nor that of the values of one.
        """
        self.ensure_one()
        tokens = list(self._customer_domain().optimize(self.env["res.partner"]))
        if {"|", "!"}.intersection(token for token in tokens if isinstance(token, str)):
            return tokens
        conditions = (token for token in tokens if not isinstance(token, str))
        return {(field, operator, _comparable(value)) for field, operator, value in conditions}

    def action_switch_over(self):
        """Switch off what follows the other playbook for the same customers, and this one on.

        Called from the simulation, which names what it switches off. Each item keeps its place on the ladder.
        """
        for policy in self:
            policy._rivals().action_switch_off()
            policy.action_switch_on()
