from base64 import b64encode

from markupsafe import Markup

from odoo import api, fields, models

from ..engine import clock
from ..engine.channels import letter_print


class RecobroLetterPrint(models.TransientModel):
    """Dialog: the letters that were printed, as one file; what was left out or could not be printed, and why."""

    _name = "recobro.letter.print"
    _description = "Letters printed"

    action_ids = fields.Many2many("recobro.action", string="Letters", readonly=True)
    letter_count = fields.Integer("Letters printed", compute="_compute_letter_count")
    file = fields.Binary("To print", readonly=True)
    file_name = fields.Char(readonly=True)
    notes = fields.Html("Not printed", readonly=True)
    can_post = fields.Boolean(compute="_compute_can_post")

    @api.depends("action_ids")
    def _compute_letter_count(self):
        for dialog in self:
            dialog.letter_count = len(dialog.action_ids)

    @api.depends("action_ids")
    def _compute_can_post(self):
        has_service = "snailmail.letter" in self.env
        for dialog in self:
            companies = dialog.action_ids.company_id
            dialog.can_post = has_service and companies and all(companies.mapped("recobro_letter_service"))

    def _print(self, letters):
        """Print letters that the user may act on, and keep what came of it for this dialog."""
        # sudo: the engine writes actions and files; the right to act on the letters was checked by their button
        printed = letter_print.print_letters(letters.sudo())
        self.write(
            {
                "action_ids": printed.letters.ids,
                "file": b64encode(printed.content) if printed.content else False,
                "file_name": self._file_name(printed.letters),
                "notes": self._notes(printed),
            }
        )

    def _file_name(self, letters):
        today = clock.today(self.env, self.env.company.root_id)
        return self.env._("Letters %(day)s (%(count)s).pdf", day=today.isoformat(), count=len(letters))

    def _notes(self, printed):
        """Return what is not in the file, customer by customer with the reason, as a list; empty when all is."""
        labels = dict(self.env["recobro.action"]._fields["reason"]._description_selection(self.env))
        settled = self.env._("Nothing is left to ask for")
        reasons = {action: labels.get(action.reason) or settled for action in printed.left_out} | printed.failed
        rows = Markup().join(
            Markup("<li><strong>%s</strong>: %s</li>") % (action.partner_id.display_name, reason)
            for action, reason in reasons.items()
        )
        return Markup("<ul class='mb-0'>%s</ul>") % rows if rows else False

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters printed"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_sent(self):
        """Go on to say when they were posted."""
        return self.action_ids.action_letters_sent()

    def action_post(self):
        """Hand them to Odoo's letter service."""
        self.action_ids.action_post_letters()
        return {"type": "ir.actions.act_window_close"}
