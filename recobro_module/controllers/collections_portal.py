from odoo.http import request

from ..engine.portal import portal_account, portal_due, portal_history, portal_log
from .portal_base import CollectionsBase, answering, reading


class CollectionsPortal(CollectionsBase):
    """The account of one customer, opened by the signed link of a message, without a login."""

    @reading("")
    def account(self, token, done=None, tick=None, **_other):
        """Show what the customer of the link owes today, as the message showed it."""
        access, refused = self._enter(token)
        if refused:
            return refused
        history = portal_history.entries(access)
        statement = portal_account.statement_of(access)
        values = {
            "access": access,
            "letter": portal_account.letter_of(access, statement),
            "to_pay": portal_due.first_payments(access, statement),
            "history": history,
            "open_answers": [entry for entry in history if entry.is_open],
            "done": self._done_words(access, done),
            "must_tick": bool(tick),
        }
        return self._render("recobro_module.portal_account", values)

    @reading("/answers")
    def answers(self, token, done=None, **_other):
        """Show what became of the customer's disputes, promises and plans."""
        access, refused = self._enter(token)
        if refused:
            return refused
        values = {
            "access": access,
            "entries": portal_history.entries(access),
            "done": self._done_words(access, done),
        }
        return self._render("recobro_module.portal_answers", values)

    @answering("/seen")
    def seen(self, token, **_other):
        """Note a visit: asked by the page once somebody has really looked at it, so never by a scanner of mails."""
        access, refused = self._enter(token, "seen")
        if refused:
            return refused
        if self._is_customer():
            portal_log.visited(access)
        return request.make_response("", status=204)

    @reading("/invoice/<int:move_id>", readonly=False)
    def invoice(self, token, move_id, **_other):
        """Show one invoice of the link's customer: its PDF, how much of it is open, and the way to pay it.

        The invoice's own token is made here, at the customer's click, not in the daily run: making it writes.
        """
        access, refused = self._enter(token)
        if refused:
            return refused
        # Limited to the customer and company that were signed
        move = access.env["account.move"].search(
            [
                ("id", "=", move_id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("commercial_partner_id", "=", access.partner.id),
                ("company_id", "child_of", access.company.id),
            ]
        )
        if not move:
            return self._not_here(access)
        letter = portal_account.letter_of(access)
        values = {
            "access": access,
            "move": move,
            "letter": letter,
            "rows": [row for sheet in letter.sheets for row in (*sheet.rows, *sheet.apart) if row.move_id == move.id],
            "bill": portal_due.bill_of_invoice(access, move),
        }
        return self._render("recobro_module.portal_invoice", values)
