from odoo.http import DEFAULT_MAX_CONTENT_LENGTH, request

from ..engine.portal import portal_conversation, portal_history
from ..engine.portal.portal_files import MOST_FILES, MOST_MEGABYTES
from ..engine.portal.portal_refusal import Refused
from .portal_base import CollectionsBase, answering, reading


class PortalDisputes(CollectionsBase):
    """One dispute as its customer sees it: how it stands, what was said, and a place to answer."""

    @reading("/dispute/<int:dispute_id>")
    def dispute_page(self, token, dispute_id, done=None, **_other):
        """Show a dispute of the account."""
        access, ticket, refused = self._enter_dispute(token, dispute_id)
        return refused or self._show_ticket(access, ticket, {"done": self._done_words(access, done)})

    @answering("/dispute/<int:dispute_id>", max_content_length=DEFAULT_MAX_CONTENT_LENGTH)
    def dispute_reply(self, token, dispute_id, text=None, **_other):
        """Post what the contact answers, with files; a form with something wrong in it comes back as it was."""
        access, ticket, refused = self._enter_dispute(token, dispute_id, "answer", "dispute")
        if refused:
            return refused
        uploads = request.httprequest.files.getlist("files")
        text = text if isinstance(text, str) else ""
        try:
            with self._one_answer(access):
                portal_conversation.reply(access, ticket, text, uploads)
        except Refused as wrong:
            values = {"typed": text, "errors": wrong.errors, "files_were_sent": any(file.filename for file in uploads)}
            return self._show_ticket(access, ticket, values, 422)
        return self._redirect_done(access, "reply", "dispute", ticket.id)

    @reading("/dispute/<int:dispute_id>/file/<int:file_id>")
    def dispute_file(self, token, dispute_id, file_id, **_other):
        """Give a file of the conversation; it is always saved, never shown as a page of ours."""
        access, ticket, refused = self._enter_dispute(token, dispute_id)
        if refused:
            return refused
        file = portal_conversation.file_of(access, ticket, file_id)
        if not file:
            return self._not_here(access)
        return self._send(file.raw, file.mimetype, file.name)

    def _enter_dispute(self, token, dispute_id, kind="page", right=None):
        """Return (access, the ticket, None), or (None, None, the response that refuses)."""
        access, refused = self._enter(token, kind, right)
        if refused:
            return None, None, refused
        ticket = portal_conversation.ticket_of(access, dispute_id)
        if not ticket:
            return None, None, self._not_here(access)
        return access, ticket, None

    def _show_ticket(self, access, ticket, values, status=200):
        values = {
            "access": access,
            "ticket": ticket,
            "entry": portal_history.dispute_entry(access, ticket),
            "own_words": portal_conversation.own_words(access, ticket),
            "own_files": portal_conversation.own_files(access, ticket),
            "said": portal_conversation.messages(access, ticket),
            "most_files": MOST_FILES,
            "most_megabytes": MOST_MEGABYTES,
            "errors": {},
            **values,
        }
        return self._render("recobro_module.portal_dispute", values, status)
