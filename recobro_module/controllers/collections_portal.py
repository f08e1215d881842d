from odoo.http import request

from ..engine import portal_account
from .portal_base import CollectionsBase, reading


class CollectionsPortal(CollectionsBase):
    """The account of one customer, opened by the signed link of a message, without a login."""

    @reading("")
    def account(self, token, done=None, **_other):
        """Show what the customer of the link owes today, as the message showed it."""
        access, refused = self._enter(token)
        if refused:
            return refused
        values = {
            "access": access,
            "letter": portal_account.letter_of(access),
            "token": token,
            "can_pay": self._can_pay(access.company),
            "done": self._done_words(access, done),
        }
        return self._render("recobro_module.portal_account", values)

    @reading("/invoice/<int:move_id>", readonly=False)
    def invoice(self, token, move_id, pay=None, **_other):
        """Go to the portal page of one invoice of the link's customer, where it is seen and paid.

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
            return self._refusal(status=404)
        if pay:
            return request.redirect(move.get_portal_url(query_string="&payment=True", anchor="portal_pay"))
        return request.redirect(move.get_portal_url())

    @staticmethod
    def _can_pay(company):
        """Return whether the invoices' pages can take a payment: some provider of the company is switched on."""
        # sudo: providers are hidden from visitors; only their being there is told
        providers = request.env["payment.provider"].sudo()
        return bool(
            providers.search_count(
                [("company_id", "parent_of", company.id), ("state", "!=", "disabled"), ("is_published", "=", True)],
                limit=1,
            )
        )
