from odoo import http
from odoo.http import request

from ..engine import clock, link
from ..engine.letter import Letter
from ..engine.statement import statements

#: The address of the page is its key: kept out of search engines, caches and the referrers of other sites.
_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}


class CollectionsPortal(http.Controller):
    """The account of one customer, opened by the signed link of a message, without a login."""

    @http.route(
        "/my/collections/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
        readonly=True,
    )
    def account(self, token, **_other):
        """Show what the customer of the link owes today, as the message showed it."""
        opened = link.read_token(request.env, token)
        if opened is None:
            return self._refusal()
        company, partner, contact = opened
        self._speak_as(contact, partner)
        values = {
            "letter": self._letter(company, partner, contact),
            "token": token,
            "can_pay": self._can_pay(company),
            "res_company": company.with_env(request.env(su=True)),
            "no_breadcrumbs": True,
        }
        return self._render("recobro_module.portal_account", values)

    @http.route(
        "/my/collections/<string:token>/invoice/<int:move_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        multilang=False,
        sitemap=False,
    )
    def invoice(self, token, move_id, pay=None, **_other):
        """Go to the portal page of one invoice of the link's customer, where it is seen and paid.

        The invoice's own token is made here, at the customer's click, not in the daily run: making it writes.
        """
        opened = link.read_token(request.env, token)
        if opened is None:
            return self._refusal()
        company, partner, contact = opened
        self._speak_as(contact, partner)
        # sudo: a visitor has no rights; the search below is limited to the customer and company that were signed
        move = (
            request.env["account.move"]
            .sudo()
            .search(
                [
                    ("id", "=", move_id),
                    ("move_type", "=", "out_invoice"),
                    ("state", "=", "posted"),
                    ("commercial_partner_id", "=", partner.id),
                    ("company_id", "child_of", company.id),
                ]
            )
        )
        if not move:
            return self._refusal(status=404)
        if pay:
            return request.redirect(move.get_portal_url(query_string="&payment=True", anchor="portal_pay"))
        return request.redirect(move.get_portal_url())

    @staticmethod
    def _letter(company, partner, contact):
        """Return the account of `partner` in words for `contact`, from the same verdict as the message."""
        # sudo: a visitor has no rights; only the customer and the company that were signed are read
        env = request.env(su=True)
        as_of = clock.today(env, company)
        statement = statements(env, company, as_of, {partner.id: set()})[partner.id]
        case = env["recobro.case"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id), ("state", "=", "open")], limit=1
        )
        return Letter(env, statement, company, partner, contact, case.user_id)

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

    @staticmethod
    def _speak_as(contact, partner):
        """Use the language of the person the link was made for, where it is installed."""
        installed = {code for code, _name in request.env["res.lang"].get_installed()}
        lang = next((code for code in (contact.lang, partner.lang) if code in installed), None)
        if lang:
            request.update_context(lang=lang)

    def _refusal(self, status=403):
        """Say, without saying anything else, that the link opens nothing and what to do."""
        return self._render("recobro_module.portal_link_refused", {"no_breadcrumbs": True}, status)

    @staticmethod
    def _render(template, values, status=200):
        response = request.render(template, values, headers=_HEADERS)
        response.status_code = status
        return response
