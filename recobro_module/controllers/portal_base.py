from contextlib import contextmanager
from urllib.parse import urlencode

from odoo import http
from odoo.http import content_disposition, request

from ..engine.portal.portal_access import open_access
from ..engine.portal.portal_refusal import Refused
from . import portal_page
from .portal_page import go_to

#: What every route of the portal has in common. One without a `methods` is a mistake: see `reading` and `answering`.
_ROUTE = {"type": "http", "auth": "public", "website": True, "multilang": False, "sitemap": False}
#: What a form without files can be large, in bytes.
_MOST_FORM = 1024 * 1024
#: What each kind of request counts as, of `portal_limits.LIMITS`, for the contact of its link.
_COUNTED_AS = {"page": ["page"], "seen": [], "answer": ["page", "attempt"], "download": ["page", "download"]}


def reading(path, **options):
    """Return the decorator of a page that only reads: it is served by a replica where there is one."""
    return http.route(
        f"/my/collections/<string:token>{path}", **{**_ROUTE, "readonly": True, **options}, methods=["GET"]
    )


def answering(path, **options):
    """Return the decorator of a form's address; Odoo checks its CSRF token."""
    options = {**_ROUTE, "max_content_length": _MOST_FORM, **options}
    return http.route(f"/my/collections/<string:token>{path}", **options, methods=["POST"])


class CollectionsBase(http.Controller):
    """What the pages of an account have in common: the door, the language, the refusals, the headers.

    A page begins with `access, refused = self._enter(token)` and returns `refused` when there is one.
    """

    # -------------------------------------------------------------------------
    # THE DOOR
    # -------------------------------------------------------------------------

    def _enter(self, token, kind="page", right=None):
        """Return (access, None), or (None, the response that refuses): asked too often, a bad link, no such right.

        :param kind: "page", "seen", "download" or "answer": a colleague of ours answers nothing.
        :param right: what the contact's roles must give: "dispute", "promise" or "accept_plan".
        """
        if refused := self._too_many("address"):
            return None, refused
        access = self._open(token)
        if access is None:
            return None, self._too_many("guess") or self._refusal()
        for counted in _COUNTED_AS[kind]:
            if refused := self._too_many(counted, access):
                return None, refused
        if kind == "answer" and self._is_colleague():
            return None, self._not_for_colleagues(access)
        if right and not access.may(right):
            return None, self._not_allowed(access)
        return access, None

    def _enter_call(self, token):
        """Return (access, "") for a call of a page's script, or (access or None, why it is refused, in words)."""
        often = portal_page.too_often(request.env)
        if self._seconds_to_wait("address"):
            return None, often
        access = self._open(token)
        if access is None:
            words = request.env._("This link does not open anything any more. Ask us for a new one.")
            return None, often if self._seconds_to_wait("guess") else words
        if self._is_colleague():
            return access, self._colleague_words(access)
        return access, portal_page.too_often(access.env) if self._seconds_to_wait("attempt", access) else ""

    @contextmanager
    def _one_answer(self, access):
        """Refuse an answer too many of a contact before anything is done; one that is taken is counted.

        :raise Refused: in words; the form comes back with all that was typed.
        """
        if self._seconds_to_wait("answer", access, times=0):
            raise Refused(form=portal_page.too_often(access.env))
        yield
        self._seconds_to_wait("answer", access)

    def _open(self, token):
        """Return what a token opens (`portal_access.Access`) in its contact's language; None for a bad one."""
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
        return not request.env["ir.http"].is_a_bot() and not CollectionsBase._is_colleague()

    @staticmethod
    def _is_colleague():
        """Return whether who is logged in is one of us: they find the links of customers in messages, and may look."""
        return request.env.user._is_internal()

    @staticmethod
    def _texts(typed):
        """Return what a form says, without files that were sent in the place of texts."""
        return {name: text for name, text in typed.items() if isinstance(text, str)}

    # -------------------------------------------------------------------------
    # REFUSALS
    # -------------------------------------------------------------------------

    def _refusal(self, status=403):
        """Say, without saying anything else, that the link opens nothing and what to do."""
        return self._render("recobro_module.portal_link_refused", {}, status)

    def _not_here(self, access):
        """Say that what was asked for is not in the account the link opens, and lead back to it."""
        return self._render("recobro_module.portal_not_here", {"access": access}, 404)

    def _not_allowed(self, access):
        """Say that the contact's role does not include what was asked for, and whom to ask."""
        return self._render("recobro_module.portal_not_allowed", {"access": access}, 403)

    def _not_for_colleagues(self, access):
        """Say that who is logged in as a colleague may look, and no more."""
        values = {"access": access, "words": self._colleague_words(access)}
        return self._render("recobro_module.portal_not_for_colleagues", values, 403)

    @staticmethod
    def _colleague_words(access):
        return access.env._("You are logged in as a colleague: look around, but do not answer for the customer.")

    @staticmethod
    def _seconds_to_wait(kind, access=None, times=1):
        """Count a request of the contact, or of the network address without `access`: see `portal_limits`."""
        return portal_page.seconds_to_wait(kind, access and access.contact, times)

    def _too_many(self, kind, access=None):
        """Count a request; return the response that asks to come back later when there were too many, else None."""
        return portal_page.come_back(self._seconds_to_wait(kind, access), self._render)

    # -------------------------------------------------------------------------
    # ANSWERS
    # -------------------------------------------------------------------------

    @staticmethod
    def _render(template, values, status=200):
        """Return a page with the headers that all of them have."""
        access = values.get("access")
        company = {"res_company": access.company} if access else {}
        values = {"no_breadcrumbs": True, **company, **values}
        if access:
            # The contact's language is the account's: no switch that would change nothing
            values["no_language_selector"] = True
        return portal_page.page(template, values, status)

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
                *portal_page.HEADERS.items(),
            ],
        )

    @staticmethod
    def _redirect_done(access, code, *parts, **values):
        """Go to a page of the account that says what was done: a code of `_done_words`.

        A redirect after each form: loading the page again sends nothing twice.

        :param parts: of the page's address; the account itself without any.
        """
        return go_to(f"{access.path(*parts)}?{urlencode({'done': code, **values})}")

    @staticmethod
    def _done_words(access, code):
        """Return what a page says has been done, in the contact's language; nothing for a code that is none of ours."""
        env = access.env
        words = {
            "dispute": env._("Thank you: we have it. A person looks into it and answers you here."),
            "reply": env._("Thank you: your answer is with the person who works on it."),
            "promise": env._("Thank you: we have noted the day. Until then we do not ask for this amount."),
            "plan_asked": env._("Thank you: we have your request and will answer it soon. Until then nothing changes."),
            "paid": env._("Thank you. A payment that has reached us is taken off here."),
            "plan_accepted": env._("Thank you: the plan is agreed. You find it here, with its next payment."),
            "plan_declined": env._("Thank you for telling us. The plan is declined; we will be in touch."),
        }
        return words.get(code, "")
