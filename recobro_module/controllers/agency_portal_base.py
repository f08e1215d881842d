from urllib.parse import urlencode

from odoo import http
from odoo.http import request

from ..engine.portal.agency_access import open_agency
from ..engine.portal.portal_refusal import Refused
from . import portal_page

_ROUTE = {"type": "http", "auth": "user", "website": True, "multilang": False, "sitemap": False}
#: What a form can be large, in bytes.
_MOST_FORM = 256 * 1024
#: What each kind of request counts as, of `portal_limits.LIMITS`, for the person who is logged in.
_COUNTED_AS = {"page": ["page"], "answer": ["page", "attempt"], "download": ["page", "download"]}
_HOME = "/my/placements"


def reading(path, **options):
    """Return the decorator of a page of the agency's portal that only reads."""
    return http.route(f"{_HOME}{path}", **{**_ROUTE, "readonly": True, **options}, methods=["GET"])


def answering(path):
    """Return the decorator of a form's address; Odoo checks its CSRF token."""
    return http.route(f"{_HOME}{path}", **{**_ROUTE, "max_content_length": _MOST_FORM}, methods=["POST"])


class AgencyBase(http.Controller):
    """What the pages of an agency have in common: the door, the refusals, the headers.

    A page begins with `access, placement, refused = self._agency_enter(id)` and returns `refused` when there is one.
    """

    # -------------------------------------------------------------------------
    # THE DOOR
    # -------------------------------------------------------------------------

    def _agency_enter(self, placement_id=None, kind="page"):
        """Return (access, placement, None), or (None, None, the response that refuses).

        :param placement_id: of the page; without one the placement is empty.
        :param kind: "page", "download" or "answer": what is answered keeps the case from being recalled meanwhile.
        """
        self._agency_speak()
        access = open_agency(request.env)
        refused = self._agency_often("address")
        if not refused and access is None:
            refused = self._agency_not_here()
        for counted in () if refused else _COUNTED_AS[kind]:
            refused = refused or self._agency_often(counted, access)
        if refused or placement_id is None:
            return access, None, refused
        placement = access.placement(placement_id, lock=kind == "answer")
        if not placement:
            return None, None, self._agency_often("guess") or self._agency_not_here()
        return access, placement, None

    @staticmethod
    def _agency_speak():
        """Speak the language of who is logged in; that of the browser, or of a page seen before, comes after it."""
        languages = request.env["res.lang"]
        lang = languages._get_frontend().get(request.env.user.lang)
        if lang:
            request.lang = lang
            request.update_context(lang=lang.code)

    def _agency_answer(self, access, answer):
        """Take an answer (a function) of a person, unless they sent too many; one that is taken is counted.

        :raise Refused: with what is wrong, field by field.
        """
        if self._agency_seconds("answer", access, times=0):
            raise Refused(form=portal_page.too_often(request.env))
        with request.env.cr.savepoint():
            taken = answer()
        self._agency_seconds("answer", access)
        return taken

    @staticmethod
    def _agency_seconds(kind, access=None, times=1):
        """Count a request of the person, as a customer's contact is counted, or of the network address."""
        return portal_page.seconds_to_wait(kind, access and access.contact, times)

    def _agency_often(self, kind, access=None):
        """Count a request; return the response that asks to come back later when there were too many, else None."""
        return portal_page.come_back(self._agency_seconds(kind, access), self._agency_page)

    # -------------------------------------------------------------------------
    # ANSWERS
    # -------------------------------------------------------------------------

    def _agency_not_here(self):
        """Say that there is no such case: the same page whether it never was, is another's, or was recalled."""
        return self._agency_page("recobro_module.portal_agency_not_here", {}, 404)

    @staticmethod
    def _agency_page(template, values, status=200):
        """Return a page with the headers that all of them have."""
        return portal_page.page(template, {"page_name": "placements", **values}, status)

    @staticmethod
    def _agency_go(placement, code):
        """Go to the page of a placement, which says what was done: loading it again sends nothing twice."""
        return portal_page.go_to(f"{_HOME}/{placement.id}?{urlencode({'done': code})}")

    @staticmethod
    def _agency_done(code):
        """Return what a page says has been done; nothing for a code that is none of ours."""
        env = request.env
        words = {
            "logged": env._("It is in the log."),
            "asked": env._("Sent: the answer comes by mail, and shows here."),
            "proposed": env._("Proposed. It counts once it is accepted: you read here what becomes of it."),
            "withdrawn": env._("Withdrawn."),
        }
        return words.get(code, "")
