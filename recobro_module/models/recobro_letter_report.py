from odoo import api, models
from odoo.exceptions import AccessError


class RecobroLetterReport(models.AbstractModel):
    """Letters are printed from their queue alone, where each is judged again, kept on its case and logged."""

    _name = "report.recobro_module.report_letter"
    _description = "Letter of collections"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Refuse: by the address of the report a letter would be printed without a verdict, and without a trace."""
        raise AccessError(self.env._("Letters are printed from Collections › Actions › Letters to print."))
