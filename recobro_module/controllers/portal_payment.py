from urllib.parse import urlencode

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.http import request, route

from odoo.addons.payment.controllers.portal import PaymentPortal

from ..engine.portal import portal_account, portal_begun, portal_paying
from ..engine.portal.portal_refusal import Refused
from .portal_base import CollectionsBase, reading

#: What Odoo's payment form sends besides what every transaction route takes; nothing of it is used.
_ALSO_SENT = ("access_token", "payment_reference")


class PortalPayment(CollectionsBase):
    """Paying in the portal: chosen invoices, an instalment, or everything, by Odoo's payment flow.

    Core's routes for several invoices need a login, and take the amount from the browser. Here the link is the
    authority, and amount, invoices and payer are worked out anew on the server each time
    (`engine/portal/portal_paying.py`).
    """

    @reading("/pay")
    def payment_page(self, token, currency="", **_other):
        """Show what is paid and by which means; where nothing can be paid online, the bank details."""
        access, refused = self._enter(token)
        if refused:
            return refused
        try:
            bill = portal_paying.bill_of(access, self._names(), currency)
        except Refused as refusal:
            return self._render("recobro_module.portal_pay_refused", {"access": access, "words": str(refusal)}, 422)
        values = {"access": access, "bill": bill}
        if begun := portal_begun.begun(access, bill, self._known_to_be_begun()):
            query = urlencode({"items": bill.names, "begun": begun.id})
            values["words"] = portal_begun.begun_words(access, begun)
            return self._render("recobro_module.portal_pay_begun", {**values, "go_on": f"{access.path('pay')}?{query}"})
        return self._render("recobro_module.portal_pay", {**values, **self._payment_values(access, bill)})

    @route(
        "/my/collections/<string:token>/transaction",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
        multilang=False,
    )
    def payment_start(self, token, amount=None, **kwargs):
        """Create the transaction of a bill, for Odoo's payment form, and return what the provider needs.

        :param amount: what the page has shown: refused unless it is what is open now.
        """
        access, words = self._enter_call(token)
        if words:
            raise ValidationError(words)
        try:
            with self._one_answer(access):
                # The lines are in the address of the route, which the page was given
                bill = portal_begun.begin(access, self._names(), self._known_to_be_begun())
                self._check_amount(access, bill, amount)
                PaymentPortal._validate_transaction_kwargs(kwargs, additional_allowed_keys=_ALSO_SENT)
                transaction = PaymentPortal()._create_transaction(**self._transaction_values(access, bill, kwargs))
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal
        transaction.landing_route = f"{access.path('paid', transaction.id)}?{urlencode({'items': bill.names})}"
        return transaction._get_processing_values()

    @reading("/paid/<int:transaction_id>")
    def payment_landing(self, token, transaction_id, **_other):
        """Say what became of a payment of the link's customer, where Odoo's payment flow brings them back to."""
        access, refused = self._enter(token)
        if refused:
            return refused
        transaction = access.env["payment.transaction"].search(
            [
                ("id", "=", transaction_id),
                ("partner_id.commercial_partner_id", "=", access.partner.id),
                ("company_id", "child_of", access.company.id),
                # Begun here: what they pay elsewhere is not told by this link
                ("landing_route", "=like", f"/my/collections/%/paid/{transaction_id}?%"),
            ]
        )
        if not transaction:
            return self._not_here(access)
        if transaction.state == "done":
            plan = self._plan_paid(access, transaction)
            return self._redirect_done(access, "paid", *(("plan", plan.id) if plan else ()))
        names = ",".join(self._names())
        may_try_again = names and transaction.state in ("cancel", "error")
        values = {
            "access": access,
            "transaction": transaction,
            "words": self._payment_words(access, transaction),
            "again": f"{access.path('pay')}?{urlencode({'items': names})}" if may_try_again else "",
        }
        return self._render("recobro_module.portal_paid", values)

    # -------------------------------------------------------------------------
    # WHAT THE PAGE NEEDS
    # -------------------------------------------------------------------------

    def _payment_values(self, access, bill):
        """Return what the page and Odoo's payment form need."""
        payer, is_known = self._payer_of(access)
        report = {}
        providers = portal_paying.providers_for(request.env, bill, payer, report)
        methods = portal_paying.methods_for(request.env, bill, payer, providers, report)
        # sudo: saved cards are those of the person who is logged in, and shown to nobody else
        tokens = request.env["payment.token"].sudo()
        if is_known and providers:
            tokens = tokens._get_available_tokens(providers.ids, payer.id)
        asked = {"items": bill.names, "begun": self._known_to_be_begun()}
        saving = PaymentPortal._compute_show_tokenize_input_mapping(providers) if is_known else {}
        return {
            "access": access,
            "bill": bill,
            "letter": portal_account.letter_of(access),
            "amount": bill.amount,
            "currency": bill.currency,
            "partner_id": payer.id,
            "providers_sudo": providers,
            "payment_methods_sudo": methods,
            "tokens_sudo": tokens,
            "availability_report": report,
            "show_tokenize_input_mapping": {provider.id: saving.get(provider.id, False) for provider in providers},
            "transaction_route": f"{access.path('transaction')}?{urlencode(asked)}",
            "landing_route": access.path(),
            "reference_prefix": bill.reference,
            "submit_button_label": access.env._("Pay %(amount)s", amount=bill.total),
        }

    @staticmethod
    def _payer_of(access):
        """Return (who pays, whether they are logged in): the link's contact, unless a colleague of theirs is logged in.

        Never somebody else: the money is booked for the company of who pays.
        """
        user = request.env.user
        if not user._is_public() and user.partner_id.commercial_partner_id == access.partner:
            return user.partner_id, True
        return access.contact, False

    # -------------------------------------------------------------------------
    # THE TRANSACTION
    # -------------------------------------------------------------------------

    @staticmethod
    def _known_to_be_begun():
        """Return the id of the last payment that the visitor was told they have begun, and goes on all the same; or 0.

        From the address: whatever is in it, it only decides whether they are told again.
        """
        text = request.httprequest.args.get("begun", "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0

    @staticmethod
    def _check_amount(access, bill, amount):
        """Refuse an amount that is not what is open now: paid meanwhile, or changed in the browser."""
        try:
            sent = float(amount)
            same = bill.currency.compare_amounts(sent, bill.amount) == 0
        except (TypeError, ValueError, OverflowError):
            same = False
        if not same:
            raise ValidationError(
                access.env._(
                    "What is open of this is %(amount)s. Load the page again to pay exactly that.", amount=bill.total
                )
            )

    def _transaction_values(self, access, bill, sent):
        """Return what Odoo makes the transaction of: of the browser's, only by which means it is paid."""
        payer, is_known = self._payer_of(access)
        providers = portal_paying.providers_for(request.env, bill, payer)
        methods = portal_paying.methods_for(request.env, bill, payer, providers)
        flow = sent.get("flow")
        refused = sent.get("provider_id") not in providers.ids or flow not in ("redirect", "direct", "token")
        if flow == "token":
            # sudo: only whether the saved card belongs to who is logged in
            tokens = request.env["payment.token"].sudo()._get_available_tokens(providers.ids, payer.id)
            refused = refused or not is_known or sent.get("token_id") not in tokens.ids
        else:
            allowed = methods | methods.brand_ids
            refused = refused or sent.get("payment_method_id") not in allowed.ids
        if refused:
            raise ValidationError(access.env._("This means of payment is not available. Choose another one."))
        return {
            "provider_id": sent["provider_id"],
            "payment_method_id": sent.get("payment_method_id"),
            "token_id": sent.get("token_id"),
            "amount": bill.amount,
            "currency_id": bill.currency.id,
            "partner_id": payer.id,
            "flow": flow,
            "tokenization_requested": is_known and bool(sent.get("tokenization_requested")),
            "landing_route": access.path(),
            "reference_prefix": bill.reference,
            "custom_create_values": {"invoice_ids": [Command.set(bill.moves.ids)]},
        }

    # -------------------------------------------------------------------------
    # AFTERWARDS
    # -------------------------------------------------------------------------

    @staticmethod
    def _plan_paid(access, transaction):
        """Return the plan that a payment was for, when its reference says so."""
        plans = access.env["recobro.payment.plan"].search(
            [
                ("partner_id", "=", access.partner.id),
                ("company_id", "=", access.company.id),
                ("line_ids.item_id.move_id", "in", transaction.invoice_ids.ids),
            ]
        )
        return plans.filtered(lambda plan: transaction.reference.startswith(plan.name))[:1]

    @staticmethod
    def _payment_words(access, transaction):
        """Return what became of a payment, in words."""
        env = access.env
        if transaction.state == "pending" and transaction.provider_code == "custom":
            return ""  # Odoo's own words: where to transfer the money to
        if transaction.state in ("pending", "authorized"):
            return env._("Your payment is being processed. We will have it soon: there is nothing more for you to do.")
        if transaction.state == "cancel":
            return env._("The payment was cancelled. Nothing was taken from you.")
        return env._("The payment did not go through. Nothing was taken from you: please try again, or another way.")
