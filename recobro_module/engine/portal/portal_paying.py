"""What a visitor of the portal can pay, and how much: worked out here each time, never taken from the browser.

Of an item that is what is open, less what is disputed, on its way by other means or in a payment plan, less money
received and not matched yet, which pays the oldest items first. What is promised or paused may be paid, of course. An
instalment of a plan is paid with the invoices of the plan: Odoo matches the money with the oldest of them first.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo.tools import format_amount, format_date, str2bool

from .. import verdicts
from . import portal_account, portal_discount
from .portal_refusal import Refused

#: Reasons of holds that keep an amount from being paid here: it is not owed for certain, or is paid another way.
_NOT_PAID_HERE = ("dispute", "payment_in_hand", "plan")
#: Lines of a payment: more would make no page and no matching.
_MOST_LINES = 200
_FEATURE = "account_payment.enable_portal_payment"


@dataclass(frozen=True)
class Entry:
    """One line of a bill, ready to show."""

    name: str
    due: str
    amount: str
    days_past_due: int = 0


@dataclass(frozen=True)
class Bill:
    """What is paid at once: in one currency, to one company, for invoices and instalments of one customer.

    :param names: its lines as addresses name them: `line_id`s with commas.
    :param credit: money received and not matched yet that pays a part of the entries.
    :param discount: for paying early, taken off the amount; its note says until which day.
    :param cheaper: sentences on invoices that would be cheaper if each was paid by itself.
    :param moves: invoices that the money is matched with, in sudo, oldest first.
    :param plan: `recobro.payment.plan` when all is of one plan; else empty.
    """

    names: str
    entries: tuple
    currency: object
    amount: float
    company: object
    moves: object
    plan: object
    reference: str
    credit: float = 0.0
    discount: float = 0.0
    discount_note: str = ""
    cheaper: tuple = ()

    @property
    def discount_words(self):
        """Return the discount that is taken off, as the reader's locale writes it; nothing when none is."""
        return "−" + format_amount(self.moves.env, self.discount, self.currency) if self.discount else ""

    @property
    def credit_words(self):
        """Return what is taken off its entries, as the reader's locale writes it; nothing when nothing is."""
        return "−" + format_amount(self.moves.env, self.credit, self.currency) if self.credit else ""

    @property
    def total(self):
        """Return its amount as the reader's locale writes it."""
        return format_amount(self.moves.env, self.amount, self.currency)

    @property
    def to_quote(self):
        """Return what to quote in a bank transfer: the number of the plan, or what the invoice asks for."""
        if self.plan:
            return self.plan.name
        is_one_invoice = len(self.moves) == 1 and self.reference == self.moves.name
        return (is_one_invoice and self.moves.payment_reference) or self.reference


# -------------------------------------------------------------------------
# THE BILL
# -------------------------------------------------------------------------


def bill_of(access, names, currency_name=""):
    """Return the `Bill` of the lines that a visitor has named; when none is, of all that is due, else of all.

    :param names: texts as they come from an address or a form: see `portal_account.named`.
    :param currency_name: the only currency to look at when no line is named.
    :raise Refused: with why these can't be paid, in words for the visitor.
    """
    env = access.env
    judged = _judged(access)
    if portal_account.is_given(names):
        wanted = portal_account.named(names)
        known = [row for line_id, row in judged.items() if line_id in wanted]
    else:
        known = _likely(env, judged.values(), currency_name)
    rows = [row for row in known if row["payable"] > 0]
    if not rows:
        raise Refused(form=_nothing_words(env, known))
    if len({row["currency_id"] for row in rows}) > 1:
        raise Refused(form=env._("A payment is in one currency: go back and pay each currency by itself."))
    if len(rows) > _MOST_LINES:
        raise Refused(form=env._("These are too many at once: pay the oldest ones first."))
    if words := _on_its_way(env, _moves_of(env, rows)):
        raise Refused(form=words)
    shown = [row for row in known if row["free"] > 0 and row["currency_id"] == rows[0]["currency_id"]]
    return _bill(access, rows, shown)


def _likely(env, rows, currency_name):
    """Return what is paid when nothing was chosen: all that is due, or all when nothing is."""
    ids = [row["currency_id"] for row in rows]
    currencies = env["res.currency"].browse(ids).filtered(lambda currency: currency.name == currency_name)
    rows = [row for row in rows if not currency_name or row["currency_id"] in currencies.ids]
    # What is set apart is not asked for: it is paid here by who chooses it
    asked = [row for row in rows if row["payable"] > 0 and row["chased_amount"] > 0]
    return [row for row in asked if row["days_past_due"] >= 0] or asked or rows


def _nothing_words(env, known):
    """Return why nothing of what was named can be paid.

    :param known: the verdicts on those that are open.
    """
    if known:
        return env._(
            "There is nothing to pay of this now: it is paid already, on its way, disputed, or part of a payment plan."
        )
    return env._("This is not open any more: it may have been paid already. Go back to see your account as it is now.")


def _bill(access, rows, shown):
    """Return the `Bill` of what is paid (`rows`), and shown as on the account: with what money received pays of it."""
    env = access.env
    [currency_id] = {row["currency_id"] for row in rows}
    currency = env["res.currency"].browse(currency_id)
    moves = _moves_of(env, rows)
    instalments = _instalments_of(env, rows)
    plans = instalments.plan_id
    companies = moves.company_id
    offer = portal_discount.offer(rows, moves, access.today)
    return Bill(
        names=",".join(str(row["line_id"]) for row in rows),
        entries=tuple(
            Entry(
                _name_of(env, row),
                format_date(env, row["due_date"]),
                format_amount(env, row["free"], currency),
                row["days_past_due"],
            )
            for row in shown
        ),
        currency=currency,
        amount=offer.enough if offer else currency.round(sum(row["payable"] for row in rows)),
        company=companies if len(companies) == 1 else access.company,
        moves=moves,
        plan=plans if len(plans) == 1 and len(instalments) == len(rows) else plans.browse(),
        reference=_reference(rows, instalments, plans),
        credit=currency.round(sum(row["free"] - row["payable"] for row in shown)),
        discount=offer.saved if offer else 0.0,
        discount_note=portal_discount.words(env, offer),
        cheaper=tuple(portal_discount.by_itself(env, rows, moves, access.today)),
    )


def _name_of(env, row):
    values = {"name": row["name"] or "", "number": row["instalment"], "count": row["instalment_count"]}
    if row["instalment_count"] > 1:
        return env._("%(name)s, instalment %(number)s of %(count)s", **values)
    return values["name"]


def _reference(rows, instalments, plans):
    """Return what names the payment to both sides, in a transfer too: the number of the plan, or of the invoice."""
    if len(plans) == 1 and len(instalments) == len(rows):
        return f"{plans.name}-{instalments.number}" if len(instalments) == 1 else plans.name
    names = list(dict.fromkeys(row["name"] for row in rows if row["name"]))
    return names[0] if len(names) == 1 else ", ".join(names[:10])


def _instalments_of(env, rows):
    return env["recobro.payment.plan.installment"].browse([-row["line_id"] for row in rows if row["line_id"] < 0])


def _moves_of(env, rows):
    """Return the invoices that the money for some lines is matched with, oldest first."""
    own = env["account.move"].browse([row["move_id"] for row in rows if row["line_id"] > 0 and row["move_id"]])
    planned = _instalments_of(env, rows).plan_id.line_ids.item_id.move_id.exists()
    invoices = (own | planned).filtered(
        lambda move: move.state == "posted" and move.move_type in ("out_invoice", "out_receipt")
    )
    return invoices.filtered(lambda move: move.currency_id.compare_amounts(move.amount_residual, 0) > 0).sorted(
        lambda move: (move.invoice_date_due or move.date, move.id)
    )


# -------------------------------------------------------------------------
# HOW MUCH
# -------------------------------------------------------------------------


def _judged(access):
    """Return {line_id: verdict} of all that is open, oldest first, each with what can be paid of it here.

    That is `free`, and `payable` less what money received and not matched yet pays of it.
    """
    rows = verdicts.judge(access.env, access.company, access.today, access.partner.ids)
    apart = _kept_apart(access)
    credit = max((float(row["credit"]) for row in rows), default=0.0)
    for row in rows:
        open_amount = float(row["open_amount"])
        is_out = row["no_followup"] or row["blocked"] or row["in_payment"] or open_amount <= 0
        free = 0.0 if is_out else max(0.0, open_amount - apart.get(row["item_id"], 0.0))
        free_company = float(row["open_company"]) * free / open_amount if free else 0.0
        covered = min(free_company, max(0.0, credit))
        credit -= covered
        left = free * (free_company - covered) / free_company if free_company else 0.0
        currency = access.env["res.currency"].browse(row["currency_id"])
        row["free"], row["payable"] = currency.round(free), currency.round(left)
    return {row["line_id"]: row for row in rows}


def _kept_apart(access):
    """Return {item id: what of it is not paid here}: disputed, on its way, in a plan in force. All of it: infinity."""
    day = access.today
    holds = access.env["recobro.hold"].search(
        [
            ("partner_id", "=", access.partner.id),
            ("company_id", "=", access.company.id),
            ("item_id", "!=", False),
            ("reason", "in", _NOT_PAID_HERE),
            ("date_from", "<=", day),
            "|",
            ("date_until", "=", False),
            ("date_until", ">=", day),
        ]
    )
    plans = access.env["recobro.payment.plan"].browse(
        holds.filtered(lambda hold: hold.reason == "plan").mapped("source_id")
    )
    # What a kept settlement forgives is not asked for any more
    in_force = plans.filtered(lambda plan: plan.state in ("active", "finished"))
    kept = defaultdict(float)
    for hold in holds:
        # Who would rather pay at once than accept a proposal may do so
        if hold.reason != "plan" or hold.source_id in in_force.ids:
            kept[hold.item_id.id] += hold.amount or float("inf")
    return kept


def _on_its_way(env, moves):
    """Return words when money for some invoices has been sent online and has not arrived in the books yet."""
    transactions = moves.transaction_ids.filtered(
        lambda one: (
            (one.state in ("pending", "authorized") and one.provider_code not in ("none", "custom"))
            or (one.state == "done" and not one.is_post_processed)
        )
    )
    if not transactions:
        return ""
    return env._(
        "A payment of %(amount)s is being processed. Wait until it is here before you pay more: look again in some "
        "minutes.",
        amount=format_amount(env, transactions[0].amount, transactions[0].currency_id),
    )


# -------------------------------------------------------------------------
# BY WHICH MEANS
# -------------------------------------------------------------------------


def providers_for(env, bill, payer, report=None):
    """Return the payment providers (in sudo) that can take a bill from a payer; none where paying online is off.

    :param env: of the visitor. An unpublished provider is shown to nobody, nor to a colleague who opens the link.
    :param report: dict that Odoo writes into why others can't.
    """
    # sudo: providers are hidden from visitors; those that are published for this company are shown to pay
    providers = env["payment.provider"].sudo()
    if not str2bool(env["ir.config_parameter"].sudo().get_param(_FEATURE) or "False", False):
        return providers
    found = providers._get_compatible_providers(
        bill.company.id, payer.id, bill.amount, currency_id=bill.currency.id, report=report
    )
    # Money that can't be booked must not be taken: of a customer who is of one branch alone, only the branch's own can
    owner = payer.commercial_partner_id.company_id
    return found.filtered(
        lambda provider: provider.is_published and (not owner or owner in provider.company_id.parent_ids)
    )


def methods_for(env, bill, payer, providers, report=None):
    """Return the payment methods (in sudo) of some providers that can take a bill."""
    # sudo: as the providers
    methods = env["payment.method"].sudo()
    if not providers:
        return methods
    return methods._get_compatible_payment_methods(providers.ids, payer.id, currency_id=bill.currency.id, report=report)
