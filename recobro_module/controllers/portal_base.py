from urllib.parse import urlencode

from odoo import http
from odoo.http import content_disposition, request

from ..engine import portal_limits
from ..engine.portal_access import open_access

#: The address of a page is its key: kept out of search engines, caches and the referrers of other sites.
_HEADERS = {
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
}
#: What every route of the portal has in common. One without a `methods` is a mistake: see `reading` and `answering`.
_ROUTE = {"type": "http", "auth": "public", "website": True, "multilang": False, "sitemap": False}


def reading(path, **options):
    """Return the decorator of a page that only reads: it is served by a replica where there is one."""
    return http.route(
        f"/my/collections/<string:token>{path}", **{**_ROUTE, "readonly": True, **options}, methods=["GET"]
    )


def answering(path, **options):
    """Return the decorator of a form's address; Odoo checks its CSRF token."""
    return http.route(f"/my/collections/<string:token>{path}", **{**_ROUTE, **options}, methods=["POST"])


class CollectionsBase(http.Controller):
    """What the pages of an account have in common: the door, the language, the refusals, the headers.

    A page begins with `access, refused = self._enter(token)` and returns `refused` when there is one.
    """

    # -------------------------------------------------------------------------
    # THE DOOR
    # -------------------------------------------------------------------------

    def _enter(self, token, kind="page", right=None):
        """Return (access, None), or (None, the response that refuses): asked too often, a bad link, no such right.

        :param kind: of `portal_limits.LIMITS`.
        :param right: what the contact's roles must give: "dispute", "promise" or "accept_plan".
        """
        if refused := self._too_many(None, "page"):
            return None, refused
        access = self._open(token)
        if access is None:
            return None, self._refusal()
        if right and not access.may(right):
            return None, self._not_allowed(access)
        if kind != "page" and (refused := self._too_many(access, kind)):
            return None, refused
        return access, None

    def _open(self, token):
        """Return what a token opens (`engine.portal_access.Access`) in its contact's language; None for a bad one."""
        access = open_access(request.env, token)
        if access is None:
            return None
        lang = self._language_of(access)
        if lang:
            request.update_context(lang=lang)
            access = access.speaking(lang)
        return access

    @staticmethod
    def _language_of(access):
        """Return the language of the person the link was made for, where it is installed."""
        installed = {code for code, _name in request.env["res.lang"].get_installed()}
        return next((code for code in (access.contact.lang, access.partner.lang) if code in installed), None)

    @staticmethod
    def _names():
        """Return the lines that a visitor has chosen, as texts: `items` of the address or of the form, each or joined.

        Read from the request itself: Odoo gives a route only the first of several values.
        """
        asked = request.httprequest
        return [*asked.args.getlist("items"), *asked.form.getlist("items")]

    @staticmethod
    def _is_customer():
        """Return whether who looks is neither a robot nor a colleague who tries the customer's link."""
        return not request.env["ir.http"].is_a_bot() and not request.env.user._is_internal()

    # -------------------------------------------------------------------------
    # REFUSALS
    # -------------------------------------------------------------------------

    def _refusal(self, status=403):
        """Say, without saying anything else, that the link opens nothing and what to do."""
        return self._render("recobro_module.portal_link_refused", {}, status)

    def _not_allowed(self, access):
        """Say that the contact's role does not include what was asked for, and whom to ask."""
        return self._render("recobro_module.portal_not_allowed", {"access": access}, 403)

    def _too_many(self, access, kind="page"):
        """Count a request; return the response that asks to come back later when there were too many, else None.

        :param access: its contact is counted beside the address; None before the link is opened.
        """
        who = (request.httprequest.remote_addr, *([access.contact.id] if access else ()))
        seconds = portal_limits.seconds_to_wait(request.env, kind, *who)
        if not seconds:
            return None
        minutes = -(-seconds // 60)
        response = self._render("recobro_module.portal_too_many", {"seconds": seconds, "minutes": minutes}, 429)
        response.headers["Retry-After"] = str(seconds)
        return response

    # -------------------------------------------------------------------------
    # ANSWERS
    # -------------------------------------------------------------------------

    @staticmethod
    def _render(template, values, status=200):
        """Return a page with the headers that all of them have."""
        access = values.get("access")
        company = {"res_company": access.company} if access else {}
        response = request.render(template, {"no_breadcrumbs": True, **company, **values}, headers=_HEADERS)
        response.status_code = status
        return response

    @staticmethod
    def _send(content, content_type, name):
        """Return a file to save: whatever is in it, no browser shows it as a page of ours."""
        return request.make_response(
            content,
            [
                ("Content-Type", content_type),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Security-Policy", "sandbox; default-src 'none'"),
                *_HEADERS.items(),
            ],
        )

    @staticmethod
    def _redirect_done(access, code, *parts, **values):
        """Go to a page of the account that says what was done: a code of `_done_words`.

        A redirect after each form: loading the page again sends nothing twice.

        :param parts: of the page's address; the account itself without any.
        """
        response = request.redirect(f"{access.path(*parts)}?{urlencode({'done': code, **values})}")
        response.headers.update(_HEADERS)
        return response

    @staticmethod
    def _done_words(access, code):
        """Return what a page says has been done, in the contact's language; nothing for a code that is none of ours."""
        env = access.env
        words = {
            "dispute": env._("Thank you: we have it. A person looks into it and answers you here."),
            "reply": env._("Thank you: your answer is with the person who works on it."),
            "promise": env._("Thank you: we have noted the day. Until then we do not ask for this amount."),
            "plan_asked": env._("Thank you: we have your request and will answer it soon. Until then nothing changes."),
            "paid": env._("Thank you: we have your payment."),
            "plan_accepted": env._("Thank you: the plan is agreed. You find it here, with its next payment."),
            "plan_declined": env._("Thank you for telling us. The plan is declined; we will be in touch."),
        }
        return words.get(code, "")
