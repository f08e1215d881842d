from odoo.exceptions import UserError
from odoo.http import Controller, request, route


class WhatsappLink(Controller):
    """The link in an activity: it asks for a verdict of now, and goes on to the chat."""

    @route("/recobro/whatsapp/<int:action_id>", type="http", auth="user", methods=["GET"])
    def open_chat(self, action_id):
        """Go on to the chat of a task; where that can't be, to the task, whose button says why."""
        action = request.env["recobro.action"].browse(action_id).exists()
        if not action:
            return request.not_found()
        try:
            return request.redirect(action._whatsapp_url(), local=False)
        except UserError:
            return request.redirect(f"/odoo/collections-actions/{action_id}")
