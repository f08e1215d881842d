from odoo.addons.portal.controllers.portal import pager

from ..engine.placements import pack, proposals
from ..engine.placements.agency_log import log, speaking_to_owner
from ..engine.portal import agency_forms, agency_pages
from ..engine.portal.portal_refusal import Refused
from .agency_portal_base import AgencyBase, answering, reading
from .portal_base import CollectionsBase

#: Cases on one page of the list.
_PER_PAGE = 40
#: What is wrong with a form: the page comes back with what was typed.
_WRONG = 422


class AgencyPortal(AgencyBase):
    """The cases that are with an agency or a lawyer, as their people see them: read, log, ask, propose."""

    # -------------------------------------------------------------------------
    # PAGES
    # -------------------------------------------------------------------------

    @reading("")
    def placements(self, page="1", **_other):
        """Show the cases that are with the agencies of who is logged in, by company, and the last ones that ended."""
        access, _none, refused = self._agency_enter()
        if refused:
            return refused
        found = access.placements()
        number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
        paging = pager(url="/my/placements", total=len(found), page=number, step=_PER_PAGE)
        shown = found[paging["offset"] : paging["offset"] + _PER_PAGE]
        rows = agency_pages.rows(access, shown)
        values = {
            "agency": access,
            "groups": [
                (company, [row for row in rows if row.placement.company_id == company]) for company in shown.company_id
            ],
            "total": len(found),
            "ended": access.ended(),
            "pager": paging,
        }
        return self._agency_page("recobro_module.portal_agency_cases", values)

    @reading("/<int:placement_id>")
    def placement(self, placement_id, done=None, **_other):
        """Show one case."""
        access, placement, refused = self._agency_enter(placement_id)
        return refused or self._show_placement(access, placement, done=self._agency_done(done))

    @reading("/<int:placement_id>/documents", readonly=False)
    def placement_documents(self, placement_id, **_other):
        """Give the documents of a case as they are now, as one file; that it was fetched is in the log."""
        access, placement, refused = self._agency_enter(placement_id, "download")
        if refused:
            return refused
        name, content = pack.named(placement, access.today(placement))
        summary = speaking_to_owner(placement)._("Downloaded %(what)s", what=name)
        log(placement, access.user, channel="portal", result="downloaded", summary=summary, note=summary)
        return CollectionsBase._send(content, pack.CONTENT_TYPE, name)

    # -------------------------------------------------------------------------
    # FORMS
    # -------------------------------------------------------------------------

    @answering("/<int:placement_id>/log")
    def placement_log(self, placement_id, **typed):
        """Leave a contact in the log."""
        return self._take(placement_id, "log", "logged", typed, agency_forms.log_contact)

    @answering("/<int:placement_id>/question")
    def placement_question(self, placement_id, **typed):
        """Ask the company for instructions."""
        return self._take(placement_id, "question", "asked", typed, agency_forms.ask)

    @answering("/<int:placement_id>/proposal")
    def placement_proposal(self, placement_id, **typed):
        """Propose a promise, a plan or a settlement."""
        return self._take(placement_id, "proposal", "proposed", typed, agency_forms.propose)

    @answering("/<int:placement_id>/proposal/<int:proposal_id>/withdraw")
    def placement_withdraw(self, placement_id, proposal_id, **_typed):
        """Withdraw a proposal that nobody has decided on."""
        access, placement, refused = self._agency_enter(placement_id, "answer")
        if refused:
            return refused
        try:
            found = self._agency_answer(access, lambda: agency_forms.withdraw(access, placement, proposal_id))
        except Refused as wrong:
            return self._show_placement(access, placement, form="withdraw", errors=wrong.errors, status=_WRONG)
        return self._agency_go(placement, "withdrawn") if found else self._agency_not_here()

    def _take(self, placement_id, form, code, typed, take):
        """Take what a form sends; one with something wrong in it comes back as it was."""
        access, placement, refused = self._agency_enter(placement_id, "answer")
        if refused:
            return refused
        typed = CollectionsBase._texts(typed)
        try:
            self._agency_answer(access, lambda: take(access, placement, typed))
        except Refused as wrong:
            return self._show_placement(access, placement, form, typed, wrong.errors, _WRONG)
        return self._agency_go(placement, code)

    def _show_placement(self, access, placement, form="", typed=None, errors=None, status=200, done=""):
        """Return the page of a placement.

        :param form: the one that came back, with what was `typed` and the `errors`.
        """
        env, today = access.env, access.today(placement)
        askable = agency_pages.askable_by_currency(access, placement)
        values = {
            "agency": access,
            "placement": placement,
            "row": agency_pages.rows(access, placement)[0],
            "items": agency_pages.items(access, placement),
            "excluded": agency_pages.excluded(access, placement),
            "address": agency_pages.address(placement),
            "people": agency_pages.people(placement),
            "lines": agency_pages.log(access, placement),
            "waiting": proposals.waiting(placement),
            "proposal_words": {one.id: proposals.words(env, one) for one in placement.proposal_ids},
            "currencies": list(askable),
            "askable": agency_pages.in_words(placement, askable),
            "channels": agency_pages.channels(env),
            "results": agency_forms.results(env),
            "rhythms": env["recobro.placement.proposal"]._fields["rhythm"]._description_selection(env),
            "kinds": env["recobro.placement.proposal"]._fields["kind"]._description_selection(env),
            "most_words": agency_forms.MOST_WORDS,
            "most_step": agency_forms.MOST_STEP,
            "most_payments": agency_forms.MOST_PAYMENTS,
            "first_day": today,
            "last_day": agency_forms.last_day(access, placement),
            "form": form,
            "typed": typed or {},
            "errors": errors or {},
            "done": done,
        }
        return self._agency_page("recobro_module.portal_agency_case", values, status)
