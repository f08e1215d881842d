"""How each customer pays is known from the start, not only after the first day of the new version."""

from odoo import SUPERUSER_ID, api

from odoo.addons.recobro_module.engine.figures import customer_figures


def migrate(cr, version):
    """Work out the figures of every customer, as a new installation does."""
    if version:
        customer_figures.keep_all(api.Environment(cr, SUPERUSER_ID, {}))
