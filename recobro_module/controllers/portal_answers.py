from odoo.http import DEFAULT_MAX_CONTENT_LENGTH, request

from ..engine.portal import portal_account, portal_disputing, portal_promising
from ..engine.portal.portal_files import MOST_FILES, MOST_MEGABYTES
from ..engine.portal.portal_refusal import Refused
from .portal_base import CollectionsBase, answering, go_to, reading

#: What is wrong with a form: the page comes back with what was typed.
_WRONG = 422


class PortalAnswers(CollectionsBase):
    """What a customer answers about their invoices: a dispute, a day they will pay, a wish for a payment plan."""

    # -------------------------------------------------------------------------
    # A DISPUTE
    # -------------------------------------------------------------------------

    @reading("/dispute")
    def dispute_form(self, token, **_other):
        """Show the form that disputes the chosen invoices."""
        access, refused = self._enter(token, right="dispute")
        if refused:
            return refused
        if not portal_account.is_given(self._names()):
            return go_to(f"{access.path()}?tick=1")
        return self._show_dispute(access, {}, {})

    @answering("/dispute", max_content_length=DEFAULT_MAX_CONTENT_LENGTH)
    def dispute_send(self, token, **typed):
        """Open the dispute; a form with something wrong in it comes back as it was."""
        access, refused = self._enter(token, "answer", right="dispute")
        if refused:
            return refused
        statement = portal_account.statement_of(access)
        typed, uploads = self._texts(typed), request.httprequest.files.getlist("files")
        try:
            with self._one_answer(access):
                ticket = portal_disputing.open_ticket(access, statement, self._names(), typed, uploads)
        except Refused as wrong:
            return self._show_dispute(access, typed, wrong.errors, _WRONG)
        return self._redirect_done(access, "dispute", "dispute", ticket.id)

    def _show_dispute(self, access, typed, errors, status=200):
        statement = portal_account.statement_of(access)
        rows, others = portal_disputing.disputable(access, statement, self._names())
        values = {
            "access": access,
            "letter": portal_account.letter_of(access, statement),
            "rows": rows,
            "others": others,
            "reasons": portal_disputing.reasons(access),
            "most_words": portal_disputing.MOST_WORDS,
            "most_files": MOST_FILES,
            "most_megabytes": MOST_MEGABYTES,
            "typed": typed,
            "errors": errors,
            "files_were_sent": any(upload.filename for upload in request.httprequest.files.getlist("files")),
        }
        return self._render("recobro_module.portal_dispute_form", values, status)

    # -------------------------------------------------------------------------
    # A PROMISE
    # -------------------------------------------------------------------------

    # Written: an invoice of this very day is met as an item here, so that it can be promised
    @reading("/promise", readonly=False)
    def promise_form(self, token, currency=None, **_other):
        """Show the form that promises a payment."""
        access, refused = self._enter(token, right="promise")
        if refused:
            return refused
        return self._show_promise(access, {"currency": currency}, {})

    @answering("/promise")
    def promise_send(self, token, **typed):
        """Take the promise; a form with something wrong in it comes back as it was."""
        access, refused = self._enter(token, "answer", right="promise")
        if refused:
            return refused
        typed = self._texts(typed)
        statement = portal_account.statement_of(access)
        offer = portal_promising.promise_offer(access, statement, self._names(), typed.get("currency"))
        try:
            with self._one_answer(access):
                portal_promising.promise(access, offer, typed)
        except Refused as wrong:
            return self._show_promise(access, typed, wrong.errors, _WRONG)
        return self._redirect_done(access, "promise")

    def _show_promise(self, access, typed, errors, status=200):
        statement = portal_account.statement_of(access)
        offer = portal_promising.promise_offer(access, statement, self._names(), typed.get("currency"))
        values = {
            **self._offer_values(access, statement, offer, typed, errors),
            "replaces": portal_promising.replaced_words(access, offer.items),
        }
        return self._render("recobro_module.portal_promise_form", values, status)

    # -------------------------------------------------------------------------
    # A PAYMENT PLAN
    # -------------------------------------------------------------------------

    @reading("/ask-plan", readonly=False)  # as the form of a promise
    def plan_form(self, token, **typed):
        """Show the form that asks for a payment plan, with the payments that it would have."""
        access, refused = self._enter(token, right="promise")
        if refused:
            return refused
        return self._show_plan_form(access, typed, {})

    @answering("/ask-plan")
    def plan_send(self, token, **typed):
        """Keep the request, or show its payments first; a form with something wrong in it comes back as it was."""
        is_preview = bool(typed.get("preview"))
        access, refused = self._enter(token, "page" if is_preview else "answer", right="promise")
        if refused:
            return refused
        typed = self._texts(typed)
        if is_preview:
            return self._show_plan_form(access, typed, {})
        statement = portal_account.statement_of(access)
        offer = portal_promising.plan_offer(access, statement, self._names(), typed.get("currency"))
        try:
            with self._one_answer(access):
                portal_promising.ask_for_plan(access, offer, typed)
        except Refused as wrong:
            return self._show_plan_form(access, typed, wrong.errors, _WRONG)
        return self._redirect_done(access, "plan_asked", "answers")

    def _show_plan_form(self, access, typed, errors, status=200):
        statement = portal_account.statement_of(access)
        offer = portal_promising.plan_offer(access, statement, self._names(), typed.get("currency"))
        most = portal_promising.most_instalments(access)
        wanted = {"count": typed.get("count") or str(min(3, most)), "day": typed.get("day") or str(offer.day)}
        wrong = {}
        terms = portal_promising.plan_terms(access, offer, wanted, wrong)
        values = {
            **self._offer_values(access, statement, offer, typed, errors or (wrong if "count" in typed else {})),
            "most_instalments": most,
            "wanted": wanted,
            "preview": portal_promising.plan_preview(access, terms) if terms else [],
        }
        return self._render("recobro_module.portal_plan_form", values, status)

    @staticmethod
    def _offer_values(access, statement, offer, typed, errors):
        """Return what the forms of a promise and of a plan have in common."""
        letter = portal_account.letter_of(access, statement)
        return {
            "access": access,
            "letter": letter,
            "offer": offer,
            "most": letter.amount(offer.most, offer.currency) if offer.currency else "",
            "most_words": portal_promising.MOST_WORDS,
            "typed": typed,
            "errors": errors,
        }
