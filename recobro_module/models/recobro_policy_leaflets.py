from odoo import fields, models
from odoo.exceptions import UserError


class RecobroPolicyLeaflets(models.AbstractModel):
    """The leaflet that a policy sends with the first message to a customer: a file for each language."""

    _name = "recobro.policy.leaflets"
    _description = "Leaflets of a policy"

    sends_leaflet = fields.Boolean(
        "Leaflet with the first message",
        copy=False,
        help="The first e-mail that a customer ever gets from collections brings the leaflet in its language: how to "
        "pay, what it gains, what follows if it does not.",
    )
    leaflet_ids = fields.One2many("recobro.leaflet", "policy_id", "Leaflets", copy=False)

    def action_make_leaflets(self):
        """Make the shipped leaflet in each language that has none yet; the manager reads it before it goes out."""
        self.ensure_one()
        self.check_access("write")
        company = self.company_id or self.env.company.root_id
        known = self.leaflet_ids.filtered(lambda leaflet: leaflet.company_id in (company, company.browse()))
        missing = [code for code, _name in self.env["res.lang"].get_installed() if code not in known.mapped("lang")]
        if not missing:
            raise UserError(
                self.env._("There is a leaflet in every language already. Delete the one that is to be made anew.")
            )
        for code in missing:
            self.env["recobro.leaflet"]._make(self, company, code)
        self.sends_leaflet = True
