from odoo import api, models


class IrActionsReport(models.Model):
    """A letter of collections is complete as it is: the printing program waits for no script to end."""

    _inherit = "ir.actions.report"

    @api.model
    def _build_wkhtmltopdf_args(self, *args, **kwargs):
        """Leave out Odoo's wait of a second for scripts, of which a letter has none: a hundred are printed at once."""
        command = super()._build_wkhtmltopdf_args(*args, **kwargs)
        if self.env.context.get("recobro_letter") and "--javascript-delay" in command:
            place = command.index("--javascript-delay")
            command = [*command[:place], "--disable-javascript", *command[place + 2 :]]
        return command
