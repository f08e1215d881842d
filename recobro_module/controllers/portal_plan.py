from odoo.exceptions import UserError
from odoo.http import request, route

from ..engine.plans import plan_agreement
from ..engine.plans.plan_letter import PlanLetter
from ..engine.portal import portal_account, portal_log
from ..engine.portal.portal_refusal import Refused
from .portal_base import CollectionsBase, answering, reading

#: What Odoo's signature calls its ways, in our words.
_KINDS = {"auto": "typed", "draw": "drawn", "load": "uploaded"}
#: What of a reason is kept.
_MOST_REASON = 2000


class PortalPlan(CollectionsBase):
    """A payment plan in the portal: read it, sign it or decline it, see how it goes, keep what was signed."""

    @reading("/plan/<int:plan_id>")
    def plan_page(self, token, plan_id, done=None, **_other):
        """Show a plan of the link's customer: the text to accept, or how far it is."""
        access, refused = self._enter(token)
        if refused:
            return refused
        plan = self._plan_of(access, plan_id)
        if not plan:
            return self._not_here(access)
        return self._show_plan(access, plan, done=done)

    @route(
        "/my/collections/<string:token>/plan/<int:plan_id>/accept",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
    )
    def plan_accept(self, token, plan_id, name="", signature="", kind="", text_hash="", **_other):
        """Take the signature that Odoo's component sends; return where to go, or what is wrong in words."""
        access, words = self._enter_call(token)
        if words:
            return {"error": words}
        env = access.env
        plan = self._plan_of(access, plan_id)
        if not plan:
            return {"error": env._("There is no such plan. Go back to your account to see what there is.")}
        if not self._may_accept(access, plan):
            return {"error": env._("Your role does not include accepting a plan. Ask us, or pass our message on.")}
        if plan.state == "proposed" and text_hash != plan.agreement_hash:
            return {"error": env._("The plan has been changed since you opened it. Load the page again to read it.")}
        try:
            with self._one_answer(access):
                plan_agreement.accept(plan, self._evidence(access, name, signature, kind), access.today)
        except (Refused, UserError) as error:
            return {"error": str(error)}
        return {"redirect_url": f"{access.path('plan', plan.id)}?done=plan_accepted"}

    @answering("/plan/<int:plan_id>/decline")
    def plan_decline(self, token, plan_id, reason="", **_other):
        """Decline a proposed plan, with the reason: the person who proposed it is told."""
        access, refused = self._enter(token, "answer")
        if refused:
            return refused
        plan = self._plan_of(access, plan_id)
        if not plan:
            return self._not_here(access)
        if not self._may_accept(access, plan):
            return self._not_allowed(access)
        reason = reason.replace("\x00", "").strip() if isinstance(reason, str) else ""
        try:
            with self._one_answer(access):
                if problem := self._cannot_decline(access, plan, reason):
                    raise Refused(form=problem)
                plan._decline(access.contact, reason)
        except Refused as wrong:
            return self._show_plan(access, plan, problem=str(wrong), reason=reason, status=422)
        return self._redirect_done(access, "plan_declined", "plan", plan.id)

    @reading("/plan/<int:plan_id>/agreement", readonly=False)
    def plan_agreement_file(self, token, plan_id, **_other):
        """Download what was signed, exactly as it is kept."""
        access, refused = self._enter(token, "download")
        if refused:
            return refused
        file = self._plan_of(access, plan_id).evidence_id
        if not file:
            return self._not_here(access)
        if self._is_customer():
            portal_log.downloaded(access, file.name)
        return self._send(file.raw, file.mimetype or "application/octet-stream", file.name)

    # -------------------------------------------------------------------------
    # WHAT THE PAGES ASK
    # -------------------------------------------------------------------------

    @staticmethod
    def _plan_of(access, plan_id):
        """Return a plan of the link's customer that the customer may see; empty for any other."""
        return access.env["recobro.payment.plan"].search(
            [
                ("id", "=", plan_id),
                ("partner_id", "=", access.partner.id),
                ("company_id", "=", access.company.id),
                "|",
                ("state", "not in", ("draft", "to_approve")),
                ("source", "=", "portal"),
            ]
        )

    @staticmethod
    def _may_accept(access, plan):
        """Return whether the contact may accept a plan: by a role, or because it was sent to them."""
        return access.may("accept_plan") or plan.contact_id == access.contact

    @staticmethod
    def _cannot_decline(access, plan, reason):
        if plan.state != "proposed":
            return plan_agreement.refusal(plan, access.today)
        if not reason:
            return access.env._("Tell us in a few words why, so that we can look for something that suits you better.")
        if len(reason) > _MOST_REASON:
            return access.env._("That is longer than we can keep: please use %(most)s characters.", most=_MOST_REASON)
        return ""

    @staticmethod
    def _evidence(access, name, signature, kind):
        asked, user = request.httprequest, request.env.user
        return plan_agreement.Evidence(
            name=name if isinstance(name, str) else "",
            contact=access.contact,
            kind=_KINDS.get(str(kind), "drawn"),
            signature=signature if isinstance(signature, str) else False,
            address=asked.remote_addr or "",
            browser=asked.user_agent.string or "",
            login="" if user._is_public() else user.login,
        )

    def _show_plan(self, access, plan, done=None, problem="", reason="", status=200):
        # What a colleague makes of a request is told once it is proposed
        is_asked = plan.state in ("draft", "to_approve")
        letter = portal_account.letter_of(access) if is_asked else PlanLetter(plan, access.contact)
        heading = access.env._("Your request %(plan)s", plan=plan.name) if is_asked else letter.title
        values = {
            "access": access,
            "plan": plan,
            "letter": letter,
            "heading": heading,
            "state_words": self._state_words(access, plan, letter),
            "sign_label": access.env._("Accept and sign"),
            "can_sign": not plan_agreement.refusal(plan, access.today) and self._may_accept(access, plan),
            "is_over": plan_agreement.refusal(plan, access.today) if plan.state == "proposed" else "",
            "done": self._done_words(access, done),
            "problem": problem,
            "reason": reason,
        }
        return self._render("recobro_module.portal_plan", values, status)

    @staticmethod
    def _state_words(access, plan, letter):
        """Return where a plan is, in plain words."""
        env = access.env
        if plan.state == "cancelled" and plan.valid_until and plan.ended_on > plan.valid_until:
            return plan_agreement.refusal(plan, access.today)
        following = plan.state == "active" and letter.next_instalment
        if following:
            return env._(
                "The plan is in force. Next: %(amount)s by %(date)s.",
                amount=letter.money(following.amount_left),
                date=letter.date(following.due_date),
            )
        words = {
            "draft": env._("We have your request and will answer it soon. Until then nothing changes."),
            "proposed": env._("We propose this plan to you. Please read it, and sign it if it suits you."),
            "active": env._("The plan is in force, and everything of it is paid."),
            "finished": env._("Everything is paid. Thank you for keeping the plan."),
            "broken": env._("The plan has ended because a payment did not come. Talk to us: we look for a way."),
            "cancelled": env._("This plan is not in force: it was declined, replaced or withdrawn."),
        }
        return words.get(plan.state, words["draft"])
