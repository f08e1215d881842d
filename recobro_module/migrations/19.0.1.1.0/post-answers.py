"""A database that had collections before promises and disputes: what only a new installation would give it."""

from odoo import SUPERUSER_ID, api

from odoo.addons.recobro_module.hooks import create_aliases


def migrate(cr, version):
    """Give the disputes their address, and the policies the words for a payment that the bank has returned."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    create_aliases(env)
    template = env.ref("recobro_module.mail_template_returned", raise_if_not_found=False)
    policies = env["recobro.policy"].with_context(active_test=False)
    policies.search([("returned_template_id", "=", False)]).returned_template_id = template
