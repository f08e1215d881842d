"""What an agency sees of a case that is with it, in words: what to collect and what not, whom to call, what was said.

Nothing is written here, and what we note for ourselves is not shown. The list is read for all cases at once.
"""

from dataclasses import dataclass, field

from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_date, format_datetime

from ...const import LOG_CHANNELS
from .. import clock
from ..placements.agency_mail import path_of
from ..plans import plan_terms

#: People of the customer that are shown, those with a role first.
_MOST_CONTACTS = 30
#: Lines of the log that are shown, the last ones.
_MOST_LINES = 100
#: What of our own log tells an agency nothing, or is not its business.
_NOT_SHOWN = ("queued", "cancelled", "failed", "visited", "downloaded")
#: Days left from which on its end is marked.
_SHORT = 14
#: Why something is not to be asked for, among the answers of customers.
_ANSWERED = ("dispute", "promise", "plan", "payment_in_hand")


@dataclass
class Row:
    """A case in the list of an agency."""

    placement: object
    path: str
    open: list
    late: str
    left: str
    is_short: bool
    last_contact: str = ""
    next_step: str = ""
    next_is_late: bool = False


@dataclass
class Item:
    """Something to collect, with what of it is not to be asked for now."""

    name: str
    due: str
    late: str
    handed_over: str
    paid: str
    open: str
    is_open: bool
    held: list = field(default_factory=list)


@dataclass
class Line:
    """A line of the log: of the agency, or of ours."""

    when: str
    author: str
    what: str
    contact: str
    said: str
    next_step: str
    is_theirs: bool


# -----------------------------------------------------------------------------
# THE LIST
# -----------------------------------------------------------------------------


def rows(access, placements):
    """Return a `Row` for each of some placements; the number of statements does not depend on how many there are."""
    last, coming = _last_lines(access.env, placements)
    return [_row(access, one, last.get(one.id), coming.get(one.id)) for one in placements]


def _row(access, placement, last, coming):
    env, today = access.env, access.today(placement)
    lines = placement.line_ids.filtered(_rest)
    left = (placement.until - today).days if placement.until else 0
    return Row(
        placement=placement,
        path=path_of(placement),
        open=open_words(placement),
        late=_late(env, max(((today - line.due_date).days for line in lines if line.due_date), default=0)),
        left=_left(env, left),
        is_short=left <= _SHORT,
        last_contact=_when(env, placement, last) if last else "",
        next_step=f"{format_date(env, coming[1])}: {coming[0]}" if coming else "",
        next_is_late=bool(coming) and coming[1] < today,
    )


def _late(env, days):
    """Return how late something is, in words; nothing of what is not."""
    if days <= 0:
        return ""
    return env._("1 day late") if days == 1 else env._("%(days)s days late", days=days)


def _left(env, days):
    """Return how long a case still is with an agency, in words."""
    if days < 1:
        return env._("Last day")
    return env._("1 day left") if days == 1 else env._("%(days)s days left", days=days)


def _last_lines(env, placements):
    """Return ({placement: moment of the last contact}, {placement: (what comes next, when)}) by their ids."""
    if not placements:
        return {}, {}
    rows_of = env.execute_query(
        SQL(
            """
            SELECT DISTINCT ON (placement_id) placement_id, date, next_step, next_date
              FROM recobro_interaction
             WHERE placement_id = ANY(%s) AND channel != 'portal'
             ORDER BY placement_id, date DESC, id DESC
            """,
            placements.ids,
        )
    )
    return (
        {placement: date for placement, date, _step, _day in rows_of},
        {placement: (step, day) for placement, _date, step, day in rows_of if step and day},
    )


def _rest(line):
    """Return what is still to come of a line, in its own currency."""
    if line.item_id.state != "open":
        return 0.0
    rest = min(line.amount - line.collected, line.item_id.amount_open)
    return line.currency_id.round(max(0.0, rest))


def rest_by_currency(placement):
    """Return {currency: what is still to come of a placement}, in the order of its items; settled ones are left out."""
    sums = {}
    for line in placement.line_ids:
        if rest := _rest(line):
            sums[line.currency_id] = sums.get(line.currency_id, 0.0) + rest
    return {currency: currency.round(amount) for currency, amount in sums.items()}


def askable_by_currency(access, placement):
    """Return {currency: what may be asked for now}: of what is still to come, without what is disputed or on its way.

    What is promised counts: who promised may agree on something else.
    """
    lines = placement.line_ids.filtered(_rest)
    free = plan_terms.free_parts(access.env, placement.company_id, access.today(placement), lines.item_id)
    sums = {}
    for line in lines:
        amount = min(_rest(line), free.get(line.item_id.id, 0.0))
        sums[line.currency_id] = sums.get(line.currency_id, 0.0) + amount
    return {currency: currency.round(amount) for currency, amount in sums.items() if not currency.is_zero(amount)}


def open_words(placement):
    """Return what is still to come of a placement, a text a currency."""
    return in_words(placement, rest_by_currency(placement))


def in_words(placement, amounts):
    """Return {currency: amount} as a text a currency; nothing is a zero in the currency of the placement."""
    amounts = amounts or {placement.currency_id: 0.0}
    return [format_amount(placement.env, amount, currency) for currency, amount in amounts.items()]


# -----------------------------------------------------------------------------
# ONE CASE
# -----------------------------------------------------------------------------


def items(access, placement):
    """Return an `Item` for each thing to collect, the oldest first, and what is settled after the rest."""
    env, today = access.env, access.today(placement)
    held = _held(access, placement)
    found = []
    for line in placement.line_ids.sorted(lambda line: (line.due_date or today, line.id)):
        rest = _rest(line)
        found.append(
            Item(
                name=line.item_id.name,
                due=format_date(env, line.due_date),
                late=_late(env, (today - line.due_date).days) if rest and line.due_date else "",
                handed_over=format_amount(env, line.amount, line.currency_id),
                paid=format_amount(env, line.collected, line.currency_id) if line.collected else "",
                open=format_amount(env, rest, line.currency_id),
                is_open=bool(rest),
                held=held.get(line.item_id.id, []) if rest else [],
            )
        )
    return sorted(found, key=lambda item: not item.is_open)


def excluded(access, placement):
    """Return (number, words) of what is in dispute and was not handed over: it is not to be asked for."""
    ours = placement.line_ids.item_id
    held = _held(access, placement, reasons=("dispute",))
    others = placement.env["recobro.item"].browse(held) - ours
    return [(item.name, words) for item in others.sorted("due_date") for words in held[item.id]]


def _held(access, placement, reasons=_ANSWERED):
    """Return {item id: [why what of it is not to be asked for now, in words]} of the customer's items."""
    env, today = access.env, access.today(placement)
    holds = env["recobro.hold"].search(
        Domain("partner_id", "=", placement.partner_id.id)
        & Domain("company_id", "=", placement.company_id.id)
        & Domain("item_id", "!=", False)
        & Domain("reason", "in", reasons)
        & Domain("date_from", "<=", today)
        & (Domain("date_until", "=", False) | Domain("date_until", ">=", today)),
        order="id",
    )
    found = {}
    for hold in holds:
        found.setdefault(hold.item_id.id, []).append(_hold_words(env, hold))
    return found


def _hold_words(env, hold):
    amount = format_amount(env, hold.amount or hold.item_id.amount_open, hold.item_id.currency_id)
    values = {"amount": amount, "day": format_date(env, hold.expected_date)}
    if hold.reason == "dispute":
        return env._("%(amount)s in dispute: do not ask for it", **values)
    if hold.reason == "promise":
        return env._("%(amount)s promised by %(day)s: do not ask for it before", **values)
    if hold.reason == "plan":
        return env._("%(amount)s in a payment plan: do not ask for it", **values)
    return env._("%(amount)s on its way to us: do not ask for it", **values)


def address(placement):
    """Return where the customer is, line by line."""
    lines = placement.partner_id._display_address(without_company=True).splitlines()
    return "\n".join(line.strip() for line in lines if line.strip())


def people(placement):
    """Return the people of the customer who can be reached, those with a role first."""
    partner = placement.partner_id
    found = partner.search(
        [
            ("commercial_partner_id", "=", partner.id),
            ("id", "!=", partner.id),
            ("type", "in", ("contact", "invoice", "other")),
            ("company_id", "in", (False, placement.company_id.id)),
        ],
        order="id",
        limit=10 * _MOST_CONTACTS,
    )
    known = found.filtered(lambda person: person.name and (person.recobro_role_ids or person.phone or person.email))
    return known.sorted(lambda person: not person.recobro_role_ids)[:_MOST_CONTACTS]


def log(access, placement):
    """Return the last `Line`s since the hand-over: theirs, and ours with the customer; no notes of the house."""
    since = clock.begin_of(placement.company_id, placement.placed_on)
    lines = access.env["recobro.interaction"].search(
        # What they asked and proposed is shown with its answers
        (Domain("placement_id", "=", placement.id) & Domain("channel", "!=", "portal"))
        | (
            # What another agency wrote on the same day is theirs
            Domain("placement_id", "=", False)
            & Domain("case_id", "=", placement.case_id.id)
            & Domain("date", ">=", since)
            & Domain("channel", "!=", "note")
            & Domain("result", "not in", _NOT_SHOWN)
        ),
        limit=_MOST_LINES,
    )
    channels, results = (dict(lines._fields[name]._description_selection(access.env)) for name in ("channel", "result"))
    return [_line(access, placement, line, channels, results) for line in lines]


def _line(access, placement, line, channels, results):
    env = access.env
    is_theirs = line.placement_id == placement
    said = line.note or (line.summary if line.summary != results.get(line.result) else "") or ""
    return Line(
        when=_when(env, placement, line.date),
        author=(line.agency_user_id.exists().name or "") if is_theirs else placement.company_id.name,
        what=f"{channels[line.channel]}: {results[line.result]}",
        contact=line.contact_id.exists().name or "",
        said=said,
        next_step=f"{format_date(env, line.next_date)}: {line.next_step}" if line.next_step else "",
        is_theirs=is_theirs,
    )


def _when(env, placement, moment):
    """Return a moment in words, in the time of the company whose case it is."""
    return format_datetime(env, moment, tz=clock.timezone_of(placement.company_id), dt_format="short")


def channels(env):
    """Return [(value, words)] of the channels that an agency may log."""
    words = dict(env["recobro.interaction"]._fields["channel"]._description_selection(env))
    return [(value, words[value]) for value, _label in LOG_CHANNELS if value not in ("portal", "note")]
