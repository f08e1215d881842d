"""Payment plans came: what roles may do in the portal, and levels for instalments on the policies there are."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Give known roles the rights that new databases have from their data, and each policy a ladder for instalments."""
    if not version:
        return
    env = api.Environment(cr, SUPERUSER_ID, {})
    roles = env["recobro.contact.role"].with_context(active_test=False)
    roles.search([("can_act", "=", True)]).write({"may_promise": True, "may_accept_plan": True})
    roles.search([("code", "in", ("legal", "contract"))]).write({"may_accept_plan": True})
    env["recobro.policy"].with_context(active_test=False).search([])._add_instalment_levels()
